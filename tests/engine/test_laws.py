"""The laws of the house, each held on small programs with every mechanism in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import (
    ASSUMED,
    CONDUCT,
    DOORS,
    FULL,
    MECHANISMS,
    NONE,
    SCHEMES,
    SOURCES,
    Parts,
    cited,
    differences,
    flat,
    keeper,
    lived,
    named,
    program,
    rate,
    rule,
    society,
    total,
    with_,
    with_truth_of,
    without,
)

from glasstown.conduct.types import RESPONSES
from glasstown.engine import loop
from glasstown.engine.plain_rules import score_of
from glasstown.engine.program import Program
from glasstown.engine.tables import U_WHEN
from glasstown.errors import FileFaults

SEEDS = st.integers(0, 2**32 - 1)


# -- a null change changes nothing -------------------------------------------------------------------------


@settings(max_examples=30)
@given(scheme=st.sampled_from(sorted(SCHEMES)), off=st.sets(st.sampled_from(MECHANISMS), max_size=5), seed=SEEDS)
def test_a_null_change_changes_nothing(scheme: str, off: set[str], seed: int) -> None:
    """Two equal sides differ by exactly zero in every cell of every table, every letter, every state."""
    world = program(640, 8, schemes=(scheme, scheme), off=off, seed=seed, scale=2.0)
    left = flat(lived(world))
    ours = {name.removeprefix("0/"): value for name, value in left.items() if name.startswith("0/")}
    pairs = {name.removeprefix("1/"): value for name, value in left.items() if name.startswith("1/")}
    assert differences(ours, pairs) == []
    assert ours["place"].any()


@pytest.mark.parametrize("scheme", ["full", "decaying"])
def test_a_side_does_not_feel_its_pair(scheme: str) -> None:
    """A side is the same alone, first or second, whatever stands beside it."""

    def side(s: int, *schemes: str) -> dict[str, Any]:
        world = program(640, 8, schemes=schemes)
        outcome = lived(world)
        letters = {("letters", "", str(w)): one for w, one in enumerate(outcome.sides[s].letters)}
        return {str(key): value for key, value in {**named(world, outcome, s), **letters}.items()}

    alone = side(0, scheme)
    for other in (side(0, scheme, "none"), side(1, "none", scheme), side(1, "full", scheme)):
        other["('scores', '', '')"] = other["('scores', '', '')"][:, : alone["('scores', '', '')"].shape[1]]
        assert differences(alone, other) == []


# -- conduct moves by the responses alone ------------------------------------------------------------------


@settings(max_examples=20)
@given(seed=SEEDS, pair=st.sampled_from([("full", "none"), ("full", "decaying")]))
def test_without_responses_nobody_acts_otherwise(seed: int, pair: tuple[str, str]) -> None:
    """With every response off the acts, the records and the requests of a pair are the same, window by window."""
    world = program(640, 8, schemes=pair, off=RESPONSES, seed=seed, scale=2.0)
    outcome = lived(world)
    ours, others = named(world, outcome, 0), named(world, outcome, 1)
    same = ("acts", "acts_unable", "records", "records_wrong_person", "records_false", "requests", "refused_ordinary")
    for key, counts in ours.items():
        if key[1] in (*same, "noticed", "objected", "corrected"):
            assert np.array_equal(counts, others[key]), key
    assert sum(total(world, outcome, "acts").values()) > 1000


def test_each_response_moves_what_responds_to_it() -> None:
    """Each response alone moves some kind that responds to it directly."""
    silent = program(2560, 12, off=RESPONSES, scale=2.0)
    before = total(silent, lived(silent), "acts")
    for response in RESPONSES:
        world = program(2560, 12, off=[one for one in RESPONSES if one != response], scale=2.0)
        after = total(world, lived(world), "acts")
        moved = {kind for kind in after if after[kind] != before[kind]}
        responding = {kind for kind, act in CONDUCT["acts"].items() if response in act.get("responds", ())}
        assert moved, response
        assert moved <= responding, response


# -- common random numbers: what costs nothing leaves everything else alone --------------------------------


def _one_more_kind() -> Parts:
    return {"conduct": with_(CONDUCT, {**CONDUCT["acts"]["gossip"], "rate": rate(2.0)}, "acts", "chatter")}


def _one_more_source() -> Parts:
    blind = keeper("Court", {"red-light": (0.0, 0, 0), "loan-default": (0.0, 0, 9)})
    return {"sources": with_(SOURCES, blind, "keepers", "court")}


def _one_more_door() -> Parts:
    free = {"title": "Hotel", "domain": "social", "rate": rate(3.0), "ordinary_refusal": {"share": 0.0, **ASSUMED}}
    return {"doors": with_(DOORS, free, "requests", "hotel")}


def _one_more_rule() -> Parts:
    past = {"from": date(1999, 1, 1), "until": date(2000, 1, 1)}
    idle = rule("red-light", "legal", -1, term_months=9, valid=past)
    return {"schemes": (with_(FULL, idle, "rules", "a-rule-of-old"), "none")}


def _one_more_list() -> Parts:
    past = {"from": date(1999, 1, 1), "until": date(2000, 1, 1)}
    idle = rule("drunk-driving", "legal", 0, term_months=9, valid=past, list="admonished")
    scheme = with_(FULL, {"title": "Admonished", "exit": "term", **ASSUMED}, "lists", "admonished")
    return {"schemes": (with_(scheme, idle, "rules", "a-rule-of-old"), "none")}


def _one_more_multiplier() -> Parts:
    return {"conduct": with_(CONDUCT, {"ample": 1.0}, "acts", "gossip", "rate", "by", "ability")}


@settings(max_examples=4)
@given(seed=SEEDS)
@pytest.mark.parametrize(
    "more",
    [_one_more_kind, _one_more_source, _one_more_door, _one_more_rule, _one_more_list, _one_more_multiplier],
)
def test_what_costs_nothing_changes_nothing_else(more: Any, seed: int) -> None:
    """One more kind, source, door, rule or list that costs nothing leaves every other column as it was."""
    before, after = program(640, 8, seed=seed), program(640, 8, seed=seed, **more())
    one, other = lived(before), lived(after)
    for side in range(2):
        ours, others = named(before, one, side), named(after, other, side)
        changed = [key for key in ours if not np.array_equal(ours[key], others[key])]
        assert changed == []
        new = {key[2] for key in others if key not in ours}
        assert len(new) <= 4, new
        for name in ("points", "wrong", "unable", "risk", "stress", "motive", "news"):
            assert np.array_equal(getattr(one.sides[side].state, name), getattr(other.sides[side].state, name)), name


def test_more_people_change_nobody_else_who_meets_nobody() -> None:
    """Citizens beyond the old end leave the others' lives alone where nothing passes between people."""
    meets = ("wrong person", "scarce", *RESPONSES)
    small, large = society(320), society(320)
    words = np.concatenate([large.words, large.words[:64]])
    links = {name: np.concatenate([getattr(large, name), getattr(large, name)[:64]]) for name in LINKS}
    grown = type(large)(
        name="t",
        n=384,
        traits=large.traits,
        words=words,
        places=large.places,
        place_start=np.array([*large.place_start[:-1], 384]),
        groups=large.groups,
        **links,
    )
    one = lived(program(people=small, windows=8, off=meets))
    other = lived(program(people=grown, windows=8, off=meets))
    for name in ("points", "hold", "cap", "wrong", "unable"):
        assert np.array_equal(getattr(one.sides[0].state, name), getattr(other.sides[0].state, name)[:320]), name


