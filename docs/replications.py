"""The page of the replications: ``python docs/replications.py`` runs every one, and writes page and predictions.

It takes some minutes. The page says of which day it is; a test holds it to the replications that there are.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from glasstown.lab.replications.registry import NAMES, replicate
from glasstown.lab.replications.rows import HOW, Replication

HERE = Path(__file__).parent
KEPT = HERE.parent / "replications"
INTRO = """# Replications

<!-- Written by docs/replications.py: change the code, not this page. -->

Published figures beside what comes out here: what was published, ours, how far apart, the verdict, and what agreement
is worth. Written on {day}; `glasstown replicate NAME` makes any of these tables again.

The last but one column matters most:

{how}

A row that is *calibrated* and agrees says only that the fit worked, and one that is *built in* that the model does what
it was told. What is drawn by a seed is drawn by five of them: figures are means, the least and the most stand beside
them, and a verdict is *unsure* where one of its bounds lies within the 95 per cent interval of the mean.
"""


def page(found: list[Replication], day: date) -> str:
    """Return the page."""
    how = "\n".join(f"- *{word}*: {meaning}." for word, meaning in HOW.items())
    missed = [
        f"- {one.title}: {row.what}: published {row.published}, ours {row.ours} ({row.how})."
        for one in found
        for row in one.rows_
        if row.verdict == "misses"
    ]
    parts = [INTRO.format(day=f"{day:%-d %B %Y}", how=how), "## Where we miss", "", *missed, ""]
    return "\n".join([*parts, *(one.markdown() for one in found)])


def main() -> int:
    """Write the page and what is kept beside it."""
    found = []
    for name in NAMES:
        sys.stderr.write(f"{name}\n")
        found.append(replicate(name))
        for file, text in found[-1].files.items():
            (KEPT / file).write_text(text, encoding="utf-8")
    (HERE / "replications.md").write_text(page(found, date.today()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
