"""Types of columns that the first lines leave open, or that later lines contradict: no cell is lost without a word."""

import gzip
import os
import threading
import uuid
import warnings
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from heavywater.frame.importing import blocks, unpack
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROWS = 1200  # more than the lines that settle types
SOME = {
    "int": [f"{i % 90:03d}" for i in range(ROWS)],
    "real": [f"{i / 8:.4f}" for i in range(ROWS)],
    "time": [f"2020-01-{1 + i % 28:02d}" for i in range(ROWS)],
    "uuid": [str(uuid.UUID(int=i % 50)) for i in range(ROWS)],
    "text": [f"t{i % 7}" for i in range(ROWS)],
}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """So many blocks that threads have several in hand when a type changes."""
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 1 << 12)
    monkeypatch.setattr(blocks, "ROWS_OF_BLOCK", 100)
    for name in ("READ_SIZE", "PIECE_SIZE"):
        monkeypatch.setattr(unpack, name, 1 << 12)


def load(path, **options):
    return import_sources(expand(path), Options(**options), 3)


def write(path, cells, separator=","):
    lines = [f"n{separator}x", *(f"{i % 10}{separator}{cell}" for i, cell in enumerate(cells))]
    path.write_text("\n".join(lines) + "\n")
    return path


def texts(frame, column="x"):
    return [cell if cell is not None else "" for cell in frame.column(column).texts().tolist()]


def as_gzip(path):
    packed = path.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed


def as_zip(path):
    packed = path.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "x.csv")
    return packed


def as_pipe(path):
    pipe = path.with_suffix(".pipe")
    os.mkfifo(pipe)
    threading.Thread(target=lambda: pipe.write_bytes(path.read_bytes()), daemon=True).start()
    return pipe


def as_piped_zip(path):
    return as_pipe(as_zip(path))


def as_folder(path):
    folder = path.with_suffix("")
    folder.mkdir()
    lines = path.read_text().splitlines(keepends=True)
    for number, start in enumerate(range(1, len(lines), 500)):
        (folder / f"{number:03d}.csv").write_text("".join([lines[0], *lines[start : start + 500]]))
    return folder


@pytest.mark.parametrize("kind", ["int", "real", "time", "uuid"])
@pytest.mark.parametrize("way", [lambda path: path, as_gzip, as_zip, as_pipe, as_piped_zip, as_folder])
def test_every_text_stays_as_it_stands_in_the_file(tmp_path, kind, way):
    cells = [*SOME[kind], "late", *SOME[kind], "later"]
    with pytest.warns(
        UserWarning, match=r"column 'x' was read as (enum|string): .* the first being 'late' in"
    ) as seen:
        frame = load(way(write(tmp_path / "x.csv", cells)))
    assert texts(frame) == cells
    assert frame.column("n").values.tolist() == [i % 10 for i in range(len(cells))]
    assert len(seen) == 1
    if way is not as_folder:
        assert f"line {ROWS + 2}" in str(seen[0].message)


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", " ", "\x01"])
def test_every_separator(tmp_path, separator):
    cells = [*SOME["int"], "late"]
    with pytest.warns(UserWarning, match=rf"'late' in line {ROWS + 2}\."):
        assert texts(load(write(tmp_path / "x.txt", cells, separator))) == cells


@pytest.mark.parametrize("empty", ["", "NA"])
@pytest.mark.parametrize("kind", SOME)
def test_a_column_is_open_until_there_is_a_value(tmp_path, kind, empty):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        late = load(write(tmp_path / "late.csv", [empty] * ROWS + SOME[kind])).column("x")
        whole = load(write(tmp_path / "whole.csv", SOME[kind])).column("x")
    assert late.kind == whole.kind
    rest = late.take(slice(ROWS, None))
    assert rest.texts().tolist() == whole.texts().tolist()
    first = late.take(slice(0, ROWS))
    if kind == "text" and empty:  # among texts the word is one, too
        assert set(first.texts().tolist()) == {"NA"}
    else:
        assert first.missing_count == ROWS


