"""Getting files into frames through the front end: every argument, and what stays when something fails."""

import inspect
import time
import warnings
from typing import Any

import h2o
import numpy as np
import pyarrow as pa
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError
from heavywater.errors import ParseError
from pyarrow import parquet

from ..sessions import behind


@pytest.fixture(autouse=True, scope="module")
def started():
    h2o.init(verbose=False)
    h2o.no_progress()


def write(folder, content, name="data.csv"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="")
    return str(path)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (
            h2o.import_file,
            "path=None destination_frame=None parse=True header=0 sep=None col_names=None col_types=None na_strings=None "
            "pattern=None skipped_columns=None force_col_types=False custom_non_data_line_markers=None "
            "partition_by=None quotechar=None escapechar=None tz_adjust_to_local=False fill=False skip_footer=0 encoding=None "
            "sharded=False",
        ),
        (
            h2o.upload_file,
            "path destination_frame=None header=0 sep=None col_names=None col_types=None na_strings=None "
            "skipped_columns=None force_col_types=False quotechar=None escapechar=None "
            "custom_non_data_line_markers=None fill=False skip_footer=0 encoding=None",
        ),
        (h2o.lazy_import, "path pattern=None"),
        (
            h2o.parse_setup,
            "raw_frames destination_frame=None header=0 separator=None column_names=None column_types=None "
            "na_strings=None skipped_columns=None force_col_types=False custom_non_data_line_markers=None "
            "partition_by=None quotechar=None escapechar=None tz_adjust_to_local=False fill=False skip_footer=0 encoding=None",
        ),
        (h2o.parse_raw, "setup id=None first_line_is_header=0"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_signatures_of_h2o_3_and_what_is_added(function, arguments):
    found = inspect.signature(function).parameters.values()
    shown = [p.name if p.default is p.empty else f"{p.name}={p.default}" for p in found]
    assert shown == arguments.split()


def test_names_types_and_missing_texts(tmp_path):
    path = write(tmp_path, "1;-99;x;2020-01-01\n2;5;none;2020-01-02\n")
    frame = h2o.import_file(
        path,
        destination_frame="named.hex",
        sep=";",
        header=-1,
        col_names=["p", "q", "r", "s"],
        col_types={"p": "Enum", "s": "string"},
        na_strings={"q": ["-99"], "r": "none"},
    )
    assert frame.frame_id == "named.hex"
    assert frame.types == {"p": "enum", "q": "int", "r": "string", "s": "string"}
    assert frame["q"].isna().sum() == frame["r"].isna().sum() == 1
    assert h2o.import_file(path, sep="", na_strings=[["1"], [], [], []])["C1"].nacnt() == [1]
    assert h2o.import_file(path, na_strings=["2", "x"]).nacnt() == [1, 0, 1, 0]
    assert h2o.import_file(path, col_types=[None, "unknown", "uuid", "time"]).nacnt() == [0, 2, 2, 0]
    h2o.remove("named.hex")


def test_skipped_columns_by_position_and_name(tmp_path):
    path = write(tmp_path, "a,b,c\n1,x,2.5\n2,y,3.5\n")
    assert h2o.import_file(path, skipped_columns=[1]).names == ["a", "c"]
    assert h2o.import_file(path, skipped_columns=["a"], col_names=["p", "q"]).names == ["p", "q"]
    assert h2o.import_file(path, skipped_columns=[0], col_types=["string", "enum"]).types == {
        "b": "string",
        "c": "enum",
    }
    assert h2o.upload_file(path, skipped_columns=[0, 2]).names == ["b"]
    for wrong, message in (
        ([0, 1, 2], "all 3 columns"),
        ([-1], "no column -1"),
        ([3], "no column 3, .*counted from 0|no column 3"),
    ):
        with pytest.raises(H2OValueError, match=message):
            h2o.import_file(path, skipped_columns=wrong)
    with pytest.raises(H2OTypeError, match="skipped_columns=1 must be a list"):
        h2o.import_file(path, skipped_columns=1)  # type: ignore[call-overload]


def test_forced_types_of_numbers(tmp_path):
    path = write(tmp_path, "w,r\n1,1.4\n2,2.6\n,\n4,-3.5\n")
    assert h2o.import_file(path, col_types={"w": "real", "r": "int"}).types == {"w": "int", "r": "real"}
    frame = h2o.import_file(path, col_types={"w": "real", "r": "int"}, force_col_types=True)
    assert frame.types == {"w": "real", "r": "int"}
    cells = frame.as_data_frame()
    assert np.array_equal(cells["w"], [1, 2, np.nan, 4], equal_nan=True)
    assert np.array_equal(cells["r"], [1, 3, np.nan, -4], equal_nan=True)


@pytest.mark.parametrize(
    ("first", "markers", "rows"),
    [
        (["1", "2", "3", "4", "5"], None, 5),
        (["1", "2", "#3", "4", "5"], None, 4),
        (["1", "2", "#3", "4", "5"], "", 5),
        (["1", "2", "@3", "4", "5"], "@", 4),
        (["1", "2", "@3", "#4", "5"], "@#", 3),
        (["1", "2", "@3", "#4", "5"], "@", 4),
    ],
)
def test_lines_that_hold_no_data(tmp_path, first, markers, rows):
    path = write(
        tmp_path, "".join(f"{cell}\t{i + 6}\t{i + 11}\n" for i, cell in enumerate(first)), "data.tsv"
    )
    types = ["string", "numeric", "numeric"]
    assert h2o.import_file(path, col_types=types, custom_non_data_line_markers=markers).nrow == rows
    setup = h2o.parse_setup(path, column_types=types, custom_non_data_line_markers=markers)
    assert h2o.parse_raw(setup).nrow == rows
    skipped = h2o.import_file(path, header=-1, skipped_columns=[0], custom_non_data_line_markers=markers)
    assert skipped.nrow == rows


def test_quotes_and_escapes(tmp_path):
    path = write(tmp_path, "a,b\n'x, y',1\n'it''s',2\n")
    assert h2o.import_file(path, quotechar="'")["a"].as_data_frame()["a"].tolist() == ["x, y", "it's"]
    path = write(tmp_path, 'a,b\n"x \\" y\\, z",1\nplain\\, too,2\n')
    assert h2o.import_file(path, escapechar="\\")["a"].as_data_frame()["a"].tolist() == [
        'x " y, z',
        "plain, too",
    ]
    with pytest.raises(H2OValueError, match="quotechar='ab' must be a single character"):
        h2o.import_file(path, quotechar="ab")


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_partitions_become_enums_at_the_end(tmp_path, format):
    for year, late, cells in (
        (2020, "YES", [1, 2]),
        (2021, "NO", [3]),
        (2021, "__HIVE_DEFAULT_PARTITION__", [4]),
    ):
        folder = tmp_path / "flights" / f"Year={year}" / f"Late={late}"
        folder.mkdir(parents=True)
        if format == "csv":
            write(folder, "n,s\n" + "".join(f"{n},t{n}\n" for n in cells), "part.csv")
        else:
            parquet.write_table(
                pa.table({"n": cells, "s": [f"t{n}" for n in cells]}), folder / "part.parquet"
            )
        (folder / "_SUCCESS").write_text("")
    frame = h2o.import_file(str(tmp_path / "flights"), partition_by=["Year", "Late"])
    assert frame.names == ["n", "s", "Year", "Late"]
    assert frame.type("Year") == frame.type("Late") == "enum"
    cells = frame.as_data_frame().sort_values("n")
    assert cells["n"].tolist() == [1, 2, 3, 4]
    assert cells["Year"].tolist() == [2020, 2020, 2021, 2021]
    assert cells["Late"].isna().tolist() == [False, False, False, True]
    assert h2o.import_file(str(tmp_path / "flights"), partition_by="Year").names == ["n", "s", "Year"]
    with pytest.raises(ParseError, match="no folder Month="):
        h2o.import_file(str(tmp_path / "flights"), partition_by="Month")


def test_folders_below_folders_and_patterns(tmp_path):
    for name in ("a.csv", "deep/b.csv", "deep/er/c.txt", ".hidden.csv", "_log/d.csv", "empty.csv"):
        write(tmp_path, "" if name == "empty.csv" else "n,s\n1,x\n", name)
    assert h2o.import_file(str(tmp_path)).nrow == 3
    assert h2o.import_file(str(tmp_path), pattern=r".*\.csv").nrow == 2
    assert h2o.import_file(str(tmp_path), pattern="^deep/").nrow == 2
    found = h2o.lazy_import(str(tmp_path), pattern="c")
    assert [name.removeprefix(str(tmp_path)) for name in found] == ["/a.csv", "/deep/b.csv", "/deep/er/c.txt"]
    assert h2o.import_file(found).nrow == 3
    assert h2o.import_file(str(tmp_path), parse=False, pattern="txt$") == found[-1:]


def test_setup_is_changed_and_used(tmp_path):
    path = write(tmp_path, "1|x|2020-01-01\n2|y|2020-01-02\n3|x|2020-01-03\n")
    raw = h2o.import_file(path, parse=False)
    setup = h2o.parse_setup(raw, destination_frame="set.hex", na_strings=["3"])
    assert setup["separator"] == ord("|")
    assert setup["check_header"] == -1
    assert setup["column_names"] == ["C1", "C2", "C3"]
    assert setup["column_types"] == ["Numeric", "Enum", "Time"]
    assert (setup["parse_type"], setup["number_columns"]) == ("CSV", 3)
    setup["column_types"][1] = '"String"'
    setup["column_names"] = ['"p"', "q", "r"]
    frame = h2o.parse_raw(setup)
    assert frame.frame_id == "set.hex"
    assert frame.types == {"p": "int", "q": "string", "r": "time"}
    assert frame["p"].nacnt() == [1]
    assert h2o.parse_raw(setup, id="other.hex", first_line_is_header=1).nrow == 2
    h2o.remove(["set.hex", "other.hex"])


@pytest.mark.parametrize("format", ["parquet", "svm", "arff"])
def test_setup_of_other_formats(tmp_path, format):
    if format == "parquet":
        path = str(tmp_path / "t.parquet")
        parquet.write_table(pa.table({"a": [1, 2], "b": ["x", "y"]}), path)
    elif format == "svm":
        path = write(tmp_path, "1 1:2\n0 2:3\n", "t.svm")
    else:
        path = write(
            tmp_path, "@relation r\n@attribute a numeric\n@attribute b {x,y}\n@data\n1,x\n?,y\n", "t.arff"
        )
    setup = h2o.parse_setup(path)
    assert setup["parse_type"] == {"parquet": "PARQUET", "svm": "SVMLight", "arff": "ARFF"}[format]
    assert h2o.parse_raw(setup).shape == h2o.import_file(path).shape


def test_times_in_the_zone_of_the_session(tmp_path):
    path = write(tmp_path, "t,n\n2024-08-02 19:37:06,1\n2024-01-02 19:37:06,2\n")
    stamps = pa.array([1722641826000, 1704224226000], pa.timestamp("ms", "UTC"))
    parquet.write_table(pa.table({"t": stamps}), tmp_path / "t.parquet")
    utc = h2o.import_file(path)
    behind().settings.time_zone = "America/New_York"
    try:
        local = h2o.import_file(path)
        plain = h2o.import_file(str(tmp_path / "t.parquet"))
        moved = h2o.import_file(str(tmp_path / "t.parquet"), tz_adjust_to_local=True)
        with pytest.warns(UserWarning, match="tz_adjust_to_local has no effect on files of the format CSV"):
            h2o.import_file(path, tz_adjust_to_local=True)
    finally:
        behind().settings.time_zone = "UTC"
    hours = 3_600_000
    cells = [behind().store.frame(f.frame_id).column("t").numbers() for f in (utc, local, plain, moved)]
    assert (cells[1] - cells[0]).tolist() == [4 * hours, 5 * hours]
    assert cells[2].tolist() == [1722641826000, 1704224226000]
    assert (cells[3] - cells[2]).tolist() == [-4 * hours, -5 * hours]


@pytest.mark.parametrize("form", ["datetime", "milliseconds"])
@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_times_that_were_moved_to_the_zone_are_moved_back(tmp_path, format, form):
    seconds = [0, 1704224226, 1722641826, 1730611800]  # the last one in the hour that comes twice in autumn
    stamps = pa.array([*(1000 * each for each in seconds), None], pa.timestamp("ms", "UTC"))
    parquet.write_table(pa.table({"t": stamps, "n": range(5)}), tmp_path / "t.parquet")
    wanted, out = tmp_path / "wanted", tmp_path / "out"
    h2o.export_file(h2o.import_file(str(tmp_path / "t.parquet")), str(wanted), format=format, times=form)
    behind().settings.time_zone = "America/New_York"
    try:
        moved = h2o.import_file(str(tmp_path / "t.parquet"), tz_adjust_to_local=True)
        h2o.export_file(moved, str(out), format=format, times=form, tz_adjust_from_local=True)
        h2o.export_file(moved, str(tmp_path / "as_it_is"), format=format, times=form)
    finally:
        behind().settings.time_zone = "UTC"
    first, second, other = (
        h2o.import_file(str(path)).as_data_frame() for path in (wanted, out, tmp_path / "as_it_is")
    )
    assert first.equals(second) and not first.equals(other)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n3\n", "line 3: 1 fields, but the file has 2 columns"),
        ("a,b\n" + "1,2\n" * 700_000 + "3,4,5\n", "line 700002: 3 fields"),
        ("", "the file is empty"),
    ],
)
def test_nothing_is_left_when_an_import_fails(tmp_path, content, message):
    before = behind().store.keys()
    with pytest.raises(ParseError, match=message):
        h2o.import_file(write(tmp_path, content), destination_frame="partial.hex")
    assert behind().store.keys() == before


