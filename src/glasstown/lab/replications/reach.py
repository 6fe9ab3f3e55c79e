"""Broken in one place, restricted everywhere: what the reach of sanctions does, and what it prevents."""

from __future__ import annotations

from ...engine.loop import SideOutcome, simulate
from ...engine.program import Program
from ...engine.scenario import Parts, build, load_parts
from .rows import Replication, Row
from .worlds import total

__all__ = ["replication"]

SLOGAN = "General Offices, Opinion of 25 September 2016"
REACHES = (("same domain", "same-domain-only"), ("listed doors", "joint-punishment-2016"), ("every door", "every-door"))


def replication(citizens: int = 200_000, seed: int = 1) -> Replication:
    """Live five years under three reaches of the same lists, on the same random numbers."""
    found = [_reach(citizens, seed, scheme) for _, scheme in REACHES]
    titles = {
        "shut": "doors closed by a list, per 1,000 people and year",
        "context": "of them, for something that has nothing to do with the door",
        "unable": "of them, for what people could not pay",
        "wrongly": "of them, for another's or nobody's record",
        "child": "of them, at a child's door",
        "harm": "harm done to others, yuan a person and year",
        "prevented": "harm prevented beside no scheme, yuan a person and year",
    }
    rows = []
    for key, title in titles.items():
        ours = "; ".join(f"{name} {one[key]:.2f}" for (name, _), one in zip(REACHES, found, strict=True))
        rows.append(Row(title, "not published", ours, "–", "–", "measured", SLOGAN))
    return Replication(
        "reach",
        "Broken in one place, restricted everywhere",
        "The slogan of 2016, as a switch: the same four lists close the doors of their own domain, the doors that the "
        "Opinion lists, or every door. Nothing was published to hold this against; it is what the mechanism does here.",
        tuple(rows),
        (
            "The people, their luck and the lists are the same in the three columns.",
            "In our conduct deterrence feels whether an act leads to a list, and not how many doors the list closes. "
            "So a longer reach cannot deter more here, by construction; it only adds refusals, and refusals add "
            "stress and with it offences. Whoever holds that more doors deter more has to put a number on it.",
            "Which door belongs to which domain is ours: loans and deposits to commerce, planes, trains and "
            "frontiers to law, schools, hotels and restaurants to social life. A debt counts as commerce.",
        ),
    )


def _reach(citizens: int, seed: int, scheme: str) -> dict[str, float]:
    parts = load_parts("joint-punishment", citizens=citizens, scheme=scheme, pair="none", seed=seed)
    program = build(parts)
    with_, without = simulate(program, 0).sides
    years = program.clock.windows / 12
    per_1000 = 1000 / program.society.n / years

    def doors(measure: str) -> float:
        return sum(total(program, with_, measure).values()) * per_1000

    done, would = (_harm(parts, program, side, s) / program.society.n / years for s, side in ((0, with_), (1, without)))
    return {
        "shut": doors("refused_list"),
        "context": doors("refused_out_of_context"),
        "unable": doors("refused_unable"),
        "wrongly": doors("refused_wrongly"),
        "child": doors("refused_passed_on"),
        "harm": done,
        "prevented": would - done,
    }


def _harm(parts: Parts, program: Program, outcome: SideOutcome, side: int) -> float:
    acts = parts.conduct.value.acts
    counts = total(program, outcome, "acts", side)
    return sum(n * harm.yuan for kind, n in counts.items() if (harm := acts[kind].harm) is not None)
