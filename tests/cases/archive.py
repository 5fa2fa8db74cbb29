"""One recorded case: a zip archive in tests/data with all that belongs to it.

Texts (JSON, CSV) are in it as they were recorded, arrays as ``GROUP/NAME.npy``; ``unzip -p``, `zipfile` and
`numpy.load` read them. ``python -m tests.cases.archive FOLDER...`` packs each folder into FOLDER.zip, always into the
same bytes; an .npz in the folder becomes a group of arrays. ``unzip -d FOLDER FOLDER.zip`` is the way back.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parents[1] / "data"
DATE = (1980, 1, 1, 0, 0, 0)  # the first that an archive can hold


class Archive:
    """What is in a case's file; it is read once.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.stem

    @cached_property
    def members(self) -> dict[str, bytes]:
        """Contents by name."""
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def text(self, name: str) -> str:
        return self.members[name].decode("utf-8")

    def json(self, name: str) -> Any:
        return json.loads(self.members[name])

    def table(self, name: str) -> tuple[list[str], list[list[str]]]:
        """Header and cells of a CSV file."""
        header, *rows = csv.reader(io.StringIO(self.text(name), newline=""))
        return header, rows

    def numbers(self, name: str) -> np.ndarray:
        """Cells of a CSV file without its header, (rows, columns)."""
        return np.array(self.table(name)[1], dtype=np.float64)

    def arrays(self, group: str) -> dict[str, np.ndarray]:
        """Arrays of a group by name; none where the case has no such group."""
        names = [name for name in self.members if name.startswith(f"{group}/")]
        return {
            name.removeprefix(f"{group}/").removesuffix(".npy"): np.load(io.BytesIO(self.members[name]))
            for name in names
        }

    def unpacked(self, name: str) -> Path:
        """A temporary file with one member, for what reads files only."""
        path = _temporary() / self.path.parent.name / self.name / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.members[name])
        return path


@cache
def archive(kind: str, name: str) -> Archive:
    """The file of a case."""
    return Archive(DATA / kind / f"{name}.zip")


def names(kind: str) -> list[str]:
    """Names of the cases of a kind, sorted."""
    return sorted(path.stem for path in (DATA / kind).glob("*.zip"))


@cache
def _keep() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="cases-")  # goes at the end of the process


def _temporary() -> Path:
    return Path(_keep().name)


def packed(members: Mapping[str, bytes]) -> bytes:
    """An archive of these contents, without anything that depends on when and where it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, content in sorted(members.items()):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".zip") else zipfile.ZIP_DEFLATED
            target.writestr(entry, content, compresslevel=9)
    return buffer.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """What the archive of a folder holds: its files, and the arrays of its .npz files."""
    found: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".npz":
            with zipfile.ZipFile(path) as arrays:
                group = name.removesuffix(".npz")
                found |= {f"{group}/{array}": arrays.read(array) for array in arrays.namelist()}
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        Path(f"{argument.rstrip('/')}.zip").write_bytes(packed(contents(Path(argument))))
