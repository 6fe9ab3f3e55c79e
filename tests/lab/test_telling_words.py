"""A life in another language: what is told of it, and why a door stayed shut, keeps no English sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from lives_kit import noisy_run

from glasstown.lab.life import life, why
from glasstown.lab.titles import catalogue, titled
from house import PACKAGE

TOLD_IN = ("telling.py", "wording.py", "answers.py", "lives.py", "life.py")
ENGLISH = re.compile(r"(?<![\w-])[A-Za-z]{2,} [a-z]{2,}")
"""Two words of a sentence: ids are one word or hold a hyphen."""
OWN = re.compile(r"A strict invention|Paid a bill late|Missed a rate|Dropped litter|\[[^\]]*\]")
"""Titles of the test's own scheme, and citations."""


def sentences(told: Any) -> Iterator[str]:
    """Return every sentence of a life or of an answer."""
    for line in told["lines"]:
        yield from (line["text"], *line["more"])
    yield from told["remarks"]


def answers(told: dict[str, Any]) -> Iterator[str]:
    """Return every sentence of an answer."""
    yield from (told["verdict"], told["sums"], *told["change"], *told["rests_on"])
    for label, text in told["rows"]:
        yield from (label, text)
    for one in told["counted"]:
        yield from (one["record"], one["cited"])


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    run = noisy_run(tmp_path_factory.mktemp("told"))
    out: set[str] = set()
    for who in range(0, 384, 6):
        told = life(run, who)
        out.update(sentences(told))
        doors = {line["facts"]["door"]: line["date"] for line in told["lines"] if line["what"] == "door"}
        for door, date in doors.items():
            out.update(answers(why(run, who, door, date)))
    return {text for text in out if text}


def test_a_life_is_told_in_chinese(said: set[str]) -> None:
    """No line of a noisy life and no answer at a door keeps an English sentence."""
    assert len(said) > 100
    assert sorted(text for text in said if ENGLISH.search(OWN.sub("", titled(text, "zh"))))[:20] == []


def test_citations_stay_as_they_are() -> None:
    """What a document calls its parts is not translated, though it holds words that the catalogue knows."""
    told = titled("rule fees-late [reported: standards, Attachment 1, social management], until 2019-01-24", "zh")
    assert told == "规则 fees-late [据报道：standards, Attachment 1, social management]，至 2019-01-24 止"


def test_no_words_are_left_of_what_is_no_longer_said() -> None:
    """Each piece of each form in the catalogue stands in the code that tells lives."""
    code = "".join((PACKAGE / "lab" / name).read_text(encoding="utf-8") for name in TOLD_IN)
    code = re.sub(r'"\n\s+f?"', "", code)
    pieces = {
        word
        for form in catalogue("zh")["telling"]
        for piece in form.split("{}")
        for word in re.findall(r"[a-z]{4,}", piece)
    }
    code += (PACKAGE / "scheme" / "types.py").read_text(
        encoding="utf-8"
    ) + " company doctor teacher local government citizen"
    assert sorted(piece for piece in pieces if piece not in code) == []
