"""Inputs to begin with: ``python -m tests.fuzz.seeds FOLDER`` writes them there."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
from pyarrow import feather, orc, parquet

from . import reading

DATA = Path(__file__).parents[1] / "data" / "parse"
LONGEST = 4000


def seeds() -> dict[str, bytes]:
    """Small files of every format."""
    found = {path.name: path.read_bytes() for path in sorted(DATA.glob("p*")) if path.suffix != ".json"}
    found = {name: content for name, content in found.items() if len(content) <= LONGEST}
    text = b"a,b\n1,x\n2,y\n"
    found |= {"gz": gzip.compress(text), "bz2": bz2.compress(text), "xz": lzma.compress(text)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", text)
    found["zip"] = packed.getvalue()
    table = pa.table({"n": [1, None], "s": ["x", "y"], "t": pa.array([0, 1], pa.timestamp("ms"))})
    for name, write in (
        ("parquet", parquet.write_table),
        ("orc", orc.write_table),
        ("arrow", feather.write_feather),
    ):
        out = io.BytesIO()
        write(table, out)
        found[name] = out.getvalue()
    found["zst"] = pa.compress(text, "zstd", asbytes=True)
    return found


EXPRESSIONS = (
    "(+ 1 2.5e-3)",
    '(rows fr [1:5 7 "a b"])',
    "(apply fr 2 {x . (mean x True 0)})",
    "(tmp= k (cols_py fr 'it\\'s \\u00e9'))",
    "(:= fr NaN [0:3:2] [])",
)


def write_all(folder: Path) -> None:
    """Write the inputs of each fuzzer into a folder of its own."""
    for name, content in seeds().items():
        _write(folder / "importing" / name, b"\x00\x08" + content)
    for number, text in enumerate(EXPRESSIONS):
        _write(folder / "rapids" / str(number), text.encode())

    names = sorted(reading.READERS)
    for name, contents in reading.seeds().items():
        for number, content in enumerate(contents):
            _write(folder / "reading" / f"{name}{number}", bytes([names.index(name)]) + content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
