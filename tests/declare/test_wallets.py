"""Wallets files: what is read, in which order, and every refusal."""

from __future__ import annotations

import gc
import hashlib
from pathlib import Path

import polars as pl
import pytest

from reservecheck.declare.entries import NOT_SHIPPED
from reservecheck.declare.wallets import load_wallets
from reservecheck.errors import InputError
from reservecheck.model.words import Owner, Storage, WalletKind
from reservecheck.registry.shipped import load_registry

REGISTRY = load_registry()
HEAD = 'format = "reservecheck/wallets/v1"\nentity = "kaede"\n'
P2PKH = "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu"
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
ACCOUNT = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
USDT = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7"


def wallet(label: str, network: str = "bitcoin:mainnet", address: str = SEGWIT, more: str = "") -> str:
    return (
        f'[[wallet]]\nlabel = "{label}"\nnetwork = "{network}"\naddress = "{address}"\nstorage = "hot"\n'
        f'owner = "customers"\n{more}\n'
    )


def listing(label: str = "cold", file: str = "cold.csv", more: str = "") -> str:
    return (
        f'[[list]]\nlabel = "{label}"\nfile = "{file}"\nnetwork = "bitcoin:mainnet"\nstorage = "cold"\n'
        f'owner = "customers"\n{more}\n'
    )


def write(folder: Path, text: str, **lists: str) -> Path:
    path = folder / "kaede.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    for name, content in lists.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_wallets(path, REGISTRY)
    return [str(problem).replace(str(path.parent) + "/", "") for problem in caught.value.problems]


def test_a_whole_declaration_is_numbered_wallets_lists_statements(tmp_path: Path) -> None:
    text = (
        'name = "Kaede (fictional)"\n[declaration]\nby = "CFO"\ndate = 2018-09-14\n'
        '[[statement]]\nlabel = "mona-custody"\ncustodian = "Example Custody"\nowner = "customers"\n'
        + listing()
        + wallet("hot-1", more='shared_with = ["aoi"]')
        + wallet("eth", "eip155:1", ACCOUNT, f'instruments = ["{USDT}"]')
    )
    path = write(tmp_path, text, cold=f"address\n{P2PKH}\n")
    found = load_wallets(path, REGISTRY)
    assert (found.entity, found.name, found.provenance.by, found.provenance.date) == (
        "kaede",
        "Kaede (fictional)",
        "CFO",
        "2018-09-14",
    )
    assert found.provenance.role == found.provenance.document_sha256 == "not stated"
    assert [(one.line, one.label, one.kind) for one in found.wallets] == [
        (1, "hot-1", WalletKind.ADDRESS),
        (2, "eth", WalletKind.ADDRESS),
        (3, "cold/1", WalletKind.ADDRESS),
        (4, "mona-custody", WalletKind.STATEMENT),
    ]
    hot, eth, cold, statement = found.wallets
    assert (hot.shared_with, hot.storage, hot.instruments) == (("aoi",), Storage.HOT, None)
    assert (eth.identity, eth.address, eth.instruments) == (ACCOUNT.lower(), ACCOUNT, (USDT,))
    assert (cold.storage, cold.owner, cold.network) == (Storage.COLD, Owner.CUSTOMERS, "bitcoin:mainnet")
    assert (statement.identity, statement.network, statement.storage) == ("statement/mona-custody", "", None)
    assert statement.custodian == "Example Custody"
    assert [(file.name, file.sha256) for file in found.files] == [
        (name, hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()) for name in ("kaede.toml", "cold.csv")
    ]


def test_o1_a_later_line_of_the_same_holding_is_marked_whatever_its_spelling(tmp_path: Path) -> None:
    text = wallet("a") + wallet("b", address=SEGWIT.upper()) + wallet("c", "bitcoin:mainnet", P2PKH) + listing()
    found = load_wallets(write(tmp_path, text, cold=f"address\n{P2PKH}\n{SEGWIT}\n"), REGISTRY)
    assert [one.duplicate_of for one in found.wallets] == [None, 1, None, 3, 1]


def test_one_account_on_two_chains_is_two_holdings(tmp_path: Path) -> None:
    text = wallet("a", "eip155:1", ACCOUNT) + wallet("b", "eip155:56", ACCOUNT)
    found = load_wallets(write(tmp_path, text), REGISTRY)
    assert [one.duplicate_of for one in found.wallets] == [None, None]


