"""What a scenario changes in the files that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import glasstown as gt
from glasstown.engine.scenario import load_kept, load_parts
from glasstown.errors import FileFaults
from glasstown.lab.document import document

ROOT = Path(__file__).resolve().parents[2]
TOWN = re.search(r"clean-streets.yaml -->\n```yaml\n(.*?)```", (ROOT / "docs/extending.md").read_text("utf-8"), re.S)
assert TOWN
TEXT = TOWN[1]
SMALL = {"citizens": 700, "years": 1, "threads": 1}


def town(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the documentation's town with some text in it replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file = folder / "clean-streets.yaml"
    file.write_text(text, "utf-8")
    return file


def test_what_is_added_is_there(tmp_path: Path) -> None:
    """Act, source, door, rule and list of the scenario stand beside those of the files, on the scheme's side alone."""
    parts = load_parts(town(tmp_path))
    assert "cigarette-end" in parts.conduct.value.acts
    assert "warden" in parts.sources.value.keepers
    assert "allotment" in parts.doors.value.requests
    scheme, pair = (side.model for side in parts.schemes)
    assert ("dirty-streets" in scheme.lists, "dirty-streets" in pair.lists) == (True, False)
    assert scheme.scheme == "rongcheng-2016-clean-streets"
    assert set(scheme.rules) - set(pair.rules) == {"cigarette-end"}


def test_a_run_keeps_what_was_changed(tmp_path: Path) -> None:
    """The run counts what was added, and its folder alone gives the same compiled tables again."""
    run = gt.run(town(tmp_path), out=tmp_path / "run", **SMALL)
    rows = run.table("by_place").where(side="scheme", measure="acts", item="cigarette-end").rows()
    assert sum(row["value"] for row in rows) > 0
    kept = load_kept(tmp_path / "run" / "scenario", citizens=700, years=1)
    original = load_parts(tmp_path / "clean-streets.yaml", citizens=700, years=1)
    assert kept.conduct.value == original.conduct.value
    assert kept.schemes[0].model == original.schemes[0].model
    again = gt.open_run(tmp_path / "run")
    assert again.program.digest == run.manifest["tables_hash"]


def test_what_costs_nothing_changes_nothing_else(tmp_path: Path) -> None:
    """Without the rule, an act kind, source and door more leave every other count as it was."""
    at = TEXT.index("  scheme:\n    rules")
    bare = gt.run(town(tmp_path, (TEXT[at:], "")), out=tmp_path / "more", **SMALL)
    plain = tmp_path / "plain.yaml"
    plain.write_text(TEXT[: TEXT.index("changes:")], "utf-8")
    other = gt.run(plain, out=tmp_path / "plain", **SMALL)
    count = {"side": "scheme", "measure": "acts"}
    mine = {(r["window"], r["place"], r["item"]): r["value"] for r in bare.table("by_place").where(**count).rows()}
    theirs = {(r["window"], r["place"], r["item"]): r["value"] for r in other.table("by_place").where(**count).rows()}
    assert {key: value for key, value in mine.items() if key[2] != "cigarette-end"} == theirs


@pytest.mark.parametrize(
    ("old", "new", "path", "said", "pointed"),
    [
        ("per_year: 20", "per_yaer: 20", "changes.conduct.acts.cigarette-end.rate.per_yaer", '"per_yaer"', "per_yaer"),
        ("{per_year: 20, by: {age", "{per_year: 20, by: {aeg", "changes.conduct.acts.cigarette-end", "aeg", "aeg"),
        ("sources: [warden]", "sources: [wardem]", "changes.scheme.rules.cigarette-end", "warden", "wardem"),
        ("list: dirty-streets", "list: dirty-street", "changes.scheme.rules.cigarette-end.list", "no list", "dirty-st"),
        ("lists: [dirty-streets]", "lists: [dirty]", "changes.scheme.doors.allotment", "dirty", "dirty]"),
        ("    keepers:\n", "    keepers:\n      polise: null\n", "changes.sources.keepers.polise", "police", "polise"),
        ("conduct:\n    acts", "conduct:\n    act", "changes.conduct.act", '"acts"', "act:"),
    ],
)
def test_faults_stand_where_they_were_written(
    old: str, new: str, path: str, said: str, pointed: str, tmp_path: Path
) -> None:
    """A fault of what was added is found at its line in the scenario, with the usual hints."""
    file = town(tmp_path, (old, new))
    found = [one for one in gt.check(file) if one.path.startswith(path)]
    assert found, gt.check(file)
    assert said in found[0].message + found[0].hint
    line = file.read_text("utf-8").split("\n")[found[0].line - 1]
    assert pointed in line, (found, line)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """What is wrong in one part of the changes hides nothing of the others."""
    file = town(
        tmp_path, ("per_year: 20", "per_yaer: 20"), ("    keepers:\n", "    keepers:\n      polise: null\n"),
        ("list: dirty-streets", "lits: dirty-streets"),
    )  # fmt: skip
    paths = {one.path for one in gt.check(file)}
    for wrong in ("acts.cigarette-end.rate.per_yaer", "keepers.polise", "rules.cigarette-end.lits"):
        assert any(path.endswith(wrong) for path in paths), (wrong, paths)


def test_null_takes_away_and_values_become_assumed(tmp_path: Path) -> None:
    """A rule can be taken away; a value that is changed no longer stands on what the file cites."""
    more = "    rules:\n      drunk-driving: null\n      red-light: {points: -9}\n"
    model = load_parts(town(tmp_path, ("    rules:\n", more))).schemes[0].model
    assert "drunk-driving" not in model.rules
    assert (model.rules["red-light"].points, model.rules["red-light"].status) == (-9, "assumed")
    assert model.rules["red-light"].note == "Set by the scenario clean-streets."


def test_another_scheme_is_left_alone(tmp_path: Path) -> None:
    """A scheme that stands in for the scenario's own is lived as it is."""
    parts = load_parts(town(tmp_path), scheme="suining-2010")
    assert "cigarette-end" not in parts.schemes[0].model.rules


def test_changes_that_do_not_hold_stop_a_run(tmp_path: Path) -> None:
    """A run refuses what a check refuses."""
    with pytest.raises(FileFaults, match="per_yaer"):
        gt.run(town(tmp_path, ("per_year: 20", "per_yaer: 20")), out=tmp_path / "run", **SMALL)


def test_a_run_tells_what_its_scenario_changed(tmp_path: Path) -> None:
    """Each thing that was added, changed or dropped is told by its title, from the run's own folder."""
    more = "    rules:\n      drunk-driving: null\n      red-light: {points: -9}\n"
    run = gt.run(town(tmp_path, ("    rules:\n", more)), out=tmp_path / "told", **SMALL)
    told = {(one["section"], one["key"]): (one["title"], one["what"]) for one in document(run)["changes"]}
    assert told["acts", "cigarette-end"] == ("Drops a cigarette end in the street", "adds")
    assert told["keepers", "warden"] == ("Wardens of the street", "adds")
    assert told["lists", "dirty-streets"] == ("Who dirtied the street", "adds")
    assert told["rules", "red-light"] == ("Runs a red light, or another traffic ticket", "changes")
    assert told["rules", "drunk-driving"][1] == "drops"
    assert told["doors", "allotment"][1] == "changes"
