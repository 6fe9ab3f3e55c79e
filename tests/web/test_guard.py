"""Who may ask, and what every answer carries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from glasstown.show.web.guard import LARGEST_BODY, is_loopback
from glasstown.show.web.models import ErrorBody


def refused(answer: object, status: int) -> dict[str, object]:
    """Hold an answer to the one shape of errors; return what it says."""
    assert answer.status_code == status, answer.text  # type: ignore[attr-defined]
    told = ErrorBody.model_validate(answer.json()).error  # type: ignore[attr-defined]
    assert told.what
    return told.model_dump()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1:80",
        "localhost:9",
        "10.0.0.1:8765",
        "",
        "[::1",
        "localhost:x",
    ],
)
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    """A name that is not this machine's own, or another port, is no address of the page."""
    refused(client.get("/api/about", headers={"host": host}), 403)
    refused(client.get("/", headers={"host": host}), 403)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_the_own_names_pass(client: TestClient, host: str) -> None:
    """The page is answered under each of this machine's own names."""
    assert client.get("/api/about", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"origin": "https://127.0.0.1:8765"},
        {"origin": "http://127.0.0.1:8765.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
    ids=str,
)
def test_another_page_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    """What another page asks for is refused, to be read or to be done; the own page passes."""
    refused(client.get("/api/runs", headers=headers), 403)
    refused(client.post("/api/live", json={}, headers=headers), 403)
    assert client.get("/api/about", headers={"origin": "http://127.0.0.1:8765"}).status_code == 200


def test_a_link_from_elsewhere_opens_the_page(client: TestClient) -> None:
    """Following a link to the page works; putting the page into another does not."""
    head = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=head).status_code == 200
    refused(client.get("/", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}), 403)


def test_nobody_is_let_across(client: TestClient) -> None:
    """No answer lets another origin read it, and a browser's question whether it might is refused."""
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for answer in (client.options("/api/live", headers=asked), client.get("/api/about")):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    refused(client.options("/api/live"), 405)


@pytest.mark.parametrize("path", ["/", "/api/about", "/api/nothing", "/assets/a.js"])
def test_every_answer_is_sealed(client: TestClient, path: str) -> None:
    """Every answer, errors too, has the strict policy: own scripts alone, no frame, no foreign reader."""
    head = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in head["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in policy["style-src"]
    assert head["x-content-type-options"] == "nosniff"
    assert head["cross-origin-resource-policy"] == "same-origin"
    assert head["referrer-policy"] == "no-referrer"
    assert "server" not in head


def test_the_nonce_is_new_each_time(client: TestClient) -> None:
    """The page's nonce stands in its policy and in its head, and no two answers share one."""
    seen = set()
    for _ in range(3):
        answer = client.get("/")
        nonce = answer.headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
        assert f'content="{nonce}"' in answer.text
        seen.add(nonce)
    assert len(seen) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt", "//secret.txt", "/etc/passwd", "/assets//etc/passwd",
    ],
)  # fmt: skip
def test_no_file_of_the_disk(client: TestClient, path: str) -> None:
    """No path leads out of the built page."""
    answer = client.get(path)
    assert "SECRET" not in answer.text
    assert "root:" not in answer.text
    assert "the page" in answer.text or answer.status_code == 404


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e", "..%2fsmall", "%2fetc", "small%00", "link", "nothing", "small%2f..%2fsmall", "C:%5c"]
)
def test_no_run_from_elsewhere(client: TestClient, name: str) -> None:
    """A run is one of the folders that are listed: no path, and no link out of them."""
    for path in (f"/api/runs/{name}", f"/api/runs/{name}/files", f"/api/compare?a=small&b={name}"):
        assert client.get(path).status_code in (404, 422)
    refused(client.post("/api/live", json={"run": "../outside"}), 404)


def test_a_body_is_json_and_small(client: TestClient) -> None:
    """A body that is not JSON, or larger than a file that a person writes, is refused, however it is sent."""
    refused(client.post("/api/check", content="x", headers={"content-type": "text/plain"}), 415)
    refused(client.post("/api/check", content="{", headers={"content-type": "application/json"}), 400)
    large = json.dumps({"text": "x" * LARGEST_BODY}).encode()
    refused(client.post("/api/check", content=large, headers={"content-type": "application/json"}), 413)

    def parts() -> Iterator[bytes]:
        yield from (large[at : at + 65536] for at in range(0, len(large), 65536))

    refused(client.post("/api/check", content=parts(), headers={"content-type": "application/json"}), 413)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize("path", ["/api/runs/small", "/api/runs/small/files", "/api/library/scheme/none", "/"])
def test_nothing_can_be_changed(client: TestClient, folders: Path, method: str, path: str) -> None:
    """There is no way to write to a run, to the library or to the page."""
    before = {file: file.stat().st_mtime_ns for file in folders.rglob("*")}
    refused(client.request(method, path, json={}), 405)
    assert {file: file.stat().st_mtime_ns for file in folders.rglob("*")} == before


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("example.org", False),
    ],
)
def test_own_addresses_are_known(host: str, own: bool) -> None:
    """What listens to others is told from what does not."""
    assert is_loopback(host) is own
