"""`[[descriptor]]`: a wallet declared by its output descriptor, as the lines of its scripts.

Scripts inside the stated range are lines like any other; those up to `gap` indices outside it, on either side, are
looked at too, and coins there are a finding. The descriptor itself goes no further than this module, unless
`publish = "descriptor"` asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from reservecheck.addresses.address_text import writer
from reservecheck.addresses.descriptors import Descriptor, parse_descriptor
from reservecheck.declare.effort import Effort
from reservecheck.declare.entries import Alike, Entries
from reservecheck.errors import AddressError
from reservecheck.model.declared import DeclaredDescriptor
from reservecheck.model.words import Owner, Storage, WalletKind
from reservecheck.vault.toml_table import Table

PUBLISH: Final = ("scripts", "descriptor")
USUAL_GAP: Final = 100
MOST_INDICES: Final = 1_000_000
MOST_LINES: Final = 5_000_000
_LAST_INDEX: Final = 2**31 - 1
_AT_ONCE: Final = 10_000
_STATE_IT: Final = "write range = [0, 999]: the first and the last index the wallet has given out"


class Lines(NamedTuple):
    """Scripts as lines: labels, identities (hex) and addresses, of one length."""

    labels: list[str]
    identities: list[str]
    addresses: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What a declared descriptor stands for."""

    declared: DeclaredDescriptor
    inside: Lines
    beyond: Lines


def read_descriptor(table: Table, label: str, storage: Storage, owner: Owner, entries: Entries) -> Derived | None:
    """One table, its label and its storage and owner read already; None where something is wrong with it."""
    network, text = table.text("network"), table.text("descriptor")
    published = table.choice("publish", PUBLISH, default="scripts") == "descriptor"
    gap = table.integer("gap", default=USUAL_GAP, high=MOST_INDICES)
    indices = _range(table)
    table.done()
    if not network or not text:
        return None
    declared = DeclaredDescriptor(
        label=label,
        network=network,
        descriptor=text,
        range=indices,
        gap=None if indices is None else gap,
        storage=storage,
        owner=owner,
        published=published,
    )
    try:
        entries.codec(network)
    except AddressError as error:
        table.problem(error.message, "network", hint=error.hint)
        return None
    try:
        descriptor = parse_descriptor(text, network)
    except AddressError as error:
        table.problem(error.message, "descriptor", hint=error.hint)
        return None
    try:
        _fits(declared, descriptor, entries.effort, asked="gap" in table)
    except AddressError as error:
        table.problem(error.message, "range", hint=error.hint)
        return None
    return None if entries.problems else derive(declared, descriptor)


def parse_declared(declared: DeclaredDescriptor, effort: Effort) -> Descriptor:
    """A descriptor somebody else wrote down; raises AddressError where it cannot be used."""
    descriptor = parse_descriptor(declared.descriptor, declared.network)
    _fits(declared, descriptor, effort, asked=declared.gap is not None)
    return descriptor


def derive(declared: DeclaredDescriptor, descriptor: Descriptor) -> Derived:
    """The lines of a descriptor that was read; raises AddressError where an index has no key."""
    below, inside, above = _spans(declared)
    return Derived(
        declared=declared,
        inside=_lines(declared, descriptor, [inside]),
        beyond=_lines(declared, descriptor, [below, above]),
    )


def counted(declared: DeclaredDescriptor, descriptor: Descriptor) -> tuple[int, int]:
    """How many lines `derive` gives: inside the range, and the most that are beyond it in one branch."""
    below, inside, above = _spans(declared)
    kinds = len(descriptor.kinds)
    return len(inside) * kinds * len(descriptor.branches), (len(below) + len(above)) * kinds


def add_inside(derived: Iterable[Derived | None], at: Iterable[int], shown: str, entries: Entries) -> None:
    """Append the lines inside the ranges, each written at its table's line."""
    for one, line in zip(derived, at, strict=True):
        if one is not None:
            _append(one.declared, one.inside, WalletKind.ADDRESS, (shown, line), entries)


