"""What the server answers about the library and about stored runs."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel
from test_guard import refused

from glasstown.engine.shelf import root
from glasstown.lab.api import open_run, run
from glasstown.show.cli_new import write_new
from glasstown.show.web import chair_models as chair
from glasstown.show.web import models as form
from glasstown.show.web.app import create_app
from glasstown.show.web.runs import Runs

ADDRESS = "http://127.0.0.1:8765"


def told(client: TestClient, path: str, model: type[BaseModel], **body: Any) -> dict[str, Any]:
    """Return an answer that has the form which the description promises."""
    answer = client.post(path, json=body) if body else client.get(path)
    assert answer.status_code == 200, answer.text
    model.model_validate(answer.json())
    found: dict[str, Any] = answer.json()
    return found


def test_about_and_library(client: TestClient) -> None:
    """The library is listed with every kind of file, and each file can be read with its sources and lines."""
    assert told(client, "/api/about", form.About)["opened"] is None
    files = told(client, "/api/library", form.Library)["files"]
    assert {"scenario", "scheme", "patch", "society"} <= {one["kind"] for one in files}
    for one in files:
        entry = told(client, f"/api/library/{one['kind']}/{one['name']}", form.LibraryFile)
        assert entry["text"].strip()
        statuses = [value["status"] for value in entry["values"]]
        assert statuses.count("assumed") == one["assumed"]
        if one["kind"] == "scheme" and entry["scheme"]["rules"]:
            rule = entry["scheme"]["rules"][0]
            assert entry["text"].splitlines()[rule["line"] - 1].strip().startswith(f"{rule['name']}:")
    refused(client.get("/api/library/scheme/rongchen-2016"), 404)
    refused(client.get("/api/library/people/none"), 404)


def test_words_and_schema(client: TestClient) -> None:
    """An editor can ask what a scheme may name, and for the form of each kind of file."""
    words = told(client, "/api/words", form.Words)
    assert "red-light" in {act["name"] for act in words["acts"]}
    assert client.get("/api/schema/scheme").json()["properties"]["rules"]
    refused(client.get("/api/schema/person"), 404)
    refused(client.get("/api/words?scenario=nope"), 404)


def test_check_is_the_command(client: TestClient) -> None:
    """The editor's faults are those of the command: line, column, hint; a text that holds has none."""
    text = client.get("/api/library/scheme/rongcheng-2016").json()["text"]
    assert told(client, "/api/check", form.Checked, text=text)["holds"]
    at = text.splitlines().index("  red-light:")
    wrong = text.replace("  red-light:\n    record", "  red-light:\n    recrod")
    faults = told(client, "/api/check", form.Checked, text=wrong)["faults"]
    assert [(fault["line"], fault["column"], fault["length"]) for fault in faults if fault["hint"]] == [(at + 2, 5, 6)]
    assert told(client, "/api/check", form.Checked, text="hello: 1")["kind"] == ""


def test_edits_make_a_patch(client: TestClient) -> None:
    """Edits come back as a patch, as the scheme's file, and as the line that differs; or with their faults."""
    out = told(client, "/api/edits", form.Edited, edits=[{"rule": "red-light", "set": {"points": -20}}])
    assert "+    points: -20" in out["diff"]
    assert next(rule for rule in out["scheme"]["rules"] if rule["name"] == "red-light")["low"] == -20
    out = told(client, "/api/edits", form.Edited, edits=[{"rule": "nope", "set": {"points": -20}}])
    assert out["faults"]
    refused(client.post("/api/edits", json={"edits": []}), 422)
    refused(client.post("/api/edits", json={"edits": [{}], "name": "../x"}), 422)


def test_hostile_files_are_answered_at_once(client: TestClient) -> None:
    """Deep nesting, aliases and huge numbers are faults, and take no time."""
    for text in (
        "a: " + "[" * 9000,
        "a: &a [*a]\n",
        "scheme: x\nceiling: " + "9" * 9000,
        "{" * 9000,
        "x: !!python/none",
    ):
        began = time.monotonic()
        assert told(client, "/api/check", form.Checked, text=text)["faults"]
        assert time.monotonic() - began < 10


def test_runs_are_listed(client: TestClient) -> None:
    """Every run folder is listed, also those that cannot be opened, which say why; links are not followed."""
    runs = {one["run"]: one for one in told(client, "/api/runs", form.Listed)["runs"]}
    assert set(runs) == {"small", "torn", "cut"}
    assert (runs["small"]["status"], runs["cut"]["status"], runs["torn"]["status"]) == ("finished", "running", "torn")
    assert runs["torn"]["why"]
    refused(client.get("/api/runs/cut"), 409)
    refused(client.get("/api/runs/torn"), 409)
    refused(client.get("/api/runs/nope"), 404)


