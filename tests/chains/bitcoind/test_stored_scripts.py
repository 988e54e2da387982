from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chains.bitcoind.test_utxo_set import every_kind
from tests.chains.bitcoind.written_dumps import public_key, stored

from reservecheck.chains.bitcoind.stored_scripts import full_script, stored_forms, uncompressed


@pytest.mark.parametrize("script", every_kind(), ids=lambda script: script.hex()[:20])
def test_a_script_is_stored_whole_or_as_a_node_shortens_it(script: bytes) -> None:
    whole, *shortened = stored_forms(script)
    assert whole == (6, script)
    as_a_node = stored(script)
    assert [(form[0], form[1]) for form in shortened] == (
        [(as_a_node[0], as_a_node[1:])] if as_a_node[0] < 6 else []
    )


@given(st.sampled_from(every_kind()) | st.binary(max_size=100))
def test_every_form_is_the_script_again(script: bytes) -> None:
    assert {full_script(*form) for form in stored_forms(script)} == {script}


@given(st.integers(0, 2**256 - 1), st.booleans())
def test_a_key_is_completed_as_the_curve_has_it(x: int, odd: bool) -> None:  # noqa: FBT001  # drawn
    expected = public_key(x, odd=odd) if x < 2**256 - 2**32 - 977 else None
    if expected is None:
        with pytest.raises(ValueError, match="invalid public key"):
            uncompressed(odd, x.to_bytes(32))
    else:
        assert uncompressed(odd, x.to_bytes(32)) == expected
