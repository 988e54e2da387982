from __future__ import annotations

import json
from typing import Any, Final

import pytest

from reservecheck.errors import BundleError
from reservecheck.members.rules import read_packs, write_packs
from reservecheck.packs.shipped import known_packs, load_pack
from reservecheck.vault.canonical import sha256

PACK: Final = {"id": "core/1", "sha256": "ab", "text": "x"}


def test_every_shipped_pack_comes_back_verbatim() -> None:
    packs = [load_pack(name) for name in known_packs()]
    written = write_packs(packs)
    assert read_packs(written) == {pack.id: pack.text for pack in packs}
    assert [row["sha256"] for row in json.loads(written)] == [sha256(pack.text.encode()) for pack in packs]
    assert read_packs(write_packs([])) == {}


@pytest.mark.parametrize(
    "packs",
    [
        {},
        None,
        "core/1",
        [1],
        [PACK, PACK],
        [{**PACK, "more": 1}],
        [{"id": "core/1", "sha256": "ab"}],
        [{"id": "core/1", "text": "x"}],
        [{**PACK, "id": 1}],
        [{**PACK, "text": None}],
        [{**PACK, "sha256": 1}],
    ],
)
def test_anything_else_is_no_list_of_packs(packs: Any) -> None:  # noqa: ANN401  # JSON
    with pytest.raises(BundleError) as refused:
        read_packs(json.dumps(packs).encode())
    assert str(refused.value) == "rules.json is not a list of packs"


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(BundleError, match=r"^rules\.json is not JSON this tool writes: "):
        read_packs(b"[")
