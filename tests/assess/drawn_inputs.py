"""The small exchange with trees that came out again, customers drawn from them by a block, and their answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tests.assess.inputs_factory import BITCOIN, REBUILT, books, committed, inputs, liabilities

from reservecheck.model.assessment import Inputs
from reservecheck.model.committed import DrawStated
from reservecheck.model.confirmations import Answers, Confirmations, DrawnBy, ReadFrom
from reservecheck.model.declared import InputFile

DIGEST: Final = "c0" * 32
BLOCK: Final = "b1" * 32
LIST: Final = "11" * 32
STATED: Final = DrawStated(network=BITCOIN, height=200, method="amount", size=60)
FILES: Final = (
    InputFile(name="snapshot.toml", bytes=9, sha256="aa" * 32),
    InputFile(name="commitment.json", bytes=9, sha256=DIGEST),
    InputFile(name="confirmations.csv", bytes=9, sha256=LIST),
)


_PUBLIC: Final = "if the commitment was public before that block; who"
FOLLOWS: Final = (
    (
        "amount",
        (
            f"of the total recorded stands where customers would say otherwise, {_PUBLIC} is recorded with too"
            " little is hardly ever drawn so, and who was left out never"
        ),
    ),
    (
        "customer",
        (
            f"of the customers recorded would say otherwise, whatever sums those are owed, {_PUBLIC} was left out"
            " is never drawn"
        ),
    ),
)
"""What at most 4.88 % are of, by the method of the draw."""


def answers(asset: str, **changes: object) -> Answers:
    """All 55 customers of an asset who were drawn agree directly."""
    parts: dict[str, Any] = {"draws": 60, "agreed": 55, "via_entity": 0, "differing": 0, "no_reply": 0, **changes}
    return Answers(asset=asset, **parts)


AGREED: Final = tuple(answers(tree.asset) for tree in REBUILT)


def drawn_by(**changes: object) -> DrawnBy:
    parts: dict[str, Any] = {
        "commitment": DIGEST,
        "network": BITCOIN,
        "height": 200,
        "block": BLOCK,
        "time": "2018-09-20T09:00:00Z",
        "read_from": ReadFrom.OWN,
        **changes,
    }
    return DrawnBy(**parts)


def confirmations(given: Iterable[Answers] = AGREED, **changes: object) -> Confirmations:
    kept = tuple(given)
    listed = tuple(one.asset for one in kept if one.drawn - one.left_out + one.added)
    otherwise = {one.asset: one.differing for one in kept if one.differing}
    parts: dict[str, Any] = {"drawn_by": drawn_by(), "list_sha256": LIST, "listed": listed, "otherwise": otherwise}
    parts |= changes
    return Confirmations(answers=kept, **parts)


def asked(kept: Confirmations | None = None, **changes: Any) -> Inputs:  # noqa: ANN401  # any part of it
    """Everybody drawn agrees; `draw`, `commitment` and what `inputs` takes may be given."""
    draw = changes.pop("draw", STATED)
    stated = changes.pop("commitment", committed(REBUILT, draw=draw))
    owed = liabilities(commitment=stated)
    folder = books(liabilities=owed, files=FILES, confirmations=confirmations() if kept is None else kept)
    return inputs(**{"books": folder, **changes})
