"""`utxo_set` of a source: for whom it may stand, and that no message repeats where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from reservecheck.declare.providers import load_providers
from reservecheck.errors import InputError

SOURCE: Final = """format = "reservecheck/providers/v1"
[[source]]
name = "own-node"
network = "bitcoin:mainnet"
kind = "bitcoind"
operator = "practitioner-llp"
run_by = "practitioner"
url = "http://127.0.0.1:8332"
timeout_s = 30
"""
SET: Final = 'proofs = true\nutxo_set = "hidden/set.dat"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "providers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_providers(written(folder, text))
    found = [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]
    assert "hidden" not in "".join(found)
    return found


def test_a_set_is_named_beside_the_file_and_the_node_sees_it_at_the_same_path(tmp_path: Path) -> None:
    (provider,) = load_providers(written(tmp_path, SOURCE + SET))
    assert provider.card.proofs
    assert provider.coin_set is not None
    found = provider.coin_set
    assert (found.path, found.on_node, found.stated, found.silent_s) == (
        tmp_path / "hidden" / "set.dat", f"{tmp_path}/hidden/set.dat", "", 30,
    )  # fmt: skip
    assert "hidden" not in repr(provider)


def test_a_node_elsewhere_has_its_own_path_and_a_set_its_stated_hash(tmp_path: Path) -> None:
    more = f'utxo_set_on_node = "/data/set.dat"\nutxo_set_hash = "{"ab" * 32}"\n'
    (provider,) = load_providers(written(tmp_path, SOURCE + SET + more))
    assert provider.coin_set is not None
    assert (provider.coin_set.on_node, provider.coin_set.stated) == ("/data/set.dat", "ab" * 32)


def test_a_source_without_a_set_has_none(tmp_path: Path) -> None:
    (provider,) = load_providers(written(tmp_path, SOURCE))
    assert provider.coin_set is None


@pytest.mark.parametrize("run_by", ["third-party", "entity"])
def test_a_set_of_somebody_elses_node_is_refused(tmp_path: Path, run_by: str) -> None:
    text = SOURCE.replace('run_by = "practitioner"', f'run_by = "{run_by}"') + SET
    (said,) = refused(tmp_path, text)
    assert said == (
        "providers.toml:11: utxo_set: a dump proves something only if the practitioner's own node made it\n"
        '  hint: name it for a source with run_by = "practitioner", or drop it'
    )


@pytest.mark.parametrize("network", ["bitcoincash:mainnet", "eip155:1"])
def test_a_set_of_a_network_whose_dumps_are_not_read_is_refused(tmp_path: Path, network: str) -> None:
    kind = "evm" if network == "eip155:1" else "bitcoind"
    text = SOURCE.replace("bitcoin:mainnet", network).replace('"bitcoind"', f'"{kind}"') + SET
    assert refused(tmp_path, text) == [
        f"providers.toml:11: utxo_set: no UTXO-set dump of {network} is read\n  hint: drop it"
    ]


def test_a_set_without_proofs_and_proofs_without_a_set_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, SOURCE + SET.replace("proofs = true\n", "")) == [
        "providers.toml:10: utxo_set stands without proofs = true\n  hint: write proofs = true, or drop utxo_set"
    ]
    (said,) = refused(tmp_path, SOURCE + "proofs = true\n")
    assert said == (
        "providers.toml:10: proofs of Bitcoin's family are UTXO sets, and no utxo_set is named\n"
        '  hint: write utxo_set = "/path/of/a/dump.dat", or drop proofs'
    )


@pytest.mark.parametrize("line", ['utxo_set_on_node = "/hidden"', f'utxo_set_hash = "{"ab" * 32}"'])
def test_what_belongs_to_a_set_does_not_stand_alone(tmp_path: Path, line: str) -> None:
    key = line.partition(" ")[0]
    assert refused(tmp_path, f"{SOURCE}{line}\n") == [
        f"providers.toml:10: {key} stands without utxo_set\n  hint: name the file with utxo_set"
    ]


@pytest.mark.parametrize("key", ["utxo_set", "utxo_set_on_node"])
def test_a_path_that_cannot_be_one_is_refused(tmp_path: Path, key: str) -> None:
    text = SOURCE + SET + ('utxo_set_on_node = "/hidden"\n' if key == "utxo_set_on_node" else "")
    broken = text.replace(f'{key} = "', f'{key} = "\\u0000')
    assert [line.partition(": ")[2] for line in refused(tmp_path, broken)] == [
        f"{key} holds a character that no path has"
    ]


def test_a_hash_is_64_lower_case_digits(tmp_path: Path) -> None:
    """What stands there instead may be the path of a dump, which no message shows."""
    said = "providers.toml:12: utxo_set_hash is not 64 lower-case hex digits\n"
    assert refused(tmp_path, SOURCE + SET + 'utxo_set_hash = "/hidden/set.dat"\n') == [
        f"{said}  hint: write the txoutset_hash as dumptxoutset printed it"
    ]


def test_an_empty_path_names_no_set(tmp_path: Path) -> None:
    assert refused(tmp_path, SOURCE + 'proofs = true\nutxo_set = ""\n') == [
        "providers.toml:11: utxo_set is empty\n  hint: name a file, or drop it"
    ]
