"""Programs of the system that tests of nodes need."""

from __future__ import annotations

import os
import shutil
import warnings

import pytest


def program(name: str, package: str, where: str) -> str:
    """The path of a program; without it the module is skipped, and the summary of warnings says so.

    Parameters
    ----------
    name : str
    package : str
        Of Debian, which has it.
    where : str
        What is not tried without it.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if found is None:
        warnings.warn(f"NODES ARE NOT TRIED {where}: sudo apt-get install {package}", stacklevel=2)
        pytest.skip(f"there is no {name}", allow_module_level=True)
    return found
