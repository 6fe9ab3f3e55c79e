"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["cores", "describe", "sentence"]


def cores() -> int:
    """Return the number of cores that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _field(file: str, key: str) -> str:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")


def _versions() -> dict[str, str]:
    out = {"python": platform.python_version()}
    for name in ("glasstown", "numpy", "numba", "llvmlite"):
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            continue
    return out


def describe() -> dict[str, Any]:
    """Return processor, cores, memory, system and versions; nothing that names a person or a host."""
    memory = _field("/proc/meminfo", "MemTotal").split()
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "cpu": _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "family": _field("/proc/cpuinfo", "cpu family"),
        "model": _field("/proc/cpuinfo", "model\t"),
        "l2": _field("/proc/cpuinfo", "cache size"),
        "cores": cores(),
        "memory_gib": round(int(memory[0]) / 2**20, 1) if memory else None,
        "system": f"{platform.system()} {platform.release()}",
        "arch": platform.machine(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "versions": _versions(),
    }


def sentence(machine: dict[str, Any]) -> str:
    """Return a machine in one sentence."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    cpu = f"{machine['cpu']} (family {machine['family']}, model {machine['model']}, L2 {machine['l2']} a core)"
    return (
        f"{machine['cores']} cores of {cpu}, {machine['memory_gib']} GiB, {machine['system']}; {versions}. "
        f"Load when it began: {machine['load']}. Measured {machine['when']}."
    )
