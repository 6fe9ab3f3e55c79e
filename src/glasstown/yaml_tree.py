"""YAML 1.2 text as a tree of plain values that know their line and column.

Only what files of the library need is read: mappings, sequences and scalars of the core schema. Anchors,
aliases, tags, merge keys, directives and second documents are refused, since they make a file mean something
else than what a reader sees. Text that would be slow to read is refused before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from .errors import Fault, FileFaults

__all__ = ["LIMITS", "Limits", "Node", "Path", "as_text", "as_tree", "read_tree", "show_path"]

Path = tuple[str | int, ...]
"""Place of a value in a file: keys and positions from the top."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most; all far above what a person writes."""

    size: int = 1_000_000
    lines: int = 40_000
    line: int = 8_000
    escapes: int = 4_000
    nesting: int = 40
    values: int = 40_000
    number: float = 1e15


LIMITS = Limits()

_INT = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_ENDLESS = re.compile(r"([-+]?\.(inf|Inf|INF))\Z|\.(nan|NaN|NAN)\Z")
_WORDS: dict[str, object] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TOLD_APART = re.compile("[\t\ufeff\x85\u2028\u2029]")
"""Characters that the two parsers take for something else, such as the end of a line."""
_SAID_PLAINLY = (
    ("cannot start any token", "no value can start here", "indent with spaces, not tabs, and quote the text"),
    ("mapping values are not", 'a second ":" where one value was expected', 'quote a text that holds ": "'),
    ("expected <block end>", "this does not fit the lines above", "is it indented as far as its neighbours?"),
    ("could not find expected ':'", 'a key without its ":"', 'write "key: value"'),
    ("while scanning a quoted scalar", "a quoted text that never ends", "close the quotes"),
    ("unexpected end of stream", "a quoted text that never ends", "close the quotes"),
    ("expected ',' or", "brackets that are not closed here", 'is a "," or the closing bracket missing?'),
)


@dataclass(slots=True)
class Node:
    """One value of a file and where it stands.

    Attributes
    ----------
    value : a scalar, a ``dict`` of nodes by key, or a ``list`` of nodes.
    line, column : where it starts, counted from 1.
    keys : places of a mapping's keys.
    """

    value: Any
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> Any:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, part: str | int) -> Node | None:
        """Return what stands under a key or position; ``None`` if nothing does."""
        if isinstance(self.value, dict):
            return self.value.get(str(part))
        if isinstance(self.value, list) and str(part).isdecimal() and int(part) < len(self.value):
            return self.value[int(part)]  # type: ignore[no-any-return]
        return None


def as_tree(data: object) -> Node:
    """Return plain data as a tree that stands nowhere."""
    if isinstance(data, dict):
        return Node({str(key): as_tree(value) for key, value in data.items()}, 0, 0)
    if isinstance(data, list | tuple):
        return Node([as_tree(value) for value in data], 0, 0)
    return Node(data, 0, 0)


def as_text(data: dict[str, Any]) -> str:
    """Return plain data as YAML in the order of its keys, so that :func:`read_tree` reads what was written."""
    import yaml

    text: str = yaml.dump(data, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=4096)
    return text


@cache
def _dumper() -> Any:
    import yaml

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Quotes whatever text YAML 1.2 would take for a number, and nothing refers to what stands elsewhere."""

        def ignore_aliases(self, _: object) -> bool:
            return True

    for pattern in (_INT, _BASED, _FLOAT, _ENDLESS):
        Dumper.add_implicit_resolver("!number", pattern, None)
    return Dumper


def show_path(path: Path) -> str:
    """Return a path as a person would name it, such as ``rules.red-light.sources[0]``."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out[:200]


class _Odd(str):
    """Where a value stands whose key is no text."""


_ODD = _Odd("?")


