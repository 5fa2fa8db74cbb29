"""Data frames of other packages in and out, without a copy where the layout allows it."""

import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.columns.storage import TextCells
from heavywater.frame.exchange.arrow_tables import column_from_arrow, to_arrow
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.exchange.outgoing import to_pandas
from heavywater.frame.frame import Frame


def sample():
    return Frame(
        ["u1", "i2", "holes", "f4", "f8", "level", "text", "time", "bad"],
        [
            numeric([1, 2, 255]),
            numeric([-300, 0, 5]),
            numeric(np.array([7, 0, 9]), np.array([False, True, False])),
            numeric([0.5, np.nan, 2]),
            numeric([0.1, np.nan, -1e300]),
            enum(np.array([1, -1, 0]), ["a", "é"]),
            strings(["x", None, ""]),
            times(np.array([0, 5, 10**12]), np.array([False, True, False])),
            numeric([np.nan] * 3),
        ],
    )


def addresses(array):
    """Where the buffers of an Arrow array begin."""
    return {buffer.address for buffer in array.buffers() if buffer is not None}


def address(values):
    return values.__array_interface__["data"][0]


def test_to_arrow_has_the_cells_types_and_missing():
    table = to_arrow(sample())
    assert [str(kind) for kind in table.schema.types] == [
        "uint8", "int16", "uint8", "float", "double", "dictionary<values=string, indices=int8, ordered=0>", "large_string",
        "timestamp[ms]", "float",
    ]  # fmt: skip
    assert table["u1"].to_pylist() == [1, 2, 255]
    assert table["holes"].to_pylist() == [7, None, 9]
    assert table["f4"].to_pylist() == [0.5, None, 2]
    assert table["level"].to_pylist() == ["é", None, "a"]
    assert table["text"].to_pylist() == ["x", None, ""]
    assert table["time"].cast(pa.int64()).to_pylist() == [0, None, 10**12]
    assert table["bad"].to_pylist() == [None] * 3
    table.validate(full=True)


def test_arrow_and_back_keeps_every_column():
    frame = sample()
    back = frame_from(to_arrow(frame))
    assert back.names == frame.names
    for ours, wanted in zip(back.columns, frame.columns, strict=True):
        if wanted.kind == "string":
            assert ours.texts().tolist() == ["x", None, ""]
            continue
        assert ours.levels == wanted.levels
        assert ours.is_missing().tolist() == wanted.is_missing().tolist()
        assert ours.kind == wanted.kind
        if wanted.is_numeric or wanted.kind == "time":
            assert np.array_equal(ours.numbers(), wanted.numbers(), equal_nan=True)


def test_cells_are_shared_with_arrow_where_the_layout_is_the_same():
    frame = sample()
    table = to_arrow(frame)
    for name in ("u1", "i2", "f4", "f8", "time"):
        assert address(frame.column(name).values) in addresses(table[name].chunk(0)), name
    assert address(frame.column("level").values) in addresses(table["level"].chunk(0).indices)
    given = pa.table(
        {"real": [0.1, 0.2], "byte": pa.array([1, 2], pa.uint8()), "text": ["one text", "another one"]}
    )
    taken = frame_from(given)
    assert address(taken.column("real").values) in addresses(given["real"].chunk(0))
    assert address(taken.column("byte").values) in addresses(given["byte"].chunk(0))
    assert addresses(taken.column("text").text_cells.arrow) & addresses(given["text"].chunk(0))


def test_texts_stay_in_the_layout_of_arrow_until_they_are_computed_with():
    column = column_from_arrow(pa.chunked_array([["one", None], ["two"]]))
    assert column.has_text_cells
    assert column.missing_count == 1
    assert column.take(np.array([2, 1])).texts().tolist() == ["two", None]
    assert column.take(slice(1, 3)).has_text_cells
    assert column.take(np.array([True, False, True])).texts().tolist() == ["one", "two"]
    assert column.values.tolist() == ["one", "", "two"]
    assert not column.has_text_cells
    assert column.missing.tolist() == [False, True, False]
    assert column.texts().tolist() == ["one", None, "two"]


def test_large_and_viewed_texts():
    for kind in (pa.large_string(), pa.string_view()):
        cells = TextCells(pa.chunked_array([pa.array(["a", None], kind), pa.array(["b"], kind)]))
        assert cells.objects().tolist() == ["a", None, "b"]
        assert cells.take(slice(None, None, -1)).objects().tolist() == ["b", None, "a"]
        assert cells.take(np.array([-1])).objects().tolist() == ["b"]