def test_ragged_rows_of_a_wrong_separator_name_it(tmp_path):
    path = write(tmp_path, "a;b\n1,5;2\n3;4\n")
    with pytest.raises(ParseError, match=r"separator ','.*sep="):
        h2o.import_file(path, sep=",")


def test_long_imports_show_a_bar(tmp_path, capsys, monkeypatch):
    from h2o.backend import progress
    from heavywater.frame.importing.meter import Meter

    reach = Meter.reach

    def slow(meter, share):
        time.sleep(0.02)
        reach(meter, share)

    monkeypatch.setattr(Meter, "reach", slow)
    monkeypatch.setattr(progress, "_is_terminal", lambda: True)
    monkeypatch.setattr(progress.ProgressBar, "_quiet", 0)
    path = write(tmp_path, "n,s\n" + "12345,some text\n" * 3_000_000)
    h2o.show_progress()
    try:
        h2o.import_file(path)
    finally:
        h2o.no_progress()
    shown = capsys.readouterr().out
    assert "Parse: |" in shown
    assert "100%" in shown


@pytest.mark.same_process
def test_credentials_for_s3_are_kept_by_the_process():
    from h2o import persist
    from heavywater.frame.importing import filesystems

    persist.set_s3_credentials("key", "secret", session_token="token")
    assert filesystems._s3_credentials.access_key == "key"
    persist.remove_s3_credentials()
    assert filesystems._s3_credentials is None
    with pytest.raises(H2OValueError, match="secret_access_key is needed"):
        persist.set_s3_credentials("key", "")


