"""Live runs over the wire: streams that lose nothing, one run for each page, limits, and a process that can die."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient
from test_guard import refused

from glasstown.show.web import models as form

SMALL = {"citizens": 1200, "years": 1, "seed": 3}
Events = list[tuple[int, str, dict[str, Any]]]


def stream(client: TestClient, id: str, head: dict[str, str] | None = None, query: str = "") -> Events:
    """Return every event of a live run until its stream ends: number, name, content."""
    out: Events = []
    answer = client.get(f"/api/live/{id}/events{query}", headers=head or {})
    assert answer.headers["content-type"].startswith("text/event-stream")
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            out.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return out


def begin(client: TestClient, **body: Any) -> str:
    answer = client.post("/api/live", json={**SMALL, **body})
    assert answer.status_code == 202, answer.text
    form.LiveTold.model_validate(answer.json())
    return str(answer.json()["id"])


@pytest.fixture(scope="module")
def lived(client: TestClient) -> tuple[str, Events]:
    id = begin(client, dots=True, edits=[{"rule": "red-light", "set": {"points": -100}}])
    return id, stream(client, id)


def test_events_come_in_order(lived: tuple[str, Events]) -> None:
    """A live run tells what its numbers are ordered by, then every month of every world, then what was found."""
    _, events = lived
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
    names = [name for _, name, _ in events]
    assert names[-1] == "done"
    assert names.index("begun") < names.index("month") < names.index("found")
    seen = {(world, event["window"]) for _, name, event in events if name == "month" for world in event["worlds"]}
    assert seen == {(world, window) for world in ("edited", "scheme", "pair") for window in range(12)}
    for _, name, event in events:
        for month in event["worlds"].values() if name == "month" else ():
            form.Month.model_validate(month)
        for part in event["parts"] if name == "found" else ():
            form.Comparison.model_validate(part)


def test_a_reload_loses_nothing(client: TestClient, lived: tuple[str, Events]) -> None:
    """Whoever comes back with the number of the last event gets the rest, and exactly the rest."""
    id, events = lived
    assert stream(client, id) == events
    for known in (1, 7, len(events) - 1, len(events)):
        assert stream(client, id, {"last-event-id": str(known)}) == events[known:]
        assert stream(client, id, query=f"?after={known}") == events[known:]
    refused(client.get(f"/api/live/{id}/events", headers={"last-event-id": "x"}), 422)


def test_what_is_done_can_be_asked(client: TestClient, lived: tuple[str, Events]) -> None:
    """A live run that is done answers as a stored one does, each world beside the other that is named."""
    id, events = lived
    found = client.get(f"/api/live/{id}/document").json()
    form.Document.model_validate(found)
    months = {(w, e["window"]): m for _, name, e in events if name == "month" for w, m in e["worlds"].items()}
    assert found["months"]["edited"][11] == months["edited", 11]
    life = client.get(f"/api/live/{id}/citizens/5").json()
    form.Life.model_validate(life)
    assert list(life["worlds"]) == ["edited", "pair"]
    life = client.get(f"/api/live/{id}/citizens/5?world=edited&other=scheme").json()
    assert list(life["worlds"]) == ["edited", "scheme"]
    assert {line["world"] for line in life["lines"]} <= {"both", "edited", "scheme"}
    assert client.get(f"/api/live/{id}/tables/balance.csv").status_code == 200
    refused(client.get(f"/api/live/{id}/citizens/5?world=other"), 422)
    refused(client.get("/api/live/nothing-here"), 404)


def test_dots_come_as_bytes(client: TestClient, lived: tuple[str, Events]) -> None:
    """Everybody's grades come as bytes, for the world and the windows that are asked for."""
    id, events = lived
    answer = client.get(f"/api/live/{id}/dots?world=scheme&from=2&to=4")
    assert answer.headers["x-windows"] == "2"
    assert answer.headers["x-first-window"] == "2"
    assert len(answer.content) == 2 * SMALL["citizens"]
    month = next(
        e["worlds"]["scheme"]
        for _, name, e in events
        if name == "month" and e["window"] == 2 and "scheme" in e["worlds"]
    )
    first = answer.content[: SMALL["citizens"]]
    assert [first.count(bytes([band])) for band in range(len(month["grades"]))] == month["grades"]
    refused(client.get(f"/api/live/{id}/dots?world=moon"), 422)
    bare = begin(client)
    stream(client, bare)
    refused(client.get(f"/api/live/{bare}/dots"), 404)


