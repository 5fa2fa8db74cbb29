"""Random frames survive the ways in and out."""

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from heavywater.export.frame_export import Layout, write_text
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.exchange.arrow_tables import to_arrow
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.exchange.outgoing import to_pandas
from heavywater.frame.frame import Frame
from heavywater.frame.importing import blocks
from heavywater.frame.importing.digits import parse_digits
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from heavywater.frame.primitives import operation
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=6)


def column(nrow):
    def listed(cells):
        return st.lists(st.none() | cells, min_size=nrow, max_size=nrow)

    integers = listed(st.integers(-(2**52), 2**52)).map(
        lambda v: numeric(np.array([np.nan if x is None else x for x in v], float))
    )
    floats = listed(st.floats(allow_nan=False)).map(
        lambda v: numeric(np.array([np.nan if x is None else x for x in v], float))
    )
    levels = st.lists(st.integers(-1, 2), min_size=nrow, max_size=nrow).map(
        lambda v: enum(np.array(v, int), ["a", "b b", "é"])
    )
    moments = listed(st.integers(-(10**12), 10**12)).map(
        lambda v: times(np.array([x or 0 for x in v], np.int64), np.array([x is None for x in v], bool))
    )
    return st.one_of(integers, floats, levels, moments, listed(TEXTS).map(strings))


@st.composite
def frames(draw, min_rows=0):
    nrow = draw(st.integers(min_rows, 8))
    ncol = draw(st.integers(1, 4))
    return Frame([f"v{i}" for i in range(ncol)], [draw(column(nrow)) for _ in range(ncol)])


def cells(c):
    return (
        c.texts().tolist()
        if c.kind in ("enum", "string")
        else np.where(c.is_missing(), None, c.numbers()).tolist()
    )


@settings(max_examples=60, deadline=None)
@given(frames())
def test_pandas_and_back(frame):
    data = to_pandas(frame)
    kinds = [c.kind for c in frame.columns]
    for i, kind in enumerate(kinds):  # as a typed table: what a text looks like must not change its type
        if kind in ("enum", "string"):
            data.iloc[:, i] = data.iloc[:, i]
    back = frame_from(data)
    assert back.names == frame.names
    for ours, wanted in zip(back.columns, frame.columns, strict=True):
        if wanted.kind in ("int", "real", "bad", "time") and ours.kind == wanted.kind:
            assert cells(ours) == cells(wanted)
        if wanted.kind in ("int", "real"):
            assert ours.kind == wanted.kind


@settings(max_examples=60, deadline=None)
@given(frames())
def test_pandas_holds_the_same_cells(frame):
    data = to_pandas(frame)
    assert data.shape == frame.shape
    for i, c in enumerate(frame.columns):
        series = data.iloc[:, i]
        assert series.isna().tolist() == c.is_missing().tolist()
        present = series[~series.isna()]
        wanted = [x for x in cells(c) if x is not None]
        if c.kind == "time":
            assert present.astype("datetime64[ms]").astype("int64").tolist() == wanted
        else:
            assert present.tolist() == wanted


@settings(max_examples=60, deadline=None)
@given(frames(min_rows=1))
def test_numbers_and_levels_survive_csv(frame):
    kinds = {
        "int": "numeric",
        "real": "numeric",
        "bad": "numeric",
        "enum": "enum",
        "string": "string",
        "time": "time",
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.csv"
        with path.open("wb") as file:
            write_text(frame, 0, frame.nrow, file, Layout(), lambda share: None)
        types = [kinds[c.kind] for c in frame.columns]
        back = import_sources(expand(path), Options(separator=",", header=1, types=types), threads=1)
    if frame.ncol == 1 and frame.columns[0].missing_count:
        return  # a blank line is no row
    assert back.nrow == frame.nrow
    for ours, wanted in zip(back.columns, frame.columns, strict=True):
        if wanted.kind in ("int", "real", "bad", "time"):
            assert cells(ours) == [
                None if x is not None and abs(x) == np.inf else x for x in cells(wanted)
            ] or (cells(ours) == cells(wanted))
        else:
            assert cells(ours) == cells(wanted)


@pytest.mark.parametrize(
    "value", [0.10000000149011612, 1.1754943508222875e-38, 1.401298464324817e-45, 3.4028234663852886e38]
)
def test_numbers_that_single_precision_holds_keep_all_their_digits(value, tmp_path):
    """They are stored so, but 0.1 is the shortest text of the first one there, and another number."""
    frame = Frame(["x", "y"], [numeric(np.array([value, np.nan])), numeric(np.array([1, 2]))])
    assert frame.columns[0].values.dtype == np.float32
    with (tmp_path / "frame.csv").open("wb") as file:
        write_text(frame, 0, frame.nrow, file, Layout(), lambda share: None)
    back = import_sources(expand(tmp_path / "frame.csv"), Options(), threads=1)
    assert cells(back.columns[0]) == [float(np.float32(value)), None]


def _write_typed(frame, format, path):
    from pyarrow import feather, orc, parquet

    table = to_arrow(frame)
    if format == "orc":  # has neither dictionaries nor unsigned numbers
        table = frame_table_for_orc(table)
    {"parquet": parquet.write_table, "orc": orc.write_table, "feather": feather.write_feather}[format](
        table, path
    )


def frame_table_for_orc(table):
    import pyarrow as pa

    kinds = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32()}
    columns = [
        c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c.cast(kinds.get(c.type, c.type))
        for c in table.columns
    ]
    return pa.table(columns, names=table.column_names)


