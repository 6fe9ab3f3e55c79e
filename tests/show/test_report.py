"""The report: one file, no network, labels on every figure, headings in order, nothing executed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from fake_run import FakeRun, fake_run

from glasstown.lab.citing import references_of
from glasstown.lab.folder import RunReader, RunWriter
from glasstown.show.report import write_report
from glasstown.show.report.page import render

LIFE = {
    "id": 4711,
    "about": "A woman of 43.",
    "lines": [
        {"date": "2016-03-04", "text": "Crossed at a red light.", "side": "both"},
        {"date": "2016-03-05", "text": "Lost 5 points <script>alert(1)</script>.", "side": "scheme"},
    ],
}


class Page(HTMLParser):
    """Reads a page into its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of one name."""
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def text() -> str:
    """Return the report of a run of two sides."""
    return render(fake_run(), LIFE)


def test_asks_nothing_of_any_network(text: str) -> None:
    """No address outside the page, but for the links of the sources."""
    page = Page(text)
    for tag, attrs in page.tags:
        for name in ("src", "srcset", "poster", "data", "action", "xlink:href"):
            assert name not in attrs, (tag, attrs)
        if "href" in attrs:
            assert tag == "a"
            assert "noopener" in (attrs.get("rel") or "")
    assert [attrs["href"] for attrs in page.all("a")] == ["https://media.ccc.de/v/35c3-9904-the_social_credit_system"]
    assert not re.search(r"@import|url\((?!#)", text)
    assert "default-src 'none'" in text
    assert not page.all("script")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_figures_have_labels_and_tables(text: str) -> None:
    """Every figure says what it shows, and stands beside the same numbers as a table."""
    page = Page(text)
    figures = page.all("figure")
    assert len(figures) == 8
    assert all(figure.get("role") == "img" and len(figure.get("aria-label") or "") > 30 for figure in figures)
    assert text.count("Show as table") == 8
    assert all(svg.get("aria-hidden") == "true" for svg in page.all("svg"))
    assert all("scope" in head for head in page.all("th"))


def test_headings_are_in_order(text: str) -> None:
    """One first heading, and no level is skipped."""
    levels = [int(tag[1]) for tag, _ in Page(text).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_names_are_unique(text: str) -> None:
    """No two parts of the page, nor of its pictures, share a name; what is referred to is there."""
    names = [attrs["id"] for _, attrs in Page(text).tags if "id" in attrs]
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(names)
    for _, attrs in Page(text).tags:
        if "aria-labelledby" in attrs:
            assert attrs["aria-labelledby"] in names


def test_says_what_it_is(text: str) -> None:
    """The first screen has the finding; the end says how to repeat it and what it is not."""
    words = " ".join(Page(text).words)
    assert words.index("prevented 4.8 % of harmful acts") < words.index("The balance sheet")
    assert "seed 1" in words
    assert "0f1e2d3c4b5a6978" in words
    assert "invented by a computer" in words
    assert "4 values have no published source" in words
    assert "citizen 4711" in words


def test_markup_in_names_stays_text() -> None:
    """What a file calls its things is shown, never run: in the page and in the pictures."""
    run = fake_run(citizens=4_000, years=1)
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    manifest = dict(run.manifest)
    manifest["title"] = bad
    manifest["sides"] = [{**side, "title": bad} for side in manifest["sides"]]
    manifest["kinds"] = {kind: {**told, "title": bad + kind} for kind, told in manifest["kinds"].items()}
    manifest["doors"] = {door: {**told, "title": bad + door} for door, told in manifest["doors"].items()}
    manifest["references"] = {"x": {"cite": bad, "link": "javascript:alert(1)"}}
    manifest["assumed"] = [bad]
    text = render(FakeRun(manifest, run.tables), LIFE)
    page = Page(text)
    assert not page.all("script")
    assert not page.all("img")
    assert not page.all("a")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


@pytest.mark.parametrize(
    "run",
    [
        fake_run(sides=("scheme",), citizens=4_000, years=1),
        fake_run(effect=0, citizens=4_000, years=1),
        fake_run(citizens=4_000, years=1, replicates=4),
    ],
    ids=["one side", "equal sides", "replicates"],
)
def test_other_runs(run: FakeRun) -> None:
    """One side, equal sides, replicates: each has its page."""
    page = Page(render(run))
    assert all(figure.get("aria-label") for figure in page.all("figure"))
    assert "citizen 4711" not in " ".join(page.words)


def test_tables_without_rows() -> None:
    """A run in which nothing was counted still has a page."""
    run = fake_run(citizens=4_000, years=1)
    empty = FakeRun(run.manifest, {name: table.slice(0, 0) for name, table in run.tables.items()})
    page = Page(render(empty))
    assert page.all("h1")
    assert not page.all("figure")


def test_a_bare_manifest_will_do() -> None:
    """Only what a run folder must have is needed; the rest is left out."""
    run = fake_run(citizens=4_000, years=1)
    needed = ("glasstown", "format", "status", "sides", "citizens", "windows", "years", "seed", "replicates")
    manifest = {key: run.manifest[key] for key in needed}
    manifest["sides"] = [{"name": side["name"]} for side in run.manifest["sides"]]
    page = Page(render(FakeRun(manifest, run.tables)))
    assert page.all("h1")


def test_warns_of_broken_tables() -> None:
    """A run whose sums do not come out says so above everything else."""
    run = fake_run(citizens=4_000, years=1)
    halved = {**run.tables, "by_group": run.tables["by_group"].slice(0, 100)}
    words = " ".join(Page(render(FakeRun({**run.manifest, "status": "interrupted"}, halved))).words)
    assert "do not hold together" in words
    assert "was interrupted" in words


def test_written_whole(tmp_path: Path) -> None:
    """The file is written, and named."""
    path = write_report(fake_run(citizens=4_000, years=1), tmp_path / "report.html")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_from_a_run_folder(tmp_path: Path) -> None:
    """A run folder on the disk is a run like any other, and its report stands inside it."""
    made = fake_run(citizens=4_000, years=1)
    with RunWriter(tmp_path / "run", made.manifest) as writer:
        for name, table in made.tables.items():
            writer.table(name, table)
        writer.finish()
    opened = RunReader(tmp_path / "run")
    path = write_report(opened, opened.path / "report.html")
    assert path.read_text(encoding="utf-8") == render(made)
    assert opened.verify() == []


def test_links_of_sources() -> None:
    """Only addresses of the web become links; one source stands once."""
    told = [
        {"cite": "B", "link": "https://example.org/b"},
        {"cite": "A", "link": "javascript:alert(1)"},
        {"cite": "B", "link": "https://example.org/b"},
        "nonsense",
    ]
    assert references_of(told) == [
        {"cite": "A", "link": "", "where": "javascript:alert(1)"},
        {"cite": "B", "link": "https://example.org/b", "where": ""},
    ]
