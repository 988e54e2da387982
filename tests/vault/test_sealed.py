from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import BundleError, OutputError
from reservecheck.vault.canonical import canonical_json, sha256
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
    ],
)
def test_a_manifest_that_is_not_one_is_refused(tmp_path: Path, manifest: bytes, message: str) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(BundleError, match=message):
        Sealed(tmp_path)


def test_a_member_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="has no member nope"):
        Sealed(sealed(tmp_path)).content("nope")


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


def test_canonical_json_refuses_floats_and_big_integers() -> None:
    assert canonical_json({"b": [1, "x", None, True], "a": {}}) == b'{"a":{},"b":[1,"x",null,true]}\n'
    with pytest.raises(TypeError, match="holds no floats"):
        canonical_json({"a": [1.5]})  # type: ignore[list-item]  # the refusal is what is tested
    with pytest.raises(ValueError, match="exceeds"):
        canonical_json({"a": 2**53})
