"""A scheme moved by hand: edits become a patch, and the scheme's own file changes in these lines alone."""

from __future__ import annotations

import difflib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..engine.scenario import SideScheme
from ..errors import BadValue, Fault, FileFaults
from ..files import Loaded, load_text, show_path
from ..scheme.checks import check_file, check_scheme
from ..scheme.patch import SECTIONS, Change, PatchModel, apply_patch
from ..scheme.types import SchemeModel
from .citing import cite_library
from .rulebook import rulebook
from .shelves import library_side

if TYPE_CHECKING:
    from ..engine.scenario import Parts

__all__ = ["Move", "edited", "moved", "side_of_text"]

MOST_EDITS = 200
WIDE = 100_000
"""Columns of a line: lines stay as long as they were written."""


@dataclass(frozen=True)
class Move:
    """What is to be changed: edits of a scheme of the library, or of a scheme's text.

    Attributes
    ----------
    edits : changes as a patch's file has them.
    """

    scheme: str = ""
    text: str | None = None
    edits: Sequence[Mapping[str, Any]] = ()
    name: str = "my-change"
    title: str = ""


def moved(move: Move) -> dict[str, Any]:
    """Return the patch that the edits make, the scheme's file with them made, the difference, and the rules."""
    nothing = dict.fromkeys(("patch", "edited", "diff", "scheme"))
    out: dict[str, Any] = {"holds": False, "faults": [], **nothing, "cite": cite_library()}
    try:
        base = _base(move)
        patch = patch_of(base.model, move)
        changed = apply_patch(base.model, patch)
    except FileFaults as error:
        return out | {"faults": list(error.faults)}
    before = base.files[0].text if len(base.files) == 1 else ""
    after = rewritten(before, patch.value.change) if before else ""
    name = f"{base.model.scheme}-{move.name}"
    diff = _difference(before.splitlines(), after.splitlines(), base.model.scheme, name)
    return out | {
        "holds": True,
        "patch": {"name": f"{move.name}.yaml", "text": patch.text},
        "edited": {"name": f"{name}.yaml", "text": after} if after else None,
        "diff": diff,
        "scheme": rulebook(changed),
    }


def _difference(before: Sequence[str], after: Sequence[str], old: str, new: str) -> str:
    """Return the lines that differ and no others, as a unified diff; the standard one overlooks frequent lines."""
    out = [f"--- {old}", f"+++ {new}"]
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            out.append(f"@@ -{a + (b > a)},{b - a} +{c + (d > c)},{d - c} @@")
            out += [*(f"-{line}" for line in before[a:b]), *(f"+{line}" for line in after[c:d])]
    return "\n".join(out) + "\n"


def _base(move: Move) -> SideScheme:
    if move.text is not None:
        loaded = load_text(move.text, SchemeModel, file="scheme.yaml")
        loaded.check(check_file(loaded))
        return SideScheme(loaded.value.scheme, loaded.value.title, loaded.value, (loaded,))
    return library_side(move.scheme)


def patch_of(model: SchemeModel, move: Move) -> Loaded[PatchModel]:
    """Return the edits as a patch's file.

    Raises
    ------
    FileFaults
        Where an edit is none; its place is in the path, such as ``change[0].set``.
    BadValue
        Where there are none, or too many.
    """
    if not 1 <= len(move.edits) <= MOST_EDITS:
        raise BadValue(f"a change has 1 to {MOST_EDITS} edits, not {len(move.edits)}")
    return load_text(_patch_text(model, move), PatchModel, file="patch.yaml")


def _patch_text(model: SchemeModel, move: Move) -> str:
    head = {"patch": move.name, "title": move.title or "Moved by hand", "of": model.scheme}
    return _dumped({**head, "change": [_flow(dict(edit)) for edit in move.edits]})


def _yaml() -> Any:
    from ruamel.yaml import YAML

    out = YAML(typ="rt", pure=True)
    out.preserve_quotes = True
    out.width = WIDE
    out.indent(mapping=2, sequence=4, offset=2)
    return out


def _dumped(data: Any) -> str:
    stream = io.StringIO()
    _yaml().dump(data, stream)
    return stream.getvalue()


def _flow(value: Any) -> Any:
    """Return plain data that is written on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, Mapping):
        out = CommentedMap((str(key), _flow(inner)) for key, inner in value.items())
        out.fa.set_flow_style()
        return out
    if isinstance(value, list | tuple):
        row = CommentedSeq(_flow(inner) for inner in value)
        row.fa.set_flow_style()
        return row
    return value


def rewritten(text: str, changes: Sequence[Change]) -> str:
    """Return a scheme's text with changes made; every other line stays as it was written.

    A part whose value no longer is what its source says becomes *assumed*, unless the change says otherwise.
    """
    data = _yaml().load(text)
    for change in changes:
        if change.drop is not None:
            _drop(data, *change.drop.target)
        elif change.add is not None:
            for section, things in change.add.items():
                for name, thing in things.items():
                    data.setdefault(section, {})[name] = _flow(thing)
        elif change.set_ is not None and change.target is not None:
            what, name = change.target
            _set(data[SECTIONS[what]][name], change.set_)
        elif change.set_ is not None:
            _set_whole(data, change.set_)
    return _dumped(data)


def _drop(data: Any, what: str, name: str) -> None:
    if what != "domain":
        del data[SECTIONS[what]][name]
        return
    data.setdefault("domains", {})[name] = _flow({"weight": 0})
    for rule in [rule for rule, told in data.get("rules", {}).items() if told["domain"] == name]:
        del data["rules"][rule]


def _set(part: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        part[key] = _flow(value)
    if "status" not in values:
        part["status"] = "assumed"


def _set_whole(data: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if key == "start":
            _set(data["start"], value)
        elif key == "domains":
            for domain, told in value.items():
                here = data.setdefault("domains", {}).setdefault(domain, _flow({}))
                here.update(told)
        else:
            data[key] = _flow(value)


def edited(parts: Parts, base: SideScheme, move: Move) -> SideScheme:
    """Return a scheme with edits made, held against the scenario that it is to be lived in.

    Raises
    ------
    FileFaults
        Where it does not hold.
    """
    patch = patch_of(base.model, move)
    model = apply_patch(base.model, patch)
    names, clock, coverage = _scenery(parts)
    before = set(check_scheme(base.model, names, clock, coverage))
    new = [trouble for trouble in check_scheme(model, names, clock, coverage) if trouble not in before]
    if new:
        file = "patch.yaml"
        raise FileFaults(file, [Fault(message, show_path(place), hint=hint, file=file) for place, message, hint in new])
    return SideScheme(model.scheme, f"{base.title}: {patch.value.title}", model, (patch, *base.files))


def side_of_text(parts: Parts, text: str) -> SideScheme:
    """Return a scheme that was written just now, held against the scenario that it is to be lived in."""
    loaded = load_text(text, SchemeModel, file="scheme.yaml")
    loaded.check(check_file(loaded, *_scenery(parts)))
    return SideScheme(loaded.value.scheme, loaded.value.title, loaded.value, (loaded,))


def _scenery(parts: Parts) -> tuple[Any, Any, dict[str, tuple[str, ...]]]:
    coverage = {name: tuple(keeper.records) for name, keeper in parts.sources.value.keepers.items()}
    return parts.names(), parts.scenario.clock(), coverage
