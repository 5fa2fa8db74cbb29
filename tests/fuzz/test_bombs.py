"""Small files that would become large: refused, within little memory, in a process that has no more."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from heavywater.frame.importing.arrow_sizes import batch_sizes
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from pyarrow import orc, parquet

from ..cases import scoring
from .reading import TESTS, _workbook, members, zipped

CONTENT = 1 << 29  # bytes, of half a MB when packed
ROOM = 400 << 20  # bytes of address space beyond what the process has after its imports

PROGRAM = """
import resource, sys
from heavywater.errors import HeavywaterError
from heavywater.export.mojo_reader import read_mojo
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
import pyarrow.parquet, pyarrow.orc, python_calamine, numpy
from heavywater.export.model_file import read_model
import safetensors.numpy
kind, path, room = sys.argv[1], sys.argv[2], int(sys.argv[3])
has = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (has + room, has + room))
try:
    if kind == "mojo":
        read_mojo(path, "key")
    elif kind == "model":
        read_model(path)
    else:
        import_sources(expand(path), Options(), threads=1)
except HeavywaterError as error:
    print("refused:", error)
"""


def bomb(path: Path, others: dict[str, bytes], name: str, head: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for each, content in others.items():
            if each != name:
                archive.writestr(each, content)
        with archive.open(name, "w", force_zip64=True) as out:
            out.write(head)
            for _ in range(CONTENT >> 20):
                out.write(b"0" * (1 << 20))


BOMBS = {
    "parquet in zip": ("table", {}, "a.csv", b"PAR1"),
    "arrow in zip": ("table", {}, "a", b"ARROW1"),
    "workbook": ("table", members(_workbook()), "xl/worksheets/sheet1.xml", b"<worksheet>"),
    "line without end": ("table", {}, "a.csv", b"a,b\n1,"),
    "model.ini": ("mojo", {}, "model.ini", b"[info]\nalgo = deeplearning\nx = "),
    "model.ini of another kind": ("mojo", {}, "model.ini", b"[info]\nalgo = gbm\nx = "),
    "levels": (
        "mojo",
        members(scoring.Case(scoring.NAMES[0]).path.read_bytes()),
        "domains/d000.txt",
        b"a\n",
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.long
def test_bombs_are_refused_within_little_memory(tmp_path, name):
    kind, others, entry, head = BOMBS[name]
    path = tmp_path / "bomb.zip"
    bomb(path, others, entry, head)
    refused(kind, path)


def refused(kind: str, path: Path) -> None:
    """Read a file in a process with little memory, which refuses it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind, str(path), str(ROOM)],
        cwd=TESTS.parent, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("refused:") and path.name in done.stdout


PART = b"1" * (16 << 20)
ZEROS = 80_000_000  # numbers of 8 bytes: more than there is room for


