"""The formats an assessment can be rendered in, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reservecheck.model.assessment import Assessment
from reservecheck.report.json_v1 import json_bytes
from reservecheck.report.markdown import markdown
from reservecheck.report.text import text

FORMATS: Final[Mapping[str, Callable[[Assessment], str | bytes]]] = {
    "text": text,
    "markdown": markdown,
    "json": json_bytes,
}
"""Name → the function that renders it; text where people read it, canonical bytes where machines do."""
