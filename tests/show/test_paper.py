"""A run on paper: a tagged PDF that says what the page says, in two languages, or a word on what is missing."""

from __future__ import annotations

import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from glasstown.errors import BadValue, GlasstownError
from glasstown.lab.api import run as live
from glasstown.lab.document import document
from glasstown.lab.findings import findings
from glasstown.lab.opened import Run
from glasstown.show.report import paper
from glasstown.show.report.charts import charts
from glasstown.show.reporting import write_pdf

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[a-z]{2}")
PAGE = Path(__file__).parents[2] / "page" / "src" / "words"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return live("rongcheng", citizens=1500, years=1, out=tmp_path_factory.mktemp("paper") / "run", threads=1)


def words() -> dict[str, dict[str, str]]:
    text = files("glasstown.show.report").joinpath("paper_words.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


def test_a_run_is_a_pdf_for_everybody(small: Run, tmp_path: Path) -> None:
    """It is written whole where it was asked for, tagged, with its language, and says that it keeps to PDF/UA."""
    pytest.importorskip("typst")
    made = write_pdf(small, tmp_path / "a.pdf").read_bytes()
    assert made.startswith(b"%PDF-")
    for part in (b"pdfuaid", b"/StructTreeRoot", b"/Lang(en)"):
        assert part in made
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_markup_in_names_stays_text(small: Run, tmp_path: Path) -> None:
    """What a file calls its things is set, never run."""
    pytest.importorskip("typst")
    told = document(small)
    told["title"] = '#panic("run") $ x $ *b* <l> @r'
    told["references"] = [{"cite": '#read("/etc/passwd")', "link": "", "where": ""}]
    assert paper.write_paper(told, findings(small), tmp_path / "b.pdf").stat().st_size > 10_000


def test_the_paper_says_what_the_page_says(small: Run) -> None:
    """The finding, the numbers of the balance sheet, seed, digests and sources are those of the document."""
    told = document(small)
    for language in paper.LANGUAGES:
        said = paper.data_of(told, language)
        rows = [row for section in said["sections"] for row in section["rows"]]
        assert len(rows) == len(told["parts"][0]["balance"]["rows"])
        assert {f"unit.{row['unit']}" for row in told["parts"][0]["balance"]["rows"]} <= set(words()[language])
        assert ["Seed", "1"] in said["facts"] or ["种子", "1"] in said["facts"]
        assert told["cite"]["tables_hash"] in str(said["facts"])
        assert len(said["references"]) == len(told["references"])
        assert not any("{" in str(value) for key, value in said.items() if key in ("finding", "assumed", "cite"))
    assert paper.data_of(told)["finding"] == told["parts"][0]["summary"]


def test_chinese_charts_are_chinese(small: Run) -> None:
    """Axes, legends, labels, what is said to those who do not see, and the table's words: none stays English."""
    found = findings(small)
    for name, chart in charts(found).items():
        shown = re.findall(r"<text[^>]*>([^<]*)</text>", chart.drawn("zh"))
        assert not shown or any(CHINESE.search(text) for text in shown), name
        said = [chart.said(text, "zh") for text in (chart.label, chart.caption)]
        assert [text for text in [*shown, *said] if ENGLISH.search(text)] == [], name
        assert chart.said(chart.label, "en") == chart.label
    told = paper.data_of(document(small), "zh")
    rows = [row for section in told["sections"] for row in section["rows"]]
    texts = [told["title"], told["worlds"], *(row[key] for row in rows for key in ("label", "unit"))]
    assert [text for text in texts if ENGLISH.search(text)] == []


def test_what_is_missing_is_said(small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Typst, without a Chinese font, or in another language there is a word on what to do, and no file."""

    class Bare:
        """Typst on a machine with one font."""

        class Fonts:
            @staticmethod
            def families() -> list[str]:
                return ["Libertinus Serif"]

    with pytest.raises(GlasstownError, match="fonts-noto-cjk"):
        paper._fonts(Bare, "zh")
    assert paper._fonts(Bare, "en") == ["Libertinus Serif"]
    if "typst" in sys.modules or pytest.importorskip("typst"):
        with pytest.raises(BadValue):
            write_pdf(small, tmp_path / "c.pdf", "fr")
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(GlasstownError, match=r"glasstown\[pdf\]"):
        write_pdf(small, tmp_path / "c.pdf")
    assert not list(tmp_path.iterdir())


def test_the_paper_speaks_as_the_page_does() -> None:
    """Both languages have the same keys, and words that the page has too are the page's."""
    here = words()
    assert list(here["en"]) == list(here["zh"])
    if not PAGE.is_dir():
        pytest.skip("the page's sources are not in this copy")
    for language, told in here.items():
        page: dict[str, Any] = json.loads((PAGE / f"{language}.json").read_text(encoding="utf-8"))
        shared = [key for key in told if key in page and key.startswith(("balance.", "section.", "paper.", "finding."))]
        assert len(shared) > 40
        assert {key: told[key] for key in shared} == {key: page[key] for key in shared}
