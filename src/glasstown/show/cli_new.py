"""Files to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from ..errors import BadValue

__all__ = ["template", "write_new"]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def template(kind: str, name: str) -> str:
    """Return a small scheme or scenario, with every part explained, under a stable name."""
    text = (files("glasstown.show") / "templates" / f"new-{kind}.yaml").read_text(encoding="utf-8")
    return text.replace("my-city", name)


def write_new(kind: str, path: Path) -> None:
    """Write a scheme or a scenario to start from; never over a file that is there."""
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    if not _NAME.fullmatch(name) or len(name) > 48:
        raise BadValue(
            f'a {kind} cannot be named after "{path.name}"',
            "name the file with letters, digits and hyphens, such as my-city.yaml",
        )
    if path.suffix not in (".yaml", ".yml"):
        raise BadValue(f'"{path}" is not the name of a YAML file', f"write {path}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(kind, name))
    except FileExistsError:
        raise BadValue(f'"{path}" is there already', "choose another name; nothing was written") from None
