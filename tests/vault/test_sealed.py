from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import BundleError, OutputError
from reservecheck.vault import sealed as sealed_module
from reservecheck.vault.canonical import canonical_json, parse_json, sha256
from reservecheck.vault.gzipped import gunzip_bytes, gzip_bytes
from reservecheck.vault.sealed import Sealed, sealed_files, write_sealed

MEMBERS = {"a.json": b"{}\n", "cells.csv.gz": b"x,y\n1,2\n", "bodies/00.gz": b"body"}


def sealed(tmp_path: Path, name: str = "bundle") -> Path:
    target = tmp_path / name
    write_sealed(target, sealed_files(MEMBERS, kind="test/v1"), scratch=tmp_path / f"{name}.partial")
    return target


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_folder_and_a_zip_give_back_what_went_in(tmp_path: Path, name: str) -> None:
    opened = Sealed(sealed(tmp_path, name))
    assert opened.differences() == []
    assert {member: opened.content(member) for member in opened.names} == MEMBERS
    assert opened.kind == "test/v1"


def test_the_same_members_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = sealed(tmp_path, "a.zip"), sealed(tmp_path, "b.zip")
    assert first.read_bytes() == second.read_bytes()


def test_every_altered_byte_of_every_member_is_named(tmp_path: Path) -> None:
    target = sealed(tmp_path)
    for name in MEMBERS:
        path = target / name
        data = path.read_bytes()
        for position in range(len(data)):
            path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
            expected = [f"{name}: altered, its bytes are not those the manifest lists"]
            assert Sealed(target).differences() == expected
        path.write_bytes(data)


def test_an_extra_and_a_missing_member_are_named(tmp_path: Path) -> None:
    target = sealed(tmp_path)
    (target / "more.txt").write_text("x")
    (target / "a.json").unlink()
    assert Sealed(target).differences() == [
        "more.txt: extra member, not in the manifest",
        "a.json: missing, the manifest lists it",
    ]


def test_attestation_is_outside_the_manifest(tmp_path: Path) -> None:
    target = sealed(tmp_path)
    (target / "attestation").mkdir()
    (target / "attestation" / "statement.json").write_text("{}")
    assert Sealed(target).differences() == []


def test_a_content_digest_that_lies_is_named(tmp_path: Path) -> None:
    target = sealed(tmp_path)
    manifest = json.loads((target / "manifest.json").read_text())
    for row in manifest["members"]:
        row["content_sha256"] = "0" * 64
    (target / "manifest.json").write_bytes(canonical_json(manifest))
    assert [line.partition(": ")[2] for line in Sealed(target).differences()] == [
        "its content is not what the manifest lists"
    ] * 3


def test_damaged_gzip_listed_as_it_is_is_named(tmp_path: Path) -> None:
    target = sealed(tmp_path)
    path = target / "cells.csv.gz"
    path.write_bytes(path.read_bytes()[:-1])
    manifest = json.loads((target / "manifest.json").read_text())
    for row in manifest["members"]:
        if row["name"] == "cells.csv.gz":
            row.update(bytes=path.stat().st_size, sha256=sha256(path.read_bytes()))
    (target / "manifest.json").write_bytes(canonical_json(manifest))
    assert Sealed(target).differences() == ["cells.csv.gz: cells.csv.gz is cut off, or something follows its end"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    target = sealed(tmp_path)
    with pytest.raises(OutputError, match="exists already"):
        write_sealed(target, {}, scratch=tmp_path / "again.partial")


def test_a_target_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_sealed(tmp_path / "file" / "x", sealed_files(MEMBERS, kind="k"), scratch=tmp_path / "file" / "y")


def test_a_leftover_scratch_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "bundle.partial").mkdir()
    (tmp_path / "bundle.partial" / "old").write_text("old")
    assert Sealed(sealed(tmp_path)).differences() == []


def test_what_is_not_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such folder or archive"):
        Sealed(tmp_path / "nothing")
    with pytest.raises(BundleError, match="it has no manifest"):
        Sealed(tmp_path)
    (tmp_path / "text.zip").write_text("not a zip")
    with pytest.raises(BundleError, match="neither a folder nor a stored zip"):
        Sealed(tmp_path / "text.zip")


def test_links_and_unsafe_names_are_refused(tmp_path: Path) -> None:
    target = sealed(tmp_path)
    (target / "link").symlink_to("/etc/passwd")
    with pytest.raises(BundleError, match="has a link in it"):
        Sealed(target)
    (target / "link").unlink()
    (target / "-rf").write_text("")
    with pytest.raises(BundleError, match="an unsafe member name"):
        Sealed(target)


@pytest.mark.parametrize("name", ["../up", "/abs", "a//b", "a/../b", "a\\b", "C:x", ".hidden", "é"])
def test_a_zip_with_an_unsafe_name_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(BundleError, match="an unsafe member name"):
        Sealed(path)


def test_a_compressed_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", "x" * 1000)
    with pytest.raises(BundleError, match="not a stored zip"):
        Sealed(path)


