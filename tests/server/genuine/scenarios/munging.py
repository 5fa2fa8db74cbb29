"""Frames worked on, in the way that notebooks do."""

from __future__ import annotations

from typing import Any

from ..library import H2OFrame, h2o
from .world import DATA, World


def groups(world: World) -> Any:
    found = world.iris.group_by("class").count().mean(["sepal_len", "petal_len"]).max("petal_wid").get_frame()
    return [found, found["nrow"].sum()]


def splits(world: World) -> Any:
    train, test = world.iris.split_frame(ratios=[0.8], seed=1)
    again, _ = world.iris.split_frame(ratios=[0.8], seed=1)
    return [train.nrow + test.nrow, (train["sepal_len"] == again["sepal_len"]).all()]


def selections_in_a_chain(world: World) -> Any:
    frame = world.prostate
    old = frame[(frame["AGE"] > 65) & (frame["CAPSULE"] == "1"), :]
    old["ratio"] = (old["PSA"] / old["VOL"]).ifelse(1, 0) if False else old["PSA"] - old["VOL"]
    return [old.nrow, old.names, old["ratio"].mean()]


def cells_that_are_set(world: World) -> Any:
    frame = h2o.deep_copy(world.iris, "set_cells")
    frame[frame["sepal_len"] > 7, "class"] = "Iris-setosa"
    frame["twice"] = frame["petal_len"] * 2
    frame[0, "sepal_wid"] = 9.5
    frame = frame.drop("petal_wid")
    return [frame, frame["class"].table()]


def factors_and_levels(world: World) -> Any:
    frame = H2OFrame([["x"], ["y"], ["x"], ["z"]], column_names=["level"], column_types=["enum"])
    renamed = frame.set_levels(["a", "b", "c"])
    return [renamed.levels(), renamed.relevel("b").levels(), frame.asnumeric(), renamed.table()]


def joins(world: World) -> Any:
    left = H2OFrame({"k": ["a", "b", "c"], "v": [3, 1, 2]}, column_types=["enum", "numeric"])
    right = H2OFrame({"k": ["b", "a"], "z": [0.5, 1.5]}, column_types=["enum", "numeric"])
    return [
        left.merge(right),
        left.merge(right, all_x=True).shape,
        left.cbind(left["v"] + 1).shape,
        left.rbind(left).shape,
    ]


def sorted_rows(world: World) -> Any:
    return world.iris.sort(["class", "sepal_len"])[0:5, ["class", "sepal_len"]]


def missing_cells(world: World) -> Any:
    frame = h2o.import_file(str(DATA / "rapids" / "prostate_missing.csv"), destination_frame="holes")
    before = sum(frame.nacnt())
    frame.impute("AGE", "mean")
    return [before, frame.nacnt()[2], frame.na_omit().nrow, frame["PSA"].isna().sum()]


def functions_of_rows_and_columns(world: World) -> Any:
    numbers = world.iris[0:4]
    return [
        numbers.apply(lambda row: row["sepal_len"] * 2, axis=1)[0:3, 0],
        numbers.apply(lambda x: x.max(), axis=0),
    ]


def statistics(world: World) -> Any:
    numbers = world.iris[0:4]
    return [
        numbers.mean(), numbers.sd(), numbers.median(), numbers.cor().shape, numbers["sepal_len"].quantile([0.25, 0.5]),
        numbers["sepal_len"].skewness(), numbers.scale().sd(), numbers.var().shape,
    ]  # fmt: skip


def texts(world: World) -> Any:
    text = world.iris["class"].ascharacter()
    return [text.toupper()[0, 0], text.gsub("Iris-", "")[0, 0], text.strsplit("-").shape, text.nchar().max()]


def dates(world: World) -> Any:
    frame = H2OFrame(
        [["2020-02-29 12:30:45"], ["1999-12-31 00:00:01"]], column_names=["d"], column_types=["time"]
    )
    return [frame["d"].year(), frame["d"].month(), frame["d"].dayOfWeek(), frame["d"].hour()]


def reshaped(world: World) -> Any:
    long = H2OFrame(
        {"i": [1, 1, 2, 2], "k": ["p", "q", "p", "q"], "z": [1, 2, 3, 4]},
        column_types=["numeric", "enum", "numeric"],
    )
    return [long.pivot("i", "k", "z"), long.melt(id_vars=["i"], value_vars=["z"])]


def folds(world: World) -> Any:
    frame = world.prostate
    fold = frame["CAPSULE"].stratified_kfold_column(n_folds=4, seed=1)
    return [sorted(set(fold.as_data_frame().iloc[:, 0])), frame.kfold_column(n_folds=3, seed=1).nrow]


def copies_that_stay_apart(world: World) -> Any:
    first = h2o.deep_copy(world.iris, "first_copy")
    second = h2o.assign(first[0:10, :], "second_copy")
    first["sepal_len"] = 0
    h2o.remove("first_copy")
    return second["sepal_len"].sum()