def _streams(compress: Callable[[bytes], bytes]) -> bytes:
    """One line without end, packed in several streams one behind the other."""
    return compress(b"a,b\n1,") + compress(PART) * (CONTENT // len(PART))


def _zeros() -> pa.Table:
    return pa.table({"a": pa.array(np.zeros(ZEROS))})


def _sink(write: Callable[[pa.BufferOutputStream], object]) -> bytes:
    sink = pa.BufferOutputStream()
    write(sink)
    return sink.getvalue().to_pybytes()


def _arrow(make: Callable[..., pa.RecordBatchWriter], compression: str) -> bytes:
    def write(sink: pa.BufferOutputStream) -> None:
        options = pa.ipc.IpcWriteOptions(compression=compression)
        with make(sink, _zeros().schema, options=options) as writer:
            writer.write_table(_zeros())

    return _sink(write)


def _arrow_that_lies() -> bytes:
    """A stream whose batch says that it has 2^40 rows."""
    table = pa.table({"a": pa.array([7] * 12345, pa.int8())})
    content = _sink(lambda sink: pa.ipc.new_stream(sink, table.schema).write_table(table))
    changed = content.replace((12345).to_bytes(8, "little"), (2**40).to_bytes(8, "little"))
    assert changed != content
    return changed


def _long_texts() -> pa.Table:
    return pa.table({"a": pa.repeat(pa.scalar("x" * 1_000_000, pa.large_string()), 450)})


def _safetensors(shape: list[int], size: int | None = None) -> bytes:
    header = json.dumps(
        {
            "document": {
                "dtype": "F64",
                "shape": shape,
                "data_offsets": [0, 8 * int(np.prod(shape, dtype=object))],
            }
        }
    ).encode()
    return (len(header) if size is None else size).to_bytes(8, "little") + header


def _in_zip(content: bytes, name: str, levels: int = 1) -> bytes:
    for _ in range(levels):
        content = zipped({name: content})
        name = "inner.zip"
    return content


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gz": ("table", lambda: _streams(lambda data: gzip.compress(data, 1))),
    "bz2": ("table", lambda: _streams(lambda data: bz2.compress(data, 1))),
    "xz": ("table", lambda: _streams(lambda data: lzma.compress(data, preset=0))),
    "zstd": ("table", lambda: _streams(lambda data: pa.compress(data, "zstd", asbytes=True))),
    "gz in zip": ("table", lambda: _in_zip(_streams(lambda data: gzip.compress(data, 1)), "a.csv.gz")),
    "zips in zips": ("table", lambda: _in_zip(_streams(lambda data: gzip.compress(data, 1)), "a.csv.gz", 3)),
    "arrow": ("table", lambda: _arrow(pa.ipc.new_file, "zstd")),
    "arrow stream": ("table", lambda: _arrow(pa.ipc.new_stream, "lz4")),
    "arrow that lies": ("table", _arrow_that_lies),
    "parquet": (
        "table", lambda: _sink(lambda sink: parquet.write_table(_long_texts(), sink, compression="zstd", use_dictionary=False)),
    ),
    "orc": ("table", lambda: _sink(lambda sink: orc.write_table(_zeros(), sink, compression="zstd", stripe_size=1 << 34))),
    "model with a huge array": ("model", lambda: _safetensors([2**40])),
    "model with shapes that overflow": ("model", lambda: _safetensors([2**40, 2**40])),
    "model with a huge header": ("model", lambda: _safetensors([1], 2**62)),
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
@pytest.mark.parametrize("name", FILES)
@pytest.mark.long
def test_files_that_become_large_are_refused(tmp_path, name):
    kind, make = FILES[name]
    path = tmp_path / "bomb"
    path.write_bytes(make())
    assert path.stat().st_size < 10 << 20
    refused(kind, path)


def test_many_equal_cells_are_no_attack(tmp_path):
    """What is small because it says little is read as ever."""
    table = pa.table({f"c{i}": pa.array(np.zeros(100_000)) for i in range(20)})
    parquet.write_table(table, tmp_path / "a.parquet", compression="zstd", use_dictionary=False)
    orc.write_table(table, str(tmp_path / "a.orc"), compression="zstd")
    with pa.ipc.new_file(
        str(tmp_path / "a.arrow"), table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
    ) as writer:
        writer.write_table(table)
    for path in tmp_path.iterdir():
        found = import_sources(expand(path), Options(), threads=1)
        assert (found.nrow, found.ncol) == (100_000, 20)


def test_sizes_of_arrow_batches_are_those_that_are_read(tmp_path):
    table = pa.table(
        {"a": np.zeros(1000), "s": pa.array(["x", "y"] * 500).dictionary_encode(), "t": ["abc"] * 1000}
    )
    for make in (pa.ipc.new_file, pa.ipc.new_stream):
        for compression in (None, "lz4", "zstd"):
            with make(
                str(tmp_path / "a"), table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)
            ) as writer:
                writer.write_table(table, max_chunksize=300)
            with (tmp_path / "a").open("rb") as file:
                sizes = list(batch_sizes(file))
            assert len(sizes) == 4
            for size, batch in zip(sizes, table.to_batches(max_chunksize=300), strict=True):
                assert 0.8 * batch.nbytes < size < 1.5 * batch.nbytes + 500
