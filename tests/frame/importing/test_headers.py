"""Lines of names: empty, equal, odd ones, in every format that is read."""

import csv
import gzip
import io
import itertools
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from heavywater.errors import InvalidArgument, ParseError
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.importing.header import guess_header, usable_names
from heavywater.frame.importing.importer import import_sources, read_setup
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from hypothesis import assume, given
from hypothesis import strategies as st
from pyarrow import feather, orc, parquet


def load(path, **options):
    return import_sources(expand(path), Options(**options), 1)


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


# ---- empty names, odd names

CELLS = {
    "number": ["1", "2.5", "-3"],
    "date": ["2020-01-02", "2020-01-03", "2020-02-01"],
    "text": ["Bern", "Rom", "Ulm"],
}
WORDS = st.sampled_from(
    ["id", "x y", "größe", "5%", "$5", "NA", "null", "C2", "C1", "a.b", "TRUE", "2020-01", "12:30:00", ""]
)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(list(CELLS))), min_size=2, max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["", "\ufeff"]),
)
def test_empty_and_odd_names_above_data(tmp_path_factory, columns, separator, end, quoted, mark):
    columns = [("name", "number"), *columns]  # a text above numbers: it is a header beyond doubt
    names = [name for name, _ in columns]
    assume(all(names.count(name) == 1 for name in names if name))
    # A date above dates is data.
    assume(not any(kind == "date" and name in ("2020-01", "12:30:00") for name, kind in columns))
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    writer.writerow(names)
    writer.writerows(zip(*(CELLS[kind] for _, kind in columns), strict=True))
    path = write(tmp_path_factory.mktemp("header") / "data.csv", mark + out.getvalue())
    frame = load(path)
    assert frame.names == usable_names(names)
    assert frame.nrow == 3
    assert frame.columns[0].numbers().tolist() == [1, 2.5, -3]


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        (",age,city\n0,30,Bern\n1,41,Rom\n", ["C1", "age", "city"], 2),
        (",city,land\n0,Bern,CH\n1,Rom,IT\n", ["C1", "city", "land"], 2),
        ("a;b;\n1;2;\n3;4;\n", ["a", "b", "C3"], 2),
        ("a;b;\n1;2\n3;4\n", ["a", "b"], 2),
        ("a,b\n1,2,\n3,4,\n", ["a", "b", "C3"], 2),
        ('a,"",b\n1,2,3\n', ["a", "C2", "b"], 1),
        ("a, ,b\n1,2,3\n", ["a", "C2", "b"], 1),
        ("C2,,x\n1,2,3\n", ["C2", "C2C2", "x"], 1),
        ("|a|b|\n|1|2|\n|3|4|\n", ["C1", "a", "b", "C4"], 2),
        ("id,5%,x\n1,2,3\n4,5,6\n", ["id", "5%", "x"], 2),
        ("id,2020-01-01,2020-01-02\n1,2,3\n4,5,6\n", ["id", "2020-01-01", "2020-01-02"], 2),
        ("when,x\n2020-01-01T10:00:00,a\n2020-01-02T10:00:00,b\n", ["when", "x"], 2),
        ("day,city\n31.12.2019,Bern\n01.01.2020,Rom\n", ["day", "city"], 2),
        ("day,city\n2020-02-30,Bern\n2020-01-02,Rom\n", ["day", "city"], 2),
        ("day,city\n12MAR2015,Bern\n13MAR2015,Rom\n", ["day", "city"], 2),
        ("a,b\n,\n,\n,\n,\n,\n1,2\n", ["a", "b"], 6),
        ("a,b\nNA,?\n1,2\n", ["a", "b"], 2),
        ("a,b,\n", ["a", "b", "C3"], 0),
        ('"first\nname",b\n1,2\n', ["first\nname", "b"], 1),
        ("# remark\n\na,b\n1,2\n", ["a", "b"], 1),
        (",25%,50%\n0,1,2\n1,3,4\n", ["C1", "25%", "50%"], 2),
        ("id,5%\n1,7%\n2,8%\n", ["id", "5%"], 2),
        ("5%,Bern\n7,Rom\n8,Ulm\n", ["5%", "Bern"], 2),
        ("d\n2020-01-01 10:11:12\n2020-01-02 10:11:12\n", ["d"], 2),
        ("d\n12 Mar 2015\n13 Mar 2015\n", ["d"], 2),
        ("name n\nx 1\ny 2\n", ["name", "n"], 2),
        ("country,2019,2020\nCH,1,2\nIT,3,4\n", ["country", "2019", "2020"], 2),
        ("geo\\time\t2012 \t2011 \nDE\t1.5 \t2 b\nFR\t: \t3 e\n", ["geo\\time", "2012", "2011"], 2),
        ("id,2020\n1,5\n2,6\n", ["id", "2020"], 2),
        ("year,1990,1991\n1990,5,6\n1991,6,7\n", ["year", "1990", "1991"], 2),
        (",2019,2020\na,1,2\nb,3,4\n", ["C1", "2019", "2020"], 2),
        (",0,1,2\n0,1.5,2,3\n1,2.5,3,4\n", ["C1", "0", "1", "2"], 2),
        (",0\n0,1.5\n1,2.5\n", ["C1", "0"], 2),
        (",0,1\na,1,2\nb,x,y\n", ["C1", "0", "1"], 2),
        ("inf,nan\n1,2\n3,4\n", ["inf", "nan"], 2),
        ("x\ninf\n1.5\n", ["x"], 2),
        ("x\n1\n..\n", ["x"], 2),
        ("flag\nTrue\nFalse\n", ["flag"], 2),
        ('"",""\n1,2\n', ["C1", "C2"], 1),
        ("name,flag\nAnn,TRUE\nBob,\n", ["name", "flag"], 2),
        ("true,false\n1,2\n", ["true", "false"], 1),
        ("name,x\na,1.5\nb,..\n", ["name", "x"], 2),
        ("a,b\n" + ",\n" * 100 + "1,2\n", ["a", "b"], 101),
        ("first name\n2020-01-01 10:11:12\n", ["first name"], 1),
        ("first name\n0\n", ["first name"], 1),
        ("sep=;\na;b\n1;2\n3;4\n", ["a", "b"], 2),
        ("\ufeffSEP=\t\r\na,b\tc\r\n1,5\t2\r\nx\t3\r\n", ["a,b", "c"], 2),
        ('"sep=|"\n1|2\n', ["C1", "C2"], 1),
        # no names
        ("2020-01-01 10:11:12\n2020-01-02 10:11:12\n", ["C1"], 2),
        ("12-MAR-15 11.22.33.123456 AM\n13-MAR-15 11.22.33.123456 AM\n", ["C1"], 2),
        ("name\nAnn Lee\nBob Lee\n", ["C1"], 3),
        ("5%,10%\n7%,8\n", ["C1", "C2"], 2),
        ("2020-01-01,Bern\n2020-01-02,Rom\n", ["C1", "C2"], 2),
        ("Bern,5%\nRom,7%\n", ["C1", "C2"], 2),
        ("Bern,NA\nRom,3\nUlm,4\n", ["C1", "C2"], 3),
        (",1,2\n3,4,5\n", ["C1", "C2", "C3"], 2),
        (",x\n,y\n,z\n", ["C1", "C2"], 3),
        ("city,land\nBern,CH\nRom,IT\n", ["C1", "C2"], 3),
        ("a,a\nb,c\nd,e\n", ["C1", "C2"], 3),
        ("CH,2019,2020\nIT,2018,2021\n", ["C1", "C2", "C3"], 2),
        ("CH,2020\nIT,500\n", ["C1", "C2"], 2),
        ("Ann,TRUE\nBob,FALSE\n", ["C1", "C2"], 2),
        ("True,False\n,\n", ["C1", "C2"], 2),
        (",Bern,x\nTrue,Rom,y\nFalse,Ulm,z\n", ["C1", "C2", "C3"], 3),
        (",,green,,\n1,2,blue,3,4\n5,6,red,7,8\n", ["C1", "C2", "C3", "C4", "C5"], 3),
        ("2019,2020\n1,2\n", ["C1", "C2"], 2),
        ("id,2020,7\n1,2,3\n4,5,6\n", ["C1", "C2", "C3"], 3),
        ("a,2020,2019,2021\nb,1,2,3\n", ["C1", "C2", "C3", "C4"], 2),
        (",0,1\n5,1,2\n7,3,4\n", ["C1", "C2", "C3"], 3),
        (",0\na,1\nb,2\n", ["C1", "C2"], 3),
        ("yes,yes,\nno,yes,3\nno,no,4\n", ["C1", "C2", "C3"], 3),
        ("ABCDEF01-2345-6789-abcd-ef0123456789,x\nABCDEF01-2345-6789-abcd-ef0123456780,y\n", ["C1", "C2"], 2),
    ],
)  # fmt: skip
def test_header_or_data(tmp_path, text, names, rows):
    path = write(tmp_path / "data.csv", text)
    frame = load(path)
    assert (frame.names, frame.nrow) == (names, rows)
    assert read_setup(expand(path), Options()).names == names
    packed = tmp_path / "data.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert load(packed).names == names


