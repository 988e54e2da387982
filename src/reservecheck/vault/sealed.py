"""A sealed folder: members, and a manifest with the digests of each one's bytes and content.

A folder, or a zip of it with stored, sorted entries. Names are relative and plain; there are no links.
`attestation/` is the one folder outside the manifest.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reservecheck.errors import BundleError, OutputError
from reservecheck.vault.canonical import Json, canonical_json, parse_json, sha256
from reservecheck.vault.gzipped import LARGEST, gunzip_bytes, gzip_bytes, inflated

MANIFEST: Final = "manifest.json"
OUTSIDE: Final = "attestation/"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127}){0,3}", re.ASCII)
_MOST_MEMBERS: Final = 200_000
LARGEST_TOTAL: Final = 1 << 30
"""All members of a folder together are not larger than this once inflated."""
_KEPT_EACH: Final = 1 << 24
_KEPT_TOTAL: Final = 1 << 28
_NO_FILE: Final = 0x0458
"""MS-DOS attributes in a zip: label, folder, device, link (APPNOTE.TXT 4.4.15; FILE_ATTRIBUTE_ of Windows)."""
_END: Final = struct.Struct("<4s16sH")
"""A zip's last record: signature, counts and places, length of the comment after it (APPNOTE.TXT 4.3.16)."""
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a manifest."""

    name: str
    bytes: int
    sha256: str
    content_sha256: str


def sealed_files(members: Mapping[str, bytes], *, kind: str) -> dict[str, bytes]:
    """Members by name and content to files by name and bytes, the manifest among them.

    A name that ends in `.gz` is stored gzipped; its content is what is given here. Raises BundleError for more
    than `Sealed` reads.
    """
    if len(members) >= _MOST_MEMBERS or sum(map(len, members.values())) > LARGEST_TOTAL:
        raise BundleError(
            f"more than {_MOST_MEMBERS} members, or more than {LARGEST_TOTAL} bytes: nobody could read it"
        )
    files: dict[str, bytes] = {}
    entries: list[Json] = []
    for name in sorted(members):
        content = members[name]
        data = gzip_bytes(content) if name.endswith(".gz") else content
        digest = sha256(data)
        same = digest if data is content else sha256(content)
        files[name] = data
        entries.append({"bytes": len(data), "content_sha256": same, "name": name, "sha256": digest})
    files[MANIFEST] = canonical_json({"format": kind, "members": entries})
    return files


def write_sealed(target: Path, files: Mapping[str, bytes], *, scratch: Path) -> None:
    """Write files under `scratch`, then rename it to `target` in one step.

    Raises OutputError when the target exists or cannot be written. Nothing half-written is ever at `target`.
    """
    refuse_existing(target)
    try:
        if target.suffix == ".zip":
            _write_zip(scratch, files)
        else:
            _write_folder(scratch, files)
        scratch.rename(target)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from error


def refuse_existing(target: Path) -> None:
    """Raises OutputError when something is at `target` already."""
    if os.path.lexists(target):
        raise OutputError(f"{target} exists already", hint="name a new target: nothing is ever overwritten")


def _write_folder(scratch: Path, files: Mapping[str, bytes]) -> None:
    if scratch.exists():
        shutil.rmtree(scratch)
    scratch.mkdir(parents=True)
    for name, data in files.items():
        path = scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())


def _write_zip(scratch: Path, files: Mapping[str, bytes]) -> None:
    scratch.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])


class Sealed:
    """A sealed folder or zip, opened and looked over; nothing in it is trusted yet.

    Raises BundleError when it is not one: no manifest, an unsafe name, a link or something else that is no file,
    bytes of a zip around its members, too many or too large members. An empty folder is a member called `name/`.
    `called` is what it is said not to be then.
    """

    def __init__(self, path: Path, *, called: str = "a bundle") -> None:
        self.path = path
        self._contents: dict[str, bytes] = {}
        self._kept = 0
        self._read, names = _open(path, called)
        if MANIFEST not in names:
            raise BundleError(f"{path} is not {called}: it has no {MANIFEST}")
        self.names = frozenset(name for name in names if not name.startswith(OUTSIDE)) - {MANIFEST}
        self.manifest = self._read(MANIFEST)
        self.kind, self.entries = _parse_manifest(self.manifest)

    def differences(self) -> list[str]:
        """What is missing, extra or altered, a sentence each; empty when every member is as listed.

        Members are inflated one after the other, and no more of them than LARGEST_TOTAL in all.
        """
        found = [f"{name}: extra member, not in the manifest" for name in sorted(self.names - self.entries.keys())]
        left = LARGEST_TOTAL
        for entry in self.entries.values():
            difference, size = self._difference(entry, left)
            left -= size
            if difference:
                found.append(f"{entry.name}: {difference}")
            if left < 0:
                found.append(f"all members together are larger than {LARGEST_TOTAL} bytes once inflated")
                break
        return found

    def _difference(self, entry: Entry, left: int) -> tuple[str, int]:
        """What is wrong, and how large the content is; more than `left` where that is all that is known of it."""
        if entry.name not in self.names:
            return "missing, the manifest lists it", 0
        data = self._read(entry.name)
        digest = sha256(data)
        if len(data) != entry.bytes or digest != entry.sha256:
            return "altered, its bytes are not those the manifest lists", 0
        size = len(data)
        if entry.name.endswith(".gz"):
            try:
                digest, size = self._inflated_digest(entry.name, data, left)
            except BundleError as error:
                return error.message, 0
        else:
            self._keep(entry.name, data)
        return (
            "" if size > left or digest == entry.content_sha256 else "its content is not what the manifest lists",
            size,
        )

    def _inflated_digest(self, name: str, data: bytes, left: int) -> tuple[str, int]:
        whole, size = hashlib.sha256(), 0
        pieces: list[bytes] = []
        for piece in inflated(data, name=name):
            whole.update(piece)
            size += len(piece)
            if size > left:
                return "", size
            if size <= _KEPT_EACH:
                pieces.append(piece)
            else:
                pieces.clear()
        if size <= _KEPT_EACH:
            self._keep(name, pieces[0] if len(pieces) == 1 else b"".join(pieces))
        return whole.hexdigest(), size

    def _keep(self, name: str, content: bytes) -> None:
        """What is small is not inflated again when it is read."""
        if len(content) <= _KEPT_EACH and self._kept + len(content) <= _KEPT_TOTAL:
            self._kept += len(content)
            self._contents[name] = content

    def content(self, name: str) -> bytes:
        """A member's content, inflated; raises BundleError when it is not there."""
        if name not in self.names:
            raise BundleError(f"{self.path} has no member {name}")
        found = self._contents.get(name)
        if found is None:
            data = self._read(name)
            found = gunzip_bytes(data, name=name) if name.endswith(".gz") else data
            self._keep(name, found)
        return found


