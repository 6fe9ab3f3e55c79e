"""Trust follows from what people live through, and from nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import pyarrow as pa
import pytest

from glasstown.errors import BadValue
from glasstown.lab.trust import trust

WINDOWS = 24
PEOPLE = {"east": 1000, "west": 3000}
KINDS = {
    "fraud": {"victim": "customer", "domain": "commercial"},
    "littering": {"victim": "public", "domain": "social"},
}
BANDS = ["low", "usual", "high"]


@dataclass
class Small:
    """A run of two places, with as many acts in every window on each side."""

    harms: Mapping[str, float]
    wrong: float = 0.0
    low: float = 0.1
    sides: tuple[str, ...] = ("scheme", "pair")
    luck: tuple[int, ...] = (0,)
    met: float | None = None

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what the run says of itself."""
        bands = {"scheme": BANDS, "pair": ["everybody"]}
        told = [{"name": name, "title": name, "bands": bands[name], "start": 1000} for name in self.sides]
        return {
            "title": "Small", "windows": WINDOWS, "window_months": 1, "replicates": len(self.luck), "kinds": KINDS,
            "sides": told,
        }  # fmt: skip

    def table(self, name: str) -> pa.Table:
        """Return one table."""
        if name == "population":
            rows = [{"place": place, "group": "all", "citizens": many} for place, many in PEOPLE.items()]
            return pa.Table.from_pylist(rows)
        rows = []
        for side, (replicate, more) in product(self.sides, enumerate(self.luck)):
            for window in range(WINDOWS):
                for place, many in PEOPLE.items():
                    counts = {
                        ("acts", "fraud"): self.harms[side] * many + (more if side == "scheme" else 0),
                        ("acts", "littering"): 7 * many,
                        ("refused_wrongly", "loan"): self.wrong * many if side == "scheme" else 0,
                        ("grade", BANDS[0] if side == "scheme" else "everybody"): self.low * many,
                        ("grade", BANDS[1] if side == "scheme" else "everybody"): (1 - self.low) * many,
                    }
                    if self.met is not None:
                        counts["harmed", "-"] = self.met * many if place == "east" else 0
                        counts["trust", "-"], counts["trust_counted", "-"] = 102 * many, many
                    for (measure, item), value in counts.items():
                        row = {"side": side, "replicate": replicate, "window": window, "place": place}
                        rows.append({**row, "measure": measure, "item": item, "value": round(value)})
        return pa.Table.from_pylist(rows)


def test_nothing_lived_through_nothing_lost() -> None:
    """Without harm trust stays where it is, whatever else people do."""
    found = trust(Small({"scheme": 0, "pair": 0}), usual=0.7)
    assert [side.trust for side in found.sides] == [pytest.approx((0.7,) * WINDOWS)] * 2
    assert found.even == 0


def test_harm_takes_its_share_and_time_brings_it_back() -> None:
    """Trust under a steady rate of harm stays at its closed form, and follows it where the rate is another."""
    rate, other, shock, half = 0.05, 0.02, 0.2, 12.0
    found = trust(Small({"scheme": other, "pair": rate}), usual=0.6, shock=shock, half_life=half)
    back = 1 - 0.5 ** (1 / half)

    def level(rate: float) -> float:
        return 0.6 * back / (1 - (1 - back) * math.exp(-shock * rate))

    scheme, pair = found.sides
    assert pair.trust == pytest.approx((level(rate),) * WINDOWS)
    fades = (1 - back) * math.exp(-shock * other)
    for window, now in enumerate(scheme.trust, 1):
        assert now == pytest.approx(level(other) + (level(rate) - level(other)) * fades**window)
    assert scheme.harmed == pytest.approx(1000 * 12 * other)
    assert found.even == 0


def test_a_wrong_refusal_costs_trust() -> None:
    """Of two equal societies the one that refuses by wrong records is the less trusting, unless nobody minds."""
    run = Small({"scheme": 0.02, "pair": 0.02}, wrong=0.05)
    scheme, pair = trust(run).sides
    assert scheme.end < pair.end
    scheme, pair = trust(run, wronged=0).sides
    assert scheme.end == pair.end


