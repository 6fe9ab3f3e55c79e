"""The court's list: fitted to what was published until 2018, held against 2019, and carried on to 2025."""

from __future__ import annotations

from .court_data import COMPLIED, ENTRIES_2018, HELD_OUT, LISTED, RATIO_2018, SOURCES
from .court_flow import CHAINS, RANGES, YEARS, Fitted, Flow, fitted, flow, quantiles
from .rows import How, Replication, Row, interval, verdict

__all__ = ["predictions", "replication"]

FIGURES = (
    ("stock", "on the list at the year's end"),
    ("entered", "new subjects"),
    ("left", "exits"),
    ("complied", "of these, complied"),
    ("flights", "flights refused"),
    ("trains", "fast trains refused"),
)
GRADED = 0.45
"""Entries under the scheme of 2025 beside that of 2017, as measured by ``court-list-people``."""


def replication(citizens: int = CHAINS) -> Replication:
    """Fit and predict; `citizens` is the number of settings that are carried on."""
    fit = fitted(citizens)
    found = fit.flow
    rows = [*_calibrated(found), *_held_out(found), *_predicted(found)]
    return Replication(
        "court-list",
        "The court's list: stock and flow",
        "The totals of the list of dishonest judgment debtors were published often until mid-2019. An account of "
        "entries and exits is fitted to the years to 2018 and carried on, under the rules of 2018, to the end of "
        "2025. Figures are in millions, with 90 per cent intervals.",
        tuple(rows),
        (
            f"{citizens:,} settings of {len(RANGES)} assumed ranges are carried on, drawn by how well they meet the "
            "totals until 2018. The ranges stand in `court_flow.py`, the totals in `court_data.py`.",
            "Two quantities must not be mixed: publications since 2013, which only grow, and who stands on the list "
            "now. How many of the publications are about somebody not yet listed is fitted to one figure, that of "
            "2018.",
            "The ratio of exits to entries is that of all lists together; the court's own was not seen.",
            '"More than 700,000", "nearly 13 million", "more than 14.5 million" and "nearly 6 million" are read as '
            "0.70, 12.90, 14.50 and 6.00.",
            "No figure of the list from 2020 on was at hand when the predictions were made, and the account knows of "
            "nothing that happened after 2018, not even that travel came to a stop in 2020. The refusals are a growth "
            "seen over two years and carried on: beyond 2020 they are worth little.",
            "The predictions stand in a file of their own (25 November 2026), with a variant in which days of grace "
            "and a look at assets bring entries down from 2020 to 2025, by as much as they do in `court-list-people`.",
        ),
        {"court-list-predictions.csv": predictions(fit)},
    )


def _calibrated(found: Flow) -> list[Row]:
    out = []
    for name, title, seen in (
        ("published", "published since 2013", LISTED),
        ("complied", "complied since 2013", COMPLIED),
    ):
        for day, value, _ in seen:
            out.append(_row(f"{title}, {day}", value, quantiles(found.at(name, day)), "calibrated", day))
    entered = quantiles(found.year("entered", 2018))
    out.append(_row("new subjects in 2018", ENTRIES_2018, entered, "calibrated", "report-2018"))
    ratio = quantiles(found.year("left", 2018) / found.year("entered", 2018))
    out.append(_row("exits over entries in 2018", RATIO_2018, ratio, "calibrated", "report-2018", ".3f"))
    share = quantiles(found.at("complied", "2018-12-31") / found.at("published", "2018-12-31"))
    out.append(_row("complied over published, end of 2018", 0.27, share, "calibrated", "2018-12-31", ".3f"))
    return out


def _held_out(found: Flow) -> list[Row]:
    titles = {
        "listed": "published since 2013",
        "flights": "flights refused since 2013",
        "trains": "trains refused since 2013",
    }
    out = []
    for name, seen in HELD_OUT.items():
        for day, value in seen:
            ours = found.at("published" if name == "listed" else name, day)
            out.append(_row(f"{titles[name]}, {day}", value, quantiles(ours), "held out", day))
    return out


def _predicted(found: Flow) -> list[Row]:
    out = []
    for year in YEARS:
        for name, title in FIGURES:
            q = quantiles(found.year(name, year))
            out.append(Row(f"{year}: {title}", "not at hand", interval(q, ".2f"), "–", "–", "predicted"))
    return out


def _row(what: str, published: float, q: list[float], how: How, source: str, form: str = ".2f") -> Row:
    far = f"{100 * (q[1] / published - 1):+.0f} %"
    agrees = verdict(published, q[0], q[2]) if how == "held out" else verdict(q[1], 0.9 * published, 1.1 * published)
    return Row(what, f"{published:{form}}", interval(q, form), far, agrees, how, SOURCES.get(source, ""))


def predictions(fit: Fitted) -> str:
    """Return the predictions as a table for machines: variant, year, figure, and quantiles in millions."""
    lines = ["variant,year,figure,unit,q05,q25,q50,q75,q95"]
    graded = flow(fit.values, GRADED)
    for variant, found in (("rules of 2018", fit.flow), ("graded practice from 2020", graded)):
        for year in YEARS:
            for name, title in FIGURES:
                q = quantiles(found.year(name, year), (0.05, 0.25, 0.5, 0.75, 0.95))
                lines.append(
                    ",".join([variant, str(year), title.replace(",", ""), "million", *(f"{v:.3f}" for v in q)])
                )
    return "\n".join(lines) + "\n"
