"""Which format a proof has, and its check, with the root the reader was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.inclusion import bitget, bybit, coinex, mexc, okx_v1, okx_v2
from reservecheck.inclusion.catalogue import ROOT_IN_THE_SAME_FILE
from reservecheck.inclusion.fields import Malformed, parse_document
from reservecheck.inclusion.records import Format, Inclusion

FORMATS: Final = (
    Format(name=okx_v1.NAME, title=okx_v1.TITLE, recognise=okx_v1.recognise, check=okx_v1.check),
    Format(name=okx_v2.NAME, title=okx_v2.TITLE, recognise=okx_v2.recognise, check_in_list=okx_v2.check_in_list),
    Format(name=bitget.NAME, title=bitget.TITLE, recognise=bitget.recognise, check=bitget.check),
    Format(name=bybit.NAME, title=bybit.TITLE, recognise=bybit.recognise, check=bybit.check),
    Format(name=coinex.NAME, title=coinex.TITLE, recognise=coinex.recognise, check=coinex.check),
    Format(name=mexc.NAME, title=mexc.TITLE, recognise=mexc.recognise, check=mexc.check),
)
"""Every format that is known; at most one recognises a document. A format of which nobody published a sample is not
claimed. This project's own, por-mst/1, takes its place here with the first tree that is committed to."""


def check_proof(data: bytes, shown: str, *, root: str | None = None, published: bytes | None = None) -> Inclusion:
    """The answer for the bytes of a proof, named `shown` in errors.

    `root` is the published root as hex, in either case and with or without 0x; `published` the published list
    of nodes, which some formats need and others do not have. Raises InputError for what is not a proof of a
    known format.
    """
    try:
        document = parse_document(data)
        found = [one for one in FORMATS if one.recognise(document)]
        if len(found) != 1:
            names = ", ".join(one.name for one in FORMATS)
            raise _refused(shown, "is of no format this tool knows", f"known are {names}")
        (format_,) = found
        if format_.check_in_list is not None:
            if published is None:
                hint = "give the published list of all nodes with --list FILE"
                raise _refused(shown, f"{format_.name} is looked up in a list", hint)
            answer = format_.check_in_list(document, published)
        elif format_.check is None or published is not None:
            raise _refused(shown, f"{format_.name} stands alone", "leave out --list")
        else:
            answer = format_.check(document)
    except Malformed as error:
        raise _refused(shown, str(error), "it has to be the file as it was published") from error
    return answer if root is None else _compared(answer, root.lower().removeprefix("0x"))


def _compared(answer: Inclusion, root: str) -> Inclusion:
    """The same, with the root the reader brought: the gap that he had none is closed."""
    left = tuple(one for one in answer.not_prevented if one.key != ROOT_IN_THE_SAME_FILE)
    differs = () if answer.root == root else (f"the root is {answer.root}, and you were told {root}",)
    return replace(answer, root_compared=True, differences=answer.differences + differs, not_prevented=left)


def _refused(shown: str, message: str, hint: str) -> InputError:
    return InputError(Problem(path=shown, message=message, hint=hint))
