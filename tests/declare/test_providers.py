"""Providers files: sources, credentials by environment, and nothing secret in any repr or message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reservecheck.declare.providers import ONE_OPERATOR, Auth, endpoints_of, host_of, load_providers, secrets_of
from reservecheck.errors import InputError, SourceError
from reservecheck.transport.record import SourceCard

HEAD = 'format = "reservecheck/providers/v1"\n'
NODE = """[[source]]
name = "own-node"
network = "bitcoin:mainnet"
kind = "bitcoind"
operator = "practitioner-llp"
run_by = "practitioner"
url = "http://127.0.0.1:8332"
auth = { cookie_file = ".cookie" }
requests_per_second = 7
parallel = 2
timeout_s = 30
"""
EVM = """[[source]]
name = "evm"
network = "eip155:1"
kind = "evm"
operator = "somebody"
run_by = "third-party"
url_env = "ETH_URL"
auth = { header = "X-Api-Key", value_env = "ETH_KEY" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "providers.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_providers(written(folder, text))
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_sources_are_read_with_their_cards(tmp_path: Path) -> None:
    node, evm = load_providers(written(tmp_path, NODE + EVM))
    assert node.card == SourceCard(
        name="own-node",
        network="bitcoin:mainnet",
        kind="bitcoind",
        operator="practitioner-llp",
        run_by="practitioner",
    )
    assert (node.url, node.requests_per_second, node.parallel, node.timeout_s) == (
        "http://127.0.0.1:8332",
        7,
        2,
        30,
    )
    assert node.auth == Auth(cookie_file=tmp_path / ".cookie")
    assert (evm.url, evm.url_env, evm.requests_per_second, evm.parallel, evm.timeout_s) == (
        "",
        "ETH_URL",
        20,
        4,
        60,
    )


def test_secrets_are_resolved_at_use(tmp_path: Path) -> None:
    node, evm = load_providers(written(tmp_path, NODE + EVM))
    endpoint = secrets_of(evm, {"ETH_URL": "https://rpc.example/v2/KEY", "ETH_KEY": "secret"})
    assert (endpoint.url, endpoint.headers) == ("https://rpc.example/v2/KEY", {"X-Api-Key": "secret"})
    assert endpoint.credentials() is None
    (tmp_path / ".cookie").write_text("__cookie__:abc", encoding="ascii")
    assert secrets_of(node, {}).credentials() == ("__cookie__", "abc")


def test_user_and_password_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = NODE.replace('{ cookie_file = ".cookie" }', '{ user_env = "RPC_USER", password_env = "RPC_PASSWORD" }')
    (node,) = load_providers(written(tmp_path, text))
    monkeypatch.setenv("RPC_USER", "alice")
    monkeypatch.setenv("RPC_PASSWORD", "hunter2")
    assert node.endpoint().credentials() == ("alice", "hunter2")


def test_a_source_without_credentials_is_fine(tmp_path: Path) -> None:
    (node,) = load_providers(written(tmp_path, NODE.replace('auth = { cookie_file = ".cookie" }\n', "")))
    endpoint = secrets_of(node, {})
    assert (endpoint.user, endpoint.password, endpoint.cookie_file, endpoint.headers) == (None, None, None, {})


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    _, evm = load_providers(written(tmp_path, NODE + EVM))
    with pytest.raises(SourceError) as caught:
        secrets_of(evm, {"ETH_URL": "https://rpc.example"})
    assert str(caught.value) == (
        "source evm: the environment variable ETH_KEY is not set\n  hint: set it, for example: export ETH_KEY=…"
    )


def test_no_repr_shows_a_url_or_a_secret(tmp_path: Path) -> None:
    for provider in load_providers(written(tmp_path, NODE + EVM)):
        shown = repr(provider) + repr(
            secrets_of(provider, {"ETH_URL": "https://x.example/KEY", "ETH_KEY": "secret"})
        )
        for hidden in ("127.0.0.1", "x.example", "KEY", "ETH_URL", "secret", ".cookie"):
            assert hidden not in shown


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "http://127.0.0.1:8332",
            "http://alice:hunter2@127.0.0.1:8332",
            (
                "providers.toml:8: url holds a user or password\n  hint: write auth = "
                '{ user_env = "…", password_env = "…" }, or the whole URL in a variable: url_env = "…"'
            ),
        ),
        (
            "http://127.0.0.1:8332",
            "http://127.0.0.1:8332/?apikey=hunter2",
            (
                "providers.toml:8: url holds a query\n  hint: a key in it would be written to files: put the whole "
                'URL in a variable, url_env = "…"'
            ),
        ),
        (
            "http://127.0.0.1:8332",
            "127.0.0.1:8332",
            (
                "providers.toml:8: url is not an http or https address\n"
                '  hint: write it as in "http://127.0.0.1:8332"'
            ),
        ),
        (
            "http://127.0.0.1:8332",
            "http://:8332",
            (
                "providers.toml:8: url is not an http or https address\n"
                '  hint: write it as in "http://127.0.0.1:8332"'
            ),
        ),
        (
            'url = "http://127.0.0.1:8332"\n',
            "",
            (
                'providers.toml:2: [[source]] lacks "url"\n'
                '  hint: write url = "http://127.0.0.1:8332", or url_env = "NAME"'
            ),
        ),
        (
            'url = "http://127.0.0.1:8332"\n',
            'url = "http://127.0.0.1:8332"\nurl_env = "X"\n',
            "providers.toml:9: url and url_env are both given\n  hint: keep one of them",
        ),
        (
            '{ cookie_file = ".cookie" }',
            '{ user_env = "A" }',
            (
                "providers.toml:9: auth holds user_env\n"
                "  hint: write { cookie_file }, { user_env, password_env } or { header, value_env }"
            ),
        ),
        (
            '{ cookie_file = ".cookie" }',
            "{}",
            (
                "providers.toml:9: auth holds nothing\n"
                "  hint: write { cookie_file }, { user_env, password_env } or { header, value_env }"
            ),
        ),
        (
            '{ cookie_file = ".cookie" }',
            '{ user_env = "A B", password_env = "C" }',
            "providers.toml:9: user_env is something else\n  hint: write the name of an environment variable",
        ),
        (
            'kind = "bitcoind"',
            'kind = "esplora"',
            "providers.toml:5: kind is something else\n  hint: write one of bitcoind, evm",
        ),
        (
            'run_by = "practitioner"',
            'run_by = "us"',
            "providers.toml:7: run_by is something else\n  hint: write one of practitioner, third-party, entity",
        ),
        (
            "parallel = 2",
            "parallel = 0",
            "providers.toml:11: parallel is 0\n  hint: write a whole number from 1 to 1000",
        ),
        (
            "timeout_s = 30",
            "timeout = 30",
            'providers.toml:12: [[source]] has an unknown key\n  hint: did you mean "timeout_s"?',
        ),
    ],
)
def test_each_mistake_is_told_without_its_secret(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in NODE
    found = refused(tmp_path, NODE.replace(old, new, 1))
    assert found == [expected]
    assert "hunter2" not in "".join(found)


KEYS_HERE = (
    "name, network, kind, operator, run_by, proofs, url, url_env, timeout_s, auth, requests_per_second, parallel, "
    "utxo_set, utxo_set_on_node, utxo_set_hash"
)
A_VARIABLE = "write the name of an environment variable"
MISPLACED = "sk9f86d081884c7d659a2feaa0"
HERE = f"https://h.example/v3/{MISPLACED}"
WAYS = "write { cookie_file }, { user_env, password_env } or { header, value_env }"


@pytest.mark.parametrize(
    ("old", "new", "told", "hint"),
    [
        (
            '"evm"',
            f'"{MISPLACED}_"',
            "3: name is something else",
            "write lower-case letters, digits and hyphens, at most 64",
        ),
        (
            '"eip155:1"',
            f'"{HERE}"',
            "4: network is something else",
            "write a network such as bitcoin:mainnet or eip155:1",
        ),
        ('kind = "evm"', f'kind = "{MISPLACED}"', "5: kind is something else", "write one of bitcoind, evm"),
        (
            '"somebody"',
            f'"{HERE}"',
            "6: operator is not a name on one line",
            "write 1 to 80 letters and digits of any script, single blanks, and . , & ' ( ) - / only",
        ),
        (
            '"third-party"',
            f'"{MISPLACED}"',
            "7: run_by is something else",
            "write one of practitioner, third-party, entity",
        ),
        ('"ETH_URL"', f'"{HERE}"', "8: url_env is something else", A_VARIABLE),
        ('"ETH_KEY"', f'"{MISPLACED}="', "9: value_env is something else", A_VARIABLE),
        ('"X-Api-Key"', f'"X-Api-Key: {MISPLACED}"', "9: header is something else", "write a header's name"),
        ('header = "X-Api-Key"', f'{MISPLACED} = ""', "9: auth holds value_env, something else", WAYS),
        (
            '"ETH_URL"\n',
            f'"ETH_URL"\n{MISPLACED} = 1\n',
            "9: [[source]] has an unknown key",
            f"the keys here are {KEYS_HERE}",
        ),
    ],
)
def test_a_key_at_the_wrong_place_is_not_repeated(tmp_path: Path, old: str, new: str, told: str, hint: str) -> None:
    assert old in EVM
    assert refused(tmp_path, EVM.replace(old, new, 1)) == [f"providers.toml:{told}\n  hint: {hint}"]


def test_a_variable_that_may_be_a_key_is_not_named(tmp_path: Path) -> None:
    (evm,) = load_providers(written(tmp_path, EVM.replace("ETH_URL", MISPLACED)))
    with pytest.raises(SourceError) as caught:
        secrets_of(evm, {})
    assert str(caught.value) == (
        "source evm: the environment variable that url_env names is not set\n"
        "  hint: set it, for example: export NAME=…"
    )


@pytest.mark.parametrize(
    ("network", "kind", "fitting"), [("eip155:1", "bitcoind", "evm"), ("litecoin:mainnet", "evm", "bitcoind")]
)
def test_the_kind_is_the_networks(tmp_path: Path, network: str, kind: str, fitting: str) -> None:
    text = NODE.replace('"bitcoin:mainnet"', f'"{network}"').replace('"bitcoind"', f'"{kind}"')
    assert refused(tmp_path, text) == [
        f"providers.toml:5: kind is '{kind}', {network} is not read with it\n  hint: write \"{fitting}\""
    ]


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, NODE + NODE) == [
        "providers.toml:14: two sources are called 'own-node'\n  hint: names are unique"
    ]