def test_a_run_is_a_document(client: TestClient, folders: Any) -> None:
    """A stored run comes as one document of the promised form; its balance sheet is the run's own."""
    found = told(client, "/api/runs/small", form.Document)
    sheet = open_run(folders / "small").balance()
    rows = {row["key"]: row for row in found["parts"][0]["balance"]["rows"]}
    assert rows["harmful-acts"]["scheme"] == sheet["harmful-acts"].scheme
    assert found["trust"]["sides"][0]["none"] == pytest.approx(open_run(folders / "small").trust().sides[0].trust)
    assert found["cite"]["schemes"][0]["hash"]
    assert "1,500 synthetic citizens" in found["cite"]["text"]
    files = told(client, "/api/runs/small/files", form.Files)["files"]
    assert {"scenario.yaml", "scheme.yaml"} <= {one["name"] for one in files}


def test_lives_whys_and_what_if(client: TestClient) -> None:
    """Lives are told, refusals explained, and a life lived again without one record."""
    lives = told(client, "/api/runs/small/lives", form.Lives)["lives"]
    assert lives
    who = lives[0]["citizen"]
    life = told(client, f"/api/runs/small/citizens/{who}", form.Life)
    assert life["lines"] == lives[0]["lines"]
    why = told(client, f"/api/runs/small/citizens/{who}/why?door=loan", form.Why)
    assert why["verdict"]
    record = next(line["record"] for one in lives for line in one["lines"] if line["record"])
    owner = next(one["citizen"] for one in lives for line in one["lines"] if line["record"] == record)
    other = told(client, f"/api/runs/small/citizens/{owner}/without?record={record}", form.Without)
    assert other["record"]["key"] == record
    refused(client.get("/api/runs/small/citizens/1500"), 422)
    refused(client.get("/api/runs/small/citizens/-1"), 422)
    refused(client.get(f"/api/runs/small/citizens/{who}/why?door=gate"), 404)
    refused(client.get(f"/api/runs/small/citizens/{who}/without?record=1.1.1.1.1"), 422)


