"""Pages that are written from the code: the scheme file's reference and the model's description.

``python docs/generate.py`` writes them; a test holds the committed pages to what this writes.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from glasstown.columns import CITIZEN
from glasstown.engine import layout, shelf
from glasstown.engine.measures import MEASURES, STOCKS
from glasstown.engine.scenario import MODELS, Parts, ScenarioModel, load_parts
from glasstown.engine.stages import STAGES
from glasstown.files import load
from glasstown.quantities import CitedNumber, cited_values
from glasstown.scheme.expressions import ATTRIBUTES
from glasstown.scheme.types import SchemeModel

HERE = Path(__file__).parent
NOTICE = "<!-- Written by docs/generate.py: change the code, not this page. -->\n"
SCENARIO = "rongcheng"
FOR_EACH = {"one": "world", "trust": "world whose conduct keeps trust"}


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    heads = list(heads)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


# -- the reference of a file -------------------------------------------------------------------------------


def shown(annotation: Any) -> str:
    """Return a type as a person who writes files would say it."""
    if annotation is type(None):
        return "null"
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return shown(inner[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(shown(part) for part in inner)
    if origin is typing.Literal:
        return ", ".join(f"`{part}`" for part in inner)
    if origin is dict:
        return f"map of {shown(inner[1])}"
    if origin in (list, tuple):
        if len(inner) == 2 and inner[1] is not Ellipsis:
            return f"[{shown(inner[0])}, {shown(inner[1])}]"
        return f"list of {shown(inner[0])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {"int": "whole number", "str": "text", "bool": "true or false", "float": "number"}.get(
        annotation.__name__, annotation.__name__
    )


def bounds(field: FieldInfo) -> str:
    """Return the limits of a value."""
    signs = {Ge: "from {}", Gt: "above {}", Le: "to {}", Lt: "below {}", MinLen: "at least {}", MaxLen: "at most {}"}
    names = {Ge: "ge", Gt: "gt", Le: "le", Lt: "lt", MinLen: "min_length", MaxLen: "max_length"}
    out = []
    for one in field.metadata:
        for kind, words in signs.items():
            if isinstance(one, kind):
                out.append(words.format(f"{getattr(one, names[kind]):,}"))
    return ", ".join(out)


def default(field: FieldInfo) -> str:
    """Return a value's default as a file would write it."""
    if field.is_required():
        return "*needed*"
    value = field.default
    if value is PydanticUndefined:
        return "empty"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return "empty" if value in ("", ()) else f"`{value}`"


