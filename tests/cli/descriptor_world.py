"""A chain with coins on descriptors of every kind, as a node's own wallet lists them, and who declares them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.small_world import CUTOFF, NOBODY, REGISTERS
from tests.nodes.running import Node, bitcoind_node

MATURITY = 100
"""Blocks after which a coinbase can be spent."""
COINBASE = 50
"""Whole coins in each block of the first 150."""
USED = (0, 3, 9)
"""Indices of every ranged descriptor with a coin each."""
FURTHER = 14
"""An index of the descriptor `further` with a coin, beyond what it declares."""
KEY = "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"
OTHER_KEY = "03f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"
UNCOMPRESSED = (
    "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a"
    "68554199c47d08ffb10d4b8"
)

HEAD = 'format = "reservecheck/wallets/v1"\nentity = "sora"\nname = "Sora (fictional)"\n'
ENGAGEMENT = """format = "reservecheck/engagement/v1"
id = "sora-1"
entity = "sora"
practitioner = "Example Audit (fictional)"
rehearsal = true
cutoff = 2018-06-28T00:00:00+09:00
currency = "KRW"
assets = ["BTC"]
[deciding]
control = "undemonstrated"
[accept]
owner = "as declared"
"""
SNAPSHOT = """format = "reservecheck/snapshot/v1"
entity = "sora"
[files]
customers = ["customers.csv"]
prices = "prices.csv"
encumbrances = "encumbrances.csv"
[extract]
as_of = 2018-06-28T00:00:00+09:00
[classes]
spot = "listed"
"""


@dataclass(frozen=True, slots=True)
class Chain:
    """The node, and its descriptors by label: ranged ones, fixed ones, and how many coins stand on each."""

    node: Node
    ranged: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, int] = field(default_factory=dict)


@contextmanager
def descriptor_chain(folder: Path) -> Iterator[Chain]:
    """One coinbase on each script in use, all before the cut-off, and blocks past it."""
    with bitcoind_node(folder, f"-mocktime={CUTOFF - 200_000}") as node:
        chain = Chain(node, _ranged(node), _fixed(node))
        to = [(label, script) for label, text in chain.ranged.items() for script in _scripts(node, label, text)]
        to += [(label, text) for label, text in chain.fixed.items() if "combo" not in label]
        to += [("combo", node("getdescriptorinfo", f"{kind}({KEY})")["descriptor"]) for kind in ("pk", "wpkh")]
        for label, _ in to:
            chain.blocks[label] = chain.blocks.get(label, 0) + 1
        blocks = [descriptor for _, descriptor in to] + [f"addr({NOBODY})"] * MATURITY
        for number, descriptor in enumerate(blocks):
            node("setmocktime", CUTOFF - 600 * (len(blocks) - number))
            node("generatetodescriptor", 1, descriptor)
        for number in range(14):
            node("setmocktime", CUTOFF + 600 * (number + 1))
            node("generatetoaddress", 1, NOBODY)
        yield chain


def _ranged(node: Node) -> dict[str, str]:
    """What the node's own wallet lists, receiving branches as they are and the last one as a multipath."""
    node("createwallet", "sora")
    listed = [row["desc"] for row in node("listdescriptors", wallet="sora")["descriptors"] if not row["internal"]]
    found = {row.partition("(")[0]: row for row in listed}
    keys = [row.partition("(")[2].partition(")")[0] for row in (found["wpkh"], found["pkh"], found["tr"])]
    multi = f"wsh(sortedmulti(2,{','.join(keys)}))".replace("/0/*", "/<0;1>/*")
    miniscript = f"wsh(or_d(pk({keys[0]}),and_v(v:pkh({keys[1]}),older(1000))))"
    tree = f"tr({keys[2]},{{pk({keys[0]}),multi_a(2,{keys[0]},{keys[1]})}})"
    bare = f"sortedmulti(1,{keys[0]},{keys[1]})"
    further = f"wpkh({keys[0]})".replace("/0/*", "/7/*")
    more = {"multi": multi, "miniscript": miniscript, "tree": tree, "bare": bare, "further": further}
    return {**found, **{label: _with_checksum(node, text) for label, text in more.items()}}


def _fixed(node: Node) -> dict[str, str]:
    texts = {
        "p2pk": f"pk({UNCOMPRESSED})",
        "bare-fixed": f"multi(1,{KEY},{OTHER_KEY})",
        "combo": f"combo({KEY})",
        "raw": "raw(5151)",
        "rawtr": f"rawtr({KEY[2:]})",
        "addr": "addr(mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn)",
    }
    return {label: _with_checksum(node, text) for label, text in texts.items()}


def _with_checksum(node: Node, text: str) -> str:
    return f"{text}#{node('getdescriptorinfo', text)['checksum']}"


def _scripts(node: Node, label: str, text: str) -> Iterator[str]:
    """A descriptor for each script that is to have a coin."""
    for index in USED if label != "further" else (*USED, FURTHER):
        branch = text.partition("#")[0].replace("/<0;1>/*", f"/{index % 2}/{index}").replace("/*", f"/{index}")
        yield _with_checksum(node, branch)


@dataclass(frozen=True, slots=True)
class Sora:
    """The files of one exchange; `declared` are its [[descriptor]] tables."""

    folder: Path
    chain: Chain

    @property
    def wallets(self) -> Path:
        return self.folder / "sora.toml"

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot"

    def lay_out(self, owed: int, tables: str) -> Sora:
        """Write all files."""
        self.snapshot.mkdir(parents=True, exist_ok=True)
        self.wallets.write_text(HEAD + tables)
        (self.snapshot / "engagement.toml").write_text(ENGAGEMENT)
        (self.snapshot / "snapshot.toml").write_text(SNAPSHOT)
        (self.snapshot / "customers.csv").write_text(f"customer,asset,balance,class\nC-1,BTC,{owed},spot\n")
        (self.snapshot / "prices.csv").write_text(_only_bitcoin(REGISTERS["prices.csv"]))
        (self.snapshot / "encumbrances.csv").write_text(REGISTERS["encumbrances.csv"])
        node = self.chain.node
        (self.folder / "providers.toml").write_text(
            'format = "reservecheck/providers/v1"\n[[source]]\nname = "own"\nnetwork = "bitcoin:regtest"\n'
            f'kind = "bitcoind"\nurl = "{node.url}"\nauth = {{ cookie_file = "{node.cookie_file}" }}\n'
            'operator = "own"\nrun_by = "practitioner"\n'
        )
        return self

    def run(self, *more: str) -> list[str]:
        """The arguments of a run."""
        providers = str(self.folder / "providers.toml")
        return ["run", str(self.wallets), str(self.snapshot), "--providers", providers, *more]


def table(label: str, descriptor: str, more: str = "") -> str:
    """One [[descriptor]]."""
    return (
        f'[[descriptor]]\nlabel = "{label}"\nnetwork = "bitcoin:regtest"\ndescriptor = "{descriptor}"\n{more}\n'
        'storage = "cold"\nowner = "customers"\n'
    )


def _only_bitcoin(prices: str) -> str:
    return "".join(line for line in prices.splitlines(keepends=True) if line.startswith(("asset", "BTC")))
