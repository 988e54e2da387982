from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reservecheck.books.folder import read_books
from reservecheck.books.snapshot import snapshot_header
from reservecheck.errors import InputError
from reservecheck.model.books import Books, Extract, OwedLine, RowFinding
from reservecheck.model.declared import InputFile
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry
from reservecheck.model.words import Grade

Files = dict[str, str | bytes]
Read = Callable[[Files], Books]
Refused = Callable[[Files], str]
Write = Callable[[Files], Path]
HEAD = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n'
LISTED = HEAD + '[files]\ncustomers = ["customers.csv"]\n'
ROWS = "customer,asset,balance\n"
CLASSED = "customer,asset,balance,class\nu1,BTC,1,spot\nu2,BTC,2,earn\nu3,BTC,4,promo\n"


def findings(books: Books) -> list[tuple[str, str, int, int, tuple[str, ...]]]:
    return [(one.kind, one.asset, one.count, one.units, one.where) for one in books.liabilities.findings]


def test_a_folder_becomes_books_and_names_every_file_by_role(read: Read) -> None:
    files: Files = {
        "customers.csv": ROWS + "u1,BTC,1\nhouse-1,BTC,2\n",
        "house.csv": "customer\nhouse-1\n",
        "cash.csv": "label,institution,currency,balance,title,as_of\n",
        "README.md": "a note",
        "engagement.toml": "not looked at",
        "wallets/kaede.toml": "not looked at",
    }
    books = read(files)
    assert [file.name for file in books.files] == ["snapshot.toml", "customers.csv", "cash.csv", "house.csv"]
    owed = books.liabilities
    assert owed.lines == (OwedLine(asset="BTC", class_="", rows=2, gross=3 * 10**8, negative=0, house=2 * 10**8),)
    assert owed.grade == Grade.RESUMMED
    assert [file.name for file in owed.private_files] == ["customers.csv", "house.csv"]
    content = str(files["house.csv"]).encode()
    assert books.files[3] == InputFile(
        name="house.csv", bytes=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    assert books.cash == ()


def test_totals_instead_of_customers_are_of_the_lowest_grade(write: Write, registry: Registry) -> None:
    stated = '[files]\ntotals = "totals.csv"\n[extract]\nrows = 5\ntotals = { BTC = "3" }\n'
    folder = write({"snapshot.toml": HEAD + stated, "totals.csv": "asset,owed\nKRW,100\nBTC,3\n"})
    owed = read_books(folder, registry, entity="kaede", currency="JPY", progress=silent).liabilities
    assert (owed.grade, owed.findings, owed.private_files) == (Grade.TOTALS, (), ())
    assert owed.lines == (
        OwedLine(asset="BTC", class_="", rows=0, gross=3 * 10**8, negative=0, house=0),
        OwedLine(asset="KRW", class_="", rows=0, gross=100, negative=0, house=0),
    )


def test_an_extract_and_its_header_are_kept_as_stated(write: Write) -> None:
    extract = (
        '[extract]\nas_of = 2018-09-14T17:00:00+09:00\nrows = 2\ntotals = { BTC = "3" }\n'
        f'script_sha256 = "{"ab" * 32}"\nran_at = "2018-09-14T18:00:00+09:00"\nextracted_by = "Ops"\n'
    )
    entity, stated = snapshot_header(write({"snapshot.toml": LISTED + extract}))
    assert entity == "kaede"
    assert stated == Extract(
        as_of="2018-09-14T17:00:00+09:00",
        as_of_epoch=1536912000,
        rows=2,
        totals={"BTC": "3"},
        script_sha256="ab" * 32,
        ran_at="2018-09-14T18:00:00+09:00",
        extracted_by="Ops",
    )
    assert snapshot_header(write({"snapshot.toml": LISTED})) == ("kaede", Extract())


def test_rows_and_totals_that_differ_from_the_extract_are_findings(read: Read) -> None:
    stated = '[extract]\nrows = 4\ntotals = { BTC = "2.5", KRW = "1", ETH = "0" }\n'
    books = read({"snapshot.toml": LISTED + stated, "customers.csv": ROWS + "u1,BTC,3\nu2,BTC,-1\n"})
    assert findings(books)[1:] == [
        ("mismatch-rows", "", 2, 0, ("snapshot.toml:6 says 4 rows, 2 were read",)),
        ("mismatch-total", "BTC", 1, 5 * 10**7, ("snapshot.toml:7 says 2.5 BTC, the rows add up to 2",)),
        ("mismatch-total", "KRW", 1, 1, ("snapshot.toml:7 says 1 KRW, the rows add up to 0",)),
    ]
    agreeing = '[extract]\nrows = 1\ntotals = { BTC = "1" }\n'
    assert findings(read({"snapshot.toml": LISTED + agreeing})) == []


def test_classes_that_differ_from_the_checklist_are_findings(read: Read) -> None:
    checklist = '[classes]\nspot = "listed"\nearn = { none_asserted_by = "CFO" }\nfutures = "listed"\n'
    books = read({"snapshot.toml": LISTED + checklist, "customers.csv": CLASSED})
    assert findings(books) == [
        ("class-unlisted", "", 1, 0, ("1 name that [classes] does not list", "customers.csv:4")),
        ("class-contradicted", "", 1, 0, ("customers.csv:3 class 'earn': none, asserted by CFO",)),
        ("class-absent", "", 1, 0, ("snapshot.toml:8 class 'futures'",)),
    ]
    assert books.liabilities.classes == {"spot": "listed", "earn": "none, asserted by CFO", "futures": "listed"}


def test_without_a_class_column_the_rows_are_those_of_the_only_listed_class(read: Read) -> None:
    one = '[classes]\nspot = "listed"\nearn = { none_asserted_by = "CFO" }\n'
    assert findings(read({"snapshot.toml": LISTED + one})) == []
    two = '[classes]\nspot = "listed"\nearn = "listed"\n'
    assert [kind for kind, *_ in findings(read({"snapshot.toml": LISTED + two}))] == ["class-absent"] * 2


def test_totals_stand_beside_customers_only_for_classes_declared_so(read: Read, refused: Refused) -> None:
    listed = HEAD + '[files]\ncustomers = "customers.csv"\ntotals = "totals.csv"\n'
    files: Files = {
        "snapshot.toml": listed + '[classes]\nspot = "listed"\nearn = "total"\npromo = "listed"\n',
        "customers.csv": CLASSED.replace("u2,BTC,2,earn\n", ""),
        "totals.csv": "asset,owed,class\nBTC,10,earn\n",
    }
    books = read(files)
    assert [(line.class_, line.rows, line.gross) for line in books.liabilities.lines] == [
        ("earn", 0, 10**9),
        ("promo", 1, 4 * 10**8),
        ("spot", 1, 10**8),
    ]
    assert books.liabilities.grade == Grade.TOTALS
    assert findings(books) == []
    assert refused(files | {"totals.csv": "asset,owed,class\nBTC,10,spot\n"}) == (
        "totals.csv: BTC in class 'spot' has a total beside a customer file\n"
        '  hint: it would count twice: only a class that [classes] declares as "total" may have one'
    )


def test_a_folder_of_parts_is_one_register(read: Read, refused: Refused) -> None:
    files: Files = {
        "snapshot.toml": HEAD + '[files]\ncustomers = ["parts"]\n',
        "parts/1.csv": ROWS + "u1,BTC,1\n",
        "parts/2.csv": ROWS + "u2,BTC,1\n",
    }
    assert refused(files).startswith("customers.csv: the file is not listed\n")
    listed = HEAD + '[files]\ncustomers = ["parts", "customers.csv"]\n'
    assert read(files | {"snapshot.toml": listed}).liabilities.lines[0].gross == 3 * 10**8
    assert refused(files | {"snapshot.toml": listed, "parts/3.xlsx": "x"}) == (
        "parts/3.xlsx: not a customer file\n  hint: write .csv, .csv.gz, .csv.zst or .parquet"
    )


def test_tickers_are_names_of_the_ledgers_own(read: Read) -> None:
    tickers = '[tickers]\n"1000SATS" = { asset = "SATS", multiplier = "1000" }\nXBT = { asset = "BTC" }\n'
    rows = ROWS + "u1,1000SATS,2.5\nu1,XBT,1\n"
    lines = read({"snapshot.toml": LISTED + tickers, "customers.csv": rows}).liabilities.lines
    assert [(line.asset, line.gross) for line in lines] == [("BTC", 10**8), ("SATS", 2500)]


def test_assets_out_of_scope_are_counted_and_not_summed(read: Read) -> None:
    books = read({"customers.csv": ROWS + "u1,BTC,1\nu1,DUST,5\n"})
    assert books.liabilities.findings == (
        RowFinding(kind="out-of-scope", asset="DUST", count=1, units=0, where=("customers.csv:3",)),
    )


def test_quoted_claims_are_listed_and_only_digested(read: Read) -> None:
    listed = LISTED + 'claims = ["claim.txt"]\n'
    books = read({"snapshot.toml": listed, "claim.txt": "132.43 %"})
    assert books.files[-1] == InputFile(name="claim.txt", bytes=8, sha256=hashlib.sha256(b"132.43 %").hexdigest())


def test_a_snapshot_of_another_entity_is_refused(write: Write, registry: Registry) -> None:
    with pytest.raises(InputError) as caught:
        read_books(write({"snapshot.toml": LISTED}), registry, entity="momiji", currency="JPY", progress=silent)
    assert str(caught.value) == (
        "snapshot.toml:2: the snapshot is of 'kaede', the engagement of 'momiji'\n"
        "  hint: use the snapshot of the same entity"
    )


UNKNOWN = "\n  hint: add it to the registry"
REFUSED = {
    LISTED + 'cash = "cash.csv"\n': "snapshot.toml:5: cash.csv is listed and is not there",
    HEAD + '[files]\ncash = "customers.csv"\n': (
        "snapshot.toml:3: [files] lists neither customers nor totals, so what is owed is unknown\n"
        '  hint: write customers = ["customers.csv"]'
    ),
    HEAD + "[files]\ncustomers = []\n": (
        "snapshot.toml:4: customers lists no file\n  hint: leave the role out, or name a file"
    ),
    LISTED + 'cover = "x.csv"\n': (
        "snapshot.toml:5: the role 'cover' is reserved and cannot be read yet\n  hint: leave it out"
    ),
    LISTED + 'cash = "customers.csv"\n': "snapshot.toml:3: customers.csv is listed twice\n  hint: one role a file",
    HEAD + '[files]\ncustomers = ["../customers.csv"]\n': (
        "snapshot.toml:3: '../customers.csv' is not a name inside the folder\n"
        "  hint: write customers.csv or customers/part-1.csv"
    ),
    LISTED + '[extract]\ntotals = { XXX = "1" }\n': f"snapshot.toml:6: the asset 'XXX' is unknown{UNKNOWN}",
    LISTED + '[extract]\ntotals = { BTC = "1e5" }\n': (
        "snapshot.toml:6: '1e5' is not an amount\n  hint: write digits and a point, such as 1234.5"
    ),
    LISTED + '[tickers]\nXBT = { asset = "XXX" }\n': f"snapshot.toml:6: the asset 'XXX' is unknown{UNKNOWN}",
    LISTED + '[tickers]\nBTC = { asset = "ETH" }\n': (
        "snapshot.toml:6: 'BTC' is a registered asset, not a name of ETH\n"
        "  hint: a registered id means itself: leave it out"
    ),
    LISTED + '[tickers]\nk = { asset = "BTC", multiplier = "1e3" }\n': (
        'snapshot.toml:6: \'1e3\' is not a multiplier\n  hint: write digits and a point, such as "1000" or "0.01"'
    ),
    LISTED + '[tickers]\nk = { asset = "BTC", multiplier = "0" }\n': (
        'snapshot.toml:6: \'0\' is not a multiplier\n  hint: write digits and a point, such as "1000" or "0.01"'
    ),
    LISTED + '[tickers]\nsen = { asset = "JPY", multiplier = "0.01" }\n': (
        "snapshot.toml:6: the multiplier of 'sen' has more decimals than JPY, which has 0"
    ),
}


@pytest.mark.parametrize("snapshot", REFUSED)
def test_a_snapshot_file_that_cannot_be_right_is_refused_with_its_line(refused: Refused, snapshot: str) -> None:
    assert refused({"snapshot.toml": snapshot}) == REFUSED[snapshot]


def test_unknown_keys_and_unlisted_files_are_errors(refused: Refused) -> None:
    assert refused({"snapshot.toml": LISTED + "[extract]\nrow = 5\n"}) == (
        'snapshot.toml:6: [extract] has an unknown key "row"\n  hint: did you mean "rows"?'
    )
    assert refused({"sub/notes.txt": "x"}) == (
        "sub/notes.txt: the file is not listed\n"
        "  hint: list it in snapshot.toml under [files], or take it out of the folder"
    )


def test_totals_below_zero_or_twice_are_refused(refused: Refused) -> None:
    assert refused({"totals.csv": "asset,owed,class\nBTC,-1,\nBTC,2,\nETH,1,a\nETH,1,a\n"}) == (
        "totals.csv:2: owed is -1, below zero\n"
        "  hint: what is owed is gross: customers' debts do not reduce it\n"
        "totals.csv:3: BTC has two totals\n  hint: one row an asset and class\n"
        "totals.csv:5: ETH has two totals in one class\n  hint: one row an asset and class"
    )


OUT = "move it out, and list it nowhere: whoever is given the folder would have it"


@pytest.mark.parametrize("name", ["secret.hex", "sub/Secret.HEX", "mine.hex"])
@pytest.mark.parametrize("listed", [LISTED, LISTED + 'claims = ["sub", "secret.hex"]\n'])
def test_the_secret_of_a_commitment_is_never_to_be_listed(refused: Refused, name: str, listed: str) -> None:
    said = refused({"snapshot.toml": listed, name: "x"})
    assert f"{name}: the secret of a commitment does not belong in a snapshot folder\n  hint: {OUT}" in said
    assert "the file is not listed" not in said


@pytest.mark.parametrize("name", ["private.json", "kept/000.leaves", "000.upper", "000.INDEX"])
def test_no_file_of_a_private_folder_belongs_into_a_snapshot(refused: Refused, name: str) -> None:
    said = f"{name}: a file of a private folder does not belong in a snapshot folder\n  hint: {OUT}"
    assert refused({"snapshot.toml": LISTED, name: "x"}) == said


ROLES_SAID = (
    "customers, totals, cash, prices, custodians, letters, house, reconciling, encumbrances, "
    "commitment, confirmations, ledger, previous, claims"
)


def test_every_role_is_named_where_one_is_unknown(refused: Refused) -> None:
    assert refused({"snapshot.toml": LISTED + 'zzz = "z.csv"\n'}) == (
        f'snapshot.toml:5: [files] has an unknown key "zzz"\n  hint: the keys here are {ROLES_SAID}'
    )
    assert refused({"snapshot.toml": LISTED + 'commitments = "commitment.json"\n'}) == (
        'snapshot.toml:5: [files] has an unknown key "commitments"\n  hint: did you mean "commitment"?'
    )


UNLISTED = "the file is not listed\n  hint: list it in snapshot.toml under [files], or take it out of the folder"


@pytest.mark.parametrize("name", ["README.csv", "README-customers.csv", "wallets/more.csv", "wallets/a/b.toml"])
def test_only_a_readme_and_wallets_files_may_be_unlisted(refused: Refused, name: str) -> None:
    assert refused({"snapshot.toml": LISTED, name: "x"}) == f"{name}: {UNLISTED}"


@pytest.mark.parametrize("name", ["more.csv", "more.csv.gz", "more.csv.zst", "more.parquet", "MORE.CSV"])
def test_a_claim_is_a_text_and_no_rows(refused: Refused, name: str) -> None:
    assert refused({"snapshot.toml": f'{LISTED}claims = ["claims/{name}"]\n', f"claims/{name}": "x"}) == (
        f"snapshot.toml:5: claims lists claims/{name}\n  hint: a claim is a quoted text: write .md, .txt or .pdf"
    )


@pytest.mark.parametrize("role", ["encumbrances", "cash", "totals"])
def test_a_role_of_one_file_is_no_folder_of_more(refused: Refused, role: str) -> None:
    files: Files = {"snapshot.toml": f'{LISTED}{role} = "parts"\n', "parts/a.csv": "x", "parts/b.csv": "x"}
    assert refused(files) == (
        f"snapshot.toml:5: {role} is a folder of 2 files\n"
        "  hint: write one file: only customers and claims may have more"
    )


FIXED = 'the practitioner\'s letters have a fixed name: write letters = "letters.csv"'
THEIRS = 'it is the practitioner\'s: write letters = "letters.csv"'
EMPTY_LETTERS = (
    "id,from,subject,label,asset,amount,as_of,requested_on,received_on,"
    "channel,received_by,restrictions,file_sha256\n"
)


def test_the_practitioners_registers_have_fixed_names(refused: Refused) -> None:
    own = LISTED + 'letters = "my-letters.csv"\nclaims = ["letters.csv"]\n'
    files: Files = {"letters.csv": EMPTY_LETTERS, "my-letters.csv": EMPTY_LETTERS, "snapshot.toml": own}
    assert refused(files) == f"snapshot.toml:5: letters is 'my-letters.csv'\n  hint: {FIXED}"
    assert refused({"snapshot.toml": LISTED + 'prices = "p2.csv"\n', "p2.csv": ""}).startswith(
        "snapshot.toml:5: prices is 'p2.csv'\n"
    )


def test_a_register_of_the_practitioners_has_no_other_role_and_is_not_left_out(refused: Refused) -> None:
    claim = LISTED + 'claims = ["letters.csv"]\n'
    assert refused({"snapshot.toml": claim, "letters.csv": EMPTY_LETTERS}) == (
        f"snapshot.toml:5: claims lists letters.csv\n  hint: {THEIRS}, and name others otherwise"
    )
    assert refused({"snapshot.toml": LISTED, "letters.csv": EMPTY_LETTERS}) == (
        f"letters.csv: the file is not listed\n  hint: {THEIRS} in snapshot.toml under [files]"
    )


def test_a_name_for_the_practitioners_register_must_not_be_empty(refused: Refused) -> None:
    assert refused({"snapshot.toml": LISTED + 'letters = ""\n'}).startswith("snapshot.toml:5: letters is empty")


COPY = "\n  hint: put the file itself there"


def test_links_and_pipes_of_a_folder_are_never_opened(write: Write, refused: Refused) -> None:
    folder = write({"claims/a.txt": "x", "secret": "s3cret"})
    (folder / "cash.csv").symlink_to("secret")
    (folder / "loop").symlink_to(".")
    os.mkfifo(folder / "pipe")
    assert refused({"snapshot.toml": LISTED + 'cash = "cash.csv"\n'}) == (
        f"cash.csv: is a link{COPY}\nloop: is a link{COPY}\npipe: is not a regular file{COPY}"
    )


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_snapshot_file_that_is_none_is_never_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "snapshot.toml")
    with pytest.raises(InputError, match=r"^snapshot\.toml: is (a link|not a regular file)\n"):
        snapshot_header(tmp_path)


