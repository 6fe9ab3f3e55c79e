"""A small run in which much goes wrong: what the tests of replayed lives share."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from glasstown.lab.api import Run, run

STRICT = """
scheme: strict
title: A strict invention
status: assumed
start: {points: 100, status: assumed}
ceiling: 300
bands:
  good: {from: 100, status: assumed}
  fair: {from: 60, status: assumed}
  poor: {from: null, status: assumed}
caps:
  deeds: {points: 12, per: year, status: assumed}
consent: {share: 0.8, status: assumed}
decay: {points_per_month: 2, status: assumed}
rules:
  late-bill: {record: unpaid-utility, title: Paid a bill late, domain: commercial, points: [-20, -5], status: assumed}
  missed-rate: {record: loan-default, title: Missed a rate, domain: commercial, points: -15, status: assumed}
  litter: {record: littering, title: Dropped litter, domain: social, points: -5, status: assumed}
  praise: {record: praise-online, title: Praised, domain: political, points: 5, cap: deeds, status: assumed}
  helped: {record: volunteering, title: Helped, domain: social, points: 7, cap: deeds, status: assumed}
doors:
  loan: {refuse: {score_below: 80}, status: assumed}
  hotel: {refuse: {grades: [poor]}, status: assumed}
  school: {priority: score, status: assumed}
"""


def noisy_run(folder: Path, citizens: int = 384, years: int = 2) -> Run:
    """Run a small county under the score of Rongcheng, beside an invented scheme, with careless sources."""
    library = files("glasstown") / "library"
    sources = (library / "sources" / "china-county.yaml").read_text(encoding="utf-8")
    sources = re.sub(r"wrong_subject: \{value: [\d.]+, between: \[[\d., ]+\]", "wrong_subject: {value: 0.2", sources)
    sources = re.sub(r"share: \{value: 0.08, between: \[[\d., ]+\]", "share: {value: 0.4", sources)
    sources = re.sub(r"per_year: [\d.]+", "per_year: 0.1", sources)
    scenario = (library / "scenarios" / "rongcheng.yaml").read_text(encoding="utf-8")
    scenario = scenario.replace("sources: china-county", "sources: ./sources.yaml").replace(
        "pair: none", "pair: ./strict.yaml"
    )
    conduct = (library / "conducts" / "china-county.yaml").read_text(encoding="utf-8")
    conduct = re.sub(
        r"(judgment-default:(?:\n(?!    rate).*)*\n    rate:\n      per_year: )[\d.]+", r"\g<1>0.3", conduct
    )
    scenario = scenario.replace("conduct: china-county", "conduct: ./conduct.yaml")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("sources", sources),
        ("strict", STRICT.lstrip()),
        ("conduct", conduct),
        ("noisy", scenario),
    ):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return run(folder / "noisy.yaml", citizens=citizens, years=years, threads=1, out=folder / "run")
