"""What the README and the page of the command say of it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from h2o_command.commands import COMMANDS
from h2o_command.main import understood

ROOT = Path(__file__).parents[2]


def blocks(page: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def commands(text: str) -> list[list[str]]:
    """Each call of the command in some lines of a shell."""
    found = []
    for line in text.splitlines():
        words = shlex.split(line.replace("|", " | ").replace(";", " ; "), comments=True)
        while "h2o" in words:
            words = words[words.index("h2o") + 1 :]
            end = next((at for at, word in enumerate(words) if word in ("|", ">", ";", "&&")), len(words))
            found.append(words[:end])
    return found


def test_the_commands_of_the_readme_are_understood():
    for text in blocks("README.md"):
        assert commands(text)
        for each in commands(text):
            understood(each)


def test_the_commands_of_their_page_are_understood():
    (text,) = [each for each in blocks("docs/guide/command.md") if "h2o describe" in each]
    found = commands(text)
    assert {each[0] for each in found} | {"import", "demo", "node"} == set(COMMANDS)
    for each in found:
        understood(each)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_examples_of_the_help_are_understood(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "job.toml").write_text("[train]\ndata = 'a.csv'\nresponse = 'y'\nmodel = 'm'\n")
    for _, line in command.examples:
        found = commands(line)
        assert found and all(each[0] == command.name for each in found)
        for each in found:
            understood(each)
