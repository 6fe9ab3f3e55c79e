"""One page that opens anywhere, offline, and says what a run found."""

from .page import write_report

__all__ = ["write_report"]
