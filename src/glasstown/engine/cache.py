"""Where compiled kernels are kept: a folder named by what they were compiled from.

Numba's cache does not notice a change in another file than the cached function's own, and cannot write beside a
read-only installation. Both end when the folder's name is a digest of every kernel's source.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["compiler", "digest", "is_warm", "prepare"]

_SOURCES = ("draws.py", "draws_compiled.py", "engine")


def digest(package: Path) -> str:
    """Return the name of the folder for the kernels of one copy of the package."""
    seen = hashlib.blake2s(f"{version('numba')}|{sys.version}".encode())
    for name in _SOURCES:
        place = package / name
        for file in [place] if place.is_file() else sorted(place.glob("*.py")):
            seen.update(file.name.encode() + file.read_bytes())
    return seen.hexdigest()[:20]


def _folder() -> Path:
    from platformdirs import user_cache_path

    base = os.environ.get("GLASSTOWN_CACHE")
    package = Path(__file__).resolve().parent.parent
    return (Path(base) if base else user_cache_path("glasstown")) / "kernels" / digest(package)


def prepare() -> Path:
    """Point Numba at the folder; to be called before Numba is first imported.

    Falls back on a temporary folder where the cache folder cannot be written.
    """
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"glasstown-kernels-{os.getuid() if hasattr(os, 'getuid') else 0}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(folder)
    return folder


def compiler() -> Any:
    """Return Numba, pointed at the folder."""
    prepare()
    import numba

    return numba


def is_warm() -> bool:
    """Return whether kernels compiled from these sources are already there."""
    folder = _folder()
    return folder.is_dir() and any(folder.rglob("*live_cells*.nbc"))