def test_the_columns_of_a_list_override_its_defaults(tmp_path: Path) -> None:
    rows = f"label,owner,storage,network,address\nown,house,hot,eip155:1,{ACCOUNT}\n,,,,{P2PKH}\n"
    found = load_wallets(write(tmp_path, listing(), cold=rows), REGISTRY)
    own, second = found.wallets
    assert (own.label, own.owner, own.storage, own.network) == ("own", Owner.HOUSE, Storage.HOT, "eip155:1")
    assert (second.label, second.owner, second.storage, second.network) == (
        "cold/2",
        Owner.CUSTOMERS,
        Storage.COLD,
        "bitcoin:mainnet",
    )


def test_a_list_with_quotes_and_one_in_parquet_say_the_same(tmp_path: Path) -> None:
    plain, quoted = (
        f"address,owner\n{P2PKH},house\n{SEGWIT},\n",
        f'address,owner\r\n"{P2PKH}","house"\r\n{SEGWIT},\r\n',
    )
    frame = pl.DataFrame({"address": [P2PKH, SEGWIT], "owner": ["house", None]})
    frame.write_parquet(tmp_path / "cold.parquet")
    by_form = [
        load_wallets(write(tmp_path, listing(file=file), cold=content), REGISTRY).wallets
        for file, content in (("cold.csv", plain), ("cold.csv", quoted), ("cold.parquet", ""))
    ]
    assert by_form[0] == by_form[1] == by_form[2]
    assert [one.owner for one in by_form[0]] == [Owner.HOUSE, Owner.CUSTOMERS]


@pytest.mark.parametrize("network", ["", "bitcoin:mainnet"])
def test_rows_that_differ_in_their_address_alone_are_read_as_any_others(tmp_path: Path, network: str) -> None:
    alike = f"address,network\n{P2PKH},{network}\n{SEGWIT},{network}\n{P2PKH},{network}\n"
    mixed = f"{alike}{ACCOUNT},eip155:1\n"
    first, second = (
        load_wallets(write(tmp_path, wallet("a") + listing(), cold=rows), REGISTRY).wallets
        for rows in (alike, mixed)
    )
    assert first == second[:-1]
    assert [(one.line, one.label, one.duplicate_of) for one in first] == [
        (1, "a", None),
        (2, "cold/1", None),
        (3, "cold/2", 1),
        (4, "cold/3", 2),
    ]


def test_every_wrong_address_among_good_ones_is_told(tmp_path: Path) -> None:
    rows = f"address\n{P2PKH}\nnonsense\n{SEGWIT}\n{P2PKH}x\n"
    found = [line.partition("\n")[0] for line in refused(write(tmp_path, listing(), cold=rows))]
    assert found == [
        "cold.csv:3: 'nonsense' is not an address of bitcoin:mainnet: invalid checksum",
        f"cold.csv:5: '{P2PKH}x' is not an address of bitcoin:mainnet: invalid checksum",
    ]


def test_an_empty_declaration_is_refused(tmp_path: Path) -> None:
    assert refused(write(tmp_path, "")) == [
        "kaede.toml:1: no wallet is declared\n  hint: add a [[wallet]], a [[list]] or a [[statement]]"
    ]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = (
        wallet("a", address="nonsense")
        + wallet("a", "eip155:31339")
        + wallet("Bad Label", more='colour = "red"')
        + wallet(
            "n",
            "eip155:1",
            ACCOUNT,
            f'instruments = ["eip155:1/erc20:0x00", "bitcoin:mainnet/native", "{USDT}", "{USDT}"]',
        )
        + wallet("m", "eip155:1", ACCOUNT, "instruments = []")
        + '[[wallet]]\nlabel = "q"\n'
        + listing(file="absent.csv")
        + listing("cold", "../up.csv")
    )
    assert refused(write(tmp_path, text)) == [
        (
            "kaede.toml:6: 'nonsense' is not an address of bitcoin:mainnet: invalid checksum"
            "\n  hint: it is truncated: copy the whole address from its source"
        ),
        "kaede.toml:11: the label 'a' stands twice\n  hint: labels are unique in the declaration",
        (
            "kaede.toml:12: 'eip155:31339' is not a known network"
            "\n  hint: networks are those of the registry; an EVM "
            "chain beyond them must be named in engagement.toml"
        ),
        "kaede.toml:18: label is 'Bad Label'\n  hint: write lower-case letters, digits and hyphens, at most 64",
        (
            'kaede.toml:23: [[wallet]] has an unknown key "colour"'
            "\n  hint: the keys here are network, address, label, "
            "storage, owner, instruments, shared_with"
        ),
        (
            "kaede.toml:30: 'eip155:1/erc20:0x00' is not an instrument of the registry\n  hint: instruments are "
            "<network>/native or <network>/erc20:0x…, of the registry or accepted by name"
        ),
        "kaede.toml:30: bitcoin:mainnet/native is not on eip155:1\n  hint: name instruments of its network",
        f"kaede.toml:30: {USDT} stands twice in instruments\n  hint: remove one",
        "kaede.toml:37: instruments is empty: nothing would be read\n  hint: leave it out to read all",
        'kaede.toml:38: [[wallet]] lacks "network"\n  hint: write network = "…"',
        'kaede.toml:38: [[wallet]] lacks "address"\n  hint: write address = "…"',
        'kaede.toml:38: [[wallet]] lacks "storage"\n  hint: write storage = one of hot, cold, third-party',
        'kaede.toml:38: [[wallet]] lacks "owner"\n  hint: write owner = one of customers, house, mixed',
        "absent.csv: cannot be read: No such file or directory",
        "kaede.toml:48: the label 'cold' stands twice\n  hint: labels are unique in the declaration",
        (
            "kaede.toml:49: file is '../up.csv'"
            "\n  hint: put the list beside or below the wallets file, and separate "
            "folders with /"
        ),
    ]


