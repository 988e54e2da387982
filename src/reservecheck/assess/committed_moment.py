"""As of when a commitment says that it is, beside the moment that is looked at."""

from __future__ import annotations

from reservecheck.commitment.moment_named import Named, moment_named
from reservecheck.model.assessment import Inputs
from reservecheck.model.committed import Committed


def committed_moment(stated: Committed, inputs: Inputs) -> Named:
    """What its id names: the moment of the extract or the cut-off, another one, or none."""
    extract = inputs.books.liabilities.extract
    as_of = () if extract.as_of_epoch is None else (extract.as_of,)
    return moment_named(stated.snapshot, (inputs.engagement.cutoff, *as_of))
