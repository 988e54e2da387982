"""A work bench for one case: copies of an example's files to lie with, and the real command line to ask.

`recollect` gives the recorded answers to the files as they are now, as a dishonest or honest collect would have
left them; `reseal` writes an altered bundle with a manifest that fits.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tests.nodes.running import Node

from reservecheck.__main__ import run
from reservecheck.bundle import (
    BUNDLE,
    EVIDENCE,
    Gathered,
    bundle_members,
    evidence_members,
    inputs_of,
    open_sealed,
)
from reservecheck.errors import BundleError
from reservecheck.observe import observe
from reservecheck.packs.shipped import load_pack
from reservecheck.pipeline import derive, prepare
from reservecheck.transport.record import Recorded, Reply, seal
from reservecheck.vault.sealed import MANIFEST, Sealed, sealed_files, write_sealed

ROOT: Final = Path(__file__).resolve().parents[2]
SECOND_ROUND: Final = 5000
BASE: Final = ("hanul", "2018-06-28")
Change = Callable[[Recorded], Reply | None]
Edit = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another source of a network; without an operator of its own it is its own."""

    name: str
    network: str
    says: Change = lambda item: item.reply
    operator: str = ""
    run_by: str = "third-party"


@dataclass(slots=True)
class Bench:
    """Files of one case in a folder of its own, and what the last command said."""

    folder: Path
    stack: ExitStack
    entity: str = BASE[0]
    moment: str = BASE[1]
    options: list[str] = field(default_factory=list)
    out: str = ""
    err: str = ""

    @property
    def wallets(self) -> Path:
        return self.folder / "wallets" / f"{self.entity}.toml"

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def bundle(self) -> Path:
        return self.folder / "bundle"

    @property
    def shipped(self) -> Path:
        return ROOT / "evidence" / self.entity / self.moment

    @property
    def said(self) -> str:
        return self.out + self.err

    def start(self, entity: str = BASE[0], moment: str = BASE[1]) -> None:
        """Lay out an example afresh."""
        self.entity, self.moment = entity, moment
        for old in (self.wallets.parent, self.snapshot, self.evidence):
            shutil.rmtree(old, ignore_errors=True)
        self.wallets.parent.mkdir(parents=True)
        for path in (ROOT / "wallets").glob(f"{entity}[.-]*"):
            shutil.copy(path, self.wallets.parent)
        shutil.copytree(ROOT / "snapshots" / entity / moment, self.snapshot)
        shutil.copytree(self.shipped, self.evidence)

    def write(self, name: str, text: str) -> None:
        (self.snapshot / name).write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace what stands exactly once in a file of the snapshot, or in `wallets`."""
        path = self.wallets if name == "wallets" else self.snapshot / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, name: str, lines: str) -> None:
        """Lines at the end of a file."""
        path = self.wallets if name == "wallets" else self.snapshot / name
        path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")

    def rows(self, name: str, keep: Callable[[str], str | None]) -> None:
        """Map every row below the header; None drops it."""
        path = self.snapshot / name
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        kept = [new for row in rows if (new := keep(row)) is not None]
        path.write_text("\n".join([header, *kept, ""]), encoding="utf-8")

    def owe(self, *rows: str) -> None:
        """More customers' rows, with the extract's own control totals taken away."""
        self.silence()
        self.add("customers.csv", "".join(f"{row}\n" for row in rows))

    def silence(self) -> None:
        """The extract states neither how many rows nor which totals."""
        self.edit("snapshot.toml", "rows = 170\n", "")
        path = self.snapshot / "snapshot.toml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("totals = ")), encoding="utf-8")

    def recollect(
        self,
        change: Change = lambda item: item.reply,
        *,
        source: Mapping[str, str] | None = None,
        again: Change = lambda _: None,
        others: Sequence[Other] = (),
    ) -> None:
        """Evidence for the files as they are now, from the recorded answers.

        `change` alters or drops an answer; `again` asks the same question once more and answers it so; `others` are
        further sources, which were asked the same and answered what they say.
        """
        then = open_sealed(Sealed(self.shipped), kind=EVIDENCE).gathered
        cards = tuple(replace(card, **dict[str, Any](source or {})) for card in then.job.sources)
        cards += tuple(
            replace(card, name=other.name, operator=other.operator or other.name, run_by=other.run_by)
            for other in others
            for card in then.job.sources
            if card.network == other.network
        )
        now = prepare(self.wallets, self.snapshot, cards)
        networks = set(now.job.registry.networks)
        kept = [
            (item.question, reply)
            for item in then.log.exchanges
            if item.question.network in networks and (reply := change(item)) is not None
        ]
        kept += [
            (replace(item.question, ordinal=item.question.ordinal + SECOND_ROUND), reply)
            for item in then.log.exchanges
            if (reply := again(item)) is not None
        ]
        kept += [
            (replace(item.question, source=other.name), reply)
            for other in others
            for item in then.log.of(other.network)
            if (reply := other.says(item)) is not None
        ]
        gathered = Gathered(cover=now.cover, job=now.job, log=seal(kept))
        members = evidence_members(gathered, observe(gathered.job, gathered.log))
        shutil.rmtree(self.evidence)
        write_sealed(self.evidence, sealed_files(members, kind=EVIDENCE), scratch=self.folder / "scratch")

    def provide(self, *sources: tuple[str, str, Node, str]) -> None:
        """providers.toml: (network, kind, node, run_by) each."""
        text = 'format = "reservecheck/providers/v1"\n'
        for number, (network, kind, node, run_by) in enumerate(sources):
            text += f'[[source]]\nname = "source-{number}"\nnetwork = "{network}"\nkind = "{kind}"\n'
            text += f'url = "{node.url}"\noperator = "somebody"\nrun_by = "{run_by}"\n'
            if node.cookie_file is not None:
                text += f'auth = {{ cookie_file = "{node.cookie_file}" }}\n'
        (self.folder / "providers.toml").write_text(text, encoding="utf-8")

    def command(self, *arguments: str | Path) -> int:
        """One command line; what it says stays in `out` and `err`."""
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run([str(one) for one in arguments])
        out.flush()
        self.out, self.err = out.buffer.getvalue().decode(), err.getvalue()
        return code

    def run(self, *options: str | Path, form: str = "json") -> int:
        return self.command(
            "run", self.wallets, self.snapshot, "--evidence", self.evidence, "--format", form, *options
        )

    def run_live(self, *options: str | Path) -> int:
        """Read the chains now, from the providers' file."""
        providers = self.folder / "providers.toml"
        return self.command(
            "run", self.wallets, self.snapshot, "--providers", providers, "--format", "json", *options
        )

    def verify(self, *options: str | Path, form: str = "json") -> int:
        return self.command("verify", self.bundle, "--format", form, *options)

    def seal(self) -> None:
        """Write the bundle of the files as they are."""
        self.run("--bundle", self.bundle)
        assert self.bundle.is_dir(), self.said

    def reseal(self, edits: Mapping[str, Edit | bytes]) -> None:
        """Alter members and write the manifest anew, as somebody who knows the format would."""
        before = Sealed(self.bundle)
        members = {name: before.content(name) for name in before.names}
        for name, edit in edits.items():
            changed = edit if isinstance(edit, bytes) else edit(members[name])
            assert changed != members.get(name), f"{name} was not altered"
            members.pop(name, None)
            if changed is not None:
                members[name] = changed
        shutil.rmtree(self.bundle)
        files = sealed_files(members, kind=before.kind)
        write_sealed(self.bundle, files, scratch=self.folder / "scratch")

    def rederive(self, edits: Mapping[str, Edit | bytes]) -> None:
        """Alter members, derive all the others from them again, and write the manifest: the most a liar can do."""
        self.reseal(edits)
        with suppress(BundleError):  # refused at once: then there is nothing to derive from it
            opened = open_sealed(Sealed(self.bundle), kind=BUNDLE)
            assert opened.books is not None
            inputs = inputs_of(opened.gathered, opened.books)
            packs = tuple(load_pack(pack) for pack in inputs.engagement.packs)
            members = bundle_members(opened.gathered, inputs, derive(inputs), packs)
            shutil.rmtree(self.bundle)
            write_sealed(self.bundle, sealed_files(members, kind=BUNDLE), scratch=self.folder / "scratch")

    def unsealed(self, name: str, edit: Edit) -> None:
        """Alter a file of the bundle and leave the manifest; None takes it away."""
        path = self.bundle / name
        before = path.read_bytes() if path.exists() else b""
        after = edit(before)
        assert after != before
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if after is not None:
            path.write_bytes(after)

    def member(self, name: str) -> bytes:
        return Sealed(self.bundle).content(name)

    @property
    def manifest(self) -> Path:
        return self.bundle / MANIFEST

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON that was printed."""
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed


def answering(network: str, purpose: str, edit: Callable[[str], str | None], *, some: bool = False) -> Change:
    """Alters the answers of one purpose; `edit` gets an answer's text and gives another, None for a failure.

    Every one of them must come out altered, or only `some`.
    """

    def change(item: Recorded) -> Reply | None:
        if (item.question.network, item.question.purpose) != (network, purpose) or item.reply.body is None:
            return item.reply
        said = edit(item.reply.body.decode())
        assert some or said != item.reply.body.decode(), f"{purpose} of {network} was not altered"
        if said is None:
            return replace(item.reply, outcome="timed out", body=None)
        return replace(item.reply, body=said.encode())

    return change


def dropping(network: str, purpose: str) -> Change:
    """Leaves the exchanges of one purpose out of the log."""

    def change(item: Recorded) -> Reply | None:
        return None if (item.question.network, item.question.purpose) == (network, purpose) else item.reply

    return change
