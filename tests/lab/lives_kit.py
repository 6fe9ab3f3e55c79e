"""Small runs in which much goes wrong: what the tests of replayed lives share."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


TRUST = """  trust:
    start: {value: 0.6, status: assumed}
    shock: {value: 0.2, status: assumed}
    wronged: {value: 0.3, status: assumed}
    half_life_months: {value: 12, status: assumed}
    strength: {value: 1, status: assumed}
    belief: {value: 0.5, status: assumed}
"""
"""What is added to a conduct's file, the response at its end."""


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
    conduct = conduct.replace("responds: [gaming, crowding-out]", "responds: [gaming, crowding-out, trust]") + TRUST
    scenario = scenario.replace("conduct: china-county", "conduct: ./conduct.yaml")
    texts = {"sources": sources, "strict": STRICT, "conduct": conduct, "noisy": scenario}
    return _kept(folder, texts, "noisy", citizens=citizens, years=years)


HAMLET = {
    "society": """
society: hamlet
title: A hamlet
size: {citizens: 128, status: assumed}
places: {upper-end: {title: Upper End}, lower-end: {title: Lower End}}
traits:
  age: {title: Age in years, sees: register, ages: true, oldest: 90}
  sex: {title: Sex, sees: register, levels: [female, male]}
  partner: {title: Lives with a partner, sees: register, levels: ["no", "yes"]}
  ability: {title: Ability to pay, sees: truth, levels: [none, tight, fair, ample]}
margins:
  - {over: [place], shares: {upper-end: 0.5, lower-end: 0.5}, status: assumed}
  - over: [age, sex]
    shares: {10-17: {female: 0.1, male: 0.1}, 18-59: {female: 0.3, male: 0.3}, 60+: {female: 0.1, male: 0.1}}
    status: assumed
chances:
  partner: {by: [age], minors: "no", table: {18+: {"yes": 0.6, "no": 0.4}}, status: assumed}
  ability: {table: {all: {none: 0.25, tight: 0.25, fair: 0.25, ample: 0.25}}, status: assumed}
households: {couples: {status: assumed}}
groups: [sex]
""",
    "conduct": """
conduct: hamlet
title: Conduct in a hamlet
acts:
  bill:
    {title: Pays a bill late, domain: commercial, lawful: false, needs_ability: true,
      rate: {per_year: 2, status: assumed},
     responds: [deterrence, stress]}
  ride: {title: Rides without a ticket, domain: legal, lawful: false,
      rate: {per_year: 1, status: assumed}, responds: [deterrence]}
  moan: {title: Complains aloud, domain: political, lawful: true, speech: true,
      rate: {per_year: 1, status: assumed}, responds: [silence]}
  help: {title: Helps a neighbour, domain: social, lawful: true, good: true,
      rate: {per_year: 1, status: assumed}, responds: [gaming]}
response:
  start_risk: {value: 0.3, status: assumed}
  deterrence: {certainty: {value: 0.5, status: assumed}, severity: {value: 0.3, status: assumed}}
  silence: {level: {value: 0.5, status: assumed}, severity: {value: 0.3, status: assumed}}
  stress: {strength: {value: 0.5, status: assumed}, per_refusal: {value: 0.2, status: assumed},
      half_life_months: {value: 6, status: assumed}}
  gaming: {strength: {value: 1, status: assumed}, reach: {value: 20, status: assumed}}
  crowding-out: {strength: {value: 0, status: assumed}, recovery_months: {value: 6, status: assumed}}
  incapacitation: {factor: {value: 1, status: assumed}}
""",
    "sources": """
sources: hamlet
title: Two offices
keepers:
  shop:
    title: The shop
    records: {bill: {coverage: {value: 0.8, status: assumed}, delay_days: [0, 20]}}
    wrong_subject: {value: 0.2, status: assumed}
    stale: {share: {value: 0.4, status: assumed}, extra_days: {value: 60, status: assumed}}
    repair: {value: 0.3, status: assumed}
    objection: &none
  warden:
    title: The warden
    records:
      ride: {coverage: {value: 0.5, status: assumed}, delay_days: [1, 40]}
      moan: {coverage: {value: 0.6, status: assumed}, delay_days: [0, 0]}
      help: {coverage: {value: 0.6, status: assumed}, delay_days: [3, 9]}
    wrong_subject: {value: 0.1, status: assumed}
    false_records: {ride: {per_year: 0.2, status: assumed}}
    stale: {share: {value: 0.2, status: assumed}, extra_days: {value: 60, status: assumed}}
    repair: {value: 0, status: assumed}
    objection: &none
""".replace(
        "&none",
        "{notice: {value: 0.5, status: assumed}, objects: {value: 0.8, status: assumed}, "
        "upheld: {value: 0.8, status: assumed}, days: {value: 30, status: assumed}}",
    ),
    "doors": """
doors: hamlet
title: Three doors
requests:
  credit:
    {title: Credit at the shop, domain: commercial,
      rate: {per_year: 2, status: assumed}, ordinary_refusal: {share: 0.1, status: assumed}}
  bus: {title: A seat on the bus, domain: legal,
      rate: {per_year: 2, status: assumed}, ordinary_refusal: {share: 0, status: assumed}}
  camp:
    {title: A place in the summer camp, domain: social, for: child, rate: {per_year: 0.5, status: assumed},
     ordinary_refusal: {share: 0, status: assumed},
     scarce: {places_per_1000: {value: 100, status: assumed}, month: 6}}
""",
    "ledger": """
scheme: ledger
title: The hamlet's ledger
status: assumed
references: {by-law: {cite: "The Hamlet, By-law on the ledger, 2015", link: example.org/by-law}}
start: {points: 100, status: assumed}
ceiling: 200
bands:
  green: {from: 100, status: assumed}
  amber: {from: 80, status: assumed}
  red: {from: null, status: assumed}
caps: {kindness: {points: 10, per: year, status: assumed}}
lists: {riders: {title: Those who ride without a ticket, exit: term, status: assumed}}
rules:
  late-bill:
    {record: bill, title: A bill paid late, domain: commercial,
      points: [-12, -6], term_months: 12, repair_after_months: 3,
     status: reported, source: by-law, article: Art 1}
  no-ticket:
    {record: ride, title: No ticket, domain: legal,
      points: -5, list: riders, term_months: 6, status: reported, source: by-law}
  loud: {record: moan, title: Disturbs the peace, domain: political, points: -8, term_months: 12, status: assumed}
  kind: {record: help, title: A kindness, domain: social, points: 6, cap: kindness, term_months: 12, status: assumed}
doors:
  credit: {refuse: {score_below: 85}, status: reported, source: by-law, article: Art 7}
  bus: {refuse: {lists: [riders], grades: [red]}, status: assumed}
  camp: {priority: score, status: assumed}
""",
    "none": "scheme: none\ntitle: No ledger\nstatus: assumed\nstart: {points: 100, status: assumed}\nceiling: 200\n",
    "hamlet": """
scenario: hamlet
title: A hamlet with a ledger
society: {use: ./society.yaml}
conduct: ./conduct.yaml
sources: ./sources.yaml
doors: ./doors.yaml
scheme: ./ledger.yaml
pair: ./none.yaml
start: 2016-01-01
years: 2
seed: 7
""",
}
"""A scenario of its own: nothing of it comes from the library, so that its stories change only when the model does."""


def hamlet_run(folder: Path) -> Run:
    """Run two years in a hamlet of 128."""
    return _kept(folder, HAMLET, "hamlet")


def _kept(folder: Path, texts: Mapping[str, str], scenario: str, **options: int) -> Run:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text.lstrip(), encoding="utf-8")
    return run(folder / f"{scenario}.yaml", threads=1, out=folder / "run", **options)
