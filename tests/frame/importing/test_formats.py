"""Formats other than delimited text."""

import datetime
import decimal
import gzip
import io
import warnings
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from heavywater.errors import InvalidArgument, ParseError
from heavywater.frame.importing.importer import import_sources, read_setup
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from heavywater.frame.importing.typed_files import BATCH_ROWS
from pyarrow import feather, orc, parquet


def load(paths, pattern=None, threads=2, **options):
    return import_sources(expand(paths, pattern), Options(**options), threads)


def write_parquet(table, path):
    parquet.write_table(table, path, row_group_size=1000)


def write_arrow_file(table, path):
    with pa.ipc.new_file(path, table.schema) as out:
        out.write_table(table, max_chunksize=700)


def write_arrow_stream(table, path):
    with pa.ipc.new_stream(path, table.schema) as out:
        out.write_table(table, max_chunksize=700)


WRITERS = {
    "parquet": write_parquet,
    "orc": orc.write_table,
    "arrow": write_arrow_file,
    "stream": write_arrow_stream,
    "feather": feather.write_feather,
}


def mixed(n=5000):
    rng = np.random.default_rng(1)
    gone = rng.random(n) < 0.1
    return pa.table(
        {
            "small": pa.array(rng.integers(0, 100, n), pa.int64()),
            "holes": pa.array(rng.integers(-300, 300, n), mask=gone),
            "real": rng.normal(size=n),
            "single": rng.normal(size=n).astype(np.float32),
            "level": pa.array(rng.choice(["b", "a", "é"], n), mask=gone),
            "text": pa.array([f"text {i}" for i in range(n)], mask=gone),
            "moment": pa.array(rng.integers(0, 10**12, n), pa.timestamp("ms")),
        }
    )


@pytest.mark.filterwarnings("ignore:Feather V1")
@pytest.mark.parametrize("place", ["data.feather", "data.csv", "folder/data", "data.zip"])
def test_feather_of_version_1_is_refused_by_name(tmp_path, place):
    content = io.BytesIO()
    feather.write_feather(pa.table({"a": [1, 2]}), content, version=1)
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.parquet", content.getvalue())
    else:
        path.write_bytes(content.getvalue())
    with pytest.raises(ParseError, match=r"Feather file of version 1.*version 2.*Parquet"):
        load(path.parent if "/" in place else path)


@pytest.mark.parametrize("format", WRITERS)
def test_cells_of_every_type(tmp_path, format):
    table = mixed()
    WRITERS[format](table, str(tmp_path / "data"))
    frame = load(tmp_path / "data")
    assert frame.names == table.column_names
    assert list(frame.types.values()) == ["int", "int", "real", "real", "enum", "string", "time"]
    assert frame.column("small").values.dtype == np.uint8
    assert frame.column("holes").values.dtype == np.int16
    assert frame.column("level").levels == ("a", "b", "é")
    for name in ("small", "holes", "real", "single"):
        wanted = table[name].to_pandas().to_numpy(float)
        assert np.array_equal(frame.column(name).numbers(), wanted, equal_nan=True)
    for name in ("level", "text"):
        assert frame.column(name).texts().tolist() == table[name].to_pylist()
    assert frame.column("moment").values.tolist() == table["moment"].cast(pa.int64()).to_pylist()


