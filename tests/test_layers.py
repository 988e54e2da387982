"""The layers hold, and the check that says so notices what it is there for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = Path(sys.executable).with_name("lint-imports")
PLANTED = [
    ("money.py", "import pathlib", "The core is pure: no network, file, clock, randomness or command line"),
    (
        "assess/ratios.py",
        "import reservecheck.transport.record",
        "Layers: a module imports only what stands below it",
    ),
    ("observe.py", "import reservecheck.pipeline", "Layers: a module imports only what stands below it"),
    ("books/cash.py", "import httpx", "One door to the network"),
    ("report/text.py", "import typer", "Words on a terminal live in cli"),
    ("chains/evm/pins.py", "import reservecheck.chains.bitcoind.pins", "Chains do not know each other"),
]


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(
        [str(LINT), "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The package and its contracts, to be spoiled."""
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=kept)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_are_kept(copied: Path) -> None:
    done = linted(copied)
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


def test_every_planted_import_is_caught(copied: Path) -> None:
    for name, line, _ in PLANTED:
        with (copied / "src" / "reservecheck" / name).open("a") as module:
            module.write(f"\n{line}  # planted\n")
    done = linted(copied)
    assert done.returncode == 1
    for _, _, contract in PLANTED:
        assert f"{contract} BROKEN" in done.stdout


def test_a_module_nobody_placed_is_caught(copied: Path) -> None:
    (copied / "src" / "reservecheck" / "somewhere.py").write_text('"""Nowhere in the layers."""\n')
    done = linted(copied)
    assert done.returncode == 1
    assert "somewhere" in done.stdout + done.stderr
