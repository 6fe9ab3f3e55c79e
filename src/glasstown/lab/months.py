"""One world's counts in one window, as the page gets them: from a run that goes on, or from a folder's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..measure.tallies import RunLike, arrow
from .axes import DOOR_COUNTS

__all__ = ["Counted", "kept_months"]

I64 = npt.NDArray[np.int64]
Column = tuple[str, str]
BY_SCHEME = ("refused_score", "refused_grade", "refused_list")
POINTS = {"lost": "points_lost", "gained": "points_gained", "lost_wrongly": "points_lost_wrongly",
          "lost_unable": "points_lost_unable"}  # fmt: skip
RECORDS = {"right": "records", "wrong_person": "records_wrong_person", "false": "records_false"}


class Counted:
    """Where each number of a month stands among one world's counts.

    Parameters
    ----------
    columns : measure and item of each column of the counts.
    axes : see :func:`glasstown.lab.axes.axes_of`.
    bands : the world's grades, worst first.
    floor : score at which the first bin begins.
    """

    def __init__(self, columns: Sequence[Column], axes: Mapping[str, Any], bands: Sequence[str], floor: int) -> None:
        self.floor, self.width = floor, int(axes["score_width"])
        self._at = {column: at for at, column in enumerate(columns)}
        self._none = len(columns)
        acts, doors = axes["acts"], [door["key"] for door in axes["doors"]]
        self.acts = self._find([("acts", act["key"]) for act in acts])
        self.doors = self._find([(count, door) for door in doors for count in DOOR_COUNTS]).reshape(
            -1, len(DOOR_COUNTS)
        )
        self.grades = self._find([("grade", band) for band in bands])
        self.refused = self._find([(count, door) for door in doors for count in BY_SCHEME])
        self.harmful = self._find([("acts", act["key"]) for act in acts if act["group"] == "harmful"])
        self.speech = self._find([("acts", act["key"]) for act in acts if act["group"] == "lawful-speech"])
        self.sums = {name: self._all(measure) for name, measure in (*POINTS.items(), *RECORDS.items())}
        self.graded_down = self._all("graded_down_wrongly")

    def _find(self, columns: Sequence[Column]) -> I64:
        return np.array([self._at.get(column, self._none) for column in columns], np.int64)

    def _all(self, measure: str) -> I64:
        return np.array([at for (name, _), at in self._at.items() if name == measure], np.int64)

    def month(self, counts: I64, scores: I64) -> dict[str, Any]:
        """Return one window's numbers.

        Parameters
        ----------
        counts : int64, shape (places, columns).
        scores : people by bin, from the floor up.
        """
        padded = np.zeros((counts.shape[0], self._none + 1), np.int64)
        padded[:, : self._none] = counts[:, : self._none]
        whole = padded.sum(axis=0)
        grades = padded[:, self.grades]
        places = [grades, *(padded[:, at] for at in (self.refused, self.harmful, self.speech))]
        filled = np.flatnonzero(scores)
        first, end = (int(filled[0]), int(filled[-1]) + 1) if len(filled) else (0, 0)
        return {
            "acts": whole[self.acts].tolist(),
            "doors": whole[self.doors].tolist(),
            "grades": grades.sum(axis=0).tolist(),
            "scores": {"from": self.floor + first * self.width, "counts": scores[first:end].tolist()},
            "places": np.stack([part.sum(axis=1) for part in places], axis=1).tolist(),
            "place_grades": grades.tolist(),
            "points": {name: int(whole[self.sums[name]].sum()) for name in POINTS},
            "records": {name: int(whole[self.sums[name]].sum()) for name in RECORDS},
            "graded_down_wrongly": int(whole[self.graded_down].sum()),
        }


def kept_months(run: RunLike, axes: Mapping[str, Any], worlds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the months of a run folder's first replicate, by world."""
    windows = len(axes["windows"])
    places = [place["key"] for place in axes["places"]]
    out = {}
    for world in worlds:
        columns, counts = _dense(run, str(world["world"]), windows, places)
        floor, scores = _scores(run, str(world["world"]), windows, int(axes["score_width"]))
        counted = Counted(columns, axes, world["bands"], floor)
        out[world["world"]] = [counted.month(counts[window], scores[window]) for window in range(windows)]
    return out


def _rows(run: RunLike, table: str, world: str) -> Any:
    import pyarrow.compute as pc

    rows = arrow(run, table)
    keep = pc.and_(pc.equal(rows.column("side").cast("string"), world), pc.equal(rows.column("replicate"), 0))
    return rows.filter(keep)


def _dense(run: RunLike, world: str, windows: int, places: Sequence[str]) -> tuple[list[Column], I64]:
    """Return a world's counts by window, place and column, and what the columns are."""
    rows = _rows(run, "by_place", world)
    names, codes = zip(*(_codes(rows.column(name)) for name in ("place", "measure", "item")), strict=True)
    pairs, at = np.unique(codes[1] * max(1, len(names[2])) + codes[2], return_inverse=True)
    columns = [
        (names[1][pair // max(1, len(names[2]))], names[2][pair % max(1, len(names[2]))]) for pair in pairs.tolist()
    ]
    known = np.array([places.index(place) if place in places else 0 for place in names[0]], np.int64)
    counts = np.zeros((windows, len(places), len(columns)), np.int64)
    window = np.asarray(rows.column("window"), np.int64)
    here = (window >= 0) & (window < windows)
    if len(columns):
        np.add.at(
            counts,
            (window[here], known[codes[0]][here], at.reshape(-1)[here]),
            np.asarray(rows.column("value"), np.int64)[here],
        )
    return columns, counts


def _codes(column: Any) -> tuple[list[str], I64]:
    whole = column.combine_chunks()
    if hasattr(whole, "chunks"):
        import pyarrow as pa

        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    coded = whole if hasattr(whole, "dictionary") else whole.dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _scores(run: RunLike, world: str, windows: int, width: int) -> tuple[int, I64]:
    rows = _rows(run, "scores", world)
    window, score, subjects = (np.asarray(rows.column(name), np.int64) for name in ("window", "score", "subjects"))
    if not len(score):
        return 0, np.zeros((windows, 1), np.int64)
    floor = int(score.min())
    out = np.zeros((windows, int(score.max() - floor) // width + 1), np.int64)
    np.add.at(out, (window, (score - floor) // width), subjects)
    return floor, out
