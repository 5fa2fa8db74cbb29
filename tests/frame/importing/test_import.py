"""Sources, options and bad input."""

import bz2
import gzip
import lzma
import threading
import zipfile

import numpy as np
import pytest
from heavywater.errors import InvalidArgument, JobCancelled, ParseError
from heavywater.frame.importing import blocks
from heavywater.frame.importing.digits import parse_digits
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from heavywater.frame.importing.text_setup import SAMPLE_BYTES, make_setup
from heavywater.session import JobHandle, LocalSession
from heavywater.session.files import key_for_path
from heavywater.session.settings import Memory

from ...sessions import finished

TEXT = b"a,b\n1,x\n2,y\n3,x\n"


def load(paths, pattern=None, threads=2, **options):
    return import_sources(expand(paths, pattern), Options(**options), threads)


def check(frame):
    assert frame.names == ["a", "b"]
    assert frame.column("a").values.tolist() == [1, 2, 3]
    assert frame.column("b").texts().tolist() == ["x", "y", "x"]


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["plain", "gz", "bz2", "xz"]
)
def test_packed_files(tmp_path, pack):
    path = tmp_path / "data.csv.packed"
    path.write_bytes(pack(TEXT))
    check(load(path))


def test_zstandard(tmp_path):
    import pyarrow

    path = tmp_path / "data.csv.zst"
    with pyarrow.CompressedOutputStream(str(path), "zstd") as out:
        out.write(TEXT)
    check(load(path))


