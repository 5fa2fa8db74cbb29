"""The peers' virtual environments below ``.bench/``, made when first needed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

REQUIREMENTS = {
    "h2o": ["h2o==3.46.0.12", "pandas", "matplotlib"],  # the version whose requests a node answers
    "torch": ["torch==2.13.0", "numpy"],
    "polars": ["polars"],
    "tables": [  # boosted trees, and networks of pytabkit
        "numpy", "pandas", "scikit-learn", "lightgbm", "xgboost", "torch==2.13.0", "pytabkit",
    ],
    "trackers": [  # with what heavywater itself needs: MLflow wants an older pyarrow than the tests have
        "mlflow", "optuna", "tensorboardx", "numpy", "scipy", "pandas", "pyarrow", "safetensors", "threadpoolctl", "tqdm", "starlette",
        "uvicorn", "python-multipart", "jinja2", "urllib3", "pytest", "pytest-timeout", "hypothesis",
    ],
}  # fmt: skip
OWN_ENVIRONMENT = ("heavywater", "pandas")  # run by the Python that runs this
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".bench"


class PeerUnavailable(RuntimeError):
    """The peer cannot run here."""


@contextlib.contextmanager
def made_once() -> Iterator[None]:
    """Within this context nobody else makes anything below `FOLDER`: tests may run in several processes."""
    FOLDER.mkdir(exist_ok=True)
    with open(FOLDER / "lock", "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def peer_python(name: str) -> Path:
    """The Python interpreter of the environment that has the peer `name`, which is made if need be.

    Raises
    ------
    PeerUnavailable
        If Java is missing or the packages cannot be installed.
    """
    if name == "h2o" and shutil.which("java") is None:
        raise PeerUnavailable("real H2O needs Java 17, and there is no java on the PATH")
    return environment_python(name)


def environment_python(name: str) -> Path:
    """The interpreter of an environment whose packages can be imported, whatever else they need; it is made if need be.

    Raises
    ------
    PeerUnavailable
        If the packages cannot be installed.
    """
    with made_once():
        return _made(name)


def _made(name: str) -> Path:
    environment = FOLDER / name
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = environment / "requirements.txt"
    if not done.exists() or not _has(environment, REQUIREMENTS[name]):
        print(f"making {environment.relative_to(ROOT)} with {', '.join(REQUIREMENTS[name])}", flush=True)
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS[name]], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise PeerUnavailable(f"the environment of {name} could not be made: {error}") from error
        done.write_text(
            "\n".join(REQUIREMENTS[name]) + "\n"
        )  # last: an interrupted installation is started again
    return python


def _has(environment: Path, requirements: list[str]) -> bool:
    """Whether packages are there, in the versions that are asked for."""
    folders = [str(path) for path in environment.glob("[Ll]ib/**/site-packages")]
    found = {each.metadata["Name"].lower(): each.version for each in distributions(path=folders)}
    wanted = [requirement.split("==") for requirement in requirements]
    return all(
        found.get(name, "").partition("+")[0] == (version or [found.get(name)])[0]
        for name, *version in wanted
    )


def command_of(engine: str) -> list[str]:
    """The command that runs, in `ROOT`, the worker of `engine`: "heavywater", "pandas" or one of `REQUIREMENTS`."""
    python = sys.executable if engine in OWN_ENVIRONMENT else str(peer_python(engine))
    return [python, "-W", "ignore", "-m", f"tests.benchmarks.worker_{engine}"]


def variables_of(engine: str) -> dict[str, str]:
    """The environment variables of the worker: a peer must not see our package through PYTHONPATH."""
    return {k: v for k, v in os.environ.items() if engine == "heavywater" or k != "PYTHONPATH"}
