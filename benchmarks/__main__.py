"""``python -m benchmarks``: measure this machine, print tables, and keep them in ``benchmarks/results``."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from . import c_section, machine, mechanisms, report, rongcheng, scaling, startup, w1
from .interleave import ROOT

PICTURE = ROOT / "docs" / "images" / "scaling.svg"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer repeats: under 3 minutes")
    parser.add_argument("--large", action="store_true", help="ten million citizens as well: some minutes and 4 GiB")
    parser.add_argument("--only", nargs="+", metavar="SECTION", choices=list(_sections(False, False)), help="sections")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results", help="folder for the results")
    parser.add_argument("--picture", action="store_true", help=f"draw {PICTURE.relative_to(ROOT)} in a quick run too")
    return parser.parse_args()


def _sections(quick: bool, large: bool) -> dict[str, Callable[[], report.Section]]:
    return {
        "startup": lambda: startup.measure(quick),
        "w1": lambda: w1.measure(quick),
        "c": lambda: c_section.measure(quick),
        "rongcheng": lambda: rongcheng.measure(quick),
        "mechanisms": lambda: mechanisms.measure(quick),
        "whole": lambda: rongcheng.whole_run(quick),
        "scaling": lambda: scaling.measure(quick, large),
    }


def main() -> None:
    """Run the sections that were asked for."""
    asked = _arguments()
    about = machine.describe()
    print(machine.sentence(about))
    began = time.perf_counter()
    found = []
    for name, measure in _sections(asked.quick, asked.large).items():
        if asked.only and name not in asked.only:
            continue
        start = time.perf_counter()
        section = measure()
        section.data["seconds of this section"] = round(time.perf_counter() - start, 1)
        section.show()
        found.append(section)
        if name == "scaling" and (asked.picture or not asked.quick):
            scaling.draw(section, PICTURE)
    name = f"{datetime.now(UTC):%Y-%m-%d}{'-quick' if asked.quick else ''}"
    written = report.write(asked.out, name, about, found, asked.quick)
    print(f"\n{time.perf_counter() - began:.0f} seconds; written to {written} and {written.with_suffix('.json').name}")


if __name__ == "__main__":
    main()
