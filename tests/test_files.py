"""The loader: every fault at once, each with its place; nothing that is no file makes it fall over."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator

from glasstown import yaml_tree
from glasstown.cited import CitedValue, FileModel, Name, Rate
from glasstown.errors import Fault, FileFaults
from glasstown.files import kind_of, load, load_text, misfit


class Rule(CitedValue):
    points: int | tuple[int, int]
    since: date | None = None
    share: float = 0.5
    on: bool = True
    sources: tuple[Name, ...] = ()
    grade: str | None = None
    from_: int | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        if self.grade == "Z":
            raise misfit("there is no Z", "grade", hint="try A")
        return self


class Book(FileModel):
    title: str
    version: str = ""
    rules: dict[Name, Rule] = Field(default_factory=dict)
    rate: Rate | None = None


GOOD = """\
# a comment
title: A book
version: "2016"
rules:
  red-light: {points: -5, status: assumed, since: 2016-01-31, on: no, from: 3}
  other:
    points: [-50, -5]
    status: reported
    source: r1
    sources: [police, court]
rate: {per_year: 0.5, status: assumed, by: {age: {17: 2, 18-29: 1.5}}}
"""


def faults(text: str) -> list[Fault]:
    """Return what is wrong with a text."""
    with pytest.raises(FileFaults) as caught:
        load_text(text, Book, file="book.yaml")
    assert str(caught.value).endswith("book.yaml: " + str(caught.value.message).split(": ")[1])
    return list(caught.value.faults)


def only(text: str) -> Fault:
    """Return the one thing that is wrong with a text."""
    found = faults(text)
    assert len(found) == 1, found
    return found[0]


def test_a_good_file_loads_with_places() -> None:
    """Values arrive as YAML 1.2 says, and each knows where it stands."""
    book = load_text(GOOD, Book)
    rule = book.value.rules["red-light"]
    assert (rule.points, rule.since, rule.on, rule.from_) == (-5, date(2016, 1, 31), False, 3)
    assert book.value.rules["other"].points == (-50, -5)
    assert book.value.rate is not None
    assert book.value.rate.by == {"age": {"17": 2, "18-29": 1.5}}
    assert book.place(("rules", "red-light", "points")) == (5, 23)
    assert book.place(("rules", "other", "sources", 1)) == (10, 23)
    assert book.place(("rules", "other")) == (6, 3)
    assert book.place(("rules", "nowhere", "points")) == (4, 1)
    book.check([])
    with pytest.raises(FileFaults):
        book.check([book.fault(("rules", "other", "points"), "too few")])


def test_a_text_that_was_read_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text gives the same values under its own name; another text, however like it, is read."""
    first = load_text(GOOD, Book)
    first.value.rules.clear()
    monkeypatch.setattr("glasstown.files.read_tree", lambda *_: pytest.fail("it was read again"))
    again = load_text(GOOD, Book, file="again.yaml")
    assert again.value.rules["red-light"].points == -5
    assert again.place(("rules", "red-light", "points")) == (5, 23)
    assert again.fault(("title",), "too short").file == "again.yaml"
    monkeypatch.undo()
    assert load_text(GOOD.replace("-5, status", "-6, status"), Book).value.rules["red-light"].points == -6
    wrong = GOOD + "nonsense: 1\n"
    for name in ("one.yaml", "other.yaml"):
        with pytest.raises(FileFaults) as caught:
            load_text(wrong, Book, file=name)
        assert [(fault.path, fault.file) for fault in caught.value.faults] == [("nonsense", name)]


def test_all_faults_come_at_once() -> None:
    """Faults of several values arrive together, in the order of the file, with line and column."""
    text = (
        "title: 3\nrules:\n  red-light: {ponits: -5, status: asumed, share: x}\n  Other: {points: 1, status: assumed}\n"
    )
    found = [(fault.line, fault.path) for fault in faults(text)]
    assert found == [
        (1, "title"),
        (3, "rules.red-light.points"),
        (3, "rules.red-light.ponits"),
        (3, "rules.red-light.status"),
        (3, "rules.red-light.share"),
        (4, "rules.Other"),
    ]
    hints = {fault.path: fault.hint for fault in faults(text)}
    assert hints["rules.red-light.ponits"] == 'did you mean "points"?'
    assert hints["rules.red-light.status"] == 'did you mean "assumed"?'


