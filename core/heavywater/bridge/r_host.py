"""R inside a Python process: rpy2 starts it, and its line has to fit the version of R.

rpy2 3.6 asks for R 4.5; pip, which knows nothing of R, takes it everywhere, and an older one does not replace it
until all of its parts are gone. So ``python -m heavywater.r_host`` makes the choice: it installs the rpy2 that fits the R of
PATH into the environment of this Python, and does nothing when there is one that works.

When R is the host, rpy2 is not used.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings

from ..errors import HeavywaterError

_PARTS = ("rpy2", "rpy2-rinterface", "rpy2-robjects")
_COMMAND = f"{sys.executable} -m heavywater.r_host"


def start() -> None:
    """Let rpy2 start R in this process.

    Raises
    ------
    HeavywaterError
        rpy2 is missing or does not fit the version of R; the text names the command that mends it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on environment variables that nobody here can act on
            import rpy2.rinterface

            rpy2.rinterface.initr()
    except ImportError as error:
        raise HeavywaterError(f"rpy2, which starts R, is missing ({error}): {_remedy()}") from None
    except Exception as error:  # noqa: BLE001 - an R without a symbol that rpy2 needs, or no R at all
        raise HeavywaterError(f"rpy2 does not work with this R ({error}): {_remedy()}") from None


def _remedy() -> str:
    return f"`{_COMMAND}` installs the version that fits your R, in place of one that does not; then start Python anew"


def requirement() -> str:
    """What pip is to install for the R of PATH, such as ``rpy2>=3.5.17,<3.6``.

    Raises
    ------
    HeavywaterError
        There is no R, or none that tells its version.
    """
    try:
        done = subprocess.run(["R", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise HeavywaterError(
            f"no R is found ({error}): install R 4.1 or newer, and put its folder into PATH"
        ) from None
    version = re.search(r"R version (\d+)\.(\d+)", done.stdout)
    if version is None:
        raise HeavywaterError(f"`R --version` names no version: {done.stdout[:80]!r}")
    old = (int(version[1]), int(version[2])) < (4, 5)
    return "rpy2>=3.5.17,<3.6" if old else "rpy2>=3.6"


def works() -> bool:
    """Whether the rpy2 of this environment can start the R of PATH, tried in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from heavywater.bridge.r_host import start; start()"],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def install() -> str:
    """Install the rpy2 that fits R, in place of one that does not; a line for the user.

    It is installed in its pure Python form, which asks for neither a compiler nor R's development files.
    """
    if works():
        return "rpy2 works with this R: nothing to do"
    wanted = requirement()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "uninstall", "--quiet", "--yes", *_PARTS], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(
        [*pip, "install", "--quiet", wanted], check=True, env={**os.environ, "RPY2_CFFI_MODE": "ABI"}
    )
    if not works():
        raise HeavywaterError(
            f"{wanted} is installed, but R does not start with it: `python -c 'import rpy2.situation'` tells more"
        )
    return f"installed {wanted}"


def main() -> None:
    """What the command does: `install`, and an error of the process where that fails."""
    try:
        print(install())
    except (HeavywaterError, subprocess.CalledProcessError) as failed:
        sys.exit(f"{_COMMAND}: {failed}")
