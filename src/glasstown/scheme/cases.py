"""Worked cases: files of records with the score that must come of them, beside a scheme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from datetime import date as day_of

from pydantic import Field

from ..cited import FileModel, Name, Reference
from ..errors import BadValue, UnknownName
from ..quantities import Trouble
from .score import Account, FiledRecord, score_records
from .types import BandName, Domain, SchemeModel

__all__ = ["Case", "CaseRecord", "CaseResult", "CasesModel", "check_cases", "run_cases"]


class CaseRecord(FileModel):
    """One record of a case, or several that are alike."""

    kind: Name
    source: Name
    date: date
    amount: int = Field(default=0, ge=0, le=255, description="Gravity that the officer wrote down.")
    late: int = Field(default=0, ge=0, le=4095, description="Days from the act to the record.")
    times: int = Field(default=1, ge=1, le=1000)
    repaired: bool = Field(default=False, description="Whether the subject applied for repair.")
    performed: day_of | None = Field(default=None, description="Day on which the subject did what was owed.")


class Case(FileModel):
    """One file and what must come of it."""

    title: str = ""
    subject: dict[Name, int | str] = Field(default_factory=dict)
    records: tuple[CaseRecord, ...] = ()
    on: date
    score: int
    grade: BandName | None = None
    domains: dict[Domain, int] | None = None
    lists: tuple[Name, ...] | None = Field(default=None, description="Lists on which the subject then stands.")
    source: str = Field(default="", description="Where the case was published; empty if worked out by hand.")
    note: str = ""


class CasesModel(FileModel):
    """A file of worked cases."""

    title: str = ""
    about: str = ""
    references: dict[str, Reference] = Field(default_factory=dict)
    cases: dict[Name, Case]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case; `differences` says where it is not what was written."""

    name: str
    case: Case
    account: Account | None
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Return whether the case came out as written."""
        return not self.differences


def check_cases(model: CasesModel) -> Iterator[Trouble]:
    """Yield place, message and hint for each source of a case that is not among the references."""
    for name, case in model.cases.items():
        if case.source and case.source not in model.references:
            error = UnknownName("reference", case.source, model.references)
            yield ("cases", name, "source"), error.message, error.hint


def run_cases(scheme: SchemeModel, cases: CasesModel) -> list[CaseResult]:
    """Reckon every case under a scheme, for a subject who is scored."""
    return [_run(scheme, name, case) for name, case in cases.cases.items()]


def _run(scheme: SchemeModel, name: str, case: Case) -> CaseResult:
    records = [
        FiledRecord(
            record.kind, record.source, record.date, record.amount, record.late, record.repaired, record.performed
        )
        for record in case.records
        for _ in range(record.times)
    ]
    try:
        account = score_records(scheme, records, case.subject, case.on)
    except BadValue as wrong:
        return CaseResult(name, case, None, (str(wrong),))
    out = []
    if account.score != case.score:
        out.append(f"the score is {account.score}, not {case.score}")
    if case.grade is not None and account.grade != case.grade:
        out.append(f"the grade is {account.grade}, not {case.grade}")
    for domain, points in (case.domains or {}).items():
        if account.domains[domain] != points:
            out.append(f"the {domain} domain has {account.domains[domain]} points, not {points}")
    listed = sorted(name for name in account.holds if name in scheme.lists)
    if case.lists is not None and listed != sorted(case.lists):
        out.append(f"the subject stands on {listed or 'no list'}, not on {sorted(case.lists) or 'none'}")
    return CaseResult(name, case, account, tuple(out))
