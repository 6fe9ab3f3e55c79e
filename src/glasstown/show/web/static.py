"""The built page: the files of one folder, as they were when its first page was given, and nothing else of the disk."""

from __future__ import annotations

import html
import mimetypes
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response

from ..one_page import folder, why_not
from .errors import Refused
from .guard import NONCE

__all__ = ["PLACEHOLDER", "Page"]

PLACEHOLDER = "__NONCE__"
UNBUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Glasstown</title>
<h1>The page has not been built</h1>
<p>The server runs, and answers under <a href="/api/about">/api/about</a>, but this copy of Glasstown holds no page.
Installed packages bring it along. In a clone, build it with <code>make page</code>. {why}</p>
<p>Glasstown scores only people that it invented.</p>
</html>
"""


class Page:
    """Answers with the files of the built page; every path that is none gives its first page.

    The folder is listed with each first page: a page that was built anew under a running server has other files.
    """

    def __init__(self, base: Path | None = None) -> None:
        self.base = base or folder()
        self.files = self._listed()

    def _listed(self) -> dict[str, Path]:
        found = sorted(self.base.rglob("*")) if self.base.is_dir() else []
        inside = self.base.resolve()
        return {
            file.relative_to(self.base).as_posix(): file
            for file in found
            if file.is_file() and file.resolve().is_relative_to(inside)
        }

    async def first(self, request: Request) -> Response:
        """Return the first page."""
        return self._index(request)

    async def asset(self, request: Request, name: str) -> Response:
        """Return what the first page loads."""
        return await self.answer(request, f"assets/{name}")

    async def answer(self, request: Request, path: str) -> Response:
        """Return a file of the page, or its first page."""
        if path == "api" or path.startswith("api/"):
            raise Refused(404, "there is nothing here", hint="/api/openapi.json says what there is")
        file = self.files.get(path)
        if path.startswith("assets/") and (file is None or not file.is_file()):
            raise Refused(404, "the page was built anew", hint="load it again")
        if file is None or path == "index.html":
            return self._index(request)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        keep = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return Response(file.read_bytes(), media_type=kind, headers={"cache-control": keep})

    def _index(self, request: Request) -> Response:
        self.files = self._listed()
        index = self.files.get("index.html")
        text = index.read_text(encoding="utf-8") if index else UNBUILT.replace("{why}", html.escape(why_not()))
        text = text.replace(PLACEHOLDER, str(request.scope[NONCE]))
        return Response(text, media_type="text/html; charset=utf-8", headers={"cache-control": "no-store"})
