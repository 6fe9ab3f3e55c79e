"""What every request has to pass, and what every answer carries: this page is for this machine, and for nobody else."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from .errors import Refused, body_of
from .tokens import token

__all__ = ["LARGEST_BODY", "NONCE", "Guard", "is_loopback"]

LARGEST_BODY = 1_000_000
NONCE = "glasstown.nonce"
METHODS = ("GET", "HEAD", "POST", "DELETE")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def is_loopback(host: str) -> bool:
    """Return whether an address is this machine's own."""
    if host.strip("[]") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Stands before the application.

    Parameters
    ----------
    hosts : names under which the page may be asked for, besides this machine's own.
    port : where the server listens; None lets any pass (in tests).
    """

    def __init__(self, app: App, *, hosts: tuple[str, ...] = (), port: int | None = None) -> None:
        self.app = app
        self.hosts = {host.lower() for host in (*LOOPBACK, *hosts)}
        self.port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that it is refused."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[NONCE] = token()
        sealed = self._sealed(scope, send)
        try:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            self._check(scope, headers)
            if scope["method"] == "POST":
                receive = _replayed(await _read(receive), receive)
        except Refused as refused:
            await answer(refused, sealed)
            return
        await self.app(scope, receive, sealed)

    def _check(self, scope: Scope, headers: MutableMapping[str, str]) -> None:
        method = scope["method"]
        if method not in METHODS:
            raise Refused(
                405, f"{method[:20]} is not a way to ask for anything here", headers={"allow": ", ".join(METHODS)}
            )
        if not self._ours(headers.get("host", "")):
            raise Refused(
                403, "this page answers under its own address only", hint="open the address that the server printed"
            )
        self._check_origin(scope, headers)
        if method == "POST":
            if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                raise Refused(415, "a request has to be JSON", hint="send Content-Type: application/json")
            length = headers.get("content-length", "")
            if length.isdecimal() and int(length) > LARGEST_BODY:
                raise _too_large()

    def _check_origin(self, scope: Scope, headers: MutableMapping[str, str]) -> None:
        origin = headers.get("origin")
        foreign = Refused(403, "another page may not ask for anything here")
        if origin is not None:
            parts = urlsplit(origin)
            if parts.scheme != "http" or not self._ours(parts.netloc):
                raise foreign
        site = headers.get("sec-fetch-site", "same-origin")
        opens_page = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
        if site not in ("same-origin", "none") and not (opens_page and not scope["path"].startswith("/api")):
            raise foreign

    def _ours(self, netloc: str) -> bool:
        host, port = _split(netloc.lower())
        return host in self.hosts and (self.port is None or (port or 80) == self.port)

    def _sealed(self, scope: Scope, send: Send) -> Send:
        policy = _policy(scope[NONCE])
        private = scope["path"].startswith("/api")

        async def sealed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kept = {name.lower() for name, _ in message.get("headers", ())}
                more = {**ALWAYS, "content-security-policy": policy}
                if private:
                    more["cache-control"] = "no-store"
                message["headers"] = [
                    *message.get("headers", ()),
                    *((name.encode(), value.encode()) for name, value in more.items() if name.encode() not in kept),
                ]
            await send(message)

        return sealed


def _split(netloc: str) -> tuple[str, int]:
    """Return host and port; 0 where none is said, -1 where it is no port."""
    if netloc.startswith("["):
        host, _, rest = netloc.partition("]")
        host, port = host + "]", rest.removeprefix(":")
    else:
        host, _, port = netloc.partition(":")
    if not port:
        return host, 0
    return host, int(port) if port.isdecimal() and len(port) < 6 else -1


def _policy(nonce: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _too_large() -> Refused:
    return Refused(413, f"a request holds at most {LARGEST_BODY:,} bytes", hint="a scheme's file is far smaller")


async def _read(receive: Receive) -> bytes:
    """Return a request's body, whatever length it was said to have, as long as it is small."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            raise _too_large()
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a way to receive a body that was read already, and then whatever comes."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return left.pop() if left else await receive()

    return again


async def answer(refused: Refused, send: Send) -> None:
    """Answer with a refusal."""
    body = body_of(refused)
    headers = {"content-type": "application/json", "content-length": str(len(body)), **refused.headers}
    await send(
        {
            "type": "http.response.start",
            "status": refused.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": body})
