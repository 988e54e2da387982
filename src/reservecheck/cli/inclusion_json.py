"""The check of an inclusion proof as one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reservecheck.vault.canonical import canonical_json

if TYPE_CHECKING:
    from reservecheck.inclusion.records import Inclusion


def as_json(answer: Inclusion) -> bytes:
    """What `inclusion_words` says in words."""
    return canonical_json(
        {
            "balances": dict(answer.balances),
            "differences": list(answer.differences),
            "format": answer.format,
            "included": answer.included,
            "leaf": answer.leaf,
            "not_prevented": [{"key": one.key, "sentence": one.sentence} for one in answer.not_prevented],
            "recomputes": answer.recomputes,
            "remarks": list(answer.remarks),
            "root": answer.root,
            "root_compared": answer.root_compared,
            "schema": "reservecheck/inclusion-check/v1-draft",
            "totals": dict(answer.totals),
        }
    )