@pytest.mark.parametrize("index", [[0, 1, 2], ["x", "y", "z"], pd.date_range("2020-01-01", periods=3)])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_pandas_writes_with_its_index(tmp_path, index, separator):
    data = pd.DataFrame({"age": [30, 41, 5], "city": ["Bern", "Rom", "Ulm"]}, index=index)
    data.to_csv(tmp_path / "data.csv", sep=separator)
    frame = load(tmp_path / "data.csv")
    assert frame.names == ["C1", "age", "city"]
    assert frame.column("age").numbers().tolist() == [30, 41, 5]


@pytest.mark.parametrize(("header", "rows"), [(1, 1), (-1, 2)])
def test_what_the_user_says_about_the_header_holds(tmp_path, header, rows):
    for text in ("1,2\n3,4\n", ",b\n1,2\n", "a,\nx,y\n", "2020-01-01,x\n2020-01-02,y\n"):
        frame = load(write(tmp_path / "data.csv", text), header=header)
        assert frame.nrow == rows
        assert all(frame.names)


def test_names_of_rows_have_no_name(tmp_path):
    path = write(tmp_path / "data.csv", '"age" "city"\n"1" 30 "Bern"\n"2" 41 "Rom"\n')
    with pytest.warns(UserWarning, match=r"2 names for 3 columns: the first column"):
        assert load(path).names == ["C1", "age", "city"]
    assert load(path, names=["n", "age", "city"]).names == ["n", "age", "city"]
    path = write(tmp_path / "one.csv", '"age"\n"1" 30\n"2" 41\n')
    with pytest.warns(UserWarning, match="1 names for 2 columns"):
        assert load(path).column("age").numbers().tolist() == [30, 41]


