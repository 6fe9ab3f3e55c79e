"""Run folders: whole or plainly unfinished, never overwritten, never trusted."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from glasstown.errors import BadValue, Interrupted, RunFolderError, UnknownName
from glasstown.lab import folder as folder_module
from glasstown.lab.folder import FORMAT, RunReader, RunWriter, write_text

TABLE = pa.table({"place": ["a", "b"], "group": ["x", "y"], "citizens": [3, 4], "subjects": [2, 3]})


def manifest(**more: Any) -> dict[str, Any]:
    """Return a manifest with everything that a reader needs."""
    return {
        "glasstown": "0.1.0",
        "sides": [{"name": "scheme", "scheme": "toy"}],
        "citizens": 7,
        "windows": 12,
        "years": 1,
        "seed": 1,
        "replicates": 1,
        **more,
    }


def finished(path: Path) -> Path:
    """Write a small finished run."""
    with RunWriter(path, manifest()) as run:
        run.table("population", TABLE)
        run.table("mail", TABLE, "barrier")
        run.file("scenario/scheme.yaml", "scheme: toy\n")
        run.finish(seconds={"run": 1.5})
    return path


def test_round_trip(tmp_path: Path) -> None:
    """What is written is what is read."""
    run = RunReader(finished(tmp_path / "run"))
    assert run.status == "finished"
    assert run.manifest["format"] == FORMAT
    assert run.manifest["seconds"] == {"run": 1.5}
    assert run.tables() == ("population",)
    assert run.tables("barrier") == ("mail",)
    assert run.table("population").equals(TABLE)
    assert run.table("population").schema.metadata[b"table"] == b"population"
    assert run.files() == ("scenario/scheme.yaml",)
    assert run.text("scenario/scheme.yaml") == "scheme: toy\n"
    assert run.verify() == []
    assert not [file for file in (tmp_path / "run").rglob("*") if file.name.endswith(".tmp")]


def test_never_over_another(tmp_path: Path) -> None:
    """A folder with anything in it is left alone."""
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(RunFolderError, match="not empty"):
        RunWriter(tmp_path, manifest())
    assert [file.name for file in tmp_path.iterdir()] == ["kept.txt"]
    with pytest.raises(RunFolderError, match="is a file"):
        RunWriter(tmp_path / "kept.txt", manifest())


def test_says_running_from_the_start(tmp_path: Path) -> None:
    """A run that is cut off without a word is called unfinished, with a hint."""
    RunWriter(tmp_path / "run", manifest())
    with pytest.raises(RunFolderError, match="not finished") as caught:
        RunReader(tmp_path / "run")
    assert caught.value.hint
    assert RunReader(tmp_path / "run", unfinished=True).status == "running"


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt(), "interrupted"), (Interrupted("stop"), "interrupted")]
)
def test_interrupted(tmp_path: Path, error: BaseException, status: str) -> None:
    """Ctrl-C leaves a folder that says so."""

    def cut_off() -> None:
        with RunWriter(tmp_path / "run", manifest()) as run:
            run.table("population", TABLE)
            raise error

    with pytest.raises(type(error)):
        cut_off()
    opened = RunReader(tmp_path / "run", unfinished=True)
    assert opened.status == status
    assert opened.table("population").num_rows == 2
    with pytest.raises(RunFolderError, match="interrupted"):
        RunReader(tmp_path / "run")


def test_failed(tmp_path: Path) -> None:
    """A failing run says why."""
    with pytest.raises(ZeroDivisionError), RunWriter(tmp_path / "run", manifest()):
        _ = 1 / 0
    with pytest.raises(RunFolderError, match="division by zero"):
        RunReader(tmp_path / "run")
    with RunWriter(tmp_path / "silent", manifest()):
        pass
    assert RunReader(tmp_path / "silent", unfinished=True).status == "failed"


def test_kill_at_any_moment(tmp_path: Path) -> None:
    """A process killed while it writes leaves whole files and a manifest that can be read."""
    program = (
        "import sys, pyarrow as pa\n"
        "from tests_manifest import manifest\n"
        "from glasstown.lab.folder import RunWriter\n"
        "run = RunWriter(sys.argv[1], manifest)\n"
        "print('ready', flush=True)\n"
        "at = 0\n"
        "while True:\n"
        "    at += 1\n"
        "    run.table('t%04d' % (at % 50), pa.table({'x': list(range(2000))}))\n"
        "    run.note(at=at)\n"
    )
    (tmp_path / "tests_manifest.py").write_text(f"manifest = {manifest()!r}\n")
    source = Path(folder_module.__file__).parents[2]
    path = os.pathsep.join([str(tmp_path), str(source)])
    for pause in (0.0, 0.013, 0.05):
        place = tmp_path / f"run-{pause}"
        command = [sys.executable, "-c", program, str(place)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(pause)
            worker.kill()
        run = RunReader(place, unfinished=True)
        assert run.status == "running"
        for name in run.tables():
            assert run.table(name).num_rows == 2000


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "full"), (errno.EROFS, "read-only"), (errno.EACCES, "permission")]
)
def test_disk_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, word: str) -> None:
    """Trouble with the disk is said in words, and nothing that was there is lost."""
    run = RunWriter(tmp_path / "run", manifest())
    run.table("population", TABLE)

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder_module.os, "replace", fail)
    with pytest.raises(RunFolderError, match=word) as caught:
        run.table("population", TABLE.slice(0, 1))
    assert caught.value.hint
    monkeypatch.undo()
    assert RunReader(tmp_path / "run", unfinished=True).table("population").num_rows == 2
    assert not list((tmp_path / "run").rglob("*.tmp"))


def test_full_disk_while_parquet_is_written(tmp_path: Path) -> None:
    """The real thing: a device without room."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    run = RunWriter(tmp_path / "run", manifest())
    (tmp_path / "run" / "tables").mkdir()
    (tmp_path / "run" / "tables" / ".population.parquet.tmp").symlink_to("/dev/full")
    with pytest.raises(RunFolderError, match="disk is full"):
        run.table("population", TABLE)
    assert RunReader(tmp_path / "run", unfinished=True).tables() == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "torn"),
        ("{", "torn"),
        ("[" * 100_000, "torn"),
        ("[1, 2]", "not written by Glasstown"),
        ('{"name": "other"}', "not written by Glasstown"),
        ('{"glasstown": "9.0", "format": 99}', "reads formats up to"),
        ('{"glasstown": "0.1", "format": 1, "status": "finished"}', "torn"),
    ],
)
def test_foreign(tmp_path: Path, text: str, word: str) -> None:
    """A folder of another kind is refused in one sentence."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(RunFolderError, match=word):
        RunReader(tmp_path)


def test_missing(tmp_path: Path) -> None:
    """A wrong path is told from a folder that is no run."""
    with pytest.raises(RunFolderError, match="no run folder"):
        RunReader(tmp_path / "none")
    with pytest.raises(RunFolderError, match="not a run folder"):
        RunReader(tmp_path)


def test_unknown_status(tmp_path: Path) -> None:
    """A status that no version ever wrote is refused."""
    finished(tmp_path / "run")
    told = json.loads((tmp_path / "run" / "manifest.json").read_text())
    (tmp_path / "run" / "manifest.json").write_text(json.dumps({**told, "status": "blessed"}))
    with pytest.raises(RunFolderError, match="status"):
        RunReader(tmp_path / "run")


def test_torn_table(tmp_path: Path) -> None:
    """A table that was cut off is refused, and found by verify."""
    run = RunReader(finished(tmp_path / "run"))
    file = tmp_path / "run" / "tables" / "population.parquet"
    whole = file.read_bytes()
    for cut in (0, 3, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:cut])
        with pytest.raises(RunFolderError, match="torn"):
            run.table("population")
    assert run.verify() == ["tables/population.parquet is not the file that the run wrote"]
    file.unlink()
    assert run.verify() == ["tables/population.parquet is missing"]


def test_missing_column(tmp_path: Path) -> None:
    """A known table without its columns is refused before anyone computes with it."""
    with RunWriter(tmp_path / "run", manifest()) as run:
        run.table("population", TABLE.drop_columns(["subjects"]))
        run.finish()
    with pytest.raises(RunFolderError, match="subjects"):
        RunReader(tmp_path / "run").table("population")


@pytest.mark.parametrize("name", ["../manifest", "/etc/passwd", "..", "a/../../b", "", ".hidden", "a\x00b"])
def test_no_way_out(tmp_path: Path, name: str) -> None:
    """No name leads out of the folder, neither to read nor to write."""
    run = RunReader(finished(tmp_path / "run"))
    with pytest.raises(UnknownName):
        run.table(name)
    with pytest.raises(UnknownName):
        run.text(name)
    writer = RunWriter(tmp_path / "new", manifest())
    with pytest.raises(BadValue):
        writer.file(name, "x")
    with pytest.raises(BadValue):
        writer.table(name, TABLE)


def test_no_link_out(tmp_path: Path) -> None:
    """A link inside a folder does not lead out of it."""
    run = RunReader(finished(tmp_path / "run"))
    (tmp_path / "secret.yaml").write_text("secret")
    (tmp_path / "run" / "scenario" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(RunFolderError, match="leads out"):
        run.text("scenario/link.yaml")


def test_unknown_names_have_hints(tmp_path: Path) -> None:
    """A misspelled table gets the nearest one."""
    with pytest.raises(UnknownName, match="population"):
        RunReader(finished(tmp_path / "run")).table("populations")


def test_manifest_must_be_json(tmp_path: Path) -> None:
    """A manifest that JSON cannot hold is refused at once."""
    with pytest.raises(BadValue, match="JSON"):
        RunWriter(tmp_path / "run", manifest(bad=float("nan")))


def test_write_text_keeps_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that cannot be written leaves the old one in place."""
    write_text(tmp_path / "report.html", "old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(folder_module.os, "fsync", fail)
    with pytest.raises(RunFolderError, match="full"):
        write_text(tmp_path / "report.html", "new")
    assert (tmp_path / "report.html").read_text() == "old"