def test_types_of_parquet_that_columns_do_not_have(tmp_path):
    table = pa.table(
        {
            "flag": pa.array([True, None, False]),
            "tiny": pa.array([1, None, 255], pa.uint8()),
            "huge": pa.array([2**63, 5, None], pa.uint64()),
            "money": pa.array([decimal.Decimal("1.50"), None, decimal.Decimal("-2.25")]),
            "nothing": pa.nulls(3),
            "day": pa.array([datetime.date(2020, 1, 2), None, datetime.date(1960, 1, 1)]),
            "clock": pa.array([datetime.time(1, 2, 3), None, datetime.time(0)], pa.time32("s")),
            "zoned": pa.array([0, 3_600_000, None], pa.timestamp("ms", "Europe/Prague")),
            "bytes": pa.array([b"x", b"y", None]),
            "coded": pa.array(["q", None, "p"]).dictionary_encode(),
            "numbers as text": pa.array(["007", "008", "007"]),
            "id": ["ABCDEF01-2345-6789-abcd-ef0123456789"] * 3,
            "half": pa.array(np.array([0.5, 1, 2], np.float16)),
        }
    )
    parquet.write_table(table, tmp_path / "odd.parquet")
    frame = load(tmp_path / "odd.parquet")
    assert frame.types == {
        "flag": "int", "tiny": "int", "huge": "real", "money": "real", "nothing": "int", "day": "time", "clock": "time",
        "zoned": "time", "bytes": "string", "coded": "enum", "numbers as text": "enum", "id": "uuid", "half": "real",
    }  # fmt: skip
    cells = {
        n: c.numbers().tolist() for n, c in zip(frame.names, frame.columns, strict=True) if not c.is_text
    }
    nan = np.nan
    assert np.array_equal(cells["flag"], [1, nan, 0], equal_nan=True)
    assert np.array_equal(cells["huge"], [2.0**63, 5, nan], equal_nan=True)
    assert np.array_equal(cells["money"], [1.5, nan, -2.25], equal_nan=True)
    assert np.array_equal(cells["day"], [1577923200000, nan, -315619200000], equal_nan=True)
    assert np.array_equal(cells["clock"], [3723000, nan, 0], equal_nan=True)
    assert np.array_equal(cells["zoned"], [0, 3600000, nan], equal_nan=True)
    assert frame.column("coded").texts().tolist() == ["q", None, "p"]
    assert frame.column("numbers as text").levels == ("007", "008")
    assert frame.column("id").texts()[0] == "ABCDEF01-2345-6789-ABCD-EF0123456789"


def test_options_for_typed_files(tmp_path):
    path = tmp_path / "data.parquet"
    parquet.write_table(
        pa.table({"n": [1, 2, -99], "x": [1.0, 2.0, 3.0], "t": ["7", "8", "none"], "s": ["a", "b", "c"]}),
        path,
    )
    frame = load(path, names=["p", "q", "r", "s"], types={"p": "enum", "r": "numeric"}, na_strings=["none"])
    assert frame.types == {"p": "enum", "q": "int", "r": "int", "s": "string"}
    assert frame.column("p").levels == ("-99", "1", "2")
    assert np.array_equal(frame.column("r").numbers(), [7, 8, np.nan], equal_nan=True)
    assert load(path, na_strings={"n": ["-99"]}).column("n").missing_count == 1
    assert load(path, skipped=[0, "t"]).names == ["x", "s"]
    assert load(path, types=["string", None, None, "unknown"]).types == {
        "n": "string",
        "x": "int",
        "t": "string",
        "s": "int",
    }
    assert load(path, force_types=True).types["x"] == "real"
    assert load(path, types={"x": "int", "n": "double"}, force_types=True).types["n"] == "real"
    with pytest.raises(InvalidArgument, match="no column 'zz'"):
        load(path, types={"zz": "enum"})


def test_several_typed_files_match_by_name(tmp_path):
    parquet.write_table(pa.table({"a": [1], "b": ["x"]}), tmp_path / "1.parquet")
    parquet.write_table(pa.table({"b": ["y"], "a": [2.5]}), tmp_path / "2.parquet")
    frame = load(tmp_path)
    assert frame.column("a").numbers().tolist() == [1, 2.5]
    assert frame.column("b").texts().tolist() == ["x", "y"]
    parquet.write_table(pa.table({"a": [1]}), tmp_path / "3.parquet")
    with pytest.raises(ParseError, match=r"3\.parquet: no column 'b', which the first file has"):
        load(tmp_path)
    parquet.write_table(pa.table({"a": [1], "b": [4]}), tmp_path / "3.parquet")
    with pytest.raises(ParseError, match=r"3\.parquet: column 'b' cannot be read .*texts in the first file"):
        load(tmp_path)
    (tmp_path / "3.parquet").write_bytes(b"a,b\n1,x\n")
    with pytest.raises(ParseError, match=r"3\.parquet: the format is CSV, that of the first file PARQUET"):
        load(tmp_path)