def test_a_column_without_values_is_one_of_missing_numbers(tmp_path):
    column = load(write(tmp_path / "x.csv", [""] * ROWS)).column("x")
    assert (column.kind, column.missing_count) == ("bad", ROWS)


def test_an_open_column_can_be_contradicted(tmp_path):
    cells = [""] * ROWS + SOME["int"] + ["late"] + SOME["real"]
    with pytest.warns(UserWarning, match=r"'late' in line 2402"):
        assert texts(load(write(tmp_path / "x.csv", cells))) == cells


def test_a_stated_type_stays_and_says_what_it_costs(tmp_path):
    cells = [*SOME["int"], "late", "", "NA", "later", *SOME["int"]]
    path = write(tmp_path / "x.csv", cells)
    message = r"column 'x' was read as numeric; 2 texts in it became missing \(the first: 'late'\), from line 1202 on\. Give "
    for types in ({"x": "numeric"}, [None, "int"]):
        with pytest.warns(UserWarning, match=message + r"col_types=\{'x': 'string'\}"):
            column = load(path, types=types).column("x")
        assert column.missing_count == 4
        assert column.numbers()[-1] == float(cells[-1])


def test_words_and_texts_that_mean_missing_contradict_nothing(tmp_path):
    cells = [*SOME["int"], "NA", "?", "unknown", *SOME["int"]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        column = load(write(tmp_path / "x.csv", cells), na_strings=["unknown"]).column("x")
        ids = load(write(tmp_path / "y.csv", [*SOME["uuid"], "NA"])).column("x")
    assert (column.kind, column.missing_count) == ("int", 3)
    assert (ids.kind, ids.missing_count) == ("uuid", 1)


def test_an_impossible_date_is_missing_but_no_reason_for_texts(tmp_path):
    cells = [*SOME["time"], "2020-02-31", *SOME["time"]]
    with pytest.warns(
        UserWarning, match=r"1 text in it became missing \(the first: '2020-02-31'\), from line 1202 on"
    ):
        column = load(write(tmp_path / "x.csv", cells)).column("x")
    assert (column.kind, column.missing_count) == ("time", 1)


def test_texts_among_the_first_numbers_are_missing_until_they_are_the_most(tmp_path):
    first = ["1", "2", "few"] * 400
    with pytest.warns(
        UserWarning, match=r"400 texts in it became missing \(the first: 'few'\), from line 4 on"
    ):
        assert load(write(tmp_path / "x.csv", first)).column("x").missing_count == 400
    cells = first + ["many", "more"] * 400
    with pytest.warns(UserWarning, match=r"was read as enum"):
        assert texts(load(write(tmp_path / "y.csv", cells))) == cells


def test_every_column_that_loses_is_named(tmp_path):
    width = 30
    rows = [",".join(["1"] * width)] * 900 + [",".join(["lost"] * width)]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([",".join(f"c{j}" for j in range(width)), *rows]))
    with pytest.warns(UserWarning, match="'c0'") as seen:
        load(path, types=["numeric"] * width)
    told = " ".join(str(each.message) for each in seen)
    assert all(f"'c{j}'" in told for j in range(width))
    assert len(seen) < width
    with pytest.warns(UserWarning, match="'c0'") as seen:
        frame = load(path)
    told = " ".join(str(each.message) for each in seen)
    assert all(f"'c{j}'" in told and texts(frame, f"c{j}")[-1] == "lost" for j in range(width))


