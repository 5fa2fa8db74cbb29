"""The files that name the version."""

from __future__ import annotations

import re
from pathlib import Path

PLACES = {  # file -> its line, with the version as the second group
    "pyproject.toml": r'^(version = ")([^"]+)(")$',
    "core/heavywater/__init__.py": r'^(    __version__ = ")([^"]+)(")$',
    "rfront/DESCRIPTION": r"^(Version: )(\S+)()$",
    "CITATION.cff": r"^(version: )(\S+)()$",
    "release/conda/recipe.yaml": r'^(  version: ")([^"]+)(")$',
}
FINAL = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def spelled(version: str, place: str) -> str:
    """A version as a file has it: R knows numbers alone, and marks what is no release by a fourth one of 9000."""
    return re.sub(r"\.dev\d+$", ".9000", version) if place.startswith("rfront/") else version


def current(root: Path) -> str:
    """The version of a checkout.

    Raises
    ------
    ValueError
        A file names none, more than one, or another one than ``pyproject.toml``.
    """
    found = {place: _named(root, place) for place in PLACES}
    version = found["pyproject.toml"]
    wrong = [place for place, named in found.items() if named != spelled(version, place)]
    if wrong:
        raise ValueError(f"{wrong[0]} has version {found[wrong[0]]}, pyproject.toml {version}")
    return version


def write(root: Path, version: str) -> None:
    """Write the version into all files that name it."""
    for place, line in PLACES.items():
        path = root / place
        text = path.read_text(encoding="utf-8")
        new = re.sub(line, rf"\g<1>{spelled(version, place)}\g<3>", text, flags=re.MULTILINE)
        path.write_text(new, encoding="utf-8")


def is_newer(version: str, than: str) -> bool:
    """Whether a final version comes after another one, which may be in the making (``.dev0``)."""
    numbers, suffix = re.match(r"(\d+\.\d+\.\d+)(.*)", than).groups()  # type: ignore[union-attr]
    new, old = (tuple(map(int, each.split("."))) for each in (version, numbers))
    return new > old or (new == old and suffix != "")


def following(version: str) -> str:
    """What is in the making after a release: before each version that may come next."""
    major, minor, patch = version.split(".")
    return f"{major}.{minor}.{int(patch) + 1}.dev0"


def _named(root: Path, place: str) -> str:
    found = re.findall(PLACES[place], (root / place).read_text(encoding="utf-8"), re.MULTILINE)
    if len(found) != 1:
        raise ValueError(f"{place} names its version {len(found)} times, not once")
    version: str = found[0][1]
    return version
