"""The balance reader: one small EVM program that answers for every (token, owner) of a grid in one call.

It runs in two ways and trusts no contract on the chain: as code laid over an unused address (a state override of
eth_call; the grid is the call data), and as the init code of a contract creation that never happens (the grid
follows the program; what it returns is taken for the new contract's code, hence at most 744 cells).

The grid is one word with the number of tokens, the tokens, the owners, 20 bytes each; token zero is the chain's
own coin. The answer is 33 bytes a cell, tokens outermost: a status and a word. A token that burns its gas or
never ends costs the others nothing: each is called with a million gas at most.
"""

from __future__ import annotations

from typing import Final

from reservecheck.chains.evm.assembler import assemble

READ: Final = 0
FAILED: Final = 1  # reverted, or out of gas
SHORT: Final = 2  # a contract answered fewer than 32 bytes
NO_CODE: Final = 3
CELL_BYTES: Final = 33
ADDRESS_BYTES: Final = 20
WORD_BYTES: Final = 32

NATIVE: Final = "0x" + 40 * "0"
"""Stands for the chain's own coin among the tokens of a grid."""

OVERRIDE_CELLS: Final = 5_000
DEPLOYLESS_CELLS: Final = 744
"""EIP-170: 24,576 bytes of code at most, 33 bytes a cell."""

READER: Final = "0x72657365727665636865636b2d72656164657201"
"""Where the program is laid over the state: the ASCII of "reservecheck-reader" and 1, an account of nobody."""

SOURCE: Final = """
    ; memory: 0x00 selector, 0x04 owner, 0x40 the token's answer, 0x60 at which token, 0x80 at which owner,
    ;         0xa0 where the next cell goes, 0xc0 end of tokens, 0xe0 end of owners, 0x100 the grid, then cells
        CALLDATASIZE ISZERO @as_init_code JUMPI
        CALLDATASIZE 0 0x100 CALLDATACOPY
        CALLDATASIZE @loaded JUMP
    :as_init_code
        @end CODESIZE SUB
        DUP1 @end 0x100 CODECOPY
    :loaded
        0x100 ADD 0xe0 MSTORE
        20 0x100 MLOAD MUL 0x120 ADD 0xc0 MSTORE
        0x120 0x60 MSTORE
        32 0xe0 MLOAD ADD 0xa0 MSTORE
        0x70a0823100000000000000000000000000000000000000000000000000000000 0 MSTORE     ; balanceOf(address)

    :token
        0xc0 MLOAD 0x60 MLOAD LT ISZERO @done JUMPI
        0xc0 MLOAD 0x80 MSTORE

    :owner
        0xe0 MLOAD 0x80 MLOAD LT ISZERO @next_token JUMPI
        0x1000000000000000000000000 0x80 MLOAD MLOAD DIV 4 MSTORE
        0 0x40 MSTORE
        0x1000000000000000000000000 0x60 MLOAD MLOAD DIV
        DUP1 @contract JUMPI
        POP 4 MLOAD BALANCE 0x40 MSTORE 0 @store JUMP

    :contract                                       ; stack: token
        32 0x40 36 0 DUP5 1000000 STATICCALL
        ISZERO @failed JUMPI
        31 RETURNDATASIZE GT @answered JUMPI
        0 0x40 MSTORE                               ; a short answer leaves bytes behind
        EXTCODESIZE @short JUMPI
        3 @store JUMP
    :short
        2 @store JUMP
    :answered
        POP 0 @store JUMP
    :failed
        POP 0 0x40 MSTORE 1

    :store                                          ; stack: status
        0xa0 MLOAD MSTORE8
        0x40 MLOAD 1 0xa0 MLOAD ADD MSTORE
        33 0xa0 MLOAD ADD 0xa0 MSTORE
        20 0x80 MLOAD ADD 0x80 MSTORE
        @owner JUMP

    :next_token
        20 0x60 MLOAD ADD 0x60 MSTORE
        @token JUMP

    :done
        32 0xe0 MLOAD ADD
        DUP1 0xa0 MLOAD SUB SWAP1 RETURN
"""

PROGRAM: Final = assemble(SOURCE)
PROGRAM_HEX: Final = "0x" + PROGRAM.hex()
