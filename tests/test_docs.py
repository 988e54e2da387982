"""What the documentation says is true: links, commands, paths, excerpts, examples, codes and words."""

from __future__ import annotations

import gzip
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from reservecheck import __main__ as program
from reservecheck.bundle import ASSESSMENT, BUNDLE, EVIDENCE, EXCHANGES
from reservecheck.cli.app import app
from reservecheck.declare.engagement import load_engagement
from reservecheck.declare.providers import KINDS, RUN_BY, load_providers
from reservecheck.inclusion.catalogue import CATALOGUE
from reservecheck.inclusion.recognised import FORMATS as INCLUSION
from reservecheck.members import (
    books,
    confirmations,
    descriptors,
    engagement,
    observation,
    proof_nodes,
    registers,
    rules,
    wallets,
)
from reservecheck.model.anchor import COLUMNS as ANCHOR_COLUMNS
from reservecheck.model.words import Outcome
from reservecheck.registry.shipped import load_registry
from reservecheck.report.formats import FORMATS
from reservecheck.report.json_v1 import SCHEMA
from reservecheck.transport import log_codec
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Reply
from reservecheck.vault.canonical import parse_json
from reservecheck.vault.gzipped import gzip_bytes

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ADRS: Final = sorted(ROOT.glob("docs/adr/[0-9]*.md"))
ADR_HEADINGS: Final = ["Context", "Decision", "Consequences"]
TOP_OPTIONS: Final = {"--version", "--debug", "--help", "-h"}
OVERCLAIMS: Final = re.compile(
    r"\b(in)?solvent\b|verified on.chain|\baudited by\b|\bguarantee[sd]?\b|\bproof of solvency\b", re.IGNORECASE
)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=named)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """The language and the lines of every fenced block."""
    for found in re.finditer(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield found[1], found[2].splitlines()


def prose(text: str) -> str:
    return re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def inline_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", prose(text))


def whole_commands_in(text: str) -> Iterator[str]:
    """Every `reservecheck …` in a block, continuation lines joined and comments taken off."""
    for _, lines in blocks(text):
        joined = "\n".join(lines).replace("\\\n", " ")
        for line in joined.splitlines():
            typed = re.split(r"\s#\s", line.removeprefix("$ "))[0].strip()
            if typed.startswith("reservecheck "):
                yield typed


def commands_in(text: str) -> Iterator[str]:
    """Every `reservecheck …` a page names, those in its sentences too, where options may be left out."""
    yield from whole_commands_in(text)
    yield from (code for code in inline_code(text) if code.startswith("reservecheck "))


@cache
def commands() -> dict[str, Any]:
    """Every command by what is typed for it; one below a group by both words."""
    group = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, one in group.commands.items():  # type: ignore[attr-defined]  # a group, because the app has several
        below = getattr(one, "commands", None)
        found |= {name: one} if below is None else {f"{name} {inner}": it for inner, it in below.items()}
    return found


def command_of(words: list[str]) -> str:
    """The command a line types after the program's name: its first word, or its first two."""
    two = " ".join(words[:2])
    return two if two in commands() else words[0]


def options_of(command: str) -> set[str]:
    return {name for one in commands()[command].params for name in one.opts if name.startswith("-")} | {"--help"}


def headings(text: str) -> set[str]:
    """Anchors as GitHub makes them."""
    titles = re.findall(r"^#+ +(.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def table_under(text: str, heading: str) -> list[list[str]]:
    """The rows, without the header, of the first table under a heading."""
    part = text.partition(f"# {heading}\n")[2]
    rows = re.findall(r"^\|(.+)\|$", part.partition("\n#")[0], re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)] for row in rows[2:]]


@every_page
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = prose(text_of(page))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        led_to = (page.parent / name).resolve() if name else page
        assert led_to.exists(), f"{named(page)}: {target} leads nowhere"
        if anchor:
            assert anchor in headings(text_of(led_to)), f"{named(page)}: {target}: no such heading"


