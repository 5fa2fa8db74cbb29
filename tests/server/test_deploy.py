"""The files that show how a scoring service is deployed: that what they say is true of the command and of the package."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from h2o_command.main import understood
from heavywater.server.running.serve_options import ServeOptions

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "deploy"
UNIT = FOLDER / "h2o-scoring.service"


def instructions() -> list[tuple[str, str]]:
    """The instructions of the container file and what they are given, lines that go on joined."""
    text = (FOLDER / "scoring.Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines if line)]


def given(name: str) -> list[str]:
    return [rest for each, rest in instructions() if each == name]


def unit() -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None, strict=False)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read(UNIT, encoding="utf-8")
    return found


def started(words: list[str]) -> Any:
    """The options of a command that serves, which have to be ones that it has."""
    *program, _ = words[: words.index("serve") + 1]
    assert Path(program[-1]).name == "h2o" and (len(program) == 1 or program[1:] == ["-m", "h2o"])
    options = understood(words[len(program) :])
    assert options.model
    ServeOptions(address=options.address, token_file=options.token_file, insecure_http=options.insecure_http)
    return options


def test_the_container_starts_a_service_that_lets_nobody_in_without_a_token():
    words = json.loads(given("ENTRYPOINT")[0]) + json.loads(given("CMD")[-1])
    options = started(words)
    assert options.token_file
    assert given("EXPOSE") == [str(options.port)]
    check = next(rest for rest in given("HEALTHCHECK"))
    assert f"127.0.0.1:{options.port}/health'" in check
    assert given("STOPSIGNAL") == ["SIGTERM"]
    assert given("USER")[-1].split(":")[0] != "0"


def test_the_container_installs_what_scoring_takes():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    text = (FOLDER / "serving-requirements.txt").read_text(encoding="utf-8")
    named = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert {"numpy", "starlette", "uvicorn"} <= {re.split("[>=]", each)[0] for each in named}
    assert set(named) <= set(wanted)
    (install,) = (rest for rest in given("RUN") if "serving-requirements.txt" in rest)
    assert install.count("--target /opt/h2o") == 2 and "--no-deps --target" in install
    assert "PYTHONPATH=/opt/h2o" in given("ENV")[0]


def test_the_container_has_the_python_that_it_was_built_with():
    """Debian 12, whose Python is 3.11, in both stages."""
    first, last = given("FROM")
    assert first.split() == ["python:3.11-slim-bookworm", "AS", "build"]
    assert "python3-debian12" in last
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".git", ".venv", ".bench", "build", "**/*.so"} <= set(ignored)


def test_the_unit_runs_as_a_user_of_its_own_and_may_write_nothing():
    service = unit()["Service"]
    options = started(shlex.split(service["ExecStart"]))
    assert options.token_file
    assert options.address == "127.0.0.1"
    assert service["User"] not in ("", "root")
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["KillSignal"] == "SIGTERM"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit(tmp_path: Path):
    program = shlex.split(unit()["Service"]["ExecStart"])[0]
    copy = tmp_path / UNIT.name
    copy.write_text(
        UNIT.read_text(encoding="utf-8").replace(program, shutil.which("true") or "true"), encoding="utf-8"
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False
    )
    if "Failed to initialize" in done.stderr or "Failed to create" in done.stderr:
        pytest.skip(f"systemd-analyze cannot run here: {done.stderr}")
    assert (done.returncode, done.stderr) == (0, "")
