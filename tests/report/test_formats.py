from __future__ import annotations

from reservecheck.report.formats import FORMATS
from reservecheck.report.json_v1 import json_bytes
from reservecheck.report.markdown import markdown
from reservecheck.report.text import text


def test_every_format_is_listed_under_its_name() -> None:
    assert {"text": text, "markdown": markdown, "json": json_bytes} == FORMATS
