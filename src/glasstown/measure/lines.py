"""The lines of the balance sheet, as data: which counts make which line, and in what words.

To add a line, add a row here; nothing else needs to know. Counts are named as in the tables of a run; which
of their items are taken is named by a *pick*, which reads the plain facts about act kinds that a run
carries in its manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..columns import CITIZEN

__all__ = ["LINES", "PICKS", "SECTIONS", "Line", "class_lines", "picked"]

FOR, TO, POWER, PRICE = SECTIONS = (
    "What it did for people",
    "What it did to people",
    "What it did to power",
    "What each harmful act prevented cost",
)

Facts = Mapping[str, Mapping[str, Any]]
BY_SCHEME = ("refused_score", "refused_grade", "refused_list")
ALL_REFUSALS = (*BY_SCHEME, "refused_ordinary", "refused_scarce")
ALL_RECORDS = ("records", "records_wrong_person", "records_false")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the balance sheet.

    Attributes
    ----------
    measures, minus : counts that are added up, and counts that are taken off.
    pick : which of their items.
    kind : ``rate`` (per 1,000 people and year), ``end`` (per 1,000 people when the run ends),
        ``share`` (per cent of `per`), or ``price`` (the scheme's count for each unit of `per` prevented).
    per : ``citizens`` or ``subjects``; for shares and prices, counts to divide by, with `per_pick`.
    times : factor into the unit, where that is not events.
    subject : class of subjects among whom it is counted.
    better : which way is better for the people scored: ``less``, ``more``, or ``""`` where that is for the
        reader to judge.
    rare : left out where nothing of it was counted: few schemes do it.
    part_of : counts that this tells a part of: where nothing of them was counted it says nothing.
    graded : says nothing of schemes without grades.
    """

    section: str
    key: str
    label: str
    unit: str
    measures: tuple[str, ...]
    pick: str = "all"
    minus: tuple[str, ...] = ()
    kind: Literal["rate", "end", "share", "price"] = "rate"
    per: str | tuple[str, ...] = "citizens"
    per_pick: str = "all"
    better: Literal["less", "more", ""] = "less"
    times: float = 1.0
    note: str = ""
    rare: bool = False
    part_of: tuple[str, ...] = ()
    graded: bool = False
    subject: str = CITIZEN


def _harmful(told: Mapping[str, Any]) -> bool:
    hurts = bool(told.get("harm_yuan")) or told.get("victim") not in (None, "", "none")
    return hurts and not told.get("good")


def _is(*wanted: str, never: tuple[str, ...] = ("good",)) -> Callable[[Mapping[str, Any]], float]:
    def pick(told: Mapping[str, Any]) -> float:
        return float(all(told.get(key) for key in wanted) and not any(told.get(key) for key in never))

    return pick


_KIND_PICKS: dict[str, Callable[[Mapping[str, Any]], float]] = {
    "harmful": lambda told: float(_harmful(told)),
    "harm-yuan": lambda told: float(told.get("harm_yuan") or 0) if _harmful(told) else 0.0,
    "lawful-speech": _is("lawful", "speech"),
    "other-lawful": _is("lawful", never=("good", "speech")),
    "good": _is("good", never=("cheap",)),
    "cheap": _is("cheap", never=()),
}


PICKS = frozenset(_KIND_PICKS)
"""Names of the picks over act kinds."""


def picked(pick: str, kinds: Facts) -> dict[str, float] | None:
    """Return the items that a pick takes, with their weights; ``None`` for all of them.

    Parameters
    ----------
    pick : ``all``, the name of a pick over act kinds, or ``=name`` for one item.
    kinds : facts about the act kinds, as in a manifest.
    """
    if pick == "all":
        return None
    if pick.startswith("="):
        return {pick[1:]: 1.0}
    weigh = _KIND_PICKS[pick]
    return {kind: weight for kind, told in kinds.items() if (weight := weigh(told))}


_PEOPLE = "per 1,000 citizens a year"
_SUBJECTS = "per 1,000 people scored a year"

