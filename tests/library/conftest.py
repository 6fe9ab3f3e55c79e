"""The library's files are read once for all tests of this folder: what is read never changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from glasstown import files
from glasstown.engine import scenario


@pytest.fixture(autouse=True, scope="session")
def _read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenario, "load", cache(files.load))
        yield
