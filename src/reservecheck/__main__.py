"""The program's entry; the one place that catches everything."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import typer

from reservecheck.cli.app import app
from reservecheck.cli.console import Interrupted
from reservecheck.errors import Problem, ReservecheckError

BAD_QUESTION = 2
INTERRUPTED = 130
STDERR = 2
NO_NUMBER = "Input should be a valid integer, unable to parse string as an integer"
LOCKED = "look at its owner and mode, and at those of the folders above it"


def main() -> None:
    """Run the command line and leave with its exit code."""
    if "--debug" not in sys.argv:
        _keep_libraries_quiet()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code: 0 asked and answered yes, 1 asked and answered otherwise, 2 the question could not be put."""
    debug = "--debug" in arguments
    asked = [one for one in arguments if one != "--debug"]
    left = "; nothing half-written was left at the target"
    try:
        answered = app(args=asked or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except ReservecheckError as error:
        return _fail(f"error: {error}")
    except typer.TyperException as error:
        words = error.format_message().replace("Value error, ", "").replace(NO_NUMBER, "it is not a whole number")
        hint = LOCKED if words.endswith("is not readable.") else "--help says what can be asked"
        return _fail(f"error: {words}\n  hint: {hint}")
    except Interrupted as stopped:
        answered, left = INTERRUPTED, f": {stopped}"
    except (KeyboardInterrupt, typer.Abort):
        answered = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # typer leaves like this when nobody reads stdout any more
        sys.stdout = io.StringIO()  # or what is left would be flushed into the closed pipe, with a traceback
        return BAD_QUESTION
    except Exception as error:
        if isinstance(error, OSError) and error.filename and not debug:
            return _fail(f"error: {_refused_by_the_system(error)}")
        if debug:
            raise
        return _fail(f"internal error: {type(error).__name__}\n  hint: run again with --debug for the details")
    if answered == INTERRUPTED:
        _fail(f"interrupted{left}")
    silent = 0 if asked else BAD_QUESTION  # help for who asked nothing is no answer
    return answered if isinstance(answered, int) and asked else silent


def _refused_by_the_system(error: OSError) -> Problem:
    """A file or folder that cannot be used, wherever that turned out."""
    hint = LOCKED if isinstance(error, PermissionError) else ""
    return Problem(path=os.fsdecode(error.filename), message=f"cannot be used: {error.strerror}", hint=hint)


def _keep_libraries_quiet() -> None:
    """Let stderr be ours alone: a parser that panics over a damaged file writes to it what says nothing to a user.

    Python's own stream goes on to where it went; what compiled code writes to the descriptor is lost.
    """
    try:
        if sys.stderr.fileno() != STDERR:
            return
    except (AttributeError, io.UnsupportedOperation):  # there is none, or it leads to no descriptor
        return
    sys.stderr.flush()
    sys.stderr = os.fdopen(
        os.dup(STDERR), "w", encoding=sys.stderr.encoding, errors="backslashreplace", buffering=1
    )
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    os.close(nowhere)


def _fail(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return BAD_QUESTION


if __name__ == "__main__":
    main()
