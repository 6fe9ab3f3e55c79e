"""Numbers that nobody outside knows: what a run takes, what is refused, and what is put in their place."""

from __future__ import annotations

from datetime import date

import pytest
from scheme_kit import CLOCK, NAMES, changed, faults, small

from glasstown.files import load_text
from glasstown.scheme.compile import compile_scheme
from glasstown.scheme.patch import PatchModel, apply_patch
from glasstown.scheme.ranges import unknowns, widened, with_values
from glasstown.scheme.score import FiledRecord, score_records

RANGED = changed(
    ("floor: 0", "floor: 0\ndomains: {legal: {weight: {from: 20, to: 50}}}"),
    ("points: -10", "points: {from: -40, to: -10, assumed: -16}"),
    ("points: 30, per", "points: {from: 20, to: 40}, per"),
)


def test_a_run_takes_the_middle_or_what_is_assumed() -> None:
    """A range counts as its middle, or as the value that the file assumes, in files and in tables alike."""
    model = small(RANGED).value
    assert faults(RANGED) == []
    assert (model.weight("legal"), model.caps["good-deeds"].most, model.rules["late-default"].low) == (35, 30, -16)
    tables = compile_scheme(model, NAMES, CLOCK)
    assert tables.weights.tolist() == [100, 100, 100, 35]
    assert tables.cap_limit.tolist() == [30]
    assert int(tables.rule_low[tables.rule_names.index("late-default")]) == -16
    record = FiledRecord("red-light", "police", date(2016, 2, 1), 0, 0)
    subject = {"age": 30, "occupation": "none"}
    assert score_records(model, [record] * 2, subject, date(2016, 6, 1)).score == 1000 - (10 * 35 + 99) // 100


def test_unknown_numbers_are_found_and_can_be_set() -> None:
    """Every range is found with its place; a number in its place leaves no range and changes nothing else."""
    model = small(RANGED).value
    found = {one.name: (one.low, one.high, one.value) for one in unknowns(model)}
    assert found == {
        "domains.legal.weight": (20, 50, 35),
        "caps.good-deeds.points": (20, 40, 30),
        "rules.late-default.points": (-40, -10, -16),
    }
    settled = with_values(model, {one.place: one.value for one in unknowns(model)})
    assert unknowns(settled) == ()
    assert compile_scheme(settled, NAMES, CLOCK).weights.tolist() == [100, 100, 100, 35]


def test_weights_can_be_widened() -> None:
    """A scheme without ranges gets one for each weight that counts something, from nothing to twice itself."""
    for share, ends in ((0.5, (50, 150)), (1.0, (0, 200))):
        assert {one.name: (one.low, one.high) for one in widened(small().value, share)} == {
            "domains.commercial.weight": ends,
            "domains.social.weight": ends,
            "domains.legal.weight": ends,
        }


@pytest.mark.parametrize(
    ("written", "place", "said", "pointed"),
    [
        ("{from: 50, to: 20}", "domains.legal.weight.to", "the range from 50 to 20 is empty", "20}"),
        ("{from: 50, to: 50}", "domains.legal.weight.to", "no range", "50}"),
        ("{from: 20, to: 50, assumed: 60}", "domains.legal.weight.assumed", "60 is not between 20 and 50", "60}"),
        ("{from: 20, to: 500}", "domains.legal.weight.to", "at most 200", "500}"),
        ("{from: 20, to: 50, status: reported}", "domains.legal.weight", "reported without a source", "weight"),
        ("{from: 20, too: 50}", "domains.legal.weight.to", "missing", "weight"),
        ("[20, 50]", "domains.legal.weight", "belongs here", "weight"),
    ],
)
def test_what_a_range_cannot_be(written: str, place: str, said: str, pointed: str) -> None:
    """An empty range, one that is none, and what lies outside are found where they stand."""
    found = faults(changed(("floor: 0", f"floor: 0\ndomains: {{legal: {{weight: {written}}}}}")))
    mine = [one for one in found if one.path == place and said in one.message]
    assert mine, found
    line = small_line(mine[0].line, written)
    assert line[mine[0].column - 1 :].startswith(pointed or written), (mine, line)


def small_line(number: int, written: str) -> str:
    """Return one line of the scheme with a range written into it."""
    return changed(("floor: 0", f"floor: 0\ndomains: {{legal: {{weight: {written}}}}}")).split("\n")[number - 1]


def test_a_patch_can_set_a_range() -> None:
    """A patch puts a range in place of a number."""
    text = (
        "patch: dim\ntitle: Dim\nof: small-town\nchange:\n"
        "  - set: {domains: {legal: {weight: {from: 10, to: 30}}}}\n"
        "  - rule: red-light\n    set: {points: {from: -9, to: -1}}\n"
    )
    model = apply_patch(small().value, load_text(text, PatchModel, file="patch.yaml"))
    assert (model.weight("legal"), model.rules["red-light"].low) == (20, -5)
