"""placeholder"""

from .report import Section


def measure(quick):
    return Section("c", "", ["a"])
