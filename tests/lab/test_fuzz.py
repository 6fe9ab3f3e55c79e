"""Files that went wrong in every way there is: a check answers with faults, soon, and with nothing else."""

from __future__ import annotations

import contextlib
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

import glasstown as gt
from glasstown import yaml_tree
from glasstown.engine import shelf
from glasstown.engine.scenario import build, load_parts
from glasstown.errors import Fault, FileFaults, GlasstownError

LONGEST = 5.0
"""Seconds of this process that one check may take."""
QUICK, NIGHTLY = 300, 10_000
Lines = list[str]
VALUES = (
    *("null", "[]", "{}", "yes", "''", "~", "-1", "0", "1", "1e308", "-1e308", ".nan", ".inf", "0x10", "1_000", "3.5"),
    *("99999999999999999999", "1e-320", "2016-02-30", "2016-01-01", "0001-01-01", "9999-12-31", "18-29", "60+", "a"),
    *(
        "[1, 2]",
        "[2, 1]",
        "[[]]",
        "{a: {b: {c: d}}}",
        "all",
        "none",
        "*x",
        "&x 1",
        "!!python/object:os.system x",
        "? x",
    ),
    *(
        '"\\u0000"',
        '"a\\nb"',
        "|\n  text",
        ">-\n  text",
        "[1,",
        "{a: 1",
        '"never closed',
        "@home",
        "`x`",
        "%TAG",
        "--- ",
    ),
    *("..", "<<", "age", "amount >= 3", "when: when", "'ability == \"none\"'", "x" * 300, "é" * 40, "\u202ea", "🙂"),
)


@cache
def originals() -> tuple[Path, ...]:
    """Return every file of the library."""
    return tuple(sorted(shelf.root().rglob("*.yaml")))


