"""The worked case of Suining that was in the newspapers."""

from __future__ import annotations

from pathlib import Path

from ...engine.scenario import load_side
from ...files import load
from ...scheme.cases import CasesModel, run_cases
from .rows import Replication, Row, verdict

__all__ = ["replication"]

SOURCE = "China Daily, 30 March 2010"
CASE = "fourteen-missed-repayments"


def replication(citizens: int = 0) -> Replication:
    """Reckon the case by the rules of the library; nobody is simulated."""
    side = load_side("suining-2010")
    cases = load(Path(side.files[0].file).with_name("cases.yaml"), CasesModel).value
    account = next(one for one in run_cases(side.model, cases) if one.name == CASE).account
    assert account is not None
    lost = [posting.points for posting in account.postings]
    rows = (
        Row(
            "points lost",
            "420",
            f"{-sum(lost)}",
            f"{abs(420 + sum(lost))}",
            verdict(-sum(lost), 420, 420),
            "arithmetic",
            SOURCE,
        ),
        Row("points for one missed repayment", "30 (420 / 14)", f"{-lost[0]}", "0", "agrees", "calibrated", SOURCE),
        Row(
            "score",
            "580 (1,000 - 420)",
            f"{account.score}",
            f"{abs(580 - account.score)}",
            verdict(account.score, 580, 580),
            "arithmetic",
            SOURCE,
        ),
        Row("grade", "D", account.grade, "-", verdict(account.grade == "D", 1, 1), "predicted", SOURCE),
    )
    return Replication(
        "suining-case",
        "Suining: fourteen missed repayments",
        "A resident of Suining missed fourteen repayments in January and February 2010, lost 420 points and was "
        "labelled D. "
        "The file of the scheme is reckoned with these records.",
        rows,
        (
            "The 30 points for one repayment stand in our file because 420 / 14 is 30: that row is no evidence.",
            "The threshold of D is known from elsewhere; that 580 falls under it is the one thing that could have "
            "failed.",
        ),
    )
