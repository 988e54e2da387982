"""Nodes of state proofs, each kept once: answers about many accounts of one trie repeat its upper nodes.

A node is a text in quotes: 0x and the lower-case hex digits of one RLP list of 33 to 532 bytes. 532 is a branch
with sixteen digests, the largest there is in a trie of digests; what has less than 32 stands inside its parent. In
a folded body each one is `"#n"` instead, n being the line of the table on which the node stands, from 1 on.
RLP: Ethereum yellow paper, appendix B.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

from reservecheck.errors import BundleError

NAME: Final = "nodes.jsonl.gz"
_NODE: Final = re.compile(rb'"0x((?:e[0-9a-f]|f[0-9])[0-9a-f]{64,1062})"')
_MARK: Final = b'"#'
_MARKED: Final = re.compile(rb'"#(?:([1-9][0-9]{0,8})")?')
_LINE: Final = re.compile(rb'"([A-Za-z0-9+/]+={0,2})"')
_LONG: Final = 0xF8
_LONG_LEAST: Final = 56
_TWO_BYTES_LEAST: Final = 256


def nodes_in(body: bytes) -> frozenset[bytes]:
    """The hex digits of every node in a body; none where the body cannot be folded: where `"#` stands in it."""
    if _MARK in body:
        return frozenset()
    return frozenset(digits for digits in set(_NODE.findall(body)) if _is_list(digits))


def folded(body: bytes, places: Mapping[bytes, int]) -> bytes:
    """The body with each node's place instead of the node.

    `places` has the nodes that `nodes_in` finds, which finds some. Such a body has no `"#` in it, nor can any come
    about but where a place is written, so `unfolded` gives exactly the body.
    """

    def place(found: re.Match[bytes]) -> bytes:
        n = places.get(found[1])
        return found[0] if n is None else b'"#%d"' % n

    return _NODE.sub(place, body)


def unfolded(content: bytes, nodes: Sequence[bytes], used: bytearray, *, name: str, largest: int) -> bytes:
    """The body that was folded; in `used` its nodes are marked.

    Raises BundleError naming the member: a place is none, there is no place, or the body is above `largest` bytes.
    """
    too_large = BundleError(f"{name}: the bodies unfold to more than this tool reads")
    body, end = io.BytesIO(), 0
    for found in _MARKED.finditer(content):
        n = int(found[1] or 0)
        if not 1 <= n <= len(nodes):
            said = content[found.start() : found.start() + 12].decode("ascii", "replace")
            raise BundleError(f"{name}: at byte {found.start()} {said!a} is no line of {NAME}")
        body.write(content[end : found.start()])
        body.write(b'"0x%b"' % nodes[n - 1].hex().encode())
        used[n - 1] = 1
        end = found.end()
        if body.tell() > largest:
            raise too_large
    if not end:
        raise BundleError(f"{name}: it is folded, and names no line of {NAME}")
    if body.tell() + len(content) - end > largest:
        raise too_large
    body.write(content[end:])
    return body.getvalue()


def write_nodes(nodes: Sequence[bytes]) -> bytes:
    """The table of nodes, given as hex digits: a line of JSON each, the node's bytes in base64."""
    return b"".join(_line(bytes.fromhex(digits.decode())) for digits in nodes)


def read_nodes(content: bytes) -> tuple[bytes, ...]:
    """The nodes' bytes, line by line; raises BundleError naming the line that is not as `write_nodes` writes it."""
    if not content.endswith(b"\n"):
        raise BundleError(f"{NAME}: the last line does not end")
    nodes: list[bytes] = []
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        node = _node(line)
        if node is None:
            raise BundleError(f"{NAME}:{number}: this is no node: one RLP list of 33 to 532 bytes, in base64")
        if nodes and node <= nodes[-1]:
            raise BundleError(f"{NAME}:{number}: the node stands twice, or is out of order")
        nodes.append(node)
    return tuple(nodes)


def _line(node: bytes) -> bytes:
    return b'"' + base64.b64encode(node) + b'"\n'


def _node(line: bytes) -> bytes | None:
    found = _LINE.fullmatch(line)
    try:
        node = b"" if found is None else base64.b64decode(found[1], validate=True)
    except binascii.Error:
        return None
    text = b'"0x%b"' % node.hex().encode()
    said = _NODE.fullmatch(text)
    return node if said is not None and _is_list(said[1]) and _line(node) == line + b"\n" else None


def _is_list(digits: bytes) -> bool:
    """Whether the first bytes say that one list follows, and its length. What is in it is not looked at."""
    size, odd = divmod(len(digits), 2)
    first = int(digits[:2], 16)
    if first < _LONG:
        says, follows, least = first - 0xC0, 1, 0
    elif first == _LONG:
        says, follows, least = int(digits[2:4], 16), 2, _LONG_LEAST
    else:
        says, follows, least = int(digits[2:6], 16), 3, _TWO_BYTES_LEAST
    return not odd and says >= least and size == says + follows