def test_tables_are_csv(client: TestClient, folders: Any) -> None:
    """Every table can be saved as CSV, with the rows that the run has."""
    run = open_run(folders / "small")
    answer = client.get("/api/runs/small/tables/scores.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == len(run.table("scores"))
    assert answer.headers["content-type"].startswith("text/csv")
    for name in ("balance", "kinds", "doors", "groups", "grades", "sources"):
        assert client.get(f"/api/runs/small/tables/{name}.csv").text.count("\n") > 2
    refused(client.get("/api/runs/small/tables/people.csv"), 404)


def test_two_runs_are_compared(client: TestClient) -> None:
    """A run against itself differs by nothing."""
    found = told(client, "/api/compare?a=small&b=small", form.Compared)
    assert {row["difference"] for row in found["part"]["balance"]["rows"]} <= {0.0, None}


def test_the_description_is_complete(client: TestClient) -> None:
    """Every way to ask is described, with its answer and its errors, and with a sentence of what it is for."""
    described = client.get("/api/openapi.json").json()
    assert "invented" in described["info"]["description"]
    for path, ways in described["paths"].items():
        for way, one in ways.items():
            assert one["description"], (path, way)
            codes = set(one["responses"])
            assert codes & {"200", "202"}, (path, way)
            assert {"403", "404", "422"} <= codes, (path, way)
            for code in codes - {"200", "202"}:
                assert one["responses"][code]["content"]["application/json"]["schema"]["$ref"].endswith("ErrorBody")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/runs/small/", "/api/live"])
def test_what_is_not_there(client: TestClient, path: str) -> None:
    """What is not there is answered as an error, never by the page."""
    answer = client.get(path)
    assert answer.status_code in (404, 405)
    refused(answer, answer.status_code)


def test_the_page_is_served(client: TestClient) -> None:
    """The page's files come with their types; any other path gives the page, so that a link to a view works."""
    assert client.get("/assets/a.js").headers["content-type"].startswith("text/javascript")
    assert "the page" in client.get("/watch").text


def test_a_page_built_anew_is_served_whole(tmp_path: Path) -> None:
    """Built anew under a running server, the first page finds its files, and what is gone is said to be gone."""
    assets = tmp_path / "assets"
    assets.mkdir()

    def build(name: str) -> None:
        (tmp_path / "index.html").write_text(f"<script src=assets/{name}.js>", encoding="utf-8")
        (assets / f"{name}.js").write_text(name, encoding="utf-8")

    build("old")
    client = TestClient(create_app(Runs(tmp_path), port=8765, page=tmp_path, warm=False), base_url=ADDRESS)
    (assets / "old.js").unlink()
    build("new")
    first = client.get("/")
    assert first.headers["cache-control"] == "no-store"
    assert "new.js" in first.text
    assert client.get("/assets/new.js").text == "new"
    refused(client.get("/assets/old.js"), 404)


def test_a_persecution_is_told_beside_the_life_left_alone(client: TestClient) -> None:
    """A stored run tells what made-up records do to one citizen; means that are none are met with words."""
    told = client.get("/api/runs/small/persecution", params={"every": 2}).json()
    form.Persecuted.model_validate(told)
    assert told["chosen"]
    assert told["months"][-1]["written"] == 6
    assert client.get("/api/runs/small/persecution", params={"record": "no-such"}).status_code == 404
    assert client.get("/api/runs/small/persecution", params={"every": 0}).status_code == 422


def test_the_chair_can_be_taken_within_limits(client: TestClient) -> None:
    """A scenario is lived with a hand on its files, within the size of a live run."""
    asked = {"scenario": "rongcheng", "citizens": 800, "years": 1, "budget": 5}
    told = client.get("/api/official", params=asked).json()
    chair.Chair.model_validate(told)
    assert told["edits"] <= 5
    large = client.get("/api/official", params={"citizens": 10**9})
    assert large.status_code == 422
    assert "live run" in large.json()["error"]["what"]


def test_unknown_numbers_are_weighed_while_one_waits(client: TestClient) -> None:
    """Who asks is told how far it is until the answer is there; it is kept, named, and within limits."""
    asked = {"scenario": "sesame", "citizens": 600, "years": 1, "draws": 4}
    steps = []
    while (told := client.get("/api/weights", params=asked)).status_code == 202:
        steps.append(told.json()["done"])
        assert told.json()["of"] in (0, 5)
    assert steps == sorted(steps)
    found = told.json()
    chair.Weighed.model_validate(found)
    assert found["share"] is None
    assert {one["title"] for one in found["unknown"]} >= {"commercial", "Ability to perform"}
    assert ("grade", "outstanding", "Outstanding") in {(r["kind"], r["key"], r["title"]) for r in found["results"]}
    assert client.get("/api/weights", params=asked).json() == found
    large = client.get("/api/weights", params={**asked, "citizens": 200_000, "years": 3})
    assert large.status_code == 422
    assert "citizen-years" in large.json()["error"]["what"]


def test_weights_without_ranges_are_widened(client: TestClient) -> None:
    """Where a scheme's file has no ranges, its weights get an assumed width, and the answer says which."""
    asked = {"scenario": "rongcheng", "citizens": 400, "years": 1, "draws": 4}
    while (told := client.get("/api/weights", params=asked)).status_code == 202:
        pass
    assert told.json()["share"] == 0.5
    assert all(one["place"].startswith("domains.") for one in told.json()["unknown"])


def test_a_stored_run_of_ones_own_files_is_weighed_and_sat_over(client: TestClient, folders: Path) -> None:
    """What no library knows is lived again from the run's folder, for as many people as are asked for."""
    mine = folders.parent / "mine"
    mine.mkdir()
    write_new("scheme", mine / "my.yaml")
    text = (root() / "scenarios" / "rongcheng.yaml").read_text(encoding="utf-8")
    text = text.replace("scenario: rongcheng", "scenario: mine").replace("scheme: rongcheng-2016", "scheme: ./my.yaml")
    (mine / "mine.yaml").write_text(text, encoding="utf-8")
    run(mine / "mine.yaml", citizens=700, years=1, out=folders / "own", threads=1)
    asked = {"run": "own", "citizens": 300, "years": 1}
    told = client.get("/api/official", params=asked).json()
    assert (told["cite"]["scenario"], told["cite"]["citizens"]) == ("mine", 300)
    while (told := client.get("/api/weights", params={**asked, "draws": 4})).status_code == 202:
        pass
    assert told.json()["cite"]["scenario"] == "mine"
    for where in ("official", "weights"):
        assert client.get(f"/api/{where}", params={"run": "no-such"}).status_code == 404


def test_the_library_says_what_a_scenario_changes(client: TestClient) -> None:
    """A scenario that adds sources to its files says so; one that changes nothing says nothing."""
    files = {(one["kind"], one["name"]): one for one in client.get("/api/library").json()["files"]}
    added = files["scenario", "honours"]["changes"]
    assert {(one["title"], one["what"]) for one in added} >= {("Office of the city", "adds")}
    assert files["scenario", "rongcheng"]["changes"] == []
