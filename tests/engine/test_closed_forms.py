"""Small worlds whose outcome is known in closed form: the model's numbers against the formula.

Every test states its formula. Acts, requests and false records are Poisson in time, thinned by independent words, so
counts over people are Poisson or binomial, and standard errors follow. A bound is four standard errors (one chance in
15,000 for each number); seeds are fixed, so a pass is a pass everywhere. Worlds have no responses and no ages.
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from tiny import (
    ASSUMED,
    CONDUCT,
    DOORS,
    NONE,
    Parts,
    cited,
    grown_ups,
    lived,
    named,
    program,
    rate,
    rule,
    society,
    total,
    with_,
)

from glasstown.clock import DAYS_PER_YEAR
from glasstown.conduct.types import RESPONSES
from glasstown.engine.compile_response import risk_table
from glasstown.engine.layout import ONE, RISK_STEPS, SEVERITY_STEPS
from glasstown.engine.loop import Outcome
from glasstown.engine.program import Program
from glasstown.scheme.types import term_days
from glasstown.society.build import Society

PEOPLE = 200_000
BOUND = 4.0
EXACT: Parts = {
    "title": "Police",
    "records": {"red-light": {"coverage": cited(1), "delay_days": [0, 0]}},
    "wrong_subject": cited(0),
    "stale": {"share": cited(0), "extra_days": cited(0)},
    "repair": cited(0),
    "objection": {"notice": cited(0), "objects": cited(0), "upheld": cited(0), "days": cited(0)},
}
"""A source that sees all, at once, and errs never."""


@pytest.fixture(scope="module")
def people() -> Society:
    return grown_ups(PEOPLE)


def police(*changes: tuple[Any, ...]) -> Parts:
    """Return the exact source with changes, each a value and the path at which it stands."""
    keeper = EXACT
    for value, *path in changes:
        keeper = with_(keeper, value, *path)
    return {"sources": "one", "title": "One", "keepers": {"police": keeper}}


def conduct(**acts: Parts) -> Parts:
    """Return a conduct of unmoved acts with these rates."""
    plain = {
        kind.replace("_", "-"): {"title": kind, "domain": "legal", "lawful": False, "rate": one}
        for kind, one in acts.items()
    }
    return {**CONDUCT, "acts": plain}


def scheme(one: Parts, **more: Any) -> Parts:
    """Return a scheme of one rule with room below and above."""
    return {**NONE, "scheme": "one", "floor": -20_000, "ceiling": 20_000, "rules": {"one": one}, **more}


ONE_DOOR: Parts = {**DOORS, "requests": {"flight": DOORS["requests"]["flight"]}}
LISTED: Parts = {"lists": {"offenders": {"title": "Offenders", "exit": "term", **ASSUMED}}}


def run(
    people: Society, windows: int, the_scheme: Parts, acts: Parts, sources: Parts, **more: Any
) -> tuple[Program, Outcome]:
    """Live a world without responses."""
    files = {"conduct": acts, "sources": sources, "doors": ONE_DOOR, **more}
    world = program(people=people, windows=windows, schemes=[the_scheme], off=RESPONSES, **files)
    return world, lived(world)


def state(outcome: Outcome) -> Any:
    """Return what is remembered of everybody at the end."""
    assert outcome.sides[0].state is not None
    return outcome.sides[0].state


def close(found: float, expected: float, error: float) -> None:
    """Hold a number to its expectation within the bound."""
    assert abs(found - expected) <= BOUND * error, f"{found:.6g}, expected {expected:.6g} ± {error:.2g}"


def shares(people: Society, trait: str) -> dict[str, int]:
    """Return how many people have each level of a trait."""
    return people.counts([trait])


# -- scores ------------------------------------------------------------------------------------------------------


def test_the_score_of_a_poisson_stream_with_expiry(people: Society) -> None:
    """Points p come at rate λ and stay T days: once T days have passed, the score is start + p N, N Poisson(λT).

    Mean start + pλT, with standard error |p| √(λT/n); variance p²λT, with standard error p² √((λT + 2(λT)²)/n),
    the fourth central moment of a Poisson count of mean m being m + 3m².
    """
    months, points, per_year = 6, -7, 5.0
    world, outcome = run(
        people,
        10,
        scheme(rule("red-light", "legal", points, term_months=months)),
        conduct(red_light=rate(per_year)),
        police(),
    )
    mean = per_year * term_days(months) / DAYS_PER_YEAR
    lost = state(outcome).points[:, 3].astype(np.float64)
    close(lost.mean(), points * mean, abs(points) * sqrt(mean / PEOPLE))
    close(lost.var(ddof=1), points**2 * mean, points**2 * sqrt((mean + 2 * mean**2) / PEOPLE))
    assert world.sides[0].start == 1000


def test_the_share_in_a_grade(people: Society) -> None:
    """Below the band from start - 2p are those with three postings or more: 1 - e^-m (1 + m + m²/2)."""
    bands = {"A": {"from": 980, **ASSUMED}, "B": {"from": None, **ASSUMED}}
    one = scheme(rule("red-light", "legal", -10, term_months=4), bands=bands)
    world, outcome = run(people, 8, one, conduct(red_light=rate(6.0)), police())
    mean = 6.0 * term_days(4) / DAYS_PER_YEAR
    share = 1 - exp(-mean) * (1 + mean + mean**2 / 2)
    last = named(world, outcome)["place", "grade", "B"][-1].sum()
    close(last / PEOPLE, share, sqrt(share * (1 - share) / PEOPLE))


def test_discretion_is_even_between_its_ends(people: Society) -> None:
    """An officer's choice between low and high is even: mean (low + high)/2, variance ((high - low + 1)² - 1)/12.

    The choice has 256 steps, so widths are taken that divide 256 evenly.
    """
    low, high = -8, -1
    one = scheme(rule("red-light", "legal", [low, high]))
    world, outcome = run(people, 12, one, conduct(red_light=rate(2.0)), police())
    posted = total(world, outcome, "posted")["one"]
    mean, variance = (low + high) / 2, ((high - low + 1) ** 2 - 1) / 12
    close(-total(world, outcome, "points_lost")["legal"] / posted, mean, sqrt(variance / posted))


def test_caps_hold_for_a_calendar_year(people: Society) -> None:
    """Of N records of 10 points under a cap of 20 a year, min(N, 2) count: 20 (1 - e^-m) - 10 m e^-m; then anew."""
    caps = {"tickets": {"points": 20, "per": "year", **ASSUMED}}
    one = scheme(rule("red-light", "legal", -10, cap="tickets"), caps=caps)
    for months, years in ((12, 1), (24, 2)):
        world, outcome = run(people, months, one, conduct(red_light=rate(2.0)), police())
        lost = -state(outcome).points[:, 3].astype(np.int64)
        assert lost.max() == 20 * years
        mean = 2.0 * world.clock.first_day(12) / DAYS_PER_YEAR
        full, half = 1 - exp(-mean) * (1 + mean), mean * exp(-mean)
        expected = 20 * full + 10 * half
        variance = 400 * full + 100 * half - expected**2
        close(lost.mean(), years * expected, 1.05 * sqrt(years * variance / PEOPLE))


def test_consent(people: Society) -> None:
    """With consent from a share c of n subjects, the number scored is binomial: n c, standard error √(n c (1 - c))."""
    one = scheme(rule("red-light", "legal", -1), consent={"share": 0.37, **ASSUMED})
    _, outcome = run(people, 1, one, conduct(red_light=rate(1.0)), police())
    close(int(outcome.sides[0].scores[0].sum()), 0.37 * PEOPLE, sqrt(PEOPLE * 0.37 * 0.63))


# -- errors ------------------------------------------------------------------------------------------------------


def test_the_share_wrongly_listed(people: Society) -> None:
    """A share w of the records of n people goes to one of the n at random, and falls due in the next window.

    Each has Poisson(μ) wrong entries, μ = λ w t, t the time in which letters were written whose entries still stand
    at the end: the share wrongly listed is 1 - e^-μ, binomial among n. With entries that last 4 months of 12, and a
    letter posted on the first day of the window after the act, the letters of the windows before the last whose first
    day is less than the term before the end count whole.
    """
    wrong, per_year, months, windows = 0.3, 2.0, 4, 12
    one = scheme(rule("red-light", "legal", 0, list="offenders", term_months=months), **LISTED)
    world, outcome = run(
        people, windows, one, conduct(red_light=rate(per_year)), police((cited(wrong), "wrong_subject"))
    )
    clock = world.clock
    end = clock.first_day(windows) - 1
    days = sum(clock.days(w) for w in range(windows - 1) if clock.first_day(w + 1) + term_days(months) > end)
    share = 1 - exp(-per_year * wrong * days / DAYS_PER_YEAR)
    close(((state(outcome).hold_why[:, 0] & 15) > 0).mean(), share, sqrt(share * (1 - share) / PEOPLE))


@pytest.mark.parametrize(("wrong", "needs"), [(0, False), (0, True), (1, True)])
def test_what_is_behind_an_entry(people: Society, wrong: int, needs: bool) -> None:
    """Where only those act who cannot pay, every entry is one of inability, or wrong if the register errs always."""
    acts = conduct(red_light=rate(0.5, ability={"tight": 0, "fair": 0, "ample": 0}))
    acts = with_(acts, needs, "acts", "red-light", "needs_ability")
    one = scheme(rule("red-light", "legal", 0, list="offenders", term_months=6), **LISTED)
    world, outcome = run(people, 12, one, acts, police((cited(wrong), "wrong_subject")))
    entered, wrongly, unable = (
        total(world, outcome, name)["offenders"] for name in ("entered", "entered_wrongly", "entered_unable")
    )
    assert entered > 1000
    assert (wrongly, unable) == (entered * wrong, entered * needs * (1 - wrong))


def test_what_a_list_predicts(people: Society) -> None:
    """The positive predictive value of a list: the share of the listed who did what they are listed for.

    Acts at λ, seen with coverage c, go into a wrong file with share w; false records come at f. Right entries are
    Poisson with mean a = λ c (1 - w) T, false ones with b = f T, wrong-person ones with d = λ c w t (t as in the
    test above). The value is (1 - e^-a) / (1 - e^-(a+b+d)), binomial among the listed.
    """
    per_year, seen, wrong, false, months, windows = 0.8, 0.4, 0.15, 0.05, 6, 12
    one = scheme(rule("red-light", "legal", 0, list="offenders", term_months=months), **LISTED)
    sources = police(
        (cited(seen), "records", "red-light", "coverage"),
        (cited(wrong), "wrong_subject"),
        ({"red-light": {"per_year": false, **ASSUMED}}, "false_records"),
    )
    world, outcome = run(people, windows, one, conduct(red_light=rate(per_year)), sources)
    clock, term = world.clock, term_days(months)
    end = clock.first_day(windows) - 1
    days = sum(clock.days(w) for w in range(windows - 1) if clock.first_day(w + 1) + term > end)
    right = per_year * seen * (1 - wrong) * term / DAYS_PER_YEAR
    others = false * term / DAYS_PER_YEAR + per_year * seen * wrong * days / DAYS_PER_YEAR
    listed = 1 - exp(-right - others)
    value = (1 - exp(-right)) / listed
    held, false_held = state(outcome).hold[:, 0], (state(outcome).hold_why[:, 0] & 15)
    close((held > 0).mean(), listed, sqrt(listed * (1 - listed) / PEOPLE))
    close((held > false_held)[held > 0].mean(), value, sqrt(value * (1 - value) / (held > 0).sum()))


def test_coverage_by_trait(people: Society) -> None:
    """Of m acts of a group that is seen with coverage c times its multiplier f, m c f are written down."""
    by = {"sex": {"male": 0.25}, "work": {"official": 1.5}}
    sources = police(({**cited(0.6), "by": by}, "records", "red-light", "coverage"))
    world, outcome = run(people, 6, scheme(rule("red-light", "legal", -1)), conduct(red_light=rate(2.0)), sources)
    tables = named(world, outcome)
    acts = tables["group", "acts", "red-light"].sum(axis=0)
    seen = tables["group", "records", "police/red-light"].sum(axis=0)
    for at, group in enumerate(world.group_names):
        share = 0.6 * (0.25 if "/male" in f"/{group}" else 1) * (1.5 if "official" in group else 1)
        close(seen[at] / acts[at], share, sqrt(share * (1 - share) / acts[at]))


def test_what_becomes_of_wrong_records(people: Society) -> None:
    """Of m wrong records m·notice are noticed, m·notice·objects objected to, m·notice·objects·upheld corrected."""
    mends = {"notice": cited(0.6), "objects": cited(0.5), "upheld": cited(0.7), "days": cited(30)}
    one = scheme(rule("red-light", "legal", -1))
    sources = police((cited(0.2), "wrong_subject"), (mends, "objection"))
    world, outcome = run(people, 12, one, conduct(red_light=rate(2.0)), sources)
    records, wrong = total(world, outcome, "records"), total(world, outcome, "records_wrong_person")
    written = sum(records.values()) + sum(wrong.values())
    close(sum(wrong.values()) / written, 0.2, sqrt(0.2 * 0.8 / written))
    before = sum(wrong.values())
    for measure, share in (("noticed", 0.6), ("objected", 0.5), ("corrected", 0.7)):
        count = total(world, outcome, measure)["police"]
        close(count / before, share, sqrt(share * (1 - share) / before))
        before = count


def test_corrections_end_wrong_entries(people: Society) -> None:
    """Of false entries at f a share q, put right, ends after D days, others at term T: f (q D + (1 - q) T) stand."""
    per_year, share, days, months = 3.0, 0.6 * 0.5 * 0.8, 18, 6
    one = scheme(rule("red-light", "legal", 0, list="offenders", term_months=months), **LISTED)
    mends = {"notice": cited(0.6), "objects": cited(0.5), "upheld": cited(0.8), "days": cited(days)}
    sources = police(
        (cited(0), "records", "red-light", "coverage"),
        ({"red-light": {"per_year": per_year, **ASSUMED}}, "false_records"),
        (mends, "objection"),
    )
    _, outcome = run(people, 10, one, conduct(red_light=rate(1.0)), sources)
    mean = per_year * (share * days + (1 - share) * term_days(months)) / DAYS_PER_YEAR
    close(state(outcome).hold[:, 0].mean(), mean, sqrt(mean / PEOPLE))


def test_stale_entries_stay_longer(people: Society) -> None:
    """A share s of the entries stays E days beyond its term T: the mean number that stand is λ (T + s E)."""
    per_year, months, share, extra = 3.0, 3, 0.25, 60
    one = scheme(rule("red-light", "legal", 0, list="offenders", term_months=months), **LISTED)
    stale = {"share": cited(share), "extra_days": cited(extra)}
    _, outcome = run(people, 8, one, conduct(red_light=rate(per_year)), police((stale, "stale")))
    mean = per_year * (term_days(months) + share * extra) / DAYS_PER_YEAR
    close(state(outcome).hold[:, 0].mean(), mean, sqrt(mean / PEOPLE))
    stood = per_year * share * extra / DAYS_PER_YEAR
    close((state(outcome).hold_why[:, 0] & 15).mean(), stood, sqrt(stood / PEOPLE))


def test_repair_ends_entries_sooner(people: Society) -> None:
    """A share r asks for repair after R days and the rest wait for the term T: λ (r R + (1 - r) T) entries stand."""
    per_year, share = 3.0, 0.4
    one = rule("red-light", "legal", 0, list="offenders", term_months=6, repair_after_months=2)
    _, outcome = run(
        people, 10, scheme(one, **LISTED), conduct(red_light=rate(per_year)), police((cited(share), "repair"))
    )
    mean = per_year * (share * term_days(2) + (1 - share) * term_days(6)) / DAYS_PER_YEAR
    close(state(outcome).hold[:, 0].mean(), mean, sqrt(mean / PEOPLE))


def test_records_come_late(people: Society) -> None:
    """With a delay of 20 days, posted by the end are the acts of all but the last 20: Poisson, mean λ n (t - 20)."""
    one = scheme(rule("red-light", "legal", -1))
    late = police(([20, 20], "records", "red-light", "delay_days"))
    world, outcome = run(people, 3, one, conduct(red_light=rate(2.0)), late)
    days = world.clock.first_day(3) - 20
    mean = 2.0 * PEOPLE * days / DAYS_PER_YEAR
    close(total(world, outcome, "posted")["one"], mean, sqrt(mean))
    spread = police(([0, 40], "records", "red-light", "delay_days"))  # even between its ends: 20 at the mean
    world, outcome = run(people, 3, one, conduct(red_light=rate(2.0)), spread)
    close(total(world, outcome, "posted")["one"], mean, sqrt(mean))


# -- doors ---------------------------------------------------------------------------------------------------------


def test_ordinary_refusals(people: Society) -> None:
    """Requests at ρ are refused with share q times a multiplier: Poisson with mean ρ t Σ q·m(level)·people(level)."""
    factors = {"none": 4.0, "tight": 2.0, "fair": 1.0, "ample": 0.25}
    loan = {
        **DOORS["requests"]["loan"],
        "rate": rate(1.5),
        "ordinary_refusal": {"share": 0.12, "by": {"ability": factors}, **ASSUMED},
    }
    doors = {**DOORS, "requests": {"loan": loan}}
    world, outcome = run(people, 12, NONE, conduct(red_light=rate(1.0)), police(), doors=doors)
    years = world.clock.first_day(12) / DAYS_PER_YEAR
    asked = 1.5 * years * PEOPLE
    close(total(world, outcome, "requests")["loan"], asked, sqrt(asked))
    refused = 1.5 * years * sum(0.12 * factors[level] * count for level, count in shares(people, "ability").items())
    close(total(world, outcome, "refused_ordinary")["loan"], refused, sqrt(refused))


def test_scarce_places(people: Society) -> None:
    """As many are let in as there are places, and whoever asks beyond them is not; asked for in one month a year."""
    school = with_(DOORS["requests"]["school"], rate(0.4), "rate")
    doors = {**DOORS, "requests": {"school": school}}
    world, outcome = run(people, 15, NONE, conduct(red_light=rate(1.0)), police(), doors=doors)
    found = named(world, outcome)
    asked = found["place", "requests", "school"].sum(axis=1)
    assert np.flatnonzero(asked).tolist() == [2, 14]
    for window in (2, 14):
        close(asked[window], 0.4 * PEOPLE, sqrt(0.4 * PEOPLE))
        assert found["place", "granted", "school"][window].sum() == round(0.150 * PEOPLE)


def test_a_better_score_goes_first(people: Society) -> None:
    """Of k places, k (1 - c) go to others than by lot where c of those who ask have lost nothing, and they go first."""
    school = with_(DOORS["requests"]["school"], rate(0.4), "rate")
    found = []
    for priority in ("lottery", "score"):
        one = scheme(rule("red-light", "legal", -10), doors={"school": {"priority": priority, **ASSUMED}})
        doors = {**DOORS, "requests": {"school": school}}
        world, outcome = run(people, 3, one, conduct(red_light=rate(2.0)), police(), doors=doors)
        assert named(world, outcome)["place", "granted", "school"][2].sum() == round(0.150 * PEOPLE)
        found.append(total(world, outcome, "refused_passed_on")["school"])
    first, end = (2.0 * world.clock.first_day(window) / DAYS_PER_YEAR for window in (2, 3))
    clean, places = (exp(-first) - exp(-end)) / (end - first), 0.150 * PEOPLE
    assert found[0] == 0
    close(found[1], places * (1 - clean), sqrt(places * clean * (1 - clean)))


def test_a_favour_goes_with_the_score(people: Society) -> None:
    """Whoever lost points has the favour no more: of those who ask at t, e^(-λt) have lost none and are granted it."""
    favour = {**DOORS["requests"]["flight"], "rate": rate(1.5), "privilege": True}
    favour["ordinary_refusal"] = {"share": 0.0, **ASSUMED}
    doors = {"flight": {"refuse": {"score_below": 1000}, **ASSUMED}}
    one = scheme(rule("red-light", "legal", -10), doors=doors)
    given = {**DOORS, "requests": {"flight": favour}}
    world, outcome = run(people, 6, one, conduct(red_light=rate(4.0)), police(), doors=given)
    granted, asked = (total(world, outcome, measure)["flight"] for measure in ("granted", "requests"))
    end = 4.0 * world.clock.first_day(6) / DAYS_PER_YEAR
    kept = (1 - exp(-end)) / end
    close(granted / asked, kept, 1.5 * sqrt(kept * (1 - kept) / asked))
    assert total(world, outcome, "refused_score")["flight"] == 0


# -- acts ----------------------------------------------------------------------------------------------------------


def test_how_often_people_act() -> None:
    """Acts of a kind are Poisson with mean Σ rate × multipliers × time over the adults of each window, as they age."""
    people = society(PEOPLE)
    world = program(people=people, windows=14, schemes=["none"], off=RESPONSES, seed=11)
    counted = total(world, lived(world), "acts")
    age, columns = people.column("age").astype(np.int64), {t.name: people.column(t.name) for t in people.traits}
    for kind, act in CONDUCT["acts"].items():
        mean = 0.0
        for window in range(14):
            then = age + world.years_elapsed(window)
            each = np.where(then >= 18, act["rate"]["per_year"] * world.clock.days(window) / DAYS_PER_YEAR, 0.0)
            for name, by in act["rate"]["by"].items():
                table = np.array(people.traits[name].table(by))
                each *= table[then if name == "age" else columns[name]]
            mean += float(each.sum())
        close(counted[kind], mean, sqrt(mean))


def test_acts_of_one_person_are_poisson(people: Society) -> None:
    """Counts of one person are Poisson: their variance over people is their mean, and neighbours are independent.

    The variance has standard error √((m + 2m²)/n); the covariance of neighbours m/√n.
    """
    one = scheme(rule("red-light", "legal", -1))
    _, outcome = run(people, 12, one, conduct(red_light=rate(4.0)), police())
    counts = -state(outcome).points[:, 3].astype(np.float64)
    mean = 4.0 * 366 / DAYS_PER_YEAR
    close(counts.mean(), mean, sqrt(mean / PEOPLE))
    close(counts.var(ddof=1), mean, sqrt((mean + 2 * mean**2) / PEOPLE))
    off = counts - counts.mean()
    close(float((off[::2] * off[1::2]).mean()), 0.0, mean / sqrt(PEOPLE / 2))


def test_kinds_are_independent(people: Society) -> None:
    """Counts of two kinds have no covariance: 0, with standard error √(m₁ m₂ / n)."""
    rules = {"one": rule("red-light", "legal", -1), "two": rule("jaywalking", "social", -1)}
    seen = {kind: {"coverage": cited(1), "delay_days": [0, 0]} for kind in ("red-light", "jaywalking")}
    acts = conduct(red_light=rate(3.0), jaywalking=rate(3.0))
    _, outcome = run(people, 12, {**scheme(rules["one"]), "rules": rules}, acts, police((seen, "records")))
    points = state(outcome).points.astype(np.float64)
    off = points - points.mean(axis=0)
    mean = 3.0 * 366 / DAYS_PER_YEAR
    close(float((off[:, 2] * off[:, 3]).mean()), 0.0, mean / sqrt(PEOPLE))


# -- responses, where they stand still ---------------------------------------------------------------------------------


def alone(people: Society, response: str, kind: str, one: Parts, **changes: Any) -> tuple[int, int]:
    """Return how often a kind is done under a scheme and without one, with one response on and nothing on file."""
    act = {**CONDUCT["acts"][kind], "rate": rate(4.0)}
    acts = {**CONDUCT, "acts": {kind: act}}
    for name, value in changes.items():
        acts = with_(acts, cited(value), "response", *name.split("__"))
    blind = {kind: {"coverage": cited(0), "delay_days": [0, 0]}}
    world = program(
        people=people,
        windows=12,
        schemes=[one, NONE],
        conduct=acts,
        sources=police((blind, "records")),
        doors=ONE_DOOR,
        off=[other for other in RESPONSES if other != response],
    )
    outcome = lived(world)
    return total(world, outcome, "acts", 0)[kind], total(world, outcome, "acts", 1)[kind]


def test_what_incapacitation_leaves(people: Society) -> None:
    """In the worst band a share f of the acts is left, each by a lot of its own: binomial among those of the pair."""
    bands = {"A": {"from": 1500, **ASSUMED}, "D": {"from": None, **ASSUMED}}
    one = scheme(rule("drunk-driving", "legal", -1), bands=bands)
    ours, pairs = alone(people, "incapacitation", "drunk-driving", one, incapacitation__factor=0.7)
    close(ours / pairs, 0.7, sqrt(0.7 * 0.3 / pairs))


def test_what_gaming_adds(people: Society) -> None:
    """Within reach of the next band there are 1 + g times as many good deeds: those of the pair, and Poisson more."""
    bands = {"A": {"from": 1040, **ASSUMED}, "D": {"from": None, **ASSUMED}}
    near, far = (scheme(rule("volunteering", "social", 1), bands=with_(bands, at, "A", "from")) for at in (1040, 1061))
    ours, pairs = alone(people, "gaming", "volunteering", near, gaming__strength=0.5, gaming__reach=60)
    mean = 4.0 * PEOPLE * 366 / DAYS_PER_YEAR
    close(pairs, mean, sqrt(mean))
    close(ours - pairs, 0.5 * mean, sqrt(0.5 * mean))
    ours, pairs = alone(people, "gaming", "volunteering", far, gaming__strength=0.5, gaming__reach=60)
    assert ours == pairs


@pytest.mark.parametrize(
    ("response", "kind", "level"), [("deterrence", "red-light", "certainty"), ("silence", "criticise", "level")]
)
def test_nothing_is_given_up_without_fear(response: str, kind: str, level: str, people: Society) -> None:
    """Where nobody was ever caught and nobody fears it, nothing is given up, however grave the loss."""
    one = scheme(rule(kind, CONDUCT["acts"][kind]["domain"], -2000))
    changes = {f"{response}__{level}": 1.0, f"{response}__severity": 1.0, "start_risk": 0.0}
    ours, pairs = alone(people, response, kind, one, **changes)
    assert ours == pairs > 0


def test_steps_of_fear() -> None:
    """The table of what is given up runs from nothing to certainty and severity together, evenly in both."""
    table = risk_table(True, 0.25, 0.5).reshape(RISK_STEPS, SEVERITY_STEPS)
    assert (table[0] == ONE).all()
    assert table[-1, 0] == round(0.75 * ONE)
    assert table[-1, -1] == round(0.25 * ONE)
    assert (np.diff(table[1:], axis=0) < 0).all()
    assert (np.diff(table[1:], axis=1) <= 0).all()
    assert (risk_table(False, 0.25, 0.5) == ONE).all()


def test_a_graver_loss_deters_more() -> None:
    """Twenty points deter more than five: steps of severity are fine enough to tell small rules apart."""
    bands = {"A": {"from": 600, **ASSUMED}, "D": {"from": None, **ASSUMED}}
    mild, grave = (
        scheme(rule("red-light", "legal", -points), floor=0, ceiling=2000, bands=bands) for points in (5, 20)
    )
    worlds = [program(20_000, 12, schemes=(one, NONE)) for one in (mild, grave)]
    acts = [total(world, lived(world), "acts")["red-light"] for world in worlds]
    assert acts[1] < acts[0]
