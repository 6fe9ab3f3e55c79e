"""Reforms: a small file of changes to a scheme.

Each change is one of::

    {rule: red-light, set: {points: -20}}      also door, band, list, cap, profile in place of rule
    {drop: {rule: red-light}}                  also door, band, list, cap, profile; domain: its rules go, it weighs 0
    {add: {rules: {new-rule: {...}}}}          also doors, bands, lists, caps, profile
    {set: {start: {points: 900}}}              also context, floor, ceiling, domains, decay, consent, status, ...

A value that a patch sets stands on the patch, not on the document that the scheme cites: unless the change says
what it stands on, the part becomes *assumed*.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from pydantic import Field, model_validator

from ..cited import FileModel, Name, Reference
from ..errors import Fault, FileFaults, did_you_mean
from ..files import Loaded, Place, misfit, show_path, validate
from .checks import check_scheme
from .types import Domain, SchemeModel

__all__ = ["Change", "PatchModel", "apply_patch"]

SECTIONS = {"rule": "rules", "door": "doors", "band": "bands", "list": "lists", "cap": "caps", "profile": "profile"}
WHOLE = ("context", "floor", "ceiling", "min_age", "status", "title", "about", "version", "jurisdiction", "period",
         "decay", "consent", "inspections", "discretion", "publish", "notice", "appeal")  # fmt: skip
MERGED = ("start", "domains")
_CITED = ("status", "source", "note", "article")


Scalar = bool | int | float | str | date | None
Leaf = Scalar | list[Scalar]
Branch = Leaf | dict[str, Leaf]
Value = Branch | dict[str, Branch | dict[str, Branch]]
"""What can stand in a scheme: the changed scheme is read again as a scheme, so nothing else gets in."""


class Drop(FileModel):
    """What a patch takes away: one thing."""

    rule: str | None = None
    door: str | None = None
    band: str | None = None
    list_: str | None = Field(default=None, alias="list")
    cap: str | None = None
    profile: str | None = None
    domain: Domain | None = None

    @model_validator(mode="after")
    def _one(self) -> Drop:
        if len(self.model_fields_set) != 1:
            raise misfit("a change drops one thing", hint="write one change for each")
        return self

    @property
    def target(self) -> tuple[str, str]:
        """Return what is dropped, and its name."""
        (field,) = self.model_fields_set
        return field.rstrip("_"), str(getattr(self, field))


class Change(FileModel):
    """One change of a scheme."""

    rule: str | None = None
    door: str | None = None
    band: str | None = None
    list_: str | None = Field(default=None, alias="list")
    cap: str | None = None
    profile: str | None = None
    set_: dict[str, Value] | None = Field(default=None, alias="set", description="New values.")
    drop: Drop | None = None
    add: dict[str, dict[str, Value]] | None = Field(default=None, description="New rules, doors, lists, ...")

    @model_validator(mode="after")
    def _one_kind(self) -> Change:
        said = [key for key in ("set", "drop", "add") if getattr(self, "set_" if key == "set" else key) is not None]
        if len(said) != 1:
            raise misfit('a change has exactly one of "set", "drop" and "add"')
        named = [key for key in SECTIONS if self._named(key) is not None]
        if len(named) > 1 or (named and said != ["set"]):
            raise misfit("a change names one rule, door, band, list, cap or profile, and sets it", named[-1])
        return self

    def _named(self, what: str) -> str | None:
        value: str | None = getattr(self, "list_" if what == "list" else what)
        return value

    @property
    def target(self) -> tuple[str, str] | None:
        """Return what is set, such as ``("rule", "red-light")``; None for the scheme itself."""
        found = [(what, self._named(what)) for what in SECTIONS]
        return next(((what, name) for what, name in found if name is not None), None)


class PatchModel(FileModel):
    """A patch's file."""

    patch: Name = Field(description="Stable name of the patch.")
    title: str = Field(min_length=1)
    about: str = ""
    of: Name = Field(description="Name of the scheme that it changes.")
    references: dict[str, Reference] = Field(default_factory=dict)
    change: tuple[Change, ...] = Field(min_length=1)


