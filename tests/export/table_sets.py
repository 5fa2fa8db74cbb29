"""Models of tables in tests/data as the preset for tables has them, small; and rows of the tables with cells that training did not know."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ..house.tree import ROOT
from ..sessions import finished

PRESET = {
    "activation": "RectifierWithDropout",
    "hidden_dropout_ratios": [0.15, 0.15],
    "hidden": [48, 32],
    "numeric_encoding": "PiecewiseLinear",
    "ensemble_size": 4,
    "optimizer": "Adam",
    "rate": 3e-3,
    "rate_schedule": "Cosine",
    "mini_batch_size": 64,
    "epochs": 4,
    "seed": 1,
}


@dataclass(frozen=True, eq=False)
class TableOf:
    """A table, and what is predicted.

    Attributes
    ----------
    file : str
    y : str
    factors : tuple of str
        Columns that are numbers in the file.
    ignored : tuple of str
    given : dict
        Parameters in place of `PRESET`.
    """

    file: str
    y: str
    factors: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    given: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file.split('.', maxsplit=1)[0]}_{self.y}"


_DATES = ("fDayofMonth", "IsDepDelayed_REC")
_MAXOUT = {"activation": "Maxout", "hidden_dropout_ratios": None}
_TEMPERATURE = {"fit_temperature": True, "validation_fraction": 0.2}
TABLES = [
    TableOf("iris_missing.csv", "Species"),
    TableOf("iris_wheader.csv", "petal_wid", given={"ensemble_size": 3}),
    TableOf("prostate_missing.csv", "CAPSULE", ("CAPSULE", "RACE", "DPROS"), ("ID",)),
    TableOf("prostate.csv", "VOL", ("RACE", "DPROS", "DCAPS"), ("ID",), {"ensemble_size": 2, **_MAXOUT}),
    TableOf("insurance.csv", "claims", given={"distribution": "poisson", "clamp_predictions": True}),
    TableOf("insurance.csv", "fuel", ignored=("pure_premium",), given={"ensemble_size": 1}),
    TableOf("cars.csv", "economy (mpg)", ignored=("name",)),
    TableOf("BostonHousing.csv", "medv", given={"distribution": "huber"}),
    TableOf("australia.csv", "runoffnew", given={"numeric_bins": 64}),
    TableOf(
        "AirlinesTrain.csv.gz", "IsDepDelayed", ignored=_DATES, given={"ensemble_size": 8, **_TEMPERATURE}
    ),
    TableOf("cal_housing.csv.gz", "medianHouseValue", given={"hidden": [64, 64], "clamp_predictions": True}),
    TableOf("covtype.20k.csv.gz", "C55", ("C55",), given={"epochs": 1, **_MAXOUT}),
]


@cache
def table_model(table: TableOf) -> tuple[DeepLearningModel, Frame]:
    """The model of a table, and 300 rows of it: as they are, with missing cells, unseen levels and numbers far away."""
    session = LocalSession(nthreads=2)
    key = finished(session, session.files.import_files(ROOT / "tests" / "data" / table.file))
    rows = session.store.get(key, Frame)
    columns = [
        _as_factor(c) if n in table.factors else c for n, c in zip(rows.names, rows.columns, strict=True)
    ]
    rows = Frame(rows.names, columns)
    rows = rows.take(np.random.default_rng(1).permutation(rows.nrow)[:3000])
    frame = session.store.put_frame(rows, "rows")
    x = [name for name in rows.names if name not in (table.y, *table.ignored)]
    started = session.training.train(
        "deeplearning", {**PRESET, **table.given}, x=x, y=table.y, training_frame_key=frame
    )
    model = session.store.get(finished(session, started), DeepLearningModel)
    return model, spoiled(rows.take(np.arange(min(300, rows.nrow))))


def _as_factor(column: Column) -> Column:
    values = column.numbers()
    known = np.unique(values[~np.isnan(values)])
    codes = np.where(np.isnan(values), -1, np.searchsorted(known, values))
    return enum(codes.astype(int), [f"{value:g}" for value in known])


def spoiled(rows: Frame) -> Frame:
    """The rows, of which two thirds have cells that are missing or like none of the training."""
    rng, columns = np.random.default_rng(2), []
    for column in rows.columns:
        hit = rng.random((2, rows.nrow)) < 0.15
        hit[:, : rows.nrow // 3] = False
        if column.kind == "enum":
            levels = [*(column.levels or ()), "never seen"]
            codes = np.where(hit[0], -1, np.where(hit[1], len(levels) - 1, column.values))
            columns.append(enum(codes, levels))
        else:
            values = column.numbers()
            far = values + rng.choice([-1e6, -3.0, 3.0, 1e6], rows.nrow) * (1 + np.abs(values))
            columns.append(numeric(np.where(hit[0], np.nan, np.where(hit[1], far, values))))
    return Frame(rows.names, columns)
