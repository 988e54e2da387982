"""A secret in a file that others may read is used, with a warning; in one for its owner alone without a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.conformance.bench import Bench
from tests.conformance.committing import SECRET, committed


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        made = Bench(tmp_path, stack)
        made.start()
        committed()(made)
        yield made


def asked(bench: Bench, secret: Path) -> Iterator[tuple[int, str]]:
    """The exit code and the words on stderr of every command that is given a secret."""
    made = bench.folder / "made"
    commitment, mode = bench.snapshot / "commitment.json", f"{secret.stat().st_mode & 0o777:o}"
    targets = ("--private", made / mode, "--out", made / f"{mode}.json")
    yield bench.command("liabilities", "commit", bench.snapshot, *targets, "--secret", secret), bench.err
    given = ("--commitment", commitment, "--secret", secret)
    yield bench.command("liabilities", "rebuild", bench.snapshot, *given), bench.err
    bundle = made / f"bundle-{mode}"
    yield bench.run("--commitment-secret", secret, "--bundle", bundle), bench.err
    beside = ("--snapshot", bench.snapshot, "--commitment-secret", secret)
    yield bench.command("verify", bundle, *beside), bench.err


def test_every_command_warns_of_a_secret_that_others_may_read(bench: Bench) -> None:
    secret = bench.folder / "secret.hex"
    secret.chmod(0o600)
    closed = [*asked(bench, secret)]
    secret.chmod(0o644)
    opened = [*asked(bench, secret)]
    warning = (
        f"warning: {secret}: others than its owner may use it (mode 644)\n"
        f"  hint: chmod 600 {secret}, and find out who read it\n"
    )
    assert [code for code, _ in closed] == [code for code, _ in opened] == [0, 0, 0, 0]
    assert [said.count(warning) for _, said in opened] == [1] * 4
    assert not [said for _, said in closed if "warning" in said]


def test_a_secret_that_was_typed_is_not_repeated_by_a_warning(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.folder)
    (bench.folder / SECRET.hex()).touch(0o644)
    for command in ("rebuild", "commit", "draw"):
        given = {
            "rebuild": ("--commitment", bench.snapshot / "commitment.json"),
            "commit": ("--private", "p", "--out", "c.json"),
            "draw": ("--block-hash", "0" * 64, "--out", "list.csv"),
        }[command]
        assert bench.command("liabilities", command, bench.snapshot, *given, "--secret", SECRET.hex()) == 2
        assert bench.err.startswith("error: --secret: this is a secret, not a file\n")
        assert SECRET.hex() not in bench.said
