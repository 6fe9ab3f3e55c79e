"""Settings of the documentation. Nothing in it is loaded from a network, when built or when read."""

from __future__ import annotations

from importlib.metadata import version as version_of

project = "Glasstown"
author = "The Glasstown maintainers"
copyright = "The Glasstown maintainers"
release = version = version_of("glasstown")

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]
suppress_warnings = ["myst.xref_missing"]

html_theme = "furo"
html_title = "Glasstown"
html_copy_source = False
html_show_sphinx = False