@every_page
def test_every_command_a_page_names_exists_with_its_options(page: Path) -> None:
    for typed in commands_in(text_of(page)):
        words = shlex.split(typed)[1:]
        if words[0] in TOP_OPTIONS:
            continue
        command = command_of(words)
        assert command in commands(), f"{named(page)}: {typed}: there is no such command"
        given = {word.partition("=")[0] for word in words[1:] if re.match(r"-\w|--\w", word)}
        unknown = given - options_of(command) - TOP_OPTIONS
        assert not unknown, f"{named(page)}: {typed}: no such option: {sorted(unknown)}"


@every_page
def test_every_command_a_page_tells_to_type_has_all_that_it_requires(page: Path) -> None:
    for typed in whole_commands_in(text_of(page)):
        words = shlex.split(typed)[1:]
        command = command_of(words)
        commands()[command].make_context(command, words[len(command.split()) :])


@every_page
def test_every_path_of_the_repository_a_page_names_exists(page: Path) -> None:
    for code in inline_code(text_of(page)):
        if re.fullmatch(r"(src|tests|tools|docs|evidence|benchmarks)/[\w./-]+|[\w.-]+\.(md|lock)|Makefile", code):
            places = (ROOT / code, page.parent / code)
            assert code.startswith("README") or any(one.exists() for one in places), f"{named(page)}: {code}"


@every_page
def test_no_page_claims_more_than_the_tool_shows(page: Path) -> None:
    said = re.sub(r'"[^"\n]*"|“[^”\n]*”|`[^`\n]*`|\*[^*\n]+\*', "", prose(text_of(page)))
    assert [found[0] for found in OVERCLAIMS.finditer(said)] == []


@every_page
def test_every_make_target_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    wanted = set(re.findall(r"^(?:\$ )?make ([a-z]+)|`make ([a-z]+)`", text_of(page), re.MULTILINE))
    assert {one or other for one, other in wanted} <= targets


def test_every_page_is_reached_from_the_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {(index.parent / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)", text_of(index))}
    missing = [named(page) for page in PAGES if page.is_relative_to(index.parent) and page not in {*linked, index}]
    assert missing == []


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "lint",
        "collect",
        "run",
        "verify",
        "reperform",
        "trace",
        "report",
        "liabilities check",
        "liabilities commit",
        "liabilities prove",
        "liabilities rebuild",
        "import customers",
        "inclusion check",
        "inclusion page",
    ],
)
def test_every_command_has_its_section_with_every_option(command: str) -> None:
    page = text_of(ROOT / "docs/reference/command-line.md")
    section = page.partition(f"\n## {command}\n")[2].partition("\n## ")[0]
    assert section, f"{command} is not documented"
    for option in options_of(command) - {"--help"}:
        assert f"`{option}" in section, f"{command}: {option} is not documented"


def test_the_documented_commands_are_all_there_are() -> None:
    page = text_of(ROOT / "docs/reference/command-line.md")
    documented = {command_of(row[0].strip("`").split()[1:]) for row in table_under(page, "Command line")}
    assert documented == set(commands())


def test_the_exit_codes_are_those_of_the_program() -> None:
    page = text_of(ROOT / "docs/reference/exit-codes.md")
    codes = [int(row[0]) for row in table_under(page, "Exit codes")]
    assert codes == [0, 1, program.BAD_QUESTION, program.INTERRUPTED]
    assert {f"`{word}`" for word in Outcome} == {row[0] for row in table_under(page, "Outcomes")}


def test_the_readme_opens_with_the_two_commands() -> None:
    _, lines = next(blocks(text_of(ROOT / "README.md")))
    assert [line.split()[:2] for line in lines] == [["make", "demo"], ["make", "check"]]