def second(**changes: str) -> str:
    found = NODE.replace('"own-node"', '"second"')
    for key, value in changes.items():
        found = re.sub(rf'^{key} = ".*"', f'{key} = "{value}"', found, flags=re.MULTILINE)
    return found


def test_a_network_may_have_several_sources(tmp_path: Path) -> None:
    found = load_providers(
        written(tmp_path, NODE + second(operator="somebody-else", url="http://other.example:8332"))
    )
    assert [one.card.network for one in found] == ["bitcoin:mainnet"] * 2


@pytest.mark.parametrize(
    "url",
    ["http://NODE.example:8332", "https://node.example./v1", "http://node.example:18332", "http://node.example"],
)
def test_one_address_is_one_operator(tmp_path: Path, url: str) -> None:
    first = re.sub(r'^url = ".*"', 'url = "http://node.example:8332"', NODE, flags=re.MULTILINE)
    said = "own-node and second are at one address, but have two operators"
    assert refused(tmp_path, first + second(operator="somebody-else", url=url)) == [
        f"providers.toml:17: {said}\n  hint: {ONE_OPERATOR}"
    ]
    assert len(load_providers(written(tmp_path, first + second(url=url)))) == 2
    elsewhere = second(operator="somebody-else", url=url, network="bitcoin:testnet4")
    assert len(load_providers(written(tmp_path, first + elsewhere))) == 2


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8545", "loopback:8545"),
        ("http://127.0.0.1:08545", "loopback:8545"),
        ("http://127.1:8545", "loopback:8545"),
        ("http://2130706433:8545", "loopback:8545"),
        ("http://0x7f.0.0.1:8545", "loopback:8545"),
        ("http://0177.0.0.1:8545", "loopback:8545"),
        ("http://0.0.0.0:8545", "loopback:8545"),
        ("http://localhost:8545/x", "loopback:8545"),
        ("http://localhost.", "loopback:80"),
        ("https://127.0.0.1", "loopback:443"),
        ("http://[::1]:8545", "loopback:8545"),
        ("http://[0:0:0:0:0:0:0:1]:8545", "loopback:8545"),
        ("http://[::ffff:127.0.0.1]:8545", "loopback:8545"),
        ("http://[2001:db8::1]:8545/key", "2001:db8::1"),
        ("http://[2001:DB8:0:0::1]", "2001:db8::1"),
        ("http://192.168.0.1:8545", "192.168.0.1"),
        ("http://1.2.3.4.5:8545", "1.2.3.4.5"),
        ("http://node-1:8545", "node-1"),
        ("https://user:key@Node.Example.:443/v1?key=1", "node.example"),
        ("https://node.example", "node.example"),
        ("ftp://node.example", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address_is_without_port_but_on_the_loopback(url: str, host: str) -> None:
    assert host_of(url) == host


def test_an_operator_is_the_entity_in_all_its_sources_or_in_none(tmp_path: Path) -> None:
    elsewhere = second(url="http://other.example", run_by="entity", operator="Practitioner LLP")
    assert refused(tmp_path, NODE + elsewhere) == [
        (
            "providers.toml:18: own-node and second have one operator, and only one is run by the entity\n"
            '  hint: write run_by = "entity" for both, or correct the operator'
        )
    ]


@pytest.mark.parametrize("operator", ["-", "?", "\u3164"])
def test_an_operator_has_a_name(tmp_path: Path, operator: str) -> None:
    (said,) = refused(tmp_path, NODE.replace('"practitioner-llp"', f'"{operator}"'))
    assert said.startswith("providers.toml:6: operator is ")


def test_addresses_from_the_environment_are_compared_when_they_are_used(tmp_path: Path) -> None:
    first = re.sub(r'^url = ".*"', 'url_env = "ONE"', NODE, flags=re.MULTILINE)
    other = re.sub(r'^url = ".*"', 'url_env = "TWO"', second(operator="somebody-else"), flags=re.MULTILINE)
    providers = load_providers(written(tmp_path, first + other))
    environ = {"ONE": "https://node.example/v1/secret", "TWO": "https://node.example/v1/other-secret"}
    with pytest.raises(SourceError) as refused_:
        endpoints_of(providers, environ)
    assert refused_.value.message == "own-node and second are at one address, but have two operators"
    assert "secret" not in str(refused_.value)
    assert set(endpoints_of(providers, {**environ, "TWO": "https://elsewhere.example"})) == {"own-node", "second"}


def test_a_file_without_sources_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "") == ["providers.toml:1: no source is named\n  hint: add a [[source]]"]