def _delete(lines: Lines, dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    del lines[at : at + dice.choice([1, 1, 2, 8, 60])]
    if not lines:
        lines.append("")


def _duplicate(lines: Lines, dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    lines[at:at] = lines[at : at + dice.choice([1, 1, 3, 40])] * dice.choice([1, 1, 1, 20])


def _swap(lines: Lines, dice: random.Random) -> None:
    a, b = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]


def _number(lines: Lines, dice: random.Random) -> None:
    at = dice.choice([at for at, line in enumerate(lines) if re.search(r"\d", line)] or [0])
    new = dice.choice(["0", "-1", "1", "7", "255", "256", "32768", "2147483648", "1e30", "0.5", "-0.0", "9" * 50])
    found = list(re.finditer(r"-?\d+(\.\d+)?", lines[at]))
    if found:
        one = dice.choice(found)
        lines[at] = lines[at][: one.start()] + new + lines[at][one.end() :]


def _type(lines: Lines, dice: random.Random) -> None:
    at = dice.choice([at for at, line in enumerate(lines) if ":" in line] or [0])
    head, colon, tail = lines[at].partition(dice.choice([":", ": "]))
    if colon:
        lines[at] = f"{head}: {dice.choice(VALUES)}" + (tail if dice.random() < 0.1 else "")


def _name(lines: Lines, dice: random.Random) -> None:
    at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    ours, theirs = (re.findall(r"[a-z][a-z0-9-]+", lines[where]) for where in (at, other))
    if ours and theirs:
        lines[at] = lines[at].replace(dice.choice(ours), dice.choice([*theirs, dice.choice(ours)[:-1]]), 1)


def _indent(lines: Lines, dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    for line in range(at, min(at + dice.choice([1, 1, 5]), len(lines))):
        lines[line] = dice.choice(["  ", "    ", "\t", " ", "- "]) + lines[line].lstrip(dice.choice([" ", ""]))


def _nest(lines: Lines, dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    deep = dice.choice([5, 39, 41, 2000])
    left, right = dice.choice([("[", "]"), ("{a: ", "}"), ("- ", ""), ("(", ")"), ("not ", "")])
    head = lines[at].partition(":")[0]
    lines[at] = f"{head}: {left * deep}1{right * deep}"


def _block(lines: Lines, dice: random.Random) -> None:
    at, to = sorted((dice.randrange(len(lines)), dice.randrange(len(lines))))
    block = lines[at : min(to, at + 30)]
    where = dice.randrange(len(lines))
    lines[where:where] = block


def _cut(lines: Lines, dice: random.Random) -> None:
    del lines[dice.randrange(len(lines)) :]


CHANGES: tuple[Callable[[Lines, random.Random], None], ...] = (
    *(_delete, _duplicate, _swap, _number, _number, _type, _type, _type, _name, _name, _indent, _nest, _block, _cut),
)


def _number_gently(lines: Lines, dice: random.Random) -> None:
    numbered = [at for at, line in enumerate(lines) if re.search(r": .*\d", line)]
    if not numbered:  # a file of few lines may have lost them all to an earlier change
        return
    at = dice.choice(numbered)
    one = dice.choice(list(re.finditer(r"\d+(\.\d+)?", lines[at])))
    was = float(one[0])
    new = dice.choice([0, 1, was * 2, was / 2, was + 1, was * 10, was * 1000, 127, 255, 0.999])
    lines[at] = f"{lines[at][: one.start()]}{new:g}{lines[at][one.end() :]}"


def mutated(seed: int) -> tuple[Path, bytes]:
    """Return one of the library's files, gone wrong in a way that the seed alone decides."""
    dice = random.Random(seed)
    original = dice.choice(originals())
    lines = original.read_text("utf-8").split("\n")
    for _ in range(dice.randint(1, 4)):
        if lines:
            dice.choice(CHANGES)(lines, dice)
    data = bytearray("\n".join(lines).encode())
    while dice.random() < 0.15:
        at = dice.randrange(len(data) + 1)
        data[at:at] = dice.choice(
            [dice.randbytes(3), b"\0", b"\xff\xfe", b"\r", b"\t", b"\xef\xbb\xbf", b"\xc3\x28", b"'"]
        )
    return original, bytes(data)


def check(seed: int, folder: Path) -> list[Fault]:
    """Check what a seed makes, and hold the answer to its form and its time."""
    original, data = mutated(seed)
    file = folder / f"{original.stem}-{seed}.yaml"
    file.write_bytes(data)
    began = time.process_time()
    try:
        found = gt.check(file)
    except BaseException as error:
        raise AssertionError(f"seed {seed}, {original}: {type(error).__name__}: {error}") from error
    took = time.process_time() - began
    assert took < LONGEST, f"seed {seed}, {original}: {took:.1f} seconds"
    for fault in found:
        assert isinstance(fault, Fault), seed
        assert fault.message.strip(), seed
        assert len(fault.show()) < 2000, seed
        told = data if fault.file in ("", str(file)) else Path(fault.file).read_bytes()
        assert 0 <= fault.line <= told.count(b"\n") + told.count(b"\r") + 2, seed
    file.unlink()
    return found


@pytest.mark.parametrize("part", range(10))
def test_no_file_makes_a_check_fall_over(part: int, tmp_path: Path) -> None:
    """A few hundred files: faults for most of them, nothing else for any."""
    seeds = range(part * QUICK // 10, (part + 1) * QUICK // 10)
    faulty = sum(bool(check(seed, tmp_path)) for seed in seeds)
    assert faulty > len(seeds) // 2


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(100))
def test_no_file_makes_a_check_fall_over_at_length(part: int, tmp_path: Path) -> None:
    """Ten thousand files."""
    for seed in range(1_000_000 + part * NIGHTLY // 100, 1_000_000 + (part + 1) * NIGHTLY // 100):
        check(seed, tmp_path)


def _read(text: str) -> tuple[object, object] | None:
    """Return what a text says and where; None where the reader refuses it."""
    try:
        tree, faults = yaml_tree.read_tree(text, "f.yaml", text.split("\n"))
    except FileFaults:
        return None
    return _placed(tree), [(path, fault.message, fault.line, fault.column) for path, fault in faults]


def _placed(node: yaml_tree.Node) -> object:
    """Return values with their places; where nothing stands, its place says little and may differ."""
    if isinstance(node.value, dict):
        inner: object = [(key, node.keys[key], _placed(child)) for key, child in node.value.items()]
    else:
        inner = [_placed(child) for child in node.value] if isinstance(node.value, list) else repr(node.value)
    return (node.line, node.column, inner) if node.value is not None else None


def _read_alike(texts: Iterable[str], patch: pytest.MonkeyPatch) -> int:
    """Hold the quick reader to the other one, and return how many texts it read."""
    read = 0
    for text in texts:
        if yaml_tree._quick_events(text) is None:
            continue
        quick = _read(text)
        with patch.context() as without:
            without.setattr(yaml_tree, "_quick_events", lambda _: None)
            slow = _read(text)
        assert quick == slow, text
        read += 1
    return read


def _texts(seeds: range) -> Iterator[str]:
    for seed in seeds:
        with contextlib.suppress(UnicodeDecodeError):
            yield mutated(seed)[1].decode()


def test_the_quick_reader_reads_what_the_other_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the library, as they are and gone wrong: the same values in the same places."""
    some = [path.read_text("utf-8") for path in originals()[::4]]
    assert _read_alike(some, monkeypatch) == len(some)
    assert _read_alike(_texts(range(60)), monkeypatch) > 20


@pytest.mark.nightly
def test_the_quick_reader_reads_what_the_other_reads_at_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the library, and two thousand files that went wrong."""
    assert _read_alike((path.read_text("utf-8") for path in originals()), monkeypatch) == len(originals())
    assert _read_alike(_texts(range(2_000_000, 2_002_000)), monkeypatch) > 800


KINDS = {"schemes": "scheme", "societies": "society", "conducts": "conduct", "sources": "sources", "doors": "doors"}
SCENARIO = """\
scenario: fuzzed
title: Fuzzed
society: {{use: {society}, citizens: 300}}
conduct: {conduct}
sources: {sources}
doors: {doors}
scheme: {scheme}
start: 2016-01-01
years: 1
"""


def compiled(seed: int, folder: Path) -> bool:
    """Compile a scenario with a file changed here and there, if a check lets it pass; return whether it did."""
    dice = random.Random(seed)
    places = {path: path.relative_to(shelf.root()).parts[0] for path in originals() if path.stem != "cases"}
    original = dice.choice([path for path, place in places.items() if place in KINDS])
    kind = KINDS[places[original]]
    lines = original.read_text("utf-8").split("\n")
    for _ in range(dice.randint(1, 3)):
        dice.choice((_number_gently, _number_gently, _number_gently, _name, _delete))(lines, dice)
    data = "\n".join(lines).encode()
    file = folder / f"{kind}-{seed}.yaml"
    file.write_bytes(data)
    if gt.check(file):
        return False
    use = {"society": "china-county", "conduct": "china-county", "sources": "china-county", "doors": "china-county"}
    scenario = folder / f"scenario-{seed}.yaml"
    scenario.write_text(SCENARIO.format(**{**use, "scheme": "rongcheng-2016", kind: str(file)}), "utf-8")
    said = "compiled"
    try:
        build(load_parts(scenario))
    except GlasstownError as refusal:
        said = str(refusal).strip()
    except BaseException as error:
        raise AssertionError(f"seed {seed}, {original}: {type(error).__name__}: {error}") from error
    assert said, seed
    return True


def test_what_passes_a_check_compiles(tmp_path: Path) -> None:
    """A file that a check lets pass compiles, or is refused in words beside the others."""
    assert sum(compiled(seed, tmp_path) for seed in range(2_000_000, 2_000_012)) > 1


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(20))
def test_what_passes_a_check_compiles_at_length(part: int, tmp_path: Path) -> None:
    """Five hundred files."""
    assert sum(compiled(seed, tmp_path) for seed in range(3_000_000 + part * 50, 3_000_025 + part * 50)) > 1
