from __future__ import annotations

import pytest
from tests.assess.inputs_factory import BTC, TOKEN, asset, engagement, inputs, instrument, registry

from reservecheck.assess.policy import exclusion, is_entity, loosened, observed, tolerance
from reservecheck.assess.statements import ABOVE_THE_LETTER, Parcel
from reservecheck.errors import MoneyError
from reservecheck.model.engagement import Accept, AcceptedInstrument, Deciding, OutOfScope, Quorum, usual_k
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN, IMMATURE, Control, Evidence, Owner

GOOD = Parcel("BTC", BTC, Owner.CUSTOMERS, "", Evidence.OBSERVED, Control.SIGNED, 1)
CONFIRMED = GOOD._replace(instrument="statement/vault", evidence=Evidence.CLAIMED, control=Control.CONFIRMED)
HOUSE = ("house or mixed wallet", False)


def why(parcel: Parcel, **changes: object) -> tuple[str, bool] | None:
    found = exclusion(parcel, inputs(engagement=engagement(**changes)))
    return None if found is None else (found.reason, found.demonstrable)


@pytest.mark.parametrize(
    ("parcel", "expected"),
    [
        (GOOD, None),
        (CONFIRMED, None),
        (GOOD._replace(owner=Owner.HOUSE), HOUSE),
        (GOOD._replace(owner=Owner.MIXED), HOUSE),
        (GOOD._replace(flag="it is nobody's own"), ("it is nobody's own", False)),
        (GOOD._replace(flag=ABOVE_THE_LETTER), ("more than the letter confirms", False)),
        (GOOD._replace(flag=FROZEN), ("frozen by the token's issuer", False)),
        (GOOD._replace(flag=IMMATURE), ("immature coinbase", False)),
        (GOOD._replace(flag=FREEZE_UNKNOWN), (FREEZE_UNKNOWN, True)),
        (GOOD._replace(flag=FREEZE_UNKNOWN, owner=Owner.HOUSE), HOUSE),
        (GOOD._replace(flag=FREEZE_UNKNOWN, control=Control.UNDEMONSTRATED), (FREEZE_UNKNOWN, True)),
        (GOOD._replace(evidence=Evidence.CLAIMED), ("claimed only", True)),
        (GOOD._replace(control=Control.UNDEMONSTRATED), ("control undemonstrated", True)),
    ],
)
def test_under_the_defaults_one_reason_keeps_a_parcel_out(
    parcel: Parcel, expected: tuple[str, bool] | None
) -> None:
    assert why(parcel) == expected


def test_a_stricter_policy_names_the_class_it_asks_for() -> None:
    strict = Deciding(evidence=Evidence.CORROBORATED, control=Control.CONFIRMED)
    assert why(GOOD, deciding=strict) == ("evidence below corroborated", True)
    assert why(CONFIRMED, deciding=strict) == ("evidence below corroborated", True)
    proven = GOOD._replace(evidence=Evidence.PROVEN)
    assert why(proven, deciding=strict) == ("control signed", True)


def test_owners_nobody_accepted_keep_customers_coins_out_and_house_coins_stay_house() -> None:
    assert why(GOOD, accept=Accept()) == ("owner as declared, not accepted", True)
    assert why(GOOD._replace(owner=Owner.HOUSE), accept=Accept()) == HOUSE


def test_a_policy_of_all_owners_needs_no_acceptance() -> None:
    everybody = Deciding(owner="all")
    assert why(GOOD._replace(owner=Owner.HOUSE), deciding=everybody, accept=Accept()) is None


@pytest.mark.parametrize("issuer", ["kaede", "KAEDE"])
def test_what_the_entity_issues_never_counts_to_another_asset(issuer: str) -> None:
    """O4: a token of its own making stands for nothing it owes but itself."""
    book = registry(instruments={TOKEN: instrument(TOKEN, "USDT", 6, issuer=issuer)})
    found = exclusion(GOOD._replace(asset="USDT", instrument=TOKEN), inputs(registry=book))
    assert found == ("issued by the entity", False)


