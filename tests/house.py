"""The source of the package, read as syntax trees: what :mod:`test_house` judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "glasstown"
ROOMS = frozenset(("scheme", "society", "conduct", "records", "doors", "engine", "measure", "lab", "show"))


@dataclass(frozen=True)
class Module:
    """One file of the package.

    Attributes
    ----------
    name : dotted name, such as ``glasstown.engine.plan``.
    path : the file.
    """

    name: str
    path: Path

    @property
    def room(self) -> str:
        """Return the module's room; ``floor`` and ``root`` for what stands in none."""
        parts = self.name.split(".")
        if len(parts) == 1 or parts[1] == "__main__":
            return "root"
        return parts[1] if parts[1] in ROOMS else "floor"

    @cached_property
    def tree(self) -> ast.Module:
        """Return the parsed file."""
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Return every node outside ``if TYPE_CHECKING``."""
        return list(_walk(self.tree))

    def at(self, node: ast.AST) -> str:
        """Return a node's place as file and line."""
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Yield each import, wherever it stands, as the dotted names that it asks for.

        ``from a import b`` yields ``a.b``: whether ``b`` is a module is for the reader to know.
        """
        package = self.name.split(".")
        if self.path.name != "__init__.py":
            package = package[:-1]
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node, alias.name
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                for alias in node.names:
                    yield node, f"{base}.{alias.name}"


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for child in node.orelse:
            yield from _walk(child)
        return
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


def modules(package: Path = PACKAGE) -> dict[str, Module]:
    """Return the modules of the package by dotted name."""
    out = {}
    for path in sorted(package.rglob("*.py")):
        parts = ["glasstown", *path.relative_to(package).with_suffix("").parts]
        if parts[-1] == "__init__":
            parts.pop()
        out[".".join(parts)] = Module(".".join(parts), path)
    return out


def edges(known: dict[str, Module]) -> dict[str, set[str]]:
    """Return, for each module, the modules of ours that it imports (at any depth of its code)."""
    out: dict[str, set[str]] = {}
    for name, module in known.items():
        out[name] = set()
        for _, asked in module.imports():
            target = asked if asked in known else asked.rpartition(".")[0]
            if target in known and target != name:
                out[name].add(target)
    return out


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other in a ring."""
    reach: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        todo = list(graph[start])
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo.extend(graph[here])
        reach[start] = seen
    rings = {frozenset(b for b in reach[a] if a in reach[b]) for a in graph if a in reach[a]}
    return sorted(sorted(ring) for ring in rings)