def test_the_entity_is_the_name_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, wallet("a")).rename(tmp_path / "aoi.toml")
    assert refused(path) == [
        (
            "aoi.toml:2: entity is 'kaede', but the file is aoi.toml\n"
            '  hint: write entity = "aoi", or rename the file to kaede.toml'
        )
    ]


def test_a_list_without_a_file_or_a_default_says_so(tmp_path: Path) -> None:
    text = '[[list]]\nlabel = "x"\n[[list]]\nlabel = "cold"\nfile = "cold.csv"\n'
    rows = f"address,network,storage,owner\n{P2PKH},,,\n{P2PKH},bitcoin:mainnet,hot,\n{P2PKH},,hot,house\n"
    assert refused(write(tmp_path, text, cold=rows)) == [
        'kaede.toml:3: [[list]] lacks "file"\n  hint: write file = "…"',
        "cold.csv:2: storage is not stated\n  hint: state it in the row or in the [[list]]: hot, cold, third-party",
        "cold.csv:3: owner is not stated\n  hint: state it in the row or in the [[list]]: customers, house, mixed",
        (
            "cold.csv:4: '' is not a known network"
            "\n  hint: networks are those of the registry; an EVM chain beyond "
            "them must be named in engagement.toml"
        ),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (f"address\n{P2PKH.lower()}\n", "cold.csv:2: '1bpei6dfdaufd7gtittlsdbeyjvcoavggu' is not an address of"),
        (
            f"address,owner\n{P2PKH},theirs\n",
            "cold.csv:2: owner is 'theirs'\n  hint: write one of customers, house, mixed",
        ),
        (
            f"address,storage\n{P2PKH},warm\n",
            "cold.csv:2: storage is 'warm'\n  hint: write one of hot, cold, third-party",
        ),
        (f"address,label\n{P2PKH},A b\n", "cold.csv:2: label is 'A b'\n  hint: write lower-case letters"),
        (f"address,label\n{P2PKH},a\n{SEGWIT},a\n", "cold.csv:3: the label 'a' stands twice"),
        (f"adress\n{P2PKH}\n", "cold.csv:1: unknown column 'adress'\n  hint: did you mean 'address'?"),
        (f"address\n{P2PKH},x\n", "cold.csv:2: 2 fields where the header has 1"),
        (f"address,owner\n{P2PKH}\n", "cold.csv:2: 1 fields where the header has 2"),
        (f"address\n\n{P2PKH}\n", "cold.csv:2: the line is empty"),
        ("address\n", "cold.csv: there is a header but no rows"),
        (f"address\n{P2PKH}\r{SEGWIT}\n", "cold.csv:2: a carriage return without a line feed"),
        ("", "cold.csv: the file is empty"),
    ],
)
def test_a_wrong_list_is_told_by_line(tmp_path: Path, rows: str, expected: str) -> None:
    assert refused(write(tmp_path, listing(), cold=rows))[0].startswith(expected)


def test_reading_a_list_leaves_garbage_collection_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path, listing(), cold=f"address\n{P2PKH}\n")
    for switch, expected in ((gc.disable, False), (gc.enable, True)):
        switch()
        load_wallets(path, REGISTRY)
        assert gc.isenabled() is expected


