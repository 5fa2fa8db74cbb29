"""What the package says about itself, and that everything it needs is in it."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .tree import COMMAND, CORE, FRONT, ROOT, files, named

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

WITH_CYTHON = {"cpython", "cython", "libc", "libcpp", "openmp", "posix"}  # declarations that Cython brings


def requirement_names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def test_version_is_the_same_everywhere():
    import h2o
    import heavywater

    version = PROJECT["project"]["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|(a|b|rc)\d+)?", version)
    assert heavywater.__version__ == h2o.__version__ == version
    assert f'"{version}"' in (CORE / "__init__.py").read_text(
        encoding="utf-8"
    )  # a tree that is not installed


def test_the_readme_leads_somewhere_from_pypi(monkeypatch):
    """Every link and picture has a whole address, of a file of the tree; nothing else differs."""
    import Cython.Build
    import setuptools

    given: dict[str, str] = {}
    monkeypatch.setattr(setuptools, "setup", lambda **options: given.update(options))
    monkeypatch.setattr(Cython.Build, "cythonize", lambda *_, **__: [])
    monkeypatch.chdir(ROOT)
    runpy.run_path("setup.py")
    text, urls = given["long_description"], PROJECT["project"]["urls"]
    addresses = re.findall(r'\]\(([^)\s]+)\)|\b(?:src|srcset)="([^"]+)"', text)
    assert len(addresses) > 40
    assert all("".join(each).startswith(("https://", "#")) for each in addresses)
    ours = re.findall(rf"{re.escape(urls['Source'])}/(raw|blob)/[\w.]+/([^)\"#]+)", text)
    assert all((ROOT / path).exists() for _, path in ours)
    pictures = {path for kind, path in ours if kind == "raw"}
    assert pictures and all(path.endswith((".png", ".svg")) for path in pictures)
    plain = re.sub(rf"{re.escape(urls['Source'])}/(raw|blob)/[\w.]+/", "", text)
    assert plain == (ROOT / "README.md").read_text(encoding="utf-8")
    assert PROJECT["project"]["dynamic"] == ["readme"]
    assert {"Homepage", "Source", "Documentation", "Changelog", "Issues"} <= set(urls)


def test_build_requirements_cover_what_is_cimported():
    sources = "".join(p.read_text("utf-8") for p in files(CORE) if p.suffix in (".pyx", ".pxi"))
    names = re.findall(r"^(?:from (\S+) cimport|cimport (\S+))", sources, re.MULTILINE)
    found = {(a or b).split(".")[0] for a, b in names} - WITH_CYTHON
    assert names
    assert found <= requirement_names(PROJECT["build-system"]["requires"])
    assert found <= requirement_names(PROJECT["project"]["dependencies"])


def test_every_kind_of_file_is_shipped():
    """A new kind of file below the packages needs a line in MANIFEST.in or in package-data."""
    manifest = (ROOT / "MANIFEST.in").read_text(encoding="utf-8")
    in_wheel = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    for path in (*files(CORE), *files(FRONT), *files(COMMAND)):
        if path.suffix == ".py":
            continue
        patterns = (f"*{path.suffix}", path.name)
        assert any(p in in_wheel or (path.suffix and p in manifest.split()) for p in patterns), named(path)


def test_the_web_interface_is_shipped_whole(monkeypatch):
    """Templates, scripts, styles and the licence of what others wrote lie in folders that are no packages."""
    from setuptools import Distribution

    monkeypatch.chdir(ROOT)
    built = Distribution({"long_description": "what setup.py gives"})
    built.parse_config_files()
    command = built.get_command_obj("build_py")
    command.ensure_finalized()
    shipped = {Path(source, name).resolve() for _, source, _, names in command.data_files for name in names}
    pages = [path for path in files(CORE / "server" / "pages") if path.suffix != ".py"]
    assert {".html", ".js", ".css", ".svg", ".LICENSE"} <= {path.suffix for path in pages}
    assert [named(path) for path in pages if path.resolve() not in shipped] == []


def test_every_folder_of_modules_is_a_package():
    for path in (*files(CORE), *files(FRONT), *files(COMMAND), *files(ROOT / "tests")):
        if path.suffix == ".py":
            assert (path.parent / "__init__.py").exists(), named(path.parent)


def test_every_layer_has_its_tests():
    layers = {path.parent.name for path in CORE.glob("*/__init__.py")}
    assert len(layers) > 5
    assert [layer for layer in sorted(layers) if not list((ROOT / "tests" / layer).rglob("test_*.py"))] == []


@pytest.mark.parametrize("script", ["run", "packages", "wheel", "lint-js", "lint-workflows", "rcheck"])
def test_scripts_can_be_started(script):
    path = ROOT / ".ci" / script
    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


def look_for_packages(folder: Path, user: int) -> subprocess.CompletedProcess[str]:
    """Run the script for a user on a machine without a C compiler, where apt-get only says what it is told."""
    for name, line in {
        "id": f"echo {user}",
        "gcc": "exit 1",
        "apt-get": f'echo "$@" >> {folder}/log',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    environment.pop("CC", None)
    command = [str(ROOT / ".ci" / "packages"), "build", sys.executable]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_missing_packages_are_named_in_one_line(tmp_path):
    done = look_for_packages(tmp_path, user=1000)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "apt-get install" in done.stderr and "gcc" in done.stderr
    assert not (tmp_path / "log").exists()


def test_root_installs_what_is_missing(tmp_path):
    assert look_for_packages(tmp_path, user=0).returncode == 0
    update, install = (tmp_path / "log").read_text().splitlines()
    assert update.split()[0] == "update"
    assert install.split()[0] == "install" and "gcc" in install.split()
