"""Which format a proof has, and its check, with the root the reader was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reservecheck.commitment.commitment_file import FORMAT as COMMITMENT
from reservecheck.commitment.commitment_file import Published
from reservecheck.errors import InputError, Problem
from reservecheck.inclusion import bitget, bybit, coinex, mexc, okx_v1, okx_v2, por_mst_1
from reservecheck.inclusion.catalogue import ROOT_IN_THE_SAME_FILE
from reservecheck.inclusion.fields import Malformed, is_object, member, parse_document
from reservecheck.inclusion.records import Format, Inclusion
from reservecheck.vault.canonical import Json

FORMATS: Final = (
    Format(name=okx_v1.NAME, title=okx_v1.TITLE, recognise=okx_v1.recognise, check=okx_v1.check),
    Format(name=okx_v2.NAME, title=okx_v2.TITLE, recognise=okx_v2.recognise, check_in_list=okx_v2.check_in_list),
    Format(name=bitget.NAME, title=bitget.TITLE, recognise=bitget.recognise, check=bitget.check),
    Format(name=bybit.NAME, title=bybit.TITLE, recognise=bybit.recognise, check=bybit.check),
    Format(name=coinex.NAME, title=coinex.TITLE, recognise=coinex.recognise, check=coinex.check),
    Format(name=mexc.NAME, title=mexc.TITLE, recognise=mexc.recognise, check=mexc.check),
    Format(
        name=por_mst_1.NAME,
        title=por_mst_1.TITLE,
        recognise=por_mst_1.recognise,
        check_committed=por_mst_1.check_committed,
    ),
)
"""Every format that is known; at most one recognises a document. A format of which nobody published a sample is not
claimed; por-mst/1 is this project's own."""

_FOLLOWED: Final = "leave out --root and --list, and give the published commitment with --commitment FILE"


def check_proof(
    data: bytes,
    shown: str,
    *,
    root: str | None = None,
    published: bytes | None = None,
    commitment: Published | None = None,
) -> Inclusion:
    """The answer for the bytes of a proof, named `shown` in errors.

    `root` is the published root as hex, in either case and with or without 0x; `published` the published list
    of nodes and `commitment` what was committed to, which some formats need and others do not have. Raises
    InputError for what is not a proof of a known format.
    """
    try:
        document = parse_document(data)
        if is_object(document, "format", "trees") and member(document, "format", "") == COMMITMENT:
            hint = "give the proof that was given to the customer, and this file with --commitment"
            raise _refused(shown, "this is what was committed to for all, and no customer's proof", hint)
        found = [one for one in FORMATS if one.recognise(document)]
        if len(found) != 1:
            names = ", ".join(one.name for one in FORMATS)
            raise _refused(shown, "is of no format this tool knows", f"known are {names}")
        (format_,) = found
        if format_.check_committed is not None:
            if root is not None or published is not None:
                raise _refused(shown, f"{format_.name} is followed to a commitment", _FOLLOWED)
            return format_.check_committed(data, commitment)
        if commitment is not None:
            raise _refused(shown, f"{format_.name} has no commitment", "leave out --commitment")
        answer = _alone_or_listed(format_, document, shown, published)
    except Malformed as error:
        raise _refused(shown, str(error), "it has to be the file as it was published") from error
    return answer if root is None else _compared(answer, root.lower().removeprefix("0x"))


def _alone_or_listed(format_: Format, document: Json, shown: str, published: bytes | None) -> Inclusion:
    if format_.check_in_list is not None:
        if published is None:
            hint = "give the published list of all nodes with --list FILE"
            raise _refused(shown, f"{format_.name} is looked up in a list", hint)
        return format_.check_in_list(document, published)
    if format_.check is None or published is not None:
        raise _refused(shown, f"{format_.name} stands alone", "leave out --list")
    return format_.check(document)


def _compared(answer: Inclusion, root: str) -> Inclusion:
    """The same, with the root the reader brought: the gap that he had none is closed."""
    left = tuple(one for one in answer.not_prevented if one.key != ROOT_IN_THE_SAME_FILE)
    differs = () if answer.root == root else (f"the root is {answer.root}, and you were told {root}",)
    all_ = answer.differences + differs
    return replace(answer, root_compared=True, root_differs=bool(differs), differences=all_, not_prevented=left)


def _refused(shown: str, message: str, hint: str) -> InputError:
    return InputError(Problem(path=shown, message=message, hint=hint))