def test_lines_are_counted_within_quotes(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("t,x\n" + "".join(f'"a\nb{i}",{i}\n' for i in range(ROWS)) + '"c",late\n')
    with pytest.warns(UserWarning, match=rf"'late' in line {2 * ROWS + 2}"):
        assert texts(load(path))[-1] == "late"


def test_arff_keeps_the_types_it_states(tmp_path):
    path = tmp_path / "x.arff"
    path.write_text("@relation r\n@attribute x numeric\n@data\n" + "1\n" * ROWS + "late\n")
    with pytest.warns(
        UserWarning, match=r"column 'x' was read as numeric; 1 text .*'late'\), from line 1204 on"
    ):
        assert load(path).column("x").missing_count == 1


def test_texts_of_typed_files(tmp_path):
    def parquet(name, cells):
        pq.write_table(pa.table({"x": pa.array(cells)}), tmp_path / name)
        return tmp_path / name

    cells = [*SOME["time"], "late"]
    with pytest.warns(UserWarning, match=r"'late' in row 1201"):
        assert texts(load(parquet("late.parquet", cells))) == cells
    assert load(parquet("open.parquet", [None] * ROWS + SOME["time"])).column("x").kind == "time"
    assert load(parquet("numbers.parquet", [None] * ROWS + SOME["int"])).column("x").kind == "enum"
    (tmp_path / "folder").mkdir()
    parquet("folder/1.parquet", [1, 2, 3])
    parquet("folder/2.parquet", ["a", "4"])
    with pytest.warns(UserWarning, match="'x' was read as enum"):
        assert texts(load(tmp_path / "folder")) == ["1", "2", "3", "a", "4"]


def test_what_cannot_be_read_twice_is_written_from_its_numbers(tmp_path, monkeypatch):
    from heavywater.frame.importing import once

    def refuse(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(once.tempfile.SpooledTemporaryFile, "write", refuse)
    cells = [*SOME["real"], "late", *SOME["real"]]
    with pytest.warns(UserWarning, match="a second pass over the files was not possible"):
        frame = load(as_pipe(write(tmp_path / "x.csv", cells)))
    found = texts(frame)
    assert found[ROWS] == "late"
    assert np.array_equal([float(cell) for cell in found[:ROWS]], [float(cell) for cell in cells[:ROWS]])


CELLS = st.sampled_from(
    ["", "1", "-2.5", "007", "2020-01-05", "00000000-0000-0000-0000-000000000001", "a b", "é", "NA"]
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=CELLS, parts=st.lists(st.tuples(CELLS, st.integers(1, 900)), min_size=1, max_size=5))
def test_no_text_is_lost_without_a_warning(tmp_path, first, parts):
    cells = [first] * ROWS + [cell for cell, times in parts for _ in range(times)]
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        column = load(write(tmp_path / "x.csv", cells)).column("x")
    missing = column.is_missing()
    lost = [cell for cell, gone in zip(cells, missing, strict=True) if gone and cell not in ("", "NA")]
    assert not lost or any("'x' was read as" in str(each.message) for each in seen)
    if column.kind in ("enum", "string"):
        assert [cell or "" for cell in column.texts().tolist()] == cells
    elif column.is_numeric:
        numbers = [float(cell) for cell, gone in zip(cells, missing, strict=True) if not gone]
        assert column.numbers()[~missing].tolist() == numbers


@pytest.mark.parametrize("word", ["N/A", "na", "null", "NULL", "nan", "NaN"])
@pytest.mark.parametrize("before", [3, 30, 1500])
def test_words_that_mean_nothing_leave_the_type_to_what_follows(tmp_path, word, before):
    def column(*cells):
        path = tmp_path / "words.csv"
        path.write_text("x,y\n" + "".join(f"{cell},1\n" for cell in [word] * before + list(cells)))
        return import_sources(expand(path), Options(), 1).columns[0]

    numbers = column("5.5", "7")
    assert (numbers.kind, numbers.is_missing().tolist()) == ("real", [True] * before + [False] * 2)
    assert numbers.numbers()[-2:].tolist() == [5.5, 7]
    for texts in (["abc"] * 2, []):  # among texts, and by itself, such a word is a text like others
        found = column(*texts)
        assert found.kind == "enum"
        assert found.texts().tolist() == [word] * before + texts
