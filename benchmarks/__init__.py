"""Measurements of Glasstown's speed: against other simulators, against C, and by itself.

``python -m benchmarks`` runs everything on an otherwise idle machine; see ``--help``.
"""
