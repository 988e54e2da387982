"""Files that attack whoever opens them, and what must never leave the practitioner's machine."""

from __future__ import annotations

import gzip
import zipfile
from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.invented import invent
from tests.nodes.running import anvil

from reservecheck.vault.sealed import Sealed

T: Final = "2018-06-28T00:00:00+09:00"
MARKUP: Final = "<script>alert(1)</script>"
ESCAPE: Final = "\\u001b[31mcovered\\u001b[0m"
FORMULA: Final = "=cmd|' /C calc'!A0"


def verify(bench: Bench) -> int:
    return bench.verify()


def archive(bench: Bench) -> zipfile.ZipFile:
    """The bundle as a zip, still open, in the bundle's place."""
    bench.seal()
    files = {path.relative_to(bench.bundle).as_posix(): path.read_bytes() for path in bench.bundle.rglob("*.*")}
    bench.bundle.rename(bench.folder / "folder")
    opened = zipfile.ZipFile(bench.bundle, "w", zipfile.ZIP_STORED)
    for name, data in sorted(files.items()):
        opened.writestr(name, data)
    return opened


def zip_slip(bench: Bench) -> None:
    with archive(bench) as opened:
        opened.writestr("../../escaped.txt", "out")


def zip_absolute(bench: Bench) -> None:
    with archive(bench) as opened:
        opened.writestr("/tmp/escaped.txt", "out")  # noqa: S108  # a name in an archive, never opened


def zip_deflated(bench: Bench) -> None:
    with archive(bench) as opened:
        opened.writestr("bomb", b"0" * 1_000_000, zipfile.ZIP_DEFLATED)


def zip_twice(bench: Bench) -> None:
    with archive(bench) as opened:
        opened.NameToInfo.clear()  # or the library would warn
        opened.writestr("cash.csv", "label\n")


def gzip_bomb(bench: Bench) -> None:
    """wallets.csv.gz inflates a thousandfold."""
    bench.seal()
    bench.unsealed("wallets.csv.gz", lambda _: gzip.compress(b"0" * 16_000_000, 9, mtime=0))


def link(bench: Bench) -> None:
    bench.seal()
    (bench.bundle / "shadow").symlink_to("/etc/hostname")


def deep(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"engagement.json": b"[" * 100_000 + b"]" * 100_000})


def float_json(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"pins.json": lambda data: data.replace(b'"height":722', b'"height":722.0')})


def no_json(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"pins.json": b"{"})


def deep_pins(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"pins.json": b"[" * 100_000 + b"]" * 100_000})


def sentence(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"assessment.json": b"covered"})


def two_keys(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"engagement.json": lambda data: data.replace(b'{"', b'{"tool":"x","', 1)})


def not_text(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"wallets.csv.gz": b"\xff\xfe\x00"})


def named(bench: Bench, name: str) -> None:
    bench.edit("wallets", 'name = "Hanul Exchange (fictional)"', f'name = "{name}"')


def formula(bench: Bench) -> None:
    bench.edit("cash.csv", "company,Example Bank A", f"company,{FORMULA}")


def formula_in_a_letter(bench: Bench) -> None:
    bench.edit("letters.csv", "bank-a-2,Example Bank A", f"bank-a-2,{FORMULA}")
    bench.seal()


def letters_of_the_bundle(bench: Bench) -> int:
    bench.out, bench.err = bench.member("letters.csv").decode(), ""
    return 0


def markup_label(bench: Bench) -> None:
    bench.edit("wallets", 'label = "btc-hot"', f'label = "{MARKUP}"')


def everything_in_it(bench: Bench) -> int:
    """All members of the bundle as one text, where a case says what must not stand in it."""
    sealed = Sealed(bench.bundle)
    bench.out, bench.err = "".join(sealed.content(name).decode() for name in sorted(sealed.names)), ""
    return 0


def live(bench: Bench) -> None:
    """A bundle read from a node whose address and credentials are the practitioner's own."""
    node = bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", "1530111500"))
    for when in (1530111590, 1530111610, 1530111620):
        node("evm_setNextBlockTimestamp", when)
        node("evm_mine")
    invent(bench, "secret", T, [("eip155:31337", "0x" + "11" * 20)], {"ETH": "1"})
    bench.provide(("eip155:31337", "evm", node, "practitioner"))
    bench.run_live("--bundle", bench.bundle)


