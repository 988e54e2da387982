"""XML of a spreadsheet, event by event, in bounded memory: no document types, no entities, no endless tags.

Names of the spreadsheet's own namespaces come without them, all others are "". Format: ECMA-376, Part 1.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import IO, Final, Protocol
from xml.parsers import expat
from zipfile import BadZipFile

from reservecheck.errors import InputError, Problem

_OURS: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/package/2006/relationships",
    }
)
RELATION: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_MOST_NAMES: Final = 1_000
_CHUNK: Final = 1 << 16
_LONGEST_TAG: Final = 1 << 20


class Elements(Protocol):
    """What is told of each element."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        ...

    def end(self, name: str) -> None:
        """An element ends."""
        ...

    def text(self, data: str) -> None:
        """A piece of text."""
        ...


def read_xml(stream: IO[bytes], elements: Elements, shown: str) -> Iterator[None]:
    """Tell `elements` all there is; yields after every piece, so that what was found can be taken away.

    Raises InputError for what is no XML, declares a document type, or has a tag of more than 1 MiB.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: elements.start(_local(name), attributes)
    parser.EndElementHandler = lambda name: elements.end(_local(name))
    parser.CharacterDataHandler = elements.text
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(shown, "the XML declares a document type")
    fed = 0
    try:
        while data := stream.read(_CHUNK):
            parser.Parse(data, False)  # noqa: FBT003  # the parser's own interface
            fed += len(data)
            if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                _refuse(shown, f"a tag is longer than {_LONGEST_TAG} bytes")
            yield
        parser.Parse(b"", True)  # noqa: FBT003  # as above
    except expat.ExpatError as error:
        raise _refused(shown, f"the XML is damaged: {error}") from error
    except (BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _refused(shown, f"cannot be unpacked: {error}") from error
    yield


@lru_cache(maxsize=_MOST_NAMES)
def _local(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return local if space in _OURS else ""


def _refuse(shown: str, message: str) -> None:
    raise _refused(shown, message)


def _refused(shown: str, message: str) -> InputError:
    return InputError(Problem(path=shown, message=message, hint="save it again as .xlsx, or export CSV"))
