"""An assessment as JSON: amounts in whole units and ratios as text, null for what cannot be computed.

Every ratio is rounded down to two decimals and stands beside its exact fraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from reservecheck.assess.drawn import committed_digest
from reservecheck.model.assessment import (
    Aggregate,
    Assessment,
    AssetPosition,
    CashPosition,
    DecidingReserve,
    Finding,
    Held,
    Position,
)
from reservecheck.model.books import Books
from reservecheck.model.committed import CommittedTree, DrawStated
from reservecheck.model.confirmations import Answers
from reservecheck.model.engagement import Engagement
from reservecheck.model.evidence import Pin, SourceSeen
from reservecheck.model.words import Bound
from reservecheck.moments import utc_text
from reservecheck.money import exact, format_amount, percent_down
from reservecheck.vault.canonical import Json, canonical_json

SCHEMA: Final = "reservecheck/assessment/v1-draft"


def json_bytes(assessment: Assessment) -> bytes:
    """The canonical bytes of `assessment.json`."""
    return canonical_json(assessment_json(assessment))


def assessment_json(assessment: Assessment) -> Mapping[str, Json]:
    """The same as a mapping; fields of later capabilities are present, null or empty."""
    position = assessment.position
    engagement = position.inputs.engagement
    checks = assessment.checks
    return {
        "schema": SCHEMA,
        "rehearsal": engagement.rehearsal,
        "entity": position.inputs.entity,
        "name": position.inputs.name,
        "cutoff": engagement.cutoff,
        "currency": engagement.currency,
        "policy": _policy(position, engagement),
        "packs": list(engagement.packs),
        "outcome": str(assessment.outcome),
        "checks": {
            "held": checks.held,
            "broke": checks.broke,
            "not_assessable": checks.not_assessable,
            "not_applicable": checks.not_applicable,
        },
        "pins": [_pin(pin, position) for pin in assessment.pins],
        "sources": [_source(seen) for seen in position.inputs.observation.sources],
        "commitment": _commitment(position.inputs.books),
        "confirmations": _confirmations(position),
        "assets": [_asset(asset) for asset in position.assets],
        "aggregate": _aggregate(position.aggregate),
        "cash": [_cash(cash) for cash in position.cash],
        "findings": [_finding(finding) for finding in assessment.findings],
    }


def _policy(position: Position, engagement: Engagement) -> Mapping[str, Json]:
    accept = engagement.accept
    return {
        "given": engagement.given,
        "practitioner": engagement.practitioner,
        "assets": list(engagement.assets),
        "out_of_scope": [{"asset": row.asset, "reason": row.reason} for row in engagement.out_of_scope],
        "deciding": {
            "owner": engagement.deciding.owner,
            "evidence": str(engagement.deciding.evidence),
            "control": str(engagement.deciding.control),
        },
        "sources": {network: {"n": q.n, "k": q.k} for network, q in engagement.sources.items()},
        "accept": {
            "owner": accept.owner,
            "cash_titles": accept.cash_titles,
            "instruments": [
                {"instrument": row.instrument, "asset": row.asset, "reason": row.reason}
                for row in accept.instruments
            ],
        },
        "limits": {"skew_seconds": engagement.skew_seconds, "window_minutes": engagement.window_minutes},
        "tolerance": dict(engagement.tolerance),
        "looser_than_default": list(position.loosened),
    }


def _source(seen: SourceSeen) -> Mapping[str, Json]:
    return {
        "network": seen.network,
        "source": seen.source,
        "operator": seen.operator,
        "run_by": seen.run_by,
        "left_out": seen.left_out or None,
        "unread": seen.unread,
        "unproven": seen.unproven,
    }


def _pin(pin: Pin, position: Position) -> Mapping[str, Json]:
    network = position.inputs.registry.networks.get(pin.network)
    return {
        "id": pin.id,
        "network": pin.network,
        "local_test_chain": network is not None and not network.public,
        "role": pin.role,
        "height": pin.height,
        "hash": pin.hash,
        "next_hash": pin.next_hash or None,
        "time": utc_text(pin.time),
        "skew_seconds": position.inputs.engagement.cutoff_epoch - pin.time,
        "mtp": None if pin.mtp is None else utc_text(pin.mtp),
        "state_root": pin.state_root,
        "final": pin.final,
        "still_there": pin.still_there,
        "agreed": list(pin.agreed),
        "asked": list(pin.asked),
        "anchored": bool(pin.anchors),
        "anchors": list(pin.anchors),
    }


def _asset(asset: AssetPosition) -> Mapping[str, Json]:
    def units(value: int) -> str:
        return format_amount(value, asset.decimals)

    known = asset.deciding.bound is not Bound.UNKNOWN
    return {
        "asset": asset.asset,
        "kind": asset.kind,
        "decimals": asset.decimals,
        "in_perimeter": asset.in_perimeter,
        "owed": units(asset.owed),
        "owed_detail": {
            "gross": units(asset.owed_gross),
            "negative": units(asset.owed_negative),
            "net": units(asset.owed_net),
            "house": units(asset.owed_house),
        },
        "grade": str(asset.grade),
        "commitment": _tree(asset.commitment),
        "deciding": _deciding(asset.deciding, asset.decimals),
        "segregated": _held(asset.segregated, asset.decimals),
        "broad": _held(asset.broad, asset.decimals),
        "shortfall": units(asset.shortfall) if known else None,
        "surplus": units(asset.surplus) if known else None,
        "declared": units(asset.declared),
        "observed": units(asset.observed),
        "controlled": units(asset.controlled),
        "by_evidence": {str(kind): units(value) for kind, value in asset.by_evidence.items()},
        "by_control": {str(kind): units(value) for kind, value in asset.by_control.items()},
        "by_instrument": {name: units(value) for name, value in asset.by_instrument.items()},
        "excluded": [{"reason": row.reason, "amount": units(row.amount)} for row in asset.excluded],
        "unread": [
            {"label": cell.label, "instrument": cell.instrument, "reason": cell.reason} for cell in asset.unread
        ],
    }


def _commitment(books: Books) -> Mapping[str, Json] | None:
    """What was published, its file's digest, and the draw it announces; null where it announces none."""
    stated = books.liabilities.commitment
    if stated is None:
        return None
    return {
        "scheme": stated.scheme,
        "entity": stated.entity,
        "snapshot": stated.snapshot,
        "sha256": committed_digest(books),
        "draw": None if stated.draw is None else _draw(stated.draw),
    }


