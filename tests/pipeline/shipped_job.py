"""The rehearsals that ship with the project, copied to where a test may change them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reservecheck.bundle import EVIDENCE, Gathered, open_sealed
from reservecheck.model.progress import silent
from reservecheck.pipeline import Prepared, Run, conclude, prepare, read_snapshot, replay
from reservecheck.vault.canonical import canonical_json
from reservecheck.vault.sealed import Sealed, sealed_files, write_sealed

ROOT: Final = Path(__file__).resolve().parent.parent.parent
DATE: Final = "2018-06-28"


@dataclass(frozen=True, slots=True)
class Desk:
    """One rehearsal's wallets file, snapshot folder and evidence set."""

    wallets: Path
    snapshot: Path
    evidence: Path

    def prepared(self) -> Prepared:
        return prepare(self.wallets, self.snapshot, ())

    def gathered(self) -> Gathered:
        return open_sealed(Sealed(self.evidence), kind=EVIDENCE).gathered

    def run(self) -> Run:
        prepared = self.prepared()
        return conclude(replay(prepared, self.evidence), read_snapshot(prepared, self.snapshot, silent))

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def engagement(self) -> Path:
        return self.snapshot / "engagement.toml"


def desk(folder: Path, entity: str = "hanul", date: str = DATE) -> Desk:
    """A copy of a rehearsal."""
    wallets = folder / f"{entity}.toml"
    shutil.copy(ROOT / "wallets" / wallets.name, wallets)
    snapshot, evidence = folder / "snapshot", folder / "evidence"
    shutil.copytree(ROOT / "snapshots" / entity / date, snapshot)
    shutil.copytree(ROOT / "evidence" / entity / date, evidence)
    return Desk(wallets, snapshot, evidence)


def resealed(evidence: Path, target: Path, *, kind: str = EVIDENCE, **changed: Callable[[Any], Any]) -> Path:
    """A sealed folder whose manifest is right, with some JSON members changed: `engagement=` is engagement.json."""
    sealed = Sealed(evidence)
    members = {name: sealed.content(name) for name in sealed.names}
    for name, change in changed.items():
        members[f"{name}.json"] = canonical_json(change(json.loads(members[f"{name}.json"])))
    write_sealed(target, sealed_files(members, kind=kind), scratch=target.with_suffix(".partial"))
    return target
