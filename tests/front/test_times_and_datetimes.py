"""Times beside datetimes of Python, numpy and pandas: comparisons, lookups, filters, assignments, against pandas."""

import datetime
import operator
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError
from hypothesis import given, settings
from hypothesis import strategies as st

ZONES = [None, "UTC", "Europe/Prague", "America/New_York", "Asia/Kathmandu"]
ORDERS: list[Callable[[Any, Any], Any]] = [operator.lt, operator.le, operator.gt, operator.ge]
OPERATORS = [*ORDERS, operator.eq, operator.ne]
EPOCH = pd.Timestamp(0)
# Midnights among them, so that dates meet their like, and moments before 1970.
MOMENTS = st.one_of(
    st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2050, 1, 1)),
    st.sampled_from(
        [datetime.datetime(1969, 12, 31), datetime.datetime(1970, 1, 1), datetime.datetime(2020, 6, 1)]
    ),
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))


@pytest.fixture(autouse=True)
def _session():
    h2o.init()


def zoned(moment, zone):
    return moment.replace(tzinfo=datetime.UTC).astimezone(ZoneInfo(zone))


# Each makes of a moment (UTC, without a zone) a scalar, and pandas' own Timestamp of what that scalar stands for.
KINDS = {
    "datetime": lambda m, zone: (zoned(m, zone) if zone else m, pd.Timestamp(m)),
    "Timestamp": lambda m, zone: (pd.Timestamp(zoned(m, zone)) if zone else pd.Timestamp(m), pd.Timestamp(m)),
    "datetime64[ms]": lambda m, zone: (np.datetime64(m, "ms"), pd.Timestamp(m)),
    "datetime64[ns]": lambda m, zone: (np.datetime64(m, "ns"), pd.Timestamp(m)),
    "datetime64[D]": lambda m, zone: (np.datetime64(m.date(), "D"), pd.Timestamp(m.date())),
    "date": lambda m, zone: (m.date(), pd.Timestamp(m.date())),
    "milliseconds": lambda m, zone: (milliseconds(m), pd.Timestamp(m)),
}


def milliseconds(moment):
    return (pd.Timestamp(moment) - EPOCH) // pd.Timedelta(milliseconds=1)


def cells(frame):
    return frame.as_data_frame().iloc[:, 0].tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), MOMENTS), min_size=1, max_size=6), MOMENTS, st.sampled_from(sorted(KINDS)),
    st.sampled_from(ZONES), st.sampled_from(ZONES[1:]), st.booleans(),
)  # fmt: skip
def test_comparisons_lookups_and_filters_are_those_of_pandas(column, moment, kind, zone, session_zone, among):
    scalar, stamp = KINDS[kind](moment, zone)
    column = [*column, stamp.to_pydatetime()] if among else column
    series = pd.Series(pd.to_datetime(pd.Series(column, dtype=object)), name="d").astype("datetime64[ms]")
    frame = h2o.H2OFrame(series.to_frame())
    h2o.cluster().timezone = session_zone
    try:
        for compare in OPERATORS:
            # a missing cell differs from everything, in H2O as in pandas
            assert cells(compare(frame["d"], scalar)) == compare(series, stamp).astype(int).tolist(), compare
            assert cells(compare(scalar, frame["d"])) == compare(stamp, series).astype(int).tolist(), compare
        same = series == stamp
        assert cells(frame["d"].isin([scalar])) == same.astype(int).tolist()
        assert cells(frame["d"].isin(np.array([scalar]))) == same.astype(int).tolist()
        assert cells(frame["d"].isin(pd.Series([scalar]))) == same.astype(int).tolist()
        assert cells(frame["d"].isin([None, scalar])) == (same | series.isna()).astype(int).tolist()
        assert cells(frame["d"].match([scalar], nomatch=0)) == same.astype(int).tolist()
        assert (scalar in frame["d"]) == bool(same.any())
        assert frame[frame["d"] >= scalar, :].nrow == (series >= stamp).sum()
        assert cells(frame[["d"]].apply(lambda x: x > scalar)) == (series > stamp).astype(int).tolist()
        assert cells(frame.apply(lambda row: row["d"] == scalar, axis=1)) == same.astype(int).tolist()
        apart = (series - stamp) / pd.Timedelta(milliseconds=1)
        np.testing.assert_array_equal(cells(frame["d"] - scalar), apart)
        np.testing.assert_array_equal(cells(scalar - frame["d"]), -apart)
    finally:
        h2o.cluster().timezone = "UTC"


