"""What the browser tests share."""

from __future__ import annotations

from typing import Any

__all__ = ["Watched", "tab_to"]

FOCUSED = """() => {
  const one = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const labels = [...(one.labels || [])].map((of) => of.innerText).join(" ");
  const name = (one.getAttribute("aria-label") || one.innerText || labels).trim();
  const ringed = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { name, tag: one.tagName, ringed, inside };
}"""
"""What has the focus: its name, whether one sees that, and whether it is in the window."""
MOST_TABS = 150


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


def tab_to(page: Any, name: str) -> None:
    """Go on by Tab until something of that name is reached; whatever is passed is seen to have the focus."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        told = page.evaluate(FOCUSED)
        if told["tag"] == "BODY":
            continue
        passed.append(told["name"][:40])
        assert told["ringed"], f"{told} has the focus and does not show it"
        assert told["inside"], f"{told} has the focus and is out of sight"
        if name in told["name"]:
            return
    raise AssertionError(f"{name} cannot be reached: {passed}")
