"""Charts as standing pictures: one look, Vega-Lite to SVG, with the numbers beside them as a table."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["COLOURS", "Chart", "altair", "picture", "wrapped"]

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

FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
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


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture and what it shows.

    Attributes
    ----------
    label : what it shows, in a sentence, for those who do not see it.
    caption : how it is read; may be empty.
    head, rows : the same numbers as a table, ready to be shown.
    """

    key: str
    svg: str
    label: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def altair() -> Any:
    """Return the module that charts are built with; it is slow to import, hence only here."""
    import altair as alt

    return alt


def wrapped(text: str, width: int = 30) -> str:
    """Return a label broken into lines, as the axes split it again."""
    return "\n".join(textwrap.wrap(text, width)[:3])


SPLIT = "split(datum.label, '\\n')"


def picture(chart: Any, key: str) -> str:
    """Return a chart as an SVG that can stand in a page beside others."""
    import vl_convert

    spec = chart.to_dict()
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
