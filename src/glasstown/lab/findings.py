"""What a run found, gathered once: what the report and the page show, and the sentences on top of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..columns import CITIZEN
from ..measure.balance import Balance, BalanceRow, balance
from ..measure.conservation import Violation, violations
from ..measure.details import DoorRow, KindRow, at_end, by_door, by_kind, distribution, monthly
from ..measure.groups import Gap, GroupRate, gaps, rates_by_group
from ..measure.lines import BY_SCHEME
from ..measure.tallies import CellCounts, RunLike, plural_of, scored_subject, side_names, years_of
from ..measure.words import between, lasting, number, percent

__all__ = [
    "Balance",
    "BalanceRow",
    "DoorRow",
    "Findings",
    "GroupRate",
    "Headline",
    "KindRow",
    "RunLike",
    "between",
    "caveat",
    "findings",
    "lasting",
    "number",
    "percent",
]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
WRONGED = (
    "refused",
    "refused-out-of-context",
    "refused-unable",
    "refused-wrongly",
    "refused-passed-on",
    "graded-down-wrongly",
)


@dataclass(frozen=True, slots=True)
class Headline:
    """One finding in plain words.

    Attributes
    ----------
    figure : the number, as it is read.
    says : what the number is.
    sure : how sure it is, or why that cannot be said.
    tone : ``help``, ``harm`` or ``none``.
    """

    key: str
    figure: str
    says: str
    sure: str
    tone: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that is shown of a run.

    Attributes
    ----------
    bands : grades from worst to best.
    grades, speech : by side and item, one number for each window.
    scores : quantiles of the score, a row for each window.
    score_end : people by ten-point bin of the score at the end.
    wronged : lines of the balance sheet, the scheme's wrongs against people.
    broken : sums that do not come out; empty in a sound run.
    people : what those whom the scheme scores are called: citizens, companies, …
    """

    manifest: Mapping[str, Any]
    years: float
    balance: Balance
    summary: str
    headlines: tuple[Headline, ...]
    kinds: tuple[KindRow, ...]
    doors: tuple[DoorRow, ...]
    groups: tuple[GroupRate, ...]
    gaps: tuple[Gap, ...]
    bands: tuple[str, ...]
    grades: dict[str, dict[str, list[float]]]
    speech: dict[str, list[float]]
    scores: tuple[dict[str, Any], ...]
    score_end: dict[int, float]
    wronged: tuple[BalanceRow, ...]
    broken: tuple[Violation, ...]
    people: str = "citizens"

    @property
    def paired(self) -> bool:
        """Return whether there is another world to compare with."""
        return bool(self.balance.pair_title)


class _About:
    """The lines of a balance sheet about those whom the scheme scores."""

    def __init__(self, run: RunLike, sheet: Balance) -> None:
        subject = scored_subject(run)
        self.sheet, self.one, self.people = sheet, subject, plural_of(run.manifest, subject)
        self._prefix = "" if subject == CITIZEN else f"{subject}-"
        self._known = {row.key for row in sheet}

    def __contains__(self, key: str) -> bool:
        return self._prefix + key in self._known

    def __getitem__(self, key: str) -> BalanceRow:
        return self.sheet[self._prefix + key]


class _Held:
    """A run whose tables are read once: many findings come from one table."""

    def __init__(self, run: RunLike) -> None:
        self.manifest = run.manifest
        self._run = run
        self._tables: dict[str, Any] = {}
        self._cells: dict[str, CellCounts] = {}

    def table(self, name: str) -> Any:
        if name not in self._tables:
            self._tables[name] = self._run.table(name)
        return self._tables[name]

    def cell_counts(self, side: str) -> CellCounts:
        if side not in self._cells:
            self._cells[side] = CellCounts(self, side)
        return self._cells[side]


