"""Bad input, all of it: each has its error, with a place, a reason and a way out, and never a traceback."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import glasstown as gt
from glasstown.engine import shelf
from glasstown.errors import BadValue, Contradiction, Fault, FileFaults, GlasstownError, RunFolderError, UnknownName
from glasstown.lab import folder as folder_module

FILES = {
    "scheme": "schemes/rongcheng-2016/scheme.yaml",
    "cases": "schemes/rongcheng-2016/cases.yaml",
    "patch": "patches/red-light-20.yaml",
    "society": "societies/invented-town.yaml",
    "conduct": "conducts/china-county.yaml",
    "sources": "sources/china-county.yaml",
    "doors": "doors/china-county.yaml",
    "scenario": "scenarios/rongcheng.yaml",
}
SMALL: dict[str, Any] = {"citizens": 640, "years": 1, "threads": 1}

Edit = Callable[..., list[Fault]]


def text_of(kind: str) -> str:
    """Return a library file's text."""
    return (shelf.root() / FILES[kind]).read_text("utf-8")


@pytest.fixture
def faults(tmp_path: Path) -> Edit:
    """Return a check of a library file with some text in it replaced."""

    def check(kind: str, *changes: tuple[str, str]) -> list[Fault]:
        text = text_of(kind)
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        file = tmp_path / f"{kind}.yaml"
        file.write_text(text, "utf-8")
        return gt.check(file)

    return check


def command(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    line = [sys.executable, "-m", "glasstown", *words]
    return subprocess.run(line, capture_output=True, text=True, timeout=240, check=False, **more)


# -- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(FILES))
def test_unknown_keys(kind: str, faults: Edit) -> None:
    """A key that no file has is a fault at its line, in every kind of file."""
    assert faults(kind) == []
    end = text_of(kind).rstrip().count("\n") + 2
    found = faults(kind, (text_of(kind), f"{text_of(kind).rstrip()}\nnonsense: 1\n"))
    assert [(fault.path, fault.line) for fault in found] == [("nonsense", end)]


@pytest.mark.parametrize(
    ("kind", "old", "new", "hint"),
    [
        ("scheme", "term_months", "term_month", "term_months"),
        ("society", "sees:", "see:", "sees"),
        ("conduct", "per_year", "per_yaer", "per_year"),
        ("sources", "coverage", "covrage", "coverage"),
        ("doors", "ordinary_refusal", "ordinary_refusals", "ordinary_refusal"),
        ("scenario", "conduct:", "conducts:", "conduct"),
        ("patch", "change:", "changes:", "change"),
    ],
)
def test_misspelt_keys_are_guessed(kind: str, old: str, new: str, hint: str, faults: Edit) -> None:
    """What was probably meant is said."""
    found = faults(kind, (old, new))
    assert any(f'"{hint}"' in fault.hint for fault in found), found
    assert all(fault.line for fault in found)


@pytest.mark.parametrize(
    ("kind", "old", "new", "path"),
    [
        ("scheme", "points: -20", "points: many", "rules.contract-duty-failed.points"),
        ("scheme", "min_age: 18", "min_age: [18]", "min_age"),
        ("scheme", "term_months: 24", "term_months: 2.5", "rules.contract-duty-failed.term_months"),
        ("society", "citizens: 3000", "citizens: yes", "size.citizens"),
        ("conduct", "lawful: false", "lawful: 17", "acts."),
        ("doors", "per_year: 0.25", "per_year: {}", "requests.loan.rate.per_year"),
        ("scenario", "years: 5", "years: five", "years"),
        ("scenario", "start: 2016-01-01", "start: 2016-13-01", "start"),
        ("scenario", "seed: 1", "seed: -1", "seed"),
        ("scenario", "years: 5", "years: 0", "years"),
        ("scenario", "citizens: 670000", "citizens: 0", "society.citizens"),
        ("scenario", "citizens: 670000", "citizens: -5", "society.citizens"),
        ("scenario", "citizens: 670000", "citizens: 1000000000000", "society.citizens"),
        ("patch", "change:", "change: 7\nnote:", "change"),
    ],
)
def test_wrong_types_and_sizes(kind: str, old: str, new: str, path: str, faults: Edit) -> None:
    """A value of the wrong type, or out of range, is a fault at its place."""
    found = faults(kind, (old, new))
    assert any(fault.path.startswith(path) and fault.line for fault in found), found


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ("AA: {from: 1030", "AA: {from: 1050", "bands.AA.from", "overlaps"),
        ("C: {from: 600", "C: {from: null", "bands.", "overlaps"),
        ("sources: [bank, platform]", "sources: [police]", "rules.contract-duty-failed.sources", "never fire"),
        (
            "valid: {from: 2016-01-05}",
            "valid: {from: 2030-01-01}",
            "rules.contract-duty-failed.valid",
            "never fire",
        ),
        ('when: "amount >= 240"', 'when: "amount >= 256"', "rules.", "never fire"),
        (
            "valid: {from: 2016-01-05}",
            "valid: {from: 2017-01-01, until: 2016-12-31}",
            "rules.contract-duty-failed.valid.until",
            "cross",
        ),
        ("until: 2021-06-17", "until: 2015-06-17", "period.until", "cross"),
        ("exit: term", "exit: none-declared", "lists.judgment-debtors.exit", "leaves"),
        ("    exit: term\n", "", "lists.judgment-debtors", "exit"),
        ('when: "amount >= 240"', "when: 'dissent == \"open\"'", "rules.", "truth"),
        ('when: "amount >= 240"', "when: 'ability == \"none\" or amount > 3'", "rules.", "truth"),
        ("record: contract-breach", "record: bad-mood", "rules.contract-duty-failed.record", "no kind of record"),
    ],
)
def test_schemes_that_do_not_hold(old: str, new: str, path: str, said: str, faults: Edit) -> None:
    """Overlapping bands, rules that never fire, dates that cross, lists without exit, and truths are found."""
    found = faults("scheme", (old, new))
    assert any(said in fault.message and fault.path.startswith(path) and fault.line for fault in found), found


