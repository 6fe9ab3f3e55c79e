"""What things of the library are called in another language than their files are written in.

One catalogue for the page, the report and paper, by the title as the file has it: a title that a user changed, or that
stands in a file of their own, is in no catalogue and stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise

__all__ = ["LANGUAGES", "catalogue", "level", "titled"]

LANGUAGES = ("zh",)
"""Languages that have a catalogue; the files themselves are English."""
LEVELS = "levels"
_HOLE = re.compile(r"\{(n?)\}")
_FILL = re.compile(r"\{(\d?)n?\}")


@cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """Return the titles in a language by what they are titles of; empty where there is no catalogue."""
    if language not in LANGUAGES:
        return {}
    text = files("glasstown").joinpath("library", f"titles.{language}.json").read_text(encoding="utf-8")
    told: dict[str, dict[str, str]] = json.loads(text)
    return told


def titled(text: str, language: str, known: Mapping[str, str] | None = None) -> str:
    """Return a title in a language; the text itself where the catalogue has none.

    Parameters
    ----------
    text : the title as it stands in its file, or as it was put together from titles.
    known : texts that are known here already.
    """
    whole, forms = _tables(language)
    if known and text in known:
        return known[text]
    if text in whole:
        return whole[text]
    for form, said, kept in forms:
        found = form.fullmatch(text)
        if found:
            parts = zip(found.groups(), kept, strict=True)
            return _filled(said, [part if keep else titled(part, language, known) for part, keep in parts])
    return text


def level(trait: str, name: str, language: str) -> str:
    """Return a trait's level in a language.

    Parameters
    ----------
    trait : name or title of the trait: a word may mean one thing as schooling and another as income.
    """
    levels = catalogue(language).get(LEVELS, {})
    return levels.get(f"{trait}/{name}", levels.get(name, name))


@cache
def _tables(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str, tuple[bool, ...]]]]:
    """Return whole titles, and those with holes as patterns: what stands in quotes is a file's own word, and stays."""
    all_ = [pair for kind, told in catalogue(language).items() if kind != LEVELS for pair in told.items()]
    forms = [(_pattern(text), said, _kept(text)) for text, said in all_ if _HOLE.search(text)]
    return {text: said for text, said in all_ if not _HOLE.search(text)}, forms


def _pattern(form: str) -> re.Pattern[str]:
    """Return a form as a pattern: `{}` is any text, `{n}` a number."""
    parts = _HOLE.split(form)
    holes = [r"(\d+)" if hole else "(.+)" for hole in parts[1::2]]
    return re.compile("".join(map("".join, zip(map(re.escape, parts[::2]), [*holes, ""], strict=True))), re.DOTALL)


def _kept(form: str) -> tuple[bool, ...]:
    """Return for each hole of a form whether it stands in quotes."""
    around = _HOLE.split(form)[::2]
    return tuple(before.endswith('"') and after.startswith('"') for before, after in pairwise(around))


def _filled(said: str, parts: list[str]) -> str:
    """Fill the holes in their order, or as they are numbered."""
    left = iter(parts)
    return _FILL.sub(lambda hole: parts[int(hole[1])] if hole[1] else next(left), said)
