"""What is owed, made smaller: rows left out, netted, cut, renamed, or dated to another hour."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

AGGREGATE: Final = "aggregate_hides_a_hole aggregate"


def house_offset(bench: Bench) -> None:
    bench.owe("H1,BTC,-50,spot", "NEW,BTC,50,spot")
    bench.write("house.csv", "customer\nH1\n")
    bench.edit("snapshot.toml", 'cash = "cash.csv"', 'cash = "cash.csv"\nhouse = "house.csv"')


def negative_loan(bench: Bench) -> None:
    bench.owe("C9,ETH,-1,spot", "C8,ETH,1,spot")


def dropped_product(bench: Bench) -> None:
    bench.rows("customers.csv", lambda row: row.replace(",spot", ",earn") if row.endswith("1,spot") else row)


def class_left_out(bench: Bench) -> None:
    bench.edit("snapshot.toml", 'spot = "listed"', 'spot = "listed"\nmargin = "listed"')


def contradicted(bench: Bench) -> None:
    bench.silence()
    bench.add("customers.csv", "C1,BTC,0.5,pending-withdrawals\n")


def no_classes(bench: Bench) -> None:
    path = bench.snapshot / "snapshot.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("[classes]")[0], encoding="utf-8")


def fewer_rows(bench: Bench) -> None:
    dropped: list[str] = []

    def drop(row: str) -> str | None:
        if ",BTC," in row and not dropped:
            dropped.append(row)
            return None
        return row

    bench.rows("customers.csv", drop)


def duplicate(bench: Bench) -> None:
    bench.owe("C777,BTC,1,spot", "C777,BTC,1,spot")


def first_rows(bench: Bench, *rows: str) -> None:
    """Rows right below the header, where a block starts."""
    bench.silence()
    path = bench.snapshot / "customers.csv"
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text("\n".join([header, *rows, rest]), encoding="utf-8")


def marked_twice(bench: Bench) -> None:
    first_rows(bench, "\ufeffC777,BTC,1,spot")
    bench.add("customers.csv", "\ufeffC777,BTC,1,spot\n")


def looks_compressed(bench: Bench) -> None:
    first_rows(bench, "x^C777,BTC,0.5,spot")


def no_text(bench: Bench) -> None:
    bench.silence()
    path = bench.snapshot / "customers.csv"
    path.write_bytes(path.read_bytes() + b'"Q1",BTC,0,spot\nC7\xff,BTC,100,spot\n')


def look_alike(bench: Bench) -> None:
    bench.owe("c777,BTC,1,spot", "C777,BTC,1,spot")


def truncated(bench: Bench) -> None:
    bench.owe()
    bench.rows("customers.csv", lambda row: _cut(row) if ",BTC," in row else row)
    bench.edit("snapshot.toml", "[classes]", 'totals = { BTC = "1000" }\n\n[classes]')


def _cut(row: str) -> str:
    customer, asset, balance, class_ = row.split(",")
    whole, _, part = balance.partition(".")
    return f"{customer},{asset},{whole}.{(part + '00')[:2]},{class_}"


def too_fine(bench: Bench) -> None:
    bench.owe("C777,BTC,0.000000001,spot")


def scientific(bench: Bench) -> None:
    bench.owe("C777,BTC,1e3,spot")


def thousand_sats(bench: Bench) -> None:
    bench.owe("C777,1000SATS,5000,spot")


def mapped_sats(bench: Bench) -> None:
    bench.owe("C777,1000SATS,100,spot")
    bench.add("snapshot.toml", '\n[tickers]\n"1000SATS" = { asset = "BTC", multiplier = "0.00001" }\n')


def renamed(bench: Bench) -> None:
    bench.add("snapshot.toml", '\n[tickers]\nBTC = { asset = "ETH" }\n')


def outside(bench: Bench) -> None:
    bench.owe("C777,LTC,5,spot")


def out_of_scope(bench: Bench) -> None:
    bench.owe("C777,LTC,5,spot")
    bench.edit(
        "engagement.toml",
        'assets = ["BTC", "ETH", "USDT", "KRW"]',
        'assets = ["BTC", "ETH", "USDT", "KRW"]\n'
        'out_of_scope = [{ asset = "LTC", reason = "delisted, 5 LTC of one customer" }]',
    )


def shrunk_perimeter(bench: Bench) -> None:
    bench.edit("engagement.toml", 'assets = ["BTC", "ETH", "USDT", "KRW"]', 'assets = ["BTC", "USDT", "KRW"]')
    bench.recollect()


def nothing_declared(bench: Bench) -> None:
    bench.owe("C777,LTC,5,spot")
    bench.edit("engagement.toml", '"USDT", "KRW"]', '"USDT", "KRW", "LTC"]')
    bench.add("prices.csv", "LTC,90000,invented,2018-06-28T00:00:00+09:00,single price,practitioner\n")
    bench.recollect()


def totals_only(bench: Bench) -> None:
    (bench.snapshot / "customers.csv").unlink()
    bench.write(
        "totals.csv", "asset,owed,class\nBTC,1000,spot\nETH,20000,spot\nUSDT,10000000,spot\nKRW,100000000000,spot\n"
    )
    bench.edit("snapshot.toml", 'customers = ["customers.csv"]', 'totals = "totals.csv"')


def totals_beside(bench: Bench) -> None:
    bench.write("totals.csv", "asset,owed,class\nBTC,1,spot\n")
    bench.edit("snapshot.toml", 'cash = "cash.csv"', 'cash = "cash.csv"\ntotals = "totals.csv"')


def unlisted_file(bench: Bench) -> None:
    bench.write("customers-offshore.csv", "customer,asset,balance\nX1,BTC,4000\n")


def nobody_owed(bench: Bench) -> None:
    bench.owe()
    bench.rows("customers.csv", lambda row: f"{','.join(row.split(',')[:2])},0,spot")


def no_rows(bench: Bench) -> None:
    bench.owe()
    bench.rows("customers.csv", lambda _: None)


def empty_file(bench: Bench) -> None:
    bench.write("customers.csv", "")


CASES: Final = (
    Case(
        id="negative-house-offset",
        kind="lie",
        says="A house account at minus 50 BTC offsets 50 BTC owed to a customer.",
        make=house_offset,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", AGGREGATE),
        notes=("negative_balances BTC",),
        figures={"BTC.owed": "1050", "BTC.owed_detail.net": "1000", "BTC.deciding.ratio": "95.23"},
    ),
    Case(
        id="net-covered-gross-not",
        kind="lie",
        says="Net of one customer's debt the ratio is 100.00 %.",
        make=negative_loan,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall ETH",),
        notes=("negative_balances ETH",),
        figures={"ETH.owed": "20001", "ETH.owed_detail.net": "20000", "ETH.deciding.ratio": "99.99"},
    ),
    Case(
        id="product-asserted-none-and-listed",
        kind="lie",
        says="There is no earn product, says the checklist; rows of it stand in the file.",
        make=dropped_product,
        code=1,
        outcome="incomplete",
        breaks=("liability_extract class-contradicted",),
    ),
    Case(
        id="product-left-out",
        kind="lie",
        says="The margin product is on the checklist and not in the file.",
        make=class_left_out,
        code=1,
        outcome="incomplete",
        breaks=("liability_extract class-absent",),
    ),
    Case(
        id="pending-withdrawals-asserted-none",
        kind="lie",
        says="No withdrawal was pending, says the officer; half a BTC is, says the ledger.",
        make=contradicted,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", "liability_extract class-contradicted"),
        figures={"BTC.owed": "1000.5"},
    ),
    Case(
        id="classes-not-stated",
        kind="lie",
        says="Nobody needs to say which products are in the file.",
        make=no_classes,
        code=0,
        outcome="covered",
        notes=("classes_not_stated extract",),
        words=("product classes are not stated: earn, margin or others may be missing",),
    ),
    Case(
        id="row-dropped-after-the-extract",
        kind="lie",
        says="One customer's row was lost on the way from the ledger.",
        make=fewer_rows,
        code=1,
        outcome="incomplete",
        breaks=("liability_extract mismatch-rows", "liability_extract mismatch-total BTC"),
    ),
    Case(
        id="customer-twice",
        kind="lie",
        says="The second row of a customer is a slip and need not count.",
        make=duplicate,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", "liability_extract duplicate BTC"),
        figures={"BTC.owed": "1002"},
    ),
    Case(
        id="customer-behind-a-byte-order-mark",
        kind="lie",
        says="An invisible mark stands before both ids, and the first is lost where the file starts.",
        make=marked_twice,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", "liability_extract duplicate BTC"),
        figures={"BTC.owed": "1002"},
    ),
    Case(
        id="rows-that-look-compressed",
        kind="lie",
        says="The rows start like a compressed file, and a parser that inflates them sees smaller ones.",
        make=looks_compressed,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        figures={"BTC.owed": "1000.5"},
    ),
    Case(
        id="balance-behind-a-byte-that-is-no-text",
        kind="lie",
        says="The row of the largest customer is no text, and is skipped.",
        make=no_text,
        code=2,
        words=("the byte 0xff is not UTF-8", "1 row cannot be read, so what is owed is unknown"),
    ),
    Case(
        id="look-alike-customers",
        kind="lie",
        says="c777 and C777 are two customers, or one, as it suits.",
        make=look_alike,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", "liability_extract look-alike-id"),
        figures={"BTC.owed": "1002"},
    ),
    Case(
        id="balances-cut-to-two-decimals",
        kind="lie",
        says="Two decimals are enough for a balance; the ledger's control total is forgotten.",
        make=truncated,
        code=1,
        outcome="incomplete",
        breaks=("liability_extract mismatch-total BTC",),
    ),
    Case(
        id="balance-finer-than-a-satoshi",
        kind="lie",
        says="A balance of a tenth of a satoshi can be rounded away.",
        make=too_fine,
        code=2,
        words=("customers.csv:172: the balance has 9 digits after the point, the asset has 8",),
    ),
    Case(
        id="balance-in-scientific-notation",
        kind="lie",
        says="1e3 reads as 1, or as 1000, or as nothing.",
        make=scientific,
        code=2,
        words=("customers.csv:172: the balance is not an amount",),
    ),
    Case(
        id="ticker-nobody-mapped",
        kind="lie",
        says="5000 of 1000SATS is nothing the tool must know.",
        make=thousand_sats,
        code=2,
        words=("customers.csv:172: the asset '1000SATS' is unknown (1 rows)",),
    ),
    Case(
        id="ticker-with-a-multiplier",
        kind="lie",
        says="100 of 1000SATS are too few to matter.",
        make=mapped_sats,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        figures={"BTC.owed": "1000.001", "BTC.shortfall": "0.001", "BTC.deciding.ratio": "99.99"},
    ),
    Case(
        id="ticker-that-renames-an-asset",
        kind="lie",
        says="In our ledger BTC means ETH.",
        make=renamed,
        code=2,
        words=("'BTC' is a registered asset, not a name of ETH",),
    ),
    Case(
        id="owed-outside-the-perimeter",
        kind="lie",
        says="5 LTC are owed, and nobody asked about LTC.",
        make=outside,
        code=1,
        outcome="incomplete",
        breaks=("owed_outside_the_perimeter LTC",),
    ),
    Case(
        id="perimeter-without-the-short-asset",
        kind="lie",
        says="The engagement is about everything but ETH, which is owed.",
        make=shrunk_perimeter,
        code=1,
        outcome="incomplete",
        breaks=("owed_outside_the_perimeter ETH",),
    ),
    Case(
        id="owed-with-nothing-declared",
        kind="lie",
        says="Where no wallet is declared there is no ratio to show.",
        make=nothing_declared,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall LTC", "owed_but_nothing_declared LTC", AGGREGATE),
        figures={"LTC.deciding.ratio": "0.00", "LTC.owed": "5", "LTC.deciding.held": "0"},
    ),
    Case(
        id="totals-beside-the-file",
        kind="lie",
        says="A total of 1 BTC in class spot stands in for the spot rows.",
        make=totals_beside,
        code=2,
        words=("BTC in class 'spot' has a total beside a customer file",),
    ),
    Case(
        id="file-nobody-listed",
        kind="lie",
        says="The offshore platform's customers lie in the folder, and in no list.",
        make=unlisted_file,
        code=2,
        words=("customers-offshore.csv: the file is not listed",),
    ),
    Case(
        id="everybody-owed-zero",
        kind="lie",
        says="All balances are zero, so everything is covered.",
        make=nobody_owed,
        code=1,
        outcome="incomplete",
        breaks=("nothing_owed liabilities",),
    ),
    Case(
        id="no-customers",
        kind="lie",
        says="A file with a header and no customer shows that nobody is owed anything.",
        make=no_rows,
        code=2,
        words=("customers.csv: there is a header but no rows",),
    ),
    Case(
        id="empty-customer-file",
        kind="lie",
        says="An empty file is an empty list.",
        make=empty_file,
        code=2,
        words=("customers.csv: the file is empty",),
    ),
    Case(
        id="out-of-scope-shown",
        kind="truth",
        says="LTC is left out by the engagement, by name, with a reason and the amount in every output.",
        make=out_of_scope,
        code=0,
        outcome="covered",
        words=("LTC is out of scope: delisted, 5 LTC of one customer", "LTC: 5 owed are left out"),
    ),
    Case(
        id="totals-only-say-so",
        kind="truth",
        says="Only totals were received, and every output says that nobody summed customers' rows.",
        make=totals_only,
        code=0,
        outcome="covered",
        figures={"BTC.grade": "L0"},
        notes=tuple(f"liability_grade {asset}" for asset in ("BTC", "ETH", "KRW", "USDT")),
    ),
)