def findings(run: RunLike) -> Findings:
    """Gather what a run found."""
    run = _Held(run)
    first = side_names(run)[0]
    sheet, kinds = balance(run), tuple(by_kind(run))
    about = _About(run, sheet)
    doors = tuple(by_door(run))
    spread = tuple(gaps(run, BY_SCHEME, side=first))
    grades = monthly(run, ["grade"])
    speech = {side: _summed(items) for side, items in monthly(run, ["acts"], "lawful-speech").items()}
    return Findings(
        run.manifest,
        years_of(run),
        sheet,
        _summary(about),
        tuple(_headlines(about, spread)),
        kinds,
        doors,
        tuple(rates_by_group(run, BY_SCHEME, side=first)),
        spread,
        _bands(run, first, grades.get(first, {})),
        grades,
        {side: months for side, months in speech.items() if months},
        tuple(distribution(run, first, QUANTILES)),
        at_end(run, first),
        tuple(about[key] for key in WRONGED if key in about and about[key].scheme is not None),
        tuple(violations(run)),
        about.people,
    )


def _summed(items: Mapping[str, list[float]]) -> list[float]:
    return [sum(values) for values in zip(*items.values(), strict=True)]


def _bands(run: RunLike, side: str, held: Mapping[str, Any]) -> tuple[str, ...]:
    for told in run.manifest["sides"]:
        if told["name"] == side and told.get("bands"):
            return tuple(map(str, told["bands"]))
    return tuple(sorted(held, reverse=True))


def _change(about: _About, key: str) -> float | None:
    row = about[key]
    if row.pair is None or row.difference is None or not row.pair:
        return None
    return 100 * row.difference / row.pair


def _clear(row: BalanceRow) -> bool:
    return row.low is not None and row.high is not None and (row.low > 0 or row.high < 0)


def _summary(about: _About) -> str:
    """Return the finding of the whole run as one sentence."""
    parts = []
    for key, less, more, same in (
        (
            "harmful-acts",
            "prevented {} of harmful acts",
            "went with {} more harmful acts",
            "prevented no harm that could be measured",
        ),
        (
            "lawful-speech",
            "silenced {} of lawful criticism",
            "went with {} more lawful criticism",
            "silenced no lawful criticism that could be measured",
        ),
    ):
        change = _change(about, key) if key in about else None
        if change is not None:
            words = same if not _clear(about[key]) else less if change < 0 else more
            parts.append(words.format(percent(abs(change))))
    parts.append(_doors_sentence(about))
    text = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return f"In this model “{about.sheet.scheme_title}” {text}."


def _doors_sentence(about: _About) -> str:
    refused, apart = about["refused"].scheme, _apart_share(about)
    if not refused:
        return "closed no doors"
    text = f"closed {number(refused)} doors a year for every 1,000 {about.people}"
    return text if apart is None else f"{text}, {percent(apart)} of them for acts that have nothing to do with the door"


def _headlines(about: _About, spread: tuple[Gap, ...]) -> list[Headline]:
    found = [
        _moved(about, "harmful-acts", "harmful acts", good="less"),
        _moved(about, "lawful-speech", "lawful criticism", good="more"),
        _closed(about),
        _wrong(about),
        _apart(spread),
    ]
    return [headline for headline in found if headline]


def _apart_share(about: _About) -> float | None:
    """Return which share of the scheme's refusals has nothing to do with the door, in per cent."""
    if "out-of-context-share" in about:
        return about["out-of-context-share"].scheme
    apart, refused = about["refused-out-of-context"].scheme, about["refused"].scheme
    return 100 * apart / refused if apart is not None and refused else None


def _moved(about: _About, key: str, what: str, good: str) -> Headline | None:
    if key not in about:
        return None
    row, change = about[key], _change(about, key)
    if not row.scheme and not row.pair:
        return None
    if change is None or row.difference is None:
        says = f"{what} per 1,000 {about.people} a year"
        why = "One world only: this says nothing about what the scheme changed." if row.pair is None else row.note
        return Headline(key, number(row.scheme), says, _sentence(why), "none")
    if row.low == row.high == 0:
        return Headline(key, "no change", f"in {what}", "The two worlds are equal in this, to the last act.", "none")
    if not _clear(row):
        known = row.low is not None
        sure = (
            f"The difference may be anything from {between(row.low, row.high)}."
            if known
            else "The sample is too small to say how sure this is."
        )
        says = f"in {what}: {number(row.difference, sign=True)} per 1,000 {about.people} a year"
        return Headline(key, "no clear change", says, sure, "none")
    less = change < 0
    says = f"{'less' if what == 'lawful criticism' else 'fewer'} {what}" if less else f"more {what}"
    says += f": {number(abs(row.difference))} {'fewer' if less else 'more'} per 1,000 {about.people} a year"
    money = about["harm-yuan"].difference if key == "harmful-acts" else None
    if money:
        which = "less" if money < 0 else "more"
        says += f", and {number(abs(money) / 1000)} yuan {which} harm per {about.one} a year"
    sure = f"By chance, 95 %: between {_ends(row)}."
    return Headline(key, percent(abs(change)), says, sure, "help" if less == (good == "less") else "harm")


