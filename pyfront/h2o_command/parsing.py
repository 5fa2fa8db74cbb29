"""The command line, made from the options of a command."""

from __future__ import annotations

import argparse
import difflib
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from heavywater.errors import bounded

from .options import FLAG, Command, Option

EXIT_CODES = (
    "exit codes: 0 done; 1 wrong data, files or parameters; 2 wrong use of the command; 75 a node or its session is not there "
    "(any more); 130 interrupted (Ctrl-C); 141 nobody reads standard output any more; 143 asked to end (SIGTERM)"
)


class Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        text = one_line(message)
        self.exit(
            2, f"{self.prog}: {text}{'' if text.endswith('?') else ';'} {self.prog} --help tells more\n"
        )


class _Help(argparse.RawDescriptionHelpFormatter):
    """Wide enough for the names of options, and the texts before and after them as they are."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


def top_parser(commands: Mapping[str, Command], version: str) -> Parser:
    """What reads the name of the command."""
    width = max(map(len, commands))
    listing = "\n".join(f"  {name:{width}}  {each.summary}" for name, each in commands.items())
    parser = Parser(
        "h2o",
        usage="h2o COMMAND ...",
        description="Deep Learning on tables, as H2O does it, without Java.",
        epilog=f"commands:\n{listing}\n\nh2o COMMAND --help tells the options of a command.\n\n{_wrapped(EXIT_CODES)}",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"heavywater {version}")
    parser.add_argument("command", metavar="COMMAND", help="one of those below")
    return parser


def command_named(name: str, commands: Mapping[str, Command], parser: Parser) -> Command:
    """The command of this name; an error names similar ones."""
    if name not in commands:
        similar = difflib.get_close_matches(name, commands, n=2, cutoff=0.6)
        hint = f"did you mean {' or '.join(similar)}?" if similar else f"there are {', '.join(commands)}"
        parser.error(f"there is no command {name!r}: {hint}")
    return commands[name]


def command_parser(command: Command, configured: Mapping[str, Any]) -> Parser:
    """What reads the options of a command.

    Parameters
    ----------
    command : Command
    configured : mapping
        Values that a configuration file gives: these options need not be on the command line.
    """
    parser = Parser(
        f"h2o {command.name}",
        description=_wrapped(command.description or f"{command.summary[:1].upper()}{command.summary[1:]}."),
        epilog=_epilog(command),
        formatter_class=_Help,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    groups: dict[str | None, Any] = {None: parser}
    for each in command.options:
        if each.group not in groups:
            groups[each.group] = parser.add_argument_group(each.group)
        _add(groups[each.group], each, configured)
    return parser


def _add(place: Any, each: Option, configured: Mapping[str, Any]) -> None:
    more: dict[str, Any] = {"help": each.help.replace("%", "%%")}
    missing = each.required and each.key not in configured
    if each.kind is FLAG:
        more["action"] = "store_true"
        place.add_argument(
            f"--no{each.names[0][1:]}", dest=each.key, action="store_false", help=argparse.SUPPRESS
        )
    elif each.pairs:
        more |= {"action": "append", "metavar": each.metavar, "type": each.kind}
    else:
        more |= {"metavar": each.metavar, "type": each.kind}
        if each.many:
            more["nargs"] = "+"
    if each.by_place:
        if not missing:
            more["nargs"] = "*" if each.many else "?"
    else:
        more |= {"dest": each.key, "required": missing}
    place.add_argument(*each.names, **more)


def config_file(arguments: Sequence[str]) -> str | None:
    """The value of ``--config``, which is needed before all others."""
    parser = Parser("h2o", add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--config")
    try:
        found = parser.parse_known_args([each for each in arguments if each not in ("-h", "--help")])[
            0
        ].config
    except argparse.ArgumentError:
        return None  # without a value: the parser of the command will say so
    return found if isinstance(found, str) else None


def values_given(parser: Parser, command: Command, arguments: Sequence[str]) -> dict[str, Any]:
    """The values on the command line; it ends with exit code 2 where they are wrong."""
    given = vars(parser.parse_args(arguments))
    for each in command.options:
        value = given.get(each.key)
        if (
            value == []
            or (each.pairs and [] in (value or ()))
            or (isinstance(value, list) and not (each.many or each.pairs))
        ):
            parser.error(
                f"argument {'/'.join(each.names)}: expected one argument"
            )  # Python 3.11 takes --name=-- for none
        if each.pairs and value is not None:
            given[each.key] = dict(value)
    return given


def _epilog(command: Command) -> str:
    lines = [line for text, code in command.examples for line in (f"  # {text}", f"  {code}")]
    return "\n".join((["examples:", *lines, ""] if lines else []) + [_wrapped(EXIT_CODES)])


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.fill(part, 98) for part in text.split("\n"))


def told(text: str, who: str = "h2o") -> None:
    """Say something on standard error, on one line."""
    if sys.stderr is None:  # it is closed; print would take standard output instead
        return
    print(f"{who}: {one_line(text)}", file=sys.stderr, flush=True)


def one_line(text: str) -> str:
    """A text that can be shown to anybody, on one line; bytes that are no text as escape sequences."""
    return " ".join(bounded(text).split()).encode("utf-8", "backslashreplace").decode()
