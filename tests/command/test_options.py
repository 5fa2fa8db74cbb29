"""What holds for every option of every command."""

from __future__ import annotations

import contextlib
import io
import unicodedata
from typing import Any

import pytest
from h2o_command.commands import COMMANDS
from h2o_command.main import main, understood
from h2o_command.options import FLAG, Command, Option
from h2o_command.parsing import command_parser
from hypothesis import given, settings
from hypothesis import strategies as st

from .helpers import IRIS

ALL = [(command, each) for command in COMMANDS.values() for each in command.options]
IDS = [f"{command.name}-{each.key}" for command, each in ALL]
WRONG = (
    "",
    "abc",
    "-1",
    "0",
    "1.5",
    "nan",
    "inf",
    "1e999",
    "9" * 30,
    "=",
    "a=",
    "=b",
    "\x00",
    "µ\u2028",
    "--",
    "[",
    "x" * 5000,
)


def said(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


def required(command: Command, but: Option) -> list[str]:
    """What a command needs to be understood."""
    words = [
        ["x"] if each.by_place else [each.names[0], "x"]
        for each in command.options
        if each.required and each != but
    ]
    return [word for each in words for word in each]


@pytest.mark.parametrize(("command", "each"), ALL, ids=IDS)
def test_every_option_is_in_the_help_with_a_sentence(command, each):
    text = "".join(command_parser(command, {}).format_help().split())
    for name in each.names:
        assert (each.metavar if each.by_place else name) in text
    assert "".join(each.help.split()) in text
    assert len(each.help) > 8 and not each.help.endswith(".")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_has_a_help_with_examples_that_are_understood(command):
    code, out, err = said(command.name, "--help")
    assert (code, err) == (0, "")
    assert "examples:" in out and "exit codes:" in out
    assert command.examples
    assert max(map(len, out.splitlines())) < 160


def test_the_same_option_means_the_same_everywhere():
    """`model` is what is read, but where a model is made it is what is written; `token_file` and the certificates have two ends."""
    found: dict[str, set[Any]] = {}
    for _, each in ALL:
        found.setdefault(each.key, set()).add(
            (each.names, each.kind.says, each.many, each.pairs, each.by_place)
        )
    assert {key for key, ways in found.items() if len(ways) > 1} == {"model"}
    for key in ("json", "config"):
        assert all(any(each.key == key for each in command.options) for command in COMMANDS.values())
    working = {
        name for name, command in COMMANDS.items() if any(each.key == "nthreads" for each in command.options)
    }
    with_url = {
        name for name, command in COMMANDS.items() if any(each.key == "url" for each in command.options)
    }
    assert working - with_url == {"serve", "node"}
    assert set(COMMANDS) - working == {"parameters"}


def test_names_do_not_clash():
    for command in COMMANDS.values():
        names = [name for each in command.options for name in each.names]
        keys = [key for each in command.options for key in each.keys]
        assert len(set(names)) == len(names) and len(set(keys)) == len(keys)
        assert not {"given", "configured", "run", "out", "later", "names", "help"} & set(keys)


@pytest.mark.parametrize(("command", "each"), ALL, ids=IDS)
@settings(max_examples=3, deadline=None)
@given(text=st.one_of(st.sampled_from(WRONG), st.text(max_size=12)))
def test_any_value_is_understood_or_refused_in_one_line(command, each, text):
    if each.kind is FLAG:
        arguments = [*required(command, each), f"{each.names[0]}={text}"]
    elif each.by_place:
        arguments = [*required(command, each), text]
    else:
        arguments = [*required(command, each), f"{each.names[0]}={text}"]
    if text in ("-h", "--help", "--config") or (each.by_place and text.startswith("--config=")):
        return
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        try:
            found = understood([command.name, *arguments])
        except SystemExit as end:
            assert end.code == 2
            (line,) = err.getvalue().splitlines()
            assert line.startswith(f"h2o {command.name}: ") and len(line) < 1000
            assert not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in line)
        except OSError as refused:  # a configuration file
            assert each.key == "config" and str(refused)
        else:
            assert getattr(found, each.key) is not None or text == "--"


@pytest.mark.parametrize("name", ["", "trian", "TRAIN", "--jsn", "-", "\x00", "x" * 5000, "--", "train "])
def test_names_of_commands(name):
    code, out, err = said(name)
    (line,) = err.splitlines()
    assert (code, out) == (2, "") and line.startswith("h2o: ") and len(line) < 1000


def test_options_without_a_value_and_abbreviations():
    for arguments in (
        ["import", "x", "--config"],
        ["import", "x", "--sep", ","],
        ["import", "x", "--encoding"],
        ["train", "--mod", "x"],
    ):
        code, out, err = said(*arguments)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert (
        understood(["import", "x", "--nthreads", "2"]).nthreads
        == understood(["import", "x", "--threads", "2"]).nthreads
        == 2
    )
    assert understood(["import", "x", "--force", "--no-force"]).force is False


READ = [
    each
    for each in COMMANDS["import"].options
    if each.shared and each.kind is not FLAG and each.group == "how data is read"
]


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_way_to_read_data_works_or_is_refused_in_one_line(data):
    words = [IRIS]
    for each in data.draw(
        st.lists(st.sampled_from(READ), min_size=1, max_size=3, unique_by=lambda each: each.key)
    ):
        text = data.draw(
            st.one_of(
                st.sampled_from(WRONG),
                st.text(max_size=4),
                st.sampled_from(["class", ",", "utf-16", "#", "1"]),
            )
        )
        if each.pairs:
            text = f"{text or 'class'}={data.draw(st.sampled_from(['enum', 'string', 'time', 'uuid', 'numeric', 'x', '']))}"
        words.append(f"{each.names[0]}={text}")
    code, out, err = said("import", *words)
    assert code in (0, 1, 2)
    assert all(line.startswith(("h2o: ", "h2o import: ")) for line in err.splitlines()), err
    if code:
        assert out == "" and err
