"""What is suspicious without being wrong."""

from __future__ import annotations

from pathlib import Path

from base58_bech32.bech32 import bech32_encode
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.declare.lint import _cut_out, lint_across, lint_wallets
from reservecheck.declare.wallets import load_wallets, read_wallets
from reservecheck.model.declared import Declaration
from reservecheck.registry.shipped import load_registry

REGISTRY = load_registry()
P2PKH = "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu"
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
ACCOUNT = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"


def declared(folder: Path, *rows: tuple[str, str], entity: str = "kaede", shared: str = "") -> Path:
    path = folder / f"{entity}.toml"
    text = f'format = "reservecheck/wallets/v1"\nentity = "{entity}"\n'
    for number, (network, address) in enumerate(rows, 1):
        text += f'[[wallet]]\nlabel = "w{number}"\nnetwork = "{network}"\naddress = "{address}"\n'
        text += f'storage = "cold"\nowner = "customers"\nshared_with = [{shared}]\n'
    path.write_text(text, encoding="utf-8")
    return path


def found(path: Path) -> list[str]:
    problems = lint_wallets(read_wallets(path, REGISTRY), REGISTRY)
    return [str(problem).replace(f"{path.parent}/", "") for problem in problems]


def test_a_clean_file_has_nothing_to_look_at(tmp_path: Path) -> None:
    path = declared(tmp_path, ("bitcoin:mainnet", SEGWIT), ("eip155:1", ACCOUNT), ("eip155:56", ACCOUNT))
    assert found(path) == []


def test_o1_duplicates_are_told_with_the_line_of_the_first(tmp_path: Path) -> None:
    rows = [("bitcoin:mainnet", SEGWIT), ("bitcoin:mainnet", SEGWIT), ("bitcoin:mainnet", SEGWIT.upper())]
    assert found(declared(tmp_path, *rows)) == [
        (
            "kaede.toml:10: w2 is the same holding as w1 (kaede.toml:3)\n"
            "  hint: it counts once, on the first line: remove one"
        ),
        (
            "kaede.toml:17: w3 is the same holding as w1 (kaede.toml:3)\n"
            f"  hint: {SEGWIT.upper()} and {SEGWIT} are two spellings of one address: remove one"
        ),
    ]


def test_o3_token_contracts_and_burn_addresses_are_no_wallets(tmp_path: Path) -> None:
    rows = [
        ("eip155:1", "0xdac17f958d2ee523a2206206994597c13d831ec7"),
        ("eip155:1", "0x000000000000000000000000000000000000dEaD"),
        ("bitcoin:mainnet", "1CounterpartyXXXXXXXXXXXXXXXUWLpVr"),
    ]
    assert found(declared(tmp_path, *rows)) == [
        (
            "kaede.toml:3: w1 is the token contract of USDT\n"
            "  hint: a token contract is nobody's wallet: declare the account that holds tokens"
        ),
        "kaede.toml:10: w2 is a burn address\n  hint: nobody can spend from it: remove it",
        "kaede.toml:17: w3 is a burn address\n  hint: nobody can spend from it: remove it",
    ]


def test_the_account_of_a_token_contract_is_nothing_special_on_another_chain(tmp_path: Path) -> None:
    assert found(declared(tmp_path, ("eip155:56", "0xdac17f958d2ee523a2206206994597c13d831ec7"))) == []


def test_a_fragment_of_another_address_is_told(tmp_path: Path) -> None:
    account = "0a2c3d4e5f" * 4
    digits = ["qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(letter) for letter in account]
    longer = bech32_encode("bc", [1, *digits, *[0] * 24]).decode()
    assert account in longer
    assert found(declared(tmp_path, ("eip155:1", "0x" + account), ("bitcoin:mainnet", longer))) == [
        (
            "kaede.toml:3: w1 stands inside the address of w2\n"
            "  hint: it may have been cut out of it: compare both with their source"
        )
    ]


def holders(folder: Path, first: str, second: str) -> list[Declaration]:
    paths = [
        declared(folder, ("bitcoin:mainnet", SEGWIT), ("eip155:1", ACCOUNT), entity="kaede", shared=first),
        declared(folder, ("bitcoin:mainnet", SEGWIT.upper()), ("eip155:56", ACCOUNT), entity="aoi", shared=second),
    ]
    return [load_wallets(path, REGISTRY) for path in paths]


def test_o2_one_holding_declared_by_two_exchanges_is_told(tmp_path: Path) -> None:
    problems = lint_across(holders(tmp_path, "", ""))
    assert [str(problem) for problem in problems] == [
        (
            f"aoi.toml: w1 ({SEGWIT.upper()} on bitcoin:mainnet) is declared by kaede too, as w1\n"
            "  hint: one of the two does not hold it, or both must say so in shared_with"
        )
    ]


def test_o2_saying_that_it_is_shared_does_not_silence_it(tmp_path: Path) -> None:
    problems = lint_across(holders(tmp_path, '"aoi"', '"kaede"'))
    assert [problem.hint for problem in problems] == [
        "both say that they share it: what it holds must cover the customers of both"
    ]


def test_two_lines_of_one_entity_are_not_a_matter_between_entities(tmp_path: Path) -> None:
    path = declared(tmp_path, ("bitcoin:mainnet", SEGWIT), ("bitcoin:mainnet", SEGWIT))
    assert lint_across([load_wallets(path, REGISTRY)]) == []


def test_lines_of_lists_are_told_where_they_stand(tmp_path: Path) -> None:
    path = declared(tmp_path, ("bitcoin:mainnet", SEGWIT))
    with path.open("a", encoding="utf-8") as file:
        for name in ("cold", "vault"):
            file.write(f'[[list]]\nlabel = "{name}"\nfile = "{name}.csv"\nnetwork = "bitcoin:mainnet"\n')
            file.write('storage = "cold"\nowner = "customers"\n')
    (tmp_path / "cold.csv").write_text(f"address\n{P2PKH}\n1CounterpartyXXXXXXXXXXXXXXXUWLpVr\n", encoding="utf-8")
    (tmp_path / "vault.csv").write_text(f"address\n{P2PKH}\n{SEGWIT}\n", encoding="utf-8")
    assert [line.partition("\n")[0] for line in found(path)] == [
        "vault.csv:2: vault/1 is the same holding as cold/1 (cold.csv:2)",
        "vault.csv:3: vault/2 is the same holding as w1 (kaede.toml:3)",
        "cold.csv:3: cold/2 is a burn address",
    ]


def test_a_statement_has_nothing_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "kaede.toml"
    text = 'format = "reservecheck/wallets/v1"\nentity = "kaede"\n'
    text += '[[statement]]\nlabel = "vault"\ncustodian = "Example Custody"\nowner = "customers"\n'
    path.write_text(text, encoding="utf-8")
    assert found(path) == []


@given(st.lists(st.text("aB1", min_size=1, max_size=12), max_size=12))
def test_what_is_cut_out_is_what_a_look_at_every_pair_finds(texts: list[str]) -> None:
    pairs = {(part, whole) for whole in texts for part in texts if part in whole and part != whole}
    cut = _cut_out(texts)
    assert set(cut) == {part for part, _ in pairs}
    assert set(cut.items()) <= pairs
