"""Small models of every kind that can be exported, and rows to score them on."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.deeplearning.training.result import model_of
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.deeplearning.uncertainty.calibration import Calibration
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

COLOURS = ["blue", "green", "red", "white", "yellow"]
# What has a meaning in a MOJO, in Java or in a CSV file.
AWKWARD = [
    'a "quote"',
    "back\\slash",
    "comma, and",
    "line\nbreak",
    "\\n",
    "\\u0041",
    "naïve €",
    " blank ",
    "fox \U0001f98a",
]
ENCODINGS = ("Binary", "Eigen", "LabelEncoder", "SortByResponse", "EnumLimited")
MIXED = ("colour", "form", "size", "x", "y")


@dataclass(frozen=True, eq=False)
class Case:
    """A model to train and export.

    Attributes
    ----------
    y : str or None
        Response; None for an autoencoder.
    x : tuple of str
        Predictors.
    given : dict
        Parameters beside those that all cases share.
    rows : str
        Which frame to train on: "small", or "levels" with 40 000 levels.
    """

    name: str
    y: str | None
    x: tuple[str, ...] = MIXED
    given: dict[str, Any] = field(default_factory=dict)
    rows: str = "small"

    def __str__(self) -> str:
        return self.name


def _case(name: str, y: str | None, x: tuple[str, ...] = MIXED, **given: Any) -> Case:
    return Case(name, y, x, given)


_ACTIVATIONS = ("Tanh", "Rectifier", "Maxout", "ExpRectifier")
NUMERIC_AUTOENCODERS = [
    _case(f"autoencoder_{activation}", None, ("size", "x", "y"), activation=activation, autoencoder=True)
    for activation in ("Tanh", "TanhWithDropout", "Rectifier", "ExpRectifier")
]
MIXED_AUTOENCODERS = [
    _case("autoencoder_mixed", None, autoencoder=True, activation="Tanh"),
    _case("autoencoder_raw", None, autoencoder=True, activation="Tanh", standardize=False),
]
OFFSETS = [
    _case("offset_gaussian", "value", offset_column="exposure"),
    _case("offset_poisson", "amount", offset_column="exposure", distribution="poisson"),
]
CASES = [
    *(_case(f"{a}", "two", activation=a) for a in _ACTIVATIONS),
    *(
        _case(f"{a}Dropout", "value", activation=f"{a}WithDropout", hidden_dropout_ratios=[0.2, 0.6])
        for a in _ACTIVATIONS
    ),
    *(_case(d, "value", distribution=d) for d in ("gaussian", "laplace", "quantile", "huber")),
    *(_case(d, "amount", distribution=d) for d in ("poisson", "gamma", "tweedie")),
    _case("bernoulli", "two", distribution="bernoulli"),
    _case("multinomial", "three"),
    _case("multinomial_two", "two", distribution="multinomial"),
    _case("raw", "value", standardize=False),
    _case("sparse", "two", sparse=True),
    _case("without_first_level", "three", use_all_factor_levels=False),
    _case("skip", "value", missing_values_handling="Skip"),
    _case("hashed", "three", max_categorical_features=6, x=(*MIXED, "awkward")),
    _case("weights", "two", weights_column="weight"),
    _case("numbers_only", "three", ("size", "x", "y")),
    _case("categories_only", "value", ("colour", "form")),
    _case("awkward", "awkward", (*MIXED, "awkward, \\u0022 column"), activation="Tanh"),
    _case("input_dropout", "two", input_dropout_ratio=0.2, hidden=[7, 6, 5]),
    _case("balanced", "three", balance_classes=True),
    _case("mini_batches", "value", mini_batch_size=8),
    *(_case(f"{scheme}", "value", (*MIXED, "many"), categorical_encoding=scheme) for scheme in ENCODINGS),
    _case("sorted_and_hashed", "two", categorical_encoding="SortByResponse", max_categorical_features=4),
    _case("wide", "two", hidden=[1200, 900], epochs=0.01),
    Case("levels", "value", ("colour", "many", "x"), {"epochs": 0.1}, rows="levels"),
]
# Several outputs, which Java formats have no place for.
QUANTILES = [
    _case("quantiles", "value", distribution="quantile", quantile_alpha=[0.9, 0.1, 0.45, 0.55], epochs=1),
    _case(
        "quantiles_of_offset",
        "value",
        distribution="quantile",
        quantile_alpha=[0.2, 0.8],
        offset_column="exposure",
    ),
]
PIECEWISE = _case("piecewise", "three", ("colour", "many", "x", "y"), numeric_encoding="PiecewiseLinear")
ALL = [*CASES, *OFFSETS, *NUMERIC_AUTOENCODERS, *MIXED_AUTOENCODERS]


def frame(rows: int, seed: int, unseen: bool = False) -> Frame:
    """Predictors with missing cells, responses that follow from them; with `unseen` also levels of their own."""
    rng = np.random.default_rng(seed)
    colour, form, awkward, many = (rng.integers(-1, n, rows) for n in (5, 3, len(AWKWARD), 14))
    size, x, y = rng.integers(0, 50, rows).astype(float), rng.normal(3, 2, rows), rng.exponential(1e-3, rows)
    known = np.nan_to_num(x) + colour / 2 - 400 * y
    for values in (size, x, y):
        values[rng.random(rows) < 0.1] = np.nan
    colours = [*COLOURS, "mauve"] if unseen else COLOURS
    if unseen:
        colour[rng.random(rows) < 0.2] = 5
        many[rng.random(rows) < 0.2] = 14
    columns: dict[str, Column] = {
        "colour": enum(colour, colours),
        "form": enum(form, ["cube", "rod", "ball"]),
        "awkward, \\u0022 column": enum(awkward, AWKWARD),
        "many": enum(many, [f"level {k}" if k < 14 else "none of these" for k in range(14 + unseen)]),
        "size": numeric(size),
        "x": numeric(x),
        "y": numeric(y),
        "two": enum((known > 3).astype(int), ["no", "yes"]),
        "three": enum(np.digitize(known, [2, 4]), ["1", "2", "10"]),
        "awkward": enum(np.maximum(awkward, 0), AWKWARD),
        "value": numeric(100 + 10 * known),
        "amount": numeric(np.exp(known / 5)),
        "weight": numeric(rng.integers(1, 4, rows)),
        "exposure": numeric(rng.normal(0, 1, rows)),
    }
    return Frame(list(columns), list(columns.values()))


@cache
def training_frame(kind: str = "small") -> Frame:
    """400 rows to train on."""
    found = frame(400, seed=1)
    if kind == "small":
        return found
    codes = np.arange(400) * 100
    return with_column(found, "many", enum(codes, [f"level {k}" for k in range(40_000)]))


def with_column(rows: Frame, name: str, column: Column) -> Frame:
    """A frame with another column of this name."""
    columns = [column if other == name else old for other, old in zip(rows.names, rows.columns, strict=True)]
    return Frame(rows.names, columns)


@cache
def scoring_frame() -> Frame:
    """Rows to score: one in which everything is missing, 40 with missing cells and unseen levels, those of the training."""
    unknown, known = frame(41, seed=2, unseen=True), training_frame()
    columns = []
    for new, old in zip(unknown.columns, known.columns, strict=True):
        if new.kind == "enum":
            levels = list(dict.fromkeys([*(old.levels or ()), *(new.levels or ())]))
            codes = [
                np.array([levels.index(level) for level in c.levels or ()] + [-1])[c.values]
                for c in (new, old)
            ]
            codes[0][0] = -1
            columns.append(enum(np.concatenate(codes), levels))
        else:
            numbers = np.concatenate([new.numbers(), old.numbers()])
            numbers[0] = np.nan
            columns.append(numeric(numbers))
    return Frame(unknown.names, columns)


@cache
def trained(case: Case) -> DeepLearningModel:
    """The model of a case."""
    given = {"hidden": [6, 5], "epochs": 3, "seed": 1, "reproducible": True, **case.given}
    rows = training_frame(case.rows)
    p = validate(given, TrainingContext(rows, list(case.x), case.y, None))
    trainer = Trainer(Prepared.of(p, rows), threads=1, progress=lambda *_: None, cancelled=lambda: False)
    trainer.run()
    return model_of(case.name, trainer)


def calibrated(case: Case, method: str) -> DeepLearningModel:
    """The model of a case that gives classes, calibrated."""
    model, rows = trained(case), training_frame()
    chances = predicted(model, rows)[1]
    known = rows.column(case.y or "")
    learned = Calibration.learned(method, chances, known.values.astype(int), None, "the same rows")
    return replace(model, calibration=learned)


CALIBRATED = [
    ("Tanh", "PlattScaling"),
    ("Tanh", "IsotonicRegression"),
    ("Tanh", "Temperature"),
    ("balanced", "Temperature"),
]


def predicted(model: DeepLearningModel, rows: Frame) -> tuple[list[str] | None, np.ndarray]:
    """Labels, if it is a classifier, and the numbers that a model predicts: (rows, columns)."""
    found, _ = model.predict(rows)
    labels = found.columns[0].texts().tolist() if found.columns[0].kind == "enum" else None
    return labels, np.column_stack([c.numbers() for c in found.columns if c.kind != "enum"])


def read_predictions(path: Path) -> tuple[list[str] | None, np.ndarray]:
    """The same from a CSV file of predictions."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    first = 1 if header[0] == "predict" and len(header) > 1 else 0
    numbers = np.array([[float(cell or "nan") for cell in row[first:]] for row in rows])
    return [row[0] for row in rows] if first else None, numbers


def assert_same_predictions(
    found: tuple[list[str] | None, np.ndarray],
    expected: tuple[list[str] | None, np.ndarray],
    tolerance: float = 1e-6,
) -> None:
    """Compare labels, and numbers to a tolerance relative to the scale of each column."""
    assert found[0] == expected[0]
    scale = np.maximum(1, np.nan_to_num(np.abs(expected[1])).max(axis=0))
    np.testing.assert_allclose(found[1] / scale, expected[1] / scale, rtol=0, atol=tolerance)


def write_csv(rows: Frame, path: Path) -> None:
    """The rows as text; missing cells are empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows.names)
        writer.writerows(zip(*(texts(c) for c in rows.columns), strict=True))


def texts(column: Column) -> list[str]:
    """Cells of a column as text."""
    return ["" if cell is None else str(cell) for cell in column.texts().tolist()]
