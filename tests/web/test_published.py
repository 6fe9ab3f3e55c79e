"""Published figures beside ours, over the wire: the list, one that is run, and what is refused."""

from __future__ import annotations

import json
from typing import Any

from fastapi.testclient import TestClient
from test_guard import refused

from glasstown.lab.published import MOST
from glasstown.lab.replications.registry import NAMES
from glasstown.lab.replications.rows import HOW
from glasstown.show.web import published_models as form
from house import ROOT


def asked(client: TestClient, name: str, **size: int) -> tuple[dict[str, Any], list[int]]:
    """Return a replication, and how many seeds were done each time that it was not there yet."""
    steps = []
    while (told := client.get(f"/api/replications/{name}", params=size)).status_code == 202:
        steps.append(told.json()["done"])
    assert told.status_code == 200, told.text
    form.Published.model_validate(told.json())
    return told.json(), steps


def test_the_replications_are_listed_with_what_their_words_mean(client: TestClient) -> None:
    """Each has its title and each word its meaning, and the page's catalogue says the same in English."""
    told = client.get("/api/replications").json()
    form.Replications.model_validate(told)
    titles = {one["name"]: one["title"] for one in told["replications"]}
    assert {name: title for name, (_, title) in NAMES.items()} == titles
    assert {one["name"] for one in told["replications"] if not one["seeded"]} == {"suining-case", "court-list"}
    words = json.loads((ROOT / "page" / "src" / "words" / "en.json").read_text(encoding="utf-8"))
    assert {name: words[f"replication.{name}"] for name in titles} == titles
    assert {how: words[f"how.{how}.means"] for how in HOW} == told["how"]


def test_a_case_is_reckoned_with_its_verdicts(client: TestClient) -> None:
    """The worked case says which line is fitted and which could have failed; its figures come as numbers."""
    told, _ = asked(client, "suining-case")
    worths = {row["what"]: row["worth"] for row in told["rows"]}
    assert worths["points for one missed repayment"] == "fitted"
    assert (worths["grade"], worths["score"]) == ("tested", "reckoned")
    figures = {row["what"]: row["figures"] for row in told["rows"]}
    assert figures["score"] == {"published": 580, "ours": 580, "unit": ""}
    assert figures["grade"] is None
    assert told["citizens"] is None
    assert "suining-case" in told["cite"]["text"]


def test_seeds_are_lived_step_by_step(client: TestClient) -> None:
    """Who asks is told how many seeds are done; the table has their spread, is kept, and is cited with its size."""
    told, steps = asked(client, "bayes-limits", citizens=1000, seeds=2)
    assert steps == sorted(steps)
    assert all(row["seeds"] for row in told["rows"])
    assert {row["figures"]["unit"] for row in told["rows"]} == {"%"}
    assert "1,000 synthetic citizens under each of seeds 1 to 2" in told["cite"]["text"]
    assert asked(client, "bayes-limits", citizens=1000, seeds=2) == (told, [])


def test_what_cannot_be_replicated_is_refused_in_words(client: TestClient) -> None:
    """A name that is not there, too many people and too few are refused, with what to do."""
    assert "suining-case" in refused(client.get("/api/replications/suining"), 404)["hint"]
    large = refused(client.get("/api/replications/reach", params={"citizens": MOST + 1}), 422)
    assert "glasstown replicate reach" in large["hint"]
    few = refused(client.get("/api/replications/reach", params={"citizens": 999}), 422)
    assert "too few" in few["what"]
    refused(client.get("/api/replications/reach", params={"seeds": 6}), 422)
