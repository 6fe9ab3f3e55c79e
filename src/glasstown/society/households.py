"""Households: couples, where the young live, and who looks after whom.

Everything happens within a place. People look for each other in *bins* (a group and an age); those who look
are dealt over those who are there, in an order that is drawn, so that two people share a host only when a bin
has more seekers than hosts. All of it is sorting and counting over whole columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .chances import draw
from .levels import level_range
from .types import ADULT, Children, Couples, Parents, SocietyModel

__all__ = ["Homes", "make_households"]

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint32]
AGES = 128
SINGLE = (22, 50)
LEAST_GAP = 16
FULL = 3
ROUNDS = 6


@dataclass(slots=True)
class Homes:
    """The state while households are made: who lives with whom, by the ids before the final order.

    `root` is the person whose household one belongs to.
    """

    root: npt.NDArray[np.int32]
    partner: npt.NDArray[np.int32]
    child: npt.NDArray[np.int32]
    parent: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _People:
    seed: int
    place: npt.NDArray[np.int32]
    group: npt.NDArray[np.int32]
    age: npt.NDArray[np.uint8]


def _sorted(major: npt.NDArray[np.integer], minor: npt.NDArray[np.integer]) -> Ids:
    """Return the order by `major` (below 2^17), then `minor` (below 2^16), then position (below 2^31)."""
    key = major.astype(np.uint64) << np.uint64(47)
    key |= minor.astype(np.uint64) << np.uint64(31)
    key |= np.arange(len(major), dtype=np.uint64)
    key.sort()
    return (key & np.uint64((1 << 31) - 1)).astype(np.int64)


def _rank(group: npt.NDArray[np.integer]) -> Ids:
    """Return each entry's position within its run of a sorted array."""
    first = np.flatnonzero(np.diff(group, prepend=-1))
    lengths = np.diff(np.append(first, len(group)))
    return np.arange(len(group), dtype=np.int64) - np.repeat(first, lengths)


def _half(words: Words, column: int) -> npt.NDArray[np.uint32]:
    return words[:, column] >> np.uint32(16)


def _between(words: Words, span: tuple[int, int]) -> Ids:
    """Return a year from `span` with a peak in the middle: the mean of two even draws."""
    total = _half(words, 0).astype(np.int64) + _half(words, 1)
    return span[0] + ((total * (span[1] - span[0] + 1)) >> 17)


def _deal(
    bins: tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]],
    seekers: tuple[npt.NDArray[np.integer], npt.NDArray[np.integer], npt.NDArray[np.integer], Words],
    hosts: Words,
    *,
    most: int = 0,
) -> Ids:
    """Give each seeker a host of the wanted age or the next one older (or else younger, down to a least age).

    Parameters
    ----------
    bins : the hosts' group and age.
    seekers : the seekers' group, wanted age, least age, and words.
    hosts : the hosts' words, by which those of one bin are ordered.
    most : how many seekers a host takes; 0 for any number.

    Returns
    -------
    Position of the host, -1 where there is none.
    """
    group, wanted, least, words = seekers
    out = np.full(len(group), -1, dtype=np.int64)
    if not len(out) or not len(bins[0]):
        return out
    groups = int(max(bins[0].max(), group.max())) + 1
    host_bin = bins[0].astype(np.int64) * AGES + bins[1]
    order = _sorted(host_bin, _half(hosts, 2))
    count = np.bincount(host_bin, minlength=groups * AGES)
    start = np.cumsum(count) - count
    ages = np.tile(np.arange(AGES), groups).reshape(groups, AGES)
    filled = count.reshape(groups, AGES) > 0
    older = np.minimum.accumulate(np.where(filled, ages, AGES)[:, ::-1], axis=1)[:, ::-1]
    younger = np.maximum.accumulate(np.where(filled, ages, -1), axis=1)
    wanted = np.clip(wanted, 0, AGES - 1)
    found = older[group, wanted]
    found = np.where(found < AGES, found, younger[group, wanted])
    able = np.flatnonzero(found >= least)
    bin_of = group[able].astype(np.int64) * AGES + found[able]
    turn = _sorted(bin_of, _half(words[able], 2))
    at = bin_of[turn]
    rank = _rank(at)
    host = order[start[at] + rank % count[at]]
    if most:
        host = np.where(rank < most * count[at], host, -1)
    out[able[turn]] = host
    return out


def _pair(people: _People, first: Ids, second: Ids, group: npt.NDArray[np.int32]) -> tuple[Ids, Ids]:
    """Pair two pools within groups, age rank by age rank; whoever is left over is left over by lot."""
    groups = int(group.max()) + 1 if len(group) else 1
    room = np.minimum(*(np.bincount(group[pool], minlength=groups) for pool in (first, second)))
    out: list[Ids] = []
    for pool in (first, second):
        words = draw(people.seed, "society/households/couples", pool)
        lot = _sorted(group[pool], _half(words, 0))
        keep = lot[_rank(group[pool][lot]) < room[group[pool][lot]]]
        key = people.age[pool[keep]].astype(np.int64) * 16 + (words[keep, 1] >> np.uint32(26))
        out.append(pool[keep][_sorted(group[pool[keep]], key)])
    return out[0], out[1]


