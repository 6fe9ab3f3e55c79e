"""What a society's file must hold beyond the shape of its parts: known names, tables that cover everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from ..cited import CitedValue, FileModel
from ..errors import BadValue, Fault, UnknownName, did_you_mean
from ..files import Place as Path
from ..yaml_tree import show_path
from .levels import chance_grid, level_range, levels_of, uncovered
from .types import PLACE, Chance, MarginTable, SocietyModel

__all__ = ["chance_order", "society_faults"]


class _Wrong(NamedTuple):
    message: str
    path: Path
    hint: str = ""


def _plain(path: Path, message: str, hint: str) -> Fault:
    return Fault(message, show_path(path), hint=hint)


def society_faults(model: SocietyModel, fault: Callable[[Path, str, str], Fault] = _plain) -> list[Fault]:
    """Return every fault of a society's file.

    Parameters
    ----------
    fault : makes a fault from the place, what is wrong, and the hint; the method of that name of a file that
        was read adds line and column.
    """
    return [fault(wrong.path, wrong.message, wrong.hint) for wrong in _wrongs(model)]


def _wrongs(model: SocietyModel) -> list[_Wrong]:
    out = list(_trait_faults(model))
    for at, margin in enumerate(model.margins):
        out += _margin_faults(model, margin, ("margins", at))
    for name, chance in model.chances.items():
        out += _chance_faults(model, name, chance, ("chances", name))
    out += _household_faults(model)
    for name in model.classes:
        out += _class_faults(model, name)
    out += _source_faults(model, model, ())
    if not out:
        try:
            chance_order(model)
        except BadValue as error:
            out.append(_Wrong(error.message, ("chances",), hint=error.hint))
    return out


def _unknown(model: SocietyModel, names: Iterable[str], path: Path) -> Iterator[_Wrong]:
    known = [*model.traits, PLACE]
    for name in names:
        if name not in known:
            yield _Wrong(f'there is no trait named "{name}"', path, hint=did_you_mean(name, known))


def _owned(model: SocietyModel) -> set[str]:
    """Return the traits that the households decide."""
    homes = model.households
    return {homes.children.trait} if homes and homes.children else set()


def _trait_faults(model: SocietyModel) -> Iterator[_Wrong]:
    if PLACE in model.traits:
        yield _Wrong(f'no trait can be named "{PLACE}": the word stands for the places', ("traits", PLACE))
    aged = [name for name, trait in model.traits.items() if trait.ages]
    if len(aged) > 1:
        yield _Wrong("a society has one trait that is an age", ("traits", aged[1]))
    bits = sum(7 if trait.ages else max(1, (len(trait.levels) - 1).bit_length()) for trait in model.traits.values())
    if bits > 64:
        yield _Wrong(f"the traits take {bits} bits; 64 is the most", ("traits",), hint="declare fewer traits or levels")
    counted = {name for margin in model.margins for name in margin.over}
    for name, trait in model.traits.items():
        told = [name in counted, name in model.chances, name in _owned(model)]
        if sum(told) == 0:
            what = "a margin" if trait.ages else "a margin or a chance"
            yield _Wrong(f"nothing says how the trait {name} is spread", ("traits", name), hint=f"add {what} for it")
        elif sum(told) > 1:
            yield _Wrong(
                f"two parts of the file say how the trait {name} is spread",
                ("traits", name),
                hint="a trait has margins, or a chance, or belongs to `households.children`",
            )
    yield from _unknown(model, model.groups, ("groups",))
    for name in model.groups:
        if name in model.traits and model.traits[name].ages:
            yield _Wrong("an age cannot stand in the tables by group", ("groups",), hint="use a trait with levels")


def _margin_faults(model: SocietyModel, margin: MarginTable, path: Path) -> Iterator[_Wrong]:
    unknown = list(_unknown(model, margin.over, (*path, "over")))
    yield from unknown
    if unknown:
        return
    last = margin.over[-1]
    bands: dict[str, set[str]] = {name: set() for name in margin.over}
    for key, row in margin.rows.items():
        at = (*path, "shares", key) if key else (*path, "shares")
        parts = [part.strip() for part in key.split("/")] if key else []
        if len(parts) != len(margin.over) - 1:
            rest = "/".join(margin.over[:-1])
            yield _Wrong(f'the row "{key}" should be named by one level each of {rest}', at)
            continue
        for name, level in [*zip(margin.over, parts, strict=False), *((last, level) for level in row)]:
            try:
                level_range(model, name, level)
                bands[name].add(level)
            except (BadValue, UnknownName) as error:
                yield _Wrong(error.message, (*at, level) if name == last else at, hint=error.hint)
    age = model.age_trait
    if age in bands:
        spans = sorted(level_range(model, age, level) for level in bands[age])
        for (low, high), (start, _) in pairwise(spans):
            if start <= high:
                yield _Wrong(f"the ages {low}-{high} and {start}+ overlap", (*path, "shares"))


def _chance_faults(model: SocietyModel, name: str, chance: Chance, path: Path) -> Iterator[_Wrong]:
    if name not in model.traits or model.traits[name].ages:
        what = "an age is spread by margins" if name in model.traits else f'there is no trait named "{name}"'
        yield _Wrong(what, path, hint=did_you_mean(name, model.traits))
        return
    levels = levels_of(model, name)
    for key, row in chance.table.items():
        for level in row:
            if level not in levels:
                message = f'the trait {name} has no level "{level}"'
                yield _Wrong(message, (*path, "table", key, level), hint=did_you_mean(level, levels))
    if chance.minors and chance.minors not in levels:
        message = f'the trait {name} has no level "{chance.minors}"'
        yield _Wrong(message, (*path, "minors"), hint=did_you_mean(chance.minors, levels))
    unknown = list(_unknown(model, chance.by, (*path, "by")))
    if unknown:
        yield from unknown
        return
    try:
        grid = chance_grid(model, chance)
    except (BadValue, UnknownName) as error:
        yield _Wrong(error.message, (*path, "table"), hint=error.hint)
        return
    for first, second in grid.clash:
        hint = "a row with fewer stars goes first; make one of the two narrower"
        yield _Wrong(f'the rows "{first}" and "{second}" both fit some people', (*path, "table"), hint=hint)
    if missing := uncovered(model, chance, grid):
        yield _Wrong(f"no row fits {missing}", (*path, "table"), hint='add a row, or one with "*" for the rest')


def _household_faults(model: SocietyModel) -> Iterator[_Wrong]:
    homes = model.households
    if homes is None:
        return
    if not model.age_trait:
        yield _Wrong("households need a trait that is an age", ("households",))
    for name in homes.near:
        if name not in model.traits or model.traits[name].ages:
            yield _Wrong(
                f'"{name}" is no trait with levels', ("households", "near"), hint=did_you_mean(name, model.traits)
            )
    wanted = [("couples.trait", homes.couples.trait, 2), ("couples.sex", homes.couples.sex, 2)]
    if homes.children:
        wanted.append(("children.trait", homes.children.trait, 2))
    if homes.parents:
        wanted.append(("parents.trait", homes.parents.trait, 3))
    for path, name, count in wanted:
        if name not in model.traits or len(model.traits[name].levels) != count:
            message = f'"{name}" should be a trait with {count} levels'
            yield _Wrong(message, ("households", *path.split(".")), hint=did_you_mean(name, model.traits))
    drawn = [homes.couples.trait, *([homes.parents.trait] if homes.parents else [])]
    for name in drawn:
        if name in model.traits and name not in model.chances:
            yield _Wrong(f"the trait {name} needs a chance: who is looking for it", ("traits", name))
    if homes.children:
        try:
            level_range(model, model.age_trait, homes.children.school)
        except (BadValue, UnknownName) as error:
            yield _Wrong(error.message, ("households", "children", "school"), hint=error.hint)


def _class_faults(model: SocietyModel, name: str) -> Iterator[_Wrong]:
    """Yield what is wrong with one class of subjects: the same as with a society, and who owns it or works there."""
    here: Path = ("classes", name)
    units = model.classes[name]
    aged = [trait for trait, told in units.traits.items() if told.ages]
    if aged:
        yield _Wrong("only citizens grow older", (*here, "traits", aged[0]), hint="give the trait levels")
        return
    for wrong in _wrongs(model.of_class(name)):
        if wrong.path[0] in ("traits", "chances", "groups"):
            yield wrong._replace(path=(*here, *wrong.path))
    if units.owners:
        yield from _levels(model, "citizens", units.owners.trait, units.owners.levels, (*here, "owners"))
    if units.staff:
        place = (*here, "staff")
        yield from _levels(model, "citizens", units.staff.trait, units.staff.levels, place)
        own = model.of_class(name)
        yield from _levels(own, units.plural, units.staff.by, units.staff.jobs, place, ("by", "jobs"))


def _levels(
    model: SocietyModel,
    whose: str,
    trait: str,
    levels: Iterable[str],
    here: Path,
    keys: tuple[str, str] = ("trait", "levels"),
) -> Iterator[_Wrong]:
    """Yield what is not there of one trait and its levels, which stand under `keys`."""
    if trait not in model.traits or model.traits[trait].ages:
        message = f'"{trait}" is no trait of {whose} with levels'
        able = [name for name, one in model.traits.items() if not one.ages]
        hint = did_you_mean(trait, able) or f"there are: {', '.join(able[:12])}"
        yield _Wrong(message, (*here, keys[0]), hint=hint)
        return
    known = model.traits[trait].levels
    for level in levels:
        if level not in known:
            message = f'the trait {trait} has no level "{level}"'
            yield _Wrong(message, (*here, keys[1]), hint=did_you_mean(level, known))


def _source_faults(model: SocietyModel, part: object, path: Path) -> Iterator[_Wrong]:
    if isinstance(part, CitedValue) and part.source and part.source not in model.references:
        message = f'there is no reference named "{part.source}"'
        yield _Wrong(message, (*path, "source"), hint=did_you_mean(part.source, model.references))
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(part, FileModel):
        inner = [(name, getattr(part, name)) for name in type(part).model_fields]
    elif isinstance(part, dict):
        inner = part.items()
    elif isinstance(part, list):
        inner = enumerate(part)
    for name, value in inner:
        if isinstance(value, (FileModel, dict, list)):
            yield from _source_faults(model, value, (*path, name))


def chance_order(model: SocietyModel) -> tuple[list[str], list[str]]:
    """Return the traits with chances in an order in which each finds what it depends on.

    The first list comes before the households are made, the second after, because it depends on them.
    """
    homes = model.households
    late: set[str] = set()
    if homes:
        late = {homes.couples.trait, *_owned(model), *([homes.parents.trait] if homes.parents else [])}
    drawn = {homes.couples.trait, homes.parents.trait} if homes and homes.parents else late - _owned(model)
    ready = {name for margin in model.margins for name in margin.over} | {PLACE}
    before = _settle(model, set(model.chances), ready, late)
    missing = drawn - set(before)
    if missing:
        name = min(missing)
        raise BadValue(f"the chance of {name} depends on the households, which it makes", "take that trait out of `by`")
    rest = set(model.chances) - set(before)
    after = _settle(model, rest, ready | set(before) | late, set())
    if stuck := rest - set(after):
        raise BadValue(f"the chances of {', '.join(sorted(stuck))} depend on each other in a circle")
    return before, after


def _settle(model: SocietyModel, names: set[str], ready: set[str], barred: set[str]) -> list[str]:
    out: list[str] = []
    ready = ready - barred
    while True:
        found = [
            name
            for name in sorted(names - set(out))
            if all(other in ready or (other in out and other not in barred) for other in model.chances[name].by)
        ]
        if not found:
            return out
        out += found
