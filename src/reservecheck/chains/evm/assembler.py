"""A small assembler: readable EVM assembly with labels to bytes.

Words are separated by white space; `;` starts a comment. A word is an opcode's name, a number (pushed in as few
bytes as it needs), `:name` (a label, a JUMPDEST) or `@name` (pushes a label in two bytes). `@end` is the length
of the program: where data appended to it begins. Opcodes: https://ethereum.org/en/developers/docs/evm/opcodes/
"""

from __future__ import annotations

from typing import Final

OPCODES: Final = {
    "STOP": 0x00,
    "ADD": 0x01,
    "MUL": 0x02,
    "SUB": 0x03,
    "DIV": 0x04,
    "LT": 0x10,
    "GT": 0x11,
    "ISZERO": 0x15,
    "BALANCE": 0x31,
    "CALLDATASIZE": 0x36,
    "CALLDATACOPY": 0x37,
    "CODESIZE": 0x38,
    "CODECOPY": 0x39,
    "EXTCODESIZE": 0x3B,
    "RETURNDATASIZE": 0x3D,
    "POP": 0x50,
    "MLOAD": 0x51,
    "MSTORE": 0x52,
    "MSTORE8": 0x53,
    "JUMP": 0x56,
    "JUMPI": 0x57,
    "JUMPDEST": 0x5B,
    "DUP1": 0x80,
    "DUP5": 0x84,
    "SWAP1": 0x90,
    "RETURN": 0xF3,
    "STATICCALL": 0xFA,
}
"""Only what was there at Byzantium, so that a program runs at any block since October 2017."""

_PUSH1: Final = 0x60
_LABEL_BYTES: Final = 2
_WORD_BYTES: Final = 32


def assemble(source: str) -> bytes:
    """The bytes of a program; raises ValueError naming the word that means nothing."""
    code = bytearray()
    labels: dict[str, int] = {}
    gaps: list[tuple[int, str]] = []
    for word in _words(source):
        if word.startswith(":"):
            _define(labels, word[1:], len(code))
            code.append(OPCODES["JUMPDEST"])
        elif word.startswith("@"):
            gaps.append((len(code) + 1, word[1:]))
            code += bytes([_PUSH1 + _LABEL_BYTES - 1]) + bytes(_LABEL_BYTES)
        elif word in OPCODES:
            code.append(OPCODES[word])
        else:
            code += _push(word)
    _define(labels, "end", len(code))
    for at, name in gaps:
        if name not in labels:
            raise ValueError(f"no label {name!r}")
        code[at : at + _LABEL_BYTES] = labels[name].to_bytes(_LABEL_BYTES, "big")
    return bytes(code)


def _words(source: str) -> list[str]:
    return [word for line in source.splitlines() for word in line.partition(";")[0].split()]


def _define(labels: dict[str, int], name: str, position: int) -> None:
    if name in labels:
        raise ValueError(f"the label {name!r} stands twice")
    labels[name] = position


def _push(word: str) -> bytes:
    try:
        number = int(word, 0)
    except ValueError as error:
        raise ValueError(f"{word!r} is neither an opcode, a number nor a label") from error
    size = max(1, (number.bit_length() + 7) // 8)
    if number < 0 or size > _WORD_BYTES:
        raise ValueError(f"{word!r} does not fit into a word of 32 bytes")
    return bytes([_PUSH1 + size - 1]) + number.to_bytes(size, "big")