class _Builder:
    """Builds the tree from a stream of events and keeps every fault on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[tuple[Path, Fault]] = []
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.waiting: list[str | None] = []
        self.path: list[str | int] = []

    def fault(self, message: str, line: int, column: int, hint: str = "", *, under: Path = ()) -> None:
        path = (*self.path, *under)
        self.faults.append((path, Fault(message, show_path(path), line, column, hint, self.file)))

    def scalar(self, text: str, plain: bool, line: int, column: int) -> None:
        """Take a scalar: a key where a mapping waits for one, else a value."""
        if self.stack and isinstance(self.stack[-1].value, dict) and self.waiting[-1] is None:
            self._key(text, plain, line, column)
            return
        value: object = text
        if plain:
            try:
                value = _resolve(text)
            except ValueError as wrong:
                value = 0
                self._put(Node(value, line, column))
                self.path.append(self._slot())
                self.fault(str(wrong), line, column)
                self.path.pop()
                self._next()
                return
        self._put(Node(value, line, column))
        self._next()

    def open(self, value: dict[str, Node] | list[Node], line: int, column: int) -> None:
        if self.stack and isinstance(self.stack[-1].value, dict) and self.waiting[-1] is None:
            self.fault("a list or mapping cannot be a key", line, column)
            self._key(f"?{line}:{column}", False, line, column, used=True)
            self.stack.append(Node(value, line, column))
            self.waiting.append(None)
            self.path.append(_ODD)
            return
        node = Node(value, line, column)
        self._put(node)
        if self.stack:
            self.path.append(self._slot())
        self.stack.append(node)
        self.waiting.append(None)

    def close(self) -> None:
        self.stack.pop()
        self.waiting.pop()
        if not self.stack:
            return
        last = self.path.pop()
        if last is not _ODD:
            self._next()

    def _key(self, text: str, plain: bool, line: int, column: int, used: bool = False) -> None:
        node = self.stack[-1]
        if text in node.value:
            first = node.keys[text][0]
            self.fault(
                f'"{text[:60]}" stands here twice; the first is in line {first}', line, column,
                "rename or remove one of the two", under=(text,),
            )  # fmt: skip
        elif plain and text == "<<":
            self.fault("merge keys are not read", line, column, "write the values out", under=(text,))
        elif plain and _WORDS.get(text, 0) is None and not used:
            self.fault("a key is empty", line, column, 'write "key: value"')
        node.keys.setdefault(text, (line, column))
        self.waiting[-1] = text

    def _slot(self) -> str | int:
        node = self.stack[-1]
        if isinstance(node.value, dict):
            return self.waiting[-1] or ""
        return len(node.value) - 1

    def _put(self, child: Node) -> None:
        if not self.stack:
            self.root = child
            return
        node = self.stack[-1]
        if isinstance(node.value, dict):
            node.value.setdefault(self.waiting[-1], child)
        else:
            node.value.append(child)

    def _next(self) -> None:
        if self.waiting:
            self.waiting[-1] = None


def _resolve(text: str) -> object:
    """Return a plain scalar's value by the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if _ENDLESS.match(text):
        raise ValueError(f"{text} is not a number that can stand here")
    whole = _INT.match(text)
    if not (whole or _BASED.match(text) or _FLOAT.match(text)):
        return text
    if len(text) > 40:
        raise ValueError(f"a number of {len(text)} characters cannot be meant")
    number: int | float = float(text) if not whole and text[1:2] not in ("o", "x") else int(text, 10 if whole else 0)
    if abs(number) > LIMITS.number:
        raise ValueError(f"the number {text} is beyond {LIMITS.number:.0e}; it cannot be meant")
    return number


