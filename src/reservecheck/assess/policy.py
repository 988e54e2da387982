"""What the engagement lets count towards a pass, and where it asks for less than the strict default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reservecheck.assess.statements import Parcel
from reservecheck.model.assessment import Inputs
from reservecheck.model.engagement import (
    DEFAULT_SKEW_SECONDS,
    DEFAULT_WINDOW_MINUTES,
    Deciding,
    Engagement,
    usual_k,
)
from reservecheck.model.registry import Registry
from reservecheck.model.words import FREEZE_UNKNOWN, Control, Evidence, Owner
from reservecheck.money import parse_amount

DEFAULT = Deciding()


class Exclusion(NamedTuple):
    """Why a quantity does not decide; `demonstrable`: more evidence, control or acceptance could let it in."""

    reason: str
    demonstrable: bool


def exclusion(parcel: Parcel, inputs: Inputs) -> Exclusion | None:
    """The one reason why a parcel does not count towards a pass, or None where it does."""
    engagement = inputs.engagement
    if _issued_by_the_entity(parcel, inputs):
        return Exclusion("issued by the entity", demonstrable=False)
    if parcel.flag == FREEZE_UNKNOWN:
        rest = exclusion(parcel._replace(flag=""), inputs)
        return rest if rest and not rest.demonstrable else Exclusion(parcel.flag, demonstrable=True)
    if parcel.flag:
        return Exclusion(parcel.flag, demonstrable=False)
    if engagement.deciding.owner != "all":
        # Declared against its own interest, so it stands whether or not owners are accepted.
        if parcel.owner is not Owner.CUSTOMERS:
            return Exclusion("house or mixed wallet", demonstrable=False)
        if not engagement.accept.owner:
            return Exclusion("owner as declared, not accepted", demonstrable=True)
    return _undemonstrated(parcel, engagement.deciding)


def observed(parcel: Parcel) -> bool:
    """Somebody other than the entity answers for it: a source, or a custodian's letter received directly."""
    return parcel.evidence.rank >= Evidence.OBSERVED.rank or parcel.control is Control.CONFIRMED


def is_entity(issuer: str, inputs: Inputs) -> bool:
    """The entity itself, by the engagement's id of it, whatever the case; what it calls itself decides nothing."""
    return issuer != "" and issuer.casefold() == inputs.engagement.entity.casefold()


def tolerance(engagement: Engagement, asset: str, decimals: int) -> int:
    """The engagement's tolerance in smallest units; 0 unless it names one."""
    return parse_amount(engagement.tolerance.get(asset, "0"), decimals)


def loosened(engagement: Engagement, registry: Registry) -> tuple[str, ...]:
    """Every setting that asks for less than the default, as a sentence; amounts as the engagement writes them."""
    return (
        *_loose_deciding(engagement.deciding),
        *_loose_limits(engagement),
        *_loose_sources(engagement),
        *_accepted(engagement, registry),
    )


def _undemonstrated(parcel: Parcel, deciding: Deciding) -> Exclusion | None:
    confirmed = parcel.control is Control.CONFIRMED
    if parcel.evidence is Evidence.CLAIMED and not confirmed:
        return Exclusion("claimed only", demonstrable=True)
    shown = Evidence.OBSERVED.rank if confirmed else 0
    if max(parcel.evidence.rank, shown) < deciding.evidence.rank:
        return Exclusion(f"evidence below {deciding.evidence}", demonstrable=True)
    if parcel.control.rank < deciding.control.rank:
        return Exclusion(f"control {parcel.control}", demonstrable=True)
    return None


def _issued_by_the_entity(parcel: Parcel, inputs: Inputs) -> bool:
    row = inputs.registry.instruments.get(parcel.instrument)
    own_asset = is_entity(inputs.registry.assets[parcel.asset].issuer, inputs)
    return row is not None and is_entity(row.issuer, inputs) and not own_asset


def _loose_deciding(deciding: Deciding) -> Iterator[str]:
    if deciding.owner != DEFAULT.owner:
        yield f'deciding.owner = "{deciding.owner}": house and mixed wallets count too (default "{DEFAULT.owner}")'
    if deciding.evidence.rank < DEFAULT.evidence.rank:
        yield f'deciding.evidence = "{deciding.evidence}" (default "{DEFAULT.evidence}")'
    if deciding.control.rank < DEFAULT.control.rank:
        yield (
            f'deciding.control = "{deciding.control}": nobody had to show who holds the keys '
            f'(default "{DEFAULT.control}")'
        )


def _loose_limits(engagement: Engagement) -> Iterator[str]:
    for asset, amount in sorted(engagement.tolerance.items()):
        if amount.strip("0.") != "":
            yield f'tolerance.{asset} = "{amount}": so much may be missing (default "0")'
    if engagement.skew_seconds > DEFAULT_SKEW_SECONDS:
        yield f"limits.skew_seconds = {engagement.skew_seconds} (default {DEFAULT_SKEW_SECONDS})"
    if engagement.window_minutes > DEFAULT_WINDOW_MINUTES:
        yield f"limits.window_minutes = {engagement.window_minutes} (default {DEFAULT_WINDOW_MINUTES})"


def _loose_sources(engagement: Engagement) -> Iterator[str]:
    for network, quorum in sorted(engagement.sources.items()):
        asked = usual_k(quorum.n)
        if quorum.k < asked:
            yield f'sources."{network}": {quorum.k} of {quorum.n} sources must agree (default {asked})'


def _accepted(engagement: Engagement, registry: Registry) -> Iterator[str]:
    if engagement.accept.owner:
        yield 'accept.owner = "as declared": the entity says which wallets are customers\''
    if engagement.accept.cash_titles:
        yield 'accept.cash_titles = "as declared": the entity says in whose name bank accounts stand'
    for row in engagement.accept.instruments:
        origin = "not shipped" if row.instrument not in registry.instruments else _origin(row.instrument, registry)
        yield f"{row.instrument} ({origin}) counts as {row.asset}: {row.reason}"
    for left_out in engagement.out_of_scope:
        yield f"{left_out.asset} is out of scope: {left_out.reason}"


def _origin(instrument: str, registry: Registry) -> str:
    return "not shipped" if registry.instruments[instrument].origin != "shipped" else "shipped"