def test_polars_both_ways():
    pl = pytest.importorskip("polars")
    data = pl.DataFrame(
        {
            "i": [1, None, 3],
            "f": [0.5, 1.25, None],
            "s": ["x one", "y two", None],
            "c": pl.Series(["b", None, "a"], dtype=pl.Categorical),
            "t": [datetime.datetime(2020, 1, 2, 3), None, datetime.datetime(1960, 1, 1)],
            "d": [datetime.date(2020, 1, 2), None, None],
            "b": [True, None, False],
        }
    )
    frame = frame_from(data)
    assert frame.types == {
        "i": "int", "f": "real", "s": "string", "c": "enum", "t": "time", "d": "time", "b": "enum",
    }  # fmt: skip
    assert frame.column("c").levels == ("a", "b")
    assert frame.column("b").levels == ("False", "True")
    back = pl.from_arrow(to_arrow(frame))
    assert back["i"].to_list() == [1, None, 3]
    assert back["s"].to_list() == ["x one", "y two", None]
    assert back["t"].to_list() == data["t"].to_list()


def test_pandas_types():
    data = pd.DataFrame(
        {
            "Int64": pd.array([1, None, 2**60 + 1], dtype="Int64"),
            "boolean": pd.array([True, None, False], dtype="boolean"),
            "string": pd.array(["long text", None, "other"], dtype="string"),
            "arrow": pd.array([1.5, None, 2], dtype=pd.ArrowDtype(pa.float64())),
            "zoned": pd.to_datetime(["2020-01-01", None, "2021-01-01"]).tz_localize("Europe/Prague"),
            "category": pd.Categorical([10, 9, None]),
            "period": pd.array(pd.PeriodIndex(["2020-01", "2020-02", "2020-03"], freq="M")),
        }
    )
    frame = frame_from(data)
    assert (
        list(frame.types.values())
        == [
            "int",
            "enum",
            "string",
            "real",
            "time",
            "enum",
            "enum",
        ]
        or frame.types["period"] == "time"
    )
    assert frame.column("Int64").values.tolist() == [1, 0, 2**60 + 1]
    assert frame.column("category").levels == ("9", "10")
    assert frame.column("zoned").values[0] == 1577833200000


def test_texts_that_are_no_python_objects_in_pandas():
    frame = sample()
    data = to_pandas(frame)
    assert data["text"].tolist()[0] == "x"
    assert data["text"].isna().tolist() == [False, True, False]
    assert data["level"].isna().tolist() == [False, True, False]
    assert data["level"].tolist()[0] == "é"
    assert data["text"].dtype == pd.Series(["x", None]).dtype


def test_texts_that_look_like_other_types_are_typed_as_in_a_file():
    frame = frame_from(
        pa.table({"n": ["1", "2.5", "NA"], "t": ["2020-01-01", None, "2020-01-02"], "e": ["a", "b", "a"]})
    )
    assert frame.types == {"n": "real", "t": "time", "e": "enum"}
    mixed = frame_from(pa.table({"n": [*(str(i) for i in range(2000)), "x"]}))
    assert mixed.column("n").kind == "enum"


def test_what_is_no_table_is_refused():
    with pytest.raises(InvalidType, match=r"column 'l' of type list"):
        frame_from(pa.table({"l": [[1], [2]]}))
    with pytest.raises(InvalidType, match="object cannot become a frame"):
        frame_from(object())
    with pytest.raises(InvalidArgument, match="3 names for 1 columns"):
        frame_from(pa.table({"a": [1]}), names=["x", "y", "z"])


def test_numpy_is_copied_since_its_owner_may_change_it():
    data = np.array([[0.1, 2], [0.3, 4]])
    frame = frame_from(data)
    data[:] = 0
    assert frame.column("C1").numbers().tolist() == [0.1, 0.3]
    assert data.flags.writeable


def test_front_end_speaks_the_arrow_capsule_protocol():
    import h2o

    h2o.init(verbose=False)
    frame = h2o.H2OFrame({"a": [1, 2, 3], "s": ["x", "y", "x"]})
    table = pa.table(frame)
    assert table["a"].to_pylist() == [1, 2, 3]
    assert table["s"].to_pylist() == ["x", "y", "x"]
    assert h2o.H2OFrame(table).types == {"a": "int", "s": "enum"}
    assert np.asarray(frame["a"]).tolist() == [[1], [2], [3]]
    assert frame["a"].to_scipy().toarray().tolist() == [[1], [2], [3]]
    with pytest.raises(InvalidType, match="'s' holds no numbers"):
        frame.to_scipy()