@settings(max_examples=30, deadline=None)
@given(
    MOMENTS, st.sampled_from(sorted(set(KINDS) - {"milliseconds"})), st.sampled_from(ZONES), st.tuples(*[st.booleans()] * 3).map(list),
)  # fmt: skip
def test_assignments_choices_and_fillings(moment, kind, zone, chosen):
    scalar, stamp = KINDS[kind](moment, zone)
    series = pd.Series(pd.to_datetime(["2020-01-01", None, "2021-05-05"])).astype("datetime64[ms]")
    mask = pd.Series(chosen)

    def fresh():
        return h2o.H2OFrame(pd.DataFrame({"d": series, "n": [1, 2, 3], "m": mask.astype(int)}))

    def check(frame, expected, column="d"):
        assert frame.type(column) == "time"
        assert cells(frame[column]) == pd.Series(expected).astype("datetime64[ms]").tolist() or (
            frame.as_data_frame()[column].equals(pd.Series(expected, name=column).astype("datetime64[ms]"))
        )

    frame = fresh()
    frame[frame["m"] == 1, "d"] = scalar
    check(frame, series.mask(mask, stamp))
    for column in ("d", "n", "new"):
        frame = fresh()
        frame[column] = scalar
        check(frame, [stamp] * 3, column)
    frame = fresh()
    frame["d"] = [scalar, None, scalar]
    check(frame, [stamp, pd.NaT, stamp])
    frame = fresh()
    frame[0, "d"] = scalar
    check(frame, [stamp, *series[1:]])
    check((fresh()["m"] == 1).ifelse(scalar, fresh()["d"]), series.mask(mask, stamp), "m")
    check((fresh()["m"] == 1).ifelse(scalar, None), pd.Series([stamp if m else pd.NaT for m in chosen]), "m")
    frame = fresh()
    assert frame.impute(0, values=[scalar, None, None])[0] == milliseconds(stamp)
    check(frame, series.fillna(stamp))


@pytest.mark.parametrize(
    "missing", [None, pd.NaT, np.datetime64("NaT"), np.datetime64("NaT", "ns"), pd.NA, float("nan")]
)
def test_what_is_no_time_is_a_missing_one(missing):
    frame = h2o.H2OFrame(pd.DataFrame({"d": pd.to_datetime(["2020-01-01", None])}))
    assert cells(frame["d"] == missing) == [0, 1]
    assert cells(frame["d"] != missing) == [1, 0]
    assert cells(frame["d"].isin([missing])) == [0, 1]
    for compare in ORDERS:
        assert cells(compare(frame["d"], missing)) == [0, 0]
    frame[0, "d"] = missing
    assert frame.type("d") == "time" and frame["d"].isna().sum() == 2


FRAME = {
    "time": pd.to_datetime(["2020-01-01", "2020-06-01"]),
    "int": [1, 2],
    "real": [0.5, 2.5],
    "enum": pd.Categorical(["a", "b"]),
    "string": ["x", "y"],
}
MOMENT = datetime.datetime(2020, 6, 1)
SCALARS = {"time": MOMENT, "number": 2, "text": "a"}
# With what a column of each kind can be equal.
EQUAL = {
    "time": {"time", "number"},
    "int": {"number"},
    "real": {"number"},
    "enum": {"text", "number"},
    "string": {"text"},
}


def kinds_frame():
    return h2o.H2OFrame(pd.DataFrame(FRAME), column_types={"string": "string"})