def test_a_fault_shows_its_line_and_a_caret() -> None:
    """What a user reads: place, sentence, line, caret, hint."""
    with pytest.raises(FileFaults) as caught:
        load_text("title: x\nrules:\n  a: {ponits: 3, points: 1, status: assumed}\n", Book, file="book.yaml")
    assert str(caught.value).splitlines()[:4] == [
        'book.yaml:3:7: rules.a.ponits: there is no "ponits" here',
        "      a: {ponits: 3, points: 1, status: assumed}",
        "          ^",
        '    did you mean "points"?',
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("true", "whole number"),
        ("'5'", "number belongs here"),
        ("1_000", "number belongs here"),
        ("1e999", "beyond"),
        ("9" * 400, "400 characters"),
        ("99999999999999999", "beyond"),
        (".inf", "not a number"),
        (".nan", "not a number"),
        ("{a: 1}", "whole number"),
        ("[1, 2, 3]", "at most 2 belong here, not 3"),
        ("[1, x]", "whole number"),
        ("2.5", "whole number"),
        ("", "whole number"),
        ("&a 5", "anchors"),
        ("*a", "aliases"),
        ("!!int 5", "tags"),
        ("!python/object:os.system x", "tags"),
        ("nan", "whole number"),
    ],
)
def test_odd_points_are_one_fault(value: str, said: str) -> None:
    """Whatever stands where points belong gives one fault on its line."""
    fault = only(f"title: x\nrules:\n  a:\n    status: assumed\n    points: {value}\n")
    assert fault.line == 5
    assert said in fault.message or "number belongs here" in fault.message, fault


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("title: x\ntitle: y\n", "twice", 2),
        ("title: x\nrules:\n  <<: {a: 1}\n", "merge keys", 3),
        ("title: x\n---\ntitle: y\n", "second document", 2),
        ("%YAML 1.1\n---\ntitle: x\n", "directives", 1),
        ("title: x\nrules:\n\ta: 1\n", "start here", 3),
        ("title: a: b\n", 'second ":"', 1),
        ("title: 'a\n", "never ends", 2),
        ("title: [a\n", "closed", 2),
        ("", "empty", 0),
        ("# nothing\n", "empty", 0),
        ("~\n", "empty", 0),
        ("- a\n", "mapping of keys", 1),
        ("just words\n", "mapping of keys", 1),
        ("title: x\n? [a, b]\n: 3\n", "cannot be a key", 2),
        ("title: x\n: 3\n", "key is empty", 2),
        ("title: \x07\n", "U+0007", 1),
        ("title: x\u2028y\n", "U+2028", 1),
        ("title: x\u202ey\n", "U+202E", 1),
        ("title: x\nrules: {a: {points: 1, status: in force}}\n", "without a source", 2),
        ("title: x\nrules: {a: {points: 1, status: assumed, grade: Z}}\n", "no Z", 2),
        ("title: x\nrules: {a: {points: 1, status: assumed, since: 2016-02-30}}\n", "a date such as", 2),
        ("title: x\nrules: {a: {points: 1, status: assumed, since: 0}}\n", "a date such as", 2),
        ("title: x\nrules: {a: {points: 1, status: assumed, share: 'nan'}}\n", "number belongs here", 2),
        ("title: x\nversion: 2016\n", "text belongs here", 2),
    ],
)
def test_bad_files_give_one_fault(text: str, said: str, line: int) -> None:
    """Each way of getting a file wrong is said in words, with its line."""
    fault = [fault for fault in faults(text) if said in fault.message]
    assert len(fault) == 1, faults(text)
    assert fault[0].line == line


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x" * 2_000_000,
        "a: " + "x " * 400_000,
        "[" * 900_000,
        "- " * 400_000,
        "a: [" + "a," * 100_000 + "]",
        "\n" * 900_000,
        "- a\n" * 39_000,
        "- a: 1\n  b: 2\n" * 19_000,
        "\n".join(" " * (2 * at) + "a:" for at in range(300)),
        'a: "' + "\\x41" * 200_000 + '"',
        "\n".join('a: "' + "\\x41" * 1000 + '"' for _ in range(100)),
        'a: "\\U00110000"',
        "a: |\n" + "  x\n" * 39_000,
    ],
    ids=range(13),
)
def test_what_would_be_slow_is_refused_soon(text: str) -> None:
    """Nothing makes the loader hang."""
    start = time.perf_counter()
    faults(text)
    assert time.perf_counter() - start < 20


