"""Files that people write, read into models, with every fault at once and its place.

Two ways in: :func:`load` for a file on disk or a text, :func:`kind_of` for what kind of file a text is. All
errors are :class:`~glasstown.errors.FileFaults`.
"""

from __future__ import annotations

import re
import threading
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from .errors import Fault, FileFaults, did_you_mean
from .yaml_tree import LIMITS, Node, as_tree, read_tree, show_path
from .yaml_tree import Path as Place

__all__ = ["KINDS", "Loaded", "Place", "kind_of", "load", "load_text", "misfit", "read_text", "show_path", "validate"]

KINDS = ("cases", "patch", "scenario", "scheme", "society", "conduct", "sources", "doors")
"""Keys that say what a file is; where several stand in one file, the first of these counts."""

M = TypeVar("M", bound=BaseModel)
MOST_FAULTS = 100
TREES = 64
"""Texts whose trees are kept: more than one scenario of the library needs."""
_LATELY: dict[str, Node] = {}
_LOCK = threading.Lock()
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_QUOTED = re.compile(r"'([^']*)'")


def misfit(message: str, *at: str | int, hint: str = "") -> PydanticCustomError:
    """Return an error for a model's validator to raise, which points below the model at `at`."""
    return PydanticCustomError("misfit", "{message}", {"message": message, "at": list(at), "hint": hint})


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """A file that was read, and where each of its values stands.

    Attributes
    ----------
    value : the model.
    text, lines : the text as read.
    file : name of the file as shown to the user.
    tree : values with their places.
    """

    value: M
    text: str
    lines: tuple[str, ...]
    file: str
    tree: Node

    def place(self, path: Place) -> tuple[int, int]:
        """Return line and column of what stands at `path`, or of the nearest thing above it that is there."""
        return _place(self.tree, path)

    def fault(self, path: Place, message: str, hint: str = "") -> Fault:
        """Return a fault at `path`."""
        line, column = self.place(path)
        return Fault(message, show_path(_as_written(self.tree, path)), line, column, hint, self.file)

    def check(self, faults: Iterable[Fault]) -> None:
        """Raise :class:`FileFaults` if there is any fault."""
        found = _in_order(faults)
        if found:
            raise FileFaults(self.file, found, self.lines)


def load(source: str | Path, model: type[M], *, file: str = "") -> Loaded[M]:
    """Read a file, or a text of several lines, into a model.

    Parameters
    ----------
    source : a path; or a text, if it is a ``str`` with a line break in it.
    model : what the file is read into.
    file : name to show in faults; the path by default.

    Raises
    ------
    FileFaults
        With every fault found.
    """
    if isinstance(source, str) and "\n" in source:
        return load_text(source, model, file=file or "<text>")
    return load_text(read_text(source, file=file), model, file=file or str(source))