def test_nested_columns_are_refused_by_name(tmp_path):
    parquet.write_table(pa.table({"a": [1], "b": [[1, 2]]}), tmp_path / "nested.parquet")
    with pytest.raises(ParseError, match=r"column 'b' of type list.*skipped_columns=\[1\]"):
        load(tmp_path / "nested.parquet")
    assert load(tmp_path / "nested.parquet", skipped=["b"]).names == ["a"]


def test_many_batches_and_no_rows(tmp_path):
    n = 3 * BATCH_ROWS + 17
    parquet.write_table(
        pa.table({"i": np.arange(n), "s": [f"t{i % 300}" for i in range(n)]}), tmp_path / "long.parquet"
    )
    frame = load(tmp_path / "long.parquet")
    assert frame.column("i").values.tolist() == list(range(n))
    assert frame.column("s").texts()[-1] == f"t{(n - 1) % 300}"
    empty = pa.table({"i": pa.array([], pa.int32()), "s": pa.array([], pa.string())})
    for kind, write in WRITERS.items():
        write(empty, str(tmp_path / kind))
        assert load(tmp_path / kind).shape == (0, 2), kind


@pytest.mark.parametrize("format", WRITERS)
def test_damaged_tables_are_named(tmp_path, format):
    path = tmp_path / f"data.{format}"
    WRITERS[format](mixed(3000), str(path))
    whole = path.read_bytes()
    for content in (
        whole[: len(whole) // 2],
        whole[:20],
        whole[:100] + bytes(50) + whole[150:-60] + bytes(60),
    ):
        path.write_bytes(content)
        with pytest.raises(ParseError, match=rf"data\.{format}"):
            load(path)


# -- ARFF -------------------------------------------------------------------------------------------------

ARFF = """% comment
@relation 'a name'
@attribute 'first one' numeric
@ATTRIBUTE kind {red, 'light blue', "green"}
@attribute "when" date "yyyy-MM-dd"
@attribute text string
@data
% another comment
1, red, 2020-01-02, 'it\\'s, here'
?, 'light blue', ?, ?
2.5,green,2021-12-31,plain
"""


def test_arff_with_quotes_dates_and_missing_cells(tmp_path):
    for name, content in {"a.arff": ARFF.encode(), "b.arff.gz": gzip.compress(ARFF.encode())}.items():
        (tmp_path / name).write_bytes(content)
        frame = load(tmp_path / name)
        assert frame.types == {"first one": "real", "kind": "enum", "when": "time", "text": "string"}
        assert np.array_equal(frame.column("first one").numbers(), [1, np.nan, 2.5], equal_nan=True)
        assert frame.column("kind").levels == ("green", "light blue", "red")
        assert frame.column("when").values.tolist() == [1577923200000, 0, 1640908800000]
        assert frame.column("text").texts().tolist() == ["it's, here", None, "plain"]
    assert load([tmp_path / "a.arff", tmp_path / "b.arff.gz"]).nrow == 6


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("@relation x\n@attribute a numeric\n", "line 2: the ARFF header has no end"),
        ("@relation x\n@attribute a complex\n@data\n1\n", r"line 2: attribute 'a' is of the type 'complex'"),
        ("@relation x\nnonsense\n@data\n1\n", "line 2: 'nonsense' is no line of an ARFF header"),
        ("@relation x\n@attribute a\n@data\n1\n", "line 2: .*wanted is @attribute"),
        ("@relation x\n@data\n1\n", "line 2: no @attribute above"),
        ("@relation x\n@attribute a numeric\n@data\n{0 1}\n", "line 4: sparse ARFF"),
        (
            "@relation x\n@attribute a numeric\n@data\n1\n2,3\n",
            "line 5: 2 fields, but the file has 1 columns",
        ),
    ],
)
def test_bad_arff_names_the_line(tmp_path, content, message):
    (tmp_path / "bad.arff").write_text(content)
    with pytest.raises(ParseError, match=rf"bad\.arff, {message}"):
        load(tmp_path / "bad.arff")


# -- SVMLight ---------------------------------------------------------------------------------------------


