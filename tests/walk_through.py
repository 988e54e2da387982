"""A guide walked through: files it shows are written, commands it prints are typed into a shell, in their order.

A block after a line that ends in a name and a colon is that file. A `console` block holds commands after `$` with
what they print, both streams as a terminal shows them, and `(exit code N)` where it is not 0. A line of `⋮` stands
for lines left out.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reservecheck import __main__ as program

ROOT: Final = Path(__file__).resolve().parent.parent
GUIDES: Final = ROOT / "docs/guide"
LEFT_OUT: Final = "⋮\n"
_BLOCK: Final = re.compile(r"(?:`([\w./-]+)`:\n\n)?^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND: Final = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_ALONE: Final = re.compile(r"reservecheck [^|<>;&$`()]*")
_PROGRAM: Final = f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m reservecheck "$@"\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One command with what the guide shows of it, and what it printed."""

    command: str
    shown: str
    printed: str


def repository(folder: Path, *parts: str) -> Path:
    """A working tree with these parts of the repository, to walk in without leaving anything in the real one."""
    copy = folder / "repository"
    for part in parts:
        target = copy / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target)
        else:
            shutil.copy(ROOT / part, target)
    return copy


def walk(guide: Path, folder: Path) -> list[Typed]:
    """Walk through a guide in `folder`; every command must print what the guide shows."""
    typed: list[Typed] = []
    for name, language, text in _BLOCK.findall(guide.read_text(encoding="utf-8")):
        if language == "console":
            typed += [type_in(folder, command, shown) for command, shown in _COMMAND.findall(text)]
        elif name:
            (folder / name).write_text(text, encoding="utf-8")
        else:
            assert "reservecheck " not in text, f"nobody types this:\n{text}"
    return typed


def type_in(folder: Path, command: str, shown: str) -> Typed:
    """Type one command, and hold what it prints to what is shown."""
    code, printed = answer(folder, command)
    told = f"{printed}(exit code {code})\n" if code else printed
    pattern = re.escape(shown).replace(re.escape(LEFT_OUT), r"(?:.*\n)*")
    assert re.fullmatch(pattern, told), f"$ {command}\n{told}"
    return Typed(command=command, shown=shown, printed=printed)


def answer(folder: Path, command: str) -> tuple[int, str]:
    """The exit code of a command, and what a terminal shows of it. One that needs no shell runs in this process."""
    if _ALONE.fullmatch(command) is None:
        return _in_shell(folder, command)
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
    with redirect_stdout(terminal), redirect_stderr(terminal), chdir(folder):
        code = program.run(shlex.split(command.replace("\\\n", " "))[1:])
    return code, raw.getvalue().decode()


def files_in(folder: Path) -> set[str]:
    """Every file below a folder, by its path in it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _in_shell(folder: Path, command: str) -> tuple[int, str]:
    script = folder.parent / "bin/reservecheck"
    if not script.exists():
        script.parent.mkdir()
        script.write_text(_PROGRAM, encoding="utf-8")
        script.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": f"{script.parent}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.decode()
