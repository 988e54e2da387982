from __future__ import annotations

import pytest
from hypothesis import example, given
from tests.assess.inputs_factory import registry
from tests.members.records import amounts, assets

from reservecheck.errors import BundleError, MoneyError
from reservecheck.members.scale import Scale
from reservecheck.money import LIMIT

SCALE = Scale(registry())


@given(assets, amounts)
@example("JPY", LIMIT - 1)
def test_amounts_of_an_asset_come_back_from_their_text(asset: str, units: int) -> None:
    assert SCALE.units(asset, SCALE.text(asset, units)) == units


def test_amounts_are_whole_units_and_a_count_without_an_asset_is_bare() -> None:
    assert SCALE.text("BTC", 150_000_000) == "1.5"
    assert SCALE.units("BTC", "-1.5") == -150_000_000
    assert SCALE.text("", 150_000_000) == "150000000"
    assert SCALE.units("", "150000000") == 150_000_000


@pytest.mark.parametrize(
    ("asset", "text"),
    [
        *(
            ("BTC", text)
            for text in ("1.50", "1.0", "1.", ".5", "-0", "01", "1e3", "+1", " 1", "", "-", "1.5.5", "٣")
        ),
        *(("", text) for text in ("-0", "1.5", "x", "1" * 101)),
        ("BTC", "0.000000001"),
    ],
)
def test_an_amount_that_is_written_in_another_way_is_refused(asset: str, text: str) -> None:
    with pytest.raises(BundleError) as refused:
        SCALE.units(asset, text)
    assert str(refused.value) == f"{text[:60]!r} is not an amount as this tool writes it"


def test_an_amount_out_of_range_is_refused() -> None:
    with pytest.raises(MoneyError) as refused:
        SCALE.units("JPY", str(LIMIT))
    assert str(refused.value) == "the amount is out of range: 10^38 smallest units or more"


def test_an_asset_the_registry_lacks_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="XYZ"):
        SCALE.text("XYZ", 1)
    with pytest.raises(KeyError, match="XYZ"):
        SCALE.units("XYZ", "1")
