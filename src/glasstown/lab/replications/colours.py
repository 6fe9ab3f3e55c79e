"""Environmental colours of firms: fitted to Guangdong, predicted for two other places."""

from __future__ import annotations

from math import sqrt

from .firm_bands import Firms, nearer_some
from .rows import Replication, Row, share, verdict

__all__ = ["replication"]

ZHUHAI = "Zhuhai Daily, 19 November 2018 (1,060 firms in Guangdong)"
HARBIN = "Xinhua, on 205 firms in Harbin, 2017"
CITY = "ces.cn, on 408 firms of a city in five colours, 2013"
GUANGDONG = {"green": 0.1387, "blue": 0.7368, "yellow": 0.1000, "red": 0.0245}
FIRMS = 1060
OTHERS: dict[str, tuple[str, dict[str, int]]] = {
    "Harbin, 2017": (HARBIN, {"green": 37, "blue": 129, "yellow": 21, "red": 1}),
    "a city, 2013": (CITY, {"green": 97, "blue": 158, "yellow": 126, "red": 27}),
}
ROUNDS = 6
END = 35
SIGMA = 1.96


def replication(citizens: int = 200_000, seed: int = 1) -> Replication:
    """Fit how often firms pollute and give to Guangdong; hold the same against two other places."""
    before, found, foul, gift = _fit(Firms.of("environment", citizens, 3, seed))
    rows = [
        _row("Guangdong, 2018: green", GUANGDONG["green"], found["green"], FIRMS, "calibrated", ZHUHAI),
        _row(
            "Guangdong, 2018: yellow or red",
            GUANGDONG["yellow"] + GUANGDONG["red"],
            found["yellow"] + found["red"],
            FIRMS,
            "calibrated",
            ZHUHAI,
        ),
        _row("Guangdong, 2018: red", GUANGDONG["red"], found["red"], FIRMS, "predicted", ZHUHAI),
    ]
    for place, (source, counts) in OTHERS.items():
        firms = sum(counts.values())
        rows += [
            _row(f"{place}: {colour}", many / firms, found[colour], firms, "predicted", source)
            for colour, many in counts.items()
        ]
    own = ", ".join(f"{share(before[colour])} {colour}" for colour in GUANGDONG)
    return Replication(
        "colours",
        "Environmental colours: fitted to Guangdong, held against other places",
        "Of 1,060 firms in Guangdong 13.87 per cent were green, 73.68 blue, 10.00 yellow and 2.45 red. Two numbers are "
        "fitted: how many times as often as in the library's file firms pollute, and how many times as often they "
        "give. The same firms then stand for two other places.",
        tuple(rows),
        (
            f"The fit takes {foul:.1f} times the pollution and {gift:.1f} times the giving of the library's file, "
            f"under which the colours are {own}: there every firm is rated, not only those that pollute much.",
            "How the bad split into yellow and red was not fitted: it follows from the points and from who pollutes.",
            "A figure agrees where it lies within what a sample of so many firms would scatter (95 per cent). Firms "
            "that were not rated are left out; the fifth colour, black, is counted as red.",
            "Nothing that we know of a place goes into its prediction, so these rows ask whether one place is like "
            "another. Places set their own rules and choose which firms they rate.",
        ),
    )


def _fit(firms: Firms) -> tuple[dict[str, float], dict[str, float], float, float]:
    foul = gift = 1.0
    (found,) = (before,) = firms.shares({}, (END,))
    bad = GUANGDONG["yellow"] + GUANGDONG["red"]
    for _ in range(ROUNDS):
        foul = nearer_some(foul, found["yellow"] + found["red"], bad)
        gift = nearer_some(gift, found["green"], GUANGDONG["green"])
        (found,) = firms.shares({"pollution": foul, "company-giving": gift}, (END,))
    return before, found, foul, gift


def _row(what: str, published: float, ours: float, firms: int, how: str, source: str) -> Row:
    bound = SIGMA * sqrt(published * (1 - published) / firms)
    far = f"{100 * (ours - published):+.1f} points"
    agrees = verdict(ours, published - bound, published + bound)
    return Row(what, share(published), share(ours), far, agrees, how, source)  # type: ignore[arg-type]
