"""The dials of the official's chair: whom to spare, whom to press, what to make up; and where they stand at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..columns import CITIZEN

if TYPE_CHECKING:
    from ..engine.scenario import Parts
    from ..scheme.types import SchemeModel

__all__ = ["Hand", "dials", "first_hand", "hand_of"]

PARTY = 'party == "yes"'
MOST_LEVELS = 6
MOST_FRIENDS = 40


@dataclass(frozen=True)
class Hand:
    """What an official does beside the rules; see the discretion of a scheme's file.

    Attributes
    ----------
    friends : whom to spare, a condition over what registers know; "" for nobody.
    spare : share of friends' losses that are never posted, where the official steps in.
    often : how often the official steps in where there is a chance to: 0 never, 1 always.
    critics : list whose members are pressed; "" for none.
    press : percent by which they lose more.
    quota : losses for each 1,000 people scored and month; 0 for none.
    record, source : what is made up where a place falls short, and to whom it is put down.
    """

    friends: str = ""
    spare: float = 0.0
    often: float = 1.0
    critics: str = ""
    press: int = 0
    quota: float = 0.0
    record: str = ""
    source: str = ""

    def scaled(self, reach: float) -> dict[str, Any] | None:
        """Return the discretion of a scheme's file, stepping in less often; None where nothing is left of it."""
        spare, press = bool(self.friends and self.spare), bool(self.critics and self.press)
        quota = round(self.quota * reach, 3)
        share = min(1.0, self.often * reach)
        if not ((share and (spare or press)) or quota):
            return None
        out: dict[str, Any] = {"share": share, "status": "assumed", "note": "Set by whoever took the chair."}
        if spare:
            out |= {"friends": self.friends, "spare": self.spare}
        if press:
            out |= {"critics": self.critics, "press": self.press}
        if quota:
            out["quota"] = {"per_1000": quota, "record": self.record, "source": self.source}
        return out


def hand_of(parts: Parts, given: Mapping[str, Any]) -> Hand:
    """Return the hand with what was given in place of what the scheme, or else the dials' first places, say."""
    first = asdict(first_hand(parts))
    hand = Hand(**{**first, **{key: value for key, value in given.items() if value is not None}})
    if given.get("record") and not given.get("source"):
        writer = next((one["source"] for one in _records(parts) if one["record"] == hand.record), hand.source)
        return Hand(**{**asdict(hand), "source": writer})
    return hand


def first_hand(parts: Parts) -> Hand:
    """Return where the dials stand at first: where the scheme has them, or else at friends spared half of the time."""
    model = parts.schemes[0].model
    records = _records(parts)
    record, source = (records[0]["record"], records[0]["source"]) if records else ("", "")
    one = model.discretion
    if one is not None:
        quota = one.quota.per_1000 if one.quota else 0.0
        if one.quota:
            record, source = one.quota.record, one.quota.source
        return Hand(one.friends, one.spare, one.share, one.critics or "", one.press, quota, record, source)
    friends = [told["value"] for told in _friends(parts)]
    critics = next((told["key"] for told in _critics(model)), "")
    favoured = PARTY if PARTY in friends else friends[0] if friends else ""
    return Hand(favoured, 1.0 if favoured else 0.0, 0.5, critics, 100 if critics else 0, 0.0, record, source)


def dials(parts: Parts) -> dict[str, Any]:
    """Return what each dial can be set to."""
    model = parts.schemes[0].model
    friends = _friends(parts)
    own = model.discretion.friends if model.discretion else ""
    if own and own not in [one["value"] for one in friends]:
        friends.insert(0, {"value": own, "title": own})
    return {"friends": friends, "critics": list(_critics(model)), "records": _records(parts)}


def _friends(parts: Parts) -> list[dict[str, str]]:
    """Return conditions that name one level of one trait that registers know."""
    out = [
        {"value": f'{name} == "{level}"', "title": f"{trait.title}: {level}"}
        for name, trait in parts.society.value.traits.items()
        if trait.sees == "register" and 2 <= len(trait.levels) <= MOST_LEVELS
        for level in trait.levels
    ]
    return out[:MOST_FRIENDS]


def _critics(model: SchemeModel) -> Iterator[dict[str, str]]:
    """Yield the lists, those that political rules enter before the others."""
    political = {rule.list_ for rule in model.rules.values() if rule.domain == "political"}
    for name in sorted(model.lists, key=lambda one: one not in political):
        yield {"key": name, "title": model.lists[name].title}


def _records(parts: Parts) -> list[dict[str, Any]]:
    """Return what can be made up about citizens: a loss that any record of the kind brings, the smallest first."""
    model, names, keepers = parts.schemes[0].model, parts.names(), parts.sources.value.keepers
    out = []
    for rule in model.rules.values():
        if rule.low >= 0 or rule.when is not None or names.subject(rule.record) != CITIZEN:
            continue
        writers = keepers if rule.sources == "all" else rule.sources
        writer = next((one for one in writers if one in keepers and rule.record in keepers[one].records), None)
        if writer is not None:
            told = {"record": rule.record, "source": writer, "title": rule.title, "points": rule.low}
            out.append({**told, "source_title": keepers[writer].title})
    unique = {one["record"]: one for one in sorted(out, key=lambda one: (one["points"], one["record"]))}
    return sorted(unique.values(), key=lambda one: (-one["points"], one["record"]))
