"""Tries wheels where nothing else is: ``python -m release.wheels [INTERPRETER ...]``, after ``make wheel`` for the same ones.

Each wheel of ``dist`` is installed into fresh environments, with the oldest versions of its dependencies that it says it works with (of
those that there are for the version of Python), with the newest, and with nothing but what scoring takes. ``release/smoke.py`` then
runs in each, away from the sources, with an environment of processes that knows neither a compiler nor other libraries.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMOKE = ROOT / "release" / "smoke.py"
SERVING = ROOT / "docs" / "deploy" / "serving-requirements.txt"
SHOWN = ("numpy", "scipy", "pandas", "pyarrow")
OWN_OPENMP = "heavywater.libs"  # where auditwheel puts the library
RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}


class Failed(Exception):
    """A wheel cannot be tried, or does not do what it has to."""


def main(interpreters: list[str], dist: Path = ROOT / "dist") -> int:
    """Try all wheels of a folder, and show a table."""
    try:
        wheels = sorted(dist.glob("heavywater-*.whl"))
        if not wheels:
            raise Failed(f"there is no wheel in {dist}; run make wheel first")
        chosen = [(wheel, interpreter_for(wheel, interpreters)) for wheel in wheels]
        print("| Python | versions | site-packages | |\n|---|---|---|---|")
        for wheel, interpreter in chosen:
            with tempfile.TemporaryDirectory() as folder:
                for line in tried(wheel, interpreter, Path(folder)):
                    print(line, flush=True)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def interpreter_for(wheel: Path, interpreters: Iterable[str]) -> str:
    """The one of some interpreters that a wheel was built for.

    Raises
    ------
    Failed
        None is.
    """
    for name in interpreters:
        if f"-{_tag(name)}-" in wheel.name:
            return name
    raise Failed(f"no interpreter for {wheel.name}; name it: make test-wheels PYTHONS='python3.12 ...'")


def tried(wheel: Path, interpreter: str, folder: Path) -> Iterable[str]:
    """Lines of the table, each once its environment has stood the trial."""
    for name, resolution in RESOLUTIONS.items():
        environment = fresh(interpreter, folder / name)
        uv(environment, "--resolution", resolution, str(wheel), *dependencies())
        yield line(interpreter, name, environment, smoke(environment, folder))
    environment = fresh(interpreter, folder / "serving")
    uv(environment, "--requirement", str(SERVING))
    uv(environment, "--no-deps", str(wheel))
    yield line(interpreter, "serving", environment, smoke(environment, folder, "--serve", "inside.model"))


def dependencies() -> list[str]:
    """What the package takes. Named beside the wheel, since only what is named comes in its oldest version."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found: list[str] = tomllib.loads(text)["project"]["dependencies"]
    return found


def fresh(interpreter: str, folder: Path) -> Path:
    """An environment without anything, pip included; not every interpreter brings that."""
    _run([interpreter, "-m", "venv", "--without-pip", str(folder)])
    return folder


def uv(environment: Path, *what: str) -> None:
    """Install into an environment, and never build anything."""
    python = str(environment / "bin" / "python")
    command = ["uv", "pip", "install", "--quiet", "--no-config", "--only-binary", ":all:", "--python", python]
    _run([*command, *what])


def smoke(environment: Path, folder: Path, *arguments: str) -> str:
    """What the trial says.

    Raises
    ------
    Failed
        It has not stood it, or another OpenMP library than the one in the wheel is in use.
    """
    work = folder / "work"
    work.mkdir(exist_ok=True)
    shutil.copy(SMOKE, work)
    clean = {"PATH": str(environment / "bin"), "HOME": str(work)}
    said = _run([str(environment / "bin" / "python"), SMOKE.name, *arguments], cwd=work, env=clean)
    if OWN_OPENMP not in said:
        raise Failed(f"the OpenMP library in use is not the one of the wheel:\n{said}")
    return said


def line(interpreter: str, name: str, environment: Path, said: str) -> str:
    """A row of the table."""
    packages = next(environment.glob("lib/python*/site-packages"))
    found = dict(
        re.findall(r"^(.+?)-([^-]+)\.dist-info$", "\n".join(p.name for p in packages.iterdir()), re.MULTILINE)
    )
    versions = ", ".join(f"{each} {found[each]}" for each in SHOWN if each in found)
    right = re.findall(r"\d+ MB of memory|[\d.]+% right", said)[-2:]
    return f"| {_version(interpreter)} | {name}: {versions} | {size(packages) / 1e6:.0f} MB | {', '.join(right)} |"


def size(folder: Path) -> int:
    """Bytes of the files of a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def _version(interpreter: str) -> str:
    code = "import sys; print(sys.version.split()[0])"
    return _run([interpreter, "-I", "-c", code]).strip()


def _tag(interpreter: str) -> str:
    code = "import sys; print('cp%d%d-cp%d%d' % (sys.version_info[:2] * 2) + sys.abiflags)"
    return _run([interpreter, "-I", "-c", code]).strip()


def _run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=cwd, env=env, text=True, capture_output=True, check=False)
    except OSError as error:
        raise Failed(f"{command[0]} cannot be started: {error}") from None
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable]))