ESCAPES = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "age.real",
    "age.__class__ == 3",
    "[x for x in age]",
    "(lambda: age)()",
    "age if amount else late",
    "(age := 3) > 2",
    'f"{age}" == "3"',
    "open('/etc/passwd')",
    "exec('1')",
    "9 ** 9 ** 9 > 1",
    "1 << 999999999 > 1",
    "age / 0 > 1",
    "age % 0 > 1",
    "age > 0x7fffffffffffffff",
    "age > 1e999",
    "await age",
    "*age",
    "{age}",
    "age; late",
    "age > 3 # and nobody else",
    "`age`",
    "$age",
    "age > \\u0033",
    "not " * 5000 + "age > 3",
    "(" * 5000 + "age > 3" + ")" * 5000,
    " and ".join(["age > 3"] * 5000),
    "-" * 5000 + "age > 3",
    "age > 3 and " * 400,
    "",
    " ",
]


@pytest.mark.parametrize("expression", ESCAPES, ids=lambda text: text[:24])
def test_expressions_that_try_to_escape(expression: str, faults: Edit) -> None:
    """A condition is a comparison of what stands in a record and a register, and nothing else; it is never run."""
    began = time.monotonic()
    found = faults("scheme", ('when: "amount >= 240"', f"when: {json.dumps(expression)}"))
    assert found
    assert all(fault.line for fault in found)
    assert time.monotonic() - began < 5


def test_a_fault_is_never_as_long_as_what_it_is_about(faults: Edit) -> None:
    """What is told of an endless name fits a screen."""
    found = faults("patch", ("rule: red-light", f"rule: {'r' * 5000}"))
    assert found
    assert all(len(fault.show()) < 600 for fault in found)


def test_margins_that_contradict(faults: Edit) -> None:
    """Two tables that no population can meet are named, with the margins and by how much they miss."""
    half = "  - over: [residence]\n    shares: {urban: 0.9, rural: 0.1}\n    status: assumed\n"
    found = faults("society", ("margins:\n", f"margins:\n{half}"))
    assert len(found) == 1
    assert "residence" in found[0].message
    assert found[0].line


def test_a_run_refuses_what_a_check_refuses(tmp_path: Path) -> None:
    """A run says the same of a bad file as a check, and writes nothing."""
    bad = tmp_path / "bad.yaml"
    bad.write_text(text_of("scheme").replace("term_months: 24", "term_month: 24", 1), "utf-8")
    with pytest.raises(FileFaults) as refused:
        gt.run("rongcheng", scheme=str(bad), out=tmp_path / "run", **SMALL)
    assert [fault.message for fault in refused.value.faults] == [fault.message for fault in gt.check(bad)]
    assert not (tmp_path / "run").exists()
    said = command("check", str(bad))
    assert said.returncode == 2
    assert "term_months" in said.stdout + said.stderr
    assert "Traceback" not in said.stdout + said.stderr