def test_svmlight_comments_queries_and_blanks(tmp_path):
    (tmp_path / "a.svm").write_text(
        "# head\n1 qid:3 1:0.5 3:2 # note\n\n-1\t2:1.5  \r\n 1  1:-1   4:1e2\n0\n"
    )
    frame = load(tmp_path / "a.svm")
    assert frame.names == ["C1", "C2", "C3", "C4", "C5"]
    wanted: list[list[float]] = [[1, 0.5, 0, 2, 0], [-1, 0, 1.5, 0, 0], [1, -1, 0, 0, 100], [0, 0, 0, 0, 0]]
    assert np.array_equal(np.column_stack([c.numbers() for c in frame.columns]), wanted)


def test_svmlight_stays_sparse(tmp_path):
    from scipy.sparse import random as random_sparse

    matrix = random_sparse(3000, 400, 0.01, format="csr", random_state=1)
    matrix.data = np.round(matrix.data, 6)
    lines = []
    for i in range(matrix.shape[0]):
        row = matrix[[i]]
        lines.append(
            f"{i % 2} " + " ".join(f"{j + 1}:{v}" for j, v in zip(row.indices, row.data, strict=True))
        )
    (tmp_path / "a.svm").write_text("\n".join(lines) + "\n")
    frame = load(tmp_path / "a.svm")
    width = int(matrix.indices.max()) + 1
    assert frame.shape == (3000, width + 1)
    assert all(c.sparse is not None for c in frame.columns[1:])
    assert frame.nbytes < 12 * matrix.nnz + 8 * 3000
    dense = np.column_stack([c.numbers() for c in frame.columns[1:]])
    assert np.array_equal(dense, matrix.toarray()[:, :width])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 2:x", "'x' is no number"),
        ("1 2:3 4", "has not the form"),
        ("1 2:3 2:4", "index 2; indices must be"),
        ("1 3:3 2:4", "index 2; indices must be"),
        ("1 0:3", "index 0; indices must be"),
        ("1 1.5:3", "index 1.5; indices must be"),
        ("1:2 3:4", "has not the form"),
    ],
)
def test_bad_svmlight_names_the_line(tmp_path, line, message):
    (tmp_path / "bad.svm").write_text("1 1:2\n" * 30 + line + "\n1 1:2\n")
    with pytest.raises(ParseError, match=rf"bad\.svm, line 31: .*{message}"):
        load(tmp_path / "bad.svm")


def test_svmlight_takes_no_columns_apart(tmp_path):
    (tmp_path / "a.svm").write_text("1 1:2\n" * 3)
    with pytest.raises(InvalidArgument, match="skipped_columns are not supported"):
        load(tmp_path / "a.svm", skipped=[1])


# -- Excel ------------------------------------------------------------------------------------------------


@pytest.fixture
def workbook(tmp_path):
    pytest.importorskip("python_calamine")
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["n", "x", "level", "text, with comma", "day", "flag"])
    for i in range(40):
        day = datetime.datetime(2020, 1, 1) + datetime.timedelta(days=i)
        text = None if i == 7 else f'say "{i}"'
        sheet.append([i, i / 8, ["a", "b"][i % 2], text, day, i % 2 == 0])
    book.create_sheet("second").append([1, 2, 3])
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_first_sheet_of_a_workbook(workbook):
    frame = load(workbook)
    assert frame.types == {
        "n": "int", "x": "real", "level": "enum", "text, with comma": "string", "day": "time", "flag": "enum",
    }  # fmt: skip
    assert frame.column("n").values.tolist() == list(range(40))
    assert frame.column("x").numbers().tolist() == [i / 8 for i in range(40)]
    assert frame.column("text, with comma").texts()[6:8].tolist() == ['say "6"', None]
    assert frame.column("day").values[1] == 1577923200000
    assert frame.column("flag").levels == ("FALSE", "TRUE")
    assert load(workbook, skipped=[3], types={"n": "enum"}).types["n"] == "enum"
    assert read_setup(expand(workbook), Options()).parse_type == "XLSX"


