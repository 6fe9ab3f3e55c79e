"""JSON Schema of the files that people write, for editors and for other people's checks."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

__all__ = ["json_schema", "schema_text"]

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(model: type[BaseModel], kind: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a kind of file.

    Parameters
    ----------
    model : what the file is read into.
    kind : name of the kind, such as ``scheme``; the model's own name by default.
    """
    schema = model.model_json_schema(by_alias=True, mode="validation")
    kind = kind or model.__name__.removesuffix("Model").lower()
    schema.pop("title", None)
    return {"$schema": DRAFT, "$id": f"glasstown:{kind}", "title": f"Glasstown: {kind}", **schema}


def schema_text(model: type[BaseModel], kind: str = "") -> str:
    """Return the JSON Schema of a kind of file as text that ends with a line break."""
    return json.dumps(json_schema(model, kind), indent=2, ensure_ascii=False) + "\n"