def test_belief_is_a_switch() -> None:
    """Who believes in the score trusts as the grades of the others tell; belief does nothing where nobody is graded."""
    run = Small({"scheme": 0.03, "pair": 0.02}, low=0.1)
    without, with_belief = trust(run), trust(run, belief=0.5)
    assert with_belief.sides[0].end > without.sides[0].end
    assert with_belief.sides[1] == without.sides[1]
    assert (
        trust(Small({"scheme": 0.03, "pair": 0.02}, low=0.49), usual=0.9, belief=0.5).sides[0].end
        < trust(Small({"scheme": 0.03, "pair": 0.02}, low=0.49), usual=0.9).sides[0].end
    )


def test_the_belief_that_makes_even_does_so() -> None:
    """At the belief that is told both sides end equally trusting; where none is enough, that is said."""
    run = Small({"scheme": 0.03, "pair": 0.02})
    even = trust(run).even
    assert even is not None
    assert 0 < even < 1
    scheme, pair = trust(run, belief=even).sides
    assert scheme.end == pytest.approx(pair.end)
    hopeless = trust(Small({"scheme": 0.3, "pair": 0.0}, low=0.4))
    assert hopeless.even is None
    assert "No belief" in str(hopeless)


def test_the_difference_has_an_interval_over_replicates() -> None:
    """Replicates that differ spread the interval around their mean, and equal ones leave none; one alone has none."""
    run = Small({"scheme": 0.02, "pair": 0.03}, luck=(-20, 0, 10, 30))
    found = trust(run).difference
    alone = [trust(Small({"scheme": 0.02, "pair": 0.03}, luck=(more,))).difference for more in run.luck]
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    values = [one.value for one in alone if one is not None]
    assert found.value == pytest.approx(sum(values) / 4)
    half = 3.182446 * math.sqrt(sum((value - found.value) ** 2 for value in values) / 3 / 4)
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half))
    assert alone[0] is not None
    assert alone[0].low is None
    same = trust(Small({"scheme": 0.02, "pair": 0.03}, luck=(0, 0, 0, 0))).difference
    assert same is not None
    assert same.low == pytest.approx(same.high)


def test_a_null_change_changes_nothing() -> None:
    """Two equal societies end equally trusting, whatever is assumed of harm."""
    for shock in (0.0, 0.1, 1.0):
        found = trust(Small({"scheme": 0.05, "pair": 0.05}), shock=shock)
        assert found.difference is not None
        assert found.difference.value == 0
        assert found.even == 0


def test_one_side_is_told_alone() -> None:
    """A run without a pair is told by itself."""
    found = trust(Small({"scheme": 0.02}, sides=("scheme",)))
    assert [side.side for side in found.sides] == ["scheme"]
    assert found.even is None
    assert found.sides[0].end == pytest.approx(found.first)


@pytest.mark.parametrize("wrong", [{"shock": 1.5}, {"belief": -0.1}, {"half_life": 0}, {"usual": 2}])
def test_what_is_no_share_is_refused(wrong: dict[str, float]) -> None:
    """Shares lie between 0 and 1, and a half-life above 0."""
    with pytest.raises(BadValue, match=next(iter(wrong)).replace("_", ".")):
        trust(Small({"scheme": 0, "pair": 0}), **wrong)


def test_harms_that_a_run_found_are_taken_where_they_fell() -> None:
    """Of a run that keeps trust, the people whom harm met lose it, not those of the place where it was done."""
    run = Small({"scheme": 0.02, "pair": 0.02}, met=0.04)
    scheme = trust(run).sides[0]
    assert scheme.harmed == pytest.approx(1000 * 12 * 0.04 * 1000 / 4000)
    assert scheme.low < scheme.high == pytest.approx(0.6)
    assert scheme.kept == pytest.approx(102 / 255)
    assert "40.00 with" in str(trust(run))
    assert trust(Small({"scheme": 0.02, "pair": 0.02})).sides[0].kept is None
