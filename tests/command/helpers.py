"""The command in this process, as tests call it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from h2o_command.main import main

DATA = Path(__file__).parents[1] / "data"
IRIS = str(DATA / "iris_wheader.csv")
PROSTATE = str(DATA / "prostate.csv")
SMALL = ("--set", "hidden=4", "--set", "epochs=1", "--set", "seed=1")


class Shell:
    """Calls the command, and has what it said.

    Parameters
    ----------
    capsys : pytest.CaptureFixture
    monkeypatch : pytest.MonkeyPatch
    """

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch
        self.code, self.out, self.err = 0, "", ""

    def run(self, *arguments: object, stdin: bytes | None = None) -> int:
        """The exit code."""
        if stdin is not None:
            self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capsys.readouterr()
        self.code = main([str(each) for each in arguments])
        self.out, self.err = self._capsys.readouterr()
        return self.code

    def answer(self, *arguments: object, stdin: bytes | None = None) -> dict[str, Any]:
        """The result, of a command that works."""
        assert self.run(*arguments, "--json", stdin=stdin) == 0, self.err
        found: dict[str, Any] = json.loads(self.out)
        return found

    def refused(self, *arguments: object, stdin: bytes | None = None) -> str:
        """The last line on standard error, of a command that does not work: nothing is on standard output, and no traceback."""
        assert self.run(*arguments, stdin=stdin) in (1, 2), self.out
        assert self.out == ""
        assert "Traceback" not in self.err
        line = self.err.strip().splitlines()[-1]
        assert line.startswith("h2o")
        return line
