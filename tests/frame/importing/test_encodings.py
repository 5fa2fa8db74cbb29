"""Texts in other encodings, and bytes that mean nothing."""

import warnings

import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pyarrow.parquet
import pytest
from heavywater.errors import InvalidArgument, ParseError
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.importing import blocks, unpack
from heavywater.frame.importing.encodings import as_utf8, escaped
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from hypothesis import given
from hypothesis import strategies as st


def load(path, **options):
    return import_sources(expand(path), Options(**options), 2)


def write(tmp_path, content, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


TEXT = 'näme,größe\nä,1\n"ö, ü",2\nß,3\n'


@pytest.mark.parametrize(
    "encoding",
    [
        "latin-1",
        "cp1252",
        "iso-8859-15",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-8",
        "utf-8-sig",
        "cp500",
    ],
)
def test_texts_in_an_encoding_that_is_named(tmp_path, encoding):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = load(write(tmp_path, TEXT.encode(encoding)), encoding=encoding)
    assert frame.names == ["näme", "größe"]
    assert frame.column("näme").texts().tolist() == ["ä", "ö, ü", "ß"]
    assert frame.column("größe").values.tolist() == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_names_the_encoding(tmp_path, encoding):
    assert load(write(tmp_path, TEXT.encode(encoding))).names == ["näme", "größe"]


def test_bytes_that_are_not_utf_8_are_written_as_h2o_does(tmp_path):
    path = write(
        tmp_path, b'n\xe4me,t\n\xe4,1\n"\xe4\xf6, x",2\n' + "é".encode() + b"\xff,3\n\xe6\x97\xa5,4\n"
    )
    with pytest.warns(
        UserWarning, match=r"5 bytes mean nothing .* the first in line 1\. Give encoding="
    ) as seen:
        frame = load(path)
    assert len(seen) == 1
    assert frame.names == ["n<0xE4>me", "t"]
    assert frame.columns[0].texts().tolist() == ["<0xE4>", "<0xE4F6>, x", "é<0xFF>", "日"]


@pytest.mark.parametrize("kind", ["enum", "string"])
def test_bytes_far_into_the_file(tmp_path, kind):
    path = write(tmp_path, b"a,b\n" + b"1,x\n" * 400_000 + b"2,caf\xe9\n3,\xfc\xfc\n")
    with pytest.warns(UserWarning, match=r"3 bytes mean nothing .* in line 400002\."):
        column = load(path, types={"b": kind}).column("b")
    assert column.texts()[-3:].tolist() == ["x", "caf<0xE9>", "<0xFCFC>"]
    latin = load(path, types={"b": kind}, encoding="latin-1").column("b")
    assert latin.texts()[-3:].tolist() == ["x", "café", "üü"]


def test_a_column_that_is_not_read_is_not_complained_about(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(write(tmp_path, b"a,b\n1,\xe4\n2,\xe4\n"), skipped=["b"]).names == ["a"]


def test_bytes_among_numbers_are_not_lost(tmp_path):
    path = write(tmp_path, b"a,b\n" + b"1,2\n" * 2000 + b"1,\xa05\n")
    with pytest.warns(UserWarning, match="the first being '<0xA0>5' in line 2002"):
        assert load(path).column("b").texts()[-1] == "<0xA0>5"


def test_bytes_that_an_encoding_does_not_know(tmp_path):
    path = write(tmp_path, b"a,b\n1,\x80\n2,\x81\n")
    with pytest.warns(UserWarning, match=r"1 byte means nothing .* in line 3\."):
        assert load(path, encoding="cp1252").column("b").texts().tolist() == ["€", "<0x81>"]


def test_arff_and_svmlight(tmp_path):
    arff = "@relation r\n@attribute größe numeric\n@attribute b {ä,ö}\n@data\n1,ä\n2,ö\n".encode("latin-1")
    path = write(tmp_path, arff, "x.arff")
    with pytest.warns(UserWarning, match=r"6 bytes mean nothing .* line 2"):
        assert load(path).names == ["gr<0xF6DF>e", "b"]
    frame = load(path, encoding="latin-1")
    assert (frame.names, frame.column("b").levels) == (["größe", "b"], ("ä", "ö"))
    svm = write(tmp_path, "1 1:2 3:4 # größe\n0 2:1\n".encode("utf-16"), "x.svm")
    assert load(svm, encoding="utf-16").shape == (2, 4)
    assert load(write(tmp_path, "1 1:2 # größe\n".encode("latin-1"), "y.svm")).shape == (1, 2)


def test_a_column_that_is_read_again_is_decoded_again(tmp_path):
    lines = "zahl\n" + "001\n" * 2000 + "drei größer\n"
    path = write(tmp_path, lines.encode("utf-16"))
    with pytest.warns(UserWarning, match="'drei größer' in line 2002"):
        column = load(path).column("zahl")
    assert column.texts()[[0, -1]].tolist() == ["001", "drei größer"]
    path = write(tmp_path, lines.encode("latin-1"), "latin.csv")
    with pytest.warns(UserWarning, match="mean nothing") as seen:
        assert load(path).column("zahl").texts()[-1] == "drei gr<0xF6DF>er"
    assert [str(each.message).count("2 bytes mean nothing") for each in seen] == [0, 1]


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64", "hex", "undefined", "punycode", "", 5])
def test_what_is_no_encoding(tmp_path, name):
    with pytest.raises(InvalidArgument, match=r"encoding=.* is no encoding of texts; give one .* 'latin-1'"):
        load(write(tmp_path, b"a\n1\n"), encoding=name)


def test_zero_bytes_lead_to_the_argument(tmp_path):
    with pytest.raises(ParseError, match="give encoding="):
        load(write(tmp_path, TEXT.encode("utf-16-le")))


def test_a_text_that_cannot_be_in_the_encoding(tmp_path):
    with pytest.raises(
        ParseError, match=r"file.csv, line 1: the text is not in encoding='utf-16' .* 'utf-16-le'"
    ):
        load(write(tmp_path, b"a,b\n1,2\n"), encoding="utf-16")


BYTES = [b"caf\xe9", b"ok", "é".encode(), None, b""] * 3


def _feather(table, path):
    pyarrow.feather.write_feather(table, path)


def _stream(table, path):
    with pa.ipc.new_stream(path, table.schema) as out:
        out.write_table(table)


def _not_utf8():
    raw = pa.array(BYTES, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(raw), raw.buffers())


@pytest.mark.parametrize("writer", [pyarrow.parquet.write_table, pyarrow.orc.write_table, _feather, _stream])
@pytest.mark.parametrize("kind", ["binary", "large_binary", "string", "dictionary"])
def test_cells_of_typed_files(tmp_path, writer, kind):
    cells = _not_utf8() if kind == "string" else pa.array(BYTES, pa.binary())
    if kind == "large_binary":
        cells = cells.cast(pa.large_binary())
    if kind == "dictionary":
        if writer is pyarrow.orc.write_table:
            pytest.skip("ORC files have no dictionaries that Arrow could write")
        cells = cells.dictionary_encode()
    path = str(tmp_path / "x")
    writer(pa.table({"x": cells}), path)
    with pytest.warns(UserWarning, match=r"bytes? means? nothing .* the first in row 1\."):
        column = load(path).column("x")
    assert column.texts()[:5].tolist() == ["caf<0xE9>", "ok", "é", None, ""]
    latin = load(path, encoding="latin-1").column("x").texts()[:5].tolist()
    assert latin == ["café", "ok", "é" if kind == "string" else "Ã©", None, ""]


def test_bytes_of_arrow_tables_in_memory():
    with pytest.warns(UserWarning, match=r"python_obj, row 1: column 'x' holds 3 bytes that are not UTF-8"):
        column = frame_from(pa.table({"x": pa.array(BYTES, pa.binary())})).column("x")
    assert column.texts()[:4].tolist() == ["caf<0xE9>", "ok", "é", None]


@given(st.binary(max_size=200))
def test_what_is_escaped_is_utf_8_and_tells_every_byte(data):
    text, count, line = escaped(data)
    assert text.decode().count("<0x") >= (count > 0)
    assert (text == data) == (count == 0)
    assert len(text) == len(data) or count
    stray = sum(0xDC80 <= ord(c) <= 0xDCFF for c in data.decode("utf-8", "surrogateescape"))
    assert count == stray
    assert line <= data.count(b"\n")


@given(
    st.text(max_size=100),
    st.integers(1, 7),
    st.sampled_from(["utf-16", "utf-8", "utf-32-be", "gb18030", "utf-7"]),
)
def test_pieces_may_be_cut_anywhere(text, size, encoding):
    text = text.encode("utf-8", "ignore").decode().lstrip("\ufeff")
    data = text.encode(encoding)
    pieces = (data[i : i + size] for i in range(0, len(data), size))
    assert (
        b"".join(
            as_utf8("file", pieces, encoding, lambda *_: pytest.fail("all bytes mean something"))
        ).decode()
        == text
    )


def test_small_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_SIZE", 256)
    monkeypatch.setattr(unpack, "READ_SIZE", 256)
    lines = [f"gr\xf6\xdfe{i},{i}" for i in range(3000)]
    path = write(tmp_path, ("t,n\n" + "\n".join(lines)).encode("latin-1"))
    with pytest.warns(UserWarning, match=r"6000 bytes mean nothing .* in line 2\."):
        assert load(path).column("t").texts()[2999] == "gr<0xF6DF>e2999"
    assert load(path, encoding="latin-1").column("t").texts()[2999] == "größe2999"