def test_files_of_each_other(tmp_path: Path) -> None:
    """A scenario whose scheme names what its sources never write is refused; so is a file of another kind."""
    with pytest.raises(FileFaults):
        gt.run("rongcheng", scheme=str(shelf.root() / FILES["conduct"]), out=tmp_path / "run", **SMALL)
    for kind, text in (("scenario", "scenario: x\n"), ("scheme", "scheme: [\n"), ("doors", "doors: {a: *b}\n")):
        file = tmp_path / f"{kind}.yaml"
        file.write_text(text, "utf-8")
        assert gt.check(file)


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"citizens": 0}, "citizens"),
        ({"citizens": -5}, "citizens"),
        ({"citizens": 10**12}, "citizens"),
        ({"citizens": 1.5}, "citizens"),
        ({"citizens": "many"}, "citizens"),
        ({"years": 0}, "years"),
        ({"years": -1}, "years"),
        ({"years": 10**6}, "years"),
        ({"threads": 0}, "threads"),
        ({"threads": -2}, "threads"),
        ({"threads": 10**9}, "threads"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"replicates": 0}, "replicates"),
        ({"replicates": 10**9}, "replicates"),
    ],
)
def test_absurd_values(given: dict[str, Any], said: str, tmp_path: Path) -> None:
    """A number that cannot be meant is refused by its name, before anything is written."""
    with pytest.raises(BadValue, match=said):
        gt.run("rongcheng", out=tmp_path / "run", **{**SMALL, **given})
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--citizens", "0"),
        ("--citizens", "-5"),
        ("--citizens", "1000000000000"),
        ("--years", "0"),
        ("--threads", "0"),
        ("--seed", "-1"),
        ("--scheme", "nope"),
        ("--pair", "../../etc/passwd"),
    ],
)
def test_absurd_values_on_the_command_line(words: tuple[str, str], tmp_path: Path) -> None:
    """The command line refuses them with status 2, in words."""
    said = command("run", "rongcheng", "--out", str(tmp_path / "run"), *words)
    assert said.returncode == 2, said
    assert said.stderr.strip()
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "run").exists()


def test_names_that_are_not_there() -> None:
    """An unknown name is answered with the nearest known one."""
    with pytest.raises(UnknownName) as refused:
        gt.run("rongchen", **SMALL)
    assert "rongcheng" in str(refused.value)
    with pytest.raises(RunFolderError):
        gt.open_run("/nowhere/at-all")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a small run; the kernels are compiled after it."""
    return gt.run("rongcheng", out=tmp_path_factory.mktemp("runs") / "small", **SMALL)


def test_runs_that_cannot_be_compared(run: Any, tmp_path: Path) -> None:
    """Two runs of other people cannot be compared, and it is said why."""
    other = gt.run("rongcheng", out=tmp_path / "run", **{**SMALL, "seed": 2})
    with pytest.raises(Contradiction):
        gt.compare(run, other)


@pytest.mark.parametrize("citizen", [-1, 640, 10**30])
def test_citizens_who_are_not_there(run: Any, citizen: int) -> None:
    """A citizen beyond the last is no citizen."""
    with pytest.raises(BadValue, match="no citizen"):
        run.citizen(citizen)


# -- disks and interruptions ------------------------------------------------------------------------------------------


def test_a_folder_that_holds_something(run: Any, tmp_path: Path) -> None:
    """A run never writes over another, nor beside what is there already."""
    before = (run.folder / "manifest.json").read_bytes()
    with pytest.raises(RunFolderError, match="not empty"):
        gt.run("rongcheng", out=run.folder, **SMALL)
    assert (run.folder / "manifest.json").read_bytes() == before
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(RunFolderError, match="not empty"):
        gt.run("rongcheng", out=tmp_path, **SMALL)
    assert [file.name for file in tmp_path.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize("nth", [1, 3, 9, 16])
def test_a_disk_that_fills_up(nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever the disk is full, the run says so, and its folder never says that it is finished."""
    real, calls = folder_module._flush, []

    def full(place: Path) -> None:
        calls.append(place)
        if len(calls) >= nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(place)

    monkeypatch.setattr(folder_module, "_flush", full)
    with pytest.raises(RunFolderError, match="full"):
        gt.run("rongcheng", out=tmp_path / "run", **SMALL)
    monkeypatch.undo()
    with pytest.raises(RunFolderError):
        gt.open_run(tmp_path / "run")
    manifest = tmp_path / "run" / "manifest.json"
    assert not manifest.exists() or json.loads(manifest.read_text())["status"] in ("running", "failed")


