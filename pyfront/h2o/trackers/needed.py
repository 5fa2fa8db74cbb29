"""Packages that are needed only here."""

from __future__ import annotations

import importlib
from types import ModuleType


def needed(package: str, extra: str, what: str) -> ModuleType:
    """The package, imported.

    Parameters
    ----------
    package : str
    extra : str
        Of heavywater, which brings it.
    what : str
        Who needs it, for the message.

    Raises
    ------
    ImportError
        It is not installed.
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package.partition(".")[0]:
            raise  # it is there, and lacks something itself
        raise ImportError(
            f"{what} needs {error.name}, which is not installed: pip install 'heavywater[{extra}]', or pip install {error.name}"
        ) from None