CASES: Final = (
    Case(
        id="zip-slip",
        kind="lie",
        says="An archive has a member that climbs out of it.",
        make=zip_slip,
        ask=verify,
        code=2,
        words=("an unsafe member name: '../../escaped.txt'",),
    ),
    Case(
        id="zip-with-an-absolute-name",
        kind="lie",
        says="An archive has a member with an absolute name.",
        make=zip_absolute,
        ask=verify,
        code=2,
        words=("an unsafe member name: '/tmp/escaped.txt'",),
    ),
    Case(
        id="zip-bomb",
        kind="lie",
        says="An archive inflates to more than it is.",
        make=zip_deflated,
        ask=verify,
        code=2,
        words=("is not a stored zip",),
    ),
    Case(
        id="zip-with-two-of-one-name",
        kind="lie",
        says="An archive has two members of one name.",
        make=zip_twice,
        ask=verify,
        code=2,
        words=("holds two members of one name",),
    ),
    Case(
        id="gzip-in-the-place-of-a-member",
        kind="lie",
        says="A member is swapped for sixteen megabytes of noughts.",
        make=gzip_bomb,
        ask=verify,
        code=1,
        steps={"members": "wallets.csv.gz: altered"},
    ),
    Case(
        id="link-in-a-bundle",
        kind="lie",
        says="A bundle links to a file of the reader's machine.",
        make=link,
        ask=verify,
        code=2,
        words=("has a link in it: 'shadow'",),
    ),
    Case(
        id="json-a-hundred-thousand-deep",
        kind="lie",
        says="A member nests until the reader falls over.",
        make=deep,
        ask=verify,
        code=1,
        steps={"records": "engagement.json is not JSON this tool writes"},
    ),
    Case(
        id="number-with-a-point",
        kind="lie",
        says="A height of 722.0 is a height.",
        make=float_json,
        ask=verify,
        code=1,
        steps={"answers": "pins.json"},
    ),
    Case(
        id="blocks-that-are-no-json",
        kind="lie",
        says="The list of blocks is no list at all.",
        make=no_json,
        ask=verify,
        code=1,
        steps={"answers": "pins.json: is not JSON"},
    ),
    Case(
        id="blocks-a-hundred-thousand-deep",
        kind="lie",
        says="The list of blocks nests until the reader falls over.",
        make=deep_pins,
        ask=verify,
        code=1,
        steps={"answers": "pins.json: is not JSON"},
    ),
    Case(
        id="assessment-that-is-no-json",
        kind="lie",
        says="The assessment is a sentence.",
        make=sentence,
        ask=verify,
        code=1,
        steps={"figures": "assessment.json: is not JSON"},
    ),
    Case(
        id="key-twice",
        kind="lie",
        says="Of two keys of one name, readers see different ones.",
        make=two_keys,
        ask=verify,
        code=1,
        steps={"records": "a key stands twice"},
    ),
    Case(
        id="member-that-is-no-text",
        kind="lie",
        says="A table is bytes of another kind.",
        make=not_text,
        ask=verify,
        code=1,
        steps={"records": "wallets.csv.gz is not CSV this tool writes"},
    ),
    Case(
        id="markup-in-a-name",
        kind="lie",
        says="The entity's name runs a script in the reader's browser.",
        make=lambda bench: named(bench, MARKUP),
        code=2,
        words=("name is '<script>alert(1)</script>', not a name on one line",),
    ),
    Case(
        id="escape-in-a-name",
        kind="lie",
        says="The entity's name paints the reader's terminal.",
        make=lambda bench: named(bench, ESCAPE),
        code=2,
        words=("name is '\\x1b[31mcovered\\x1b[0m', not a name on one line",),
        never=("\x1b",),
    ),
    Case(
        id="escape-in-a-label",
        kind="lie",
        says="A label runs a script wherever it is shown.",
        make=markup_label,
        code=2,
        words=("hanul.toml:", "label is"),
    ),
    Case(
        id="formula-in-a-bank-name",
        kind="lie",
        says="A bank's name runs a command in the reader's spreadsheet.",
        make=formula,
        code=2,
        words=("cash.csv:4: institution is \"=cmd|' /C calc'!A0\", not a name on one line",),
    ),
    Case(
        id="formula-in-a-letter",
        kind="lie",
        says="Who wrote a letter runs a command in the reader's spreadsheet.",
        make=formula_in_a_letter,
        ask=letters_of_the_bundle,
        code=0,
        words=(f"bank-a-2,'{FORMULA}",),
        never=(f",{FORMULA}",),
    ),
    Case(
        id="no-customer-in-the-bundle",
        kind="truth",
        says="No customer's id and no customer's balance is in a bundle.",
        make=lambda bench: bench.seal(),
        ask=everything_in_it,
        code=0,
        words=("customers.csv",),
        never=("C372429758", "56.80944346", "C793814194"),
    ),
    Case(
        id="no-address-of-a-source-in-the-bundle",
        kind="truth",
        says="Where a source is and how it is opened is in no bundle.",
        make=live,
        ask=everything_in_it,
        nodes=True,
        code=0,
        words=("source-0",),
        never=("127.0.0.1", "http:"),
    ),
)