def test_too_few_names_are_an_error_that_names_the_options(tmp_path):
    path = write(tmp_path / "data.csv", "a,b\n1,2,3,4\n5,6,7,8\n")
    with pytest.raises(ParseError, match=r"2 names \('a', ...\) for 4 columns; give col_names= .*fill=True"):
        load(path)
    assert load(path, fill=True).names == ["a", "b", "C3", "C4"]
    assert load(path, names=["p", "q", "r", "s"]).nrow == 2


def test_names_without_fields_are_not_lost(tmp_path):
    path = write(tmp_path / "data.csv", "a,b,c\n1,2\n3,4\n")
    with pytest.raises(ParseError, match=r"line 2: 2 fields, but the file has 3 columns.*fill=True"):
        load(path)
    assert load(path, fill=True).names == ["a", "b", "c"]


# ---- names that appear twice, in each format

TWICE = pa.table([pa.array([1, 2]), pa.array([3, 4]), pa.array(["x", "y"])], names=["a", "a", ""])


def write_arff(path):
    path.write_text(
        "@relation r\n@attribute a numeric\n@attribute a numeric\n@attribute '' string\n@data\n1,3,x\n2,4,y\n"
    )


def write_xlsx(path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["a", "a", None], [1, 3, "x"], [2, 4, "y"]):
        book.active.append(row)
    book.save(path)


