"""A process that prepares one system and runs it each time it is told to.

``python -m benchmarks.worker SYSTEM OPTIONS``: options are JSON. It prints a line of JSON when it is ready, and one
after each line of JSON that it reads. Workers of several systems stand ready side by side, so that their runs can be
interleaved without anybody's start being timed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

Run = Callable[[dict[str, Any]], dict[str, Any]]


def _glasstown(options: dict[str, Any]) -> Run:
    from . import ours

    return ours.prepare(options)


def _c(options: dict[str, Any]) -> Run:
    from . import c_loop

    return c_loop.prepare(options)


def _numpy(options: dict[str, Any]) -> Run:
    from . import peer_numpy

    run = peer_numpy.tuned if options.get("tuned") else peer_numpy.straight
    return lambda command: run(options["citizens"], command["seed"])


def _starsim(options: dict[str, Any]) -> Run:
    from . import peer_starsim

    return lambda command: peer_starsim.run(options["citizens"], command["seed"])


def _mechanisms(options: dict[str, Any]) -> Run:
    from . import mechanisms

    return mechanisms.prepare(options)


SYSTEMS = {"glasstown": _glasstown, "mechanisms": _mechanisms, "numpy": _numpy, "starsim": _starsim, "c": _c}


def main() -> None:
    """Prepare, say so, and answer commands until there are no more."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not end up among the answers
    run = SYSTEMS[sys.argv[1]](json.loads(sys.argv[2]))
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    main()
