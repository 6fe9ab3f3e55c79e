"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A slow machine is no failure, and a failure must come back on the next machine too.
settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")

_NO_KERNELS = ("scheme", "society", "measure", "records", "conduct", "doors")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the engine, then what needs no kernels: one process compiles them while the other tests on."""
    rooms = {room: at for at, room in enumerate(("engine", *_NO_KERNELS))}
    items.sort(key=lambda item: rooms.get(item.path.parent.name, len(rooms)))