@pytest.mark.parametrize("column", EQUAL)
@pytest.mark.parametrize("kind", SCALARS)
def test_what_cannot_be_compared_is_an_error_that_names_both(column, kind):
    frame, scalar = kinds_frame(), SCALARS[kind]
    asks = {
        "==": lambda: frame[column] == scalar,
        "!=": lambda: scalar != frame[column],
        "isin": lambda: frame[column].isin([scalar]),
    }
    for name, ask in asks.items():
        # A number is not among texts, which is an answer; a time beside texts was meant otherwise.
        if kind in EQUAL[column] or (name == "isin" and "time" not in (column, kind)):
            assert set(cells(ask())) <= {0, 1}
        else:
            fault = f"'{column}' of type {column} and .*{kind}.* do not go together; .*(give|make)"
            with pytest.raises(H2OTypeError, match=fault):
                ask()
    for compare in ORDERS:
        ordered = kind in EQUAL[column] and (column != "enum" or kind == "text")
        if ordered:
            assert set(cells(compare(frame[column], scalar))) <= {0, 1}
        else:
            with pytest.raises(H2OTypeError, match=column):
                compare(frame[column], scalar)


@pytest.mark.parametrize("left", EQUAL)
@pytest.mark.parametrize("right", EQUAL)
def test_columns_beside_columns(left, right):
    frame = kinds_frame()
    groups = {"int": "number", "real": "number", "string": "text", "enum": "text", "time": "time"}
    both = {groups[left], groups[right]}
    if len(both) == 1 or both == {"time", "number"}:
        assert set(cells(frame[left] == frame[right])) <= {0, 1}
    else:
        with pytest.raises(
            H2OTypeError, match=f"'{left}' of type {left} and column '{right}' of type {right} do not"
        ):
            _ = frame[left] == frame[right]


def test_levels_that_are_numbers_equal_numbers_of_another_column():
    frame = h2o.H2OFrame(pd.DataFrame({"e": pd.Categorical(["0", "1", None, "1"]), "n": [0, 0, 1, 1]}))
    assert cells(frame["e"] == frame["n"]) == [1, 0, 0, 1]
    assert cells(frame["n"] != frame["e"]) == [0, 1, 1, 0]


def test_columns_of_several_types_are_asked_as_far_as_they_can_answer():
    frame = kinds_frame()
    assert (frame == MOMENT).as_data_frame().to_numpy().tolist() == [[0, 0, 0, 0, 0], [1, 0, 0, 0, 0]]
    assert (frame == "x").as_data_frame().to_numpy().tolist() == [[0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]
    assert "no such column" not in frame[["int", "time"]] and MOMENT in frame and pd.Timestamp(0) not in frame


@pytest.mark.parametrize("value", [datetime.timedelta(1), [1, 2], {"a": 1}, np.timedelta64(1, "D")])
def test_what_is_no_value_of_a_cell_is_compared_with_nothing(value):
    frame = kinds_frame()
    for compare in OPERATORS:
        with pytest.raises(H2OTypeError):
            compare(frame["time"], value)


def test_times_go_into_columns_of_times_only():
    frame = kinds_frame()
    for column in ("int", "real", "enum", "string"):
        with pytest.raises(
            H2OTypeError, match=f"'{column}' of type {column} and the time 2020-06-01 00:00:00 UTC"
        ):
            frame[0, column] = MOMENT
        with pytest.raises(H2OTypeError, match=f"type {column} and the time"):
            frame.impute(column, values=[MOMENT] * 5)
    for other in (5, "x", frame["enum"], frame["string"], frame["int"]):
        with pytest.raises(H2OTypeError, match=r"ifelse: the time 2020-06-01 .* do not go together"):
            (frame["int"] > 1).ifelse(MOMENT, other)
    with pytest.raises(H2OTypeError, match="type time and the text '2020-06-01'"):
        frame[0, "time"] = "2020-06-01"
    assert frame.as_data_frame().equals(kinds_frame().as_data_frame())


def test_an_enum_is_ordered_by_its_levels_beside_one_of_them():
    frame = h2o.H2OFrame(pd.DataFrame({"e": pd.Categorical(["a", None, "c", "b"])}))
    bound = "b"
    assert cells(frame["e"] < bound) == [1, 0, 0, 0]
    assert cells(bound <= frame["e"]) == [0, 0, 1, 1]
    with pytest.raises(
        H2OValueError, match="'none' is no level of column 'e', whose levels are 'a', 'b', 'c'"
    ):
        _ = frame["e"] < "none"