def write_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.csv", "a,a,\n1,3,x\n2,4,y\n")


def write_arrow(path):
    with pa.ipc.new_file(path, TWICE.schema) as out:
        out.write_table(TWICE)


def write_stream(path):
    with pa.ipc.new_stream(path, TWICE.schema) as out:
        out.write_table(TWICE)


WRITERS = {
    "csv": lambda path: path.write_text("a,a,\n1,3,x\n2,4,y\n"),
    "semicolons": lambda path: path.write_text('"a";"a";""\r\n1;3;x\r\n2;4;y\r\n'),
    "csv.zip": write_zip,
    "arff": write_arff,
    "xlsx": write_xlsx,
    "parquet": lambda path: parquet.write_table(TWICE, path),
    "arrow": write_arrow,
    "stream": write_stream,
}


@pytest.mark.parametrize("format", WRITERS)
def test_equal_names_are_refused_and_can_be_replaced(tmp_path, format):
    path = tmp_path / f"data.{format}"
    WRITERS[format](path)
    for read in (load, lambda path, **options: read_setup(expand(path), Options(**options))):
        with pytest.raises(InvalidArgument, match=r"'a' appears more than once, at 0, 1 .*col_names="):
            read(path)
        with pytest.raises(InvalidArgument, match="'q' appears more than once"):
            read(path, names=["q", "q", "r"])
    frame = load(path, names=["p", "q", "r"])
    assert frame.names == ["p", "q", "r"]
    assert frame.column("q").numbers().tolist() == [3, 4]
    kept = load(path, skipped=[0])
    assert kept.names == ["a", "C3"]
    assert kept.column("a").numbers().tolist() == [3, 4]
    assert kept.column("C3").texts().tolist() == ["x", "y"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: pd.DataFrame([[1, 3, "x"], [2, 4, "y"]], columns=["a", "a", ""]),
        lambda: TWICE,
        lambda: {"a": [1, 2], type("Name", (str,), {"__hash__": lambda s: 1, "__eq__": lambda s, o: s is o})("a"): [3, 4],
                 "": ["x", "y"]},
    ],
    ids=["pandas", "arrow", "dict"],
)  # fmt: skip
def test_equal_names_of_objects(make):
    with pytest.raises(
        InvalidArgument, match=r"'a' appears more than once; give column_names= with 3 different"
    ):
        frame_from(make())
    assert frame_from(make(), names=["p", "q", ""]).names == ["p", "q", "C3"]


def test_empty_names_of_objects_and_typed_files(tmp_path):
    assert frame_from({"": [1], "b": [2]}).names == ["C1", "b"]
    assert frame_from(pd.DataFrame({"": [1], "b": [2]})).names == ["C1", "b"]
    table = pa.table({"": [1], "b": [2.5]})
    parquet.write_table(table, tmp_path / "data.parquet")
    feather.write_feather(table, tmp_path / "data.feather")
    for name in ("data.parquet", "data.feather"):
        frame = load(tmp_path / name)
        assert frame.names == ["C1", "b"]
        assert [column.numbers().tolist() for column in frame.columns] == [[1], [2.5]]
    orc.write_table(pa.table({"a": [1], "b": [2.5]}), tmp_path / "data.orc")
    assert load(tmp_path / "data.orc", names=["", "z"]).names == ["C1", "z"]


def test_sparse_text_has_no_header(tmp_path):
    path = write(tmp_path / "data.svm", "1 1:2\n0 2:3\n")
    with pytest.raises(InvalidArgument, match="header=1: an SVMLight file has no line of names"):
        load(path, header=1)
    assert load(path, header=-1).names == ["C1", "C2", "C3"]


@given(st.lists(st.sampled_from(["", "C1", "C2", "C2C2", "x"]), max_size=6))
def test_usable_names_keep_what_is_given(names):
    found = usable_names(names)
    assert len(found) == len(names) and all(found)
    assert [f for f, n in zip(found, names, strict=True) if n] == [n for n in names if n]
    made = [f for f, n in zip(found, names, strict=True) if not n]
    assert len(set(made)) == len(made) and not set(made) & set(names)


