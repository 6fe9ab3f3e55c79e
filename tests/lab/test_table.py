"""Tables print well and go anywhere Arrow goes."""

from __future__ import annotations

import polars
import pyarrow as pa
import pytest

from glasstown.errors import UnknownName
from glasstown.lab.table import Table

ARROW = pa.table({"item": ["a", "b<"], "value": [1, 2000]})


def test_goes_anywhere() -> None:
    """Other libraries take it without a copy through a file."""
    table = Table(ARROW)
    assert pa.table(table).equals(ARROW)
    assert polars.DataFrame(table).rows() == [("a", 1), ("b<", 2000)]
    assert table.to_arrow() is ARROW


def test_rows_columns_and_where() -> None:
    """Rows are dictionaries, columns are lists, and equal values are picked."""
    table = Table(ARROW)
    assert table.columns == ("item", "value")
    assert len(table) == 2
    assert table.column("value") == [1, 2000]
    assert list(table.where(item="a")) == [{"item": "a", "value": 1}]
    with pytest.raises(UnknownName, match="item"):
        table.where(itm="a")
    with pytest.raises(UnknownName):
        table.column("val")


def test_shown() -> None:
    """It prints as aligned text and as a page, with what was typed escaped."""
    table = Table(ARROW, "What was counted")
    assert repr(table).splitlines() == [
        "What was counted",
        "item  value",
        "a     1",
        "b<    2000",
        "(2 rows)",
    ]
    page = table._repr_html_()
    assert "b&lt;" in page
    assert "<caption>What was counted (2 rows)</caption>" in page
    many = Table(pa.table({"x": list(range(100))}))
    assert "the first 20 of 100 rows" in many._repr_html_()
    assert "(0 rows)" in repr(Table(ARROW.slice(0, 0)))
