"""The stages of a window, as data: what each reads and writes. The plan and the model's description print them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["STAGES", "Stage"]


class Stage(NamedTuple):
    """One stage of a window.

    Attributes
    ----------
    when : ``cell`` (for all citizens of a cell), ``day`` (in order of date, citizen by citizen) or ``barrier``.
    code : module and function that do it, and the plain twin of it.
    """

    title: str
    when: str
    does: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    code: tuple[str, str]


STAGES: tuple[Stage, ...] = (
    Stage(
        "Draw candidates",
        "cell",
        "For every kind of act, door and false record: how many candidates a block of 64 citizens has, on whom each "
        "falls and on which day; kept with the chance that the citizen's traits give. No scheme can change this.",
        ("traits", "rates", "seed and replicate"),
        ("candidates",),
        ("kernel_draw.draw_cell", "plain_events.candidates"),
    ),
    Stage(
        "Expiry",
        "day",
        "A posting at the end of its term, repair or correction is taken back; one that its source forgot turns stale.",
        ("postings falling due",),
        ("points", "holds", "points that stand wrongly"),
        ("kernel_live.expire", "plain.expire"),
    ),
    Stage(
        "Posting",
        "day",
        "A record that arrives is posted by every rule that it meets: points, forced grade, list; unless an official "
        "spares a friend, or presses a critic harder.",
        ("records falling due", "rules", "what registers know of the subject"),
        ("points", "holds", "caps", "perceived risk", "motive of one's own"),
        ("kernel_live.post", "plain.post"),
    ),
    Stage(
        "Act",
        "day",
        "A candidate becomes an act, or not: deterrence, silence, stress, gaming, crowding-out, incapacitation and "
        "trust thin the ceiling.",
        ("candidates", "perceived risk", "stress", "motive of one's own", "trust", "score and grade"),
        ("acts", "perceived risk", "mail"),
        ("kernel_live.happens", "plain.act"),
    ),
    Stage(
        "Record",
        "day",
        "Each source that covers the kind sees the act or does not, now or late, and writes it into the right file "
        "or a namesake's; false records are written without an act.",
        ("acts", "coverage", "delays", "error rates"),
        ("records falling due", "mail"),
        ("kernel_live.write_record", "plain.write"),
    ),
    Stage(
        "Request",
        "day",
        "A door is asked for, and refused for its own reasons, for the scheme's, or opened; what a refusal rests on "
        "is counted. Scarce places wait for the barrier.",
        ("candidates", "score", "grade", "holds"),
        ("stress", "trust", "queue for scarce places"),
        ("kernel_live.ask", "plain.ask"),
    ),
    Stage(
        "Be harmed",
        "day",
        "Whom the act of a unit harmed for which one works or from which one buys trusts others less; it is counted.",
        ("harms falling due",),
        ("trust", "tallies"),
        ("kernel_trust.be_harmed", "plain_trust.be_harmed"),
    ),
    Stage(
        "Close the window",
        "cell",
        "Everyone's score and grade are counted; stress fades, the motive of one's own comes back, points decay. Where "
        "the conduct keeps trust, harm meets people by lot, and trust comes back.",
        ("points", "holds", "stress", "chances of harm"),
        ("stress", "motive of one's own", "trust", "points", "tallies"),
        ("kernel_close.close_window", "plain.close"),
    ),
    Stage(
        "Find victims",
        "barrier",
        "Where the conduct keeps trust: each act of a unit that harms an employee or a customer is addressed to one of "
        "that unit's own, drawn by the number of the act; where it has none, it harms nobody.",
        ("mail", "ties"),
        ("mail",),
        ("victims.find_victims", "plain_world.find_victims"),
    ),
    Stage(
        "Pass on",
        "barrier",
        "What a rule took from one person is addressed to all to whom that person is tied, where the rule says so; and "
        "what a place falls short of its quota is made up.",
        ("mail", "ties", "tallies", "quota"),
        ("mail",),
        ("barrier.pass_on", "plain_world.passed_on"),
    ),
    Stage(
        "Deliver mail",
        "barrier",
        "Records that were put on a namesake, passed on or made up reach their file, and harms their victim, not "
        "before the next window.",
        ("mail",),
        ("records falling due", "harms falling due"),
        ("kernel_cells.deliver", "plain_world.deliver"),
    ),
    Stage(
        "Allot scarce places",
        "barrier",
        "Those who asked are ranked by the scheme's priority and then by lot; places go down the list.",
        ("queue for scarce places", "places"),
        ("stress", "tallies"),
        ("barrier.allot", "plain_world.allot"),
    ),
    Stage(
        "Hear",
        "barrier",
        "Everyone hears how often punishable acts of each domain were caught.",
        ("tallies",),
        ("news",),
        ("barrier.hear", "plain_world.hear"),
    ),
    Stage(
        "Look ahead",
        "barrier",
        "Visits in the next window are spread over the grades; schemes begin where their time has come.",
        ("tallies", "grades", "dates of the roll-out"),
        ("chances of a visit", "places where the scheme has begun"),
        ("barrier.look_ahead", "plain_world.look_ahead"),
    ),
    Stage(
        "Foresee harm",
        "barrier",
        "Where the conduct keeps trust: this window's other acts that harm persons are spread over the people of each "
        "place in the next; what trust comes back to follows the grades there as far as people believe in the score.",
        ("tallies", "grades"),
        ("chances of harm", "usual trust"),
        ("trust.foresee_harm", "plain_world.foresee_harm"),
    ),
)