def test_the_excerpt_in_the_readme_is_what_the_program_prints(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    excerpts = [
        lines for _, lines in blocks(text_of(ROOT / "README.md")) if lines[0].startswith("$ reservecheck run")
    ]
    assert excerpts
    for command, *lines in excerpts:
        code = program.run(shlex.split(command)[2:])
        printed = capsysbinary.readouterr().out.decode().splitlines()
        shown = [line for line in lines if line.strip() not in ("", "⋮")]
        assert [line for line in shown if line not in [*printed, f"(exit code {code})"]] == []


def test_every_example_the_readme_names_is_shipped() -> None:
    entities = "|".join(path.stem for path in ROOT.glob("wallets/*.toml"))
    pattern = rf"(?:wallets|snapshots|evidence)/(?:{entities})[\w./-]*"
    shipped = set(re.findall(pattern, text_of(ROOT / "README.md")))
    assert len(shipped) == len(("wallets", "snapshot", "evidence"))
    assert [path for path in shipped if not (ROOT / path).exists()] == []


def test_the_example_of_providers_loads_and_shows_every_way() -> None:
    path = ROOT / "providers.example.toml"
    loaded = load_providers(path)
    assert {one.card.kind for one in loaded} == set(KINDS)
    assert {one.card.network for one in loaded} <= set(load_registry().networks)
    page = text_of(ROOT / "docs/reference/providers.md")
    assert all(f"`{word}`" in page for word in (*KINDS, *RUN_BY))


@pytest.mark.parametrize("name", ["engagement", "providers", "wallets"])
def test_the_file_a_reference_page_shows_is_accepted(name: str, tmp_path: Path) -> None:
    page = text_of(ROOT / f"docs/reference/{name}.md")
    _, lines = next(block for block in blocks(page) if block[0] == "toml")
    path = tmp_path / "kaede.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    if name == "engagement":
        load_engagement(path, load_registry())
    elif name == "providers":
        load_providers(path)
    else:
        (tmp_path / "kaede-cold.csv").write_text("address\n" + "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy\n")
        assert program.run(["lint", str(path)]) == 0


@pytest.mark.parametrize("name", ["a-pruned-node", "public-endpoints", "your-own-nodes"])
def test_the_sources_a_guide_shows_are_accepted(name: str, tmp_path: Path) -> None:
    shown = [
        "\n".join(lines)
        for language, lines in blocks(text_of(ROOT / f"docs/guide/{name}.md"))
        if language == "toml"
    ]
    path = tmp_path / "providers.toml"
    for sources in (one for one in shown if "[[source]]" in one):
        path.write_text(sources if "format =" in sources else f'format = "reservecheck/providers/v1"\n{sources}')
        assert load_providers(path)
    assert path.exists()


@pytest.mark.parametrize("adr", ADRS, ids=named)
def test_every_decision_says_its_context_and_its_price(adr: Path) -> None:
    text = text_of(adr)
    assert re.match(rf"# {adr.name[:4]} \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ADR_HEADINGS
    assert "\nStatus: " in text
    assert "**Negative.**" in text.partition("## Consequences")[2]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [adr.name[:4] for adr in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]


SPEC: Final = ROOT / "docs/reference/bundle-v1-draft.md"


def test_the_specification_lists_every_member() -> None:
    rows = {name.strip("`") for row in table_under(text_of(SPEC), "Members") for name in row[0].split(", ")}
    expected = {engagement.NAME, engagement.REGISTRY, engagement.SOURCES, wallets.NAME, observation.PINS}
    expected |= {observation.CELLS, EXCHANGES, ASSESSMENT, rules.NAME, books.LIABILITIES, *registers.HEADERS}
    expected |= {confirmations.NAME}
    expected |= {"manifest.json", "bodies/<sha256>.gz", "bodies/<sha256>.folded.gz", proof_nodes.NAME}
    expected |= {descriptors.NAME}
    assert rows == expected


@pytest.mark.parametrize(
    "columns",
    [wallets.HEADER, observation.CELLS_HEADER, *registers.HEADERS.values(), ANCHOR_COLUMNS],
    ids=lambda columns: ",".join(columns)[:40],
)
def test_the_specification_names_the_columns_of_every_csv(columns: tuple[str, ...]) -> None:
    pages = text_of(SPEC) + text_of(ROOT / "docs/guide/checking-a-bundle.md")
    assert f"{','.join(columns)}" in pages


def test_the_specification_names_formats_header_bytes_and_log_keys() -> None:
    text = text_of(SPEC)
    for said in (BUNDLE, EVIDENCE, SCHEMA, *(f"`{name}`" for name in ("attestation/",))):
        assert said in text
    assert gzip_bytes(b"")[:10].hex(" ") in text
    question = Question(
        network="n", source="s", purpose="p", ordinal=0, decoder="d/1", calls=(Call("m", []),), batch=False
    )
    line = parse_json(
        log_codec.write_line(1, question, Reply("answered", b"{}", 1, "2018-06-28T00:00:00Z"), "0" * 64),
        name="line",
    )
    assert isinstance(line, dict)
    assert [row[0].strip("`") for row in table_under(text, "The log")] == sorted(line)


def test_the_specification_names_every_decoder_the_recorded_rehearsals_use() -> None:
    used = set()
    for path in ROOT.glob("evidence/*/*/exchanges.jsonl.gz"):
        used |= set(re.findall(r'"decoder":"([^"]+)"', gzip.decompress(path.read_bytes()).decode()))
    assert used
    text = text_of(SPEC)
    assert [decoder for decoder in sorted(used) if f"`{decoder}`" not in text] == []


def test_every_format_of_a_report_is_documented() -> None:
    page = text_of(ROOT / "docs/reference/command-line.md")
    assert f"`{'`, `'.join(FORMATS)}`" in page


def test_the_assessment_page_names_every_key(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    place = "hanul-hole/2018-06-28"
    options = ["--evidence", f"evidence/{place}", "--format", "json"]
    program.run(["run", "wallets/hanul-hole.toml", f"snapshots/{place}", *options])
    data = parse_json(capsysbinary.readouterr().out, name="assessment")
    page = text_of(ROOT / "docs/reference/assessment.md")
    assert [key for key in sorted(keys_of(data)) if f"`{key}`" not in page] == []


def keys_of(value: object) -> set[str]:
    """Every key that is a word of the format and not the name of a thing."""
    if isinstance(value, list):
        return {key for item in value for key in keys_of(item)}
    if not isinstance(value, dict):
        return set()
    free = {"sources", "tolerance", "by_instrument", "values", "by_evidence", "by_control"}
    below = {key for name, item in value.items() if name not in free for key in keys_of(item)}
    return set(value) | below


def test_the_layers_are_those_the_import_linter_holds() -> None:
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    placed = [layer for contract in contracts if contract.get("exhaustive") for layer in contract["layers"]]
    _, drawn = next(block for block in blocks(text_of(ROOT / "CONTRIBUTING.md")) if "__main__" in block[1][0])
    assert [layer.strip() for layer in " ".join(drawn).split(">")] == placed


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_notice_names_every_dependency_whose_licence_is_not_permissive(lock: str) -> None:
    notice = text_of(ROOT / "NOTICE")
    for name in re.findall(r"^([a-z0-9._-]+)==", text_of(ROOT / lock), re.MULTILINE):
        try:
            about = metadata(name)
        except PackageNotFoundError:  # of another operating system
            continue
        fields = ("License-Expression", "License", "Classifier")
        said = [text for field in fields for text in about.get_all(field) or ()]
        if re.search(r"GPL|MPL|Mozilla|EUPL|CDDL", " ".join(said)):
            assert name in notice, f"{name}: {said}"


def test_every_format_of_an_inclusion_proof_and_every_gap_is_documented() -> None:
    page = text_of(ROOT / "docs/reference/inclusion.md")
    for heading in ("Formats", "Algorithms"):
        assert [row[0].strip("`") for row in table_under(page, heading)[: len(INCLUSION)]] == [
            one.name for one in INCLUSION
        ]
    assert [row[0].strip("`") for row in table_under(page, "What is not prevented")] == list(CATALOGUE)
