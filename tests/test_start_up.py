"""What is not needed is not imported: help is instant, and a reader of bundles has no door to the network."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

HEAVY: Final = frozenset({"web3", "polars", "httpx"})
AFTER: Final = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def loaded(code: str) -> frozenset[str]:
    """The top-level modules that stand in memory after some code; what it prints itself does not count."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return frozenset(done.stdout.splitlines()[-1].split())


def commands(*arguments: str) -> str:
    """The program as `python -m reservecheck` runs it, then its modules."""
    return (
        f"import runpy, sys\nsys.argv = ['reservecheck', *{arguments!r}]\n"
        f"try:\n    runpy.run_module('reservecheck', run_name='__main__')\nexcept SystemExit:\n    pass\n{AFTER}"
    )


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_imports_neither_reader_nor_table_nor_transport(arguments: tuple[str, ...]) -> None:
    modules = loaded(commands(*arguments))
    assert "reservecheck" in modules
    assert not modules & HEAVY


def test_help_is_printed_by_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reservecheck", "--help"], capture_output=True, text=True, check=True, timeout=120
    )
    assert all(name in done.stdout for name in ("run", "verify", "trace", "collect"))


def test_verify_has_neither_a_reader_of_nodes_nor_a_door_to_the_network() -> None:
    modules = loaded(f"import reservecheck.verify\n{AFTER}")
    assert "reservecheck" in modules
    assert not modules & {"web3", "httpx", "typer", "rich"}


@pytest.mark.parametrize("module", ["money", "model.assessment", "assess.positions", "rules.judge"])
def test_the_core_stands_alone(module: str) -> None:
    modules = loaded(f"import reservecheck.{module}\n{AFTER}")
    assert not modules & {"web3", "httpx", "typer", "rich"}