def load_text(text: str, model: type[M], *, file: str = "<text>") -> Loaded[M]:
    """Read a text into a model; see :func:`load`."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    tree, early = _tree(text, file, lines)
    spoiled = {path for path, _ in early}
    late: list[tuple[Place, Fault]] = []
    value: M | None = None
    try:
        value = model.model_validate(tree.plain())
    except ValidationError as wrong:
        late = _faults(wrong.errors(include_url=False), model, tree, file)
    else:
        late = [(path, _at(tree, path, message, hint, file)) for path, message, hint in _strays(tree, value, ())]
    found = _in_order([*(fault for _, fault in early), *(fault for path, fault in late if not _spoilt(path, spoiled))])
    if found or value is None:
        raise FileFaults(file, found, lines)
    return Loaded(value, text, tuple(lines), file, tree)


def _tree(text: str, file: str, lines: list[str]) -> tuple[Node, list[tuple[Place, Fault]]]:
    """Return what :func:`~glasstown.yaml_tree.read_tree` does; a text that was read lately is not read again."""
    known = _LATELY.get(text)
    if known is not None:
        return known, []
    tree, early = read_tree(text, file, lines)
    if not early:
        with _LOCK:
            _LATELY[text] = tree
            if len(_LATELY) > TREES:
                del _LATELY[next(iter(_LATELY))]
    return tree, early


def read_text(path: str | Path, *, file: str = "") -> str:
    """Return a file's text; what is missing, no file, too large or no text gives :class:`FileFaults`."""
    file = file or str(path)

    def refuse(message: str, hint: str = "") -> FileFaults:
        return FileFaults(file, [Fault(message, hint=hint, file=file)])

    try:
        where = Path(path)
        if where.is_dir():
            raise refuse("this is a folder, not a file")
        if not where.exists():
            near = [other.name for other in where.parent.iterdir()] if where.parent.is_dir() else []
            raise refuse("there is no such file", did_you_mean(where.name, near))
        if not where.is_file():
            raise refuse("this is not a regular file")
        with where.open("rb") as stream:
            data = stream.read(LIMITS.size * 4 + 1)
    except (OSError, ValueError) as wrong:
        reason = (getattr(wrong, "strerror", None) or str(wrong)).lower()
        raise refuse(f"the file cannot be read: {reason}") from None
    if b"\0" in data[:4096]:
        raise refuse("this is not a text file", "save it as UTF-8 text")
    if len(data) > LIMITS.size * 4:
        raise refuse(f"the file is larger than {LIMITS.size:,} characters", "split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        column = wrong.start - data.rfind(b"\n", 0, wrong.start)
        fault = Fault("the file is not UTF-8 text", "", line, column, "save it as UTF-8", file)
        raise FileFaults(file, [fault]) from None


def kind_of(text: str, *, file: str = "<text>") -> str:
    """Return what kind of file a text is: one of :data:`KINDS`.

    Raises
    ------
    FileFaults
        Where it is none of them.
    """
    keys = set(re.findall(r"^([a-z]+)[ \t]*:", text.removeprefix("\ufeff"), flags=re.MULTILINE))
    if not keys.intersection(KINDS):
        tree, _ = read_tree(text, file, text.split("\n"))
        keys = set(tree.value)
    for kind in KINDS:
        if kind in keys:
            return kind
    near = next((hint for key in sorted(keys) if (hint := did_you_mean(key, KINDS))), "")
    hint = near or f"one of its keys must be one of: {', '.join(KINDS)}"
    raise FileFaults(file, [Fault("nothing says what kind of file this is", hint=hint, file=file)], text.split("\n"))


def validate(data: Any, model: type[M]) -> tuple[M | None, list[tuple[Place, str, str]]]:
    """Return plain data as a model, and place, message and hint for each value that does not fit."""
    tree = as_tree(data)
    try:
        value = model.model_validate(data)
    except ValidationError as wrong:
        found = _faults(wrong.errors(include_url=False), model, tree, "")
        return None, [(path, fault.message, fault.hint) for path, fault in found]
    strays = list(_strays(tree, value, ()))
    return (None if strays else value), strays


def _as_written(tree: Node, path: Place) -> Place:
    """Return a path with the positions in lists as numbers."""
    out: list[str | int] = []
    node: Node | None = tree
    for part in path:
        in_list = node is not None and isinstance(node.value, list)
        out.append(int(part) if in_list and str(part).isdecimal() else part)
        node = node.child(part) if node is not None else None
    return tuple(out)


def _place(tree: Node, path: Place) -> tuple[int, int]:
    place, node = (tree.line, tree.column), tree
    for part in path:
        below = node.child(part)
        if below is None:
            break
        place = node.keys.get(str(part), (below.line, below.column)) if node.keys else (below.line, below.column)
        node = below
    scalar = node.value is not None and not isinstance(node.value, dict | list)
    return (node.line, node.column) if scalar and path else place


def _at(tree: Node, path: Place, message: str, hint: str, file: str) -> Fault:
    line, column = _place(tree, path)
    return Fault(message, show_path(path), line, column, hint, file)


def _spoilt(path: Place, spoiled: set[Place]) -> bool:
    return path in spoiled or bool(spoiled and path and str(path[-1]).startswith("?"))


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    out = sorted(set(faults), key=lambda fault: (fault.line, fault.column, fault.path, fault.message))
    if len(out) > MOST_FAULTS:
        rest = Fault(f"and {len(out) - MOST_FAULTS} more", file=out[0].file)
        out = [*out[:MOST_FAULTS], rest]
    return out


def _faults(errors: Sequence[ErrorDetails], model: Any, tree: Node, file: str) -> list[tuple[Place, Fault]]:
    """Turn what pydantic found into faults with places, one for each value."""
    found: dict[Place, list[tuple[str, str, bool, tuple[int, int]]]] = {}
    short: set[Place] = set()
    for error in errors:
        context = error.get("ctx", {})
        loc = (*error["loc"], *context.get("at", ())) if error["type"] == "misfit" else error["loc"]
        path, on_key = _settle(tree, loc, missing=error["type"] == "missing")
        message, hint = _said(error, path, model)
        on_key = on_key or error["type"] == "extra_forbidden"
        place = _key_place(tree, path) if on_key else _place(tree, path)
        mistyped = error["type"].endswith(("_type", "_parsing"))
        found.setdefault(path, []).append((message, hint, mistyped, place))
        if error["type"] == "too_short":
            short.add(path)
    out = []
    for path, several in found.items():
        deeper = any(len(other) > len(path) and other[: len(path)] == path for other in found)
        if deeper and (path in short or all(mistyped for _, _, mistyped, _ in several)):
            continue  # another branch of a union, which the file did not mean; or short of what is itself at fault
        if not all(mistyped for _, _, mistyped, _ in several):  # the branch that the file meant is known
            several = [one for one in several if not one[2]]
        message = "; or ".join(dict.fromkeys(message for message, *_ in several))
        hint = next((hint for _, hint, *_ in several if hint), "")
        line, column = several[0][3]
        out.append((path, Fault(message, show_path(path), line, column, hint, file)))
    return out


def _settle(tree: Node, loc: Iterable[Any], *, missing: bool) -> tuple[Place, bool]:
    """Return pydantic's place as a path of the file: without the names of unions' branches."""
    parts = list(loc)
    path: list[str | int] = []
    node = tree
    for at, part in enumerate(parts):
        if part == "[key]":
            return tuple(path), True
        below = node.child(part)
        if below is not None:
            node = below
            path.append(part)
        elif missing and at == len(parts) - 1:
            path.append(part)
    return tuple(path), False


def _key_place(tree: Node, path: Place) -> tuple[int, int]:
    node = tree
    for part in path[:-1]:
        node = node.child(part) or node
    return node.keys.get(str(path[-1]), (node.line, node.column)) if path else (tree.line, tree.column)


def _said(error: ErrorDetails, path: Place, model: Any) -> tuple[str, str]:
    """Return an error in plain words, and a hint."""
    kind, context, value = error["type"], error.get("ctx", {}), error.get("input")
    shown = _shown(value)
    if kind == "misfit":
        return str(context["message"]), str(context["hint"])
    if kind == "missing":
        return f'"{path[-1]}" is missing', ""
    if kind == "extra_forbidden":
        known = _known_keys(model, path[:-1])
        near = did_you_mean(str(path[-1]), known)
        return f'there is no "{path[-1]}" here', near or ("known here: " + ", ".join(known) if known else "")
    if kind == "literal_error":
        known = _QUOTED.findall(str(context["expected"]))
        return f"{shown} is not one of: {', '.join(known)}", did_you_mean(str(value), known)
    if kind == "string_pattern_mismatch":
        return (
            f"{shown} is not a stable name",
            "use small letters, digits and single hyphens, such as red-light",
        )
    if kind.startswith("int"):
        return f"a whole number belongs here, not {shown}", ""
    if kind.startswith("float") or kind == "finite_number":
        return f"a number belongs here, not {shown}", ""
    if kind.startswith("date"):
        return f"a date such as 2016-01-31 belongs here, not {shown}", ""
    if kind == "string_type":
        return f"a text belongs here, not {shown}", "put it in quotes" if isinstance(value, int | float) else ""
    if kind in ("dict_type", "model_type", "model_attributes_type", "mapping_type"):
        return f"a mapping of keys to values belongs here, not {shown}", ""
    if kind in ("list_type", "tuple_type", "set_type", "frozen_set_type"):
        return f"a list belongs here, not {shown}", ""
    if kind in ("too_long", "too_short"):
        bound = f"at most {context['max_length']}" if kind == "too_long" else f"at least {context['min_length']}"
        return f"{bound} belong here, not {context['actual_length']}", ""
    for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than")):
        if name in context:
            return f"must be {words} {_plain(context[name])}, not {shown}", ""
    message = error["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:], ""


def _plain(bound: object) -> object:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f'"{text}"' if isinstance(value, str) else text


def _known_keys(model: Any, path: Place) -> list[str]:
    """Return the keys that may stand at `path`."""
    here = [model]
    for part in path:
        here = [below for one in here for below in _below(one, part)]
    return [key for one in here for key in _fields(one)]


def _options(annotation: Any) -> list[Any]:
    """Return the branches of an annotation, without ``Annotated`` and unions."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _options(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [option for branch in typing.get_args(annotation) for option in _options(branch)]
    return [annotation]


def _fields(annotation: Any) -> dict[str, Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
    return {}


def _below(annotation: Any, part: str | int) -> list[Any]:
    out = []
    for option in _options(annotation):
        origin, inner = typing.get_origin(option), typing.get_args(option)
        if part in (fields := _fields(option)):
            out.extend(_options(fields[str(part)]))
        elif isinstance(origin, type) and issubclass(origin, Mapping) and len(inner) == 2:
            out.extend(_options(inner[1]))
        elif isinstance(origin, type) and issubclass(origin, Sequence) and isinstance(part, int):
            out.extend(option for item in inner if item is not Ellipsis for option in _options(item))
    return out


def _strays(node: Node, value: object, path: Place) -> Iterable[tuple[Place, str, str]]:
    """Yield what pydantic took kindly and a reader would not: quoted numbers, numbers as dates."""
    raw = node.value
    if isinstance(raw, dict):
        if isinstance(value, BaseModel):
            names = {field.alias or name: name for name, field in type(value).model_fields.items()}
            pairs = [(key, getattr(value, names[key])) for key in raw if key in names]
        elif isinstance(value, Mapping) and len(value) == len(raw):
            pairs = list(zip(raw, value.values(), strict=True))
        else:
            pairs = []
        for key, below in pairs:
            yield from _strays(raw[key], below, (*path, key))
    elif isinstance(raw, list):
        if isinstance(value, list | tuple) and len(value) == len(raw):
            for at, (item, below) in enumerate(zip(raw, value, strict=True)):
                yield from _strays(item, below, (*path, at))
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float) and isinstance(raw, bool | str):
        yield path, f"a number belongs here, not {_shown(raw)}", "write it without quotes" if raw else ""
    elif isinstance(value, date) and not isinstance(raw, date) and not (isinstance(raw, str) and _DATE.match(raw)):
        yield path, f"a date such as 2016-01-31 belongs here, not {_shown(raw)}", ""