def test_zip_with_two_members_and_gzip_with_two(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("one.csv", TEXT)
        archive.writestr("two.csv", TEXT)
    assert load(tmp_path / "two.zip").shape == (6, 2)
    (tmp_path / "two.csv.gz").write_bytes(gzip.compress(TEXT) + gzip.compress(b"4,z\n"))
    assert load(tmp_path / "two.csv.gz").column("a").values.tolist() == [1, 2, 3, 4]


def test_folder_pattern_glob_and_list(tmp_path):
    for i in range(3):
        (tmp_path / f"part{i}.csv").write_bytes(TEXT)
    (tmp_path / "other.txt").write_bytes(b"a,b\n9,q\n")
    (tmp_path / ".hidden").write_bytes(b"junk\x00")
    assert load(tmp_path).nrow == 10
    assert load(tmp_path, pattern=r".*\.csv").nrow == 9
    assert load(str(tmp_path / "part[12].csv")).nrow == 6
    assert load([tmp_path / "part0.csv", tmp_path / "other.txt"]).column("b").levels == ("q", "x", "y")
    assert load((tmp_path / "part0.csv").as_uri()).nrow == 3


BAD = {
    "truncated.csv.gz": (gzip.compress(TEXT * 1000)[:-20], "damaged or cut off"),
    "damaged.csv.gz": (gzip.compress(TEXT)[:12] + b"junkjunkjunk", "damaged or cut off"),
    "ragged.csv": (TEXT + b"4,x,7\n", r"ragged\.csv, line 5: 3 fields, but the file has 2 columns"),
    "short.csv": (TEXT + b"4\n", r"short\.csv, line 5: 1 fields"),
    "binary.bin": (bytes(range(256)) * 10, r"line 1: a zero byte"),
    "empty.csv": (b"", "the file is empty"),
    "blank.csv": (b"\n\n\n", "holds no data"),
    "bad.zip": (b"PK\x03\x04nonsense", "zip archive cannot be read"),
    "nothing.zip": (b"PK\x05\x06" + bytes(18), "the zip archive holds no files"),
    "quote.csv": (
        TEXT + b'4,"x\n5,y\n6,z\n',
        r"quote\.csv, line 5: the quote character \" that opens a field",
    ),
    "quotes.csv": (b'"a",b\n' * 400_000 + b'1,"x\n2,y\n', r"quotes\.csv, line 400001: the quote character"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_leaves_nothing(tmp_path, name):
    content, message = BAD[name]
    (tmp_path / name).write_bytes(content)
    session = LocalSession()
    with pytest.raises(ParseError, match=message) as caught:
        finished(session, session.files.import_files(str(tmp_path / name)))
    assert name in str(caught.value)
    assert session.store.keys() == []


def test_separator_that_does_not_occur(tmp_path):
    path = write(tmp_path, "a;b;c\n1;2;3\n4;5;6\n")
    with pytest.raises(
        ParseError, match=r"line 1: the separator sep=',' does not occur, but ';' cuts every line into 3"
    ):
        load(path, separator=",")
    assert load(path, separator=",", names=["line"]).shape == (3, 1)
    assert load(path, separator=",", types=["string"]).column("C1").texts().tolist()[1] == "1;2;3"
    texts = write(tmp_path, "two words\nno; more\nthan two\n")
    assert load(texts, separator="|").ncol == load(texts, separator="\t").ncol == 1
    assert load(write(tmp_path, 'a\n"x;y\nz"\n"1;2\n3"\n'), separator=",", header=1).shape == (2, 1)


def test_quotes_that_open_no_field_need_no_end(tmp_path):
    assert load(write(tmp_path, 'size,n\n5 "x,1\n6,2\n')).shape == (2, 2)


def test_missing_files_and_folders(tmp_path):
    for path, message in [
        (tmp_path / "no.csv", "no such file"),
        (tmp_path / "*.csv", "no file matches"),
        (tmp_path, "holds no files"),
    ]:
        with pytest.raises(ParseError, match=message):
            load(str(path))
    (tmp_path / "a.csv").write_bytes(TEXT)
    with pytest.raises(ParseError, match="none of its 1 files matches the pattern"):
        load(tmp_path, pattern="x+y")
    with pytest.raises(InvalidArgument, match="no regular expression"):
        load(tmp_path, pattern="(")
    with pytest.raises(InvalidArgument, match=r"nothing://.*Known"):
        load("nothing://bucket/key.csv")
    with pytest.raises(InvalidArgument, match="an empty list"):
        load([])


def write(tmp_path, content, name="file.csv"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_options(tmp_path):
    path = write(tmp_path, "1;-99;x\n2;5;none\n")
    frame = load(
        path,
        separator=";",
        header=-1,
        names=["p", "q", "r"],
        types={"p": "enum"},
        na_strings={"q": ["-99"], "r": "none"},
    )
    assert frame.types == {"p": "enum", "q": "int", "r": "string"}
    assert frame.column("q").missing_count == frame.column("r").missing_count == 1
    assert load(path, skipped=[0, "C3"]).names == ["C2"]
    assert load(path, header=1).names == ["1", "-99", "x"]
    assert load(path, types=[None, "string", "string"]).types["C2"] == "string"
    assert load(path, na_strings=["2", "x"]).column("C1").missing_count == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"names": ["a"]}, "col_names: 1 names for the 3 columns"),
        ({"types": {"zz": "enum"}}, "no column 'zz'"),
        ({"types": ["enum"]}, "col_types: 1 types"),
        ({"types": {"C1": "complex"}}, "'complex'"),
        *(
            ({name: letter}, f"{label}={letter!r} must be a single character".replace("\\", "."))
            for name, label in (("separator", "sep"), ("quote", "quotechar"), ("escape", "escapechar"))
            for letter in ("ab", "", "\0", "\n", "\r", "é", "\udcff")
        ),
        ({"header": 2}, "header=2"),
        ({"skipped": [7]}, "no column 7"),
        ({"skipped": [0, 1, 2]}, "all 3 columns"),
        ({"names": ["a", "a", "b"]}, "'a' appears more than once"),
        ({"na_strings": [["x"]]}, "1 lists for 3 columns"),
        ({"na_strings": 5}, "na_strings=5 must be a list of texts"),
    ],
)
def test_wrong_options_are_named(tmp_path, options, message):
    with pytest.raises(InvalidArgument, match=message):
        load(write(tmp_path, "1;-99;x\n2;5;none\n"), **options)


def test_blocks_are_cut_outside_of_quotes(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 64)
    rows = [f'{i},"line one\nline ""two"", {i % 7}",{i / 4}\n' for i in range(500)]
    frame = load(write(tmp_path, "id,text,value\n" + "".join(rows)))
    assert frame.shape == (500, 3)
    assert frame.column("id").values.tolist() == list(range(500))
    assert frame.column("text").texts()[8] == 'line one\nline "two", 1'
    assert np.allclose(frame.column("value").numbers(), np.arange(500) / 4)


def test_many_blocks_keep_order_and_widen_types(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 1000)
    values = [*range(3000), 1 << 40, -5]
    frame = load(write(tmp_path, "".join(f"{v}\n" for v in values)))
    assert frame.column("C1").values.tolist() == values
    mixed = load(write(tmp_path, "n\n" + "".join(f"{v}\n" for v in range(900)) + "0.25\n\n7\n"))
    assert mixed.column("n").kind == "real"
    assert mixed.nrow == 902


