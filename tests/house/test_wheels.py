"""How wheels are tried, and what is not built; the trials themselves are `make test-wheels`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from release import smoke, wheels

from .test_packaging import PROJECT
from .tree import ROOT

TAG = f"cp3{sys.version_info.minor}"


def wheel(folder: Path, python: str = TAG) -> Path:
    path = folder / f"heavywater-1.2.3-{python}-{python}-manylinux_2_28_x86_64.whl"
    path.touch()
    return path


def test_a_wheel_is_tried_by_its_interpreter(tmp_path):
    assert wheels.interpreter_for(wheel(tmp_path), [sys.executable]) == sys.executable
    for other in ("cp399", f"{TAG}t"):
        with pytest.raises(wheels.Failed, match=rf"{other}.*PYTHONS="):
            wheels.interpreter_for(wheel(tmp_path, other), [sys.executable])
    with pytest.raises(wheels.Failed, match="absent cannot be started"):
        wheels.interpreter_for(wheel(tmp_path), [str(tmp_path / "absent")])


@pytest.mark.parametrize("there", [(), ("cp399",)])
def test_what_cannot_be_tried_is_an_error(tmp_path, capsys, there):
    for python in there:
        wheel(tmp_path, python)
    assert wheels.main([sys.executable], tmp_path) == 1
    assert ("make wheel" if not there else "cp399") in capsys.readouterr().err


def test_the_trial_wants_the_library_of_the_wheel(tmp_path):
    """An environment whose interpreter says that it has found another one."""
    python = tmp_path / "environment" / "bin" / "python"
    python.parent.mkdir(parents=True)
    for says, stands in {
        "OpenMP: /usr/lib/libgomp.so.1": False,
        f"OpenMP: /x/{wheels.OWN_OPENMP}/a.so": True,
    }.items():
        python.write_text(f"#!/bin/sh\n/bin/echo {says}\n")
        python.chmod(0o755)
        if stands:
            assert wheels.smoke(python.parents[1], tmp_path).strip() == says
        else:
            with pytest.raises(wheels.Failed, match="not the one of the wheel"):
                wheels.smoke(python.parents[1], tmp_path)
    python.write_text("#!/bin/sh\n/bin/echo nothing learned; exit 3\n")
    with pytest.raises(wheels.Failed, match="nothing learned"):
        wheels.smoke(python.parents[1], tmp_path)


def test_the_oldest_versions_are_asked_for_by_name(tmp_path, monkeypatch):
    """Of a wheel alone the resolver would take the newest of all that it needs."""
    asked = []
    monkeypatch.setattr(wheels, "fresh", lambda interpreter, folder: folder)
    monkeypatch.setattr(wheels, "uv", lambda environment, *what: asked.append((environment.name, what)))
    monkeypatch.setattr(wheels, "smoke", lambda environment, folder, *arguments: "")
    monkeypatch.setattr(wheels, "line", lambda interpreter, name, environment, said: name)
    made = wheel(tmp_path)
    assert list(wheels.tried(made, sys.executable, tmp_path)) == ["oldest", "newest", "serving"]
    needed = PROJECT["project"]["dependencies"]
    assert asked[0] == ("oldest", ("--resolution", "lowest-direct", str(made), *needed))
    assert asked[1] == ("newest", ("--resolution", "highest", str(made), *needed))
    assert ("serving", ("--no-deps", str(made))) in asked


def test_the_row_of_a_trial_has_versions_and_figures(tmp_path):
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    for name in ("numpy-2.0.0", "pandas-2.2.2", "other-1.0"):
        (packages / f"{name}.dist-info").mkdir(parents=True)
    (packages / "module.py").write_bytes(b"#" * 3_000_000)
    row = wheels.line(
        sys.executable,
        "oldest",
        tmp_path,
        "99.0% right\nthe service: 98.5% right\nthe service: 61 MB of memory",
    )
    assert "| oldest: numpy 2.0.0, pandas 2.2.2 | 3 MB | 98.5% right, 61 MB of memory |" in row


def test_the_smoke_trial_knows_its_circle():
    said = [smoke.label(*point) for point in smoke.POINTS]
    assert 0.1 < said.count("yes") / len(said) < 0.4
    assert (smoke.label(0, 0), smoke.label(0.8, 0), smoke.label(0, -0.79)) == ("yes", "no", "yes")


@pytest.mark.parametrize(
    ("pretended", "said"),
    [
        ("import sys, sysconfig, Cython.Build, setuptools; sysconfig.get_config_vars(); sys.platform = 'win32'",
         "not built for Windows.*WSL 2"),
        ("import sysconfig as s; of = s.get_config_var; s.get_config_var = lambda n: n == 'Py_GIL_DISABLED' or of(n)",
         rf"3\.{sys.version_info.minor}t, without the GIL"),
    ],
    ids=["windows", "free-threaded"],
)  # fmt: skip
def test_what_is_not_built_is_refused_by_name(pretended, said):
    code = f"{pretended}\nimport runpy; runpy.run_path('setup.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert re.search(said, done.stderr), done.stderr
    assert len(done.stderr.splitlines()) == 1
