"""Groups of rows, joining and sorting against pandas."""

import statistics
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.frame.columns.keys import grouped
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.frame.primitives import operation
from hypothesis import given, settings
from hypothesis import strategies as st

from .random_frames import codes_of, columns, frame_of, table_of

KINDS = {"k": "level", "w": "whole", "t": "text", "x": "number", "d": "time"}
AGGREGATES = ("nrow", "mean", "sum", "min", "max", "var", "sdev", "sumSquares", "median")


def wanted_aggregate(cells, name, missing):
    """One aggregate of a pandas series, missing cells as asked for."""
    present = cells.dropna()
    if name == "nrow":
        return len(cells) if missing == "all" else len(present)
    if missing == "all" and len(present) < len(cells):
        return np.nan
    if missing == "ignore" and name in ("mean", "var", "sdev", "median"):
        present = cells.fillna(0)
    if name == "sum":
        return present.sum()
    if name == "sumSquares":
        return (present**2).sum()
    if not len(present):
        return np.nan
    return getattr(present, {"sdev": "std"}.get(name, name))()


@settings(max_examples=120, deadline=None)
@given(
    columns(KINDS, 14),
    st.lists(st.sampled_from("kwtd"), min_size=1, max_size=3, unique=True),
    st.sampled_from(AGGREGATES),
    st.sampled_from(["all", "rm", "ignore"]),
)
def test_aggregates_are_those_of_pandas(cells, by, name, missing):
    frame, table = frame_of(KINDS, cells), table_of(KINDS, cells)
    groups = list(table.groupby(by, dropna=False, sort=True))
    groups.sort(
        key=lambda item: [(-np.inf if v != v else v) if not isinstance(v, str) else v for v in item[0]]
    )
    result = operation("GB")(frame, by, name, "x", missing)
    assert result.names == [*by, "nrow" if name == "nrow" else f"{name}_x"]
    ours = result.columns[-1].numbers()
    theirs = [wanted_aggregate(rows["x"], name, missing) for _, rows in groups]
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9, nan_ok=True)
    keys = codes_of(result.select(range(len(by))))
    for (key, _), (_, ours) in zip(groups, keys.iterrows(), strict=True):
        assert all(a == b or (a != a and b != b) for a, b in zip(key, ours, strict=True))


@settings(max_examples=40, deadline=None)
@given(columns({"k": "level", "g": "whole"}, 15))
def test_the_mode_is_the_most_frequent_level(cells):
    kinds = {"k": "level", "g": "whole"}
    result = operation("GB")(frame_of(kinds, cells), ["g"], "mode", "k", "all")
    table = table_of(kinds, cells)
    table["g"] = table["g"].fillna(-np.inf)
    for key, ours in zip(result.columns[0].numbers(), result.columns[1].numbers(), strict=True):
        levels = table.loc[table["g"] == (-np.inf if key != key else key), "k"]
        levels = levels[levels >= 0]
        assert ours == levels.mode().iloc[0] if len(levels) else np.isnan(ours)


def test_one_group_without_columns_and_errors_of_groups():
    frame = Frame(["x", "g"], [numeric([1, 2, np.nan]), enum(np.array([0, 1, 1]), ["p", "q"])])
    assert operation("GB")(frame, [], "mean", "x", "rm").columns[0].numbers().tolist() == [1.5]
    twice = operation("GB")(frame, ["g"], "sum", "x", "rm", "sum", "x", "all")
    assert twice.names == ["g", "sum_x", "sum_x0"]
    for aggregates, message in [
        (("total", "x", "all"), "'total' must be one of nrow, sum, mean"),
        (("sum", "x", "none"), "na 'none' must be one of all, rm, ignore"),
        (("mode", "x", "all"), "mode of column 'x': the column is of type int; the mode is that of an enum"),
        (("sum", "y", "all"), "no column 'y'"),
        (("sum", "x"), "in turn"),
    ]:
        with pytest.raises((InvalidArgument, InvalidType), match=message):
            operation("GB")(frame, ["g"], *aggregates)


LEFT = {"k": "level", "t": "text", "w": "whole", "d": "time", "a": "number"}
RIGHT = {"k": "level", "t": "text", "w": "whole", "d": "time", "b": "number"}


