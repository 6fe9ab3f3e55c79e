"""The tags of a report on paper, looked at from outside: what PDF/UA asks for that can be checked by a machine.

Whether the reading order is a good one and a description says what a picture shows, no machine can tell; the
Matterhorn Protocol 1.1 of the PDF Association lists which conditions are which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from glasstown.lab.api import run as live
from glasstown.lab.opened import Run
from glasstown.show.report.paper import LANGUAGES
from glasstown.show.reporting import write_pdf

pikepdf = pytest.importorskip("pikepdf", reason="needs pikepdf: pip install -e '.[test]'")
typst = pytest.importorskip("typst", reason="needs typst: pip install -e '.[test]'")

PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh"}
"""Operators that put something on a page."""
HEADING = re.compile(r"/H([1-6])")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return live("rongcheng", citizens=1500, years=1, out=tmp_path_factory.mktemp("tags") / "run", threads=1)


@pytest.fixture(
    scope="module", params=[LANGUAGES[0], *(pytest.param(one, marks=pytest.mark.nightly) for one in LANGUAGES[1:])]
)
def paper(request: pytest.FixtureRequest, small: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if request.param == "zh" and not any("CJK SC" in name for name in typst.Fonts().families()):
        pytest.skip("there is no font with Chinese letters here")
    path = write_pdf(small, tmp_path_factory.mktemp("pdf") / "a.pdf", request.param)
    with pikepdf.open(path) as pdf:
        pdf.language = request.param
        yield pdf


def elements(node: Any) -> Iterator[Any]:
    """Return every element of the structure tree, in its order."""
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tree(pdf: Any, kind: str = "") -> list[Any]:
    return [one for one in elements(pdf.Root.StructTreeRoot) if not kind or str(one.S) == kind]


def test_the_document_says_what_it_is(paper: Any) -> None:
    """It is marked as tagged, has its language and a title that a reader shows, and says that it keeps to PDF/UA-1."""
    root = paper.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == paper.language
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with paper.open_metadata() as told:
        assert told["dc:title"]
        assert told["pdfuaid:part"] == "1"


def test_everything_drawn_is_tagged_or_decoration(paper: Any) -> None:
    """Whatever is painted stands under a tag, or is marked as no content; tags of pages have their order."""
    for page in paper.pages:
        assert str(page.obj.Tabs) == "/S"
        assert "/StructParents" in page.obj
        depth, within = 0, 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                own = name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]
                within = within or (depth if own or str(operands[0]) == "/Artifact" else 0)
            elif name == "EMC":
                within = 0 if within == depth else within
                depth -= 1
            elif name in PAINTS:
                assert within, f"{name} outside every tag"
        assert depth == 0


def test_pictures_have_words(paper: Any) -> None:
    """Every figure says in words what it shows."""
    figures = tree(paper, "/Figure")
    assert len(figures) >= 8
    assert [one for one in figures if len(str(one.get("/Alt", ""))) < 10] == []


def test_headings_go_down_step_by_step(paper: Any) -> None:
    """There is one title, and no level is left out on the way down."""
    levels = [int(found[1]) for one in tree(paper) if (found := HEADING.fullmatch(str(one.S)))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_heads(paper: Any) -> None:
    """Rows are rows of cells; a table of the balance sheet has heads that say what they are heads of."""
    tables = tree(paper, "/Table")
    assert len(tables) >= 4
    for table in tables:
        rows = [one for one in elements(table) if str(one.S) == "/TR"]
        cells = [one for row in rows for one in elements(row) if str(one.S) in ("/TH", "/TD")]
        assert rows
        assert len(cells) >= 2 * len(rows)
    heads = tree(paper, "/TH")
    assert heads
    assert all("Scope" in str(one.get("/A", "")) for one in heads)


def test_links_stand_in_the_tree(paper: Any) -> None:
    """Every link on a page belongs to an element of the tree, and says where it leads."""
    links = [note for page in paper.pages for note in page.obj.get("/Annots", []) if str(note.Subtype) == "/Link"]
    assert all("/StructParent" in note for note in links)
    assert all(str(note.get("/Contents", "")) for note in links)
    assert len(tree(paper, "/Link")) >= 1


def test_every_letter_can_be_read_aloud(paper: Any) -> None:
    """Fonts are in the file, and say which letter each of their shapes is."""
    fonts = [font for page in paper.pages for font in page.obj.Resources.get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        assert any(key in inner.FontDescriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
