"""The laws of the house, read off the source: who imports whom, who prints, who draws, how long it takes."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from house import PACKAGE, ROOMS, Module, cycles, edges, modules

MODULES = modules()


def every(test: Callable[[Module], None]) -> Callable[[], None]:
    """Hold every module to a test, and tell all that do not hold at once."""

    def over_all() -> None:
        wrong = []
        for module in MODULES.values():
            try:
                test(module)
            except AssertionError as error:
                wrong.append(f"{module.name}: {error}")
        assert not wrong, "\n".join(wrong)

    over_all.__name__, over_all.__doc__ = test.__name__, test.__doc__
    return over_all


MAY_IMPORT = {
    "floor": set(),
    "scheme": {"floor"},
    "society": {"floor"},
    "conduct": {"floor"},
    "records": {"floor"},
    "doors": {"floor"},
    "measure": {"floor"},
    "engine": {"floor", "scheme", "society", "conduct", "records", "doors"},
    "lab": {"floor", "scheme", "engine", "measure"},
    "show": {"floor", "lab"},
    "root": {"floor", "lab"},
}
RANDOM = ("random", "secrets", "uuid", "numpy.random", "scipy.stats.qmc", "randomgen")
HEAVY = ("numba", "pyarrow", "altair", "scipy", "vl_convert", "jinja2")


def test_all_rooms_stand() -> None:
    """Each room is a folder with a module of its own name."""
    assert {name.split(".")[1] for name in MODULES if name.count(".") == 1} >= ROOMS


@every
def test_rooms_import_only_what_they_may(module: Module) -> None:
    """A room imports itself and the rooms below it; nobody imports the package root."""
    may = MAY_IMPORT[module.room] | {module.room}
    if module.name == "glasstown.__main__":
        may = {"show"}
    for node, asked in module.imports():
        if asked.split(".")[0] != "glasstown":
            continue
        target = MODULES.get(asked) or MODULES.get(asked.rpartition(".")[0])
        assert target is not None, f"{module.at(node)}: {asked} is not there"
        # The version is the one thing that stands at the root.
        allowed = target.room in may or asked in ("glasstown.__version__", "glasstown._version")
        assert allowed, f"{module.at(node)}: {module.room} imports {target.room} ({asked})"


def test_no_import_cycle() -> None:
    """No module imports itself by way of others, not even inside a function."""
    assert cycles(edges(MODULES)) == []


def test_cycles_are_found() -> None:
    """The finder of cycles finds one."""
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


@every
def test_only_show_prints(module: Module) -> None:
    """Nothing but the show room writes to the terminal."""
    if module.room == "show" or module.name == "glasstown.__main__":
        return
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "input", "breakpoint"), module.at(node)
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in ("sys.stdout", "sys.stderr", "sys.exit"), module.at(node)


@every
def test_only_draws_draws(module: Module) -> None:
    """No random number comes from anywhere but :mod:`glasstown.draws`; names that nobody can guess are no draws."""
    if module.name == "glasstown.show.web.tokens":
        return
    for node, asked in module.imports():
        if isinstance(node, ast.ImportFrom) and ast.unparse(node) == "from scipy.stats import qmc":
            continue  # under this name every use is looked at below
        found = [name for name in RANDOM if asked == name or asked.startswith(f"{name}.")]
        # `from numpy import random` asks for numpy.random too; a name such as `randomly` does not.
        assert not found, f"{module.at(node)}: imports {asked}"
    for node in module.nodes:
        if isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            assert not text.startswith(("np.random", "numpy.random", "os.urandom")), module.at(node)
        if isinstance(node, ast.Call) and re.match(r"qmc\.\w+\Z", ast.unparse(node.func)):
            # A sequence that is not scrambled is no random number.
            assert ast.unparse(node.func) == "qmc.Sobol", module.at(node)
            assert any(word.arg == "scramble" and ast.unparse(word.value) == "False" for word in node.keywords)


@every
def test_no_work_at_import(module: Module) -> None:
    """A module defines things; it does nothing until asked."""
    todo = list(module.tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.If | ast.Try):
            todo.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))
            continue
        if isinstance(node, ast.Expr):
            declares = "add_typer(" in ast.unparse(node)
            assert declares or isinstance(node.value, ast.Constant), f"{module.at(node)}: {ast.unparse(node)[:60]}"
        assert not isinstance(node, ast.For | ast.While | ast.With), module.at(node)


@every
def test_files_are_short(module: Module) -> None:
    """Nobody has to read more than 600 lines at once."""
    assert len(module.path.read_text(encoding="utf-8").splitlines()) <= 600


@every
def test_modules_say_what_they_are(module: Module) -> None:
    """Each module opens with a sentence; an empty package need not."""
    assert not module.tree.body or ast.get_docstring(module.tree), module.path


def _python(*arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SHOW_HEAVY = f"import sys; sys.stdout.write(' '.join(m for m in {HEAVY!r} if m in sys.modules))"


def test_import_is_light() -> None:
    """``import glasstown`` loads nothing heavy, so that a notebook or an editor starts at once."""
    assert _python("-c", f"import glasstown; {SHOW_HEAVY}") == ""


def test_help_is_light() -> None:
    """``glasstown --help`` loads nothing heavy; not even NumPy."""
    code = (
        "import sys, contextlib, io\n"
        "from glasstown.show.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    main(['--help'])\n"
        f"sys.stdout.write(' '.join(m for m in {('numpy', *HEAVY)!r} if m in sys.modules))"
    )
    assert _python("-c", code) == ""


def test_no_module_is_left_out(tmp_path: Path) -> None:
    """The reader of the house reads every file: a module put into it is found, with its imports."""
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "__init__.py").write_text("from ..show import page\nfrom . import api\n")
    (tmp_path / "lab" / "api.py").write_text("import glasstown.engine\n")
    found = modules(tmp_path)
    assert [asked for _, asked in found["glasstown.lab"].imports()] == [
        "glasstown.show.page",
        "glasstown.lab.api",
    ]
    assert [asked for _, asked in found["glasstown.lab.api"].imports()] == ["glasstown.engine"]