@settings(max_examples=40, deadline=None)
@given(
    columns(LEFT, 9),
    columns(RIGHT, 9),
    st.lists(st.sampled_from("ktwd"), min_size=1, max_size=3, unique=True),
    st.booleans(),
    st.booleans(),
)
def test_joins_are_those_of_pandas(left_cells, right_cells, by, all_left, all_right):
    """The pairs of rows; pandas would join missing keys, so rows with one are kept apart first."""
    left, right = (frame_of(*given) for given in ((LEFT, left_cells), (RIGHT, right_cells)))
    left, right = (frame.select([*(frame.index(name) for name in by), 4]) for frame in (left, right))
    lefts, rights = (
        table_of(*given)[[*by, name]]
        for given, name in (((LEFT, left_cells), "a"), ((RIGHT, right_cells), "b"))
    )
    ours = codes_of(operation("merge")(left, right, all_left, all_right, by, by, "auto"))
    gone = [table[by].isna().any(axis=1) | table[by].isin([-1, ""]).any(axis=1) for table in (lefts, rights)]
    wanted = [lefts[~gone[0]].merge(rights[~gone[1]], on=by, how="inner")]
    matched = [
        table[~lost].merge(other[~missing][by].drop_duplicates(), on=by, how="left", indicator=True)
        for table, lost, other, missing in (
            (lefts, gone[0], rights, gone[1]),
            (rights, gone[1], lefts, gone[0]),
        )
    ]
    for keep, table, lost, found in (
        (all_left, lefts, gone[0], matched[0]),
        (all_right, rights, gone[1], matched[1]),
    ):
        if keep:
            wanted += [found[found["_merge"] == "left_only"].drop(columns="_merge"), table[lost]]
    expected = pd.concat(wanted).reindex(columns=[*by, "a", "b"])
    assert ours.columns.tolist() == [*by, "a", "b"]

    def rows(table):
        return sorted(
            tuple("nan" if v != v else str(float(v) if not isinstance(v, str) else v) for v in row)
            for row in table.itertuples(index=False)
        )

    assert rows(ours) == rows(expected)


@settings(max_examples=40, deadline=None)
@given(
    columns(KINDS, 12),
    st.lists(
        st.tuples(st.sampled_from("kwtxd"), st.booleans()), min_size=1, max_size=3, unique_by=lambda p: p[0]
    ),
)
def test_sorting_is_that_of_pandas(cells, order):
    by, ascending = [name for name, _ in order], [up for _, up in order]
    frame, table = frame_of(KINDS, cells), table_of(KINDS, cells)
    table = table.fillna(-np.inf)
    ours = operation("sort")(frame, by, [1 if up else -1 for up in ascending])
    keys = pd.DataFrame({name: table[name] for name in by})
    for name, up in order:
        codes = keys[name].rank(method="dense").astype(float)
        missing = (table[name] == -np.inf) | table[name].isin([-1, ""] if name in "kt" else [])
        keys[name] = np.where(missing, -np.inf, codes if up else -codes)  # missing comes first either way
    rows = keys.sort_values(by, kind="stable").index
    wanted = table.loc[rows].reset_index(drop=True)
    assert codes_of(ours).fillna(-np.inf).equals(wanted)


@settings(max_examples=40, deadline=None)
@given(columns({"g": "level", "x": "number", "y": "whole"}, 12), st.booleans())
def test_ranks_within_groups(cells, up):
    kinds = {"g": "level", "x": "number", "y": "whole"}
    table = table_of(kinds, cells)
    ours = operation("rank_within_groupby")(
        frame_of(kinds, cells), ["g"], ["x", "y"], [1 if up else -1] * 2, "rank", False
    )
    assert ours.names == ["g", "x", "y", "rank"]
    ranked = codes_of(ours)
    assert ranked["g"].is_monotonic_increasing
    for _, rows in ranked.groupby("g"):
        known = rows.dropna(subset=["x", "y"])
        assert known["rank"].tolist() == list(range(1, len(known) + 1))
        assert rows[rows[["x", "y"]].isna().any(axis=1)]["rank"].isna().all()
        wanted = known.sort_values(["x", "y"], ascending=up, kind="stable")
        assert wanted[["x", "y"]].to_numpy().tolist() == known[["x", "y"]].to_numpy().tolist()
    assert len(ranked) == len(table)


@settings(max_examples=40, deadline=None)
@given(columns({"x": "number"}, 20, 1), st.sampled_from([5, 10, 34, 50, 100]), st.booleans())
def test_extremes_by_percent(cells, percent, top):
    numbers = table_of({"x": "number"}, cells)["x"]
    ours = operation("topn")(frame_of({"x": "number"}, cells), 0, percent, 1 if top else -1)
    wanted = numbers.sort_values(ascending=not top, kind="stable").dropna()[
        : round(len(numbers) * percent / 100)
    ]
    assert ours.columns[1].numbers().tolist() == wanted.tolist()
    assert ours.columns[0].numbers().tolist() == wanted.index.tolist()


