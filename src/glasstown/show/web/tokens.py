"""Words that nobody can guess: names of live runs, and nonces of the content policy. They decide nothing in a model."""

from __future__ import annotations

import secrets

__all__ = ["token"]


def token() -> str:
    """Return a word of 22 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(16)