def add_beyond(derived: Iterable[Derived | None], at: Iterable[int], shown: str, entries: Entries) -> None:
    """Append the lines outside the ranges that nothing declares; everything else has been appended."""
    for one, line in zip(derived, at, strict=True):
        if one is not None:
            known = entries.first[one.declared.network]
            fresh = {identity: n for n, identity in enumerate(one.beyond.identities) if identity not in known}
            lines = Lines(*([column[n] for n in fresh.values()] for column in one.beyond))
            _append(one.declared, lines, WalletKind.BEYOND_RANGE, (shown, line), entries)


def _range(table: Table) -> tuple[int, int] | None:
    value = table.raw("range")
    if value is None:
        return None
    if (
        isinstance(value, list)
        and [type(item) for item in value] == [int, int]
        and 0 <= value[0] <= value[1] <= _LAST_INDEX
    ):
        return value[0], value[1]
    table.problem("range is not two indices, the smaller one first", "range", hint=_STATE_IT)
    return None


def _fits(declared: DeclaredDescriptor, descriptor: Descriptor, effort: Effort, *, asked: bool) -> None:
    """Raises AddressError where the range and the descriptor do not go together, or stand for too much."""
    effort.read(len(declared.descriptor) * len(descriptor.branches))
    if not descriptor.is_range:
        if declared.range is not None or asked:
            raise AddressError(
                "this descriptor stands for the same scripts at every index", hint="leave range and gap out"
            )
        return
    if declared.range is None or declared.gap is None:
        raise AddressError("range is not stated, and the descriptor has one", hint=_STATE_IT)
    first, last = declared.range
    if last - first >= MOST_INDICES or declared.gap > MOST_INDICES:
        raise AddressError(
            f"a range and a gap have at most {MOST_INDICES} indices each", hint="split it in several"
        )
    count = sum(map(len, _spans(declared))) * len(descriptor.kinds) * len(descriptor.branches)
    if count > MOST_LINES:
        raise AddressError(f"the descriptor stands for {count} scripts, at most {MOST_LINES} are read")
    effort.derive(count * descriptor.keys)


def _spans(declared: DeclaredDescriptor) -> tuple[range, range, range]:
    """Indices below the range, inside it and above it that are looked at."""
    if declared.range is None or declared.gap is None:
        return range(0), range(1), range(0)
    first, last = declared.range
    return (
        range(max(0, first - declared.gap), first),
        range(first, last + 1),
        range(last + 1, min(last + declared.gap, _LAST_INDEX) + 1),
    )


def _lines(declared: DeclaredDescriptor, descriptor: Descriptor, spans: Sequence[range]) -> Lines:
    """By branch, then by index, then by the scripts of `combo()`."""
    found = Lines([], [], [])
    write = writer(declared.network)
    for branch in range(len(descriptor.branches)):
        for span in chain.from_iterable(map(_chunks, spans)):
            rows = zip(*descriptor.scripts(branch, span.start, span.stop), strict=True)
            scripts = list(chain.from_iterable(rows))
            found.labels.extend(_labels(declared, descriptor, branch, span))
            found.identities.extend(map(bytes.hex, scripts))
            found.addresses.extend(map(write, scripts))
    return found


def _chunks(span: range) -> Iterator[range]:
    return (span[i : i + _AT_ONCE] for i in range(0, len(span), _AT_ONCE))


def _labels(declared: DeclaredDescriptor, descriptor: Descriptor, branch: int, span: range) -> Iterator[str]:
    """`cold/17`; `cold/1/17` in the second branch of a multipath; `cold/17/p2pkh` for one script of `combo()`."""
    begin = f"{declared.label}/{branch}" if len(descriptor.branches) > 1 else declared.label
    ends = [f"/{kind}" if kind else "" for kind in descriptor.kinds]
    if not descriptor.is_range:
        return (f"{begin}{end}" for end in ends)
    return (f"{begin}/{index}{end}" for index in span for end in ends)


def _append(
    declared: DeclaredDescriptor, lines: Lines, kind: WalletKind, place: tuple[str, int], entries: Entries
) -> None:
    shown, line = place
    entries.places.append(shown, [line] * len(lines.labels))
    entries.add_columns(*lines, Alike(declared.network, declared.storage, declared.owner, kind))
