"""One invented citizen given to an arbitrary authority: what it takes, and which doors close."""

from __future__ import annotations

import pytest
from lives_kit import hamlet_run

from glasstown.errors import BadValue, UnknownName
from glasstown.lab.opened import Run


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
