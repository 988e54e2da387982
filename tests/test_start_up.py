"""What is not needed is not imported: --help is instant, and a verifier needs no network code."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("web3", "polars", "httpx", "httpcore", "rich", "bitcoin", "eth_account")


def loaded(code: str) -> set[str]:
    """Top-level packages a fresh process has loaded after some code."""
    program = (
        f"import sys\n{code}\nsys.stderr.write('\\n'.join({{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("command", ["", "collect", "init", "lint", "report", "run", "trace", "verify"])
def test_help_imports_nothing_heavy(command: str) -> None:
    code = f"from reservecheck.__main__ import run\nassert run({[*command.split(), '--help']!r}) == 0"
    assert not loaded(code) & set(HEAVY)


def test_verifying_imports_no_network_code() -> None:
    assert not loaded("import reservecheck.verify") & {"web3", "httpx", "httpcore", "rich", "typer"}