@settings(max_examples=60, deadline=None)
@given(frames(), st.sampled_from(["parquet", "orc", "feather"]))
def test_frames_survive_typed_files(frame, format):
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "frame")
        _write_typed(frame, format, path)
        kinds = [
            "enum" if c.kind == "enum" else "string" if c.kind == "string" else None for c in frame.columns
        ]
        back = import_sources(expand(path), Options(types=kinds), threads=2)
    assert back.names == frame.names
    for ours, wanted in zip(back.columns, frame.columns, strict=True):
        assert cells(ours) == cells(wanted)
        if frame.nrow and (wanted.kind != "real" or not np.isin(wanted.values, [np.inf, -np.inf]).all()):
            assert wanted.kind in (ours.kind, "bad") or ours.kind == "bad"


DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quotechar": st.sampled_from(['"', "'"]),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    }
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=4).filter(
    lambda text: text == text.strip(" ") and not text.startswith("#")
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-999, 99999), st.floats(-1e6, 1e6), WORDS, st.sampled_from("xyz")),
        min_size=1,
        max_size=60,
    ),
    DIALECTS,
    st.integers(40, 400),
)
def test_any_dialect_in_blocks_of_any_size(rows, dialect, size):
    """Blocks far smaller than a file, so that what one block teaches about types is used by the next."""
    out = io.StringIO()
    csv.writer(out, **dialect).writerows(rows)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "BLOCK_SIZE", size)
        patched.setattr(blocks, "ROWS_OF_BLOCK", 1)
        path = Path(folder) / "frame.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        options = Options(
            header=-1,
            separator=dialect["delimiter"],
            quote=dialect["quotechar"],
            types=["numeric", "numeric", "string", "enum"],
        )
        frame = import_sources(expand(path), options, threads=2)
    assert frame.column(0).numbers().tolist() == [row[0] for row in rows]
    assert frame.column(1).numbers().tolist() == [row[1] for row in rows]
    assert frame.column(2).texts().tolist() == [row[2] for row in rows]
    assert frame.column(3).texts().tolist() == [row[3] for row in rows]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_quoted_texts_survive(rows):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        options = Options(header=-1, separator=",", types=["string"] * 3)
        frame = import_sources(expand(path), options, threads=1)
    assert [c.texts().tolist() for c in frame.columns] == [list(c) for c in zip(*rows, strict=True)]


@given(st.lists(st.lists(st.integers(0, 999), min_size=2, max_size=2), min_size=1, max_size=20))
def test_digits_of_any_small_numbers(rows):
    text = "".join(f"{a},{b}\n" for a, b in rows).encode()
    assert parse_digits(text, ord(","), 2).T.tolist() == rows


@settings(max_examples=50, deadline=None)
@given(frames(min_rows=1), st.data())
def test_selection_as_numpy(frame, data):
    rows = data.draw(st.lists(st.integers(0, frame.nrow - 1), max_size=6))
    picked = operation("rows")(frame, rows) if rows else frame
    for ours, whole in zip(picked.columns, frame.columns, strict=True):
        assert cells(ours) == [cells(whole)[i] for i in rows] if rows else cells(ours) == cells(whole)


@settings(max_examples=50, deadline=None)
@given(frames(min_rows=1))
def test_binding_and_taking_apart(frame):
    twice = operation("rbind")(frame, frame)
    for ours, whole in zip(twice.columns, frame.columns, strict=True):
        assert cells(ours) == cells(whole) * 2
    assert operation("na.omit")(frame).nrow == int((~to_pandas(frame).isna().any(axis=1)).sum())


def test_strings_of_pandas_keep_missing():
    frame = frame_from(pd.DataFrame({"s": ["long text", None, "other"] * 3}))
    assert frame.columns[0].missing_count == 3
