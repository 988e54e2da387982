"""`reservecheck liabilities draw`: from a commitment and a real block to the list, and from its answers to L3."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import BITCOIN, CUSTOMER, CUTOFF, ONE, PIN, Desk, World, new_desk
from tests.nodes.running import Node

from reservecheck.books.confirmations import COLUMNS
from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.commitment_file import Draw, Published, write_commitments
from reservecheck.commitment.scheme import Scope
from reservecheck.moments import utc_text
from reservecheck.money import parse_amount

SECRET: Final = bytes(range(32))
LATER: Final = PIN + 12
DRAW: Final = Draw(network=BITCOIN, height=LATER, method="amount", size=60)
DECIMALS: Final = {"BTC": 8, "ETH": 18, "KRW": 0, "USDT": 18}
BELONG: Final = "\n  hint: ask the entity for the commitment, the rows and the secret that belong together\n"
UNANNOUNCED: Final = (
    "\n  hint: this commitment announces no draw: that is done with commit --draw, before it is published\n"
)
TYPED: Final = "ab" * 32
AGREES: Final = {
    "answer": "agrees", "received_on": "2018-07-09", "channel": "direct", "received_by": "Example Audit"
}  # fmt: skip


@pytest.fixture
def drawable(tmp_path: Path, world: World) -> Desk:
    """A desk with a commitment over its rows, that names a block of the small world."""
    return committed(new_desk(tmp_path / "desk", world))


def published(desk: Desk, draw: Draw | None = DRAW, **changes: Any) -> Published:  # noqa: ANN401  # of Published
    rows: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows_of(desk.snapshot / "customers.csv"):
        rows[row["asset"]][row["customer"]] += parse_amount(row["balance"], DECIMALS[row["asset"]])
    trees = tuple(
        build(
            (Row(*one) for one in owed.items()),
            Scope(snapshot="nami/2018", asset=asset, decimals=DECIMALS[asset], height=3),
            SECRET,
        ).commitment
        for asset, owed in sorted(rows.items())
    )
    return replace(Published(entity="nami", snapshot="nami/2018", trees=trees, draw=draw), **changes)


def committed(desk: Desk, stated: Published | None = None) -> Desk:
    first = not (desk.snapshot / "commitment.json").exists()
    (desk.snapshot / "commitment.json").write_bytes(write_commitments(stated or published(desk)))
    (desk.folder / "secret.hex").write_text(SECRET.hex() + "\n")
    (desk.folder / "secret.hex").chmod(0o600)
    if first:
        desk.change("snapshot/snapshot.toml", "[files]\n", '[files]\ncommitment = "commitment.json"\n')
    return desk


def arguments(desk: Desk, *more: str) -> list[str]:
    """The command, from the providers file unless a hash is typed."""
    source = [] if "--block-hash" in more else ["--providers", str(desk.providers)]
    trees = [] if "--private" in more else ["--secret", str(desk.folder / "secret.hex")]
    out = [*trees, "--out", str(desk.folder / "list.csv")]
    return ["liabilities", "draw", str(desk.snapshot), *source, *out, *more]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(), newline="")))


def fill_in(desk: Desk, answers: Iterable[Mapping[str, str]]) -> None:
    """The list with its answers, where the practitioner puts it."""
    with (desk.snapshot / "confirmations.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {**row, **answer} for row, answer in zip(rows_of(desk.folder / "list.csv"), answers, strict=True)
        )
    desk.change("snapshot/snapshot.toml", "[files]\n", '[files]\nconfirmations = "confirmations.csv"\n')


def digest_of(desk: Desk) -> str:
    return hashlib.sha256((desk.snapshot / "commitment.json").read_bytes()).hexdigest()


def bitcoin(desk: Desk) -> Node:
    return desk.world.nodes[BITCOIN]


def test_a_secret_that_others_may_read_draws_with_a_warning(drawable: Desk, ask: Ask) -> None:
    secret = drawable.folder / "secret.hex"
    secret.chmod(0o640)
    said = ask(*arguments(drawable, "--block-hash", TYPED))
    assert said.code == 0
    assert said.err.startswith(
        f"warning: {secret}: others than its owner may use it (mode 640)\n"
        f"  hint: chmod 600 {secret}, and find out who read it\nlist: "
    )


def test_customers_are_drawn_by_the_block_of_a_real_node(drawable: Desk, ask: Ask) -> None:
    said = ask(*arguments(drawable))
    path = drawable.folder / "list.csv"
    rows = rows_of(path)
    block, time = bitcoin(drawable)("getblockhash", LATER), utc_text(CUTOFF - 300 + 600 * 12)
    assert said.code == 0
    assert said.err == (
        f"list: {path}, {len(rows)} rows, for you alone; fill in the answers, put it into the snapshot folder, name"
        " it confirmations.csv and list it under [files] in snapshot.toml\n"
    )
    customers = len([row for row in rows if row["asset"] == "BTC"])
    assert said.out == (
        f"commitment  {digest_of(drawable)}\n"
        f"block       bitcoin:regtest {LATER} of {time}\n"
        f"hash        {block}\n"
        "from        src-bitcoin-regtest, your own source among them\n"
        f"BTC         60 draws by amount: {customers} customers\n"
        "ETH         60 draws by amount: 1 customer\n"
        "KRW         60 draws by amount: 1 customer\n"
        "USDT        60 draws by amount: 1 customer\n"
        "\n"
        f"This is worth nothing unless the commitment was public before {time}, when that block was made. Nothing"
        " here shows that it was:\n"
        "compare its digest, above, with one that somebody else published or time-stamped before then.\n"
    )
    assert CUSTOMER not in said.out + said.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {row["block_hash"] for row in rows} == {block}
    assert {row["amount"] for row in rows if row["asset"] == "ETH"} == {"10"}
    assert sum(int(row["hits"]) for row in rows if row["asset"] == "BTC") == 60


def test_those_drawn_who_agree_directly_make_what_is_owed_known_at_l3(drawable: Desk, ask: Ask) -> None:
    assert ask(*arguments(drawable)).code == 0
    fill_in(drawable, [AGREES] * len(rows_of(drawable.folder / "list.csv")))
    secret = str(drawable.folder / "secret.hex")
    said = ask(
        *drawable.run("--commitment-secret", secret, "--format", "json", "--bundle", str(drawable.folder / "b"))
    )
    assert said.code == 0, said.err
    assert {one["asset"]: one["grade"] for one in json.loads(said.out)["assets"]} == {
        "BTC": "L3", "ETH": "L3", "USDT": "L3"
    }  # fmt: skip
    for path in (drawable.folder / "b").rglob("*"):
        assert path.is_dir() or CUSTOMER.encode() not in path.read_bytes()
    assert ask("verify", str(drawable.folder / "b")).code == 0


def test_a_block_of_an_evm_chain_draws_as_well(drawable: Desk, ask: Ask) -> None:
    node = drawable.world.nodes[ONE]
    height, whole = int(node("eth_blockNumber"), 16) - 1, False
    block = node("eth_getBlockByNumber", hex(height), whole)
    committed(drawable, published(drawable, Draw(network=ONE, height=height, method="customer", size=3)))
    said = ask(*arguments(drawable, "--format", "json"))
    assert said.code == 0, said.err
    assert json.loads(said.out) == {
        "schema": "reservecheck/draw/v1-draft",
        "commitment": digest_of(drawable),
        "network": ONE,
        "height": height,
        "hash": block["hash"][2:],
        "time": utc_text(int(block["timestamp"], 16)),
        "read_from": "own-source",
        "method": "customer",
        "assets": [
            {"asset": "BTC", "draws": 3, "customers": json.loads(said.out)["assets"][0]["customers"]},
            *({"asset": asset, "draws": 3, "customers": 1} for asset in ("ETH", "KRW", "USDT")),
        ],
    }


def test_a_hash_that_was_typed_is_said_to_be(drawable: Desk, ask: Ask) -> None:
    said = ask(*arguments(drawable, "--block-hash", f"0x{TYPED.upper()}"))
    assert said.code == 0
    assert (
        f"block       bitcoin:regtest {LATER}\nhash        {TYPED}\n"
        "from        typed: read it from a source of your own, or look it up and give it to run with --anchors\n"
    ) in said.out
    assert "unless the commitment was public before that block was made. Nothing here" in said.out
    assert {(row["block_time"], row["read_from"]) for row in rows_of(drawable.folder / "list.csv")} == {
        ("", "typed")
    }


def test_a_hash_from_somebody_elses_source_is_to_be_looked_up(drawable: Desk, ask: Ask) -> None:
    drawable.change("providers.toml", 'run_by = "practitioner"', 'run_by = "third-party"')
    said = ask(*arguments(drawable))
    assert "from        src-bitcoin-regtest, none of them your own: look the hash up and give it to run" in said.out


def test_an_asset_nobody_is_owed_has_nobody_drawn(drawable: Desk, ask: Ask) -> None:
    drawable.change("snapshot/customers.csv", ",ETH,10,", ",ETH,0,")
    drawable.change("snapshot/snapshot.toml", 'ETH = "10", ', 'ETH = "0", ')
    said = ask(*arguments(committed(drawable, published(drawable))))
    assert said.code == 0
    assert "\nETH         nothing is owed: nobody can be drawn\n" in said.out


def refused(desk: Desk, ask: Ask, *more: str) -> str:
    """The error; nothing is written."""
    said = ask(*arguments(desk, *more))
    assert (said.code, said.out) == (2, "")
    assert not (desk.folder / "list.csv").exists()
    assert CUSTOMER not in said.err
    return said.err


def test_a_block_that_is_not_there_yet_draws_nobody(drawable: Desk, ask: Ask) -> None:
    tip = bitcoin(drawable)("getblockcount")
    for height, state in ((tip + 5, "is not there yet: 6 blocks to go"), (tip, "is not final yet: 1 block to go")):
        committed(drawable, published(drawable, replace(DRAW, height=height)))
        assert refused(drawable, ask) == f"error: bitcoin:regtest: block {height} {state}\n  hint: run again then\n"


@pytest.mark.parametrize("height", [PIN, PIN + 1, PIN + 5])
def test_a_block_that_is_not_later_than_the_cut_off_for_certain_draws_nobody(
    drawable: Desk, ask: Ask, height: int
) -> None:
    committed(drawable, published(drawable, replace(DRAW, height=height)))
    time = utc_text(CUTOFF - 300 + 600 * (height - PIN))
    assert refused(drawable, ask) == (
        f"error: bitcoin:regtest: block {height} of {time} is not later than the cut-off 2018-06-28T00:00:00+09:00"
        " for certain\n  hint: a draw is by a block that nobody could know when the balances were taken\n"
    )


def test_without_a_commitment_that_names_a_block_nobody_is_drawn(tmp_path: Path, world: World, ask: Ask) -> None:
    desk = new_desk(tmp_path / "bare", world)
    (desk.folder / "secret.hex").write_text(SECRET.hex())
    assert refused(desk, ask) == (
        f"error: {desk.snapshot}/snapshot.toml: no commitment is listed\n"
        '  hint: write commitment = "commitment.json" in snapshot.toml under [files]\n'
    )
    path = f"error: {desk.snapshot}/commitment.json: "
    committed(desk, published(desk, None))
    assert refused(desk, ask) == f"{path}it names no block, so nobody can be drawn by one{UNANNOUNCED}"
    committed(desk, published(desk, entity="hanul"))
    assert refused(desk, ask) == f"{path}it is of 'hanul', the engagement about 'nami'{BELONG}"
    (desk.snapshot / "commitment.json").write_text("{}")
    assert refused(desk, ask) == f"{path}the fields are not those of reservecheck/commitment/v1-draft\n"


@pytest.mark.parametrize("name", ["list.csv", "confirmations.csv", "asked/list.csv"])
def test_a_list_without_answers_is_not_written_into_a_snapshot_folder(drawable: Desk, ask: Ask, name: str) -> None:
    path = drawable.snapshot / name
    assert refused(drawable, ask, "--out", str(path)) == (
        f"error: {path} would lie in a snapshot folder\n"
        "  hint: name a place outside of it; with the answers it goes there as confirmations.csv\n"
    )
    assert not path.exists()


def test_without_an_engagement_nobody_knows_what_later_is(drawable: Desk, ask: Ask) -> None:
    (drawable.snapshot / "engagement.toml").unlink()
    assert refused(drawable, ask) == (
        f"error: {drawable.snapshot}/engagement.toml: there is no engagement\n"
        "  hint: write one with a cutoff: whoever is drawn is drawn after it\n"
    )


def test_trees_that_are_not_those_committed_to_draw_nobody(drawable: Desk, ask: Ask) -> None:
    secret = drawable.folder / "secret.hex"
    another = "rows and secret give another tree than the one committed to"
    secret.write_text("11" * 32)
    assert refused(drawable, ask) == f"error: BTC: {another}{BELONG}"
    secret.write_text(SECRET.hex())
    honest = published(drawable)
    drawable.change("snapshot/customers.csv", ",BTC,60,", ",BTC,61,")
    assert refused(drawable, ask) == f"error: BTC: {another}{BELONG}"
    drawable.change("snapshot/customers.csv", ",BTC,61,", ",BTC,60,")
    scope = replace(honest.trees[1].scope, decimals=8)
    committed(drawable, replace(honest, trees=(honest.trees[0], replace(honest.trees[1], scope=scope))))
    assert refused(drawable, ask) == "error: ETH is committed to with 8 decimals, it has 18\n"
    more = replace(honest.trees[0], scope=replace(honest.trees[0].scope, asset="LTC"))
    committed(drawable, replace(honest, trees=(*honest.trees[:3], more, honest.trees[3])))
    assert refused(drawable, ask) == f"error: LTC is committed to, and there is no customer row of it{BELONG}"


def test_an_asset_without_a_tree_has_nobody_drawn(drawable: Desk, ask: Ask) -> None:
    honest = published(drawable)
    said = ask(*arguments(committed(drawable, replace(honest, trees=honest.trees[:1]))))
    assert said.code == 0
    assert {row["asset"] for row in rows_of(drawable.folder / "list.csv")} == {"BTC"}


def test_where_nothing_is_owed_nobody_is_drawn(drawable: Desk, ask: Ask) -> None:
    path = drawable.snapshot / "customers.csv"
    path.write_text(f"customer,asset,balance,class\n{CUSTOMER}-1,BTC,0,spot\n")
    committed(drawable, published(drawable))
    assert refused(drawable, ask) == "error: nothing is owed in any tree: nobody can be drawn\n"


def test_a_network_nobody_knows_has_no_block_to_read(drawable: Desk, ask: Ask) -> None:
    committed(drawable, published(drawable, replace(DRAW, network="moon:base")))
    assert refused(drawable, ask) == (
        "error: 'moon:base' is not a network this tool knows\n  hint: give its --block-hash\n"
    )


def test_one_source_of_the_hash_is_given_and_it_is_one(drawable: Desk, ask: Ask) -> None:
    neither = "error: give either --providers or --block-hash\n"
    hint = "  hint: --providers reads the block's hash from your own sources, --block-hash takes it from you\n"
    (drawable.folder / "bundle").mkdir()
    (drawable.folder / "bundle" / "manifest.json").touch()
    inside = str(drawable.folder / "bundle" / "list.csv")
    said = ask(*[inside if one.endswith("list.csv") else one for one in arguments(drawable)])
    assert (said.code, "private and inside of a bundle or evidence set" in said.err) == (2, True)
    both = refused(drawable, ask, "--block-hash", TYPED, "--providers", str(drawable.providers))
    assert both == neither + hint
    assert "a block's hash is 64 hex digits" in refused(drawable, ask, "--block-hash", TYPED[1:])


def test_trees_that_the_exchange_keeps_draw_the_same(tmp_path: Path, world: World, ask: Ask) -> None:
    desk = new_desk(tmp_path / "desk", world)
    (desk.folder / "secret.hex").write_text(SECRET.hex())
    (desk.folder / "secret.hex").chmod(0o600)
    kept, out = desk.folder / "kept", desk.folder / "commitment.json"
    told = ["--private", str(kept), "--out", str(out), "--secret", str(desk.folder / "secret.hex")]
    draw = f"{BITCOIN}:{LATER}:amount:60"
    said = ask("liabilities", "commit", str(desk.snapshot), *told, "--draw", draw)
    assert said.code == 0, said.err
    (desk.snapshot / "commitment.json").write_bytes(out.read_bytes())
    desk.change("snapshot/snapshot.toml", "[files]\n", '[files]\ncommitment = "commitment.json"\n')
    assert ask(*arguments(desk)).code == 0
    built = (desk.folder / "list.csv").read_bytes()
    (desk.folder / "list.csv").unlink()
    assert ask(*arguments(desk, "--private", str(kept))).code == 0
    assert (desk.folder / "list.csv").read_bytes() == built
    (desk.folder / "list.csv").unlink()
    committed(desk, published(desk))
    assert refused(desk, ask, "--private", str(kept)) == (
        f"error: {kept}: its trees are not those of the commitment in the snapshot folder{BELONG}"
    )


def test_one_of_secret_and_private_folder_is_given(drawable: Desk, ask: Ask) -> None:
    both = refused(
        drawable, ask, "--private", str(drawable.folder), "--secret", str(drawable.folder / "secret.hex")
    )
    assert both == (
        "error: give either --secret or --private\n"
        "  hint: --secret builds the trees again from the customer rows, --private takes those the exchange keeps\n"
    )


def test_a_list_that_exists_is_not_overwritten(drawable: Desk, ask: Ask) -> None:
    path = drawable.folder / "list.csv"
    path.write_text("answers")
    said = ask(*arguments(drawable))
    assert (said.code, said.out) == (2, "")
    assert path.read_text() == "answers"
