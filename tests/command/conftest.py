"""What tests of the command share."""

from __future__ import annotations

from pathlib import Path

import pytest
from h2o_command.main import main

from .helpers import IRIS, PROSTATE, SMALL, Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The command in this process."""
    return Shell(capsys, monkeypatch)


@pytest.fixture(scope="session")
def flowers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model of three classes."""
    return _trained(tmp_path_factory, IRIS, "--response", "class")


@pytest.fixture(scope="session")
def patients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model of two classes."""
    return _trained(tmp_path_factory, PROSTATE, "--response", "CAPSULE", "--factors", "CAPSULE")


@pytest.fixture(scope="session")
def coder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved autoencoder."""
    return _trained(tmp_path_factory, IRIS, "--skip", "class", "--set", "autoencoder=true")


def _trained(folders: pytest.TempPathFactory, *arguments: str) -> Path:
    path = folders.mktemp("models") / "model"
    assert main(["train", *arguments, *SMALL, "--model", str(path)]) == 0
    return path
