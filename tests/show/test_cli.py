"""The command line, over a lab that only pretends."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasstown.errors import Fault, RunFolderError, UnknownName
from glasstown.show import cli, cli_lab, reporting

ROWS = [
    {
        "key": "acts",
        "label": "frauds",
        "scheme": np.int64(3),
        "low": 1.5,
        "high": float("nan"),
        "when": date(2016, 1, 1),
    }
]


class FakeRows:
    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def rows(self) -> list[dict[str, Any]]:
        return self._rows

    def __repr__(self) -> str:
        return "what it did to people"


@dataclass
class FakeCitizen:
    id: int

    def story(self) -> str:
        return f"citizen {self.id} was born"

    def why(self, *, door: str, date: date | None = None) -> str:
        return f"{door} {date}"


@dataclass
class FakeRun:
    folder: Path
    manifest: dict[str, Any] = field(
        default_factory=lambda: {
            "title": "Rongcheng",
            "citizens": 20000,
            "years": 2,
            "seed": 1,
            "sides": [{"name": "scheme", "scheme": "rongcheng-2016"}, {"name": "pair", "scheme": "none"}],
        }
    )

    def balance(self) -> FakeRows:
        return FakeRows(ROWS)

    def citizen(self, id: int) -> FakeCitizen:
        return FakeCitizen(id)


class FakeLab:
    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.fails: BaseException | None = None

    def run(self, scenario: str, **options: Any) -> FakeRun:
        self.asked = {"scenario": scenario, **options}
        if self.fails:
            raise self.fails
        options["progress"]("living", 1, 12)
        return FakeRun(options["out"] or Path("runs/x"))

    def open_run(self, path: Path, *, progress: Any = None) -> FakeRun:
        self.asked = {"progress": progress}
        return FakeRun(path)

    def compare(self, run_a: FakeRun, run_b: FakeRun) -> FakeRows:
        return FakeRows([{"a": str(run_a.folder), "b": str(run_b.folder)}])

    def check(self, path: Path) -> list[Fault]:
        return [] if "good" in path.name else [Fault("unknown key", "rules.x", 2, 3, 'did you mean "y"?', str(path))]

    def library(self) -> FakeRows:
        rows = [
            {"kind": "scenario", "name": "suining", "title": "Suining"},
            {"kind": "scheme", "name": "rongcheng-2016", "title": "Rongcheng", "in force": 7, "assumed": 3},
            {"kind": "patch", "name": "red-light-20", "title": "A red light", "of": "rongcheng-2016"},
        ]
        return FakeRows(rows)

    def first_adult(self, run: FakeRun) -> int:
        return 3

    def document(self, run: FakeRun) -> dict[str, Any]:
        return {"run": run.folder.name, "lives": []}

    def plan_text(self, scenario: str) -> str:
        return f"plan of {scenario}"

    def schema(self, kind: str) -> dict[str, Any]:
        return {"title": kind}


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> FakeLab:
    fake = FakeLab()
    monkeypatch.setattr(cli_lab, "lab", lambda: fake)
    monkeypatch.setattr(reporting, "write_told", lambda run, path: (path or run.folder / "report.html", 4711))
    return fake


Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(lab: FakeLab, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return a function that runs a command line and returns (status, output, errors)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_report_as_data(say: Say, tmp_path: Path) -> None:
    """``report --json`` prints the page's document and nothing else, and writes no file."""
    status, out, err = say("report", tmp_path, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {"run": tmp_path.name, "lives": []}
    assert not list(tmp_path.iterdir())


def test_serve_without_its_parts(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """``serve`` says what to install where the parts that serve a page are missing."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    status, out, err = say("serve", "--no-open")
    assert (status, out) == (1, "")
    assert "glasstown[web]" in err


def test_run_passes_everything_on(say: Say, lab: FakeLab, tmp_path: Path) -> None:
    """Each option of ``run`` reaches the lab under its name."""
    options = ["--citizens", 20000, "--years", 2, "--seed", 7, "--replicates", 3, "--threads", 2]
    status, out, err = say("run", "rongcheng", *options, "--pair", "none", "--scheme", "s.yaml", "--out", tmp_path)
    assert (status, err) == (0, "")
    lab.asked.pop("progress")
    assert lab.asked == {
        "scenario": "rongcheng",
        "citizens": 20000,
        "years": 2,
        "seed": 7,
        "replicates": 3,
        "threads": 2,
        "pair": "none",
        "scheme": "s.yaml",
        "out": tmp_path,
    }
    assert "rongcheng-2016 against none" in out
    assert "what it did to people" in out
    assert str(tmp_path / "report.html") in out
    assert f"glasstown story {tmp_path} 4711" in out


def test_run_leaves_defaults_to_the_lab(say: Say, lab: FakeLab) -> None:
    """What is not given is not decided here."""
    status, out, _ = say("run", "rongcheng", "--no-report")
    assert status == 0
    assert f"glasstown story {Path('runs/x')} 3\n" in out
    assert {value for name, value in lab.asked.items() if name not in ("scenario", "progress")} == {None}


def test_json_is_all_there_is(say: Say) -> None:
    """With ``--json``, standard output is JSON and standard error is empty."""
    status, out, err = say("run", "rongcheng", "--json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert found["balance"] == [
        {"key": "acts", "label": "frauds", "scheme": 3, "low": 1.5, "high": None, "when": "2016-01-01"}
    ]
    assert found["manifest"]["citizens"] == 20000
    assert found["run"] == str(Path("runs/x"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["story", "runs/x", 17], "citizen 17 was born"),
        (["why", "runs/x", 17], "None None"),
        (["why", "runs/x", 17, "--door", "loan"], "loan None"),
        (["why", "runs/x", 17, "--door", "loan", "--date", "2018-03-31"], "loan 2018-03-31"),
        (["compare", "a", "b"], "what it did to people"),
        (["report", "runs/x"], str(Path("runs/x/report.html"))),
        (["plan", "rongcheng"], "plan of rongcheng"),
        (["list"], "  suining         Suining\n"),
        (["list"], "  rongcheng-2016  Rongcheng    7    0    3\n"),
        (["list"], "  red-light-20    A red light  of rongcheng-2016\n"),
        (["schema", "scheme"], '"title": "scheme"'),
        (["compare", "a", "b", "--json"], '"b": "b"'),
        (["list", "--json"], '"name": "suining"'),
        (["story", "runs/x", 17, "--json"], "citizen 17"),
    ],
)
def test_commands(say: Say, arguments: list[object], says: str) -> None:
    """Each command prints what the lab answers."""
    status, out, err = say(*arguments)
    assert (status, err) == (0, "")
    assert says in out


def test_check(say: Say, tmp_path: Path) -> None:
    """``check`` prints each fault with its line and a caret, and its status says whether there were any."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    bad.write_text("rules:\n  x: 1\n")
    assert say("check", good) == (0, f"{good}: holds\n", "")
    status, out, _ = say("check", good, bad)
    assert status == 2
    assert f"{bad}:2:3: rules.x: unknown key\n      x: 1\n      ^\n" in out
    assert 'did you mean "y"?' in out
    status, out, _ = say("check", bad, "--json")
    assert (status, json.loads(out)[0]["line"]) == (2, 2)


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (UnknownName("scenario", "rongchen", ["rongcheng"]), 2, 'did you mean "rongcheng"?'),
        (RunFolderError("torn", "run again"), 3, "torn\n    run again"),
        (KeyboardInterrupt(), 130, "stopped"),
        (PermissionError(13, "Permission denied", "/root/x"), 3, "cannot use /root/x: Permission denied"),
        (ZeroDivisionError("by zero"), 1, "should not have: ZeroDivisionError: by zero"),
    ],
)
def test_errors_are_sentences(say: Say, lab: FakeLab, error: BaseException, status: int, says: str) -> None:
    """An error is a sentence on standard error and an exit status; no traceback."""
    lab.fails = error
    found, out, err = say("run", "rongchen")
    assert (found, out) == (status, "")
    assert says in err
    assert "Traceback" not in err