LINES: tuple[Line, ...] = (
    Line(FOR, "harmful-acts", "Harmful acts", _PEOPLE, ("acts",), "harmful"),
    Line(
        FOR,
        "harmful-acts-able",
        "Harmful acts by people who could have done otherwise",
        _PEOPLE,
        ("acts",),
        "harmful",
        minus=("acts_unable",),
    ),
    Line(
        FOR,
        "harm-yuan",
        "Harm done by them, in money",
        "yuan per 1,000 citizens a year",
        ("acts",),
        "harm-yuan",
    ),
    Line(FOR, "victims", "Victims: citizens harmed by somebody's act", _PEOPLE, ("harmed",), rare=True),
    Line(
        FOR,
        "trust",
        "Generalised trust, at the end",
        "% of full trust",
        ("trust",),
        kind="share",
        per=("trust_counted",),
        better="more",
        times=1 / 255,
        rare=True,
    ),
    Line(FOR, "good-deeds", "Good deeds", _PEOPLE, ("acts",), "good", better="more"),
    Line(FOR, "doors-opened", "Requests granted", _PEOPLE, ("granted",), better="more", part_of=("requests",)),
    Line(TO, "refused", "Doors closed by the scheme", _PEOPLE, BY_SCHEME),
    Line(
        TO,
        "refused-wrongly",
        "… because of records that are wrong or out of date",
        _PEOPLE,
        ("refused_wrongly",),
        part_of=BY_SCHEME,
    ),
    Line(TO, "refused-unable", "… for being unable to pay", _PEOPLE, ("refused_unable",), part_of=BY_SCHEME),
    Line(
        TO,
        "refused-out-of-context",
        "… because of acts that have nothing to do with the door",
        _PEOPLE,
        ("refused_out_of_context",),
        part_of=BY_SCHEME,
    ),
    Line(
        TO,
        "refused-passed-on",
        "… for what others did: to a child for a parent, among those who are tied",
        _PEOPLE,
        ("refused_passed_on",),
        part_of=BY_SCHEME,
    ),
    Line(
        TO,
        "false-records",
        "Records of acts that nobody did",
        _PEOPLE,
        ("records_false",),
        part_of=ALL_RECORDS,
    ),
    Line(
        TO,
        "wrong-person-records",
        "Records about the wrong person",
        _PEOPLE,
        ("records_wrong_person",),
        part_of=ALL_RECORDS,
    ),
    Line(TO, "stale-records", "Records kept beyond their term", _PEOPLE, ("stale",), part_of=ALL_RECORDS),
    Line(
        TO,
        "corrected",
        "Wrong records put right",
        "% of wrong records",
        ("corrected",),
        kind="share",
        per=("records_false", "records_wrong_person"),
        better="more",
        part_of=ALL_RECORDS,
    ),
    Line(
        TO,
        "points-wrongly",
        "Points lost to wrong records",
        _SUBJECTS,
        ("points_lost_wrongly",),
        per="subjects",
        part_of=("points_lost",),
    ),
    Line(
        TO,
        "points-unable",
        "Points lost for being unable to pay",
        _SUBJECTS,
        ("points_lost_unable",),
        per="subjects",
        part_of=("points_lost",),
    ),
    Line(
        TO,
        "points-passed-on",
        "Points lost for what others did",
        _SUBJECTS,
        ("points_lost_passed_on",),
        per="subjects",
        rare=True,
        part_of=("points_lost",),
    ),
    Line(
        TO,
        "graded-down-wrongly",
        "People graded too low by wrong records, at the end",
        "per 1,000 people scored",
        ("graded_down_wrongly",),
        kind="end",
        per="subjects",
        graded=True,
    ),
    Line(
        TO,
        "listed-wrongly",
        "Entries on lists, or under a forced grade, by wrong records",
        _SUBJECTS,
        ("entered_wrongly",),
        per="subjects",
        rare=True,
    ),
    Line(TO, "listed-unable", "… for being unable to pay", _SUBJECTS, ("entered_unable",), per="subjects", rare=True),
    Line(
        TO,
        "lawful-speech",
        "Lawful speech that criticises",
        _PEOPLE,
        ("acts",),
        "lawful-speech",
        better="more",
    ),
    Line(
        TO,
        "other-lawful",
        "Other lawful acts that the scheme may punish",
        _PEOPLE,
        ("acts",),
        "other-lawful",
        better="more",
    ),
    Line(
        TO,
        "stress",
        "Stress, at the end",
        "% of the most that the model knows",
        ("stress",),
        kind="end",
        per="subjects",
        times=100 / 255 / 1000,
    ),
    Line(POWER, "records", "Records written about people", _PEOPLE, ALL_RECORDS, better="", part_of=ALL_RECORDS),
    Line(POWER, "speech-records", "Records written about lawful speech", _PEOPLE, ALL_RECORDS, "lawful-speech"),
    Line(
        POWER,
        "caught",
        "Punishable acts that cost their doers points",
        "% of punishable acts",
        ("caught",),
        kind="share",
        per=("watched_acts",),
        better="",
    ),
    Line(
        POWER,
        "political-points",
        "Points lost for political acts",
        "% of all points lost",
        ("points_lost",),
        "=political",
        kind="share",
        per=("points_lost",),
        better="",
        part_of=("points_lost",),
    ),
    Line(
        POWER,
        "scheme-refusals",
        "Refusals that are the scheme's doing",
        "% of all refusals",
        BY_SCHEME,
        kind="share",
        per=ALL_REFUSALS,
    ),
    Line(
        POWER,
        "out-of-context-share",
        "Scheme refusals that have nothing to do with the door",
        "% of the scheme's refusals",
        ("refused_out_of_context",),
        kind="share",
        per=BY_SCHEME,
        part_of=BY_SCHEME,
    ),
    Line(POWER, "edits", "Times that officials stepped in", _SUBJECTS, ("edits",), per="subjects", rare=True),
    Line(
        POWER,
        "points-spared",
        "Points that friends of officials did not lose",
        _SUBJECTS,
        ("points_spared",),
        per="subjects",
        rare=True,
        part_of=("points_lost",),
    ),
    Line(
        POWER,
        "points-pressed",
        "Points that critics lost beyond the rules",
        _SUBJECTS,
        ("points_pressed",),
        per="subjects",
        rare=True,
        part_of=("points_lost",),
    ),
    Line(POWER, "fabricated", "Records made up to meet a quota", _SUBJECTS, ("fabricated",), per="subjects", rare=True),
    Line(POWER, "visits", "Visits by inspectors", _PEOPLE, ("visits",), better="", rare=True),
    Line(POWER, "cheap-loyalty", "Cheap shows of loyalty", _PEOPLE, ("acts",), "cheap", better=""),
    Line(
        PRICE,
        "price-refusals",
        "Doors closed by the scheme",
        "for each harmful act prevented",
        BY_SCHEME,
        kind="price",
        per=("acts",),
        per_pick="harmful",
    ),
    Line(
        PRICE,
        "price-wrongly",
        "Doors closed because of wrong records",
        "for each harmful act prevented",
        ("refused_wrongly",),
        kind="price",
        per=("acts",),
        per_pick="harmful",
    ),
    Line(
        PRICE,
        "price-records",
        "Records written about people",
        "for each harmful act prevented",
        ALL_RECORDS,
        kind="price",
        per=("acts",),
        per_pick="harmful",
        better="",
    ),
)


