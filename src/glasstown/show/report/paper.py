"""A run on paper: one tagged PDF, set by Typst from the document that the page shows."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...errors import BadValue, GlasstownError
from ...lab.findings import Findings, number
from ...lab.titles import titled
from .charts import charts

__all__ = ["LANGUAGES", "data_of", "write_paper"]

LANGUAGES = ("en", "zh")
SANS = ("Noto Sans", "Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "Libertinus Serif")
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Microsoft YaHei",
    "Noto Serif CJK SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "SimHei", "SimSun",
)  # fmt: skip
CHANGES = ("harmful-acts", "good-deeds", "lawful-speech", "cheap-loyalty")
SHARES = ("refused-out-of-context", "refused-unable", "refused-wrongly", "refused-passed-on")
SECTIONS = 4
HELP, HARM, UNSURE, NEITHER = "#009e73", "#d55e00", "#8a8d8f", "#0072b2"
MM = 25.4 / 96
ROOM, HIGH = 166.0, 205.0
"""Millimetres that a chart may take."""


def write_paper(told: Mapping[str, Any], found: Findings, path: Path, language: str = "en") -> Path:
    """Write a run as a PDF for screen readers as well (PDF/UA-1); return where it stands.

    Parameters
    ----------
    told : the run as one document.
    language : ``en`` or ``zh``; titles of a user's own files stay in their language.

    Raises
    ------
    GlasstownError
        Where Typst or a Chinese font is missing.
    """
    typst = _typst()
    if language not in LANGUAGES:
        raise BadValue(f'there is no report in "{language}"', "en or zh")
    data = data_of(told, language) | {"fonts": _fonts(typst, language), "language": language}
    with tempfile.TemporaryDirectory(prefix="glasstown-") as name:
        room = Path(name)
        data["charts"] = list(_charts(found, room, data["words"], language))
        (room / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        source = files(__package__).joinpath("report.typ").read_text(encoding="utf-8")
        (room / "report.typ").write_text(source, encoding="utf-8")
        made = typst.compile(str(room / "report.typ"), root=name, format="pdf", pdf_standards=["ua-1"])
    return _written(path, made)


def _written(path: Path, made: bytes) -> Path:
    """Write the file whole: what stood there stays until then."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(made)
    part.replace(path)
    return path


def _typst() -> Any:
    try:
        import typst
    except ModuleNotFoundError:
        raise GlasstownError(
            "a report on paper needs typst, which is not installed", "install it: pip install 'glasstown[pdf]'"
        ) from None
    return typst


def _fonts(typst: Any, language: str) -> list[str]:
    """Return the fonts to set in, of those that are here."""
    here = set(typst.Fonts().families())
    sans = [name for name in SANS if name in here]
    if language == "en":
        return sans
    chinese = [name for name in CHINESE if name in here][:1]
    if not chinese:
        raise GlasstownError(
            "there is no font with Chinese letters on this machine",
            "install one, such as Noto Sans CJK; on Debian and Ubuntu: apt-get install fonts-noto-cjk",
        )
    return [*sans, *chinese]


def data_of(told: Mapping[str, Any], language: str = "en") -> dict[str, Any]:
    """Return everything that the paper says, in one language, but for its charts and fonts."""
    texts = json.loads(files(__package__).joinpath("paper_words.json").read_text(encoding="utf-8"))
    words: dict[str, str] = texts[language]
    part, cite = told["parts"][0], told["cite"]
    rows = part["balance"]["rows"]
    assumed = sum(len(one["paths"]) for one in told["assumed"])
    titles = [titled(world["title"], language) for world in told["worlds"]]
    return {
        "words": words,
        "title": titled(told["title"], language),
        "worlds": f" {words['against']} ".join(titles),
        "finding": part["summary"] if language == "en" else _finding(rows, words),
        "caveat": told["caveat"] if language == "en" else words["caveat"],
        "warning": told["warning"],
        "changes": _changes(rows, words),
        "shares": _shares(rows, words),
        "heads": [words["with"], words["without"]] if part["against"] == "pair" else part["balance"]["heads"],
        "sections": _sections(rows, words, language),
        "facts": _facts(told, words),
        "assumed": words["assumed"].replace("{n}", f"{assumed:,}"),
        "cite": f"{cite['text']} {cite['line'] if language == 'en' else words['app.line']}",
        "references": [{"cite": one["cite"], "link": one["link"]} for one in told["references"]],
        "foot": f"Glasstown {cite['version']}, {cite['scenario']}, {words['seed']} {cite['seed']}",
    }