def parts_of(model: type[BaseModel], seen: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Collect a model and every model below it, in the order in which they are met."""
    if model.__name__ in seen:
        return seen
    seen[model.__name__] = model

    def walk(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            parts_of(annotation, seen)
        for part in typing.get_args(annotation):
            walk(part)

    for field in model.model_fields.values():
        walk(field.annotation)
    return seen


def reference(model: type[BaseModel]) -> Iterator[str]:
    """Yield the lines that describe every key of a file."""
    for name, part in parts_of(model, {}).items():
        yield f"### {name}\n"
        yield (part.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ") + "\n"
        yield from table(
            ("key", "value", "default", "meaning"),
            (
                (
                    f"`{field.alias or key}`",
                    " ".join(filter(None, (shown(field.annotation), f"({limits})" if limits else ""))),
                    default(field),
                    field.description or "",
                )
                for key, field in part.model_fields.items()
                for limits in (bounds(field),)
            ),
        )
        yield ""


def scheme_page() -> str:
    """Return the reference of scheme files."""
    lines = [
        "# The scheme file\n",
        NOTICE,
        "A scheme is policy as code: a file that a lawyer can check. `glasstown new scheme my.yaml` writes one with a",
        "comment beside each part, `glasstown check my.yaml` says all that does not hold at once, and",
        "`glasstown schema scheme` prints a JSON Schema for editors.\n",
        "## Conditions\n",
        "`when` holds a condition over the record and over what registers know of its subject, for example",
        '`amount >= 128 and occupation == "official"`. It knows `and`, `or`, `not`, comparisons, `+`, `-`, `*`, whole',
        "numbers, and texts compared with `==` and `!=`. Of a record: "
        + ", ".join(f"`{name}`" for name in sorted(ATTRIBUTES))
        + ".",
        "Of a subject: every trait that the society's file marks `sees: register`. A truth (ability to pay, dissent) is",
        "refused: a scheme never reads the truth.\n",
        "## Every key\n",
        *reference(SchemeModel),
        "## Scenario file\n",
        *reference(ScenarioModel),
    ]
    return "\n".join(lines).rstrip() + "\n"


# -- the description of the model --------------------------------------------------------------------------


def responses(parts: Parts) -> Iterator[tuple[object, ...]]:
    """Yield every number of the response, with where it comes from."""
    for place, value in cited_values(parts.conduct.value.response):
        if isinstance(value, CitedNumber):
            yield (".".join(place), f"{value.value:g}", value.status, value.source or "–", value.note)


def model_page() -> str:
    """Return the description of the model after the ODD protocol."""
    parts = load_parts(SCENARIO)
    acts, keepers = parts.conduct.value.acts, parts.sources.value.keepers
    doors, society = parts.doors.value.requests, parts.society.value
    lines = [
        "# The model\n",
        NOTICE,
        "This page follows the ODD protocol (Overview, Design concepts, Details; Grimm et al., *JASSS* 23(2) 7, 2020,",
        "doi 10.18564/jasss.4259). It is written from the declarations that the engine reads; the numbers are those of",
        f"the scenario `{SCENARIO}`.\n",
        "## Overview\n",
        "### Purpose\n",
        "To show what a scheme of social scoring does to the people under it: what it deters, whom it catches, whom it",
        "wrongs, what it silences, which doors it closes. Every result is a difference between two worlds of the same",
        "people with the same luck, one with the scheme and one with another or none.\n",
        "### Entities and what is remembered of them\n",
        f"Citizens ({parts.citizens:,}), each with traits that never change but for age. Adults are subjects.\n",
        *table(
            ("trait", "who knows it", "values"),
            (
                (f"`{name}` ({trait.title})", trait.sees, ", ".join(trait.levels) or "years")
                for name, trait in society.traits.items()
            ),
        ),
        "",
        "Of each citizen and side the engine keeps points by domain, points that stand only by wrong records, points for",
        "inability, entries of lists, use of caps, perceived risk, stress, and the motive of one's own; and trust, where the",
        "conduct keeps it.\n",
        "### Processes and their order\n",
        *table(
            ("", "stage", "when", "what it does", "reads", "writes", "code and plain twin"),
            (
                (
                    at,
                    s.title,
                    s.when,
                    s.does,
                    ", ".join(s.reads),
                    ", ".join(s.writes),
                    " / ".join(f"`{c}`" for c in s.code),
                )
                for at, s in enumerate(STAGES, 1)
            ),
        ),
        "",
        "## Design concepts\n",
        "- **Stochasticity.** Every draw is a function of seed, replicate, citizen, decision and occasion",
        "  (Philox4x32-10). Both worlds of a pair use the same draws; a scheme only decides which candidates become acts.",
        "- **Observation.** Truth and record are separate: a source sees an act or not, late or now, and writes it into",
        "  the right file or another. A scheme reads records alone; the measures see both.",
        "- **Adaptation.** Who is scored gives up the share `risk × (certainty + severity × s)` of punishable acts (and of",
        "  punishable speech, with numbers of its own); refusals bring stress, and stress more defaults; a near band",
        "  brings more cheap good deeds; points wear out the motive of one's own. Where the conduct keeps trust, lawful acts",
        "  that respond to it are done `1 + strength × (trust − start)` times as often, unlawful ones",
        "  `1 − strength × (trust − start)` times.",
        "- **Interaction.** Through namesakes' records, scarce places, and what everybody hears of the risk.",
        "- **Emergence.** Grades, refusals, silence and their spread over groups are not put in; they come out.\n",
        "### What is approximated, and said so\n",
        "- A window is a month. What one citizen does to another waits for its end.",
        "- Nobody is born, dies or moves. People age, and come of age.",
        "- Who has a child of school age at the start has one throughout.",
        f"- At most {layout.HOLD_MOST} entries of one list are counted at once; a domain's points stop at "
        f"{layout.DOM_MOST:,}.",
        "- When what is owed will be done is drawn when its record arrives, at a hazard that does not change; a ticket",
        "  refused hastens nothing. Entries passed on from somebody else end by their term alone.",
        "- Where a scheme stays in the same domain, a refusal that would also fall by the own domain's wrong points alone",
        "  is not counted as wrong.",
        "- Deterrence feels whether an act leads to a list, not how many doors the list closes.",
        "- Where a domain weighs less than 100 %, the score without wrong records is rounded posting by posting.",
        "- An act whose victim is an employee or a customer of the unit that does it meets one of them, in the window after,",
        "  its owner as well as others. Whom another act harms is not drawn with the act: in the window after, each person of",
        "  the place is harmed with the chance that the acts give, once at most, and it need not be the doer's acquaintance.",
        "  Of one replicate, the interval of trust does not hold what chance does to the number of harms of a whole place; that of four or more does.",
        "- What trust regains in a window is rounded by lot, since it is often less than the least step, 1 in 255.",
        "- A wrong record is put right or not as drawn when it is written, whether a refusal made it known or not.\n",
        "## Details\n",
        "### Initialisation\n",
        f"The society `{society.society}`: {society.about.strip()}\n",
        "### Response\n",
        *table(("number", "value", "status", "source", "why"), responses(parts)),
        "",
        "### Kinds of act\n",
        "Rates are per adult and year at multiplier 1; multipliers stand in the conduct's file.\n",
        *table(
            ("kind", "what it is", "domain", "lawful", "a year", "status", "harm in yuan", "responds to"),
            (
                (
                    f"`{kind}`",
                    act.title,
                    act.domain,
                    "yes" if act.lawful else "no",
                    f"{act.rate.per_year:g}",
                    act.rate.status,
                    f"{act.harm.yuan:,.0f}" if act.harm else "–",
                    ", ".join(act.responds) or "–",
                )
                for kind, act in sorted(acts.items())
            ),
        ),
        "",
        "### Sources\n",
        *table(
            ("source", "what it is", "writes", "wrong file", "stale", "told of a wrong record"),
            (
                (
                    f"`{name}`",
                    k.title,
                    f"{len(k.records)} kinds",
                    f"{k.wrong_subject.value:.2%} ({k.wrong_subject.status})",
                    f"{k.stale.share.value:.0%} ({k.stale.share.status})",
                    f"{k.objection.notice.value:.0%} ({k.objection.notice.status})",
                )
                for name, k in sorted(keepers.items())
            ),
        ),
        "",
        "### Doors\n",
        *table(
            ("door", "what it is", "context", "asked a year", "refused without any scheme", "places"),
            (
                (
                    f"`{name}`",
                    door.title,
                    door.domain,
                    f"{door.rate.per_year:g}",
                    "nobody has it" if door.privilege else f"{door.ordinary_refusal.share:.0%}",
                    f"{door.scarce.places_per_1000.value:g} per 1,000" if door.scarce else "no limit",
                )
                for name, door in sorted(doors.items())
            ),
        ),
        "",
        "### What is counted\n",
        *table(
            ("measure", "for each", "counted"),
            (
                (f"`{name}`", FOR_EACH.get(over, over), "as it stands" if name in STOCKS else "as it flows")
                for name, over in MEASURES
            ),
        ),
    ]
    return "\n".join(lines).rstrip() + "\n"


# -- the library -------------------------------------------------------------------------------------------


def mechanism(model: SchemeModel, favours: set[str]) -> str:
    """Return how a scheme works, read off its parts."""
    citizens = "by consent" if model.consent else "everybody"
    others = [name for name in model.subjects if name != CITIZEN]
    whom = [*([citizens] if CITIZEN in model.subjects else []), *(f"every {name}" for name in others)]
    out = [" and ".join(whom), f"{len(model.rules)} rules" if model.rules else "no rule"]
    if model.profile:
        out.append(f"points for {', '.join(sorted({one.trait for one in model.profile.values()}))}")
    if model.bands:
        out.append(f"{len(model.bands)} grade{'' if len(model.bands) == 1 else 's'}")
    if model.lists:
        out.append(f"{len(model.lists)} list{'' if len(model.lists) == 1 else 's'}")
    closed = [name for name, door in model.doors.items() if door.refuse and name not in favours]
    granted = [name for name in model.doors if name in favours]
    out += [f"closes {len(closed)} doors" if len(closed) != 1 else "closes 1 door"] if closed else []
    out += [f"grants {len(granted)} favours" if len(granted) != 1 else "grants 1 favour"] if granted else []
    return "; ".join(out if closed or granted else [*out, "touches no door"])


def statuses(part: object) -> str:
    """Return how many values of a file are in force, reported, assumed."""
    found = [value.status for _, value in cited_values(part)]
    return " / ".join(str(found.count(status)) for status in ("in force", "reported", "assumed"))


def library_page() -> str:
    """Return what the library holds: every scheme with where it stands, and the rest."""
    held = {
        kind: {name: load(shelf.find(kind, name), MODELS[kind]).value for name in shelf.names(kind)} for kind in MODELS
    }
    schemes: dict[str, Any] = held["scheme"]
    runs: dict[str, list[str]] = {name: [] for name in schemes}
    for name, scenario in held["scenario"].items():
        runs[scenario.scheme].append(f"`{name}`")
    favours = {name for doors in held["doors"].values() for name, door in doors.requests.items() if door.privilege}
    lines = [
        "# The library\n",
        NOTICE,
        "Every scheme is a folder with the rulebook (`scheme.yaml`), worked cases that a test reckons (`cases.yaml`) and a",
        "plain statement of what is in force, reported and assumed (`README.md`). Counts are of values: *in force* stands in a",
        "public rulebook, *reported* in a publication, *assumed* in neither. `glasstown run NAME` runs a scenario.\n",
        "A **door** is a request that a scheme can refuse; a **favour** is one that nobody has without it.\n",
        "## Schemes\n",
        *table(
            ("scheme", "where", "how it works", "in force / reported / assumed", "run by the name"),
            (
                (
                    f"[`{name}`](#{name})",
                    model.jurisdiction,
                    mechanism(model, favours),
                    statuses(model),
                    ", ".join(runs[name]) or "the other side of every pair",
                )
                for name, model in schemes.items()
            ),
        ),
        "",
        "Not here: Honest Shanghai (2016), of which three classes and no rule is known, and village rulebooks, which are many",
        "and small.\n",
        "## Patches\n",
        "A patch changes a few lines of a scheme: `glasstown run SCENARIO --scheme PATCH`.\n",
        *table(
            ("patch", "of", "what it changes"),
            ((f"`{name}`", f"`{one.of}`", one.about.strip() or one.title) for name, one in held["patch"].items()),
        ),
        "",
        "## Societies, conducts, sources, doors\n",
        *table(
            ("kind", "name", "what it is", "in force / reported / assumed"),
            (
                (kind, f"`{name}`", one.title, statuses(one))
                for kind in ("society", "conduct", "sources", "doors")
                for name, one in held[kind].items()
            ),
        ),
        "",
        "## The schemes one by one",
    ]
    for name, model in schemes.items():
        lines += [f"\n### {name}\n", f"{model.title}. {model.about.strip()}\n"]
        told = (("Published", model.publish), ("Told", model.notice), ("Objection", model.appeal))
        lines += (
            [" ".join(f"*{what}:* {text.strip()}" for what, text in told if text) + "\n"]
            if any(text for _, text in told)
            else []
        )
        lines += [f"- {one.cite}" + (f" (`{one.link}`)" if one.link else "") for one in model.references.values()] or [
            "No source: it stands for nothing."
        ]
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"scheme-file.md": scheme_page, "model.md": model_page, "library.md": library_page}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"wrote docs/{name}\n")


if __name__ == "__main__":
    main()