LINKS = ("household", "partner", "child", "parent")


# -- same everywhere ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy() -> tuple[Program, dict[str, Any]]:
    """Return a program of some dozens of cells, and what it leaves on one thread."""
    world = program(3000, 6, schemes=("full", "decaying"), scale=3.0)
    assert len(world.cells) > 40
    return world, flat(lived(world))


@pytest.mark.parametrize("chunk", [1, 2, 5, None])
@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_threads_and_chunks_change_nothing(
    busy: tuple[Program, dict[str, Any]], threads: int, chunk: int | None
) -> None:
    """Any number of threads and any chunk leave the same tables, states, letters, news and allotments."""
    world, left = busy
    assert differences(left, flat(lived(world, threads=threads, chunk=chunk))) == []


@pytest.mark.parametrize("threads", [1, 3])
def test_room_changes_nothing(
    busy: tuple[Program, dict[str, Any]], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work arrays, pools and mail bags that are far too small grow, and change nothing."""
    world, left = busy
    monkeypatch.setattr(Program, "pool_size", property(lambda self: 2))
    monkeypatch.setattr(Program, "work_size", property(lambda self: 16))
    monkeypatch.setattr(loop, "MAIL_SIZE", 4)
    assert differences(left, flat(lived(world, threads=threads))) == []


def _backwards(part: Any) -> Any:
    return {key: _backwards(part[key]) for key in reversed(part)} if isinstance(part, dict) else part


def test_the_order_of_a_file_changes_nothing(busy: tuple[Program, dict[str, Any]]) -> None:
    """Files written backwards compile to the same tables and live the same lives."""
    world, left = busy
    turned = program(
        3000,
        6,
        scale=3.0,
        schemes=[_backwards(FULL), _backwards(SCHEMES["decaying"])],
        conduct=_backwards(CONDUCT),
        sources=_backwards(SOURCES),
        doors=_backwards(DOORS),
    )
    assert turned.digest == world.digest
    assert differences(left, flat(lived(turned))) == []


def test_replicates_differ_and_repeat(busy: tuple[Program, dict[str, Any]]) -> None:
    """A replicate is its number: the same again when asked again, and unlike every other."""
    world, left = busy
    assert differences(left, flat(lived(world, 0))) == []
    first, again, second = (flat(lived(world, replicate)) for replicate in (1, 1, 2))
    assert differences(first, again) == []
    for one, other in ((left, first), (first, second)):
        assert {"0/place", "0/cell", "1/state/points", "0/news"} <= set(differences(one, other))


def test_seeds_differ() -> None:
    """Another seed is another world of the same people."""
    one, other = (flat(lived(program(640, 4, seed=seed))) for seed in (1, 2))
    assert "0/place" in differences(one, other)


# -- a scheme never reads the truth ------------------------------------------------------------------------


def _blind_to_truth() -> Parts:
    """Return files in which conduct and doors do not depend on the truth either, so that records are the same."""
    conduct = without(CONDUCT, "acts", "loan-default", "rate", "by")
    conduct = without(conduct, "acts", "volunteering", "rate", "by")
    return {"conduct": conduct, "doors": without(DOORS, "requests", "loan", "ordinary_refusal", "by")}


TOLD_BY_TRUTH = {"acts_unable", "entered_unable", "points_lost_unable", "refused_unable"}


@pytest.mark.parametrize("pair", [("full", "none"), ("decaying", "full")])
def test_a_scheme_never_reads_the_truth(pair: tuple[str, str]) -> None:
    """People of the same records and registers score the same, whatever is true of them."""
    people = society(960)
    others = with_truth_of(people, 3)
    hidden = (people.words != others.words).mean()
    assert hidden > 0.5
    one, other = (program(people=p, windows=10, schemes=pair, **_blind_to_truth()) for p in (people, others))
    first, second = lived(one), lived(other)
    for side in range(2):
        ours, theirs = named(one, first, side), named(other, second, side)
        changed = {key[1] for key in ours if not np.array_equal(ours[key], theirs[key])}
        assert changed <= TOLD_BY_TRUTH
        states = first.sides[side].state, second.sides[side].state
        for name in ("points", "wrong", "hold", "cap", "risk", "stress", "motive"):
            assert np.array_equal(*(getattr(state, name) for state in states)), name
        # The other four bits say what only we know: which entries are those of inability.
        assert np.array_equal(*(state.hold_why & 15 for state in states))
    assert any(total(one, first, "acts_unable", side)["loan-default"] > 0 for side in range(2))


def test_a_condition_cannot_name_a_truth() -> None:
    """A rule that asks for a truth is refused, and no compiled condition reads one."""
    for truth in ("ability", "will"):
        level = {"ability": "none", "will": "never"}[truth]
        prying = with_(FULL, f'{truth} == "{level}"', "rules", "drunk", "when")
        with pytest.raises(FileFaults, match="truth"):
            program(64, 1, schemes=[prying])
    world = program(64, 1, schemes=("full", "decaying"))
    assert _truths_read(world) == []
    assert any(rules.rule[:, U_WHEN].max() >= 0 for rules in world.sides)


def _truths_read(world: Program) -> list[str]:
    traits = list(world.names.traits)
    read = [
        traits[arg].name
        for scheme in world.schemes
        for op, arg in scheme.code.reshape(-1, 2).tolist()
        if op == 2 and traits[arg].sees == "truth"
    ]
    return sorted(set(read))


# -- nothing is lost in the count --------------------------------------------------------------------------


@settings(max_examples=30)
@given(
    off=st.sets(st.sampled_from(MECHANISMS), max_size=6),
    seed=SEEDS,
    schemes=st.sampled_from([("full", "none"), ("decaying", "full")]),
    windows=st.integers(1, 14),
)
def test_nothing_is_lost_in_the_count(off: set[str], seed: int, schemes: tuple[str, str], windows: int) -> None:
    """Points, mail, requests, records and people add up, on every side of every program."""
    world = program(500, windows, schemes=schemes, off=off, seed=seed, scale=2.0)
    outcome = lived(world)
    for s, side in enumerate(outcome.sides):

        def of(measure: str, s: int = s) -> dict[str, int]:
            return total(world, outcome, measure, s)

        assert side.state is not None
        in_files = side.state.points.sum(axis=0, dtype=np.int64).tolist()
        gained, lost, returned = of("points_gained"), of("points_lost"), of("points_returned")
        assert in_files == [gained[d] - lost[d] + returned[d] for d in gained]
        assert of("mail_sent") == of("mail_received")
        assert sum(of("mail_sent").values()) == sum(len(letters) for letters in side.letters)
        refusals = ("ordinary", "score", "grade", "list", "scarce")
        for door, asked in of("requests").items():
            assert asked == of("granted")[door] + sum(of(f"refused_{why}")[door] for why in refusals)
        assert _graded(world, side, s) == side.scores.sum(axis=1).tolist()
        everybody = {
            table: getattr(side, table).sum(axis=tuple(range(getattr(side, table).ndim - 1))) for table in TABLES
        }
        flows = world.catalogues[s].flows
        for table in TABLES:
            assert np.array_equal(everybody[table][:flows], everybody["place"][:flows]), table


TABLES = ("place", "group", "cell")


def _graded(world: Program, side: loop.SideOutcome, s: int) -> list[int]:
    grades = [c for c, (measure, _) in enumerate(world.catalogues[s].columns) if measure == "grade"]
    return [int(row[:, grades].sum()) for row in side.place]


def test_what_is_seen_is_written() -> None:
    """Where a source sees all and errs never, its records are the acts, window by window and place by place."""
    sources = SOURCES
    for source, kind in (("police", "red-light"), ("bank", "loan-default"), ("committee", "gossip")):
        sources = with_(sources, cited(1.0), "keepers", source, "records", kind, "coverage")
    world = program(640, 6, sources=sources, off=("false",), scale=2.0)
    for side in range(2):
        found = named(world, lived(world), side)
        for pair in ("police/red-light", "bank/loan-default", "committee/gossip"):
            written = found["place", "records", pair] + found["place", "records_wrong_person", pair]
            assert np.array_equal(written, found["place", "acts", pair.partition("/")[2]])
    blind = with_(sources, cited(0.0), "keepers", "police", "records", "red-light", "coverage")
    world = program(640, 6, sources=blind)
    outcome = lived(world)
    assert total(world, outcome, "records")["police/red-light"] == 0
    assert total(world, outcome, "records_false")["police/red-light"] > 0


def test_people_are_conserved() -> None:
    """Every citizen stands in one cell, one place and one group, and every subject has one grade."""
    world = program(1000, 3, schemes=("full", "none"))
    assert int(world.cells[:, 1].sum()) == 1000
    assert np.array_equal(np.bincount(world.place_of(np.arange(1000)), minlength=3), np.diff(world.society.place_start))
    outcome = lived(world)
    for window in range(3):
        adults = sum(world.is_adult(who, window) for who in range(1000))
        for s, side in enumerate(outcome.sides):
            assert _graded(world, side, s)[window] == adults


# -- monotone where the rulebook is ------------------------------------------------------------------------


HARSH = {**FULL, "rules": {name: one for name, one in FULL["rules"].items() if name != "volunteer"}}
HARSH = without(HARSH, "caps")
LOSSES = st.builds(
    lambda record, domain, low, high, term: rule(record, domain, [low, high] if low < high else low, term_months=term),
    st.sampled_from(sorted(CONDUCT["acts"])),
    st.sampled_from(["political", "commercial", "social", "legal"]),
    st.integers(-80, -41),
    st.integers(-40, -1),
    st.one_of(st.none(), st.integers(1, 12)),
)


@settings(max_examples=30)
@given(losses=st.lists(LOSSES, min_size=1, max_size=4), seed=SEEDS, windows=st.integers(2, 10))
def test_more_loss_raises_nobody(losses: list[Parts], seed: int, windows: int) -> None:
    """Where conduct is fixed and a rulebook only takes, one more loss raises nobody's score."""
    harsher = HARSH
    for at, loss in enumerate(losses):
        kept = {key: value for key, value in loss.items() if value is not None}
        harsher = with_(harsher, kept, "rules", f"extra-{at}")
    world = program(500, windows, schemes=(harsher, HARSH), off=RESPONSES, seed=seed, scale=2.0)
    ours, theirs = (_scores(world, lived(world), side) for side in range(2))
    assert (ours <= theirs).all()


@settings(max_examples=20)
@given(seed=SEEDS, share=st.floats(0, 1))
def test_more_watching_raises_nobody(seed: int, share: float) -> None:
    """Where conduct is fixed and a rulebook only takes, a source that sees more raises nobody's score."""
    less = with_(SOURCES, cited(0.6 * share), "keepers", "police", "records", "red-light", "coverage")
    off = (*RESPONSES, "wrong person")
    worlds = [program(500, 8, schemes=(HARSH,), sources=s, off=off, seed=seed, scale=2.0) for s in (SOURCES, less)]
    ours, theirs = (_scores(world, lived(world), 0) for world in worlds)
    assert (ours <= theirs).all()


def _scores(world: Program, outcome: loop.Outcome, side: int) -> np.ndarray[Any, Any]:
    state = outcome.sides[side].state
    assert state is not None
    return np.array([score_of(world.sides[side], points) for points in _lists(state.points)])


def _lists(points: Any) -> Iterable[list[int]]:
    return iter(points.tolist())


# -- small things ------------------------------------------------------------------------------------------


def test_a_school_is_asked_for_in_a_window_that_runs_into_the_next_year() -> None:
    """A month is found in the window that holds it, also where the window began in the year before."""
    doors = with_(DOORS, 1, "requests", "school", "scarce", "month")
    world = program(400, 8, doors=doors, months=3, start=date(2016, 2, 1))
    asked = named(world, lived(world))["place", "requests", "school"].sum(axis=1)
    assert (asked > 0).tolist() == [False, False, False, True, False, False, False, True]


def test_without_rules_nothing_is_refused_but_as_usual() -> None:
    """The world without a scheme refuses for ordinary reasons, and by lot where places are scarce."""
    world = program(640, 8, schemes=[NONE])
    outcome = lived(world)
    for measure in ("refused_score", "refused_grade", "refused_list", "posted", "mail_sent", "caught", "watched_acts"):
        assert sum(total(world, outcome, measure).values()) == 0, measure
    assert total(world, outcome, "refused_ordinary")["loan"] > 0
    assert total(world, outcome, "refused_scarce")["school"] > 0


def test_a_rule_out_of_force_moves_nobody() -> None:
    """A rule whose dates never meet the scenario's changes no score, not even by what people fear."""
    period = {"from": date(1999, 1, 1), "until": date(1999, 12, 31)}
    old = with_(FULL, rule("red-light", "legal", -300, valid=period), "rules", "red-light-long-gone")
    first, second = (lived(program(640, 8, schemes=(one, NONE))) for one in (FULL, old))
    assert np.array_equal(first.sides[0].scores, second.sides[0].scores)
    in_force = with_(FULL, rule("red-light", "legal", -300), "rules", "red-light-long-gone")
    third = lived(program(640, 8, schemes=(in_force, NONE)))
    assert not np.array_equal(first.sides[0].scores, third.sides[0].scores)


def test_who_is_not_scored_does_not_respond() -> None:
    """Where nobody consents, nobody is deterred, silenced or tempted: conduct is that of the world without."""
    asked = with_(FULL, {"share": 0.0, "status": "assumed"}, "consent")
    world = program(640, 8, schemes=(asked, NONE))
    outcome = lived(world)
    assert total(world, outcome, "acts", 0) == total(world, outcome, "acts", 1)
    everybody = program(640, 8, schemes=(FULL, NONE))
    assert total(everybody, lived(everybody), "acts", 0) != total(everybody, lived(everybody), "acts", 1)


def test_inability_on_a_list_is_counted() -> None:
    """A door that only a list closes counts who stands on the list for being unable to pay."""
    listed = with_(FULL, {"refuse": {"lists": ["debtors"]}, "status": "assumed"}, "doors", "flight")
    world = program(2000, 10, schemes=(listed, NONE), scale=3.0)
    outcome = lived(world)
    refused, unable = (total(world, outcome, name, 0)["flight"] for name in ("refused_list", "refused_unable"))
    assert 0 < unable <= refused
