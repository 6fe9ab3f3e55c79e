"""A citizen's life as a story: for a terminal, a notebook or a program."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ..columns import CITIZEN
from ..engine import measures as m
from ..engine.layout import FULL
from ..engine.program import Program
from ..engine.ties import tied
from ..scheme.power import TIES
from ..scheme.types import Tie
from .replay import SideLife
from .telling import Line
from .wording import Words

if TYPE_CHECKING:
    from ..engine.scenario import Parts

__all__ = ["WIDE", "Person", "Story", "flowed", "person_of", "summary_of"]

WIDE = 100
"""Columns of a terminal that the text is broken for."""
GAP = 2
"""Whole months without a line from which on a story says so."""
HANG = 31
FEW = 8
"""Tied subjects that a story names one by one."""
INSET = ("of these", "granted", "refused")
"""How labels begin that say more of the one above."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a citizen is, or what a unit of another class.

    Attributes
    ----------
    subject : citizen, company, doctor, …
    household : people who live together; 0 for who is no citizen.
    register, truth : title and level of each trait: what offices know, and what is known to us alone.
    ties : citizens by what they are to this one.
    """

    id: int
    place: str
    register: dict[str, str]
    truth: dict[str, str]
    ties: dict[str, list[int]]
    household: int
    subject: str = CITIZEN

    def rows(self) -> list[tuple[str, str]]:
        """Return what is known as heads and texts."""
        ties = [f"{what} {_few(who)}" for what, who in self.ties.items() if who]
        alone = [] if self.household == 0 else ["lives alone"]
        home = [f"household of {self.household}"] if self.household > 1 else alone
        return [
            ("Lives in" if self.subject == CITIZEN else "Place", self.place),
            ("The register says", "; ".join(f"{title}: {level}" for title, level in self.register.items())),
            ("Known to us alone", "; ".join(f"{title}: {level}" for title, level in self.truth.items())),
            ("Ties", "; ".join([*home, *ties]) or "none"),
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the same for machines."""
        return {
            "subject": self.subject,
            "place": self.place,
            "register": self.register,
            "truth": self.truth,
            "ties": self.ties,
            "household": self.household,
        }


def _few(who: Sequence[int]) -> str:
    """Return numbers as text: the first ones, where they are many."""
    shown = who if len(who) <= FEW else who[: FEW - 1]
    rest = [f"{len(who) - len(shown):,} more"] if len(shown) < len(who) else []
    return ", ".join([*(str(one) for one in shown), *rest])


def person_of(parts: Parts, program: Program, who: int) -> Person:
    """Return who a citizen is, or what a unit of another class, at the start of the scenario."""
    subject = program.subject_of(who)
    traits = program.names.traits_of(subject)
    values = traits.unpack(program.traits_of(who))
    shown = {trait.name: trait.show(values[trait.name]) for trait in traits}
    place = program.society.places[int(program.place_of(who))]
    named = parts.society.value.places.get(place)
    citizen = subject == CITIZEN
    household = program.society.household
    return Person(
        id=who,
        place=named.title if named else place,
        register={trait.title: shown[trait.name] for trait in traits if trait.sees == "register"},
        truth={trait.title: shown[trait.name] for trait in traits if trait.sees == "truth"},
        ties=_ties(program, who) if citizen else _owner(program, who),
        household=int(np.count_nonzero(household == household[who])) if citizen else 0,
        subject=subject,
    )


def _ties(program: Program, who: int) -> dict[str, list[int]]:
    """Return whom a citizen is tied to, and what it owns."""
    society = program.society

    def kin(name: str) -> list[int]:
        one = int(getattr(society, name)[who])
        return [one] if one >= 0 else []

    owned = {
        f"owner of {units.name}": (np.flatnonzero(units.owner == who) + units.first).tolist()
        for units in society.classes
    }
    return {
        "partner": kin("partner"),
        "child": kin("child"),
        "ageing parent": kin("parent"),
        "child of": np.flatnonzero(society.child == who).tolist(),
        "parent of": np.flatnonzero(society.parent == who).tolist(),
        **owned,
        "works for": list(tied(program, who, _bit("employer"))),
        "customer of": list(tied(program, who, _bit("shops"))),
    }


