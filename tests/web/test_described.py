"""The server held against its own description, with requests that a machine makes up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

schemathesis = pytest.importorskip("schemathesis")

from schemathesis import checks  # noqa: E402
from schemathesis.specs.openapi import checks as described_by  # noqa: E402

pytestmark = pytest.mark.nightly
SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
KEPT = (
    checks.not_a_server_error,
    described_by.status_code_conformance,
    described_by.content_type_conformance,
    described_by.response_schema_conformance,
)


@pytest.fixture(scope="session")
def described(folders: Path) -> Iterator[Any]:
    """Return the description of a running server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "glasstown", "serve", "small", "--no-open", "--threads", "1"],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(SOURCE)}, cwd=folders.parent,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address is not None
        yield schemathesis.openapi.from_url(f"{address.group()}/api/openapi.json")
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_every_answer_is_as_described(described: Any) -> None:
    """Whatever is asked, the status, the type and the form of the answer are those of the description; never a 500."""
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=25, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            case.call_and_validate(checks=KEPT, timeout=120)

        check()
        asked += 1
    assert asked > 20
