"""The tax rating of firms: its two published shares of 2018 fitted, those of 2020 predicted."""

from __future__ import annotations

from .firm_bands import Firms, nearer_none, nearer_some
from .rows import Replication, Row, share, verdict

__all__ = ["replication"]

STA = "State Taxation Administration, English page on the tax credit ratings of 2018 (25.69 million firms)"
A_2018, D_2018 = 0.0489, 0.0701
ROUNDS = 8
END_2018, END_2020 = 35, 59
NEAR = 0.1
GRAVE = ("tax-evasion",)
LIGHT = ("late-tax-return", "tax-arrears")


def replication(citizens: int = 200_000, seed: int = 1) -> Replication:
    """Fit how often firms are late and how often they evade to 2018; carry both on to 2020."""
    before, (fitted_2018, later), light, grave = _fit(Firms.of("corporate-tax", citizens, 5, seed))
    rows = [
        _held("2018: graded A", A_2018, fitted_2018["A"]),
        _held("2018: graded D", D_2018, fitted_2018["D"]),
        *(
            Row(f"{year}: graded {band}", "not at hand", share(found[band], 2), "–", "–", "predicted")
            for year, found, bands in ((2018, fitted_2018, "BMC"), (2020, later, "ABMCD"))
            for band in bands
        ),
        Row("2018 under the library's own rates: graded A", "4.89 %", share(before["A"], 2), _far(before["A"], A_2018),
            verdict(before["A"], *_around(A_2018)), "predicted", STA),
        Row("2018 under the library's own rates: graded D", "7.01 %", share(before["D"], 2), _far(before["D"], D_2018),
            verdict(before["D"], *_around(D_2018)), "predicted", STA),
    ]  # fmt: skip
    return Replication(
        "tax-bands",
        "The tax rating of firms: bands of 2018, carried on to 2020",
        "Of 25.69 million firms rated for 2018, 4.89 per cent were graded A and 7.01 per cent D. Two numbers are "
        "fitted to these two shares: how many times as often as in the library's file firms are late, and how many "
        "times as often they evade. Both are carried on to the end of 2020.",
        tuple(rows),
        (
            f"The fit takes {light:.2f} times the lateness and {grave:.2f} times the evasion of the library's file. It "
            "meets A and cannot meet D: lateness that leaves so few firms at A brings more of them below 40 points "
            "than were graded D, though hardly any evades. Points for lateness alone do not make both shares; "
            "something beside them keeps firms from A.",
            "The library's own rates are not fitted, and miss: in them half of the firms stay at A.",
            "Grade M, of new firms and firms without income, is left out: it takes firms from A to C in truth, and we "
            "do not know how many. That alone can move every share here.",
            "Shares after 2018 were not at hand; ours are written down before they are looked up. They differ from "
            "2018 by deterrence and by what is passed on among an owner's firms, not by any change of the economy.",
        ),
    )


def _fit(firms: Firms) -> tuple[dict[str, float], list[dict[str, float]], float, float]:
    light, grave = 1.0, 1.0
    found = before = firms.shares({}, (END_2018, END_2020))
    for _ in range(ROUNDS):
        light = nearer_none(light, found[0]["A"], A_2018)
        grave = nearer_some(grave, found[0]["D"], D_2018)
        factors = {**dict.fromkeys(LIGHT, light), **dict.fromkeys(GRAVE, grave)}
        found = firms.shares(factors, (END_2018, END_2020))
    return before[0], found, light, grave


def _around(value: float) -> tuple[float, float]:
    return value * (1 - NEAR), value * (1 + NEAR)


def _held(what: str, published: float, ours: float) -> Row:
    low, high = _around(published)
    return Row(
        what, share(published, 2), share(ours, 2), _far(ours, published), verdict(ours, low, high), "calibrated", STA
    )


def _far(ours: float, published: float) -> str:
    return f"{100 * (ours - published):+.2f} points"