def _owner(program: Program, who: int) -> dict[str, list[int]]:
    """Return who owns a unit, what else the same citizen owns, and who works there."""
    units = next(one for one in program.society.classes if one.first <= who < one.end)
    owner = int(units.owner[who - units.first])
    others = np.flatnonzero(units.owner == owner) + units.first
    owned = {"owned by citizen": [owner], f"same owner as {units.name}": others[others != who].tolist()}
    return {**(owned if owner >= 0 else {}), "employs": list(tied(program, who, _bit("staff")))}


def _bit(tie: Tie) -> int:
    return 1 << TIES.index(tie)


def summary_of(words: Sequence[Words], lives: Sequence[SideLife]) -> list[tuple[str, list[str]]]:
    """Return both sides' sums: what is summed, and one text for each side; what is nothing on both is left out."""
    columns = [_sums(*pair) for pair in zip(words, lives, strict=True)]
    rows = [(label, [column[label] for column in columns]) for label in columns[0]]
    return [(label, texts) for label, texts in rows if any(text not in ("0", "–") for text in texts)]


def _sums(words: Words, life: SideLife) -> dict[str, str]:
    def total(*measures: int) -> str:
        return f"{sum(n for (measure, _), n in life.counts.items() if measure in measures):,}"

    acts = {"good": 0, "lawful": 0, "other": 0}
    for (measure, kind), n in life.counts.items():
        if measure == m.M_ACTS:
            model = words.parts.conduct.value.acts[words.names.kinds[kind]]
            acts["good" if model.good else "lawful" if model.lawful else "other"] += n
    months = [month for month in life.months if month is not None]
    scores = [one.standing.score for one in life.happenings] if months else []
    graded = bool(words.rules.any_rule and months)
    return {
        "score at the end": f"{months[-1][0]:,}" if graded else "–",
        "grade at the end": words.grade(months[-1][1]) if graded else "–",
        "trust in others at the end, 0 to 100": _trust(words, life),
        "lowest score": f"{min(scores):,}" if graded and scores else "–",
        "times harmed by somebody": total(m.M_HARMED),
        "good deeds": f"{acts['good']:,}",
        "other lawful acts": f"{acts['lawful']:,}",
        "acts that break a rule or harm somebody": f"{acts['other']:,}",
        "records of these acts, in this file": total(m.M_RECORDS),
        "records of these acts, in somebody else's file": total(m.M_WRONG_PERSON),
        "other people's acts put into this file": total(m.M_RECEIVED),
        "false records about this person": total(m.M_FALSE),
        "points gained": total(m.M_GAINED),
        "points lost": total(m.M_LOST),
        "of these, by wrong or false records": total(m.M_LOST_WRONGLY),
        "of these, for what this person could not pay": total(m.M_LOST_UNABLE),
        "requests at doors": total(m.M_REQUESTS),
        "granted": total(m.M_GRANTED),
        "refused for an ordinary reason": total(m.M_ORDINARY),
        "refused for want of places": total(m.M_SCARCE),
        "refused by the scheme": total(m.M_LIST, m.M_GRADE_REFUSED, m.M_SCORE),
        "of these, open but for wrong or stale records": total(m.M_WRONGLY),
        "of these, open but for what this person could not pay": total(m.M_UNABLE),
        "of these, open but for records of other domains": total(m.M_CONTEXT),
    }


def _trust(words: Words, life: SideLife) -> str:
    """Return a citizen's trust at the end; nothing where none is kept."""
    kept = words.program.trusting and words.program.class_of(life.life.who) == 0
    return f"{100 * life.life.trust / FULL:.0f}" if kept else "–"