def test_a_disk_that_is_full(run: Any, tmp_path: Path) -> None:
    """The system's own limit ends a run with status 3 and words; so does a full standard output."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    words = ("run", "rongcheng", "--citizens", "640", "--years", "1", "--out", str(tmp_path / "run"))
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    said = command(*words, preexec_fn=limit, env=environment)
    assert said.returncode == 3, said
    assert "cannot be written" in said.stderr
    assert "Traceback" not in said.stderr
    with Path("/dev/full").open("w") as full:
        line = [sys.executable, "-m", "glasstown", "list"]
        told = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert told.returncode == 3, told
    assert "No space left" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("place", ["/proc/glasstown-run", "/dev/full", "/dev/null/run"])
def test_places_that_cannot_be_written(place: str) -> None:
    """A place that is no place for a folder is refused with status 3."""
    with pytest.raises(RunFolderError) as refused:
        gt.run("rongcheng", out=place, **SMALL)
    assert refused.value.exit_code == 3
    assert refused.value.hint


def test_a_read_only_folder(tmp_path: Path) -> None:
    """A folder that may not be written is refused, and nothing is left in it."""
    if os.geteuid() == 0:
        pytest.skip("nothing is read-only to root")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(RunFolderError, match="permission"):
        gt.run("rongcheng", out=closed / "run", **SMALL)
    assert list(closed.iterdir()) == []


@pytest.mark.parametrize(("threads", "after"), [("1", 0.0), ("2", 0.7)])
def test_ctrl_c(run: Any, threads: str, after: float, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a run: status 130, one sentence, and a folder that says that it was interrupted."""
    out = tmp_path / "run"
    line = [sys.executable, "-m", "glasstown", "run", "rongcheng", "--citizens", "200000", "--years", "20"]
    line += ["--threads", threads, "--out", str(out)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            until = time.monotonic() + 120
            while not (out / "manifest.json").exists():
                assert running.poll() is None, running.communicate()
                assert time.monotonic() < until
                time.sleep(0.02)
            time.sleep(after)
            running.send_signal(signal.SIGINT)
            stdout, stderr = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 130, stderr
    assert "Traceback" not in stdout + stderr
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["status"] == "interrupted"
    with pytest.raises(RunFolderError, match="interrupted"):
        gt.open_run(out)


def test_ctrl_c_while_the_folder_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped in the moment in which the first note is on the disk, the folder still says that it was interrupted."""
    write = folder_module._write_whole

    def stopped(*words: Any) -> None:
        write(*words)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(folder_module, "_write_whole", stopped)
    with pytest.raises(KeyboardInterrupt):
        gt.run("rongcheng", out=tmp_path / "run", **SMALL)
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["status"] == "interrupted"


def test_every_error_has_words() -> None:
    """Every error that a user may meet says something and has a status of its own kind."""
    for kind in (BadValue, Contradiction, FileFaults, RunFolderError, UnknownName):
        assert issubclass(kind, GlasstownError)
        assert kind.exit_code in (2, 3)


def test_a_file_alone_is_held_against_the_scenario_beside_it(tmp_path: Path) -> None:
    """A misspelt trait is found in a conduct alone; a scenario beside a file is whom the file belongs to."""
    text = (shelf.root() / "conducts" / "china-county.yaml").read_text("utf-8")
    lonely = tmp_path / "conduct.yaml"
    lonely.write_text(text.replace("willingness:", "wilingness:", 1), "utf-8")
    (fault,) = gt.check(lonely)
    assert 'there is no trait named "wilingness"' in fault.message
    assert "willingness" in fault.hint
    w1 = Path(__file__).parents[2] / "benchmarks" / "w1"
    assert [gt.check(file) for file in sorted(w1.glob("*.yaml"))] == [[]] * 6


def test_more_people_than_memory_holds_are_refused_before_they_are_made(tmp_path: Path) -> None:
    """What cannot fit is said in a second, not by the machine running out of memory."""
    out = tmp_path / "run"
    with pytest.raises(BadValue, match=r"GiB of memory; this machine has") as refused:
        gt.run("rongcheng", citizens=2_000_000_000, out=out)
    assert "citizens are the most here" in refused.value.hint
    assert not out.exists()
