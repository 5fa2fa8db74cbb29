"""Data frames in and out again, type by type: what the page about data frames says of each. Runs with any version of them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from heavywater.errors import InvalidType, ParseError
from heavywater.exchange import Table, table_of, to_pandas, to_plain_arrow
from heavywater.frame.exchange.arrow_frames import ENTRY, frame_of_table

from .data_types import ARROW, PANDAS, POLARS, REFUSED, rows_of_page

try:
    import polars as pl
except ImportError:
    pl = None


def kind_of(table: Table) -> str:
    kind = frame_of_table(table).columns[0].kind
    return {"bad": "real"}.get(kind, kind)


def test_the_page_has_every_type() -> None:
    assert set(rows_of_page("pandas")) == set(PANDAS)
    assert set(rows_of_page("Arrow")) == set(ARROW)
    assert set(rows_of_page("polars")) == set(POLARS)


@pytest.mark.parametrize("name", PANDAS)
def test_pandas_goes_back_as_the_page_says(name: str) -> None:
    kind, wanted = rows_of_page("pandas")[name]
    column = PANDAS[name]()
    data = pd.DataFrame({"a": column})
    assert kind_of(table_of(data)) in kind.split(" or ")
    found = to_pandas(table_of(data))
    if wanted != "the same":
        assert str(found["a"].dtype) == wanted or (wanted == "texts" and found["a"].map(type).eq(str).all())
        return
    doubled = pd.concat([data, data], ignore_index=True)
    parts = [data, data.iloc[::-1], data.iloc[1:], data.iloc[:0], data.iloc[[1, 1]], doubled]
    for part in parts:
        pd.testing.assert_frame_equal(
            to_pandas(table_of(part)), part.reset_index(drop=True), check_column_type=False
        )
    session = frame_of_table(table_of(data))  # in a frame rows are chosen, and stay what they are
    chosen = [column.take(np.array([2, 0])) for column in session.columns]
    assert [column.origin for column in chosen] == [column.origin for column in session.columns]


@pytest.mark.parametrize("name", ARROW)
def test_arrow_goes_back_as_the_page_says(name: str) -> None:
    kind, wanted = rows_of_page("Arrow")[name]
    table = pa.table({"a": ARROW[name]()})
    assert kind_of(table_of(table)) in kind.split(" or ")
    found = to_plain_arrow(table_of(table))
    if wanted != "the same":
        assert str(found["a"].type).removeprefix("large_").startswith(wanted.replace("texts", "string"))
        return
    parts = [
        table,
        table.slice(1),
        table.slice(0, 0),
        table.slice(3),
        pa.concat_tables([table, table.slice(1)]),
    ]
    for part in parts:
        back = to_plain_arrow(table_of(part))
        back.validate(full=True)
        assert back["a"].to_pylist() == part["a"].to_pylist()
        assert back["a"].type == table["a"].type or not part.num_rows
    for given in (table.to_reader(max_chunksize=1), *table.to_batches()):
        assert to_plain_arrow(table_of(given))["a"].to_pylist() == table["a"].to_pylist()


@pytest.mark.skipif(pl is None, reason="polars is not installed")
@pytest.mark.parametrize("name", POLARS)
def test_polars_goes_back_as_the_page_says(name: str) -> None:
    kind, wanted = rows_of_page("polars")[name]
    data = pl.DataFrame({"a": POLARS[name](pl)})
    assert kind_of(table_of(data)) in kind.split(" or ")
    found = pl.DataFrame(to_plain_arrow(table_of(data)))["a"]
    if wanted != "the same":
        assert str(found.dtype) == wanted
        return
    for part in (data, data[1:], data[::-1], data.head(0), pl.concat([data, data[1:]], rechunk=False)):
        back = pl.DataFrame(to_plain_arrow(table_of(part)))
        assert back["a"].to_list() == part["a"].to_list()
        assert back["a"].dtype == data["a"].dtype or (
            name == "Enum" and not hasattr(data, "__arrow_c_stream__")
        )


@pytest.mark.parametrize("name", [name for name in ARROW if name not in ("null", "halffloat", "string_view")])
def test_types_of_arrow_within_pandas_go_back(name: str) -> None:
    cells = ARROW[name]()
    if pa.types.is_dictionary(cells.type) or rows_of_page("Arrow")[name][1] != "the same":
        return
    data = pd.DataFrame({"a": pd.Series(pd.array(cells.to_pylist(), dtype=pd.ArrowDtype(cells.type)))})
    pd.testing.assert_frame_equal(to_pandas(table_of(data)), data)


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_column_holds_is_refused_by_its_name(name: str) -> None:
    cells = REFUSED[name]
    for data in (
        {"bad one": cells},
        *([pa.table({"bad one": cells})] if isinstance(cells, pa.Array) else []),
    ):
        with pytest.raises(InvalidType, match="column 'bad one'"):
            table_of(data)


def test_from_one_library_to_another() -> None:
    data = pd.DataFrame(
        {name: PANDAS[name]() for name, (_, back) in rows_of_page("pandas").items() if back == "the same"}
    )
    table = to_plain_arrow(table_of(data))
    assert str(table["category, ordered"].type).endswith("ordered=1>")
    assert table["category, ordered"].chunk(0).dictionary.to_pylist() == ["low", "mid", "high"]
    expected = {
        "boolean": "bool",
        "Int64": "int64",
        "object of date": "date32[day]",
        "float64 of whole numbers": "double",
    }
    assert {name: str(table[name].type) for name in expected} == expected
    back = to_pandas(table_of(table))
    for name in ("category", "category, ordered", "category of numbers", "datetime64[..., zone]", "float32"):
        pd.testing.assert_series_equal(back[name], data[name])
    if pl is not None:
        table = table.drop_columns([name for name in table.column_names if name.startswith("category of")])
        assert pl.DataFrame(table).equals(pl.DataFrame(to_plain_arrow(table_of(pl.DataFrame(table)))))


def test_shapes_at_the_edge() -> None:
    assert frame_of_table(table_of(pd.DataFrame({"a": []}))).shape == (0, 1)
    assert frame_of_table(table_of(pa.table({"a": pa.nulls(0)}))).shape == (0, 1)
    levels = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", 1)]))
    assert list(frame_of_table(table_of(levels)).names) == ["a_b", "a_1"]
    assert frame_of_table(table_of(pd.DataFrame(index=range(3)))).nrow == 3
    assert to_pandas(table_of(pd.DataFrame(index=range(3)))).shape == (3, 0)


def test_an_origin_that_does_not_fit_is_no_frame() -> None:
    table = table_of(pd.DataFrame({"a": pd.Categorical(["x", "y"])}))
    about: dict[str, Any] = json.loads(table.schema.metadata[ENTRY])
    good = about["origins"][0]
    for position, wrong in [
        (0, "list<int>"),
        (0, 5),
        (1, "os.system"),
        (2, [0, 0]),
        (2, [0]),
        (2, "ab"),
        (3, 1),
        (4, 7),
    ]:
        entry = [*good[:position], wrong, *good[position + 1 :]]
        text = json.dumps(about | {"origins": [entry]}).encode()
        with pytest.raises(ParseError, match="is no frame"):
            frame_of_table(table.replace_schema_metadata({ENTRY: text}))