def _couples(people: _People, rules: Couples, looking: Flags, female: Flags) -> npt.NDArray[np.int32]:
    """Return everybody's partner."""
    partner = np.full(len(looking), -1, dtype=np.int32)
    free = looking & (people.age >= ADULT)
    if rules.same_sex and rules.same_sex.value > 0:
        seekers = np.flatnonzero(free)
        words = draw(people.seed, "society/households/couples", seekers)
        own = seekers[words[:, 2] < np.uint64(round(rules.same_sex.value * 2**32))]
        for side in (own[female[own]], own[~female[own]]):
            key = people.age[side].astype(np.int64)
            line = side[_sorted(people.group[side], key)]
            turn = _rank(people.group[line])
            lead = np.flatnonzero(turn[:-1] % 2 == 0) if len(line) else np.zeros(0, dtype=np.int64)
            lead = lead[people.group[line[lead]] == people.group[line[lead + 1]]]
            _join(people, rules, partner, line[lead], line[lead + 1])
        free[own] = False
    for group in (people.group, people.place):
        alone = free & (partner < 0)
        _join(
            people,
            rules,
            partner,
            *_pair(people, np.flatnonzero(alone & female), np.flatnonzero(alone & ~female), group),
        )
    return partner


def _join(people: _People, rules: Couples, partner: npt.NDArray[np.int32], one: Ids, two: Ids) -> None:
    gap = np.abs(people.age[one].astype(np.int64) - people.age[two])
    fit = gap <= rules.largest_gap
    partner[one[fit]] = two[fit]
    partner[two[fit]] = one[fit]


def _young(people: _People, homes: Homes, rules: Children, female: Flags, ages: tuple[int, int]) -> None:
    """Give every minor a home, with parents of a fitting age if any; the unmarried young stay there."""
    alone = (homes.partner < 0) & (people.age >= ADULT)
    stay = alone & (people.age <= rules.at_home_until)
    paired = np.flatnonzero(homes.partner >= 0)
    other = homes.partner[paired]
    lead = (female[paired] & ~female[other]) | ((female[paired] == female[other]) & (paired < other))
    single = np.flatnonzero(alone & ~stay & (people.age >= SINGLE[0]) & (people.age <= SINGLE[1]))
    lot = draw(people.seed, "society/households/homes", single)[:, 0]
    single = single[lot < np.uint64(round(rules.single.value * 2**32))]
    hosts = np.concatenate([paired[lead], single])
    young = np.flatnonzero((people.age < ADULT) | stay)
    words = draw(people.seed, "society/households/young", young)
    own = people.age[young].astype(np.int64)
    parent = _raise(people, hosts, young, words, own + _between(words, rules.mother))
    left = np.flatnonzero((parent < 0) & (own < ADULT))
    parent[left] = _guardians(people, young[left], words[left], stay)
    homed = parent >= 0
    homes.root[young[homed]] = homes.root[parent[homed]]
    _school(people, homes, young[homed], parent[homed], ages)


def _raise(people: _People, hosts: Ids, young: Ids, words: Words, wanted: Ids) -> Ids:
    """Deal the young over homes, a child a home and round, so that few homes get more than `FULL`."""
    parent = np.full(len(young), -1, dtype=np.int64)
    load = np.zeros(len(people.age), dtype=np.uint8)
    lots = draw(people.seed, "society/households/homes", hosts)
    for turn in range(ROUNDS + 1):
        room = np.flatnonzero(load[hosts] < FULL) if turn < ROUNDS else np.arange(len(hosts))
        rest = np.flatnonzero(parent < 0)
        there = hosts[room]
        least = people.age[young[rest]].astype(np.int64) + LEAST_GAP
        asked = (people.group[young[rest]], wanted[rest], least, words[rest])
        bins = (people.group[there], people.age[there])
        found = _deal(bins, asked, lots[room], most=1 if turn < ROUNDS else 0)
        met = found >= 0
        parent[rest[met]] = there[found[met]]
        if turn < ROUNDS:
            load[there[found[met]]] += 1
    return parent


def _guardians(people: _People, minors: Ids, words: Words, stay: Flags) -> Ids:
    """Return any adult of the place, for minors without parents of a fitting age; -1 for none."""
    grown = np.flatnonzero((people.age >= ADULT) & ~stay)
    if not len(grown):
        return np.full(len(minors), -1, dtype=np.int64)
    start = np.searchsorted(people.place[grown], people.place[minors], side="left")
    room = np.searchsorted(people.place[grown], people.place[minors], side="right") - start
    pick = start + ((words[:, 3].astype(np.uint64) * room.astype(np.uint64)) >> np.uint64(32)).astype(np.int64)
    return np.where(room > 0, grown[np.minimum(pick, len(grown) - 1)], -1)


