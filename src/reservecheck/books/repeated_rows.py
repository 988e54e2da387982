"""Rows that say the same thing twice, and customers whose ids look alike, in any number of rows.

Every row leaves a 64-bit hash; sorted, equal neighbours are candidates, and only candidates are compared as text in
a second reading. A hash can only make a false candidate, never hide a real one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

_SEED = 0


@dataclass(slots=True)
class RepeatedRows:
    """Hashes of what was read so far; 8 bytes a row, and 16 a customer while ids look unlike their folded form."""

    rows: list[pl.Series] = field(default_factory=list)
    plain: list[pl.Series] = field(default_factory=list)
    folded: list[pl.DataFrame] = field(default_factory=list)

    def add(self, frame: pl.DataFrame, keys: tuple[str, ...], ids: pl.Series) -> None:
        """Take note of one block; `keys` are the columns that make a row unique, `ids` the block's `id_runs`."""
        self.rows.append(row_hash(frame, keys))
        odd = ids.str.contains(r"[^!-@\[-~]")
        if odd.any():
            unlike = ids.filter(odd).to_frame("customer")
            self.folded.append(unlike.select(raw=_hash(pl.col("customer")), folded=_hash(folded_id())))
            ids = ids.filter(~odd)
        # the rest is its own folded form
        self.plain.append(ids.hash(seed=_SEED))

    def merge(self, other: RepeatedRows) -> None:
        """Take over what another one noted."""
        self.rows += other.rows
        self.plain += other.plain
        self.folded += other.folded

    def candidate_rows(self) -> pl.Series:
        """Hashes that more than one row left; what was noted is given up."""
        hashes = _together(self.rows)
        self.rows = []
        hashes = hashes.sort()
        return hashes.filter(hashes == hashes.shift(1)).unique()

    def candidate_ids(self) -> pl.Series:
        """Folded hashes that more than one id left; what was noted is given up."""
        if not self.folded:
            self.plain = []
            return pl.Series(dtype=pl.UInt64)
        plain = _together(self.plain)
        pairs = pl.concat([*self.folded, pl.DataFrame({"raw": plain, "folded": plain})])
        self.plain, self.folded = [], []
        pairs = pairs.sort("folded")
        alike = (pl.col("folded") == pl.col("folded").shift(1)) & (pl.col("raw") != pl.col("raw").shift(1))
        return pairs.filter(alike)["folded"].unique()


def id_runs(frame: pl.DataFrame) -> pl.Series:
    """The id at the start of each run of equal ones.

    A customer's rows usually stand together; whom this leaves twice costs room, and is still one id.
    """
    ids = frame["customer"]
    return ids.filter(ids.ne_missing(ids.shift(1)))


def row_hash(frame: pl.DataFrame, keys: tuple[str, ...]) -> pl.Series:
    """One hash a row over the key columns."""
    return frame.select(keys).hash_rows(seed=_SEED)


def folded_id_hash() -> pl.Expr:
    """The hash of what an id looks like."""
    return _hash(folded_id())


def folded_id() -> pl.Expr:
    """What an id looks like: compatibility forms, case and surrounding blanks do not count."""
    return pl.col("customer").str.normalize("NFKC").str.strip_chars().str.to_lowercase().str.normalize("NFKC")


def _hash(text: pl.Expr) -> pl.Expr:
    return text.hash(seed=_SEED)


def _together(parts: list[pl.Series]) -> pl.Series:
    return pl.concat(parts) if parts else pl.Series(dtype=pl.UInt64)