def test_bad_workbooks_are_named(tmp_path, workbook):
    (tmp_path / "bad.xlsx").write_bytes(workbook.read_bytes()[:3000])
    with pytest.raises(ParseError, match=r"bad\.xlsx: the zip archive cannot be read"):
        load(tmp_path / "bad.xlsx")
    (tmp_path / "bad.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(ParseError, match=r"bad\.xls: cannot be read as a workbook"):
        load(tmp_path / "bad.xls")


def test_avro_comes_later(tmp_path):
    (tmp_path / "data.avro").write_bytes(b"Obj\x01" + bytes(100))
    with pytest.raises(NotImplementedError, match=r"data\.avro: files in the format Avro come later"):
        load(tmp_path / "data.avro")


def test_tables_within_zip_archives(tmp_path):
    import zipfile

    write_parquet(pa.table({"a": [1, 2]}), tmp_path / "one.parquet")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(tmp_path / "one.parquet", "x/one.parquet")
        archive.write(tmp_path / "one.parquet", "x/two.parquet")
    assert load(tmp_path / "two.zip").column("a").values.tolist() == [1, 2, 1, 2]


def test_no_warnings_where_nothing_is_lost(tmp_path):
    pd.DataFrame({"a": [1, 2], "s": ["x", None]}).to_parquet(tmp_path / "p.parquet")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(tmp_path / "p.parquet").shape == (2, 2)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ('[{"a":1,"b":2},{"a":3,"b":4}]', "JSON"),
        ('{"a":1,"b":2}\n{"a":3,"b":4}\n', "JSON"),
        ('[\n  {"a": 1,\n "b": 3}\n]\n', "JSON"),
        ('\ufeff{\n"a": {"b": 1}}\n', "JSON"),
        ("<!DOCTYPE html>\n<html>\n", "HTML"),
        ("\n<html><body>a,b</body></html>", "HTML"),
        ('<?xml version="1.0"?>\n<a/>', "XML"),
    ],
)
def test_texts_of_other_formats_are_refused_by_name(tmp_path, text, format):
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(ParseError, match=f"this is {format}"):
        import_sources(expand(path), Options(), 1)


def test_cells_that_hold_json_are_texts(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text('{"a":1}\t5\n{"a":2}\t6\n')
    assert import_sources(expand(path), Options(), 1).columns[0].texts().tolist() == ['{"a":1}', '{"a":2}']
    path.write_text('{"a":1}\n{"a":2}\n')
    frame = import_sources(expand(path), Options(names=["x"]), 1)
    assert frame.columns[0].texts().tolist() == ['{"a":1}', '{"a":2}']


@pytest.mark.parametrize("write", [feather.write_feather, parquet.write_table])
@pytest.mark.parametrize("cells", [["u", "v", None, "w"], ["1", "2", "3", "4"], ["u"] * 4])
def test_categories_of_files_are_enums(tmp_path, write, cells):
    path = tmp_path / "data.bin"
    write(pa.table({"c": pa.array(cells).dictionary_encode(), "n": [1, 2, 3, 4]}), str(path))
    column = import_sources(expand(path), Options(), 1).column("c")
    assert column.kind == "enum"
    assert column.texts().tolist() == cells


@pytest.mark.parametrize("word", ["inf", "-Inf", "Infinity", "+INF"])
@pytest.mark.parametrize("others", [["1", "2"], ["1.5"] * 1500, ["5%", "2"], ["$5", "", "1"]])
def test_infinite_numbers_are_numbers(tmp_path, word, others):
    path = tmp_path / "data.csv"
    path.write_text("x,y\n" + "".join(f"{cell},1\n" for cell in [*others, word]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        column = import_sources(expand(path), Options(), 1).columns[0]
    assert column.numbers()[-1] == float(word)


def test_further_sheets_are_told_of(tmp_path):
    pd = pytest.importorskip("pandas")
    with pd.ExcelWriter(tmp_path / "book.xlsx") as writer:
        for name in ("one", "two"):
            pd.DataFrame({"a": [1]}).to_excel(writer, sheet_name=name, index=False)
    with pytest.warns(UserWarning, match="only the first of 2 sheets, 'one'"):
        assert import_sources(expand(tmp_path / "book.xlsx"), Options(), 1).names == ["a"]
