"""Every reader of files that others may have made: what it is given to begin with, and one reading of any bytes."""

from __future__ import annotations

import io
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from heavywater.errors import HeavywaterError, ParseError
from heavywater.export.frame_file import frame_bytes, frame_of_bytes
from heavywater.export.grid_file import grid_of_text, grid_text, read_grid
from heavywater.export.model_file import read_model
from heavywater.export.mojo_reader import read_mojo
from heavywater.export.mojo_writer import write_mojo
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.frame import Frame
from heavywater.grids.grid import Failure, Grid, Member
from pyarrow import feather, orc, parquet

from ..cases import scoring
from ..export.piecewise_cases import DRAWN, drawn
from .importing import check, import_bytes

TESTS = Path(__file__).parents[1]


def table() -> pa.Table:
    """Cells of every type, some missing."""
    return pa.table(
        {
            "n": pa.array([1, None, 3], pa.int16()),
            "r": [0.5, None, float("inf")],
            "b": [True, None, False],
            "s": ["x", None, "zürich"],
            "l": pa.array(["x", "y", None], pa.large_string()),
            "d": pa.array(["u", None, "v"]).dictionary_encode(),
            "t": pa.array([0, None, 10**12], pa.timestamp("ms")),
            "day": pa.array([1, None, 20000], pa.date32()),
        }
    )


def frame() -> Frame:
    """Columns of every kind, some cells missing."""
    gone = np.array([False, True, False])
    columns = {
        "i": numeric(np.array([1, 2, 300]), gone),
        "r": numeric(np.array([0.5, np.nan, 1e300])),
        "e": enum(np.array([0, -1, 1]), ["a", "b"]),
        "t": times(np.array([0, 0, 10**12]), gone),
        "s": strings(["x", "", "zürich"], missing=gone),
    }
    return Frame(list(columns), list(columns.values()))


def grid() -> Grid:
    """A grid of two models, one of which failed."""
    request = {
        "algo": "deeplearning",
        "parameters": {"epochs": 1.0},
        "hyper_params": {"hidden": [[2], [3]]},
        "search_criteria": {},
        "x": ["a"],
        "y": "b",
        "training_frame_key": "rows",
        "validation_frame_key": None,
    }
    return Grid(
        "grid", ["hidden"], [Member("grid_model_1", {"hidden": [2]}, "s1")],
        [Failure({"hidden": [3]}, "no", "where")], request, ["a", "b"],
    )  # fmt: skip


def _written(write: Callable[..., object], content: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old versions
        write(content, out, **options)
    return out.getvalue()


def _ipc(make: Callable[..., pa.RecordBatchWriter], compression: str | None = None) -> bytes:
    out = pa.BufferOutputStream()
    with make(out, table().schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table(), max_chunksize=2)
    return out.getvalue().to_pybytes()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """What is in a zip file, {} where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except zipfile.BadZipFile:
        return {}


def _workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["n", "s"], [1, "x"], [2.5, None], [True, "é"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ARFF = b"""% made up
@RELATION r
@ATTRIBUTE n NUMERIC
@ATTRIBUTE 'a b' {x,'y z'}
@ATTRIBUTE s STRING
@ATTRIBUTE t DATE
@DATA
1,x,'q',2020-01-01
?,'y z',"r",?
"""
SVMLIGHT = b"1 1:0.5 7:2 # a remark\n-1 2:1e3 qid:3\n0 1:1 2:2 3:3\n"


@cache
def mojos_of_layers() -> list[bytes]:
    """MOJOs whose layers are the ramps, members and ranges of models."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for case in DRAWN:
            if case.name in (
                "drawn_members",
                "drawn_range_of_Maxout",
                "drawn_range_of_lines",
                "drawn_range_of_log",
            ):
                path, _ = write_mojo(drawn(case), Path(folder) / f"{case.name}.zip")
                found.append(Path(path).read_bytes())
    return found


def seeds() -> dict[str, list[bytes]]:
    """Files to begin with, by the name of the reader; of every version of their format."""
    arrow = [_ipc(pa.ipc.new_file), _ipc(pa.ipc.new_file, "lz4"), _ipc(pa.ipc.new_file, "zstd")]
    small = table()
    plain = small.drop_columns(["d", "day"])
    return {
        "model": [(TESTS / "data" / "saved" / "model_v1").read_bytes()],
        "mojo": [*(scoring.Case(name).path.read_bytes() for name in scoring.NAMES[:6]), *mojos_of_layers()],
        "frame": [frame_bytes(frame()), (TESTS / "data" / "saved" / "frame_v1.arrow").read_bytes()],
        "grid": [grid_text(grid()).encode()],
        "arrow": arrow,
        "stream": [_ipc(pa.ipc.new_stream), _ipc(pa.ipc.new_stream, "zstd")],
        "feather": [
            *(_written(feather.write_feather, small, compression=c) for c in ("uncompressed", "lz4")),
            _written(feather.write_feather, plain.drop_columns(["l"]), version=1),
        ],
        "orc": [_written(orc.write_table, plain, compression=c) for c in ("uncompressed", "zlib", "snappy")],
        "parquet": [
            _written(parquet.write_table, small, compression=c, version=v, data_page_version=p, use_dictionary=d)
            for c, v, p, d in (
                ("none", "1.0", "1.0", False), ("none", "2.6", "2.0", True), ("snappy", "2.4", "1.0", True),
                ("zstd", "2.6", "2.0", False), ("gzip", "1.0", "1.0", True),
            )
        ],
        "xlsx": [_workbook()],
        "arff": [ARFF],
        "svmlight": [SVMLIGHT],
        "zip": [
            zipped({"a.csv": b"a,b\n1,x\n", "b.csv": b"a,b\n2,y\n"}),
            zipped({"a": arrow[0]}),
            zipped({"a": _written(parquet.write_table, small)}),
        ],
    }  # fmt: skip


@contextmanager
def _file(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        path.write_bytes(content)
        yield path


def _frame(content: bytes) -> None:
    check(frame_of_bytes(content))


def _model(content: bytes) -> None:
    with _file(content) as path:
        read_model(path)[0].description()


def _mojo(content: bytes) -> None:
    with _file(content) as path:
        read_mojo(path, "key").description()


def _grid(content: bytes) -> None:
    with _file(content) as path:
        found = read_grid(path)
    again = grid_of_text(grid_text(found), "again")
    assert again == found
    again.described({})


def _imported(content: bytes) -> None:
    if import_bytes(content, 0, 4096) is None:
        raise ParseError("refused")


READERS: dict[str, Callable[[bytes], None]] = {
    "model": _model, "mojo": _mojo, "frame": _frame, "grid": _grid,
    **dict.fromkeys(("arrow", "stream", "feather", "orc", "parquet", "xlsx", "arff", "svmlight", "zip"), _imported),
}  # fmt: skip


def read(name: str, content: bytes) -> bool:
    """Read a file; whether it could be. Whatever is raised but our own errors is a find.

    Models, grids and frames are only refused with `ParseError`.
    """
    try:
        READERS[name](content)
    except ParseError:
        return False
    except (HeavywaterError, NotImplementedError):
        if name in ("model", "mojo", "frame", "grid"):
            raise
        return False
    return True
