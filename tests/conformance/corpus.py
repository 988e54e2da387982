"""All cases, chapter by chapter: a list you can read."""

from __future__ import annotations

from typing import Final

from tests.conformance.case import Case
from tests.conformance.cases import (
    anchors,
    asked,
    cells,
    chain_lies,
    committed,
    control,
    debts,
    descriptors,
    entity_files,
    forged,
    hostile,
    house,
    instants,
    judges,
    rederived,
    resealed,
    several_sources,
    statements,
    tampered,
    tokens,
    truths,
    valued,
    wallets,
)

CHAPTERS: Final[dict[str, tuple[Case, ...]]] = {
    "Statements instead of coins": statements.CASES,
    "Coins of somebody else": control.CASES,
    "What is owed is made smaller": debts.CASES,
    "What was committed to": committed.CASES,
    "Customers who were asked": asked.CASES,
    "The instant": instants.CASES,
    "Tokens": tokens.CASES,
    "Prices and aggregates": valued.CASES,
    "House coins and bank money": house.CASES,
    "The judge": judges.CASES,
    "Declared wallets": wallets.CASES,
    "Wallets declared by descriptor": descriptors.CASES,
    "What could not be read": cells.CASES,
    "The chain itself": chain_lies.CASES,
    "Several sources": several_sources.CASES,
    "Blocks known from elsewhere, and proofs": anchors.CASES,
    "Altered bundles": tampered.CASES,
    "Altered bundles that fit their manifest": resealed.CASES,
    "Altered bundles that were derived anew": rederived.CASES,
    "The entity's own files": entity_files.CASES,
    "Bundles forged with care": forged.CASES,
    "Hostile files": hostile.CASES,
    "Truths": truths.CASES,
}
CASES: Final[tuple[Case, ...]] = tuple(case for chapter in CHAPTERS.values() for case in chapter)
