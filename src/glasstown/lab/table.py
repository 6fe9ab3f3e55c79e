"""A table of results: a thin cover over Arrow that prints well and goes anywhere Arrow goes."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..errors import UnknownName

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Table"]

SHOWN_IN_PAGES = 20
SHOWN_IN_TEXT = 10


class Table:
    """Rows and named columns.

    Anything that reads the Arrow C stream reads it directly: ``polars.DataFrame(table)``,
    ``pandas.DataFrame(table.rows())``, ``pyarrow.table(table)``.

    Parameters
    ----------
    arrow : the rows, as a ``pyarrow.Table``.
    title : what the rows are, in plain words; shown above them.
    """

    def __init__(self, arrow: pa.Table, title: str = "") -> None:
        self._arrow = arrow
        self.title = title

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(self._arrow.column_names)

    def to_arrow(self) -> pa.Table:
        """Return the rows as a ``pyarrow.Table``; nothing is copied."""
        return self._arrow

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows to another library without copying them."""
        return self._arrow.__arrow_c_stream__(requested_schema)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries."""
        found: list[dict[str, Any]] = self._arrow.to_pylist()
        return found

    def column(self, name: str) -> list[Any]:
        """Return one column as a list."""
        self._known(name)
        found: list[Any] = self._arrow.column(name).to_pylist()
        return found

    def where(self, **equal: Any) -> Table:
        """Return the rows in which each named column equals the given value.

        Examples
        --------
        ``run.table("by_place").where(side="scheme", measure="acts", item="red-light")``
        """
        import pyarrow.compute as pc

        arrow = self._arrow
        for name, value in equal.items():
            self._known(name)
            arrow = arrow.filter(pc.equal(arrow.column(name), value))
        return Table(arrow, self.title)

    def _known(self, name: str) -> None:
        if name not in self._arrow.column_names:
            raise UnknownName("column", name, self._arrow.column_names)

    def __len__(self) -> int:
        return int(self._arrow.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows())

    def __repr__(self) -> str:
        head = self._head(SHOWN_IN_TEXT)
        wide = [max(len(row[at]) for row in [list(self.columns), *head]) for at in range(len(self.columns))]
        lines = [self.title] if self.title else []
        lines += [
            "  ".join(text.ljust(size) for text, size in zip(row, wide, strict=True)).rstrip()
            for row in [list(self.columns), *head]
        ]
        return "\n".join([*lines, self._count(SHOWN_IN_TEXT)])

    def _repr_html_(self) -> str:
        cells = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>"
            for row in self._head(SHOWN_IN_PAGES)
        )
        caption = html.escape(" ".join(part for part in (self.title, self._count(SHOWN_IN_PAGES)) if part))
        return f"<table><caption>{caption}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"

    def _head(self, most: int) -> list[list[str]]:
        rows = self._arrow.slice(0, most).to_pylist()
        return [[_show(row[name]) for name in self.columns] for row in rows]

    def _count(self, most: int) -> str:
        count = len(self)
        shown = f"the first {most} of " if count > most else ""
        return f"({shown}{count:,} row{'' if count == 1 else 's'})"


def _show(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
