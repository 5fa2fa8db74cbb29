"""Frames with other columns than the training frame: what H2O adapts is adapted, what it refuses is refused."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data import DataSpec
from heavywater.deeplearning.encoding.schemes import SCHEMES
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric, reals, strings, times
from heavywater.frame.frame import Frame

N = 12
K = np.arange(N)
COLUMNS: dict[str, Column] = {
    "x": reals(K / 3),
    "f": enum(K % 3, ["a", "b", "c"]),
    "g": enum(K % 2, ["1", "2"]),
    "w": numeric(K + 1),
    "o": numeric(K / 4),
    "y": numeric(K * K),
    "c": enum(K % 2, ["no", "yes"]),
}
TRAIN = Frame(list(COLUMNS), list(COLUMNS.values()))


def spec(y: str = "y", **parameters) -> DataSpec:
    return DataSpec.fit(TRAIN, validate(parameters, TrainingContext(TRAIN, ["x", "f", "g"], y)))


def changed(**columns: Column | None) -> Frame:
    found = {name: column for name, column in (COLUMNS | columns).items() if column is not None}
    return Frame(list(found), list(found.values()))


def first_row(model: DataSpec, frame: Frame) -> tuple[list[int], list[float]]:
    adapted, _ = model.adapt(frame)
    rows = model.rows(adapted)
    return rows.category[0].tolist(), rows.numbers_block(0, 1)[0].tolist()


@pytest.mark.parametrize("scheme", ["OneHotInternal", *SCHEMES])
def test_order_and_further_columns_do_not_matter(scheme: str) -> None:
    model = spec(categorical_encoding=scheme)
    other = Frame(["more", *reversed(TRAIN.names)], [strings(["?"] * N), *reversed(TRAIN.columns)])
    _, warnings = model.adapt(other)
    assert not warnings
    assert first_row(model, other) == first_row(model, TRAIN)


def test_missing_columns_are_missing_values() -> None:
    model = spec()
    _, warnings = model.adapt(changed(x=None, f=None))
    assert warnings == ["Columns missing in the frame, taken as missing values: 'x', 'f'"]
    assert first_row(model, changed(x=None, f=None)) == first_row(
        model, changed(x=reals(np.full(N, np.nan)), f=enum(np.full(N, -1), ["a"]))
    )


def test_text_is_read_as_levels() -> None:
    model = spec()
    text = strings(["b", "zz", None] * 4)
    adapted, warnings = model.adapt(changed(f=text))
    assert model.rows(adapted).category[:3, 0].tolist() == [1, 3, 3]
    assert len(warnings) == 1 and "'f' has levels that were not in the training data: 'zz'" in warnings[0]


def test_points_in_time_are_numbers() -> None:
    adapted, warnings = spec().adapt(changed(x=times(K * 1000)))
    assert not warnings and adapted.column("x").kind == "time"


def test_only_levels_that_occur_are_warned_about() -> None:
    _, warnings = spec().adapt(changed(f=enum(K % 2, ["a", "b", "never"])))
    assert not warnings


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"f": reals(K / 7)}, "'f' is of type real, it was a factor with the levels 'a', 'b', 'c' .* right column"),
        ({"f": numeric(K)}, "'f' is of type int"),
        ({"g": times(K * 1000)}, r"'g' is of type time, .* Give it the type enum where it is read \(col_types\)"),
        ({"g": strings(["1"] * N, "uuid")}, "'g' is of type uuid"),
        ({"x": COLUMNS["f"]}, "'x' is of type enum, it was real in the training frame; convert it with asnumeric"),
        ({"x": strings(["1"] * N)}, "'x' is of type string"),
        ({"x": None, "f": None, "g": None}, "none of the 3 predictors"),
    ],
)  # fmt: skip
def test_other_types_are_refused(columns: dict, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        spec().adapt(changed(**columns))


def test_responses_of_another_type_are_refused() -> None:
    for column in (COLUMNS["f"], strings(["1"] * N)):
        with pytest.raises(InvalidArgument, match=r"'y' is of type .* convert it with asnumeric"):
            spec().actual(changed(y=column))
    with pytest.raises(
        InvalidArgument, match="'c' is of type int, it was a factor with the levels 'no', 'yes'"
    ):
        spec("c").actual(changed(c=numeric(K)))
    with pytest.raises(InvalidArgument, match="only classes that training did not know: 'a', 'b', 'c'"):  # fmt: skip
        spec("c").actual(changed(c=COLUMNS["f"]))


def test_responses_are_adapted() -> None:
    model = spec("c")
    assert model.actual(changed(c=strings(["yes", "?", None] * 4)))[:3].tolist() == [1, -1, -1]
    assert "'?'" in model.metrics_warnings(changed(c=strings(["yes", "?", None] * 4)))[0]
    assert model.actual(changed(c=Column("bad", np.full(N, np.nan)))).tolist() == [-1] * N
    assert np.isnan(spec().actual(changed(y=Column("bad", np.full(N, np.nan))))).all()


def test_numbers_are_levels_where_training_had_a_factor_of_numbers() -> None:
    model = spec()
    adapted, warnings = model.adapt(changed(g=numeric(np.array([2.0, 1, 7, np.nan] * 3))))
    assert model.rows(adapted).category[:4, 1].tolist() == [5, 4, 6, 6]  # unseen and missing share a unit
    assert len(warnings) == 1 and "'g' has levels that were not in the training data: '7'" in warnings[0]
    assert first_row(model, changed(g=numeric(K % 2 + 1))) == first_row(model, TRAIN)


@pytest.mark.parametrize("kind", ["enum", "string", "real"])
def test_a_column_without_values_has_no_type(kind: str) -> None:
    empty = {
        "enum": enum(np.full(N, -1), []), "string": strings([None] * N), "real": reals(np.full(N, np.nan))
    }[kind]  # fmt: skip
    model = spec()
    assert first_row(model, changed(x=empty, g=empty)) == first_row(model, changed(x=None, g=None))
    assert np.isnan(model.actual(changed(y=empty))).all()
    assert spec("c").actual(changed(c=empty)).tolist() == [-1] * N


def test_weights_and_offsets() -> None:
    model = spec(weights_column="w", offset_column="o")
    assert model.observation_weights(changed(w=None)) is None
    assert model.metrics_warnings(changed(w=None)) == ["weights_column='w' is missing in the frame: all rows count alike"]  # fmt: skip
    assert not model.metrics_warnings(TRAIN)
    with pytest.raises(
        InvalidArgument, match=r"offset_column='o': the model needs it, .* zeros mean no offset"
    ):
        model.offset(changed(o=None))
    for role in ("w", "o"):
        with pytest.raises(InvalidArgument, match=f"_column='{role}' is of type enum in this frame, it must hold numbers"):  # fmt: skip
            model.offset(changed(o=COLUMNS["f"])) if role == "o" else model.observation_weights(
                changed(w=COLUMNS["f"])
            )