def _school(people: _People, homes: Homes, young: Ids, parent: Ids, ages: tuple[int, int]) -> None:
    """Note the youngest child of school age for its parents."""
    school = (people.age[young] >= ages[0]) & (people.age[young] <= ages[1])
    young, parent = young[school], parent[school]
    order = np.lexsort((young, people.age[young], parent))
    first = order[_rank(parent[order]) == 0]
    for who in (parent[first], homes.partner[parent[first]].astype(np.int64)):
        named = who >= 0
        homes.child[who[named]] = young[first][named]


def _together(people: _People, homes: Homes, rules: Parents, wish: npt.NDArray[np.uint8]) -> None:
    """Bring ageing parents into the household of a child who wants to live with them."""
    n = len(wish)
    ids = np.arange(n, dtype=np.int64)
    old = people.age >= rules.from_age
    mate = np.where(homes.partner >= 0, homes.partner, ids)
    at_home = (homes.partner < 0) & (homes.root != ids)
    seek = (wish == 1) & (people.age >= ADULT) & ~old & ~old[mate] & ~at_home
    seek &= ~(seek[mate] & (mate < ids))
    seekers = np.flatnonzero(seek)
    hosts = np.flatnonzero(old & ((mate >= ids) | ~old[mate]))
    words = draw(people.seed, "society/households/elders", seekers)
    own = people.age[seekers].astype(np.int64)
    least = np.maximum(own + LEAST_GAP, rules.from_age)
    asked = (people.group[seekers], own + _between(words, rules.gap), least, words)
    lots = draw(people.seed, "society/households/elders", hosts)
    found = _deal((people.group[hosts], people.age[hosts]), asked, lots, most=1)
    met = found >= 0
    child, elder = seekers[met], hosts[found[met]]
    homes.parent[child] = elder
    moved = np.arange(n, dtype=np.int32)
    moved[homes.root[elder]] = homes.root[child]
    homes.root[:] = moved[homes.root]


def _apart(people: _People, homes: Homes, rules: Parents, wish: npt.NDArray[np.uint8]) -> None:
    """Name an ageing parent of the same place for everybody who is responsible for one elsewhere."""
    seekers = np.flatnonzero((wish > 0) & (people.age >= ADULT) & (homes.parent < 0))
    hosts = np.flatnonzero(people.age >= rules.from_age)
    words = draw(people.seed, "society/households/elders", seekers, index=1)
    own = people.age[seekers].astype(np.int64)
    least = np.maximum(own + LEAST_GAP, rules.from_age)
    lots = draw(people.seed, "society/households/elders", hosts, index=1)
    asked = (people.place[seekers], own + _between(words, rules.gap), least, words)
    found = _deal((people.place[hosts], people.age[hosts]), asked, lots)
    met = found >= 0
    child, elder = seekers[met], hosts[found[met]]
    mate = homes.partner[child]
    foreign = homes.root[elder] != homes.root[child]
    homes.parent[child[foreign]] = elder[foreign]
    theirs = np.where(mate >= 0, homes.parent[mate], -1)
    mine = homes.parent[child]
    shared = (theirs >= 0) & (mine >= 0) & ((theirs == mine) | (theirs == homes.partner[mine])) & (child > mate)
    homes.parent[child[shared]] = -1


def make_households(
    model: SocietyModel, seed: int, place: npt.NDArray[np.int32], columns: dict[str, npt.NDArray[np.uint8]]
) -> Homes:
    """Make the households, and set the traits that they decide in `columns`.

    The trait of couples ends as "with a partner" for those who found one; the trait of children follows from
    the children; whoever wanted to live with an ageing parent and found none in the place has one apart.
    """
    rules = model.households
    n = len(place)
    ids = np.arange(n, dtype=np.int32)
    homes = Homes(ids.copy(), *(np.full(n, -1, dtype=np.int32) for _ in range(3)))
    if rules is None:
        return homes
    group = place.astype(np.int32)
    for name in rules.near:
        group = group * len(model.traits[name].levels) + columns[name]
    age = columns[model.age_trait]
    people = _People(seed, place, group, age)
    female = columns[rules.couples.sex] == 0
    homes.partner = _couples(people, rules.couples, columns[rules.couples.trait] == 1, female)
    paired = homes.partner >= 0
    columns[rules.couples.trait] = paired.astype(np.uint8)
    homes.root[paired] = np.minimum(ids[paired], homes.partner[paired])
    if rules.children:
        ages = level_range(model, model.age_trait, rules.children.school)
        _young(people, homes, rules.children, female, ages)
        columns[rules.children.trait] = (homes.child >= 0).astype(np.uint8)
    if rules.parents:
        wish = columns[rules.parents.trait]
        _together(people, homes, rules.parents, wish)
        _apart(people, homes, rules.parents, wish)
        mine = homes.parent >= 0
        with_them = mine & (homes.root[np.maximum(homes.parent, 0)] == homes.root)
        level = np.where(with_them, 1, np.where((wish > 0) & (age >= ADULT), 2, 0))
        columns[rules.parents.trait] = level.astype(np.uint8)
    return homes