def _scan(text: str, file: str, lines: list[str]) -> None:
    """Refuse at once what would be slow to read or cannot be seen."""

    def refuse(message: str, line: int = 0, column: int = 0, hint: str = "") -> None:
        raise FileFaults(file, [Fault(message, "", line, column, hint, file)], lines)

    if len(text) > LIMITS.size:
        refuse(f"the file is larger than {LIMITS.size:,} characters", hint="split it")
    bad = _UNPRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - (text.rfind("\n", 0, bad.start()) + 1) + 1
        refuse(
            f"the character U+{ord(bad[0]):04X} cannot be seen and cannot stand in a file",
            line,
            column,
            "remove it",
        )
    if len(lines) > LIMITS.lines:
        refuse(f"the file has more than {LIMITS.lines:,} lines", LIMITS.lines + 1, 1)
    for at, content in enumerate(lines, 1):
        if len(content) > LIMITS.line:
            refuse(f"the line is longer than {LIMITS.line:,} characters", at, 1, "break it into several")
    if text.count("\\") > LIMITS.escapes:
        refuse(
            f"the file has more than {LIMITS.escapes:,} backslashes",
            hint="is this a file that a person wrote?",
        )


def _quick_events(text: str) -> list[Any] | None:
    """Return the events of the parser in C; None where only the other one can tell what is meant or wrong."""
    if _TOLD_APART.search(text):
        return None
    import yaml

    try:
        return list(islice(yaml.parse(text, Loader=yaml.CSafeLoader), LIMITS.values + 2))
    except (yaml.YAMLError, AttributeError):  # without libyaml there is no CSafeLoader
        return None


def _events(text: str, file: str, lines: list[str]) -> Iterator[Any]:
    """Yield the parser's events; whatever it finds wrong becomes one fault."""
    quick = _quick_events(text)
    if quick is not None:
        yield from quick
        return
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        said = f"{wrong.context or ''} {wrong.problem or ''}".strip()
        message, hint = said or "this is not YAML", ""
        for part, plainly, advice in _SAID_PLAINLY:
            if part in said:
                message, hint = plainly, advice
                break
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise FileFaults(file, [Fault(message, "", line, column, hint, file)], lines) from None
    except FileFaults:
        raise
    except Exception as wrong:  # the parser's own slips must not reach a user as a traceback
        fault = Fault(f"this cannot be read as YAML ({type(wrong).__name__})", file=file)
        raise FileFaults(file, [fault], lines) from None


def read_tree(text: str, file: str, lines: list[str]) -> tuple[Node, list[tuple[Path, Fault]]]:
    """Return the tree of a text and the faults that do not keep it from being read.

    Raises
    ------
    FileFaults
        Where no tree can be made of it.
    """
    _scan(text, file, lines)
    build = _Builder(file)
    documents = 0
    for count, event in enumerate(_events(text, file, lines)):
        name = type(event).__name__
        line, column = event.start_mark.line + 1, event.start_mark.column + 1

        def stop(message: str, hint: str = "", line: int = line, column: int = column) -> None:
            faults = [*(fault for _, fault in build.faults), Fault(message, "", line, column, hint, file)]
            raise FileFaults(file, faults, lines)

        if count > LIMITS.values:
            stop(f"the file holds more than {LIMITS.values:,} values", "split it")
        if name == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                stop("a second document starts here; a file holds one", 'remove the line "---"')
            if event.version or event.tags:
                stop("directives are not read", "remove the line")
        elif name == "AliasEvent":
            stop("aliases are not read", "write the value out again")
        elif name in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
            if event.anchor is not None:
                stop("anchors are not read", "remove the name after &")
            if event.tag is not None:
                stop("tags are not read", 'remove it, or put the text in quotes if it starts with "!"')
            if name == "ScalarEvent":
                build.scalar(event.value, event.style in (None, ""), line, column)
            else:
                if len(build.stack) >= LIMITS.nesting:
                    stop(f"nested deeper than {LIMITS.nesting}")
                build.open({} if name == "MappingStartEvent" else [], line, column)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            build.close()
    if build.root is None or build.root.value is None:
        raise FileFaults(file, [Fault("the file is empty", file=file)], lines)
    if not isinstance(build.root.value, dict):
        fault = Fault(
            "a file is a mapping of keys to values",
            "",
            build.root.line,
            build.root.column,
            'start with "title: ..."',
            file,
        )
        raise FileFaults(file, [fault], lines)
    return build.root, build.faults
