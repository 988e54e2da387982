"""The commitment an exchange published, as a reader of proofs was given it."""

from __future__ import annotations

from reservecheck.commitment.commitment_file import Published, read_commitments
from reservecheck.errors import CommitmentError, InputError, Problem


def read_published(data: bytes, shown: str) -> Published:
    """What the file, named `shown` in errors, commits to; raises InputError with the reason it is no commitment."""
    try:
        return read_commitments(data)
    except CommitmentError as error:
        hint = error.hint or "it has to be the file as the exchange published it"
        raise InputError(Problem(path=shown, message=error.message, hint=hint)) from error