def test_the_first_hundred_wrong_rows_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    found = refused(write(tmp_path, listing(), cold="address\n" + "x\n" * 150))
    assert len(found) == 101
    assert found[-1] == "cold.csv: 150 rows are wrong; the first 100 are above"


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (
            pl.DataFrame({"address": [1]}),
            "cold.parquet: the column 'address' is not text\n  hint: write it as strings",
        ),
        (
            pl.DataFrame({"address": []}, schema={"address": pl.String}),
            "cold.parquet: there are columns but no rows\n  hint: an empty list passes nothing",
        ),
        (pl.DataFrame({"address": ["x"]}), "cold.parquet:1: 'x' is not an address of bitcoin:mainnet"),
        (None, "cold.parquet: not Parquet: "),
    ],
)
def test_a_wrong_parquet_list_is_told(tmp_path: Path, frame: pl.DataFrame | None, expected: str) -> None:
    if frame is None:
        (tmp_path / "cold.parquet").write_bytes(b"PAR1 is how it would begin")
    else:
        frame.write_parquet(tmp_path / "cold.parquet")
    assert refused(write(tmp_path, listing(file="cold.parquet")))[0].startswith(expected)


def test_a_parquet_list_of_more_rows_than_memory_may_hold_is_never_unfolded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.select(address=pl.lit("x").repeat_by(5_000_001).explode(empty_as_null=True))
    frame.write_parquet(tmp_path / "cold.parquet")
    monkeypatch.delattr(pl, "read_parquet")
    assert refused(write(tmp_path, listing(file="cold.parquet")))[0] == (
        "cold.parquet: the list has 5000001 rows, and one may have at most 5000000\n"
        "  hint: split it into several lists"
    )


def refused_with(tmp_path: Path, text: str) -> str:
    path = tmp_path / "kaede.toml"
    path.write_text(f'format = "reservecheck/wallets/v1"\nentity = "kaede"\n{text}', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_wallets(path, load_registry())
    return str(caught.value).replace(f"{tmp_path}/", "")


NAMES = "write 1 to 80 letters and digits of any script, single blanks, and . , & ' ( ) - / only"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "a: covered"\n', f"kaede.toml:3: name is 'a: covered', not a name on one line\n  hint: {NAMES}"),
        ('name = ""\n', "kaede.toml:3: name is empty\n  hint: write it, or leave the key out"),
        (
            '[declaration]\nrole = "a\\u2800"\n',
            f"kaede.toml:4: role is 'a\\u{{2800}}', not a name on one line\n  hint: {NAMES}",
        ),
        (
            '[declaration]\nby = "FILL IN"\n',
            (
                "kaede.toml:4: by is 'FILL IN', which stands where a name belongs\n"
                "  hint: write the name of who declares the wallets in its place"
            ),
        ),
        (
            '[declaration]\ndate = "today: covered"\n',
            (
                "kaede.toml:4: date is 'today: covered', not a day or an instant\n"
                "  hint: write 2018-09-14 or 2018-09-14T17:00:00+09:00"
            ),
        ),
        (
            '[[statement]]\nlabel = "a"\nowner = "customers"\ncustodian = "100 %"\n',
            f"kaede.toml:6: custodian is '100 %', not a name on one line\n  hint: {NAMES}",
        ),
    ],
)
def test_what_is_printed_of_a_declaration_is_a_name(tmp_path: Path, text: str, message: str) -> None:
    assert message in refused_with(tmp_path, text)


@pytest.mark.parametrize(
    ("network", "hint"),
    [
        ("bitcoin", "did you mean bitcoin:mainnet?"),
        ("Ethereum", "did you mean eip155:1?"),
        ("eth", "did you mean eip155:1?"),
        ("bitcoin:mainet", "did you mean bitcoin:mainnet?"),
        ("eip155:11", NOT_SHIPPED),
        ("solana", NOT_SHIPPED),
    ],
)
def test_a_network_that_is_close_is_told(tmp_path: Path, network: str, hint: str) -> None:
    wallet = f'[[wallet]]\nlabel = "a"\nnetwork = "{network}"\naddress = "x"\nstorage = "hot"\nowner = "house"\n'
    assert f"{network!r} is not a known network\n  hint: {hint}" in refused_with(tmp_path, wallet)


def test_a_list_that_is_a_link_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    (tmp_path / "list.csv").symlink_to("secret")
    listed = (
        '[[list]]\nlabel = "a"\nfile = "list.csv"\nnetwork = "bitcoin:mainnet"\nstorage = "hot"\nowner = "house"\n'
    )
    assert refused_with(tmp_path, listed) == "list.csv: is a link\n  hint: put the file itself there"