def class_lines(subject: str, plural: str, bottom: str) -> list[Line]:
    """Return the lines about one further class of subjects; their keys begin with its name.

    Parameters
    ----------
    plural : what many of them are called.
    bottom : worst grade; what it finds is told where there is one.
    """
    name = plural[:1].upper() + plural[1:]
    people, scored = f"per 1,000 {plural} a year", f"per 1,000 {plural}"

    def line(key: str, label: str, unit: str, measures: tuple[str, ...], pick: str = "all", **more: Any) -> Line:
        more = {"per": ("units",), "per_pick": f"={subject}"} | more
        return Line(name, f"{subject}-{key}", label, unit, measures, pick, subject=subject, **more)

    closed: dict[str, Any] = {"part_of": BY_SCHEME}
    written: dict[str, Any] = {"part_of": ALL_RECORDS}
    out = [
        line("harmful-acts", f"Harmful acts by {plural}", people, ("acts",), "harmful"),
        line("harm-yuan", "Harm done by them, in money", f"yuan {people}", ("acts",), "harm-yuan"),
        line("good-deeds", "Good deeds", people, ("acts",), "good", better="more"),
        line("doors-opened", "Requests granted", people, ("granted",), better="more", part_of=("requests",)),
        line("refused", "Doors closed by the scheme", people, BY_SCHEME),
        line(
            "refused-wrongly",
            "… because of records that are wrong or out of date",
            people,
            ("refused_wrongly",),
            **closed,
        ),
        line("refused-unable", "… for being unable to pay", people, ("refused_unable",), **closed),
        line(
            "refused-out-of-context",
            "… because of acts that have nothing to do with the door",
            people,
            ("refused_out_of_context",),
            **closed,
        ),
        line("false-records", "Records of acts that none of them did", people, ("records_false",), **written),
        line("wrong-subject-records", "Records about the wrong one", people, ("records_wrong_person",), **written),
        line(
            "graded-down-wrongly",
            "Graded too low by wrong records, at the end",
            scored,
            ("graded_down_wrongly",),
            kind="end",
            graded=True,
        ),
        line(
            "caught",
            "Punishable acts that cost their doers points",
            "% of punishable acts",
            ("caught",),
            kind="share",
            per=("watched_acts",),
            per_pick="all",
            better="",
        ),
    ]
    if not bottom:
        return out
    graded = {"kind": "share", "better": "more", "note": "at the end; in the year before"}
    return [
        *out,
        line(
            "precision",
            f"Of those graded {bottom}, did what grades are meant to find",
            f"% of {plural} graded {bottom}",
            ("grade_of_doers",),
            f"={bottom}",
            per=("grade",),
            per_pick=f"={bottom}",
            **graded,
        ),
        line(
            "recall",
            f"Of those who did it, graded {bottom}",
            f"% of {plural} who did it",
            ("grade_of_doers",),
            f"={bottom}",
            per=("grade_of_doers",),
            per_pick="all",
            **graded,
        ),
    ]
