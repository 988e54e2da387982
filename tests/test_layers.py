"""The layers in pyproject.toml are kept, and three planted violations are caught."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
LINT: Final = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", "--config", folder / "pyproject.toml"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its contracts."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_contract_is_kept(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken." in done.stdout
    assert "Contracts: 7 kept" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("assess/positions.py", "import pathlib", "The core is pure"),
        ("report/text.py", "import httpx", "One door to the network"),
        ("assess/join.py", "import reservecheck.rules.judge", "Layers"),
    ],
)
def test_a_planted_violation_is_caught(tree: Path, module: str, line: str, contract: str) -> None:
    path = tree / "src" / "reservecheck" / module
    before = path.read_text()
    path.write_text(f"{before}\n{line}\n")
    try:
        done = lint(tree)
    finally:
        path.write_text(before)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [said for said in done.stdout.splitlines() if " BROKEN" in said]
    assert any(said.startswith(contract) for said in broken), done.stdout
