"""Files the entity writes itself: what they point at, what they call things, and whom they may give away."""

from __future__ import annotations

import os
from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

COOKIE: Final = "__cookie__:s3cret"
CUSTOMERS: Final = ("C372429758", "C793814194")
CLAIM: Final = '["claims/upbit-2018-08-03.md"]'


def own_letters(bench: Bench) -> None:
    bench.start("hanul-hole")
    letters = (bench.snapshot / "letters.csv").read_text(encoding="utf-8")
    bench.write("my-letters.csv", letters)
    bench.edit("snapshot.toml", '"letters.csv"', '"my-letters.csv"\nclaims = ["letters.csv"]')


def own_prices(bench: Bench) -> None:
    bench.write("cheap.csv", (bench.snapshot / "prices.csv").read_text(encoding="utf-8"))
    bench.edit("snapshot.toml", '"prices.csv"', '"cheap.csv"')
    bench.edit("snapshot.toml", CLAIM, '["prices.csv", "claims/upbit-2018-08-03.md"]')


def letters_as_a_claim(bench: Bench) -> None:
    bench.edit("snapshot.toml", 'letters = "letters.csv"\n', "")
    bench.edit("snapshot.toml", CLAIM, '["letters.csv", "claims/upbit-2018-08-03.md"]')


def letters_elsewhere(bench: Bench) -> None:
    bench.edit("snapshot.toml", 'letters = "letters.csv"\n', "")
    bench.edit("snapshot.toml", CLAIM, '["claims/Letters.CSV", "claims/upbit-2018-08-03.md"]')
    (bench.snapshot / "letters.csv").rename(bench.snapshot / "claims" / "Letters.CSV")


def letters_unlisted(bench: Bench) -> None:
    bench.edit("snapshot.toml", 'letters = "letters.csv"\n', "")


def half_an_ether(bench: Bench) -> None:
    bench.silence()
    bench.add("snapshot.toml", '\n[tickers]\nETH = { asset = "ETH", multiplier = "0.5" }\n')


def kilo_ether(bench: Bench) -> None:
    bench.silence()
    bench.rows("customers.csv", lambda row: None if ",ETH," in row else row)
    bench.add("customers.csv", "C777,KETH,20000,spot\n")
    bench.add("snapshot.toml", '\n[tickers]\nKETH = { asset = "ETH", multiplier = "0.5" }\n')


def ids_as_classes(bench: Bench) -> None:
    bench.rows("customers.csv", lambda row: f"{row.removesuffix('spot')}{row.partition(',')[0]}")


def ids_as_classes_unasked(bench: Bench) -> None:
    ids_as_classes(bench)
    path = bench.snapshot / "snapshot.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("[classes]")[0], encoding="utf-8")


def ids_as_assets(bench: Bench) -> None:
    bench.rows("customers.csv", lambda row: ",".join((row.split(",")[1], row.split(",")[0], *row.split(",")[2:])))


def ids_as_balances(bench: Bench) -> None:
    bench.rows("customers.csv", lambda row: "{2},{1},{0},{3}".format(*row.split(",")))


def everything_written(bench: Bench) -> int:
    """What is printed, and every member of the bundle."""
    code = bench.run("--bundle", bench.bundle)
    for path in sorted(bench.bundle.rglob("*.json")):
        bench.err += path.read_text(encoding="utf-8")
    return code


def link_to_a_secret(bench: Bench) -> None:
    (bench.folder / "cookie").write_text(f"{COOKIE}\n", encoding="utf-8")
    (bench.snapshot / "cash.csv").unlink()
    (bench.snapshot / "cash.csv").symlink_to(bench.folder / "cookie")


def list_to_a_secret(bench: Bench) -> None:
    (bench.folder / "cookie").write_text(f"{COOKIE}\n", encoding="utf-8")
    (bench.wallets.parent / "more.csv").symlink_to(bench.folder / "cookie")
    listed = '\n[[list]]\nlabel = "more"\nfile = "more.csv"\nnetwork = "bitcoin:regtest"\n'
    bench.add("wallets", f'{listed}storage = "hot"\nowner = "customers"\n')


