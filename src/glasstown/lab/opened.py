"""A run, opened: its tables, its balance sheet, and the lives in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..engine.program import Program
from ..engine.scenario import Parts, Step, build, load_kept
from ..errors import BadValue, RunFolderError, UnknownName
from ..measure.balance import Balance, balance
from .folder import TABLES, Room, RunReader
from .table import Table

if TYPE_CHECKING:
    from .lives import Citizen
    from .trust import Trust

__all__ = ["Run"]


class Reader(Protocol):
    """Where a run's manifest and tables are: a folder, or memory."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return what the run says of itself."""

    def table(self, name: str, room: Room = "tables") -> Any:
        """Return one table."""


class Run:
    """A finished run in its folder.

    Attributes
    ----------
    folder : where it stands.
    """

    def __init__(
        self,
        folder: Path,
        *,
        parts: Parts | None = None,
        program: Program | None = None,
        reader: Reader | None = None,
        progress: Step | None = None,
    ) -> None:
        self.folder = folder
        self._progress = progress
        self._reader: Reader = reader or RunReader(folder)
        self._parts = parts
        self._program = program
        self._tables: dict[str, Table] = {}

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return what the run says of itself."""
        return self._reader.manifest

    def table(self, name: str) -> Table:
        """Return one of the run's tables: by_place, by_group, cells, scores, population, grades; or a reading of them.

        ``grades`` is made from ``by_place``: people in each grade at each window's end. ``kinds``, ``doors``,
        ``sources`` and ``lists`` say what people did, what doors answered, who wrote what, and who stands where.
        """
        if name not in self._tables:
            made = self._made(name)
            self._tables[name] = Table(self._kept(name), name) if made is None else made
        return self._tables[name]

    def _kept(self, name: str) -> Any:
        from .derived import DERIVED

        try:
            return self._reader.table(name)
        except UnknownName:
            raise UnknownName("table", name, (*DERIVED, "grades", *TABLES)) from None

    def _made(self, name: str) -> Table | None:
        """Return a table that is made from others; None where it is one that the folder keeps."""
        if name == "grades":
            return self._grades()
        from .derived import DERIVED, HEADS, derived

        if name not in DERIVED:
            return None
        import pyarrow as pa

        return Table(pa.Table.from_pylist(derived(self, name)), HEADS[name])

    def barrier(self, name: str) -> Any:
        """Return one of the tables that a replay needs: mail, news, places."""
        return self._reader.table(name, room="barrier")

    def _grades(self) -> Table:
        import pyarrow.compute as pc

        rows = self._reader.table("by_place")
        rows = rows.filter(pc.equal(rows.column("measure").cast("string"), "grade"))
        keys = [name for name in ("side", "replicate", "subject", "window", "item") if name in rows.column_names]
        for name in ("side", "subject", "item"):
            if name in keys:
                rows = rows.set_column(rows.column_names.index(name), name, rows.column(name).cast("string"))
        rows = rows.group_by(keys).aggregate([("value", "sum")])
        rows = rows.rename_columns([*keys[:-1], "grade", "subjects"])
        return Table(
            rows.sort_by([("side", "ascending"), ("replicate", "ascending"), ("window", "ascending")]), "grades"
        )

    @cached_property
    def _balance(self) -> Balance:
        return balance(self)

    def balance(self) -> Balance:
        """Return the balance sheet: the scheme's side against its pair, with intervals of the difference."""
        return self._balance

    def trust(self, **strengths: float) -> Trust:
        """Return how far people trust others on each side; parameters: :func:`glasstown.lab.trust.trust`."""
        from .trust import trust

        return trust(self, **strengths)

    @cached_property
    def parts(self) -> Parts:
        """Return the scenario's files, as the folder keeps them."""
        if self._parts is not None:
            return self._parts
        return load_kept(
            self.folder / "scenario",
            citizens=int(self.manifest["citizens"]),
            years=int(self.manifest["years"]),
            seed=int(self.manifest["seed"]),
            replicates=int(self.manifest["replicates"]),
        )

    @cached_property
    def program(self) -> Program:
        """Return the compiled scenario, built again from the folder's files and held against its digest."""
        if self._program is not None:
            return self._program
        program = build(self.parts, self._progress)
        if program.digest != self.manifest.get("tables_hash"):
            raise RunFolderError(
                f"the files in {self.folder} no longer give the tables that the run was made with",
                "they were changed, or another version of Glasstown wrote the run: run the scenario again",
            )
        return program

    def scheme_texts(self, side: str) -> list[str]:
        """Return the files of one side's scheme as they were read: the scheme, or a patch and its scheme."""
        if self._parts is not None:
            sides = [str(told["name"]) for told in self.manifest["sides"]]
            return [loaded.text for loaded in self._parts.schemes[sides.index(side)].files]
        if not isinstance(self._reader, RunReader):
            return []
        wanted = (f"scenario/{side}.yaml", f"scenario/{side}-1.yaml")
        return [self._reader.text(name) for name in wanted if name in self._reader.files()]

    def citizen(self, id: int, replicate: int = 0) -> Citizen:
        """Return one citizen, or one unit of another class, to be replayed.

        Raises
        ------
        BadValue
            Where there is no citizen, unit or replicate of that number.
        """
        from .lives import Citizen

        people, replicates = int(self.manifest["citizens"]), int(self.manifest["replicates"])
        if not 0 <= id < people and not (self.manifest.get("classes") and self.program.exists(id)):
            others = [
                f"{told['plural']} lie between {told['first']:,} and {told['last']:,}"
                for told in self.manifest.get("classes", {}).values()
                if told["units"]
            ]
            numbers = "; ".join([f"citizens are numbered 0 to {people - 1:,}", *others])
            raise BadValue(f"there is no {'subject' if others else 'citizen'} {id}", numbers)
        if not 0 <= replicate < replicates:
            raise BadValue(f"there is no replicate {replicate}", f"replicates are numbered 0 to {replicates - 1}")
        return Citizen(self, id, replicate)

    def __repr__(self) -> str:
        return f"<run {self.manifest.get('scenario', '')} in {self.folder}>\n{self.balance()!r}"

    def _repr_html_(self) -> str:
        return self.balance()._repr_html_()