def test_no_warning_for_an_ordinary_file(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = h2o.import_file(write(tmp_path, "a,b\n1,NA\n2,3\n,4.5\n"))
    assert frame.nacnt() == [1, 1]


def test_short_lines_footers_and_comments_in_every_function(tmp_path):
    path = write(tmp_path, ";a;b;c\n0;1;x;2\n% remark\n1;3\nTotal;2\n")
    options: dict[str, Any] = {"fill": True, "skip_footer": 1, "custom_non_data_line_markers": "%"}
    setup = h2o.parse_setup(path, **options)
    assert (setup["fill"], setup["skip_footer"]) == (True, 1)
    frames = [h2o.import_file(path, **options), h2o.upload_file(path, **options), h2o.parse_raw(setup)]
    for frame in frames:
        assert frame.names == ["C1", "a", "b", "c"]
        assert frame["a"].as_data_frame()["a"].tolist() == [1, 3]
        assert frame["c"].isna().as_data_frame().iloc[:, 0].tolist() == [0, 1]
    with pytest.raises(ParseError, match=r"line 4: 2 fields.*fill=True"):
        h2o.import_file(path, custom_non_data_line_markers="%")


def test_equal_names_in_every_function(tmp_path):
    path = write(tmp_path, "score,score,\n1,2,3\n4,5,6\n")
    for function in (h2o.import_file, h2o.upload_file, h2o.parse_setup):
        with pytest.raises(h2o.exceptions.H2OValueError, match="'score' appears more than once"):
            function(path)
    names = ["p", "q", "r"]
    assert h2o.import_file(path, col_names=names).names == names
    assert h2o.upload_file(path, col_names=names).names == names
    frame = h2o.parse_raw(h2o.parse_setup(path, column_names=names))
    assert frame.names == names and frame.nrow == 2


def test_encoding_in_every_way_to_a_frame(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("größe,b\n1,ä\n2,ö\n".encode("latin-1"))
    frames = [
        h2o.import_file(str(path), encoding="latin-1"),
        h2o.upload_file(str(path), encoding="latin-1"),
        h2o.parse_raw(h2o.parse_setup(str(path), encoding="latin-1")),
    ]
    for frame in frames:
        assert frame.names == ["größe", "b"]
        assert frame["b"].as_data_frame(use_pandas=False)[1:] == [["ä"], ["ö"]]
    with pytest.raises(H2OValueError, match="encoding='klingon'"):
        h2o.import_file(str(path), encoding="klingon")


def test_guessed_types_are_still_guesses_after_parse_setup(tmp_path):
    path = write(tmp_path, "x\n" + "001\n" * 2000 + "late\n")
    setup = h2o.parse_setup(str(path))
    assert setup["column_types"] == ["Numeric"]
    with pytest.warns(UserWarning, match="'late' in line 2002"):
        assert h2o.parse_raw(setup)["x"].levels() == [["001", "late"]]
    setup = h2o.parse_setup(str(path), column_types=["numeric"])
    with pytest.warns(UserWarning, match=r"'late'\), from line 2002 on"):
        assert h2o.parse_raw(setup).nacnt() == [1]
    setup = h2o.parse_setup(str(path))
    setup["column_types"] = ["string"]
    assert h2o.parse_raw(setup).types == {"x": "string"}


def test_dates_of_texts_are_in_the_time_zone_of_the_session_wherever_they_come_from(tmp_path):
    path = write(tmp_path, "d\n2020-01-01\n2020-07-01 12:00:00\n")
    texts = ["2020-01-01", "2020-07-01 12:00:00"]
    h2o.cluster().timezone = "Europe/Prague"
    try:
        frames = [
            h2o.import_file(path),
            h2o.H2OFrame({"d": texts}),
            h2o.H2OFrame({"d": texts}, column_types=["time"]),
            h2o.H2OFrame(h2o.H2OFrame({"d": texts}, column_types=["string"]), column_types=["time"]),
        ]
        hours = [frame["d"].hour().as_data_frame().iloc[:, 0].tolist() for frame in frames]
    finally:
        h2o.cluster().timezone = "UTC"
    assert hours == [[0, 12]] * 4
    assert [behind().store.frame(frame.frame_id).columns[0].values.tolist() for frame in frames] == [
        [1577833200000, 1593597600000]
    ] * 4