# ---- several files


def parts(folder, *texts):
    folder.mkdir()
    for i, text in enumerate(texts):
        write(folder / f"{i}.csv", text)
    return folder


@pytest.mark.parametrize(
    "texts",
    [
        ("a,b\n1,2\n", "a,b\n3,4\n"),
        ("a,b\n1,2\n", "3,4\n"),
        ("1,2\n", "a,b\n3,4\n"),
        ("a,b\n1,2\n", '"a","b"\r\n3,4\r\n'),
        ("a,b\n1,2\n", "\ufeffa,b\n3,4\n"),
        ("a,b\n1,2\n", "# remark\n\na,b\n3,4\n"),
        ("a,b\n1,2\n", "a,b\n", "3,4"),
    ],
)
def test_parts_with_and_without_names(tmp_path, texts):
    frame = load(parts(tmp_path / "parts", *texts))
    assert frame.names == ["a", "b"]
    assert [column.numbers().tolist() for column in frame.columns] == [[1, 3], [2, 4]]


@pytest.mark.parametrize("names", ["b,a", "c,d", "A,B"])
@pytest.mark.parametrize("header", [0, 1])
def test_parts_with_other_names_are_refused(tmp_path, names, header):
    folder = parts(tmp_path / "parts", "a,b\n1,2\n", f"{names}\n3,4\n")
    with pytest.raises(
        ParseError, match=rf"1.csv, line 1: the names '{names.replace(',', ', ')}' are not those"
    ):
        load(folder, header=header)
    frame = load(folder, names=["p", "q"], header=header)
    assert frame.nrow == 2


def test_an_odd_cell_in_a_part_is_no_name(tmp_path):
    folder = parts(tmp_path / "parts", "a,b\n1,x\n2,y\n", "unknown,z\n4,x\n")
    with pytest.warns(UserWarning, match="'unknown'"):
        frame = load(folder)
    assert frame.nrow == 4


def test_texts_in_parts_are_data(tmp_path):
    frame = load(parts(tmp_path / "parts", "a,b,n\nx,y,1\n", "p,q,2\n", "p,,\n"))
    assert frame.nrow == 3
    assert frame.column("a").texts().tolist() == ["x", "p", "p"]


def test_numbers_of_every_layout_are_no_names():
    for digits in itertools.product(["1", "-2.5", "1e5", "$7", "8%"], repeat=2):
        assert not guess_header([list(digits), ["1%", "$2"]])
        assert not guess_header([list(digits)])
    assert np.all(
        [guess_header([["a", "b"], [cell, "x"]]) for cell in ("1", "2%", "$3", "2020-01-01", "Mar-15")]
    )


def test_titles_above_the_names_are_told_of(tmp_path):
    for text in ("Total report\na,b\n1,2\n3,4\n", "Report\na;b;c\n1;2;3\n"):
        with pytest.raises(ParseError, match=r"first line has 1 names.*if it is a title"):
            load(write(tmp_path / "data.csv", text))
    names_of_rows = write(tmp_path / "data.csv", '"x" "y"\n"a" "b" 1\n"c" "d" 2\n')
    with pytest.warns(UserWarning, match="2 names for 3 columns"):
        assert load(names_of_rows).names == ["C1", "x", "y"]


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_lines_that_tell_the_separator(tmp_path, first):
    for name, rows in (("a", "a,b;c\n1;2\n"), ("b", "a,b;c\n3;4\n5;x\n")):
        write(tmp_path / f"{name}.csv", first + rows)
    with pytest.warns(UserWarning, match=r"b\.csv, line 4"):
        frame = load(tmp_path)
    assert frame.names == ["a,b", "c"]
    assert frame.columns[0].numbers().tolist() == [1, 3, 5]
    with pytest.raises(ParseError, match="line 4: 1 fields"):
        load(write(tmp_path / "short.csv", first + "a;b\n1;2\n3\n"))
