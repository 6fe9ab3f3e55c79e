"""Titles in another language: each of the library has one, none is left of what is gone, and a user's own stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from glasstown.lab.titles import LANGUAGES, LEVELS, catalogue, level, titled
from glasstown.measure.lines import LINES, class_lines
from house import PACKAGE

FILES = sorted((PACKAGE / "library").rglob("*.yaml"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LETTERS = re.compile(r"[A-D]{1,3}")
"""Grades that are called by letters are called so everywhere."""
BUILT = {"subjects", "lines", "units", "life", "telling", "faults", "charts"}
"""Kinds of words that Python puts together, not files."""
EVERY = pytest.mark.parametrize("language", LANGUAGES)


def library() -> Iterator[tuple[Path, Any]]:
    for path in FILES:
        yield path, yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def titles_in(node: Any) -> Iterator[str]:
    """Return every title in a file, at whatever depth."""
    if isinstance(node, Mapping):
        if isinstance(node.get("title"), str):
            yield node["title"]
        node = list(node.values())
    if isinstance(node, list):
        yield from chain.from_iterable(map(titles_in, node))


def titles() -> set[str]:
    found = {title for _, told in library() for title in titles_in(told)}
    abouts = {told["about"].strip() for path, told in library() if path.parent.name == "scenarios" and "about" in told}
    return {title for title in found if not LETTERS.fullmatch(title)} | abouts


def traits() -> dict[str, set[tuple[str, str]]]:
    """Return the levels of every trait of the library by its name and its title."""
    out: dict[str, set[tuple[str, str]]] = {}
    for path, told in library():
        if path.parent.name != "societies":
            continue
        for held in (told, *told.get("classes", {}).values()):
            for name, trait in held.get("traits", {}).items():
                for one in trait.get("levels", ()):
                    out.setdefault(str(one), set()).add((name, trait["title"]))
    return out


def sheet() -> set[str]:
    """Return what balance sheets say of classes of subjects, and what rare lines say."""
    out = {word for line in LINES if line.rare for word in (line.label, line.unit)} | {line.unit for line in LINES}
    for path, told in library():
        if path.parent.name == "societies":
            for name, one in told.get("classes", {}).items():
                for line in class_lines(name, one["plural"], "D"):
                    out |= {line.section, line.label, line.unit, *filter(None, [line.note])}
    return out


@EVERY
def test_everything_in_the_library_has_a_title(language: str) -> None:
    """No title of a file of the library, and nothing that a scenario says of itself, stays English."""
    assert sorted(text for text in titles() if not CHINESE.search(titled(text, language))) == []


@EVERY
def test_no_title_is_left_of_what_is_gone(language: str) -> None:
    """Whatever the catalogue names stands in the library as it is named."""
    kept = {text for kind, told in catalogue(language).items() if kind not in BUILT | {LEVELS} for text in told}
    assert sorted(kept - titles()) == []
    levels = {name for one, of in traits().items() for name in (one, *(f"{t}/{one}" for pair in of for t in pair))}
    assert sorted(set(catalogue(language)[LEVELS]) - levels) == []


@EVERY
def test_levels_are_named_alike_by_name_and_title(language: str) -> None:
    """Every level of every trait has a word, the same whether its trait is told by name or by title."""
    for one, of in traits().items():
        for name, title in of:
            word = level(name, one, language)
            assert CHINESE.search(word), f"{name}: {one}"
            assert word == level(title, one, language), f"{title}: {one}"


@EVERY
def test_a_balance_sheet_speaks_the_language(language: str) -> None:
    """Lines and units that are put together from names are put together in the language too."""
    assert sorted(text for text in sheet() if not CHINESE.search(titled(text, language))) == []


@EVERY
def test_one_title_means_one_thing(language: str) -> None:
    """A title that stands under two kinds is said alike under both: whoever asks need not say which."""
    said: dict[str, set[str]] = {}
    for kind, told in catalogue(language).items():
        for text, word in told.items():
            if kind != LEVELS:
                said.setdefault(text, set()).add(word)
    assert {text: words for text, words in said.items() if len(words) > 1} == {}


@EVERY
def test_holes_are_filled_in_their_order(language: str) -> None:
    """A text of parts keeps all of them, each in the language; one that numbers them names none that is not there."""
    for text, said in ((text, said) for told in catalogue(language).values() for text, said in told.items()):
        holes = re.findall(r"\{(\d?)\}", said)
        assert text.count("{}") == len(holes) or (all(holes) and max(map(int, holes)) < text.count("{}")), text
    assert titled("% of companies graded D", language) == "占评为 D 级的企业的 %"


def test_a_users_own_title_stays() -> None:
    """What no catalogue knows, and what is asked for in English, is shown as its file has it."""
    assert titled("Runs a red light on a scooter", "zh") == "Runs a red light on a scooter"
    assert titled("Runs a red light", "en") == "Runs a red light"
    assert level("education", "doctorate", "zh") == "doctorate"
    assert titled("Runs a red light", "zh") == "闯红灯"
    assert titled("Mine beside Yours, 2016 to 2018", "zh") == "Mine，对照Yours，2016 至 2018"
    assert titled("From here to there", "zh") == "From here to there"


def test_real_things_have_their_real_names() -> None:
    """Lists, grades and scores of the record are called what they are called there."""
    assert titled("Dishonest judgment debtors", "zh") == "失信被执行人"
    assert titled("Model of honesty", "zh") == "诚信模范"
    assert titled("Xiamen, Egret score 2018", "zh").startswith("厦门，白鹭分")


@EVERY
def test_the_words_of_a_life_are_those_of_the_code(language: str) -> None:
    """Sums of a life, and what a life is offered for, are said as the code says them."""
    code = "".join((PACKAGE / "lab" / name).read_text(encoding="utf-8") for name in ("story.py", "picking.py"))
    code += "{}, changed by {}, {} beside {}, {}, {n} to {n}"
    assert [text for text in catalogue(language)["life"] if text not in code] == []
    sums = re.findall(r'^        "([a-z][^"]+)": ', code.partition("def _sums(")[2], flags=re.MULTILINE)
    assert len(sums) > 20
    assert [text for text in sums[:22] if titled(text, language) == text] == []