def _facts(told: Mapping[str, Any], words: Mapping[str, str]) -> list[list[str]]:
    cite = told["cite"]
    out = [
        [words["version"], cite["version"]],
        [words["seed"], str(cite["seed"])],
        [words["citizens"], f"{told['citizens']:,}"],
        [words["years"], f"{told['years']:g}"],
        [words["replicates"], str(told["replicates"])],
        [words["tables"], cite["tables_hash"]],
    ]
    return out + [[f"{words['schemeHash']}: {one['name']}", one["hash"]] for one in cite["schemes"] if one["hash"]]


def _row(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next((row for row in rows if row["key"] == key), {})


def _colour(row: Mapping[str, Any]) -> str:
    if row["low"] is None or row["high"] is None or row["low"] <= 0 <= row["high"]:
        return UNSURE
    if not row["better"]:
        return NEITHER
    return HELP if (row["better"] == "less") == (row["difference"] < 0) else HARM


def _changes(rows: list[dict[str, Any]], words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the changes that the picture shows, in per cent of the other world."""
    out = []
    for key in CHANGES:
        row = _row(rows, key)
        if not row.get("pair") or row["difference"] is None:
            continue
        value, low, high = (
            100 * (row["difference"] if row[end] is None else row[end]) / row["pair"]
            for end in ("difference", "low", "high")
        )
        told = {"label": words[f"balance.{key}"], "value": value, "low": low, "high": high}
        out.append({**told, "text": f"{value:+.1f} %".replace("-", "−"), "colour": _colour(row)})
    return out


def _shares(rows: list[dict[str, Any]], words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return of every 100 doors that the scheme closed, how many for each reason."""
    closed = _row(rows, "refused").get("scheme")
    found = [(key, _row(rows, key).get("scheme")) for key in SHARES] if closed else []
    return [
        {"label": words[f"balance.{key}"], "value": 100 * value / closed, "text": number(100 * value / closed)}
        for key, value in found
        if value is not None
    ]


def _sections(rows: list[dict[str, Any]], words: Mapping[str, str], language: str) -> list[dict[str, Any]]:
    """Return the balance sheet's lines by section, without those in which nothing was counted.

    What the catalogue has no words for keeps its own.
    """
    out: dict[str, list[dict[str, Any]]] = {}
    counted = ("scheme", "pair", "difference")
    told = {row["section"] for row in rows if any(row[key] for key in counted)} or {row["section"] for row in rows}
    for row in rows:
        interval = f"{number(row['low'])} … {number(row['high'])}" if row["low"] is not None else "–"
        cells = [*(number(row[key]) for key in counted), interval]
        label = row["label"] if language == "en" else words.get(f"balance.{row['key']}", titled(row["label"], language))
        out.setdefault(row["section"], []).append(
            {"label": label, "unit": words.get(f"unit.{row['unit']}", titled(row["unit"], language)), "cells": cells}
        )
    titles = [words[f"section.{at}"] for at in range(SECTIONS)]
    return [
        {"title": titles[at] if language != "en" and at < SECTIONS else titled(section, language), "rows": lines}
        for at, (section, lines) in enumerate(out.items())
        if section in told
    ]


def _finding(rows: list[dict[str, Any]], words: Mapping[str, str]) -> str:
    """Return the finding in the words of the catalogue."""
    out = []
    for key, word in (("harmful-acts", "harm"), ("lawful-speech", "speech")):
        row = _row(rows, key)
        if not row.get("pair") or row["difference"] is None:
            continue
        sure = row["low"] is not None and not row["low"] <= 0 <= row["high"]
        way = "same" if not sure else "less" if row["difference"] < 0 else "more"
        share = f"{abs(100 * row['difference'] / row['pair']):.1f} %"
        out.append(words[f"finding.{word}.{way}"].replace("{share}", share))
    closed, apart = (_row(rows, key).get("scheme") for key in ("refused", "refused-out-of-context"))
    if not closed:
        out.append(words["finding.doors.none"])
    else:
        key = "finding.doors.some" if apart is None else "finding.doors.apart"
        said = words[key].replace("{doors}", number(closed))
        out.append(said.replace("{share}", f"{100 * (apart or 0) / closed:.0f} %"))
    return "".join(out)


def _charts(found: Findings, room: Path, words: Mapping[str, str], language: str) -> Any:
    """Put each chart into the room as SVG; yield what is said beside it."""
    for name, chart in charts(found).items():
        svg = chart.drawn(language)
        if not svg:
            continue
        (room / f"{name}.svg").write_text(svg, encoding="utf-8")
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
        wide, high = (float(box.group(1)), float(box.group(2))) if box else (ROOM, ROOM)
        yield {
            "file": f"{name}.svg",
            "title": words[f"chart.{name}"],
            "label": chart.said(chart.label, language),
            "caption": chart.said(chart.caption, language),
            "wide": wide * min(1.1 * MM, ROOM / wide, HIGH / high),
        }
