"""Cutting text into blocks of whole records, and cleaning blocks."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from heavywater.errors import ParseError
from heavywater.frame.importing import blocks, raw_text, unpack
from heavywater.frame.importing.blocks import RecordBlocks
from heavywater.frame.importing.cleaning import clean
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.raw_text import count, has_pair
from heavywater.frame.importing.sources import expand
from hypothesis import given, settings
from hypothesis import strategies as st

FIELDS = st.text(st.sampled_from("ab,\"\n' #\\é"), max_size=5)
# In a file of a few lines a comment within quotes leads the guess of the number of columns astray.
CELLS = FIELDS.filter(lambda text: "\n#" not in text)


def cut(text, size, quote=b'"', escape=b"", pieces=7, separator=","):
    """Blocks of a text that arrives in small pieces; they must add up to it."""
    stream = (text[i : i + pieces] for i in range(0, len(text), pieces))
    records = RecordBlocks("file.csv", stream, quote, escape)
    records.size = size
    records.read_by(separator, quote.decode(), escape.decode() or None)
    found: list[bytes] = []
    for block in records:
        assert block.line == 1 + b"".join(found).count(b"\n")
        found.append(bytes(block.data))
        block.give_back()
    assert b"".join(found) == text
    return found


@settings(deadline=None)
@given(
    st.lists(st.lists(FIELDS, min_size=2, max_size=3), max_size=30), st.integers(1, 60), st.integers(1, 30)
)
def test_records_stay_whole(rows, size, pieces):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    found = cut(out.getvalue().encode(), size, pieces=pieces)
    records = [row for block in found for row in csv.reader(io.StringIO(block.decode(), newline=""))]
    assert records == rows


def test_quotes_within_fields_open_nothing():
    text = b"size,name\n" + b"5' 10\",x\n" * 50
    assert len(cut(text, 40)) > 5


def test_escaped_quotes_close_nothing():
    text = b'"a \\" b\nc",1\n' * 20
    assert all(block.endswith(b'",1\n') for block in cut(text, 15, escape=b"\\"))


def test_file_without_quotes():
    assert len(cut(b'a "b\n' * 40, 30, quote=b"")) > 5


def test_open_quote_is_an_error_with_its_line(monkeypatch):
    monkeypatch.setattr(blocks, "LONGEST_RECORD", 1000)
    with pytest.raises(
        ParseError, match=r"file\.csv, line 21: no end of the record .* a quote character \" is not closed"
    ):
        cut(b"a,b\n" * 20 + b'"open,b\n' + b"a,b\n" * 1000, 50, pieces=200)


def test_lone_carriage_returns_and_byte_order_mark():
    pieces = iter([b"\xef\xbb\xbfa,b\r1,2\r", b"3,4\r"])
    assert b"".join(bytes(block.data) for block in RecordBlocks("f", pieces, b'"')) == b"a,b\n1,2\n3,4\n"


def test_memory_of_blocks_is_used_again():
    records = RecordBlocks("f", iter([b"x" * 999 + b"\n"] * 100), b'"')
    records.size = 5000
    seen = set()
    for block in records:
        seen.add(id(block.data.obj))
        block.give_back()
    assert len(seen) <= 3


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# note\na,b\n#x\n1,2\n", "\na,b\n\n1,2\n"),
        ("a, b\n 1,  2\n", "a,b\n1,2\n"),
        ('a, "b, c"\n" d",2\n', 'a,"b, c"\n" d",2\n'),
        ('a,"x\n y, z"\n1, 2\n', 'a,"x\n y, z"\n1,2\n'),
        ('a,"x"" , y"\n', 'a,"x"" , y"\n'),
        ("a,b \n1,2\n", "a,b \n1,2\n"),
        ("5' 10\", x\n", "5' 10\",x\n"),
        ('a, "open\n b', 'a,"open\n b'),
        ('# it is 5"\n1,"x\n# y"\n#,"z\n2, "# x"\n', '\n1,"x\n# y"\n\n2,"# x"\n'),
        ('1, "x\n# y""\n# z",2\n# end', '1,"x\n# y""\n# z",2\n'),
        ("a #b\n#c", "a #b\n"),
    ],
)
def test_cleaned_of_comments_and_blanks(text, wanted):
    assert clean(text.encode(), b",", b'"', b"", b"#") == wanted.encode()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a  b\n", "a b\n"),
        ("  a b  \nc d\r\n", "a b\nc d\r\n"),
        ('a  "b  c"  d\n', 'a "b  c" d\n'),
        ('"x  y"  1 \n', '"x  y" 1\n'),
        ("#  x\n1   2\n", "\n1 2\n"),
    ],
)
def test_blanks_as_separators(text, wanted):
    assert clean(text.encode(), b" ", b'"', b"", b"#") == wanted.encode()


def test_quoting_with_escapes():
    assert clean(rb"'it\'s, x', 'a, b', c", b",", b"'", b"\\", b"") == rb"'it\'s, x','a, b',c"


@given(st.binary(max_size=40), st.integers(0, 255), st.integers(0, 255))
def test_counting_as_bytes_do(data, one, two):
    assert count(data, one, two) == [data.count(one), data.count(two)]
    pair = bytes([one, two])
    assert has_pair(data, pair) == (pair in data)
    assert has_pair(data + pair, pair)


@pytest.mark.parametrize("lines", [1, 2, 5])
@pytest.mark.parametrize("pieces", [1, 16, 48])
def test_blocks_that_end_exactly_at_a_line_end(lines, pieces):
    """Nothing is left over for the next block, nor lost, where a piece, a line and a block end together."""
    text = b'"a\n""b",1234567\n' * 60
    found = cut(text, 16 * lines, pieces=pieces)
    assert all(len(block) % 16 == 0 for block in found)
    assert len(found) >= 60 // (lines + max(1, pieces // 16))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-99, 99999), CELLS, CELLS), min_size=1, max_size=40),
    st.integers(1, 60),
    st.integers(8, 40),
    st.integers(3, 9),
    st.sampled_from(["\n", "\r\n"]),
)
def test_files_in_small_blocks_are_read_as_by_the_csv_module(rows, size, pieces, part, end):
    """Blocks end within quotes, at line ends and anywhere else, and so do the parts in which bytes are counted."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator=end).writerows(rows)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "BLOCK_SIZE", size)
        patched.setattr(blocks, "ROWS_OF_BLOCK", 1)
        patched.setattr(raw_text, "_SLICE", part)
        patched.setattr(unpack, "READ_SIZE", pieces)
        path = Path(folder) / "small.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        options = Options(header=-1, separator=",", quote='"', types=["numeric", "string", "string"])
        frame = import_sources(expand(path), options, threads=2)
    wanted = csv.reader(io.StringIO(out.getvalue(), newline=""))
    ours = zip(*(column.texts().tolist() for column in frame.columns), strict=True)
    assert [list(row) for row in ours] == list(wanted)