def test_debug_shows_where(say: Say, lab: FakeLab) -> None:
    """``--debug``, wherever it stands, lets the error through."""
    lab.fails = RunFolderError("torn")
    for line in (["--debug", "run", "x"], ["run", "x", "--debug"]):
        with pytest.raises(RunFolderError):
            say(*line)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["walk"], "No such command"),
        (["run"], "SCENARIO"),
        (["run", "x", "--citizens", "many"], "--citizens"),
        (["run", "x", "--citizens", "0"], "--citizens"),
        (["run", "x", "--colour"], "--colour"),
        (["story", "runs/x", "somebody"], "ID"),
        (["story", "runs/x", "-1"], "-1"),
        (["why", "runs/x", "1", "--door", "loan", "--date", "31.3.2018"], "write a date as 2018-03-31"),
    ],
)
def test_wrong_lines_are_refused(say: Say, arguments: list[str], says: str) -> None:
    """A wrong line is refused with status 2 and a sentence that names what is wrong."""
    status, out, err = say(*arguments)
    assert (status, out) == (2, "")
    assert says in err


def test_bare_call_helps(say: Say) -> None:
    """Without a command there is help, not an error."""
    status, out, _ = say()
    assert status == 0
    assert "glasstown run rongcheng" in out


def test_version(say: Say) -> None:
    """``--version`` prints one line."""
    status, out, _ = say("--version")
    assert status == 0
    assert out.startswith("glasstown 0.")


def test_latest_run(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``latest`` is the newest run; a bare name is looked for in ``runs``; a path is a path."""
    monkeypatch.chdir(tmp_path)
    assert "glasstown run rongcheng" in say("report", "latest")[2]
    for age, name in enumerate(("new", "old")):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        os.utime(folder / "manifest.json", (1000 - age, 1000 - age))
    assert cli_lab.find_run("latest") == Path("runs/new")
    assert cli_lab.find_run("old") == Path("runs/old")
    assert cli_lab.find_run("elsewhere") == Path("elsewhere")


def test_closed_pipe_is_quiet(tmp_path: Path) -> None:
    """A reader that has seen enough ends the command without a word."""
    code = "import sys; from glasstown.show.cli import main; sys.exit(main(['--help']))"
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run([sys.executable, "-c", code], stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize("line", [["story", "runs/x", 17], ["why", "runs/x", 17]])
def test_whoever_waits_for_the_people_is_told(lab: FakeLab, say: Say, line: list[object]) -> None:
    """A command that builds a run's people again tells how far it is, unless a program reads along."""
    for more, told in (([], True), (["--json"], False)):
        say(*line, *more)
        heard = io.StringIO()
        heard.isatty = lambda: True  # type: ignore[method-assign]
        lab.asked["progress"]._stream = heard
        lab.asked["progress"]("building the society", 0, 2)
        lab.asked["progress"].__exit__()
        assert ("building the society" in heard.getvalue()) == told