def test_a_claim_that_cannot_be_opened_is_told(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    really = Path.open

    def closed(path: Path, mode: str = "r") -> object:
        if (path.name, mode) == ("claim.txt", "rb"):
            raise PermissionError(13, "Permission denied")
        return really(path, mode)

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(InputError, match=r"^claim\.txt: cannot be read: Permission denied$"):
        read({"snapshot.toml": LISTED + 'claims = ["claim.txt"]\n', "claim.txt": "132.43 %"})


def test_classes_and_tickers_are_short_plain_names(refused: Refused) -> None:
    write = "write lower-case letters, digits, hyphens, and not 'unlisted'"
    assert refused({"snapshot.toml": LISTED + '[classes]\n"a b" = "listed"\nunlisted = "total"\n'}) == (
        f"snapshot.toml:6: 'a b' is not a class\n  hint: {write}\n"
        f"snapshot.toml:7: 'unlisted' is not a class\n  hint: {write}"
    )
    many = "".join(f'c{number} = "listed"\n' for number in range(101))
    assert refused({"snapshot.toml": f"{LISTED}[classes]\n{many}"}) == (
        "snapshot.toml:5: there are 101 classes\n  hint: list products, at most 100"
    )
    assert refused({"snapshot.toml": LISTED + '[tickers]\n"a\\u202eb" = { asset = "BTC" }\n'}) == (
        "snapshot.toml:6: 'a\\u202eb' is not a ticker\n"
        "  hint: write letters, digits, points, hyphens and underscores, at most 20"
    )
    assert "'BTC' is a registered asset" in refused(
        {"snapshot.toml": LISTED + '[tickers]\nBTC = { asset = "BTC" }\n'}
    )


def test_who_asserts_something_is_a_name(refused: Refused) -> None:
    for line in ('[classes]\na = { none_asserted_by = "Full Name" }', '[extract]\nextracted_by = "Full Name"'):
        key = "none_asserted_by" if "none" in line else "extracted_by"
        whose = "of who asserts that there are none" if "none" in line else "of who made the extract"
        assert refused({"snapshot.toml": f"{LISTED}{line}\n"}) == (
            f"snapshot.toml:6: {key} is 'Full Name', which stands where a name belongs\n"
            f"  hint: write the name {whose} in its place"
        )


def test_classes_of_totals_that_nobody_listed_are_not_named(write: Write, registry: Registry) -> None:
    head = HEAD + '[files]\ntotals = "totals.csv"\n'
    rows = "asset,owed,class\nBTC,1,C1\nBTC,2,C2\nBTC,4,spot\n"
    folder = write({"snapshot.toml": head + '[classes]\nspot = "listed"\n', "totals.csv": rows})
    books = read_books(folder, registry, entity="kaede", currency="JPY", progress=silent)
    assert [(line.class_, line.gross) for line in books.liabilities.lines] == [
        ("spot", 4 * 10**8),
        ("unlisted", 3 * 10**8),
    ]
    places = ("2 names that [classes] does not list", "totals.csv:2", "totals.csv:3")
    assert findings(books) == [("class-unlisted", "", 2, 0, places)]
    folder = write({"snapshot.toml": head})
    books = read_books(folder, registry, entity="kaede", currency="JPY", progress=silent)
    assert [(line.class_, line.gross) for line in books.liabilities.lines] == [("", 7 * 10**8)]
    assert findings(books) == []


def test_a_first_line_that_is_no_header_is_not_repeated(refused: Refused) -> None:
    assert refused({"customers.csv": "C1,BTC,1\nC2,BTC,1\n", "house.csv": "C1\nC2\n"}) == (
        "house.csv:1: the first line is not a header\n  hint: the header names customer\n"
        "customers.csv:1: the first line is not a header\n  hint: the header names customer, asset, balance"
    )


def test_a_field_that_is_blank_is_named(refused: Refused) -> None:
    rows = "label,institution,currency,balance,title,as_of\na, ,JPY,1,customer,2018-09-14T17:00:00+09:00\n"
    assert refused({"cash.csv": rows, "house.csv": "customer\n \n"}) == (
        "house.csv:2: customer is empty\ncash.csv:2: institution is empty"
    )


def test_an_institution_is_a_name(refused: Refused) -> None:
    rows = "label,institution,currency,balance,title,as_of\na,B: covered,JPY,1,customer,2018-09-14T17:00:00+09:00\n"
    assert refused({"cash.csv": rows}) == (
        "cash.csv:2: institution is 'B: covered', not a name on one line\n"
        "  hint: write 1 to 80 letters and digits of any script, single blanks, and . , & ' ( ) - / only"
    )


def test_the_record_of_an_import_may_lie_beside_its_customer_file(read: Read, refused: Refused) -> None:
    assert {file.name for file in read({"customers.csv.import.json": "{}"}).files} == {
        "snapshot.toml",
        "customers.csv",
    }
    assert refused({"other.csv.import.json": "{}"}).startswith("other.csv.import.json: the file is not listed\n")


def test_the_record_of_an_import_is_no_part_of_the_register(registry: Registry, write: Write) -> None:
    rows = "customer,asset,balance\nu1,BTC,1\n"
    folder = write(
        {
            "snapshot.toml": f'{HEAD}[files]\ncustomers = ["parts"]\n',
            "parts/a.csv": rows,
            "parts/b.csv": rows,
            "parts/b.csv.import.json": "{}",
        }
    )
    books = read_books(
        folder,
        registry,
        entity="kaede",
        currency="JPY",
        progress=silent,
        out_of_scope=frozenset(),
    )
    assert {file.name for file in books.files} == {"snapshot.toml", "parts/a.csv", "parts/b.csv"}