@settings(max_examples=40, deadline=None)
@given(
    columns(KINDS, 14), st.lists(st.sampled_from("kwtd"), min_size=1, max_size=2, unique=True), st.booleans()
)
def test_duplicates_are_dropped(cells, by, first):
    table = table_of(KINDS, cells)
    ours = operation("dropdup")(frame_of(KINDS, cells), by, "first" if first else "last")
    wanted = table.drop_duplicates(by, keep="first" if first else "last").sort_index()
    assert codes_of(ours).equals(wanted.reset_index(drop=True))


SPREAD = {
    "normal": lambda rng, n: 1e9 + rng.normal(size=n),
    "tiny": lambda rng, n: 1e9 + rng.integers(0, 64, n) / 2**20,
    "single": lambda rng, n: (2**20 + rng.integers(0, 8, n) / 8).astype(np.float32),
    "whole": lambda rng, n: 10**9 + rng.integers(0, 5, n),
    "constant": lambda rng, n: np.full(n, 1e9 + 0.1),
}


@pytest.mark.parametrize("missing", ["all", "rm", "ignore"])
@pytest.mark.parametrize("spread", SPREAD)
def test_deviations_of_numbers_far_from_zero(spread, missing):
    """Against pandas and against exact fractions; a group has one row, one has none that is present."""
    rng = np.random.default_rng(5)
    n = 600
    group = np.append(rng.integers(0, 5, n - 3), [5, 6, 6])
    values = SPREAD[spread](rng, n)
    gone = rng.random(n) < np.where(group < 2, 0, 0.2)
    gone[-3:] = [False, True, True]
    frame = Frame(["g", "x"], [numeric(group), numeric(values, gone)])
    table = pd.DataFrame({"g": group, "x": np.where(gone, np.nan, values.astype(float))})
    ours = operation("GB")(frame, ["g"], "var", "x", missing, "sdev", "x", missing)
    found, roots = (column.numbers() for column in ours.columns[1:])
    for key, rows in table.groupby("g")["x"]:
        present = rows.fillna(0) if missing == "ignore" else rows.dropna()
        if len(present) < 2 or (missing == "all" and rows.isna().any()):
            assert np.isnan(found[key]) and np.isnan(roots[key])
            continue
        exact = float(statistics.variance(map(Fraction, present)))
        assert found[key] == pytest.approx(exact, rel=1e-9, abs=1e-30)
        assert found[key] == pytest.approx(present.var(), rel=1e-6, abs=1e-12)
        assert roots[key] == pytest.approx(exact**0.5, rel=1e-9, abs=1e-15)


def test_deviations_with_an_infinite_number_are_missing():
    frame = Frame(["g", "x"], [numeric([0, 0, 1, 1]), numeric([1.5, np.inf, 1.5, 2.5])])
    found = operation("GB")(frame, ["g"], "var", "x", "all").columns[1].numbers()
    assert np.array_equal(found, [np.nan, 0.5], equal_nan=True)


@pytest.mark.parametrize("late", [1, 65_535, 65_536, 196_607, 196_608, 299_999])
def test_a_group_that_appears_late_has_its_first_row(late):
    """Rows are looked at in parts of doubling height, so a group may first be in any of them."""
    group = np.arange(300_000) % 3
    group[late:] = np.where(np.arange(300_000 - late) % 5 == 0, 3, group[late:])
    result = grouped([numeric(group)])
    assert result.first.tolist() == np.unique(group, return_index=True)[1].tolist()
    assert result.first[3] == late
    taken = operation("GB")(Frame(["g"], [numeric(group)]), ["g"], "nrow", "g", "all")
    assert taken.columns[0].values.tolist() == [0, 1, 2, 3]
    assert taken.columns[1].values.tolist() == np.bincount(group).tolist()


@settings(max_examples=40, deadline=None)
@given(columns({"k": "level", "t": "text", "w": "whole"}, 12), st.sampled_from([[], ["k"], ["t", "w"]]))
def test_first_rows_of_groups(cells, by):
    kinds = {"k": "level", "t": "text", "w": "whole"}
    frame, table = frame_of(kinds, cells), table_of(kinds, cells).fillna(-np.inf)
    result = grouped([frame.column(name) for name in by], frame.nrow)
    wanted = table.drop_duplicates(by).sort_values(by).index if by else table.index[:1]
    assert result.first.tolist() == wanted.tolist()
