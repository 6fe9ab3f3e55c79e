"""Charts as standing pictures: one look, Vega-Lite to SVG, with the numbers beside them as a table."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...lab.titles import level, titled

__all__ = ["COLOURS", "Chart", "altair", "values", "wrapped"]

COLOURS = {
    "scheme": "#D55E00",
    "pair": "#0072B2",
    "green": "#009E73",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "purple": "#CC79A7",
    "yellow": "#F0E442",
    "grey": "#9A9A9A",
    "ink": "#1b1b1b",
}
"""The colours of Okabe and Ito, which people tell apart whatever their eyes; and two greys."""

FONT = "Arial, Helvetica, Liberation Sans, Noto Sans CJK SC, sans-serif"
_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelColor": "#1b1b1b",
        "titleColor": "#444444",
        "gridColor": "#e4e4e0",
        "domainColor": "#8a8a86",
        "tickColor": "#8a8a86",
        "labelLimit": 260,
    },
    "legend": {
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "titleColor": "#444444",
        "orient": "top",
        "labelLimit": 400,
        "symbolStrokeWidth": 3,
    },
    "header": {"labelFontSize": 14, "labelFontWeight": "bold", "title": None, "labelAnchor": "start"},
}
_VIEW = re.compile(r'<svg[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"[^>]*>')


@dataclass(frozen=True)
class Chart:
    """One picture and what it shows.

    Attributes
    ----------
    chart : what is drawn; None where there is only the table.
    label : what it shows, in a sentence, for those who do not see it.
    caption : how it is read; may be empty.
    head, rows : the same numbers as a table, ready to be shown.
    levels : texts that are made of levels of traits, with these: another language needs to know whose they are.
    """

    key: str
    chart: Any
    label: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    levels: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    @cached_property
    def svg(self) -> str:
        """Return the picture as SVG that can stand in a page beside others; nothing where there is none."""
        return self.drawn("en")

    def drawn(self, language: str) -> str:
        """Return the picture in a language."""
        if self.chart is None:
            return ""
        spec: dict[str, Any] = self.chart.to_dict()
        return _picture(spec if language == "en" else self._spoken(spec, language), self.key)

    def said(self, text: str, language: str) -> str:
        """Return a text of the chart in a language; what no catalogue knows stays."""
        known = {
            made: "，".join(level(trait, name, language) for trait, name in of) for made, of in self.levels.items()
        }
        return titled(text.replace("\n", " "), language, known)

    def _spoken(self, node: Any, language: str, within: str = "") -> Any:
        """Return a specification with its texts in a language: titles, the words in its data, and their order."""
        if isinstance(node, dict):
            return {str(key): self._spoken(value, language, _inside(within, str(key))) for key, value in node.items()}
        if isinstance(node, list):
            return [self._spoken(value, language, within) for value in node]
        if not isinstance(node, str) or within not in _TEXTS:
            return node
        text = self.said(node, language)
        return wrapped(text, CHINESE_WIDTH) if within == LABEL and text != node else text


def altair() -> Any:
    """Return the module that charts are built with; it is slow to import, hence only here."""
    import altair as alt

    return alt


def wrapped(text: str, width: int = 30) -> str:
    """Return a label broken into lines, as the axes split it again."""
    return "\n".join(textwrap.wrap(text, width)[:3])


SPLIT = "split(datum.label, '\\n')"
DATA, LABEL = "values", "label"
_TEXTS = {DATA, LABEL, "title", "sort", "domain"}
CHINESE_WIDTH = 17


def _inside(within: str, key: str) -> str:
    """Return what a part of a specification is: all in the data is data, and only the labels of rows have lines."""
    if within == DATA:
        return LABEL if key == LABEL else DATA
    return LABEL if (within, key) == ("y", "sort") else key


def _picture(spec: dict[str, Any], key: str) -> str:
    import vl_convert

    spec["config"] = _CONFIG
    version = re.search(r"v\d+\.\d+", spec["$schema"])
    known = {f"v{name}" for name in vl_convert.get_vegalite_versions()}
    wanted = version.group() if version and version.group() in known else None
    svg = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=wanted)
    return _standing(svg, key)


def _standing(svg: str, key: str) -> str:
    """Let the picture scale, hide its inside from readers aloud, and give its names a place of their own."""
    found = _VIEW.search(svg)
    if found:
        wide, high = found.groups()
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" aria-hidden="true" '
            f'focusable="false" style="width:{1.15 * float(wide):.0f}px">'
        )
        svg = svg[found.start() :].replace(found.group(), head, 1)
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', _keep_hidden, svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", svg)


def _keep_hidden(found: re.Match[str]) -> str:
    return found.group() if found.group() == ' aria-hidden="true"' else ""


def values(rows: Sequence[dict[str, Any]]) -> Any:
    """Return rows as the data of a chart."""
    return altair().Data(values=list(rows))
