"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# A slow machine is no failure, and a failure must come back on the next machine too.
settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")
