"""The report of a run, with a life in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import RunFolderError

if TYPE_CHECKING:
    from ..lab.opened import Run

__all__ = ["life_of", "write_pdf", "write_report", "write_told"]


def write_report(run: Run, path: str | Path | None = None) -> Path:
    """Write the report of a run as one HTML file that asks nothing of any network; return where it stands.

    Parameters
    ----------
    path : the file; default: ``report.html`` in the run folder.

    Examples
    --------
    ``gt.write_report(run, "report.html")``
    """
    return write_told(run, path)[0]


def write_told(run: Run, path: str | Path | None = None) -> tuple[Path, int | None]:
    """Write the report; return where it stands, and the number of a citizen whose life is in it.

    It is the page with the run in it; where the package was installed without the page, a plainer one.
    """
    from . import one_page

    where = path or run.folder / "report.html"
    page = one_page.built()
    if page is None:
        return _plain(run, where)
    from ..lab.api import document
    from ..lab.folder import write_text

    told = document(run)
    who = next((int(life["citizen"]) for life in told["lives"]), None)
    return write_text(where, one_page.filled(page, told)), who


def write_pdf(run: Run, path: str | Path | None = None, language: str = "en") -> Path:
    """Write the report of a run as a tagged PDF; return where it stands. It needs the extra ``pdf``.

    Parameters
    ----------
    path : the file; default: ``report.pdf`` in the run folder.
    language : ``en`` or ``zh``.
    """
    from ..lab.document import document
    from ..lab.findings import findings
    from .report.paper import write_paper

    return write_paper(document(run), findings(run), Path(path or run.folder / "report.pdf"), language)


def _plain(run: Run, path: str | Path) -> tuple[Path, int | None]:
    from .report.page import write_report as write_page

    life = life_of(run)
    return write_page(run, path, life=life), None if life is None else int(life["id"])


def life_of(run: Run) -> dict[str, Any] | None:
    """Return a life to tell; None where the run was made by tables that are no longer there."""
    from ..lab.api import life_to_tell

    try:
        return life_to_tell(run)
    except RunFolderError:
        # Another version of Glasstown made the run: its tables can be shown, its lives cannot be lived again.
        return None