class _Book:
    """A scheme while it is being changed, and which place of the patch each changed part comes from."""

    def __init__(self, model: SchemeModel, patch: PatchModel) -> None:
        self.parts: dict[str, Any] = deepcopy(model.model_dump(by_alias=True, exclude_unset=True))
        self.patch = patch
        self.origin: dict[Place, Place] = {}
        self.last: Place = ("change",)
        self.troubles: list[tuple[Place, str, str]] = []

    def section(self, name: str) -> dict[str, Any]:
        part = self.parts.setdefault(name, {})
        if not isinstance(part, dict):
            part = self.parts[name] = {}
        return part

    def apply(self, at: int, change: Change) -> None:
        here: Place = ("change", at)
        if change.drop is not None:
            self.last = (*here, "drop")
            self._drop(change.drop, self.last)
        elif change.add is not None:
            self._add(change.add, (*here, "add"))
        elif change.set_ is not None and change.target is not None:
            what, name = change.target
            if name not in self.section(SECTIONS[what]):
                self._missing((*here, what), what, name)
                return
            self._set((SECTIONS[what], name), change.set_, (*here, "set"))
        elif change.set_ is not None:
            self._set_scheme(change.set_, (*here, "set"))

    def _missing(self, place: Place, what: str, name: str) -> None:
        known = self.section(SECTIONS[what])
        message = f'the scheme {self.patch.of} has no {what} named "{name}"'
        self.troubles.append((place, message, did_you_mean(name, known)))

    def _drop(self, drop: Drop, place: Place) -> None:
        what, name = drop.target
        if what == "domain":
            self.section("domains")[name] = {"weight": 0, "note": f"Dropped by the patch {self.patch.patch}."}
            rules = self.section("rules")
            kept = {
                key: rule for key, rule in rules.items() if not (isinstance(rule, dict) and rule.get("domain") == name)
            }
            self.parts["rules"] = kept
        elif name not in self.section(SECTIONS[what]):
            self._missing((*place, what), what, name)
        else:
            del self.section(SECTIONS[what])[name]

    def _add(self, add: dict[str, dict[str, Any]], place: Place) -> None:
        for section, things in add.items():
            if section not in SECTIONS.values():
                hint = did_you_mean(section, SECTIONS.values()) or f"there are: {', '.join(SECTIONS.values())}"
                self.troubles.append(((*place, section), f'nothing can be added to "{section}"', hint))
                continue
            for name, thing in things.items():
                here = (*place, section, name)
                if name in self.section(section):
                    hint = "set its values instead"
                    self.troubles.append((here, f'the scheme has a "{name}" already', hint))
                    continue
                self.section(section)[name] = thing
                self.origin[(section, name)] = here

    def _set_scheme(self, values: dict[str, Any], place: Place) -> None:
        for key, value in values.items():
            if key in MERGED and isinstance(value, dict):
                if key == "start":
                    self._set((key,), value, (*place, key))
                    continue
                for domain, weight in value.items():
                    self.section(key)[domain] = weight
                    self.origin[(key, domain)] = (*place, key, domain)
            elif key in WHOLE or key in MERGED:
                self.parts[key] = value
                self.origin[(key,)] = (*place, key)
            else:
                known = (*MERGED, *WHOLE)
                hint = did_you_mean(key, known) or f"there are: {', '.join(known)}"
                if key in SECTIONS.values():
                    hint = 'name the rule, door, band, list or cap and "set" it, or use "add"'
                self.troubles.append(((*place, key), f'"{key}" cannot be set like this', hint))

    def _set(self, where: tuple[str, ...], values: dict[str, Any], place: Place) -> None:
        above: dict[str, Any] = self.parts
        for key in where[:-1]:
            above = above[key]
        part = above[where[-1]] = dict(above[where[-1]]) if isinstance(above.get(where[-1]), dict) else {}
        for key in _CITED:
            part.pop(key, None)
        if "status" not in values:
            part.update(status="assumed", note=f"Set by the patch {self.patch.patch}.")
        for key, value in values.items():
            part[key] = value
            self.origin[(*where, key)] = (*place, key)
        self.origin.setdefault(where, place)

    def place(self, path: Place) -> Place:
        """Return where in the patch a part of the changed scheme comes from."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origin:
                return (*self.origin[path[:length]], *path[length:])
        return self.last


def apply_patch(model: SchemeModel, patch: PatchModel | Loaded[PatchModel]) -> SchemeModel:
    """Return the scheme as changed by a patch; its name joins both names.

    Raises
    ------
    FileFaults
        Where the patch or what comes of it does not hold. Given a loaded patch, faults point into its file.
    """
    loaded = patch if isinstance(patch, Loaded) else None
    reform = patch.value if isinstance(patch, Loaded) else patch
    book = _Book(model, reform)
    if model.scheme != reform.of and not model.scheme.startswith(f"{reform.of}-"):
        hint = did_you_mean(reform.of, [model.scheme])
        book.troubles.append((("of",), f"the patch is for {reform.of}, and this is {model.scheme}", hint))
    else:
        for at, change in enumerate(reform.change):
            book.apply(at, change)
    changed = None
    if not book.troubles:
        changed = _rebuilt(book, model, reform)
    if changed is None:
        _refuse(book.troubles, reform, loaded)
    assert changed is not None
    return changed


def _rebuilt(book: _Book, model: SchemeModel, reform: PatchModel) -> SchemeModel | None:
    """Return the changed scheme; None, with troubles noted, if it does not hold."""
    book.parts["scheme"] = f"{model.scheme}-{reform.patch}"[:48].rstrip("-")
    references = {**book.parts.get("references", {}), **{k: r.model_dump() for k, r in reform.references.items()}}
    book.parts["references"] = references
    changed, wrong = validate(book.parts, SchemeModel)
    book.troubles.extend((book.place(path), message, hint) for path, message, hint in wrong)
    if changed is None:
        return None
    before = set(check_scheme(model))
    for trouble in check_scheme(changed):
        if trouble not in before:
            place, message, hint = trouble
            book.troubles.append((book.place(place), message, hint))
    return None if book.troubles else changed


def _refuse(troubles: list[tuple[Place, str, str]], reform: PatchModel, loaded: Loaded[PatchModel] | None) -> None:
    unique = list(dict.fromkeys(troubles))
    if loaded is not None:
        loaded.check(loaded.fault(place, message, hint) for place, message, hint in unique)
    file = f"the patch {reform.patch}"
    raise FileFaults(file, [Fault(message, show_path(place), hint=hint, file=file) for place, message, hint in unique])