def test_a_zip_with_two_members_of_one_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "x")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", "y")
    with pytest.raises(BundleError, match="two members of one name"):
        Sealed(path)


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (b"{", "not JSON this tool writes"),
        (b'{"a":1,"a":2}', "not JSON this tool writes"),
        (b'{"a":1.5}', "not JSON this tool writes"),
        (b'{"a":NaN}', "not JSON this tool writes"),
        (b"[]", "does not list members"),
        (b'{"format":"x","members":[],"more":1}', "does not list members"),
        (b'{"format":"x","members":[1]}', "has a malformed line"),
        (
            b'{"format":"x","members":[{"bytes":1,"content_sha256":"x","name":"a","sha256":"y"}]}',
            "has a malformed line",
        ),
        (b'{"format": "x","members":[]}', "not in canonical form"),
        (b'{"format":"\\ud800","members":[]}\n', "not JSON this tool writes"),
        (b'{"format":"\xed\xa0\x80","members":[]}\n', "not JSON this tool writes"),
        (
            b'{"format":"x","members":[{"bytes":1152921504606846976}]}',
            "the number 1152921504606846976 is 2.53 or more",
        ),
        (b'{"format":"x","members":[{"bytes":' + b"9" * 5000 + b"}]}", "is 2.53 or more"),
    ],
)
def test_a_manifest_that_is_not_one_is_refused(tmp_path: Path, manifest: bytes, message: str) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(BundleError, match=message):
        Sealed(tmp_path)


def test_a_member_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="has no member nope"):
        Sealed(sealed(tmp_path)).content("nope")


def test_many_small_files_that_swell_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {f"bodies/{number}.gz": bytes(2_000_000) for number in range(9)}
    write_sealed(tmp_path / "bomb", sealed_files(members, kind="k"), scratch=tmp_path / "s")
    monkeypatch.setattr(sealed_module, "LARGEST_TOTAL", 5_000_000)
    opened = Sealed(tmp_path / "bomb")
    assert opened.differences() == ["all members together are larger than 5000000 bytes once inflated"]


def test_what_nobody_could_read_is_not_written() -> None:
    piece = bytes(1 << 20)
    said = "more than 200000 members, or more than 1073741824 bytes: nobody could read it"
    for members in ({f"{n}.gz": piece for n in range(1025)}, {str(n): b"" for n in range(200_000)}):
        with pytest.raises(BundleError) as refused:
            sealed_files(members, kind="k")
        assert refused.value.message == said


def test_a_zip_of_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_module, "LARGEST_TOTAL", 100)
    with pytest.raises(BundleError, match="all members together are larger than 100 bytes"):
        Sealed(sealed(tmp_path, "much.zip"))


def test_what_is_large_is_not_kept_and_read_again_when_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_module, "_KEPT_EACH", 1_500_000)
    members = {"large.gz": bytes(3_000_000), "plain.bin": bytes(2_000_000), "small.gz": b"x" * 1_200_000}
    write_sealed(tmp_path / "b", sealed_files(members, kind="k"), scratch=tmp_path / "s")
    opened = Sealed(tmp_path / "b")
    assert opened.differences() == []
    assert {name: opened.content(name) for name in opened.names} == members


def lying_zip(tmp_path: Path, at: int, lie: bytes) -> Path:
    """A zip whose last central entry lies at one offset."""
    path = sealed(tmp_path, "lie.zip")
    data = bytearray(path.read_bytes())
    start = data.find(b"PK\x01\x02") + at
    data[start : start + len(lie)] = lie
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("at", "lie"),
    [
        pytest.param(20, b"\x00\x00\x01\x00\x00\x00\x01\x00", id="sizes"),
        pytest.param(30, b"\xff\xff", id="an extra field"),
        pytest.param(42, b"\xff\xff\xff\x7f", id="an offset"),
        pytest.param(46, b"\xff", id="a name"),
    ],
)
def test_a_zip_that_lies_about_itself_is_refused_in_words(tmp_path: Path, at: int, lie: bytes) -> None:
    with pytest.raises(
        BundleError, match=r"damaged zip|neither a folder nor|unsafe member name|does not begin with"
    ):
        Sealed(lying_zip(tmp_path, at, lie))


def test_a_name_that_is_no_text_is_a_damaged_zip(tmp_path: Path) -> None:
    path = lying_zip(tmp_path, 46, b"\xff")
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 9] |= 8  # "the name is UTF-8"
    path.write_bytes(data)
    with pytest.raises(BundleError, match="is a damaged zip: a length or a name in it is false"):
        Sealed(path)


def test_what_is_missing_is_called_what_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="nothing is not an evidence set: there is no such folder or archive"):
        Sealed(tmp_path / "nothing", called="an evidence set")


@given(st.binary(max_size=2000))
def test_gzip_gives_back_its_content(content: bytes) -> None:
    assert gunzip_bytes(gzip_bytes(content), name="x") == content


def test_gzip_bombs_and_foreign_gzip_are_refused() -> None:
    with pytest.raises(BundleError, match="inflates to more than 10 bytes"):
        gunzip_bytes(gzip_bytes(b"0" * 1000), name="x", largest=10)
    with pytest.raises(BundleError, match="not gzip as this tool writes it"):
        gunzip_bytes(b"plain", name="x")
    good = gzip_bytes(b"content")
    with pytest.raises(BundleError, match="its checksum differs"):
        gunzip_bytes(good[:-8] + bytes(4) + good[-4:], name="x")
    with pytest.raises(BundleError, match="something follows its end"):
        gunzip_bytes(good + b"x", name="x")
    with pytest.raises(BundleError, match="is damaged gzip"):
        gunzip_bytes(good[:10] + b"\xff" * 10, name="x")


def test_a_whole_character_written_as_two_halves_is_read() -> None:
    assert parse_json(b'"\\ud83d\\ude00"', name="x") == "\N{GRINNING FACE}"


def test_canonical_json_refuses_floats_and_big_integers() -> None:
    assert canonical_json({"b": [1, "x", None, True], "a": {}}) == b'{"a":{},"b":[1,"x",null,true]}\n'
    with pytest.raises(TypeError, match="holds no floats"):
        canonical_json({"a": [1.5]})  # type: ignore[list-item]  # the refusal is what is tested
    with pytest.raises(ValueError, match="exceeds"):
        canonical_json({"a": 2**53})
