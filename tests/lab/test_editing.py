"""A scheme moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from glasstown.errors import BadValue, UnknownName
from glasstown.files import load_text
from glasstown.lab.checking import check_text
from glasstown.lab.editing import Move, moved, rewritten
from glasstown.lab.shelves import known, library_side
from glasstown.scheme.patch import PatchModel, apply_patch
from glasstown.scheme.types import SchemeModel

SCHEME = "rongcheng-2016"
EDITS: list[dict[str, Any]] = [
    {"rule": "red-light", "set": {"points": -20}},
    {"rule": "red-light", "set": {"term_months": 12}},
    {"drop": {"rule": "red-light"}},
    {"door": "loan", "set": {"refuse": {"score_below": 900}}},
    {"band": "A", "set": {"from": 940}},
    {"set": {"domains": {"social": {"weight": 50}}}},
    {"set": {"start": {"points": 900}}},
    {"drop": {"domain": "social"}},
]
ALSO = [{"drop": {"cap": "good-deeds"}}]
"""What has to go with a domain: a cap without rules does not hold."""


def lines(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def test_a_moved_rule_is_one_line() -> None:
    """Moving a rule changes the line of the value, and its status where the value no longer is its source's."""
    out = moved(Move(SCHEME, edits=[EDITS[0]], name="my-change", title="A red light: 20"))
    assert lines(out["diff"]) == [
        "-    points: -5",
        "+    points: -20",
        "-    status: reported",
        "+    status: assumed",
    ]
    assert out["patch"]["name"] == "my-change.yaml"
    assert "  - {rule: red-light, set: {points: -20}}" in out["patch"]["text"].splitlines()
    again = moved(Move(text=out["edited"]["text"], edits=[{"rule": "red-light", "set": {"points": -25}}]))
    assert lines(again["diff"]) == ["-    points: -20", "+    points: -25"]


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_the_file_says_what_the_patch_says(edit: dict[str, Any]) -> None:
    """The patch that edits make holds, and the scheme's file with them made has the same rules, doors and grades."""
    out = moved(Move(SCHEME, edits=[edit, *(ALSO if edit == EDITS[-1] else [])]))
    assert out["holds"], out["faults"]
    assert check_text(out["patch"]["text"]) == ("patch", [])
    base = library_side(SCHEME).model
    patched = apply_patch(base, load_text(out["patch"]["text"], PatchModel))
    written = load_text(out["edited"]["text"], SchemeModel).value
    bare = {"exclude": {"scheme", "references"}}

    def told(model: SchemeModel) -> Any:
        data = model.model_dump(**bare)  # type: ignore[arg-type]
        for section in data.values():
            for part in section.values() if isinstance(section, dict) else ():
                for key in ("source", "note", "article") if isinstance(part, dict) else ():
                    part.pop(key, None)
        for key in ("source", "note", "article"):
            data["start"].pop(key, None)
        return data

    assert told(patched) == told(written)


@pytest.mark.parametrize("name", known("scheme"))
def test_a_file_comes_back_as_it_was(name: str) -> None:
    """Every scheme of the library, read and written without a change, is the same text."""
    text = library_side(name).files[0].text
    assert rewritten(text, ()) == text


def test_what_does_not_hold_has_its_place() -> None:
    """An edit that does not hold says which, where, and what was probably meant; nothing is made of it."""
    out = moved(Move(SCHEME, edits=[{"rule": "red-light", "set": {"ponts": -20}}]))
    assert not out["holds"]
    assert out["patch"] is out["edited"] is None
    assert out["faults"][0].path == "change[0].set.ponts"
    assert "points" in out["faults"][0].hint
    with pytest.raises(UnknownName, match="rongchen"):
        moved(Move("rongchen-2016", edits=[EDITS[0]]))
    with pytest.raises(BadValue, match="edits"):
        moved(Move(SCHEME, edits=[]))


HOSTILE = {
    "deep": "scheme: x\n" + "a: " + "[" * 200 + "]" * 200,
    "aliases": "scheme: x\na: &a [1]\nb: *a\n",
    "numbers": "scheme: x\nceiling: 1e999999999\n",
    "digits": "scheme: x\nceiling: " + "9" * 5000 + "\n",
    "long": "scheme: x\nabout: " + "x" * 900_000 + "\n",
    "tags": "scheme: !!python/object/apply:os.system [ls]\n",
    "zeros": "scheme: x\0\n",
    "empty": "",
    "not ours": "name: someone\n",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_texts_are_faults(name: str) -> None:
    """What a person would not write is refused with a fault, whatever it is."""
    _, faults = check_text(HOSTILE[name])
    assert faults
    out = moved(Move(text=HOSTILE[name] or "\n", edits=[EDITS[0]]))
    assert not out["holds"]
    assert out["faults"]


def _hold_as_texts(kind: str, names: Sequence[str]) -> None:
    from glasstown.engine import shelf

    for name in names:
        text = Path(shelf.find(kind, name)).read_text(encoding="utf-8")
        assert check_text(text) == (kind, [])
        assert check_text(text + "\nponts: 1\n")[1]


KINDS = ("scheme", "patch", "conduct", "sources", "doors", "society")


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_every_kind_are_checked(kind: str) -> None:
    """A file of each kind holds as a text, and is known for what it is; one mistake in it is found."""
    _hold_as_texts(kind, known(kind)[:1])


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_the_whole_library_are_checked(kind: str) -> None:
    """The same for every file of the library."""
    _hold_as_texts(kind, known(kind))
