"""What hangs on numbers that nobody outside knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import glasstown as gt
from glasstown.errors import BadValue
from glasstown.lab.answers import asked_at
from glasstown.lab.weights import Weights
from glasstown.show.cli import main

SMALL = {"citizens": 1500, "years": 1, "seed": 3, "threads": 1}


@pytest.fixture(scope="module")
def found() -> Weights:
    """Return what hangs on the unknown numbers of the platform's score."""
    return gt.weights("sesame", number=12, **SMALL)


def test_points_fill_the_ranges(found: Weights) -> None:
    """Each number is drawn over the whole of its range, and never beyond."""
    for at, one in enumerate(found.places):
        column = found.points[:, at]
        assert one.low <= column.min() <= one.low + (one.high - one.low) / 4
        assert one.high >= column.max() >= one.high - (one.high - one.low) / 4


def test_the_heaviest_weight_moves_most(found: Weights) -> None:
    """Who stands at the bottom hangs on the weight of the commercial domain: the more it counts, the more are poor."""
    rows = {row.result: row for row in found.hangs}
    poor = rows["grade poor"]
    assert poor.by == "domains.commercial.weight"
    assert poor.rank is not None
    assert poor.rank > 0.6
    assert poor.low <= poor.median <= poor.high
    assert any(name.startswith("favour: ") for name in rows)


def test_grades_depend_on_unknown_numbers(found: Weights) -> None:
    """As many citizens at least hang on the numbers as change their grade in any one draw."""
    moved = next(row for row in found.hangs if row.result.startswith("in another grade"))
    assert moved.taken == 0
    assert found.depend is not None
    assert 0 < moved.high <= 100 * found.depend <= 100


def test_draws_are_the_same_again(found: Weights) -> None:
    """The same seed gives the same points and the same table; more points begin with the same ones."""
    again = gt.weights("sesame", number=4, **SMALL)
    assert again.points.tolist() == found.points[:4].tolist()
    assert again.hangs[0].taken == found.hangs[0].taken


def test_no_ranges_is_said() -> None:
    """A scheme without ranges is told how to get some, and then has them."""
    with pytest.raises(BadValue, match="known only in a range") as caught:
        gt.weights("rongcheng", **SMALL)
    assert "--range" in caught.value.hint
    with pytest.raises(BadValue, match="cannot be used"):
        gt.weights("rongcheng", share=2.0, **SMALL)
    with pytest.raises(BadValue, match="draws must be"):
        gt.weights("sesame", number=1, **SMALL)


def test_command_says_the_same(found: Weights, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the table; as JSON, the same numbers."""
    words = ["weights", "sesame", "--draws", "4", "--citizens", "1500", "--years", "1", "--seed", "3", "--threads", "1"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["points"] == found.points[:4].tolist()
    assert main(words) == 0
    assert "domains.commercial.weight: 50 to 100, taken as 100" in capsys.readouterr().out


def test_a_run_says_what_is_in_ranges(tmp_path: Path) -> None:
    """A run's manifest and caveat name what is known only in ranges; ``why`` says so at the sums."""
    from glasstown.lab.findings import caveat

    run = gt.run("sesame", **SMALL, out=tmp_path / "run")
    told = {one["place"]: one for one in run.manifest["ranges"]}
    assert told["domains.commercial.weight"] == {
        "side": "scheme", "place": "domains.commercial.weight", "from": 50, "to": 100, "value": 100,
    }  # fmt: skip
    assert "4 numbers of the scheme are known only in ranges" in caveat(run.manifest)
    for number in range(400):
        one = run.citizen(number)
        asked = [] if one.is_minor else asked_at(one.life(0))
        text = str(one.why(door=one.words[0].names.doors[asked[-1].door])) if asked else ""
        if "Sums by domain: commercial" in text:
            assert "known only as 50 to 100 %" in text
            return
    raise AssertionError("nobody asked at a door")
