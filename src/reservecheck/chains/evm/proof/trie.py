"""What stands at one key of a Merkle-Patricia trie, shown by the nodes on the way from its root. Pure, strict.

Every node's keccak-256 must be what its parent names, each node is used exactly once, and none may be written in
another way than the one Ethereum writes it (Yellow Paper, appendix D). That a key has no value is shown the same
way: by the node where the path ends or leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sha3 import keccak_256

from reservecheck.chains.evm.rlp import Item, NotCanonical, decode, encode

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = bytes.fromhex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
"""The root of a trie that holds nothing: keccak-256 of the empty string's encoding."""
LARGEST_NODE: Final = 4096  # bytes; those of Ethereum's state have 567 at most

_EMPTY_NODE: Final = b"\x80"
_WAYS: Final = 16
_BRANCH: Final = 17
_PAIR: Final = 2
_ODD: Final = 1
_LEAF: Final = 2
_HASH: Final = 0xA0  # what stands before 32 bytes
_LONG_LIST: Final = 0xF8  # what stands before a list whose length takes one byte
_LONGER_LIST: Final = 0xF9  # two bytes
_LONG: Final = 56
_LONGER: Final = 256


class Unproven(ValueError):  # noqa: N818  # reads as what it is where it is caught
    """What was answered proves nothing; the message says why."""


def value_at(root: bytes, key: bytes, nodes: Sequence[bytes]) -> bytes | None:
    """The value at `key` (the caller hashes keys of secure tries), None where the trie has none.

    `nodes` are those on the path, root first. Raises Unproven.
    """
    if root == EMPTY_ROOT:
        if nodes and list(nodes) != [_EMPTY_NODE]:
            raise Unproven("nodes of a trie that is empty")
        return None
    try:
        value, used = _walked(root, key.hex(), nodes)
    except NotCanonical as error:
        raise Unproven(f"a node is malformed: {error}") from error
    if used != len(nodes):
        raise Unproven("a node that is not on the path")
    return value


def _walked(root: bytes, path: str, nodes: Sequence[bytes]) -> tuple[bytes | None, int]:
    """The value at the end of a path of hex digits, and how many nodes it took."""
    link: Item = root
    used = 0
    extended = False  # by the node before
    while link:
        if isinstance(link, bytes):
            node = _named(link, nodes, used)
            used += 1
        else:
            node = _shaped(link)
        if len(node) == _BRANCH:
            if not path:
                return _bytes(node[_WAYS]) or None, used
            link, path, extended = node[int(path[0], _WAYS)], path[1:], False
            continue
        if extended:
            raise Unproven("an extension leads to no branch")
        digits, is_leaf = _hex_prefix(_bytes(node[0]))
        if is_leaf:
            return (_bytes(node[1]) if digits == path else None), used
        if not path.startswith(digits):
            return None, used
        link, path, extended = node[1], path[len(digits) :], True
    return None, used


def _named(name: bytes, nodes: Sequence[bytes], used: int) -> list[Item]:
    """The next node, which must be the one of that hash."""
    if used == len(nodes):
        raise Unproven("a node on the path is missing")
    raw = nodes[used]
    if keccak_256(raw).digest() != name:
        raise Unproven("a node does not have the hash its parent names")
    node = _branch_of_hashes(raw)
    if node is not None:
        return node
    if len(raw) > LARGEST_NODE:
        raise Unproven("a node is too large")
    return _shaped(decode(raw))


def _branch_of_hashes(raw: bytes) -> list[Item] | None:
    """The items of a branch without nodes in it or a value, read in one go; None for any other node.

    Most nodes of a large trie are such: this is as strict as `decode` and `_shaped`, and several times as fast.
    """
    size = len(raw)
    if size > _LONGER and raw[0] == _LONGER_LIST and (raw[1] << 8 | raw[2]) + 3 == size:
        at = 3
    elif _LONG < size < _LONGER + 2 and raw[0] == _LONG_LIST and raw[1] + 2 == size:
        at = 2
    else:
        return None
    node: list[Item] = []
    while at < size:
        if raw[at] == _HASH:
            node.append(raw[at + 1 : at + 1 + HASH_BYTES])
            at += 1 + HASH_BYTES
        elif raw[at] == _EMPTY_NODE[0]:
            node.append(b"")
            at += 1
        else:
            return None
    if at != size or len(node) != _BRANCH or node[_WAYS] or node.count(b"") > _BRANCH - _PAIR:
        return None
    return node


def _shaped(node: Item) -> list[Item]:
    """The items of a branch, an extension or a leaf; raises Unproven for anything else."""
    if isinstance(node, bytes) or len(node) not in {_PAIR, _BRANCH}:
        raise Unproven("a node is neither a branch nor a pair")
    if len(node) == _BRANCH:
        links = node[:_WAYS]
        if sum(1 for item in node if item) < _PAIR:
            raise Unproven("a branch of fewer than two ways")
        _bytes(node[_WAYS])
    else:
        digits, is_leaf = _hex_prefix(_bytes(node[0]))
        links = [] if is_leaf else node[1:]
        if not node[1] or not (is_leaf or digits):
            raise Unproven("a pair that leads nowhere")
        if is_leaf:
            _bytes(node[1])
    for link in links:
        if isinstance(link, bytes):
            if len(link) not in {0, HASH_BYTES}:
                raise Unproven("a node is named by something other than a hash")
        elif len(encode(link)) >= HASH_BYTES:
            raise Unproven("a node of 32 bytes or more stands within another")
    return node


def _hex_prefix(data: bytes) -> tuple[str, bool]:
    """The digits a pair stands for, and whether it is a leaf (hex-prefix encoding)."""
    text = data.hex()
    kind = int(text[0], _WAYS) if text else _LEAF + _PAIR
    if kind > _LEAF + _ODD or (not kind & _ODD and text[1] != "0"):
        raise Unproven("a path that is not hex-prefix encoded")
    return text[1 if kind & _ODD else 2 :], kind >= _LEAF


def _bytes(item: Item) -> bytes:
    if not isinstance(item, bytes):
        raise Unproven("a list where a value or a path belongs")
    return item