def _closed(about: _About) -> Headline:
    row, apart = about["refused"], _apart_share(about)
    says = f"doors closed by the scheme per 1,000 {about.people} a year"
    if apart is not None:
        says += f"; {percent(apart)} of them for acts that have nothing to do with the door"
    sure = f"By chance, 95 %: between {_ends(row)}." if row.low != row.high else ""
    return Headline("refused", number(row.scheme), says, sure, "harm" if row.scheme else "none")


def _wrong(about: _About) -> Headline:
    row, unable = about["refused-wrongly"], about["refused-unable"]
    says = f"doors closed because of wrong or outdated records per 1,000 {about.people} a year"
    says += f", and {number(unable.scheme)} for being unable to pay"
    sure = f"By chance, 95 %: between {_ends(row)} for wrong records." if row.low != row.high else ""
    return Headline("refused-wrongly", number(row.scheme), says, sure, "harm" if row.scheme else "none")


def _apart(spread: tuple[Gap, ...]) -> Headline | None:
    found = [gap for gap in spread if gap.difference.clear and gap.least_rate > 0]
    if not found:
        return None
    gap = max(found, key=lambda gap: gap.most_rate / gap.least_rate)
    times = gap.most_rate / gap.least_rate
    says = f"as many closed doors for people with {gap.trait} “{gap.most}” as for those with “{gap.least}”"
    sure = (
        f"{number(gap.most_rate)} against {number(gap.least_rate)} refusals per 1,000 of them a year; "
        f"by chance, 95 %, a gap between {number(gap.difference.low)} and {number(gap.difference.high)}."
    )
    return Headline("gap", f"{number(times)} ×", says, sure, "harm")


def _ends(row: BalanceRow) -> str:
    if row.low is None or row.high is None:
        return ""
    low, high = sorted((abs(row.low), abs(row.high)))
    return f"{number(low)} and {number(high)}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith(".") else ".")


def caveat(manifest: Mapping[str, Any]) -> str:
    """Return what every result has to say of itself, in a sentence or two."""
    assumed = len(manifest.get("assumed", ()))
    ranges = len(manifest.get("ranges", ()))
    known = f" {_ranges(ranges)}" if ranges else ""
    rests = f"It rests on {assumed:,} values that are assumed, not known: it is" if assumed else "It is"
    result = f"{rests} a laboratory's result, no forecast of a real place.{known}"
    return f"Intervals tell what chance alone would move. {result}{_parting(manifest)}"


def _parting(manifest: Mapping[str, Any]) -> str:
    """Return from when on the two schemes differ, where they do not from the start."""
    first = manifest.get("same_until")
    if not first:
        return ""
    day = date.fromisoformat(str(first))
    last = _last_day(manifest)
    then = f", and the run ends on {_day(last)}: that is why nothing differs" if day > last else ""
    return f" Both schemes are the same until {_day(day - timedelta(days=1))}{then}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _last_day(manifest: Mapping[str, Any]) -> date:
    start, months = (
        date.fromisoformat(str(manifest["start"])),
        int(manifest["windows"]) * int(manifest["window_months"]),
    )
    at = start.month - 1 + months
    return date(start.year + at // 12, at % 12 + 1, 1) - timedelta(days=1)


def _ranges(many: int) -> str:
    numbers = "1 number of the scheme is known only in a range" if many == 1 else ""
    numbers = numbers or f"{many} numbers of the scheme are known only in ranges"
    return f"{numbers}; a run takes one value of each: glasstown weights says what hangs on that."
