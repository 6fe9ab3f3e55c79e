"""``glasstown serve``: the page on this machine, until Ctrl-C."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from types import FrameType

from ...errors import BadValue, GlasstownError
from ...lab.opened import Run
from .guard import is_loopback

__all__ = ["serve"]

WARNING = (
    "WARNING: {host} can be reached from other machines. Anybody on the network can then see these runs and keep this\n"
    "machine busy; there is no password. Nothing can be changed, and there are only synthetic citizens."
)


def serve(
    run: Path | None,
    *,
    runs: Path = Path("runs"),
    host: str = "127.0.0.1",
    port: int = 0,
    open_page: bool = True,
    threads: int | None = None,
) -> None:
    """Serve the page until it is stopped.

    Parameters
    ----------
    run : a run folder to open.
    runs : the folder whose runs can be chosen.
    port : 0 for any that is free.

    Raises
    ------
    BadValue
        Where nothing can be served under that address.
    GlasstownError
        Where the parts that serve the page are not installed.
    """
    try:
        import uvicorn

        from .app import create_app
        from .runs import Runs
    except ModuleNotFoundError as error:
        raise GlasstownError(
            f"the page needs {error.name}, which is not installed", "install it: pip install 'glasstown[web]'"
        ) from None
    if run is not None:
        Run(run)  # what cannot be opened says so here
    listening = _listening(host, port)
    port = listening.getsockname()[1]
    hosts = () if is_loopback(host) else (host, socket.gethostname(), *_addresses())
    app = create_app(Runs(runs, run), threads=threads, hosts=tuple(hosts), port=port)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=200,
        h11_max_incomplete_event_size=32_768,
        ws="none",
    )
    shown = host if is_loopback(host) else socket.gethostname()
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    if not is_loopback(host):
        sys.stderr.write(WARNING.format(host=host) + "\n")

    class Server(uvicorn.Server):
        """A server that lets its streams end as soon as it is told to stop."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            state = getattr(app.state, "glasstown", None)
            if state is not None:
                state.hub.closing.set()
            super().handle_exit(sig, frame)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            sys.stdout.write(f"Glasstown is at {address}\nstop it with Ctrl-C\n")
            sys.stdout.flush()
            if open_page:
                threading.Thread(target=_open, args=(address,), daemon=True).start()

    with contextlib.suppress(KeyboardInterrupt), listening:
        Server(config).run(sockets=[listening])
    sys.stdout.write("stopped\n")


def _open(address: str) -> None:
    with contextlib.suppress(Exception):  # no browser is no reason to stop
        webbrowser.open(address)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    out = socket.socket(family, socket.SOCK_STREAM)
    try:
        out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        out.bind((host.strip("[]"), port))
        out.listen(128)
    except (OSError, OverflowError) as error:
        out.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise BadValue(
            f"the page cannot be served at {host} port {port}: {reason}", "choose another: --port 8001"
        ) from None
    return out


def _addresses() -> list[str]:
    """Return this machine's own addresses, under which others may ask for the page."""
    try:
        return list({str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None)})
    except OSError:
        return []
