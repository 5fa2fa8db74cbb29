"""The entry: which command, what becomes of its errors, and its exit code.

Results go to standard output, progress and remarks to standard error. Exit codes: 0 done, 1 wrong data, files or parameters,
2 wrong use of the command, 75 a node or its session is not there (any more), 130 interrupted (Ctrl-C), 141 nobody reads standard
output any more, 143 asked to end (SIGTERM).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from heavywater import __version__
from heavywater.errors import HeavywaterError, NoSession, Unreachable

from . import sessions
from .commands import COMMANDS
from .configuration import configured
from .output import shown, write
from .parsing import command_named, command_parser, config_file, told, top_parser, values_given
from .wording import worded

DONE, WRONG, AGAIN, INTERRUPTED, UNREAD, ASKED_TO_END = 0, 1, 75, 130, 141, 143


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the process.

    Returns
    -------
    int
        The exit code.
    """
    names: dict[str, str] = {}
    with _remarks(names), _signals() as interrupts:
        try:
            done = _run(understood(sys.argv[1:] if arguments is None else arguments, names))
            if interrupts:
                told("interrupted; what was done until then is kept")
            return INTERRUPTED if interrupts else done
        except KeyboardInterrupt:
            told("interrupted")
            return INTERRUPTED
        except BrokenPipeError:  # the reader, such as head, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return UNREAD
        except SystemExit as end:
            return int(end.code or 0)
        except UnicodeEncodeError as error:  # bytes of the command line that are no text
            told(f"{error.object!r} is no text in UTF-8")
            return WRONG
        except (
            HeavywaterError,
            NotImplementedError,
            OSError,
        ) as error:  # whose message is all that a user needs
            told(worded(str(error), names))
            return AGAIN if _may_go_better(error) else WRONG


def _may_go_better(error: Exception) -> bool:
    """Whether another try later may go better: nobody is there who could refuse."""
    return isinstance(error, NoSession) or (isinstance(error, Unreachable) and not error.refused)


def _run(options: Any) -> int:
    with options.later, contextlib.redirect_stdout(sys.stderr):
        answer = options.run(options)
    if answer is not None:
        write(options.out, shown(answer, options.json))
    return DONE


def understood(arguments: Sequence[str], names: dict[str, str] | None = None) -> Any:
    """The values of all options: of the command line, of the configuration file, or the default.

    Parameters
    ----------
    arguments : sequence of str
    names : dict, optional
        Gets what temporary files should be called in messages.

    Returns
    -------
    SimpleNamespace
        A value for each option; and ``given`` and ``configured``, those of the two sources; ``run``; ``out``, standard output;
        ``later``, what has to be cleaned up; ``names``.
    """
    top = top_parser(COMMANDS, __version__)
    command = command_named(top.parse_args(arguments[:1]).command, COMMANDS, top)
    rest = arguments[1:]
    path = config_file(rest)
    from_file = {} if path is None else configured(path, command, COMMANDS)
    parser = command_parser(command, from_file)
    given = values_given(parser, command, rest)
    values = {each.key: each.default for each in command.options} | from_file | given
    for each in command.options:
        if each.pairs:
            values[each.key] = {**from_file.get(each.key, {}), **given.get(each.key, {})}
    options = SimpleNamespace(
        **values, given=given, configured=from_file, run=command.run, out=sys.stdout, later=contextlib.ExitStack(),
        names={} if names is None else names,
    )  # fmt: skip
    if "url" in values:
        sessions.check(options, parser)
    return options


@contextlib.contextmanager
def _remarks(names: dict[str, str]) -> Iterator[None]:
    """Warnings as one line each, while the command runs."""

    def show(message: Any, *_: Any, **__: Any) -> None:
        told(worded(str(message), names))

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """SIGTERM ends the command in good order; a list that gets the SIGINTs, which may end a training before the command."""
    interrupts: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return

    def end(number: int, _: Any) -> None:  # the first process of a container would not see it otherwise
        sys.exit(128 + number)

    def interrupt(number: int, _: Any) -> None:
        interrupts.append(number)
        raise KeyboardInterrupt

    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, end),
        signal.SIGINT: signal.getsignal(signal.SIGINT),
    }
    if before[signal.SIGINT] is not signal.SIG_IGN:  # as in the background of a script
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
