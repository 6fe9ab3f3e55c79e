"""What a scenario changes in the files that it names: merged into them, with the scenario's places kept for faults.

The merge is that of RFC 7396: what is there is set, what is not is added, and null takes away. A cited value that is
changed without saying what it now stands on becomes *assumed*, as under a patch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, Field, JsonValue

from ..cited import FileModel
from ..errors import Fault, FileFaults, did_you_mean
from ..files import Loaded, Place, validate
from ..quantities import Trouble
from ..yaml_tree import Node, as_text, as_tree

__all__ = ["Changes", "merged"]

M = TypeVar("M", bound=BaseModel)
Part = dict[str, JsonValue]
_STANDS_ON = ("status", "source", "note", "article")


class Changes(FileModel):
    """What a scenario changes in the files that it names, each part in the form of its file; null takes away."""

    conduct: Part = Field(default_factory=dict, description="Acts, responses, ...")
    sources: Part = Field(default_factory=dict, description="Keepers, and what they write down.")
    doors: Part = Field(default_factory=dict, description="Requests.")
    scheme: Part = Field(default_factory=dict, description="Rules, lists, doors, ...; of the scheme, not of its pair.")


@dataclass(frozen=True)
class Overlaid(Loaded[M]):
    """A file with changes that stand in another.

    Attributes
    ----------
    over, under : the file of the changes, and the place in it below which they stand.
    base : the changed file's own lines.
    """

    over: Loaded[Any]
    under: Place
    base: Loaded[M]

    def place(self, path: Place) -> tuple[int, int]:
        """Return line and column of what stands at `path`, in the file in which it was written last."""
        return self.over.place((*self.under, *path)) if self._is_changed(path) else self.base.place(path)

    def fault(self, path: Place, message: str, hint: str = "") -> Fault:
        """Return a fault where the value was written last: among the changes, or in the file itself."""
        if self._is_changed(path):
            return self.over.fault((*self.under, *path), message, hint)
        return self.base.fault(path, message, hint)

    def _is_changed(self, path: Place) -> bool:
        there = _depth(self.over.tree, (*self.under, *path)) - len(self.under)
        return there > 0 and there >= _depth(self.base.tree, path)

    def check(self, faults: Iterable[Fault]) -> None:
        """Raise :class:`FileFaults` if there is any fault, those among the changes first."""
        found = list(faults)
        self.over.check(one for one in found if one.file == self.over.file)
        self.base.check(found)


def _depth(tree: Node, path: Place) -> int:
    node: Node | None = tree
    for at, part in enumerate(path):
        node = node.child(part) if node is not None else None
        if node is None:
            return at
    return len(path)


def merged(base: Loaded[M], part: str, over: Loaded[Any], model: M | None = None, **named: str) -> Loaded[M]:
    """Return a file with a scenario's changes of one part made.

    Parameters
    ----------
    over : the scenario's file.
    model : what is changed, where it is not what the file says alone (a patched scheme).
    named : values that are set besides, such as another name.

    Raises
    ------
    FileFaults
        Where a change cannot be made, or what comes of it is no file of this kind.
    """
    value = base.value if model is None else model
    parts = deepcopy(value.model_dump(by_alias=True, exclude_unset=True, mode="json"))
    troubles: list[Trouble] = []
    _merge(parts, getattr(over.value.changes, part), (), over.value.scenario, troubles)
    parts.update(named)
    changed, wrong = validate(parts, type(value))
    troubles += [(tuple(str(one) for one in place), message, hint) for place, message, hint in wrong]
    text = as_text(parts)
    lines, tree = tuple(text.split("\n")), as_tree(parts)
    out = Overlaid(changed or value, text, lines, base.file, tree, over, ("changes", part), base)
    out.check(out.fault(*trouble) for trouble in troubles)
    if changed is None:  # faults that stand nowhere
        raise FileFaults(base.file, [Fault("the changes do not hold", file=base.file)])
    return out


def _merge(into: dict[str, Any], more: Mapping[str, Any], at: Place, who: str, troubles: list[Trouble]) -> None:
    if at and "status" in into and "status" not in more and set(more) - set(_STANDS_ON):
        for key in _STANDS_ON:
            into.pop(key, None)
        into.update(status="assumed", note=f"Set by the scenario {who}.")
    for key, value in more.items():
        here = (*at, key)
        if value is None:
            if key not in into:
                place = tuple(str(one) for one in here)
                troubles.append((place, f'there is no "{key}" to take away', did_you_mean(key, into)))
            into.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value, here, who, troubles)
        else:
            into[key] = deepcopy(value)