def test_a_stored_run_is_lived_again(client: TestClient) -> None:
    """A stored run is lived again by its name, with the same numbers."""
    answer = client.post("/api/live", json={"run": "small", "dots": True})
    events = stream(client, answer.json()["id"])
    assert events[-1][1] == "done"
    kept = client.get("/api/runs/small").json()["months"]["scheme"][11]
    assert kept == next(e["worlds"]["scheme"] for _, name, e in events if name == "month" and e["window"] == 11)
    refused(client.post("/api/live", json={"run": "small", "scenario": "rongcheng"}), 422)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"citizens": 2_000_000}, "more than the 250,000"),
        ({"citizens": 10, "years": 90}, "more than the 20"),
        ({"scenario": "nope"}, "nope"),
        ({"scheme": "nope"}, "nope"),
        ({"edits": [{"rule": "nope", "set": {"points": 1}}]}, "fault"),
        ({"text": "a: &a [*a]"}, "fault"),
    ],
)
def test_what_cannot_be_lived_says_why(client: TestClient, body: dict[str, Any], says: str) -> None:
    """What cannot be lived ends its stream with an error of the one shape."""
    events = stream(client, begin(client, **body))
    assert events[-1][1] == "failed"
    told = form.ErrorBody.model_validate(events[-1][2]).error
    assert says in told.what
    assert bool(told.faults) == (says == "fault")


@pytest.mark.parametrize(
    "body", [{"citizens": 0}, {"citizens": 2**40}, {"years": -1}, {"seed": "x"}, {"name": "Ada"}, {"edits": [{}] * 300}]
)
def test_what_makes_no_sense_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    """A request that makes no sense is refused at once, with the place of what is wrong."""
    assert refused(client.post("/api/live", json=body), 422)["where"]


def test_a_newer_run_takes_the_place(client: TestClient) -> None:
    """A page has one live run: a newer one cancels it, and another page's goes on. Cancelling by hand works too."""
    old = begin(client, citizens=20_000, years=8, session="one")
    other = begin(client, session="two")
    new = begin(client, session="one")
    assert stream(client, old)[-1][1:] == ("cancelled", {"why": "a newer run of this page took its place"})
    assert stream(client, new)[-1][1] == "done"
    assert stream(client, other)[-1][1] == "done"
    last = begin(client, citizens=20_000, years=8)
    assert client.delete(f"/api/live/{last}").json()["status"] == "cancelled"
    assert stream(client, last)[-1][1] == "cancelled"
    refused(client.get(f"/api/live/{last}/document"), 409)


def test_too_many_are_told_to_wait(client: TestClient) -> None:
    """More live runs than may wait are refused with the time after which to try again; those that wait are done."""
    running = [begin(client, citizens=20_000, years=8) for _ in range(1)]
    waiting = [begin(client) for _ in range(2)]
    answer = client.post("/api/live", json=SMALL)
    refused(answer, 429)
    assert int(answer.headers["retry-after"]) > 0
    for id in running:
        client.delete(f"/api/live/{id}")
    assert [stream(client, id)[-1][1] for id in waiting] == ["done", "done"]


def test_a_process_that_dies_is_replaced(client: TestClient) -> None:
    """Where the simulating process is ended in the middle of a run, that run fails and the next one is lived."""
    bench = client.app.state.glasstown.hub.worker  # type: ignore[attr-defined]
    victim = begin(client, citizens=20_000, years=8)
    until = time.monotonic() + 60
    while client.get(f"/api/live/{victim}").json()["events"] < 2 and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(bench.pid, signal.SIGKILL)
    events = stream(client, victim)
    assert events[-1][1] == "failed"
    assert "ended before it was done" in events[-1][2]["error"]["what"]
    assert stream(client, begin(client))[-1][1] == "done"