def test_the_entitys_own_token_counts_to_itself() -> None:
    """O9: what an issuer holds of its own token is apart in every ratio."""
    own = asset("KDE", "issuer-token", 18, issuer="kaede")
    book = registry(
        assets={**registry().assets, "KDE": own}, instruments={TOKEN: instrument(TOKEN, "KDE", 6, issuer="kaede")}
    )
    assert exclusion(GOOD._replace(asset="KDE", instrument=TOKEN), inputs(registry=book)) is None


def test_what_the_entity_calls_itself_decides_nothing() -> None:
    assert is_entity("Kaede", inputs(name="Tether"))
    assert not is_entity("Tether", inputs(name="Tether"))


def test_an_issuer_nobody_names_is_not_an_entity_without_an_id() -> None:
    assert not is_entity("", inputs(name="", engagement=engagement(entity="")))


def test_observed_is_a_source_or_a_letter() -> None:
    assert observed(GOOD)
    assert observed(CONFIRMED)
    assert not observed(GOOD._replace(evidence=Evidence.CLAIMED))


def test_a_tolerance_is_exact_in_the_assets_decimals() -> None:
    setting = engagement(tolerance={"BTC": "0.5"})
    assert tolerance(setting, "BTC", 8) == 50_000_000
    assert tolerance(setting, "ETH", 18) == 0
    with pytest.raises(MoneyError):
        tolerance(setting, "BTC", 0)


def test_the_strict_defaults_loosen_nothing() -> None:
    assert loosened(engagement(accept=Accept()), registry()) == ()


def test_every_looser_setting_is_said_as_it_is_written() -> None:
    stranger = "eip155:31337/erc20:0x99"
    added = registry(
        instruments={
            TOKEN: instrument(TOKEN, "USDT", 6, origin="engagement"),
            BTC: instrument(BTC, "BTC", 8),
        }
    )
    setting = engagement(
        deciding=Deciding(owner="all", evidence=Evidence.CLAIMED, control=Control.UNDEMONSTRATED),
        tolerance={"BTC": "0.01", "ETH": "0.00"},
        skew_seconds=7201,
        window_minutes=11,
        sources={"bitcoin:regtest": Quorum(n=3, k=1), "eip155:31337": Quorum(n=2, k=2)},
        accept=Accept(
            owner=True,
            cash_titles=True,
            instruments=(
                AcceptedInstrument(instrument=TOKEN, asset="USDT", reason="stand-in"),
                AcceptedInstrument(instrument=BTC, asset="BTC", reason="the coin itself"),
                AcceptedInstrument(instrument=stranger, asset="ETH", reason="bridged"),
            ),
        ),
        out_of_scope=(OutOfScope(asset="DUST", reason="worth nothing"),),
    )
    assert loosened(setting, added) == (
        'deciding.owner = "all": house and mixed wallets count too (default "customers")',
        'deciding.evidence = "claimed" (default "observed")',
        'deciding.control = "undemonstrated": nobody had to show who holds the keys (default "signed")',
        'tolerance.BTC = "0.01": so much may be missing (default "0")',
        "limits.skew_seconds = 7201 (default 7200)",
        "limits.window_minutes = 11 (default 10)",
        'sources."bitcoin:regtest": 1 of 3 sources must agree (default 2)',
        'accept.owner = "as declared": the entity says which wallets are customers\'',
        'accept.cash_titles = "as declared": the entity says in whose name bank accounts stand',
        f"{TOKEN} (not shipped) counts as USDT: stand-in",
        "bitcoin:regtest/native (shipped) counts as BTC: the coin itself",
        f"{stranger} (not shipped) counts as ETH: bridged",
        "DUST is out of scope: worth nothing",
    )


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_the_usual_number_of_equal_answers(n: int, k: int) -> None:
    assert usual_k(n) == k