@pytest.mark.parametrize("text", [b"1,22,333\n0,255,9\n", b"1,2,3", b"0,0,0\n7,8,9\n"])
def test_digits_as_numpy_reads_them(text):
    wanted = np.loadtxt(text.decode().splitlines(), delimiter=",", ndmin=2)
    assert np.array_equal(parse_digits(text, ord(","), 3), wanted.T)


@pytest.mark.parametrize(
    "text",
    [
        b"1,2\n3,4,5,6\n",
        b"1,2,\n",
        b"1,2,-3\n",
        b"1,2,1234\n",
        b"1,2,x\n",
        b"1;2;3\n",
        b",1,2\n",
        b"1,2\n",
        b"1,2,3\r\n",
        b"1,2,3\n\n",
        b"1,2,3.5\n",
        b"1,2\n,3,4,5\n",
        b"1, 2,3\n",
    ],
)
def test_digits_refuse_anything_else(text):
    assert parse_digits(text, ord(","), 3) is None


def test_memory_limit_refuses_an_import(tmp_path):
    path = write(tmp_path, "a\n" + "1.234567890123\n" * 20_000)
    session = LocalSession(max_mem_size=100_000)
    with pytest.raises(InvalidArgument, match="max_mem_size is 0 MB"):
        finished(session, session.files.import_files(str(path)))
    assert session.store.keys() == []


def test_cancelled_import_leaves_nothing(tmp_path, monkeypatch):
    path = write(tmp_path, "a\n" + "1\n" * 500_000)
    session = LocalSession()
    go = threading.Event()
    advance = Memory.import_limit
    monkeypatch.setattr(Memory, "import_limit", lambda memory: (go.wait(5), advance(memory))[1])
    job = JobHandle(session, session.files.import_files(str(path)))
    job.cancel()
    go.set()
    with pytest.raises(JobCancelled):
        job.wait()
    assert job.status == "CANCELLED"
    assert session.store.keys() == []


def test_keys_from_paths():
    assert key_for_path("/data/train.csv.gz") == "train.hex"
    assert key_for_path("https://host/a%20b.csv?x=1") == "a_b.hex"
    assert key_for_path("2020.csv") == "X2020.hex"


def test_wide_image_data_takes_one_byte_per_cell(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (2000, 784))
    pixels[:, ::3] = 0
    table = np.column_stack([pixels, np.arange(2000) % 10])
    text = "\n".join(",".join(map(str, row)) for row in table.tolist())
    (tmp_path / "train.csv.gz").write_bytes(gzip.compress(text.encode(), 1))
    frame = load(tmp_path / "train.csv.gz")
    assert frame.names[0] == "C1"
    assert frame.names[-1] == "C785"
    assert frame.nbytes == 2000 * 785
    assert np.array_equal(np.column_stack([c.values for c in frame.columns]), table)


def test_files_with_and_without_header_among_many(tmp_path):
    (tmp_path / "1.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "2.csv").write_bytes(b"3,4\n")
    (tmp_path / "3.csv").write_bytes(b"a,b\n5,6\n")
    assert load(tmp_path).column("a").values.tolist() == [1, 3, 5]


def test_files_of_different_widths_are_refused(tmp_path):
    (tmp_path / "1.csv").write_bytes(b"1,2\n")
    (tmp_path / "2.csv").write_bytes(b"3,4,5\n")
    with pytest.raises(ParseError, match=r"2\.csv, line 1: 3 fields, but the file has 2 columns"):
        load(tmp_path)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_an_empty_last_field_is_missing_whatever_ends_the_file(tmp_path, end):
    path = tmp_path / "file.csv"
    path.write_text(f'a,b\n0,x\n"1,2",{end}', newline="")
    assert load(path, header=1, types=["string", "string"]).column("b").texts().tolist() == ["x", None]


def test_types_are_guessed_from_rows_however_long_the_names_are() -> None:
    names = [f"name_{i:0300d}" for i in range(2000)]
    text = "\n".join([",".join(names), *(",".join(["1.5"] * 2000) for _ in range(9))]) + "\n"
    assert len(",".join(names)) > SAMPLE_BYTES
    setup = make_setup("wide.csv", text.encode(), Options())
    assert setup.header and set(setup.types) == {"numeric"} and not setup.open