@pytest.mark.parametrize("size", [1, 23, 24, 25, 480])
def test_a_small_file_is_read_in_many_blocks(size, tmp_path, monkeypatch):
    """That the settings of the test above do what they are for."""
    monkeypatch.setattr(blocks, "BLOCK_SIZE", size)
    monkeypatch.setattr(blocks, "ROWS_OF_BLOCK", 1)
    monkeypatch.setattr(unpack, "READ_SIZE", 24)
    made, block = [], RecordBlocks._block

    def counted(*given):
        made.append(given[2])
        return block(*given)

    monkeypatch.setattr(RecordBlocks, "_block", counted)
    path = tmp_path / "small.csv"
    path.write_bytes(b'100,"text of,\ntwo line"\n' * 40)
    options = Options(header=-1, separator=",", quote='"', types=["numeric", "string"])
    frame = import_sources(expand(path), options, threads=2)
    assert frame.column(1).texts().tolist() == ["text of,\ntwo line"] * 40
    assert sum(made) == 960 and len(made) >= 40 * 24 // max(48, size + 24)


def test_lines_within_quotes_are_no_comments(tmp_path):
    """Blanks after separators elsewhere in the file are what makes blocks be cleaned."""
    rows = [["1", "plain"]] * 30 + [["2", "title\n# heading\n#end"], ["3", "after"]]
    path = tmp_path / "notes.csv"
    lines = [f'{number}, "{text}"\n' for number, text in rows]
    path.write_text("# notes\n" + "".join(lines) + "# end\n")
    frame = import_sources(expand(path), Options(header=-1, types=["numeric", "string"]), threads=1)
    assert [list(row) for row in zip(*(c.texts().tolist() for c in frame.columns), strict=True)] == rows
