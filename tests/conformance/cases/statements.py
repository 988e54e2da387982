"""Paper in the place of coins: a custodian's line is a claim until its letter reaches the practitioner directly."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

T: Final = "2018-06-28T00:00:00+09:00"
AGGREGATE: Final = "aggregate_hides_a_hole aggregate"
CLAIMED: Final = ("asset_shortfall BTC", "claimed_value_relied_on BTC")
LETTER_HEAD: Final = (
    "id,from,subject,label,asset,amount,as_of,requested_on,received_on,channel,received_by,restrictions,file_sha256"
)


def say(bench: Bench, label: str, custodian: str, amount: str, as_of: str = T) -> None:
    """Declare a statement, and give it a figure."""
    bench.add("wallets", f'\n[[statement]]\nlabel = "{label}"\ncustodian = "{custodian}"\nowner = "customers"\n')
    path = bench.snapshot / "custodians.csv"
    if not path.exists():
        bench.write("custodians.csv", "label,asset,balance,as_of\n")
        bench.edit(
            "snapshot.toml", 'letters = "letters.csv"', 'letters = "letters.csv"\ncustodians = "custodians.csv"'
        )
    bench.add("custodians.csv", f"{label},BTC,{amount},{as_of}\n")


def letter(bench: Bench, label: str, amount: str, *, channel: str = "direct", received: str = "2018-07-09") -> None:
    """A letter about a custody account."""
    row = f"vault-{label},Prime Vault Ltd,custody,{label},BTC,{amount},{T},2018-06-28,{received},{channel},"
    bench.add("letters.csv", f"{row}Example Audit,none,{'7' * 64}\n")


def drop_cold(bench: Bench) -> None:
    """Take the 300 BTC of btc-cold-2 out of the declaration."""
    text = bench.wallets.read_text(encoding="utf-8")
    parts = text.split("[[wallet]]")
    kept = [part for part in parts if '"btc-cold-2"' not in part]
    assert len(kept) == len(parts) - 1
    bench.wallets.write_text("[[wallet]]".join(kept), encoding="utf-8")


def typed_line(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "300")
    bench.recollect()


def letter_of_the_entity(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "300")
    letter(bench, "prime-vault", "300", channel="via-entity")
    bench.recollect()


def letter_that_never_came(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "300")
    letter(bench, "prime-vault", "300", received="")
    bench.recollect()


def letter_of_less(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "300")
    letter(bench, "prime-vault", "299.99999999")
    bench.recollect()


def letter_of_more(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "200")
    letter(bench, "prime-vault", "300")
    bench.recollect()


def restricted(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "300")
    row = f"vault-1,Prime Vault Ltd,custody,prime-vault,BTC,300,{T},2018-06-28,2018-07-09,direct,Example Audit,"
    bench.add("letters.csv", f"{row}pledged to a lender,{'7' * 64}\n")
    bench.recollect()


def whole_asset(bench: Bench) -> None:
    bench.start("nabi")


def reciprocal(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "partner-exchange", "Kaede (fictional)", "300")
    bench.recollect()


def old_statement(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "300", as_of="2018-05-19T00:00:00+09:00")
    bench.recollect()


def silent_statement(bench: Bench) -> None:
    drop_cold(bench)
    bench.add("wallets", '\n[[statement]]\nlabel = "vault"\ncustodian = "Prime Vault Ltd"\nowner = "customers"\n')
    bench.recollect()


def undeclared_line(bench: Bench) -> None:
    say(bench, "vault", "Prime Vault Ltd", "300")
    bench.recollect()
    bench.add("custodians.csv", f"vault-2,BTC,300,{T}\n")


def below_zero(bench: Bench) -> None:
    say(bench, "vault", "Prime Vault Ltd", "-300")


def accepted_claims(bench: Bench) -> None:
    bench.edit("engagement.toml", "[deciding]", '[deciding]\nevidence = "claimed"')


CASES: Final = (
    Case(
        id="typed-custodian-line",
        kind="lie",
        says="A custodian holds the 300 BTC that no chain shows; the entity typed the line.",
        make=typed_line,
        code=1,
        outcome="incomplete",
        unknown=CLAIMED,
        figures={"BTC.deciding.held": "700", "BTC.deciding.ratio": "70.00", "BTC.by_evidence.claimed": "300"},
    ),
    Case(
        id="letter-supplied-by-the-entity",
        kind="lie",
        says="The custodian's letter, handed over by the entity, confirms 300 BTC.",
        make=letter_of_the_entity,
        code=1,
        outcome="incomplete",
        unknown=CLAIMED,
        notes=("letters_disagree letter vault-prime-vault",),
        figures={"BTC.deciding.held": "700", "BTC.by_control.confirmed": "0"},
    ),
    Case(
        id="letter-that-never-came",
        kind="lie",
        says="A letter was asked for, so the 300 BTC are as good as confirmed.",
        make=letter_that_never_came,
        code=2,
        words=("letters.csv:5: received_on is ''",),
    ),
    Case(
        id="letter-of-one-satoshi-less",
        kind="lie",
        says="The letter and the book differ by one satoshi, which is nothing.",
        make=letter_of_less,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", "letters_disagree letter vault-prime-vault"),
        figures={"BTC.deciding.held": "999.99999999", "BTC.deciding.ratio": "99.99", "BTC.shortfall": "0.00000001"},
    ),
    Case(
        id="letter-of-more-than-the-book",
        kind="lie",
        says="The letter says 300 where the book says 200, so 300 count.",
        make=letter_of_more,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", "letters_disagree letter vault-prime-vault", AGGREGATE),
        figures={"BTC.deciding.held": "900"},
    ),
    Case(
        id="letter-with-a-pledge",
        kind="lie",
        says="The custodian confirms 300 BTC, and that they are pledged is small print.",
        make=restricted,
        code=1,
        outcome="incomplete",
        unknown=("letter_restrictions letter vault-1",),
        figures={"BTC.deciding.held": "1000"},
    ),
    Case(
        id="asset-claimed-in-full",
        kind="lie",
        says="All coins lie with a custodian, and all of them are stated.",
        make=whole_asset,
        code=1,
        outcome="incomplete",
        unknown=(*CLAIMED, "asset_shortfall ETH", "claimed_value_relied_on ETH"),
        figures={"BTC.deciding.ratio": "0.00", "ETH.deciding.ratio": "0.00", "ETH.by_evidence.observed": "0"},
    ),
    Case(
        id="reciprocal-statement",
        kind="lie",
        says="A partner exchange states that it holds 300 BTC for us, as we state for it.",
        make=reciprocal,
        code=1,
        outcome="incomplete",
        unknown=CLAIMED,
        figures={"BTC.deciding.held": "700"},
    ),
    Case(
        id="statement-forty-days-old",
        kind="lie",
        says="A statement of forty days before the cut-off still says what is held.",
        make=old_statement,
        code=1,
        outcome="incomplete",
        breaks=("statement_date statement prime-vault BTC",),
        unknown=CLAIMED,
    ),
    Case(
        id="statement-without-a-figure",
        kind="lie",
        says="A custody account is declared, and its amount is left to the reader's good will.",
        make=silent_statement,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        unknown=("unread_cell vault",),
        words=("no custodian's figure was received",),
    ),
    Case(
        id="custodian-line-nobody-declared",
        kind="lie",
        says="The register of custodians has a line more than the declaration.",
        make=undeclared_line,
        code=2,
        words=("the custodians register has a line for 'vault-2', which is not a declared statement",),
    ),
    Case(
        id="custodian-below-zero",
        kind="lie",
        says="A custodian holds minus 300 BTC, which nets out somewhere else.",
        make=below_zero,
        code=2,
        words=("custodians.csv:2", "a custodian holds nothing or something"),
    ),
    Case(
        id="claims-made-to-decide",
        kind="lie",
        says="The engagement lets claimed value decide.",
        make=accepted_claims,
        code=2,
        words=("engagement.toml", "claimed value never decides"),
    ),
)
