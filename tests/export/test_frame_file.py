"""Saved frames: the same frame again, files of earlier versions, and damage of every kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from heavywater.errors import ParseError
from heavywater.export import frame_file
from heavywater.export.frame_file import frame_bytes, frame_of_bytes, load_frame, save_frame
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.frame import Frame

FILES = Path(__file__).parents[1] / "data" / "saved"


def example(rows: int = 3) -> Frame:
    """A frame with every kind of column, and missing cells in each."""
    missing = np.arange(rows) % 3 == 1
    columns = {
        "int": numeric(np.arange(rows) * 1000, missing),
        "byte": numeric(np.arange(rows) % 5),
        "real": numeric(np.where(missing, np.nan, np.arange(rows) / 7)),
        "bad": numeric(np.full(rows, np.nan)),
        "enum": enum(np.where(missing, -1, np.arange(rows) % 2), ["no", "ÿes", "unused"]),
        "time": times(np.arange(rows) * 86_400_000, missing),
        "string": strings(["" if i % 3 == 1 else f"täxt {i}" for i in range(rows)], missing=missing),
    }
    return Frame(list(columns), list(columns.values()))


def same(ours: Frame, wanted: Frame) -> None:
    assert ours.types == wanted.types
    assert ours.nrow == wanted.nrow
    for left, right in zip(ours.columns, wanted.columns, strict=True):
        assert left.kind == right.kind and left.levels == right.levels
        assert left.texts().tolist() == right.texts().tolist()


@pytest.mark.parametrize("rows", [0, 1, 3, 5000])
def test_a_frame_comes_back(tmp_path, rows):
    frame = example(rows)
    save_frame(frame, tmp_path, "f", force=False)
    same(load_frame(tmp_path, "f"), frame)
    same(frame_of_bytes(frame_bytes(frame)), frame)


def test_a_frame_without_columns_comes_back():
    assert frame_of_bytes(frame_bytes(Frame([], [], nrow=7))).shape == (7, 0)


def test_texts_that_look_like_a_checksum_do_not_disturb(tmp_path):
    frame = Frame(["s"], [strings(["0" * 64, "f" * 64, '"sha256": "x"'])])
    same(frame_of_bytes(frame_bytes(frame)), frame)


def test_other_programs_read_the_file(tmp_path):
    table = pa.ipc.open_file(save_frame(example(), tmp_path, "f", force=False)).read_all()
    assert table["byte"].to_pylist() == [0, 1, 2]
    assert table["enum"].to_pylist() == ["no", None, "no"]


def test_files_of_version_1_are_read():
    frame = load_frame(FILES, "frame_v1")
    assert frame.types == {"n": "int", "r": "real", "e": "enum", "s": "string", "t": "time"}
    assert [column.texts().tolist() for column in frame.columns][:4] == [
        ["1", None, "300"],
        ["1.5", None, "-1e+300"],
        ["a", "b", "a"],
        ["x", None, "zürich"],
    ]


def test_every_changed_byte_is_noticed():
    content = frame_bytes(example())
    frame_of_bytes(content)
    for place in range(len(content)):
        for flip in (1, 0x80):
            damaged = bytearray(content)
            damaged[place] ^= flip
            with pytest.raises(ParseError):
                frame_of_bytes(bytes(damaged))


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_part_of_a_file_is_refused(tmp_path, part):
    path = Path(save_frame(example(), tmp_path, "f", force=False))
    path.write_bytes(path.read_bytes()[: int(part * path.stat().st_size)])
    with pytest.raises(ParseError, match=r"f\.arrow"):
        load_frame(tmp_path, "f")


def forged(table: pa.Table, **about: object) -> bytes:
    """A file of version 1, which has no checksum, with what somebody else put into it."""
    entry = {"version": 1, "rows": table.num_rows, "kinds": ["enum"] * table.num_columns, **about}
    table = table.replace_schema_metadata({frame_file._ENTRY: json.dumps(entry).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def coded(codes: list[int], levels: list[str | None]) -> pa.Table:
    cells = pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int8()), pa.array(levels, pa.string()), safe=False
    )
    return pa.table({"e": cells})


FORGED: dict[str, tuple[Any, dict[str, Any]]] = {
    "codes beyond the levels": (coded([0, 2], ["a", "b"]), {}),
    "codes below 0": (coded([0, -2], ["a", "b"]), {}),
    "code of a missing cell": (coded([0, -1], ["a", "b"]), {}),
    "a level twice": (coded([0, 1], ["a", "a"]), {}),
    "a level that is missing": (coded([0, 1], ["a", None]), {}),
    "numbers as levels": (pa.table({"e": [1, 2]}), {}),
    "texts as numbers": (pa.table({"e": ["1", "2"]}), {"kinds": ["int"]}),
    "nested": (pa.table({"e": [[1], [2]]}), {"kinds": ["int"]}),
    "times in seconds": (pa.table({"e": pa.array([1, 2], pa.timestamp("s"))}), {"kinds": ["time"]}),
    "unknown kind": (pa.table({"e": [1, 2]}), {"kinds": ["other"]}),
    "kinds that are no texts": (pa.table({"e": [1, 2]}), {"kinds": [["int"]]}),
    "kinds that are no list": (pa.table({"e": [1, 2]}), {"kinds": "e"}),
    "one kind too many": (pa.table({"e": [1, 2]}), {"kinds": ["int", "int"]}),
    "another number of rows": (pa.table({"e": [1, 2]}), {"kinds": ["int"], "rows": 3}),
    "rows that are no number": (pa.table({"e": [1, 2]}), {"kinds": ["int"], "rows": "2"}),
    "negative rows": (pa.table({}), {"rows": -1}),
    "more rows than can be": (pa.table({}), {"rows": 10**30}),
    "no version": (pa.table({"e": [1, 2]}), {"kinds": ["int"], "version": None}),
    "version 0": (pa.table({"e": [1, 2]}), {"kinds": ["int"], "version": 0}),
    "version 2 without checksum": (pa.table({"e": [1, 2]}), {"kinds": ["int"], "version": 2}),
    "short checksum": (pa.table({"e": [1, 2]}), {"kinds": ["int"], "version": 2, "sha256": ""}),
    "checksum that is no text": (pa.table({"e": [1, 2]}), {"kinds": ["int"], "version": 2, "sha256": [1]}),
    "a name twice": (pa.table([[1], [2]], names=["a", "a"]), {"kinds": ["int", "int"]}),
}  # fmt: skip


@pytest.mark.parametrize("case", FORGED)
def test_what_does_not_fit_together_is_refused(case):
    table, about = FORGED[case]
    with pytest.raises(ParseError):
        frame_of_bytes(forged(table, **about))


def test_newer_versions_say_so():
    with pytest.raises(ParseError, match=r"version 9.*newer heavywater"):
        frame_of_bytes(forged(pa.table({"e": [1]}), kinds=["int"], version=9))
