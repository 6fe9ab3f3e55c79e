"""A small society and a small scheme, for tests of the scheme room."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from glasstown.clock import Clock
from glasstown.columns import Names, Traits
from glasstown.errors import Fault, FileFaults
from glasstown.files import Loaded, load_text
from glasstown.scheme.checks import check_file
from glasstown.scheme.types import SchemeModel

TRAITS = Traits.pack(
    [
        ("age", "Age", "register", (), True),
        ("party", "Party", "register", ("no", "yes"), False),
        ("occupation", "Occupation", "register", ("none", "farmer", "self-employed", "official"), False),
        ("has-car", "Has a car", "register", ("no", "yes"), False),
        ("dissent", "Dissent", "truth", ("none", "some", "open"), False),
    ]
)
NAMES = Names(
    kinds=("fraud", "loan-default", "red-light", "volunteering"),
    sources=("bank", "court", "police"),
    doors=("flight", "loan", "school"),
    traits=TRAITS,
)
COVERAGE = {"bank": {"loan-default"}, "court": {"loan-default", "fraud"}, "police": {"red-light", "fraud"}}
CLOCK = Clock(date(2016, 1, 1), 24)

TEXT = """\
scheme: small-town
title: Small town
status: assumed
references:
  paper: {cite: "A. Author, A paper, 2016", link: example.org}
start: {points: 1000, status: reported, source: paper}
floor: 0
ceiling: 2000
bands:
  A: {from: 960, status: assumed}
  B: {from: 800, status: assumed}
  C: {from: null, status: assumed}
caps:
  good-deeds: {points: 30, per: year, status: assumed}
lists:
  debtors: {title: Debtors, exit: term, status: assumed}
rules:
  red-light:
    {record: red-light, sources: [police], title: Red light, domain: legal, points: -5,
     term_months: 24, status: assumed}
  default:
    {record: loan-default, sources: [bank, court], title: Default, domain: commercial, points: [-50, -20],
     term_months: 24, repair_after_months: 6, status: reported, source: paper, article: Art 3}
  late-default:
    record: loan-default
    title: Late
    domain: commercial
    points: -10
    when: "late > 30 and source != 'court'"
    status: assumed
  swindler: {record: fraud, title: Swindler, domain: commercial, grade: C, term_months: 12, status: assumed}
  debtor:
    {record: fraud, sources: [court], title: Debtor, domain: legal, list: debtors, term_months: 12, status: assumed}
  volunteer:
    {record: volunteering, title: Volunteer, domain: social, points: 20,
     term_months: 12, cap: good-deeds, status: assumed}
doors:
  loan: {refuse: {grades: [C], score_below: 700}, status: assumed}
  flight: {refuse: {lists: [debtors]}, status: assumed}
  school: {priority: grade, status: assumed}
"""


@lru_cache(maxsize=64)
def small(text: str = TEXT) -> Loaded[SchemeModel]:
    """Return a scheme's text, loaded."""
    return load_text(text, SchemeModel, file="scheme.yaml")


def changed(*changes: tuple[str, str]) -> str:
    """Return the small scheme's text with replacements, each of which must change something."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def faults(text: str, **more: object) -> list[Fault]:
    """Return all that is wrong with a scheme's text, in its own terms and beside the society."""
    try:
        loaded = small(text)
    except FileFaults as wrong:
        return list(wrong.faults)
    return check_file(loaded, NAMES, **more)  # type: ignore[arg-type]
