from __future__ import annotations

import pytest

from reservecheck.books.same_files import SameFiles
from reservecheck.errors import InputError
from reservecheck.model.declared import InputFile


def file(name: str, digest: str) -> InputFile:
    return InputFile(name=name, bytes=1, sha256=digest)


def test_a_file_is_what_it_was_when_it_was_read_first() -> None:
    same = SameFiles([file("a", "1")])
    same.check(file("a", "1"))
    same.check(file("b", "2"))
    for name, digest in (("a", "2"), ("b", "1")):
        with pytest.raises(InputError) as refused:
            same.check(file(name, digest))
        assert str(refused.value) == (
            f"{name}: the file is not what was read before\n"
            "  hint: copy the folder to where nobody else writes, and run again"
        )
