"""The answers: each body once, named by its digest, whole or folded, and the nodes that folded ones name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.members.proof_nodes import NAME as NODES
from reservecheck.members.proof_nodes import folded, nodes_in, read_nodes, unfolded, write_nodes
from reservecheck.transport.log_codec import LARGEST_ANSWERS

LARGEST_FOLDED: Final = 1 << 26
"""An answer above so many bytes is not folded: a small member must not swell to a body that nobody can hold."""
_WHOLE: Final = "bodies/{}.gz"
_FOLDED: Final = "bodies/{}.folded.gz"


def write_bodies(bodies: Mapping[str, bytes]) -> dict[str, bytes]:
    """Members, by name and content, of bodies by their digest: the same bodies give the same members."""
    nodes: set[bytes] = set()
    to_fold: set[str] = set()
    for digest, body in bodies.items():
        if len(body) <= LARGEST_FOLDED and (found := nodes_in(body)):
            to_fold.add(digest)
            nodes |= found
    ordered = sorted(nodes)
    places = {node: number for number, node in enumerate(ordered, 1)}
    members = {
        _FOLDED.format(digest) if digest in to_fold else _WHOLE.format(digest): (
            folded(body, places) if digest in to_fold else body
        )
        for digest, body in bodies.items()
    }
    return members if not ordered else {**members, NODES: write_nodes(ordered)}


class StoredBodies:
    """Bodies read back from a stranger's members; `content` gives a member's and raises BundleError without one.

    All bodies, whole and unfolded, are not larger than `largest` bytes together. Raises BundleError when the nodes
    are not as `write_bodies` writes them.
    """

    def __init__(
        self, names: frozenset[str], content: Callable[[str], bytes], *, largest: int = LARGEST_ANSWERS
    ) -> None:
        self._names = names
        self._content = content
        self._left = largest
        self._nodes = read_nodes(content(NODES)) if NODES in names else ()
        self._used = bytearray(len(self._nodes))

    def body(self, digest: str) -> bytes:
        """A body by its digest, which is not looked at here; each is unfolded anew, so ask once.

        Raises BundleError when there is none or two, when it is not folded properly, or when all are too large.
        """
        whole, name = _WHOLE.format(digest), _FOLDED.format(digest)
        if name not in self._names:
            body = self._content(whole)
            if len(body) > self._left:
                raise BundleError(f"{whole}: the bodies are larger than this tool reads")
        elif whole in self._names:
            raise BundleError(f"{name}: the body stands there twice, whole and folded")
        else:
            most = min(self._left, LARGEST_FOLDED)
            body = unfolded(self._content(name), self._nodes, self._used, name=name, largest=most)
        self._left -= len(body)
        return body

    def all_used(self) -> None:
        """Raises BundleError when no body that was read has one of the nodes."""
        unused = self._used.find(0)
        if unused >= 0:
            raise BundleError(f"{NODES}:{unused + 1}: no answer has this node")
