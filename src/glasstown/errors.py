"""Errors that a user may meet, and the faults that they carry.

The tree::

    GlasstownError            anything that Glasstown itself has to say; exit status 1
    ├── FileFaults            a file that does not hold: every fault at once; exit status 2
    ├── UnknownName           a name that the library or a run does not hold; exit status 2
    ├── BadValue              a value given in a call or on the command line; exit status 2
    ├── Contradiction         parts that are fine alone and cannot hold together; exit status 2
    ├── RunFolderError        a run folder that is missing, torn, foreign or cannot be written; exit status 3
    └── Interrupted           stopped by the user; exit status 130
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "BadValue",
    "Contradiction",
    "Fault",
    "FileFaults",
    "GlasstownError",
    "Interrupted",
    "RunFolderError",
    "UnknownName",
    "did_you_mean",
]

LONGEST_NAME, LONGEST_MESSAGE = 80, 400
"""Characters of an unknown name, and of a message, that are shown."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``'did you mean "x"?'`` for the known word nearest to `word`, or ``''``."""
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file, and where.

    Attributes
    ----------
    message : what is wrong, and why it matters, in one sentence.
    path : place in the file as a person would name it, such as ``rules.red-light.points``.
    line, column : position in the file, counted from 1; 0 where the file as a whole is meant.
    hint : what to do about it; may be empty.
    """

    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""
    file: str = ""

    def show(self, lines: Sequence[str] = ()) -> str:
        """Return the fault as text: place, sentence, the line with a caret, and the hint."""
        place = ":".join(str(part) for part in (self.file, self.line or "", self.column or "") if part)
        message = _short(self.message, LONGEST_MESSAGE)
        head = f"{place}: {self.path}: {message}" if self.path else f"{place}: {message}"
        out = [head.lstrip(": ")]
        if 0 < self.line <= len(lines):
            text = lines[self.line - 1].replace("\t", " ").rstrip()[:160]
            out.append(f"    {text}")
            out.append("    " + " " * max(0, min(self.column, 160) - 1) + "^")
        if self.hint:
            out.append(f"    {self.hint}")
        return "\n".join(out)


class GlasstownError(Exception):
    """Anything that Glasstown has to say to a user; `hint` says what to do about it."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n    {self.hint}" if self.hint else self.message


class FileFaults(GlasstownError):
    """A file that does not hold, with every fault found in it."""

    exit_code = 2

    def __init__(self, file: str, faults: Sequence[Fault], lines: Sequence[str] = ()) -> None:
        self.file = file
        self.faults = tuple(faults)
        self.lines = tuple(lines)
        count = len(self.faults)
        super().__init__(f"{file}: {count} fault{'s' if count != 1 else ''}")

    def __str__(self) -> str:
        return "\n".join([*(fault.show(self.lines) for fault in self.faults), self.message])


class UnknownName(GlasstownError):
    """A name that is not there, with the nearest one that is."""

    exit_code = 2

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        known = sorted(known)
        hint = did_you_mean(name, known)
        if not hint and known:
            shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            hint = f"there are: {shown}"
        super().__init__(f'there is no {what} named "{_short(name, LONGEST_NAME)}"', hint)


class BadValue(GlasstownError):
    """A value given in a call or on the command line that cannot be used."""

    exit_code = 2


class Contradiction(GlasstownError):
    """Parts that are each fine and cannot hold together."""

    exit_code = 2


class RunFolderError(GlasstownError):
    """A run folder that is missing, torn, foreign, or cannot be written."""

    exit_code = 3


class Interrupted(GlasstownError):
    """Stopped by the user; what was written says so."""

    exit_code = 130
