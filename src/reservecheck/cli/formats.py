"""The formats a report comes in."""

from __future__ import annotations

from enum import StrEnum


class ReportFormat(StrEnum):
    """Names of reservecheck.report.formats.FORMATS, known here without importing it."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