def test_files_that_are_none(tmp_path: Path) -> None:
    """Missing, folder, binary, other encodings, pipes and closed files all say what they are."""

    def said(path: str | Path) -> str:
        with pytest.raises(FileFaults) as caught:
            load(path, Book)
        return str(caught.value)

    (tmp_path / "book.yaml").write_text(GOOD)
    assert load(tmp_path / "book.yaml", Book).value.title == "A book"
    assert load(GOOD, Book).file == "<text>"
    missing = said(tmp_path / "bok.yaml")
    assert "no such file" in missing
    assert 'did you mean "book.yaml"?' in missing
    assert "folder" in said(tmp_path)
    (tmp_path / "binary").write_bytes(b"\x00\x01\x02")
    assert "not a text file" in said(tmp_path / "binary")
    (tmp_path / "latin").write_bytes("title: x\nversion: Zürich\n".encode("latin-1"))
    assert "latin:2:11: the file is not UTF-8" in said(tmp_path / "latin")
    (tmp_path / "wide").write_bytes(GOOD.encode("utf-16"))
    assert "not a text file" in said(tmp_path / "wide")
    (tmp_path / "mark").write_bytes(GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load(tmp_path / "mark", Book).value.rules["other"].points == (-50, -5)
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in said(tmp_path / "pipe")
    assert "cannot be read" in said("a\0b") or "no such file" in said("a\0b")
    assert "cannot be read" in said("x" * 5000)


def test_kinds_are_told_by_their_key() -> None:
    """A file's kind is told by its keys, wherever they stand."""
    assert kind_of("title: x\nscheme: a\ndoors: {}\n") == "scheme"
    assert kind_of("scheme: a\nscenario: b\n") == "scenario"
    assert kind_of("{conduct: b, title: x}\n") == "conduct"
    with pytest.raises(FileFaults, match="did you mean"):
        kind_of("shceme: x\n")


def read(text: str) -> list[Fault]:
    """Return what is wrong with a text, if anything."""
    try:
        load_text(text, Book)
    except FileFaults as wrong:
        return [*wrong.faults, Fault(str(wrong))]
    return []


@given(st.text(alphabet=st.sampled_from("ab:- \n[]{}&*!|>'\"#%@,?<~1.e\t\\"), max_size=80))
def test_no_text_makes_it_fall_over(text: str) -> None:
    """Any text either loads or gives faults."""
    assert len(read("title: x\n" + text)) != 1


@given(st.binary(max_size=60))
def test_no_bytes_make_it_fall_over(data: bytes) -> None:
    """Any bytes that decode either load or give faults."""
    assert len(read(data.decode("utf-8", "surrogateescape"))) > 1


LIKE_NUMBERS = (
    "1e5",
    "0o7",
    "0x1F",
    "1_000",
    "1:30",
    "2016-01-01",
    ".inf",
    ".NaN",
    "-.5",
    "1.",
    "yes",
    "~",
    "TRUE",
    "No",
)
LIKE_SIGNS = (
    "?",
    "- a",
    "a: b",
    "# x",
    "<<",
    "=",
    "!x",
    "&a",
    "*a",
    " a",
    "a ",
    "a\nb",
    "'",
    '"',
    "|",
    "%x",
    "@a",
    "---",
)
TEXT = st.text(max_size=12) | st.sampled_from(LIKE_NUMBERS + LIKE_SIGNS)
SEEN = TEXT.filter(lambda text: not yaml_tree._UNPRINTABLE.search(text))
NUMBER = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | SEEN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SEEN.filter(bool), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150)
@given(st.dictionaries(SEEN.filter(bool), VALUE, min_size=1, max_size=3))
def test_what_is_written_is_read(data: dict[str, object]) -> None:
    """Plain data written as a file comes back as it was: a text that looks like a number stays a text."""
    text = yaml_tree.as_text(data)
    tree, faults = yaml_tree.read_tree(text, "f.yaml", text.split("\n"))
    assert not faults
    assert tree.plain() == data
