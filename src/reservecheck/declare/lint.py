"""What is suspicious in declarations without being wrong: found offline, told with file and line.

Two lines of one holding, a token contract or a burn address as a wallet, a fragment of another address, one
holding declared by two entities. None of this stops a run: the assessment counts each holding once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

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


def _problem(declared: Declared, wallet: Wallet, message: str, hint: str) -> Problem:
    path, line = declared.places.of(wallet.line)
    return Problem(path=path, line=line, message=message, hint=hint)


def _duplicates(declared: Declared) -> Iterator[Problem]:
    for wallet in declared.declaration.wallets:
        if wallet.duplicate_of is None:
            continue
        first = declared.declaration.wallets[wallet.duplicate_of - 1]
        where = "{}:{}".format(*declared.places.of(first.line))
        message = f"{wallet.label} is the same holding as {first.label} ({where})"
        hint = "it counts once, on the first line: remove one"
        if wallet.address != first.address:
            hint = f"{wallet.address} and {first.address} are two spellings of one address: remove one"
        yield _problem(declared, wallet, message, hint)


def _unspendable(declared: Declared, registry: Registry) -> Iterator[Problem]:
    contracts = {(row.network, row.contract): row for row in registry.instruments.values() if row.contract}
    identities = {identity for _, identity in (*contracts, *registry.burn)}
    for wallet in declared.declaration.wallets:
        if wallet.identity not in identities:
            continue
        family = registry.networks[wallet.network].family
        if token := contracts.get((wallet.network, wallet.identity)):
            message = f"{wallet.label} is the token contract of {token.symbol or token.asset}"
            hint = "a token contract is nobody's wallet: declare the account that holds tokens"
            yield _problem(declared, wallet, message, hint)
        elif {(wallet.network, wallet.identity), (family, wallet.identity)} & registry.burn:
            message = f"{wallet.label} is a burn address"
            yield _problem(declared, wallet, message, "nobody can spend from it: remove it")


def _fragments(declared: Declared) -> Iterator[Problem]:
    """A text that stands inside another address was cut out of it: checksums are rare outside Bitcoin."""
    wallets = [*_addresses(declared.declaration)]
    texts = [*map(_bare, wallets)]
    whole = _cut_out(texts)
    if not whole:
        return
    labels = {text: wallet.label for text, wallet in zip(texts, wallets, strict=True)}
    for text, wallet in zip(texts, wallets, strict=True):
        if longer := whole.get(text):
            message = f"{wallet.label} stands inside the address of {labels[longer]}"
            hint = "it may have been cut out of it: compare both with their source"
            yield _problem(declared, wallet, message, hint)


def _cut_out(texts: Sequence[str]) -> dict[str, str]:
    """Texts that stand inside a longer one → such a longer one."""
    shortest, longest = min(map(len, texts), default=0), max(map(len, texts), default=0)
    shorter = [text for text in texts if len(text) < longest]
    longer = [text for text in texts if len(text) > shortest]
    # nothing with a capital stands in bech32 or hex, which rules out most of base58
    lower = [text for text in longer if text == text.lower()]
    others = [text for text in longer if text != text.lower()]
    found = _inside(lower, {text for text in shorter if text == text.lower()})
    return (found | _inside(others, set(shorter))) if others else found


def _inside(wholes: Iterable[str], parts: set[str]) -> dict[str, str]:
    """The parts that stand inside one of the wholes and are shorter than it → the last such one."""
    found: dict[str, str] = {}
    lengths = sorted({len(part) for part in parts})
    if not lengths:
        return found
    # one look at each position of a whole, not one for each length
    size = min(_BEGINNING, lengths[0])
    beginnings = {part[:size] for part in parts}
    for whole in wholes:
        for start in range(len(whole) - lengths[0] + 1):
            if whole[start : start + size] in beginnings:
                here = {whole[start : start + length] for length in lengths} & parts
                found.update((part, whole) for part in here if part != whole)
    return found


def _bare(wallet: Wallet) -> str:
    return wallet.identity[2:] if wallet.identity.startswith("0x") else wallet.address
