"""One invented citizen given to an arbitrary authority: what it takes, and which doors close."""

from __future__ import annotations

from pathlib import Path

import pytest
from lives_kit import hamlet_run

from glasstown.errors import BadValue, UnknownName
from glasstown.lab.api import run
from glasstown.lab.opened import Run
from glasstown.lab.persecuted import persecution


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(hamlet_run(tmp_path_factory.mktemp("hamlet")).folder)


def _adults(run: Run) -> list[int]:
    program = run.program
    return [who for who in range(program.society.n) if program.is_adult(who, 0)][:40]


def test_records_that_are_made_up_shut_doors(hamlet: Run) -> None:
    """Over some lives, made-up records shut doors that were open, and the number that it took is told."""
    more = 0
    for who in _adults(hamlet):
        told = hamlet.citizen(who).persecute()
        assert all(max(before, after) <= asked for asked, before, after in told.doors.values())
        more += sum(after - before for _, before, after in told.doors.values())
        if told.records_to_first_door is not None:
            assert 1 <= told.records_to_first_door <= told.months[-1].written
    assert more > 0


def test_nothing_made_up_changes_nothing(hamlet: Run) -> None:
    """A first record that comes after the end leaves the life as it was."""
    who = _adults(hamlet)[0]
    told = hamlet.citizen(who).persecute(after=600)
    assert told.months[-1].written == 0
    assert all((one.score, one.grade) == (one.score_persecuted, one.grade_persecuted) for one in told.months)
    assert told.records_to_first_door is None
    assert "never reached" in str(told)


def test_what_cannot_be_made_up(hamlet: Run) -> None:
    """Unknown kinds and sources, records that cost nothing and minors are met with words."""
    citizen = hamlet.citizen(_adults(hamlet)[0])
    with pytest.raises(UnknownName):
        citizen.persecute(record="rumourr")
    with pytest.raises(UnknownName):
        citizen.persecute(source="polic")
    with pytest.raises(BadValue):
        citizen.persecute(every=0)
    program = hamlet.program
    minor = next((w for w in range(program.society.n) if not program.is_adult(w, program.clock.windows - 1)), None)
    if minor is not None:
        with pytest.raises(BadValue, match="minor"):
            hamlet.citizen(minor).persecute()


def test_a_page_is_told_both_answers_of_every_request(hamlet: Run) -> None:
    """Doors and requests agree, what closed is what only the records closed, and every means can be used."""
    who = _adults(hamlet)[0]
    told = persecution(hamlet, who)
    closed = sum(one["closed"] for one in told["requests"])
    assert closed >= sum(one["refused_persecuted"] - one["refused"] for one in told["doors"])
    assert all(one["untouched"] or one["persecuted"] for one in told["requests"])
    assert told["means"]
    assert not told["chosen"]
    for mean in told["means"]:
        used = persecution(hamlet, who, mean["record"], mean["sources"][0]["key"])
        assert (used["record"], used["source"]) == (mean["record"], mean["sources"][0]["key"])


def test_somebody_is_chosen_whom_the_scheme_left_alone(hamlet: Run) -> None:
    """Without a number an ordinary citizen is taken, the same each time."""
    told = persecution(hamlet)
    assert told["chosen"]
    assert told["citizen"] == persecution(hamlet)["citizen"]
    assert sum(one["refused"] for one in told["doors"]) == 0


def test_somebody_is_chosen_where_a_scheme_has_begun(tmp_path: Path) -> None:
    """Where a scheme comes place by place, one is chosen who has a file, though the first of all have none."""
    told = persecution(run("china", citizens=4000, years=1, threads=1, out=tmp_path / "china"))
    assert told["months"][0]["grade"]
