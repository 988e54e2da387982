from __future__ import annotations

import ast
from pathlib import Path

import pytest

import reservecheck

PACKAGES = ("tables", "books", "assess", "kernels")
MODULES = sorted(
    path for package in PACKAGES for path in (Path(reservecheck.__file__).parent / package).rglob("*.py")
)
FORBIDDEN_NAMES = {
    "Float16", "Float32", "Float64", "float", "mean", "median", "std", "var", "quantile", "read_csv_auto",
    "to_decimal", "truediv", "numpy",
}  # fmt: skip


def offences(source: str) -> list[str]:
    tree = ast.parse(source)
    frames = any(
        isinstance(node, ast.Import) and any(alias.name == "polars" for alias in node.names)
        for node in ast.walk(tree)
    )
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{node.lineno}: the float {node.value}")
        elif isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            if name in FORBIDDEN_NAMES:
                found.append(f"{node.lineno}: {name}")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and frames:
            found.append(f"{node.lineno}: /")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            keywords = {keyword.arg for keyword in node.keywords}
            if frames and ("on" in keywords or "left_on" in keywords) and "validate" not in keywords:
                found.append(f"{node.lineno}: a join without validate=")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_no_float_mean_or_division_stands_where_amounts_are(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 1.5", ["1: the float 1.5"]),
        ("import polars as pl\nx = pl.col('a') / 2", ["2: /"]),
        ("import polars as pl\nx = pl.col('a').mean()", ["2: mean"]),
        ("import polars as pl\nx = pl.col('a').cast(pl.Float64)", ["2: Float64"]),
        ("import polars as pl\nx = a.join(b, on='c')", ["2: a join without validate="]),
        ("x = float('1')", ["1: float"]),
    ],
)
def test_the_search_finds_what_it_looks_for(source: str, found: list[str]) -> None:
    assert offences(source) == found
