"""Which run folders the page may open: those in one folder, and the one that was named when the server started."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ...errors import GlasstownError, UnknownName
from ...lab.folder import RunReader

__all__ = ["Runs"]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
MOST_LISTED = 200


class Runs:
    """Run folders by name.

    Parameters
    ----------
    base : folder of run folders; need not exist.
    opened : a run folder from elsewhere, or one of them.
    """

    def __init__(self, base: Path, opened: Path | None = None) -> None:
        self.base = base.resolve()
        self.opened = opened.resolve() if opened else None

    def folders(self) -> dict[str, Path]:
        """Return the folders, the newest first; no link leads out of the base."""
        found = {}
        if self.base.is_dir():
            for folder in self.base.iterdir():
                if NAME.fullmatch(folder.name) and not folder.is_symlink() and (folder / "manifest.json").is_file():
                    found[folder.name] = folder
        if self.opened is not None:
            found[self.opened.name] = self.opened
        return dict(sorted(found.items(), key=lambda pair: -_age(pair[1])))

    def find(self, name: str) -> Path:
        """Return one folder.

        Raises
        ------
        UnknownName
            Where there is none of that name.
        """
        folders = self.folders()
        if name not in folders:
            raise UnknownName("run", name, folders)
        return folders[name]

    def listed(self) -> list[dict[str, Any]]:
        """Return what each run is; what cannot be opened says why."""
        return [self._told(name, folder) for name, folder in list(self.folders().items())[:MOST_LISTED]]

    def _told(self, name: str, folder: Path) -> dict[str, Any]:
        out: dict[str, Any] = {
            "run": name, "title": name, "status": "torn", "citizens": 0, "years": 0, "seed": 0, "worlds": [],
            "began": "", "opened": folder == self.opened, "why": "",
        }  # fmt: skip
        try:
            told = RunReader(folder, unfinished=True).manifest
        except (GlasstownError, OSError, json.JSONDecodeError) as error:
            return out | {"why": getattr(error, "message", str(error))}
        sides = [side for side in told["sides"] if isinstance(side, dict)]
        return out | {
            "title": str(told.get("title") or told.get("scenario") or name),
            "status": str(told["status"]),
            "citizens": int(told["citizens"]),
            "years": told["years"],
            "seed": int(told["seed"]),
            "worlds": [str(side.get("title") or side.get("scheme") or side.get("name")) for side in sides],
            "began": str(told.get("began", "")),
        }


def _age(folder: Path) -> int:
    try:
        return (folder / "manifest.json").stat().st_mtime_ns
    except OSError:
        return 0