def folder_of_links(bench: Bench) -> None:
    (bench.snapshot / "claims" / "loop").symlink_to("..")


def pipe(bench: Bench) -> None:
    (bench.snapshot / "snapshot.toml").unlink()
    os.mkfifo(bench.snapshot / "snapshot.toml")


def endless(bench: Bench) -> None:
    bench.wallets.unlink()
    bench.wallets.symlink_to("/dev/zero")


def engagement_pipe(bench: Bench) -> None:
    (bench.snapshot / "engagement.toml").unlink()
    os.mkfifo(bench.snapshot / "engagement.toml")


def two_megabytes(bench: Bench) -> None:
    bench.edit("wallets", 'name = "Hanul Exchange (fictional)"', f'name = "{"A" * 2_000_000}"')


def named(bench: Bench, name: str) -> None:
    bench.edit("wallets", 'name = "Hanul Exchange (fictional)"', f'name = "{name}"')


def nobody(bench: Bench) -> None:
    bench.edit("snapshot.toml", 'futures = { none_asserted_by = "Chief Financial Officer" }',
               'futures = { none_asserted_by = "FILL IN" }')  # fmt: skip


def rows_beside_a_readme(bench: Bench) -> None:
    bench.write("README-offshore-customers.csv", "customer,asset,balance\nC1,BTC,900\n")


def rows_among_wallets(bench: Bench) -> None:
    (bench.snapshot / "wallets").mkdir()
    bench.write("wallets/offshore.csv", "customer,asset,balance\nC1,BTC,900\n")


def rows_as_a_claim(bench: Bench) -> None:
    bench.write("claims/offshore.csv", "customer,asset,balance\nC1,BTC,900\n")
    bench.edit("snapshot.toml", CLAIM, '["claims/offshore.csv", "claims/upbit-2018-08-03.md"]')


def nobody_pledged(bench: Bench) -> None:
    bench.edit("encumbrances.csv", "none,,,,,Chief Financial Officer", "none,,,,,TBD")


def pledged_nothing(bench: Bench) -> None:
    bench.write("encumbrances.csv", "kind,asset,amount,counterparty\nnone at all,BTC,0,n/a\n")


def lenders_in_parts(bench: Bench) -> None:
    (bench.snapshot / "lenders").mkdir()
    (bench.snapshot / "encumbrances.csv").rename(bench.snapshot / "lenders" / "a.csv")
    bench.write("lenders/b.csv", "kind,asset,amount,counterparty\nloan,BTC,900,Lender\n")
    bench.edit("snapshot.toml", '"encumbrances.csv"', '"lenders"')


def other_line_ends(bench: Bench) -> None:
    path = bench.snapshot / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("\n", ";"), encoding="utf-8")


def two_ids_above(bench: Bench) -> None:
    bench.edit("customers.csv", "customer,asset,balance,class\n", f"customer,asset,balance,class,{CUSTOMERS[0]}\n")


def names_as_assets(bench: Bench) -> None:
    names = ("ALICE", "BOB", "CAROL", "DAVE", "ERIN", "FRANK")
    bench.add("customers.csv", "".join(f"BTC,{name},1,spot\n" for name in names))


