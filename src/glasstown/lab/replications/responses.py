"""How people respond: the strengths of the library's conduct beside the studies that they were read from."""

from __future__ import annotations

from ...engine.loop import simulate
from ...engine.scenario import ConductModel, build, load_parts
from .rows import Replication, Row, share, verdict
from .worlds import total

__all__ = ["replication"]

PENNEY = "J. W. Penney, Berkeley Technology Law Journal 31, 2016"
CHALFIN = "A. Chalfin and J. McCrary, Review of Economics and Statistics 100(1), 2018"
NAGIN = "D. S. Nagin, Annual Review of Economics 5, 2013"
RISKS = (0.1, 0.5, 1.0)


def replication(citizens: int = 200_000, seed: int = 1) -> Replication:
    """Check the strengths, and what comes of them in the scenario of Rongcheng."""
    parts = load_parts("rongcheng", citizens=citizens, years=3, seed=seed)
    response = parts.conduct.value.response
    level, certainty = response.silence.level.value, response.deterrence.certainty.value
    severity = response.deterrence.severity.value
    program = build(parts)
    speech = [total(program, side, "acts", s) for s, side in enumerate(simulate(program, 0).sides)]
    fell = speech[0]["criticise-party-online"] / max(speech[1]["criticise-party-online"], 1) - 1
    slopes = [_elasticity(certainty, risk) for risk in RISKS]
    rows = (
        Row(
            "speech given up at full perceived risk, for the least loss",
            "20 to 30 % (views of articles)",
            share(level, 0),
            "within",
            verdict(level, 0.2, 0.3),
            "calibrated",
            PENNEY,
        ),
        Row(
            "criticism online in three years of Rongcheng, beside no scheme",
            "-20 to -30 % (views of articles)",
            f"{100 * fell:.1f} %",
            f"{100 * (fell + 0.25):+.0f} points from the middle",
            verdict(fell, -0.3, -0.2),
            "predicted",
            PENNEY,
        ),
        Row(
            "certainty beside severity",
            "2 to 3 times",
            f"{certainty / severity:.1f} times",
            "within",
            verdict(certainty / severity, 2, 3),
            "calibrated",
            NAGIN,
        ),
        *(
            Row(
                f"elasticity of offences to the risk, at a perceived risk of {risk:g}",
                "-0.2 to -0.3",
                f"{slope:.2f}",
                f"{slope + 0.25:+.2f} from the middle",
                verdict(slope, -0.3, -0.2),
                "calibrated" if risk == 1 else "arithmetic",
                CHALFIN,
            )
            for risk, slope in zip(RISKS, slopes, strict=True)
        ),
        Row(
            "elasticity to severity, at full risk and severity",
            "-0.05 to -0.2",
            f"{_steep(certainty, severity):.2f}",
            "within" if -0.2 <= _steep(certainty, severity) <= -0.05 else "outside",
            verdict(_steep(certainty, severity), -0.2, -0.05),
            "calibrated",
            NAGIN,
        ),
        Row(
            "speech: does the trend turn down as well",
            "yes",
            _trend(parts.conduct.value),
            "–",
            "misses",
            "predicted",
            PENNEY,
        ),
    )
    return Replication(
        "responses",
        "How people respond: chilling and deterrence",
        "Strengths of the library's responses were read from three studies, none of them about a social credit system. "
        "Here they are beside what was read, and beside what comes of them in a run.",
        rows,
        (
            "The strengths are calibrated; that they lie within the ranges proves nothing. What they lead to in a "
            "run is not: people take the risk to be far below certainty, so that less is given up than at full risk.",
            "An elasticity was read as the share given up at full perceived risk. At the risks that people perceive "
            "in a run the elasticity is therefore smaller than the one that was published: our deterrence errs to "
            "the weak side. What it is at a lower risk follows from the reading by a formula; that it misses is no "
            "test of a run. The weight of severity was taken from the very range that it is held against.",
            "The studies measured reading and policing; speech and points are other things. The transfer is ours.",
            "In the study the trend of views turned down as well. Our silence has a level and no trend of its own.",
        ),
    )


def _elasticity(certainty: float, risk: float) -> float:
    """Return the elasticity of what is shown, ``1 - risk x certainty``, to the risk."""
    return -risk * certainty / (1 - risk * certainty)


def _steep(certainty: float, severity: float) -> float:
    """Return the elasticity to severity where both are full."""
    return -severity / (1 - certainty - severity)


def _trend(conduct: ConductModel) -> str:
    return "no: a level, and no trend" if conduct.response.silence.on else "switched off"
