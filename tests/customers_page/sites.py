"""Sites for tests: commitments of the shared example and of the corpus, written as the command writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

from tests.commitment.trees import EXAMPLE, SCOPE, SECRET

from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.commitment_file import Published, write_commitments
from reservecheck.commitment.proof_file import write_proof
from reservecheck.commitment.scheme import Commitment, Scope
from reservecheck.inclusion.site import site

ETH: Final = Commitment(scope=SCOPE, root=bytes.fromhex(EXAMPLE["root"]), total=int(EXAMPLE["total"]))
PROOFS: Final[dict[str, str]] = {
    proof["customer"].partition("@")[0]: json.dumps(proof, ensure_ascii=False) for proof in EXAMPLE["proofs"]
}
ADDRESS: Final = "https://hanul.example/statement.pdf"


def published(*trees: Commitment, entity: str = "Hanul", snapshot: str = SCOPE.snapshot) -> bytes:
    return write_commitments(Published(entity=entity, snapshot=snapshot, trees=trees))


def written(folder: Path, commitment: bytes, address: str | None = ADDRESS) -> Path:
    """The site in a folder; gives its page."""
    folder.mkdir(parents=True)
    for name, data in site(commitment, "commitment.json", address).items():
        (folder / name).write_bytes(data)
    return folder / "index.html"


def tree_of(scope: Scope, *rows: Row) -> tuple[Commitment, list[str]]:
    """A tree's commitment, and a proof for each customer in the order of the rows, parts together."""
    tree = build(rows, scope, SECRET)
    owed: dict[str, list[int]] = {}
    for row in rows:
        owed.setdefault(row.customer, []).append(row.units)
    return tree.commitment, [write_proof(tree.prove(one, units, SECRET)).decode() for one, units in owed.items()]


@dataclass
class Served:
    """A server on loopback and every request it was asked."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:  # noqa: ANN401  # as the library has it
            asked.append(f"{self.command} {self.path}")

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}/", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
