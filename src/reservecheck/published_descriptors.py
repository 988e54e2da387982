"""Whether the descriptors a bundle publishes stand for the lines it lists under their labels, and for no others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from reservecheck.declare.effort import Effort
from reservecheck.errors import AddressError
from reservecheck.members.descriptors import NAME
from reservecheck.members.wallets import NAME as WALLETS
from reservecheck.model.declared import DeclaredDescriptor, Wallet
from reservecheck.model.words import WalletKind
from reservecheck.observe import Job


def published_differences(job: Job) -> list[str]:
    """A sentence for each published descriptor whose lines do not derive from it.

    Nothing is derived that is more than what is listed: a stranger wrote both.
    """
    if not job.published:
        return []
    listed: defaultdict[str, list[Wallet]] = defaultdict(list)
    for wallet in job.wallets:
        listed[wallet.label.partition("/")[0]].append(wallet)
    identities = {(wallet.network, wallet.identity) for wallet in job.wallets}
    effort = Effort()
    return [said for one in job.published for said in _differences(one, listed[one.label], identities, effort)]


def _differences(
    published: DeclaredDescriptor, lines: Sequence[Wallet], identities: set[tuple[str, str]], effort: Effort
) -> Iterator[str]:
    from reservecheck.declare.descriptors import counted, derive, parse_declared  # noqa: PLC0415  # btclib takes a while, most bundles need none

    inside = [line for line in lines if line.kind is WalletKind.ADDRESS]
    try:
        descriptor = parse_declared(published, effort)
        here, further = counted(published, descriptor)
        if here != len(inside):
            yield f"{WALLETS}: the lines of {published.label!r} are not those its descriptor stands for"
            return
        if further > len(identities):
            yield f"{WALLETS}: a script that {published.label!r} has beyond its range was not looked at"
            return
        derived = derive(published, descriptor)
    except AddressError as error:
        yield f"{NAME}: nothing can be derived from the descriptor {published.label!r}: {error.message}"
        return
    shown = [(line.label, line.identity, line.address) for line in inside]
    if shown != list(zip(*derived.inside, strict=True)):
        yield f"{WALLETS}: the lines of {published.label!r} are not those its descriptor stands for"
    alike = (published.network, published.storage, published.owner, None, "", ())
    if any(
        (line.network, line.storage, line.owner, line.instruments, line.custodian, line.shared_with) != alike
        for line in lines
    ):
        yield f"{WALLETS}: a line of {published.label!r} is not declared as its descriptor is"
    beyond = dict(zip(derived.beyond.labels, derived.beyond.identities, strict=True))
    outside = [line for line in lines if line.kind is not WalletKind.ADDRESS]
    if any(beyond.get(line.label) != line.identity for line in outside):
        yield f"{WALLETS}: a line of {published.label!r} is not one its descriptor has beyond its range"
    if any((published.network, identity) not in identities for identity in beyond.values()):
        yield f"{WALLETS}: a script that {published.label!r} has beyond its range was not looked at"
