"""Lines with too few fields, remarks, page ends: refused with a remedy, or read as the user says."""

import csv
import gzip
import io
import warnings

import pytest
from heavywater.errors import InvalidArgument, ParseError
from heavywater.frame.importing import blocks
from heavywater.frame.importing.importer import import_sources, read_setup
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from hypothesis import given
from hypothesis import strategies as st

CELL = st.one_of(
    st.integers(-999, 999).map(str),
    st.sampled_from(["", "x", "two words", "a,b", 'say "hi"', "line\nend", "5' 10\"", "é", "2020-01-02"]),
)


def load(path, threads=1, **options):
    return import_sources(expand(path), Options(**options), threads)


def write(path, text):
    path.write_bytes(text.encode())
    return path


def written(rows, separator, end):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def cells_of(frame):
    return [[None if text is None else text for text in column.texts().tolist()] for column in frame.columns]


@given(
    st.lists(st.lists(CELL, min_size=1, max_size=4).filter(lambda row: row != [""]), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_filled_up_lines_are_the_same_with_missing_cells(tmp_path_factory, rows, separator, end, last):
    text = "a b c d".replace(" ", separator) + end + written(rows, separator, end)
    path = write(tmp_path_factory.mktemp("short") / "data.csv", text if last else text.removesuffix(end))
    frame = load(path, fill=True, header=1, separator=separator, types=["string"] * 4, markers="")
    filled = [[cell or None for cell in row] + [None] * (4 - len(row)) for row in rows]
    assert cells_of(frame) == [list(column) for column in zip(*filled, strict=True)]


@pytest.mark.parametrize("fields", [2, 4])
def test_lines_of_nothing_but_tabs_are_rows(tmp_path, fields):
    path = write(tmp_path / "data.csv", "a\tb\tc\td\n" + 3 * ("\t" * (fields - 1) + "\n"))
    frame = load(path, fill=True, header=1, separator="\t", types=["string"] * 4)
    assert cells_of(frame) == [[None] * 3] * 4


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("number", [0, 1, 5, 99])
def test_the_error_names_line_and_options(tmp_path, separator, number):
    lines = [separator.join(("1", "2", "3"))] * 100
    lines[number] = separator.join(("1", "2"))
    path = write(tmp_path / "data.csv", "\n".join(lines) + "\n")
    wanted = rf"data.csv, line {number + 1}: 2 fields, but .* 3 columns.*fill=True.*skip_footer=.*custom_non_data_line_markers="
    with pytest.raises(ParseError, match=wanted):
        load(path)
    frame = load(path, fill=True)
    assert frame.shape == (100, 3)
    assert frame.columns[2].missing_count == 1
    assert frame.columns[2].is_missing()[number]


def test_short_lines_in_later_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 1000)
    monkeypatch.setattr(blocks, "ROWS_OF_BLOCK", 1)
    rows = [[str(i), f"text {i}", "2020-01-02"][: 1 + i % 3 if i > 500 else 3] for i in range(2000)]
    path = write(tmp_path / "data.csv", "n,t,d\n" + written(rows, ",", "\n"))
    frame = load(path, threads=2, fill=True)
    assert list(frame.types.values()) == ["int", "string", "time"]
    assert frame.column("n").numbers().tolist() == list(range(2000))
    assert frame.column("t").texts().tolist() == [row[1] if len(row) > 1 else None for row in rows]
    assert frame.column("d").is_missing().tolist() == [len(row) < 3 for row in rows]


def test_fields_too_many_are_lost_only_where_they_are_empty(tmp_path):
    path = write(tmp_path / "data.csv", "a,b\n1,2\n3,4,,\n5,6, \n7\n")
    assert load(path, fill=True).shape == (4, 4)  # what the longest line has
    filler = "".join(f"{i},{i}\n" for i in range(30_000))
    path = write(tmp_path / "long.csv", f"a,b\n{filler}3,4,,\n5\n")
    frame = load(path, fill=True)
    assert frame.shape == (30_002, 2)
    assert frame.columns[0].numbers()[-2:].tolist() == [3, 5]
    path = write(tmp_path / "longer.csv", f"a,b\n{filler}3,4,,9\n")
    with pytest.raises(ParseError, match=r"line 30002: 4 fields, but .* 2 columns.*col_names= with 4 names"):
        load(path, fill=True)
    frame = load(path, fill=True, names=["a", "b", "c", "d"])
    assert frame.columns[3].numbers()[-1] == 9


def test_fill_in_other_texts(tmp_path):
    arff = "@relation r\n@attribute a numeric\n@attribute b string\n@data\n1,x\n2\n"
    path = write(tmp_path / "data.arff", arff)
    with pytest.raises(ParseError, match=r"line 6: 1 fields.*fill=True"):
        load(path)
    assert load(path, fill=True).column("b").texts().tolist() == ["x", None]
    packed = tmp_path / "data.csv.gz"
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n3\n"))
    assert load(packed, fill=True).column("b").numbers()[0] == 2


def test_escaped_separators_are_no_fields(tmp_path):
    path = write(tmp_path / "data.csv", 'a,b,c\n1,x\\,y,2\n2,p\\,q\n3,"u\\",v"\n')
    frame = load(path, fill=True, escape="\\")
    assert frame.column("b").texts().tolist() == ["x,y", "p,q", 'u",v']
    assert frame.column("c").missing_count == 2


def test_comments_and_blank_lines_are_not_filled_up(tmp_path):
    path = write(tmp_path / "data.csv", "% head\na,b,c\n1,2\n\n% 7,8\n   \n3\n")
    frame = load(path, fill=True, markers="%")
    assert frame.shape == (2, 3)
    assert frame.column("a").numbers().tolist() == [1, 3]


# ---- footers

FOOT = st.sampled_from(["Total: 3", "5 rows", 'an open " quote', "a,b,c,d,e", "# x", "1,2"])


@given(
    st.integers(1, 5),
    st.lists(st.tuples(FOOT, st.sampled_from(["", "\n", "\n\n"])), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 40),
)
def test_footers_are_left_out(tmp_path_factory, rows, foot, end, size):
    text = "a,b\n" + "".join(f"{i},{i + 1}\n" for i in range(rows))
    text += "".join(f"{line}\n{gap}" for line, gap in foot)
    path = write(tmp_path_factory.mktemp("foot") / "data.csv", text.replace("\n", end))
    frame = load(path, skip_footer=len(foot))
    assert frame.names == ["a", "b"]
    assert [column.numbers().tolist() for column in frame.columns] == [
        list(range(rows)),
        list(range(1, rows + 1)),
    ]
    pieces = [text[i : i + size].encode() for i in range(0, len(text), size)]
    cut = blocks.RecordBlocks("x", iter(pieces), b'"', b"", len(foot))
    kept = b"".join(bytes(block.data) for block in cut)
    assert kept == text.encode()[: len(kept)] and kept.strip().count(b"\n") == rows


def test_footers_of_each_file_and_of_many_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 1000)
    monkeypatch.setattr(blocks, "ROWS_OF_BLOCK", 1)
    for i in range(3):
        lines = "".join(f"{j},x{j}\n" for j in range(1000 * i, 1000 * i + 1000))
        write(tmp_path / f"{i}.csv", f"n,t\n{lines}1000 rows\nthe end")
    frame = load(tmp_path, skip_footer=2, threads=2)
    assert frame.column("n").numbers().tolist() == list(range(3000))
    setup = read_setup(expand(tmp_path), Options(skip_footer=2))
    assert setup.names == ["n", "t"]


