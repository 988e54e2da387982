"""How entities and labels are written."""

from __future__ import annotations

from typing import Final

NAME: Final = r"[a-z0-9][a-z0-9-]{0,63}"
NAME_MEANING: Final = "lower-case letters, digits and hyphens, at most 64"
