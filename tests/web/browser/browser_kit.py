"""What the browser tests share."""

from __future__ import annotations

from typing import Any

__all__ = ["Watched"]


class Watched:
    """What a page asked for, and what it complained of."""

    def __init__(self, page: Any) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))

    def outside(self, *inside: str) -> list[str]:
        """Return the requests that left the places named; what is in the page itself leaves nothing."""
        return [url for url in self.requests if not url.startswith((*inside, "data:", "blob:"))]
