"""Compiled kernels are found by what they were compiled from, however they are imported."""

from __future__ import annotations

from pathlib import Path

from glasstown.engine import cache, kernel_cells


def test_kernels_are_kept_in_the_keyed_folder() -> None:
    """A kernel imported on its own, before any run, keeps its code in the folder named after every kernel's source."""
    folder = cache.prepare()
    for kernel in (kernel_cells.live_cells, kernel_cells.deliver):
        assert Path(kernel.stats.cache_path).is_relative_to(folder)


def test_the_folder_changes_with_any_kernel(tmp_path: Path) -> None:
    """Another source gives another folder: nothing old is ever loaded."""
    package = Path(cache.__file__).parent
    found = cache.digest(package.parent)
    copy = tmp_path / "glasstown"
    (copy / "engine").mkdir(parents=True)
    for name in ("draws.py", "draws_compiled.py"):
        (copy / name).write_bytes((package.parent / name).read_bytes())
    for file in package.glob("*.py"):
        (copy / "engine" / file.name).write_bytes(file.read_bytes())
    assert cache.digest(copy) == found
    with (copy / "engine" / "layout.py").open("a") as layout:
        layout.write("# another\n")
    assert cache.digest(copy) != found
