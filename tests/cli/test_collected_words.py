from __future__ import annotations

from pathlib import Path

from tests.cli.command_line import Ask
from tests.cli.small_world import Desk
from tests.nodes.fault_proxy import error_body, fault_proxy, method

from reservecheck.cli.collected_words import MOST


def test_a_collection_says_how_much_is_proven_where_proofs_were_asked_for(desk: Desk, ask: Ask) -> None:
    said = ask(*desk.collect("plain"))
    assert ", 0 unread; evidence in " in said.err
    text = desk.providers.read_text().replace('kind = "evm"\n', 'kind = "evm"\nproofs = true\n')
    desk.providers.write_text(text)
    said = ask(*desk.collect("proven"))
    assert ", 0 unread, 6 proven to their blocks; evidence in " in said.err


def test_the_first_unread_holdings_are_named_and_the_rest_counted(desk: Desk, ask: Ask, tmp_path: Path) -> None:
    rows = "".join(f"0x{number:040x}\n" for number in range(1 << 100, (1 << 100) + MOST))
    (desk.folder / "many.csv").write_text(f"address\n{rows}")
    with desk.wallets.open("a") as wallets:
        wallets.write('[[list]]\nlabel = "many"\nfile = "many.csv"\nnetwork = "eip155:31337"\n')
        wallets.write('storage = "cold"\nowner = "customers"\n')
    with fault_proxy(desk.world.nodes["eip155:31337"]) as proxy:
        desk.urls["eip155:31337"] = proxy.url
        desk.write_providers()
        for name in ("eth_call", "eth_getBalance"):
            proxy.when(method(name), error_body(-32000, "no"))
        said = ask(*desk.collect(str(tmp_path / "evidence")))
    assert said.code == 1
    assert said.err.count("  unread: ") == MOST
    assert "  … and " in said.err
