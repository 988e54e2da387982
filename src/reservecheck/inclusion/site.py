"""The customers' page: one HTML file in which everything stands, and beside it what a reader compares it with.

Why one file, and how it is kept from talking to anybody: `docs/adr/0022-the-customers-page-is-one-file.md`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from reservecheck.errors import ReservecheckError
from reservecheck.inclusion.published_commitment import read_published

LANGUAGES: Final = ("en", "ko", "ja")
VERIFIER: Final = "por_mst_1.js"
PAGE: Final = ("reading.js", "page.js")
HANDED_ON: Final = "globalThis.porMst1 = Object.freeze({ Refused, verify });\n"
"""After the verifier's own bytes, in its script: a module in a page has no name to import it by."""
LONGEST_URL: Final = 2_000
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")
_URL: Final = re.compile(r"https://[!-~]+", re.ASCII)


def site(commitment: bytes, shown: str, statement_url: str | None) -> Mapping[str, bytes]:
    """The files of the site by name: the same bytes for the same commitment and address, on every machine.

    `commitment` is the file an exchange publishes, named `shown` in errors; `statement_url` is where its signed
    statement is. Raises InputError for another file, ReservecheckError for an address that is not of https.
    """
    read_published(commitment, shown)
    if statement_url is not None and (len(statement_url) > LONGEST_URL or _URL.fullmatch(statement_url) is None):
        hint = "write it as in https://exchange.example/statement.pdf"
        raise ReservecheckError("the statement's address is not one that begins with https://", hint=hint)
    return MappingProxyType(
        {
            "commitment.json": commitment,
            "index.html": _page(commitment, statement_url).encode(),
            VERIFIER: _shipped(VERIFIER).encode(),
        }
    )


def digests(site_files: Mapping[str, bytes]) -> str:
    """SHA-256 and name of every file, as sha256sum prints and checks them."""
    return "\n".join(f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in sorted(site_files.items()))


def _page(commitment: bytes, statement_url: str | None) -> str:
    made = {
        "commitment": commitment.decode(),
        "digest": hashlib.sha256(commitment).hexdigest(),
        "statement": statement_url,
        "words": {name: json.loads(_shipped(f"words/{name}.json")) for name in LANGUAGES},
    }
    texts = {
        "published": json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        "style": _shipped("style.css"),
        "verifier": _shipped(VERIFIER) + HANDED_ON,
        "page": "".join(map(_shipped, PAGE)),
    }
    texts["policy"] = _policy(texts)
    return _PLACE.sub(lambda place: texts[place[1]], _shipped("index.html"))


def _policy(texts: Mapping[str, str]) -> str:
    """Nothing but the scripts and the style that stand in the page; no request, no form, no text as HTML."""
    scripts = " ".join(map(_source, (texts["verifier"], texts["page"])))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            f"style-src {_source(texts['style'])}",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _shipped(name: str) -> str:
    """A file of the page as it is shipped; no line end is changed."""
    return files("reservecheck.inclusion").joinpath("page", name).read_bytes().decode()
