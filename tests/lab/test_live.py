"""Scenarios lived while somebody looks on, and what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasstown.engine.standing import NO_FILE
from glasstown.errors import BadValue, FileFaults, RunFolderError, UnknownName
from glasstown.lab.api import Run, open_run, run
from glasstown.lab.document import document
from glasstown.lab.life import life, lives, without
from glasstown.lab.live import Bench, Limits, Wanted

SMALL = {"citizens": 1500, "years": 1}
EDIT = {"rule": "red-light", "set": {"points": -200}}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run("rongcheng", **SMALL, out=tmp_path_factory.mktemp("runs") / "small", threads=1)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(threads=1)


def told(events: Iterator[tuple[str, Any]]) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for what, content in events:
        out.setdefault(what, []).append(content)
    return out


def months(events: dict[str, list[Any]]) -> dict[str, dict[int, Any]]:
    out: dict[str, dict[int, Any]] = {}
    for event in events["month"]:
        for world, month in event["worlds"].items():
            out.setdefault(world, {})[event["window"]] = month
    return out


def test_a_live_run_is_the_run(stored: Run, bench: Bench) -> None:
    """Month by month, a live run gives the counts that the same scenario leaves in a folder, and the same findings."""
    events = told(bench.live("first", Wanted(**SMALL)))
    kept = document(stored)
    live = months(events)
    assert set(live) == {"scheme", "pair"}
    for world, rows in live.items():
        assert [rows[window] for window in range(12)] == kept["months"][world]
    assert events["found"][-1]["parts"] == kept["parts"]
    assert events["begun"][0]["axes"] == kept["axes"]
    assert events["begun"][0]["worlds"] == kept["worlds"]
    assert bench.run("first").manifest["tables_hash"] == stored.manifest["tables_hash"]
    assert events["begun"][0]["axes"]["groups"][0]["levels"]
    again = bench.document("first")
    same = ("axes", "worlds", "months", "parts", "schemes", "references", "citizens", "subjects", "seed")
    assert {key: again[key] for key in same} == {key: kept[key] for key in same}
    assert again["cite"]["schemes"] == kept["cite"]["schemes"]
    json.dumps(again, allow_nan=False)


def test_only_what_is_new_is_lived(bench: Bench) -> None:
    """After an edit the worlds that were lived before come as they were, and the edited one is new and another."""
    before = months(told(bench.live("before", Wanted(**SMALL))))
    events = told(bench.live("after", Wanted(**SMALL, edits=[EDIT])))
    after = months(events)
    assert {world: after[world] for world in before} == before
    assert after["edited"] != after["scheme"]
    assert after["edited"][11]["points"]["lost"] > after["scheme"][11]["points"]["lost"]
    assert [(part["of"], part["against"]) for part in events["found"][-1]["parts"]] == [
        ("edited", "scheme"),
        ("edited", "pair"),
        ("scheme", "pair"),
    ]
    assert bench.document("after")["worlds"][0]["world"] == "edited"


def test_an_edit_that_changes_nothing(bench: Bench) -> None:
    """An edit that sets what was set already gives a world that differs from the scheme's by exactly nothing."""
    events = told(bench.live("null", Wanted(**SMALL, edits=[{"rule": "red-light", "set": {"points": -5}}])))
    worlds = months(events)
    assert worlds["edited"] == worlds["scheme"]
    rows = events["found"][-1]["parts"][0]["balance"]["rows"]
    assert {row["difference"] for row in rows} <= {0.0, None}


def test_dots_are_the_grades(bench: Bench) -> None:
    """The bytes of each window are everybody's grades: counted, they are the month's."""
    events = told(bench.live("dots", Wanted(**SMALL, dots=True)))
    worlds = months(events)
    seen = 0
    for world, window, row in events["dots"]:
        held = np.frombuffer(row, np.uint8)
        assert len(held) == SMALL["citizens"]
        counted = np.bincount(held[held != NO_FILE], minlength=len(worlds[world][window]["grades"]))
        assert counted.tolist() == worlds[world][window]["grades"]
        seen += 1
    assert seen == 24


def test_lives_are_the_same_live_and_stored(stored: Run, bench: Bench) -> None:
    """One citizen's life told from a live run is that of the stored run."""
    told(bench.live("lives", Wanted(**SMALL)))
    for who in (0, 17, 700):
        here, there = life(bench.run("lives"), who), life(stored, who)
        assert here["lines"] == there["lines"]
        assert here["months"] == there["months"]
        assert here["person"] == there["person"]


