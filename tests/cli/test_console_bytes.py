from __future__ import annotations

import pytest

from reservecheck.cli.console import show


def test_a_file_name_that_is_no_text_is_shown_with_its_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    show("a\udcff.csv: the file is not listed")
    assert capfdbinary.readouterr().out == b"a\\udcff.csv: the file is not listed\n"