def _draw(draw: DrawStated) -> Mapping[str, Json]:
    return {"network": draw.network, "height": draw.height, "method": draw.method, "size": draw.size}


def _confirmations(position: Position) -> Mapping[str, Json] | None:
    """What drew customers, and their answers; sums in whole units, null where they are one customer's."""
    kept = position.inputs.books.confirmations
    if kept is None:
        return None
    by, assets = kept.drawn_by, position.inputs.registry.assets
    return {
        "drawn_by": {
            "commitment": by.commitment,
            "network": by.network,
            "height": by.height,
            "hash": by.block,
            "time": by.time,
            "read_from": str(by.read_from),
        },
        "list_sha256": kept.list_sha256,
        "answers": [_answers(one, assets[one.asset].decimals) for one in kept.answers],
        "otherwise": dict(kept.otherwise),
    }


def _answers(answers: Answers, decimals: int) -> Mapping[str, Json]:
    def told(units: int | None) -> str | None:
        return None if units is None else format_amount(units, decimals)

    return {
        "asset": answers.asset,
        "draws": answers.draws,
        "drawn": answers.drawn,
        "agreed": answers.agreed,
        "via_entity": answers.via_entity,
        "differing": answers.differing,
        "no_reply": answers.no_reply,
        "left_out": answers.left_out,
        "added": answers.added,
        "owed_more": told(answers.owed_more),
        "owed_less": told(answers.owed_less),
    }


def _tree(tree: CommittedTree | None) -> Mapping[str, Json] | None:
    if tree is None:
        return None
    total = format_amount(tree.total, tree.decimals)
    return {"height": tree.height, "root": tree.root, "total": total, "rebuilt": tree.is_rebuilt}


def _deciding(deciding: DecidingReserve, decimals: int) -> Mapping[str, Json]:
    return {
        "held": format_amount(deciding.held, decimals),
        **_ratio("ratio", deciding.ratio),
        "bound": str(deciding.bound),
        **_ratio("ratio_upper", deciding.ratio_upper),
    }


def _held(held: Held, decimals: int) -> Mapping[str, Json]:
    return {"held": format_amount(held.held, decimals), **_ratio("ratio", held.ratio)}


def _aggregate(aggregate: Aggregate) -> Mapping[str, Json]:
    return {
        "currency": aggregate.currency,
        **_ratio("ratio", aggregate.ratio),
        **_ratio("ratio_segregated", aggregate.ratio_segregated),
        **_ratio("ratio_broad", aggregate.ratio_broad),
        **_ratio("in_kind_coverage", aggregate.in_kind_coverage),
        "worst_asset": aggregate.worst_asset,
        **_ratio("worst_ratio", aggregate.worst_ratio),
        "bound": str(aggregate.bound),
        "why": aggregate.why or None,
    }


def _cash(cash: CashPosition) -> Mapping[str, Json]:
    def held(part: Held) -> Mapping[str, Json] | None:
        return _held(part, cash.decimals) if cash.asserted else None

    return {
        "currency": cash.currency,
        "owed": format_amount(cash.owed, cash.decimals),
        "grade": str(cash.grade),
        "commitment": _tree(cash.commitment),
        "asserted": cash.asserted,
        "deciding": held(cash.deciding),
        "segregated": held(cash.segregated),
        "broad": held(cash.broad),
        "confirmed": format_amount(cash.confirmed, cash.decimals) if cash.asserted else None,
    }


def _finding(finding: Finding) -> Mapping[str, Json]:
    return {
        "rule": finding.rule,
        "outcome": str(finding.outcome),
        "severity": str(finding.severity),
        "subject": finding.subject,
        "message": finding.message,
        "values": dict(finding.values),
    }


def _ratio(name: str, ratio: Fraction | None) -> Mapping[str, Json]:
    if ratio is None:
        return {name: None, f"{name}_exact": None}
    return {name: percent_down(ratio), f"{name}_exact": exact(ratio)}