def test_a_stored_run_is_lived_again(stored: Run, bench: Bench, tmp_path: Path) -> None:
    """A stored run is lived again as it was; one whose tables say something else is not passed off as it."""
    events = told(bench.live("again", Wanted(run=str(stored.folder), dots=True)))
    assert events["begun"][0]["town"]["dots"]
    assert months(events)["scheme"][11] == document(stored)["months"]["scheme"][11]
    with pytest.raises(BadValue, match="as it was"):
        told(bench.live("other", Wanted(run=str(stored.folder), seed=9)))
    other = run("rongcheng", **SMALL, seed=2, out=tmp_path / "other", threads=1)
    manifest = json.loads((other.folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["seed"], manifest["tables_hash"] = 1, stored.manifest["tables_hash"]
    (other.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RunFolderError, match="does not give"):
        told(bench.live("forged", Wanted(run=str(other.folder))))


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Wanted(citizens=300_000), "citizens are more"),
        (Wanted(citizens=1000, years=30), "years are more"),
        (Wanted(citizens=200_000, years=20), "citizen-years"),
        (Wanted(citizens=200_000, years=1, dots=True), "dot"),
        (Wanted(citizens=100, years=1, edits=[EDIT], text="scheme: x\n"), "one of the two"),
    ],
)
def test_what_is_too_large_is_refused(wanted: Wanted, says: str) -> None:
    """What is too large for a live run, or says two things at once, is refused before anything is built."""
    bench = Bench(threads=1)
    events = []
    with pytest.raises(BadValue, match=says):
        events.extend(what for what, _ in bench.live("x", wanted))
    assert set(events) <= {"step"}
    assert not bench._people


def test_names_are_the_librarys_only(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live run names no file of the disk, not even by a name that stands in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text("scenario: mine\n", encoding="utf-8")
    for wanted in (
        Wanted(scenario="mine"),
        Wanted(scenario="./mine"),
        Wanted(scheme="mine"),
        Wanted(pair="/etc/passwd"),
    ):
        with pytest.raises(UnknownName):
            told(bench.live("x", wanted))


def test_limits_can_be_smaller() -> None:
    """The limits are those that the bench was given."""
    with pytest.raises(BadValue, match="more than the 10 "):
        told(Bench(threads=1, limits=Limits(citizens=10)).live("x", Wanted(citizens=11)))


def test_faults_of_an_edit_have_their_place(bench: Bench) -> None:
    """An edit that does not hold is refused with its place in the edits, also where only the scenario shows it."""
    with pytest.raises(FileFaults) as caught:
        told(bench.live("x", Wanted(**SMALL, edits=[{"rule": "red-lihgt", "set": {"points": 1}}])))
    assert caught.value.faults[0].path == "change[0].rule"
    unknown = {"rule": "red-light", "set": {"record": "jaywalking"}}
    with pytest.raises(FileFaults) as caught:
        told(bench.live("x", Wanted(**SMALL, edits=[unknown])))
    assert "jaywalking" in caught.value.faults[0].message


def test_a_record_less(stored: Run) -> None:
    """Without a record its postings are gone and nothing before it moves; a record that is not there is refused."""
    found = [one for one in lives(stored) if any(line["record"] for line in one["lines"])]
    assert found
    seen = 0
    for one in found:
        posting = next((line for line in one["lines"] if line["what"] == "posting" and line["facts"]["points"]), None)
        if posting is None:
            continue
        other = without(stored, one["citizen"], posting["record"])
        before, after = other["months"]["as_it_was"], other["months"]["without"]
        assert before == one["months"]["scheme"]
        assert before[: posting["window"]] == after[: posting["window"]]
        gained = posting["facts"]["points"]
        assert after[posting["window"]]["score"] - before[posting["window"]]["score"] == -gained
        seen += 1
    assert seen
    with pytest.raises(BadValue, match="no record"):
        without(stored, found[0]["citizen"], "1.2.3.0.5")
    with pytest.raises(BadValue, match="no record"):
        without(stored, found[0]["citizen"], "nonsense")


def test_the_document_is_whole(stored: Run) -> None:
    """A document holds what the tables hold: people by place, months that add up, sources, and JSON throughout."""
    found = document(open_run(stored.folder), "small")
    text = json.dumps(found, allow_nan=False)
    assert str(stored.folder) not in text
    town = found["town"]
    assert town["citizens"] == SMALL["citizens"] == sum(place["citizens"] for place in town["places"])
    starts = stored.program.society.place_start.tolist()
    assert [place["first"] for place in town["places"]] == starts[:-1]
    spots = {(place["x"], place["y"]) for place in town["places"]}
    assert len(spots) == len(town["places"])
    assert max(x for x, _ in spots) < town["width"]
    acts = [act["key"] for act in found["axes"]["acts"]].index("red-light")
    counted = sum(month["acts"][acts] for month in found["months"]["scheme"])
    told_ = stored.table("by_place").where(side="scheme", measure="acts", item="red-light")
    assert counted == sum(told_.column("value")) > 0
    rules = {rule["name"]: rule for rule in found["schemes"]["scheme"]["rules"]}
    assert rules["red-light"]["low"] == -5
    assert found["schemes"]["scheme"]["rules"][0]["line"] > 0
    assert found["references"]
    assert found["assumed"]
