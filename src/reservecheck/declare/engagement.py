"""`engagement.toml`: the practitioner's policy. The core rules cannot be switched off, and claims never decide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from reservecheck.declare.names import NAME, NAME_MEANING
from reservecheck.errors import InputError, MoneyError, Problem
from reservecheck.model.declared import InputFile
from reservecheck.model.engagement import (
    DEFAULT_SKEW_SECONDS,
    DEFAULT_WINDOW_MINUTES,
    Accept,
    AcceptedInstrument,
    Deciding,
    Engagement,
    OutOfScope,
    Quorum,
    usual_k,
)
from reservecheck.model.registry import ASSET_NAME, Registry
from reservecheck.model.words import Control, Evidence
from reservecheck.money import MAX_DECIMALS, parse_amount
from reservecheck.packs.shipped import known_packs
from reservecheck.registry.shipped import accepted_row, network_row, why_not_accepted
from reservecheck.vault.plain_name import name_problem
from reservecheck.vault.toml_file import read_toml
from reservecheck.vault.toml_table import Table

FORMAT: Final = "reservecheck/engagement/v1"
AS_DECLARED: Final = "as declared"
_UNKNOWN_ASSET: Final = "use its name there, or list it in out_of_scope with a reason"
_LONGEST_SKEW_S: Final = 86_400
_LONGEST_WINDOW_MINUTES: Final = 1_440
MOST_SOURCES: Final = 15


def load_engagement(path: Path, registry: Registry) -> Engagement:
    """As `read_engagement`, for who does not have to name the file."""
    return read_engagement(path, registry)[0]


def read_engagement(path: Path, registry: Registry) -> tuple[Engagement, InputFile]:
    """The engagement of a file, which is no link, and what identifies the very bytes that were read.

    Raises InputError with every problem found in it.
    """
    problems: list[Problem] = []
    file = read_toml(path, inside=path.parent)
    root = file.root(problems)
    root.choice("format", [FORMAT])
    cutoff, cutoff_epoch = root.moment("cutoff")
    assets = _assets(root, registry)
    skew, window = _limits(root.table("limits"))
    engagement = Engagement(
        id=root.text("id", pattern=NAME, meaning=NAME_MEANING),
        entity=root.text("entity", pattern=NAME, meaning=NAME_MEANING),
        practitioner=_practitioner(root),
        rehearsal=root.flag("rehearsal", default=False),
        cutoff=cutoff,
        cutoff_epoch=cutoff_epoch,
        currency=_currency(root, registry),
        assets=assets,
        out_of_scope=_out_of_scope(root, assets),
        packs=_packs(root),
        deciding=_deciding(root.table("deciding")),
        sources=_sources(root.table("sources"), registry),
        accept=_accept(root.table("accept"), registry),
        skew_seconds=skew,
        window_minutes=window,
        tolerance=_tolerance(root.table("tolerance"), registry),
    )
    root.done()
    if problems:
        raise InputError(*problems)
    return engagement, InputFile(name=file.shown, bytes=file.bytes, sha256=file.sha256)


def strict_engagement(entity: str, cutoff_text: str, cutoff_epoch: int, currency: str) -> Engagement:
    """What applies where no engagement file was given: strict defaults, and every output says so."""
    return Engagement(
        id=entity,
        entity=entity,
        practitioner="not stated",
        rehearsal=False,
        cutoff=cutoff_text,
        cutoff_epoch=cutoff_epoch,
        currency=currency,
        assets=(),
        given=False,
    )


def _practitioner(root: Table) -> str:
    practitioner = root.text("practitioner")
    if practitioner and (wrong := name_problem("practitioner", practitioner)):
        root.problem(wrong[0], "practitioner", hint=wrong[1])
    return practitioner


def _currency(root: Table, registry: Registry) -> str:
    currency = root.text("currency")
    asset = registry.assets.get(currency)
    if currency and (asset is None or asset.kind != "cash"):
        cash = ", ".join(row.asset for row in registry.assets.values() if row.kind == "cash")
        root.problem(f"currency is {currency!r}, not one of the registry", "currency", hint=f"write one of {cash}")
    return currency


def _assets(root: Table, registry: Registry) -> tuple[str, ...]:
    assets = root.texts("assets")
    if not assets and root.data.get("assets") == []:
        root.problem("assets is empty: the perimeter holds at least one", "assets", hint='write assets = ["BTC"]')
    for index, asset in enumerate(assets):
        if asset in assets[:index]:
            root.problem(f"{asset} stands twice in assets", "assets", index, hint="remove one")
        elif asset not in registry.assets:
            root.problem(f"{asset!r} is not an asset of the registry", "assets", index, hint=_UNKNOWN_ASSET)
    return assets


def _out_of_scope(root: Table, assets: tuple[str, ...]) -> tuple[OutOfScope, ...]:
    left_out: list[OutOfScope] = []
    for table in root.tables("out_of_scope"):
        row = OutOfScope(
            asset=table.text("asset", pattern=ASSET_NAME.pattern, meaning="the ledger's name, such as BTC"),
            reason=table.text("reason"),
        )
        if row.asset in assets:
            table.problem(f"{row.asset} is in assets as well", "asset", hint="list it in one of the two")
        if row.asset and row.asset in {other.asset for other in left_out}:
            table.problem(f"{row.asset} is left out twice", "asset", hint="remove one")
        left_out.append(row)
        table.done()
    return tuple(left_out)


def _packs(root: Table) -> tuple[str, ...]:
    packs, known = root.texts("packs", default=()), known_packs()
    for index, pack in enumerate(packs):
        if pack not in known:
            hint = f"packs are {', '.join(known)}"
            root.problem(f"{pack!r} is not a rule pack of this version", "packs", index, hint=hint)
        elif pack in packs[:index]:
            root.problem(f"{pack} stands twice in packs", "packs", index, hint="remove one")
    if any(pack.startswith("core/") for pack in packs):
        return packs
    return (max((pack for pack in known if pack.startswith("core/")), key=_version), *packs)


def _version(pack: str) -> int:
    return int(pack.partition("/")[2])


def _deciding(table: Table) -> Deciding:
    evidence = [word.value for word in Evidence if word is not Evidence.CLAIMED]
    if table.data.get("evidence") == Evidence.CLAIMED:
        table.raw("evidence")
        table.problem("claimed value never decides", "evidence", hint=f"write one of {', '.join(evidence)}")
        word = Evidence.OBSERVED
    else:
        word = Evidence(table.choice("evidence", evidence, default=Evidence.OBSERVED))
    result = Deciding(
        owner=table.choice("owner", ["customers", "all"], default="customers"),
        evidence=word,
        control=Control(table.choice("control", Control, default=Control.SIGNED)),
    )
    table.done()
    return result


def _sources(table: Table, registry: Registry) -> dict[str, Quorum]:
    sources: dict[str, Quorum] = {}
    for network in table.names():
        if network_row(registry, network) is None:
            hint = f"networks are {', '.join(registry.networks)}, eip155:<chain id>"
            table.problem(f"{network!r} is not a known network", network, hint=hint)
        below = table.table(network)
        k = below.integer("k", default=1, low=1) if "k" in below else None
        n = below.integer("n", default=k or 1, low=1, high=MOST_SOURCES)
        if k is not None and k > n:
            below.problem(f"{k} of {n} sources cannot agree", "k", hint=f"write k = {usual_k(n)}, or a larger n")
        quorum = Quorum(n=n, k=usual_k(n) if k is None else k)
        below.done()
        sources[network] = quorum
    return sources


def _accept(table: Table, registry: Registry) -> Accept:
    grown = dict(registry.instruments)
    instruments = []
    for below in table.tables("instruments"):
        item = _accepted_instrument(below)
        if item.instrument and (reason := why_not_accepted(replace(registry, instruments=grown), item)):
            below.problem(reason, "instrument")
        elif item.instrument:
            grown[item.instrument] = accepted_row(item)
        instruments.append(item)
    accept = Accept(
        owner=bool(table.choice("owner", [AS_DECLARED], default="")),
        cash_titles=bool(table.choice("cash_titles", [AS_DECLARED], default="")),
        instruments=tuple(instruments),
    )
    table.done()
    return accept


def _accepted_instrument(table: Table) -> AcceptedInstrument:
    item = AcceptedInstrument(
        instrument=table.text("instrument"),
        asset=table.text("asset"),
        reason=table.text("reason"),
        decimals=table.integer("decimals", high=MAX_DECIMALS) if "decimals" in table else None,
        symbol=table.text("symbol", default=""),
        issuer=table.text("issuer", default=""),
        same_balance_as=table.text("same_balance_as", default=""),
        frozen_by=table.text("frozen_by", default=""),
    )
    table.raw("decimals")
    table.done()
    return item


def _limits(table: Table) -> tuple[int, int]:
    skew = table.integer("skew_seconds", default=DEFAULT_SKEW_SECONDS, high=_LONGEST_SKEW_S)
    window = table.integer("window_minutes", default=DEFAULT_WINDOW_MINUTES, high=_LONGEST_WINDOW_MINUTES)
    table.done()
    return skew, window


def _tolerance(table: Table, registry: Registry) -> dict[str, str]:
    tolerance: dict[str, str] = {}
    for name in table.names():
        asset = registry.assets.get(name)
        if asset is None:
            table.problem(f"{name!r} is not an asset of the registry", name)
            continue
        text = table.text(name)
        try:
            if text and parse_amount(text, asset.decimals) < 0:
                table.problem(f"the tolerance of {name} is negative", name, hint="write how much may be missing")
        except MoneyError as error:
            table.problem(error.message, name, hint=error.hint)
        tolerance[name] = text
    return tolerance