def _open(path: Path, called: str) -> tuple[Callable[[str], bytes], frozenset[str]]:
    if path.is_dir():
        return _open_folder(path)
    if path.is_file():
        return _open_zip(path)
    raise BundleError(f"{path} is not {called}: there is no such folder or archive")


def _open_folder(path: Path) -> tuple[Callable[[str], bytes], frozenset[str]]:
    names: set[str] = set()
    folders: set[Path] = set()
    filled: set[Path] = set()
    for found in path.rglob("*"):
        name = found.relative_to(path).as_posix()
        filled.add(found.parent)
        if found.is_symlink():
            raise BundleError(f"{path} has a link in it: {name!r}")
        if found.is_file():
            names.add(_safe_name(name, len(names)))
            if found.stat().st_size > LARGEST:
                raise BundleError(f"{name} is larger than {LARGEST} bytes")
        elif found.is_dir():
            folders.add(found)
        else:
            raise BundleError(f"{path} has something in it that is neither a file nor a folder: {name!r}")
    for empty in folders - filled:
        names.add(_safe_name(empty.relative_to(path).as_posix(), len(names)) + "/")
    return lambda name: (path / name).read_bytes(), frozenset(names)


def _open_zip(path: Path) -> tuple[Callable[[str], bytes], frozenset[str]]:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            file.seek(-_END.size, os.SEEK_END)
            _nothing_beside(path, entries, file.read())
            if any(item.compress_type != zipfile.ZIP_STORED or item.file_size > LARGEST for item in entries):
                raise BundleError(f"{path} is not a stored zip, or has a member larger than {LARGEST} bytes")
            if sum(item.file_size for item in entries) > LARGEST_TOTAL:
                raise BundleError(f"{path}: all members together are larger than {LARGEST_TOTAL} bytes")
            names = [_safe_name(item.filename, number) for number, item in enumerate(entries)]
            if len(set(names)) != len(names):
                raise BundleError(f"{path} holds two members of one name")
            data = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise BundleError(f"{path} is neither a folder nor a stored zip of one: {error}") from error
    except (EOFError, ValueError, struct.error) as error:  # lengths and names that lie
        raise BundleError(f"{path} is a damaged zip: a length or a name in it is false") from error
    return data.__getitem__, frozenset(names)


def _nothing_beside(path: Path, entries: list[zipfile.ZipInfo], end: bytes) -> None:
    """Raises BundleError for what `verify` does not look at and others do: links, comments, bytes around them."""
    for item in entries:
        if stat.S_IFMT(item.external_attr >> 16) not in {0, stat.S_IFREG} or item.external_attr & _NO_FILE:
            raise BundleError(f"{path} has a member that is no file: {item.filename[:120]!r}")
    signature, _, comment = _END.unpack(end)
    if signature != b"PK\5\6" or comment or any(item.comment for item in entries):
        raise BundleError(f"{path} has a comment, or bytes after its members")
    if min((item.header_offset for item in entries), default=0):
        raise BundleError(f"{path} does not begin with its first member")


def _safe_name(name: str, count: int) -> str:
    if count >= _MOST_MEMBERS:
        raise BundleError(f"more than {_MOST_MEMBERS} members")
    if _NAME.fullmatch(name) is None:
        raise BundleError(f"an unsafe member name: {name[:120]!r}")
    return name


def _parse_manifest(data: bytes) -> tuple[str, dict[str, Entry]]:
    parsed = parse_json(data, name=MANIFEST)
    match parsed:
        case {"format": str(kind), "members": list(rows), **rest} if not rest:
            entries = [_entry(row) for row in rows]
        case _:
            raise BundleError(f"{MANIFEST} does not list members")
    names = [entry.name for entry in entries]
    if names != sorted(set(names)) or canonical_json(parsed) != data:
        raise BundleError(f"{MANIFEST} is not in canonical form: sorted names, RFC 8785")
    return kind, {entry.name: entry for entry in entries}


def _entry(row: Json) -> Entry:
    match row:
        case {"name": str(name), "bytes": int(size), "sha256": str(digest), "content_sha256": str(content), **rest}:
            if not rest and _HEX.fullmatch(digest) and _HEX.fullmatch(content) and _NAME.fullmatch(name):
                return Entry(name, size, digest, content)
    raise BundleError(f"{MANIFEST} has a malformed line")