def test_footers_that_cannot_be(tmp_path):
    path = write(tmp_path / "data.csv", "a,b\n1,2\n")
    assert load(path, skip_footer=1).shape == (0, 2)
    with pytest.raises(ParseError, match="skip_footer=3 leaves no line"):
        load(path, skip_footer=3)
    for wrong in (-1, 1.5, "1", True, None):
        with pytest.raises(InvalidArgument, match="skip_footer="):
            load(path, skip_footer=wrong)
    with pytest.raises(InvalidArgument, match="fill='yes' must be True or False"):
        load(path, fill="yes")


def test_formats_without_lines_have_no_footer(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"a": [1]}), tmp_path / "data.parquet")
    with pytest.raises(InvalidArgument, match=r"skip_footer: .*data.parquet is no text"):
        load(tmp_path / "data.parquet", skip_footer=1)
    assert load(tmp_path / "data.parquet", fill=True).nrow == 1


# ---- page ends


@pytest.mark.parametrize("end", ["\x0c", "\x1a", "\x0c\n", "\x1a\r\n", "\n\x0c\n\x1a", "\x1a\x1a\x1a"])
@pytest.mark.parametrize(
    "lines", ["a,b\n1,x\n2,y\n", "a,b\n1,x\n2,y", "a,b\r\n1,x\r\n2,y\r\n", '"a","b"\n1,"x"\n2,"y"\n']
)
def test_form_feed_and_end_of_file_characters_at_the_end(tmp_path, end, lines):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = load(write(tmp_path / "data.csv", lines + end))
    assert frame.column("a").numbers().tolist() == [1, 2]
    assert frame.column("b").texts().tolist() == ["x", "y"]


@pytest.mark.parametrize("page", ["\x0c", "\x1a", "\x0c\x0c"])
@pytest.mark.parametrize("kind", ["string", "numeric", "enum"])
def test_form_feeds_between_lines(tmp_path, page, kind):
    path = write(tmp_path / "data.csv", f"a\n1\n{page}\n2\n{page}\r\n3\n{page}")
    frame = load(path, types=[kind], header=1)
    assert frame.nrow == 3
    path = write(tmp_path / "two.csv", f'a,b\n1,"x\n{page}\n"\n{page}\n2,y\n')
    frame = load(path, types=["numeric", "string"])
    assert frame.column("b").texts().tolist() == [f"x\n{page}\n", "y"]


def test_arff_and_sparse_text_with_the_end_of_a_dos_file(tmp_path):
    path = write(tmp_path / "data.arff", "@relation r\n@attribute a numeric\n@data\n1\n2\n\x1a")
    assert load(path).nrow == 2
    path = write(tmp_path / "data.svm", "1 1:2\n0 2:3\n\x1a")
    assert load(path).shape == (2, 3)
