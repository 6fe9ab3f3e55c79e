"""A life that is lived again is the life that the simulation gave."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from lives_kit import noisy_run

from glasstown.engine import measures as m
from glasstown.engine.barrier import Allotment
from glasstown.engine.layout import CODE_SHIFT
from glasstown.engine.loop import Outcome, simulate
from glasstown.engine.plain_events import Request
from glasstown.engine.victims import doer_of
from glasstown.lab.api import Run, run
from glasstown.lab.replay import SideLife, admitted, barriers_of, replay


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return noisy_run(tmp_path_factory.mktemp("noisy"))


@pytest.fixture(scope="module")
def simulated(noisy: Run) -> Outcome:
    return simulate(noisy.program, threads=1)


@pytest.fixture(scope="module")
def lives(noisy: Run) -> list[list[SideLife]]:
    opened = Run(noisy.folder)
    barriers = barriers_of(opened, 0)
    return [[replay(barriers, side, who) for who in range(noisy.program.society.n)] for side in (0, 1)]


@pytest.mark.parametrize("side", [0, 1])
def test_every_life_ends_as_it_did(side: int, simulated: Outcome, lives: list[list[SideLife]]) -> None:
    """Replayed from the run folder alone, every citizen ends with the simulation's own memory of them."""
    state = simulated.sides[side].state
    assert state is not None
    for one in lives[side]:
        for name in ("points", "wrong", "unable", "hold", "hold_why", "cap", "risk", "stress", "motive", "trust"):
            held = "hold_kept" if name == "hold" else name
            found, told = getattr(one.life, held), getattr(state, name)[one.life.who]
            assert np.array_equal(found, told), (one.life.who, name, found, told)


@pytest.mark.parametrize("side", [0, 1])
def test_all_lives_add_up(side: int, noisy: Run, simulated: Outcome, lives: list[list[SideLife]]) -> None:
    """The counts of all replayed lives add up to those of the run."""
    program = noisy.program
    base = program.sides[side].base.tolist()
    totals = simulated.sides[side].cell.sum(axis=0).tolist()
    scarce = set(program.scarce_places)
    for measure, (name, _) in enumerate(m.MEASURES):
        for item in range(base[measure + 1] - base[measure]):
            if measure == m.M_PASSED_ON and item in scarce:
                continue
            told = totals[base[measure] + item]
            found = sum(one.counts[measure, item] for one in lives[side])
            assert found == told, (name, item, found, told)
    assert totals[base[m.M_RECEIVED]] > 50
    assert totals[base[m.M_HARMED]] > 50
    if side == 0:  # no posting of the other side outlives its term within the run
        assert sum(totals[base[m.M_STALE] : base[m.M_STALE + 1]]) > 10


@pytest.mark.parametrize("side", [0, 1])
def test_what_counts_is_the_score(side: int, noisy: Run, lives: list[list[SideLife]]) -> None:
    """At every moment the postings that count are the points, and the holds; decay apart."""
    rules = noisy.program.sides[side]
    seen: Counter[str] = Counter()
    for one in lives[side]:
        for happening in one.happenings:
            seen[happening.what] += 1
            standing = happening.standing
            holds = Counter(posting.hold for posting in standing.counted if posting.hold >= 0)
            assert tuple(holds[h] for h in range(len(standing.holds))) == standing.holds
            if rules.decay == 0:
                points = [sum(p.points for p in standing.counted if p.domain == d) for d in range(4)]
                assert tuple(points) == standing.points
    assert seen.keys() >= {"act", "posting", "misfiled", "record", "granted", "refused", "queued", "month", "harmed"}
    assert seen.keys() >= {"place", "no place"}
    if side == 0:
        assert seen.keys() >= {"expiry", "stale"}


def test_cutoff_of_a_scarce_door() -> None:
    """Who is admitted is a matter of one comparison, and nobody is where there are no places."""
    asks = [Request(3, who, priority, luck, 5) for who, priority, luck in [(1, 900, 7), (2, 950, 9), (3, 900, 6)]]
    all_in = Allotment(0, 3, 9, 0, 900, 7, 1)
    assert all(admitted(all_in, ask) for ask in asks)
    two = Allotment(0, 3, 2, 1, 900, 6, 3)
    assert [admitted(two, ask) for ask in asks] == [False, True, True]
    none = Allotment(0, 3, 0, 3, 0, 0, 0)
    assert not any(admitted(none, ask) for ask in asks)


def test_a_story_says_which_company_did_harm(tmp_path: Path) -> None:
    """Lives of a county whose companies cheat end with the trust of the run; stories name the company."""
    found = run("trust-firms", citizens=2_000, years=2, replicates=1, threads=1, out=tmp_path / "run")
    program, barriers = found.program, barriers_of(found, 0)
    state = simulate(program, threads=1).sides[0].state
    assert state is not None
    mail = barriers.all_mail(0)
    harms = [(who, *doer_of(program, content)) for who, _, _, content in mail.T.tolist() if content >> CODE_SHIFT]
    who, kind, by = harms[len(harms) // 2]
    told = found.citizen(who).story().to_dict()
    lines = [line for line in told["lines"] if line["what"] == "harmed" and line.get("by") == by]
    assert f"Was harmed by {program.subject_of(by)} {by}: " in lines[0]["text"]
    assert {line["kind"] for line in lines} >= {program.names.kinds[kind]}
    for one in sorted({who for who, _, _ in harms})[:8]:
        life = replay(barriers, 0, one)
        assert life.life.trust == state.trust[one]
        met = sum(at == one and window + 1 < program.clock.windows for at, window in mail[:2].T.tolist())
        assert life.counts[m.M_HARMED, 0] >= met > 0
