"""What is suspicious in declarations without being wrong: found offline, told with file and line.

Two lines of one holding, a token contract or a burn address as a wallet, a fragment of another address, one
holding declared by two entities. None of this stops a run: the assessment counts each holding once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from reservecheck.declare.entries import Place
from reservecheck.declare.wallets import Declared
from reservecheck.errors import Problem
from reservecheck.model.declared import Declaration, Wallet
from reservecheck.model.registry import Registry
from reservecheck.model.words import WalletKind

_BEGINNING: Final = 6


def lint_wallets(declared: Declared, registry: Registry) -> list[Problem]:
    """What is suspicious in a wallets file that was read, with the registry it was read with."""
    return [*_duplicates(declared), *_unspendable(declared, registry), *_fragments(declared)]


def lint_across(declarations: Sequence[Declaration]) -> list[Problem]:
    """Holdings that more than one entity declares; naming each other in `shared_with` does not silence it."""
    problems: list[Problem] = []
    if len({declaration.entity for declaration in declarations}) <= 1:
        return problems
    first: dict[tuple[str, str], tuple[Declaration, Wallet]] = {}
    for declaration in declarations:
        for wallet in _addresses(declaration):
            other, earlier = first.setdefault((wallet.network, wallet.identity), (declaration, wallet))
            if other.entity == declaration.entity:
                continue
            message = (
                f"{wallet.label} ({wallet.address} on {wallet.network}) is declared by {other.entity} too, "
                f"as {earlier.label}"
            )
            hint = "one of the two does not hold it, or both must say so in shared_with"
            if other.entity in wallet.shared_with and declaration.entity in earlier.shared_with:
                hint = "both say that they share it: what it holds must cover the customers of both"
            problems.append(Problem(path=declaration.files[0].name, message=message, hint=hint))
    return problems


def _addresses(declaration: Declaration) -> Iterator[Wallet]:
    return (wallet for wallet in declaration.wallets if wallet.kind is WalletKind.ADDRESS)


def _placed(declared: Declared) -> Iterator[tuple[Wallet, Place]]:
    pairs = zip(declared.declaration.wallets, declared.places, strict=True)
    return ((wallet, place) for wallet, place in pairs if wallet.kind is WalletKind.ADDRESS)


def _problem(place: Place, message: str, hint: str) -> Problem:
    return Problem(path=place[0], line=place[1], message=message, hint=hint)


def _duplicates(declared: Declared) -> Iterator[Problem]:
    for wallet, place in _placed(declared):
        if wallet.duplicate_of is None:
            continue
        first = declared.declaration.wallets[wallet.duplicate_of - 1]
        where = "{}:{}".format(*declared.places[wallet.duplicate_of - 1])
        message = f"{wallet.label} is the same holding as {first.label} ({where})"
        hint = "it counts once, on the first line: remove one"
        if wallet.address != first.address:
            hint = f"{wallet.address} and {first.address} are two spellings of one address: remove one"
        yield _problem(place, message, hint)


def _unspendable(declared: Declared, registry: Registry) -> Iterator[Problem]:
    contracts = {(row.network, row.contract): row for row in registry.instruments.values() if row.contract}
    identities = {identity for _, identity in (*contracts, *registry.burn)}
    for wallet, place in _placed(declared):
        if wallet.identity not in identities:
            continue
        family = registry.networks[wallet.network].family
        if token := contracts.get((wallet.network, wallet.identity)):
            message = f"{wallet.label} is the token contract of {token.symbol or token.asset}"
            yield _problem(
                place, message, "a token contract is nobody's wallet: declare the account that holds tokens"
            )
        elif {(wallet.network, wallet.identity), (family, wallet.identity)} & registry.burn:
            yield _problem(place, f"{wallet.label} is a burn address", "nobody can spend from it: remove it")


def _fragments(declared: Declared) -> Iterator[Problem]:
    """A text that stands inside another address was cut out of it: checksums are rare outside Bitcoin."""
    texts = {_bare(wallet): wallet for wallet in _addresses(declared.declaration)}
    whole = _cut_out(texts)
    if not whole:
        return
    for wallet, place in _placed(declared):
        if longer := whole.get(_bare(wallet)):
            message = f"{wallet.label} stands inside the address of {texts[longer].label}"
            yield _problem(place, message, "it may have been cut out of it: compare both with their source")


def _cut_out(texts: Collection[str]) -> dict[str, str]:
    """Texts that stand inside a longer one → the last such one."""
    lengths = sorted(set(map(len, texts)))
    if len(lengths) <= 1:
        return {}
    shortest, longest = lengths[0], lengths[-1]
    # one look at each position of a longer text, not one for each length
    size = min(_BEGINNING, shortest)
    beginnings = {text[:size] for text in texts if len(text) < longest}
    found: dict[str, str] = {}
    for text in texts:
        if len(text) == shortest:
            continue
        for start in range(len(text) - shortest + 1):
            if text[start : start + size] in beginnings:
                parts = {text[start : start + length] for length in lengths} - {text}
                found.update((part, text) for part in parts if part in texts)
    return found


def _bare(wallet: Wallet) -> str:
    return wallet.identity[2:] if wallet.identity.startswith("0x") else wallet.address
