"""What docs/nodes.md tells to run is run."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from h2o_command.main import understood

from ..house.tree import ROOT
from .processes import node_process

PAGE = (ROOT / "docs" / "nodes.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:54321"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def commands(name: str) -> list[list[str]]:
    found = [shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines()]
    found += [shlex.split(line) for line in re.findall(r"`(h2o serve --root.*?)`", PAGE)]
    return [each for each in found if each and each[0] == name]


def test_nodes_are_started_as_is_told() -> None:
    found = commands("h2o")
    assert len(found) == 4
    for command in found:
        understood(command[1:])


@pytest.mark.parametrize("block", blocks("sh"))
def test_shell_commands_can_be_read(block: str) -> None:
    subprocess.run(["bash", "-n"], input=block, text=True, check=True)


def ask(command: list[str], url: str) -> bytes:
    """What curl would be told."""
    at = next(word for word in command if word.startswith(ADDRESS))
    request = urllib.request.Request(at.replace(ADDRESS, url))
    for option, value in zip(command, command[1:], strict=False):
        if option == "-H":
            request.add_header(*value.split(": "))
        elif option == "-d":
            request.data = value.encode()
    return bytes(urllib.request.urlopen(request).read())


def test_scripts_and_requests_are_answered(tmp_path: Path) -> None:
    program = "\n".join(block for block in blocks("python") if ADDRESS in block)
    with node_process("--port", "0") as node:
        ran = subprocess.run(
            [sys.executable, "-c", program.replace(ADDRESS, node.url)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert re.search(r"^\d\.\d+$", ran.stdout, re.MULTILINE)  # the metric
        assert re.search(r"^job_\d+ .* DONE 1", ran.stdout, re.MULTILINE)
        document, rows, models = (json.loads(ask(command, node.url)) for command in commands("curl"))
    assert document["openapi"] and rows["value"]["nrow"] == 2 and len(models["value"]) == 1
