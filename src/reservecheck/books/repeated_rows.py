"""Rows that say the same thing twice, and customers whose ids look alike, in any number of rows.

Every row leaves a 64-bit hash; sorted, equal neighbours are candidates, and only candidates are compared as text in
a later reading. A hash can only make a false candidate, never hide a real one.

Where the rows of a customer stand together, as in most ledgers, a hash is left by every customer instead. Rows can
then repeat one another only inside such a run, which is looked at as it is read, or where a customer has more than
one. The rows of those few customers are hashed in a reading of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

CUSTOMER: Final = "customer"
_SEED: Final = 0
_FEW: Final = 2
_SHORT: Final = 16
_KINDS: Final = 1 << 32


@dataclass(slots=True)
class RepeatedRows:
    """Hashes of what was read so far: 8 bytes a row or a run of rows, and 8 more for an id unlike its folded form.

    `together` says whether the rows of a customer are expected to stand together; every part of one register is
    read with the same answer.
    """

    together: bool = False
    rows: list[pl.Series] = field(default_factory=list)
    suspects: list[pl.Series] = field(default_factory=list)
    plain: list[pl.Series] = field(default_factory=list)
    folded: list[pl.DataFrame] = field(default_factory=list)

    def add(self, frame: pl.DataFrame, keys: Sequence[str], starts: pl.Series) -> None:
        """Take note of one block: `keys` make a row unique, the customer first; `starts` are its `run_starts`."""
        if self.together:
            self._look_inside(frame, keys, starts)
        else:
            self.rows.append(row_hash(frame, keys))
        self.add_runs(frame[CUSTOMER].filter(starts))

    def add_runs(self, ids: pl.Series) -> None:
        """Take note of the customer of each run."""
        odd = ids.str.contains(r"[^!-@\[-~]")
        if odd.any():
            unlike = ids.filter(odd).to_frame(CUSTOMER)
            self.folded.append(unlike.select(raw=_hash(pl.col(CUSTOMER)), folded=_hash(folded_id())))
            ids = ids.filter(~odd)
        # the rest is its own folded form
        self.plain.append(ids.hash(seed=_SEED))

    def _look_inside(self, frame: pl.DataFrame, keys: Sequence[str], starts: pl.Series) -> None:
        """Suspect the customers of whom a run may hold a row twice."""
        runs = starts.cum_sum()
        _, kind, *more = keys
        values = row_hash(frame, keys) if more else runs.cast(pl.UInt64) * _KINDS + frame[kind].to_physical()
        if _twice(values, runs):
            self.suspect(frame[CUSTOMER].filter(values.is_duplicated()).unique())

    def suspect(self, ids: pl.Series) -> None:
        """Take note of customers of whom a row may stand twice in a run."""
        self.suspects.append(ids.hash(seed=_SEED))

    def merge(self, other: RepeatedRows) -> None:
        """Take over what another one noted."""
        self.rows += other.rows
        self.suspects += other.suspects
        self.plain += other.plain
        self.folded += other.folded

    def customers_to_hash(self) -> pl.Series:
        """Hashes of the customers of whom rows have to be hashed before `candidate_rows` can be asked for."""
        if not self.together:
            return _together([])
        runs = _together([*self.plain, *(pairs["raw"] for pairs in self.folded)])
        return pl.concat([_repeated(runs), *self.suspects]).unique()

    def hash_rows_of(self, customers: pl.Series, frame: pl.DataFrame, keys: Sequence[str]) -> None:
        """Take note of the rows of some customers in one block, which is read again."""
        of_these = frame[CUSTOMER].hash(seed=_SEED).is_in(customers.implode())
        self.rows.append(row_hash(frame.filter(of_these), keys))

    def candidate_rows(self) -> pl.Series:
        """Hashes that more than one row left; what was noted is given up."""
        hashes = _together(self.rows)
        self.rows = []
        return _repeated(hashes)

    def candidate_ids(self) -> pl.Series:
        """Folded hashes that more than one id left; what was noted is given up."""
        if not self.folded:
            self.plain = []
            return _together([])
        plain = _together(self.plain)
        pairs = pl.concat([*self.folded, pl.DataFrame({"raw": plain, "folded": plain})])
        self.plain, self.folded = [], []
        pairs = pairs.sort("folded")
        alike = (pl.col("folded") == pl.col("folded").shift(1)) & (pl.col("raw") != pl.col("raw").shift(1))
        return pairs.filter(alike)["folded"].unique()


def run_starts(frame: pl.DataFrame) -> pl.Series:
    """For each row, whether another customer stands above it.

    A customer's rows usually stand together; whom this leaves twice costs room, and is still one customer.
    """
    ids = frame[CUSTOMER]
    starts = ids.ne_missing(ids.shift(1))
    if len(starts):
        starts[0] = True  # above the first row stands nobody, who is not the customer without an id
    return starts


def stand_together(frame: pl.DataFrame) -> bool:
    """Whether customers have at least two rows each in a row."""
    return frame.height >= _FEW * int(run_starts(frame).sum())


def row_hash(frame: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """One hash a row over the key columns."""
    return frame.select(keys).hash_rows(seed=_SEED)


def folded_id_hash() -> pl.Expr:
    """The hash of what an id looks like."""
    return _hash(folded_id())


def folded_id() -> pl.Expr:
    """What an id looks like: compatibility forms, case and surrounding blanks do not count.

    Letters are folded by way of their capitals: ß and ss, and both small sigmas, have the same.
    """
    text = pl.col(CUSTOMER).str.normalize("NFKC").str.strip_chars()
    return text.str.to_uppercase().str.to_lowercase().str.normalize("NFKC")


def _twice(values: pl.Series, runs: pl.Series) -> bool:
    """Whether a value stands twice in a run; short runs are compared as they stand, others sorted."""
    for distance in range(1, _SHORT):
        if not (runs == runs.shift(distance)).any():
            return False
        if (values == values.shift(distance)).any():
            return True
    return len(_repeated(values)) > 0


def _repeated(values: pl.Series) -> pl.Series:
    values = values.sort()
    return values.filter(values == values.shift(1)).unique()


def _hash(text: pl.Expr) -> pl.Expr:
    return text.hash(seed=_SEED)


def _together(parts: list[pl.Series]) -> pl.Series:
    return pl.concat(parts) if parts else pl.Series(dtype=pl.UInt64)