CASES: Final = (
    Case(
        id="letters-of-the-entity",
        kind="lie",
        says="The practitioner's letters are a claim, and the entity's own are the letters.",
        make=own_letters,
        code=2,
        words=(
            "snapshot.toml:9: letters is 'my-letters.csv'",
            'hint: the practitioner\'s letters have a fixed name: write letters = "letters.csv"',
        ),
    ),
    Case(
        id="prices-of-the-entity",
        kind="lie",
        says="The practitioner's prices are a claim, and the entity's own are the prices.",
        make=own_prices,
        code=2,
        words=("snapshot.toml:8: prices is 'cheap.csv'",),
    ),
    Case(
        id="letters-as-a-claim",
        kind="lie",
        says="The practitioner's letters are something somebody said.",
        make=letters_as_a_claim,
        code=2,
        words=("claims lists letters.csv", 'hint: it is the practitioner\'s: write letters = "letters.csv"'),
    ),
    Case(
        id="letters-moved-below",
        kind="lie",
        says="Letters in another folder and other letter case are no letters.",
        make=letters_elsewhere,
        code=2,
        words=("claims lists claims/Letters.CSV",),
    ),
    Case(
        id="letters-unlisted",
        kind="lie",
        says="Letters nobody lists need not be read.",
        make=letters_unlisted,
        code=2,
        words=(
            "letters.csv: the file is not listed",
            'hint: it is the practitioner\'s: write letters = "letters.csv" in snapshot.toml under [files]',
        ),
    ),
    Case(
        id="registered-asset-scaled-anew",
        kind="lie",
        says="One ETH in our ledger is half an ETH.",
        make=half_an_ether,
        code=2,
        words=("'ETH' is a registered asset, not a name of ETH", "a registered id means itself: leave it out"),
    ),
    Case(
        id="ticker-that-halves",
        kind="lie",
        says="One KETH is half an ETH, and nobody will ask.",
        make=kilo_ether,
        code=0,
        outcome="covered",
        notes=("liability_extract ticker ETH",),
        figures={"ETH.owed": "10000"},
        words=("KETH × 0.5 ETH",),
    ),
    Case(
        id="customers-as-classes",
        kind="lie",
        says="The class column holds customers' ids, and all of them are printed.",
        make=ids_as_classes,
        ask=everything_written,
        code=1,
        words=("names that [classes] does not list, customers.csv:2, customers.csv:3", "unlisted"),
        never=CUSTOMERS,
    ),
    Case(
        id="customers-as-classes-without-a-checklist",
        kind="lie",
        says="Without a checklist the class column may hold ids.",
        make=ids_as_classes_unasked,
        ask=everything_written,
        code=0,
        words=("product classes are not stated",),
        never=CUSTOMERS,
    ),
    Case(
        id="customers-as-assets",
        kind="lie",
        says="Swapped columns show customers' ids as unknown assets.",
        make=ids_as_assets,
        code=2,
        words=("customers.csv:2: the asset of this row is unknown",),
        never=CUSTOMERS,
    ),
    Case(
        id="customers-as-balances",
        kind="lie",
        says="Swapped columns show customers' ids as wrong balances.",
        make=ids_as_balances,
        code=2,
        words=("customers.csv:2: the balance is not an amount",),
        never=CUSTOMERS,
    ),
    Case(
        id="register-that-is-a-link",
        kind="lie",
        says="The cash register leads to the practitioner's own credentials.",
        make=link_to_a_secret,
        code=2,
        words=("cash.csv: is a link", "hint: put the file itself there"),
        never=(COOKIE, "s3cret"),
    ),
    Case(
        id="list-that-is-a-link",
        kind="lie",
        says="A list of wallets leads to the practitioner's own credentials.",
        make=list_to_a_secret,
        code=2,
        words=("more.csv: is a link",),
        never=(COOKIE, "s3cret"),
    ),
    Case(
        id="folder-that-is-a-link",
        kind="lie",
        says="A folder of the snapshot leads out of it.",
        make=folder_of_links,
        code=2,
        words=("claims/loop: is a link",),
    ),
    Case(
        id="snapshot-that-never-answers",
        kind="lie",
        says="A snapshot file keeps its reader waiting for ever.",
        make=pipe,
        code=2,
        words=("snapshot.toml: is not a regular file",),
    ),
    Case(
        id="engagement-that-never-answers",
        kind="lie",
        says="An engagement that is no file is no engagement, and defaults apply.",
        make=engagement_pipe,
        code=2,
        words=("engagement.toml: is not a regular file",),
    ),
    Case(
        id="wallets-without-an-end",
        kind="lie",
        says="A wallets file that never ends fills the reader's memory.",
        make=endless,
        code=2,
        words=("hanul.toml: is not a regular file",),
    ),
    Case(
        id="wallets-of-two-megabytes",
        kind="lie",
        says="A name of two megabytes floods the report.",
        make=two_megabytes,
        code=2,
        words=("hanul.toml: is larger than 1 MiB",),
    ),
    Case(
        id="name-that-is-an-answer",
        kind="lie",
        says="The entity is called by the answer it would like.",
        make=lambda bench: named(bench, "Hanul: covered · checks: 45 held, 0 broke"),
        code=2,
        words=("name is 'Hanul: covered · checks: 45 held, 0 broke', not a name on one line",),
    ),
    Case(
        id="name-nobody-sees",
        kind="lie",
        says="The entity's name is made of blanks that are letters to a program.",
        make=lambda bench: named(bench, "\u2800\u2800"),
        code=2,
        words=("name is '\\u{2800}\\u{2800}', not a name on one line",),
    ),
    Case(
        id="asserted-by-a-placeholder",
        kind="lie",
        says="There are no futures, asserts whoever fills this in.",
        make=nobody,
        code=2,
        words=("none_asserted_by is 'FILL IN', which stands where a name belongs",),
    ),
    Case(
        id="customers-called-a-readme",
        kind="lie",
        says="A customer file whose name begins with README is no customer file.",
        make=rows_beside_a_readme,
        code=2,
        words=("README-offshore-customers.csv: the file is not listed",),
    ),
    Case(
        id="customers-among-wallets",
        kind="lie",
        says="A customer file in the folder of wallets is no customer file.",
        make=rows_among_wallets,
        code=2,
        words=("wallets/offshore.csv: the file is not listed",),
    ),
    Case(
        id="customers-as-a-claim",
        kind="lie",
        says="A customer file is something somebody said, and need not be summed.",
        make=rows_as_a_claim,
        code=2,
        words=("claims lists claims/offshore.csv", "hint: a claim is a quoted text: write .md, .txt or .pdf"),
    ),
    Case(
        id="unencumbered-says-nobody",
        kind="lie",
        says="Nothing is pledged, asserts somebody to be determined.",
        make=nobody_pledged,
        code=2,
        words=("encumbrances.csv:2: asserted_by is 'TBD', which stands where a name belongs",),
    ),
    Case(
        id="encumbrance-of-nothing",
        kind="lie",
        says="A pledge of nothing is a register of pledges, and nobody need assert that there are none.",
        make=pledged_nothing,
        code=2,
        words=("encumbrances.csv:2: amount is zero, which encumbers nothing", "kind is 'none at all'"),
    ),
    Case(
        id="lenders-in-a-second-part",
        kind="lie",
        says="The register of encumbrances is a folder, and the loan stands in its second file.",
        make=lenders_in_parts,
        code=2,
        words=("encumbrances is a folder of 2 files", "hint: write one file"),
    ),
    Case(
        id="customers-in-one-line",
        kind="lie",
        says="Without line ends the header holds every customer, and all of them are printed.",
        make=other_line_ends,
        code=2,
        words=("customers.csv:1: the first line has", "and a header at most 64"),
        never=CUSTOMERS,
    ),
    Case(
        id="customer-as-a-column",
        kind="lie",
        says="A customer's id is the name of a column, and is printed as an unknown one.",
        make=two_ids_above,
        code=2,
        words=("customers.csv:1: column 5 is unknown",),
        never=CUSTOMERS,
    ),
    Case(
        id="customers-by-name-as-assets",
        kind="lie",
        says="Customers' names are written like assets, and each is printed as an unknown one.",
        make=names_as_assets,
        code=2,
        words=("the asset of this row is unknown",),
        never=("ALICE", "FRANK"),
    ),
)
