"""Errors: a sentence, a place, a hint, an exit status."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown import errors
from glasstown.errors import Fault, FileFaults, GlasstownError, UnknownName, did_you_mean


def test_exit_statuses() -> None:
    """Each error has the exit status that the documentation gives it."""
    found = {
        name: thing.exit_code
        for name in errors.__all__
        if isinstance(thing := getattr(errors, name), type) and issubclass(thing, GlasstownError)
    }
    assert found == {
        "BadValue": 2,
        "Contradiction": 2,
        "FileFaults": 2,
        "GlasstownError": 1,
        "Interrupted": 130,
        "RunFolderError": 3,
        "UnknownName": 2,
    }


@pytest.mark.parametrize(
    ("word", "hint"), [("redlight", 'did you mean "red-light"?'), ("zebra", ""), ("", ""), ("RED-LIGHT", "")]
)
def test_did_you_mean(word: str, hint: str) -> None:
    """Only what is near is offered."""
    assert did_you_mean(word, ["red-light", "fraud"]) == hint


def test_unknown_names_list_what_there_is() -> None:
    """Where nothing is near, the names that exist are shown, but never a page of them."""
    assert "there are: court, police" in str(UnknownName("source", "zebra", ["police", "court"]))
    many = str(UnknownName("source", "zebra", [f"n{i:02}" for i in range(50)]))
    assert many.endswith("n11, …")


def test_a_fault_shows_its_line() -> None:
    """A fault reads: place, sentence, line, caret, hint."""
    fault = Fault("unknown key", "rules.red-light.point", 2, 3, 'did you mean "points"?', "my.yaml")
    assert fault.show(["rules:", "  point: -5"]) == (
        'my.yaml:2:3: rules.red-light.point: unknown key\n      point: -5\n      ^\n    did you mean "points"?'
    )
    assert Fault("it is empty", file="my.yaml").show() == "my.yaml: it is empty"
    assert Fault("it is empty").show() == "it is empty"


@given(
    st.builds(Fault, st.text(), st.text(), st.integers(-5, 10**9), st.integers(-5, 10**9), st.text(), st.text()),
    st.lists(st.text(max_size=300), max_size=4),
)
def test_showing_a_fault_never_fails(fault: Fault, lines: list[str]) -> None:
    """Any fault over any file can be shown."""
    assert isinstance(fault.show(lines), str)


@pytest.mark.parametrize(("count", "says"), [(1, "1 fault"), (3, "3 faults")])
def test_all_faults_at_once(count: int, says: str) -> None:
    """A file's error lists every fault and counts them."""
    error = FileFaults("my.yaml", [Fault(f"wrong {i}", line=i + 1, file="my.yaml") for i in range(count)])
    text = str(error)
    assert text.endswith(f"my.yaml: {says}")
    assert all(f"my.yaml:{i + 1}: wrong {i}" in text for i in range(count))