@dataclass(frozen=True)
class Story:
    """One citizen's life, with the scheme and in the other world, side by side.

    ``str`` is for a terminal, ``to_dict`` for a program, and a notebook shows a table.
    """

    run: str
    replicate: int
    person: Person
    period: tuple[date, date]
    worlds: dict[str, str]
    lines: list[Line]
    summary: list[tuple[str, list[str]]]
    citations: dict[str, str]
    remarks: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Return the title."""
        again = f", replicate {self.replicate}" if self.replicate else ""
        who = f"{self.person.subject.capitalize()} {self.person.id}, invented"
        return f"{who}, in “{self.run}”{again}, {self.period[0]} to {self.period[1]}"

    def used(self) -> dict[str, str]:
        """Return the documents that the lines name."""
        texts = " ".join(text for line in self.lines for text in line.more)
        return {key: cite for key, cite in self.citations.items() if f": {key}]" in texts or f": {key}," in texts}

    def __str__(self) -> str:
        out = [self.head, ""]
        for label, text in self.person.rows():
            out += flowed(text, f"  {label:<19}", 21)
        out += ["", *(f"  {remark}" for remark in self.remarks), *([""] if self.remarks else [])]
        out += self._legend()
        if self.lines:
            out += ["", f"{'date':<12}{'world':<8}{'score':<11}what happened", *self._body()]
        if self.summary:
            out += ["", *self._sums()]
        cited = self.used()
        if cited:
            out += ["", "Sources of the rules"]
            for key, cite in cited.items():
                out += flowed(cite, f"  {key}: ", 4)
        return "\n".join(out)

    def _legend(self) -> list[str]:
        if not self.lines:
            return []
        out = []
        if len(self.worlds) > 1:
            out = [
                "  One life in two worlds, with the same luck. A line without a world is the same in both.",
                f"  scheme  only under “{self.worlds['scheme']}”",
                f"  pair    only under “{self.worlds['pair']}”",
            ]
        return [*out, "  Acts are what was done, recorded or not. Points come from records alone."]

    def _body(self) -> list[str]:
        out: list[str] = []
        before = self.period[0]
        for line in self.lines:
            out += _gap(before, line.date)
            before = line.date
            world = "" if line.side == "both" or len(self.worlds) == 1 else line.side
            score = "" if line.score is None else f"{line.score} {line.grade}"
            out += flowed(line.text, f"{line.date.isoformat():<12}{world:<8}{score:<11}", HANG)
            for text in (*line.more, *([line.note] if line.note else [])):
                out += flowed(text, " " * (HANG + 2), HANG + 4)
        return [*out, *_gap(before, self.period[1])]

    def _sums(self) -> list[str]:
        wide = max(len(label) for label, _ in self.summary) + 4
        out = [f"{'All in all':<{wide}}" + "".join(f"{side:>10}" for side in self.worlds)]
        for label, texts in self.summary:
            shown = f"  {'  ' if label.startswith(INSET) else ''}{label}"
            out.append(f"{shown:<{wide}}" + "".join(f"{text:>10}" for text in texts))
        return out

    def __repr__(self) -> str:
        return str(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the story for machines."""
        return {
            "run": self.run,
            "citizen": self.person.id,
            "replicate": self.replicate,
            "from": self.period[0].isoformat(),
            "until": self.period[1].isoformat(),
            "worlds": self.worlds,
            "person": self.person.to_dict(),
            "remarks": list(self.remarks),
            "lines": [line.to_dict() for line in self.lines],
            "summary": {label: dict(zip(self.worlds, texts, strict=True)) for label, texts in self.summary},
            "sources": self.used(),
        }

    def _repr_html_(self) -> str:
        e = html.escape
        known = "".join(f"<dt>{e(label)}</dt><dd>{e(text)}</dd>" for label, text in self.person.rows())
        body = "".join(
            f"<tr><td>{line.date}</td><td>{'' if line.side == 'both' else e(line.side)}</td>"
            f"<td>{'' if line.score is None else e(f'{line.score} {line.grade}')}</td><td>{e(line.text)}"
            + "".join(f"<br><small>{e(text)}</small>" for text in (*line.more, *([line.note] if line.note else [])))
            + "</td></tr>"
            for line in self.lines
        )
        sums = "".join(
            f'<tr><th scope="row">{e(label)}</th>' + "".join(f"<td>{e(text)}</td>" for text in texts) + "</tr>"
            for label, texts in self.summary
        )
        heads = "".join(f'<th scope="col">{e(title)}</th>' for title in self.worlds.values())
        remarks = "".join(f"<p>{e(remark)}</p>" for remark in self.remarks)
        return (
            f"<h3>{e(self.head)}</h3><dl>{known}</dl>{remarks}<table><thead><tr><th>Date</th><th>World</th>"
            f"<th>Score</th><th>What happened</th></tr></thead><tbody>{body}</tbody></table>"
            f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{sums}</tbody></table>"
        )


def flowed(text: str, first: str, hang: int) -> list[str]:
    """Return a text broken into lines, the first after `first`, the others indented."""
    return textwrap.wrap(
        text, WIDE, initial_indent=first, subsequent_indent=" " * hang, break_on_hyphens=False, drop_whitespace=True
    ) or [first.rstrip()]


def _gap(before: date, after: date) -> list[str]:
    months = (after.year - before.year) * 12 + after.month - before.month - 1
    return [f"{'':<{HANG}}({months} months without anything)"] if months >= GAP else []
