"""Random valid parameter sets, drawn from the parameter table, and small frames with everything that is awkward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from heavywater.deeplearning.encoding.response import LOG_LINK
from heavywater.deeplearning.parameters.constraints import Choice, Number
from heavywater.deeplearning.parameters.resolution import (
    AUTOENCODER,
    AUTOENCODER_DISTRIBUTIONS,
    BINOMIAL,
    CLASSES,
    LOSSES_OF_DISTRIBUTION,
    MULTINOMIAL,
    REGRESSION,
    STOPPING_METRICS,
)
from heavywater.deeplearning.parameters.table import Parameter, table
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric, reals, strings, times
from heavywater.frame.frame import Frame
from hypothesis import strategies as st

ROWS = 36
PREDICTORS = ["x", "whole", "flag", "few", "many", "codes", "when", "constant", "empty", "text"]
LARGE = ("whole", "when", "codes")
RESPONSES = {BINOMIAL: "two", MULTINOMIAL: "three", REGRESSION: "y", AUTOENCODER: None}
Draw = st.DrawFn


def small_frame(seed: int, *, unseen: bool = False) -> Frame:
    """Every kind of column, with missing cells; `unseen` adds levels that the others do not have."""
    rng = np.random.default_rng(seed)
    n = np.arange(ROWS)

    def factor(levels: list[str], missing: float = 0.1) -> Column:
        levels = [*levels, "new"] if unseen else levels
        codes = rng.integers(0, len(levels), ROWS)
        return enum(np.where(rng.random(ROWS) < missing, -1, codes), levels)

    def holes(values: Any, missing: float = 0.1) -> Any:
        return np.where(rng.random(ROWS) < missing, np.nan, values)

    columns = {
        "x": reals(holes(rng.normal(size=ROWS))),
        "whole": numeric(holes(rng.integers(-5, 300, ROWS))),
        "flag": numeric((rng.random(ROWS) < 0.2).astype(int)),
        "few": factor(["a", "b", "c"]),
        "many": factor([f"l{k:02}" for k in range(14)]),
        "codes": factor(["10", "2", "33"]),
        "when": times(1_600_000_000_000 + rng.integers(0, 10**9, ROWS)),
        "constant": numeric(np.full(ROWS, 7)),
        "empty": numeric(np.full(ROWS, np.nan)),
        "text": strings([f"row {k}" for k in n]),
        "y": reals(holes(rng.gamma(2.0, size=ROWS), 0.05)),
        "two": enum(np.where(n == 3, -1, rng.random(ROWS) < 0.25), ["no", "yes"]),
        "three": enum(np.where(n == 3, -1, np.minimum(rng.poisson(0.7, ROWS), 2)), ["u", "v", "w"]),
        "weight": numeric(rng.integers(0, 4, ROWS) / 2),
        "offset": reals(rng.normal(size=ROWS) / 4),
        "fold": numeric(n % 3),
    }
    return Frame(list(columns), list(columns.values()))


@dataclass(frozen=True, repr=False)
class Problem:
    """One call of `Training.train` of a session."""

    category: str
    parameters: dict[str, Any]
    frame_seed: int
    with_validation: bool

    @property
    def x(self) -> list[str]:
        """Predictors; without large numbers where they are not brought to a common scale, for these do explode."""
        scaled = self.parameters.get("standardize", True) and not self.parameters.get("sparse", False)
        return [name for name in PREDICTORS if scaled or name not in LARGE]

    @property
    def y(self) -> str | None:
        return RESPONSES[self.category]

    @property
    def may_explode(self) -> bool:
        """Whether weights may leave all bounds, as in H2O.

        Autoencoders have no derivative at the output: units without an upper limit are pushed on and on. Where the
        exponential of the output is fitted, the first large response can push the bias so far that the next gradient
        is beyond all bounds. And gradient descent at a fixed rate cannot get down from where large starting weights of
        units without an upper limit put it.
        """
        p = {name: self.parameters.get(name, entry.default) for name, entry in table().items()}
        unbounded = not p["activation"].startswith("Tanh")
        far = p["initial_weight_distribution"] != "UniformAdaptive" and p["initial_weight_scale"] > 0.5
        exponential = p["distribution"] in LOG_LINK
        return exponential or (
            unbounded and (self.category == AUTOENCODER or (far and not p["adaptive_rate"]))
        )

    def __repr__(self) -> str:
        """Without the defaults, to be read."""
        values = {name: value for name, value in self.parameters.items() if value != table()[name].default}
        return f"Problem({self.category!r}, {values}, {self.frame_seed}, {self.with_validation})"


def real(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False) | st.sampled_from([low, high])


#: values of parameters whose limits are wide: where small data is still trained without exploding
RANGES: dict[str, st.SearchStrategy[Any]] = {
    "max_after_balance_size": real(0.2, 4),
    "max_confusion_matrix_size": st.integers(1, 30),
    "epochs": real(0, 3),
    "train_samples_per_iteration": st.sampled_from([-2, -1, 0, 1, 17, 100]),
    "target_ratio_comm_to_comp": real(0, 1),
    "seed": st.integers(-1, 2**63 - 1),
    "rho": real(0.8, 0.999),
    "epsilon": real(1e-10, 1e-4),
    "rate": real(0, 0.01),
    "rate_annealing": real(0, 0.01),
    "rate_decay": real(0.5, 1),
    "momentum_start": real(0, 0.9),
    "momentum_ramp": real(0, 100),
    "momentum_stable": real(0, 0.9),
    "l1": real(0, 1e-3),
    "l2": real(0, 1e-3),
    "max_w2": real(0.1, 100) | st.just(float("inf")),
    "initial_weight_scale": real(0.01, 0.5),
    "score_interval": real(0, 10),
    "score_training_samples": st.sampled_from([0, 5, 10000]),
    "score_validation_samples": st.sampled_from([0, 9, 10000]),
    "classification_stop": real(-1, 0.5),
    "regression_stop": real(-1, 0.5),
    "stopping_rounds": st.integers(0, 3),
    "max_runtime_secs": st.sampled_from([0, 100]),
    "average_activation": real(-0.9, 0.9),
    "sparsity_beta": real(0, 0.01),
    "max_categorical_features": st.integers(1, 30) | st.just(2**31 - 1),
    "mini_batch_size": st.integers(1, 7),
    "elastic_averaging_regularization": real(0, 0.1),
    "gainslift_bins": st.integers(-1, 20),
    "tweedie_power": real(1.01, 1.99),
    "stopping_tolerance": real(0, 0.5),
    "input_dropout_ratio": real(0, 0.8),
    "hidden": st.lists(st.integers(1, 6), max_size=3),
    "ensemble_size": st.sampled_from([1, 1, 2, 3]),
    "numeric_bins": st.integers(1, 256),
    "weight_decay": real(0, 0.5),
    "label_smoothing": real(0, 0.5),
    "epochs_folds": st.sampled_from([1, 1, 2, 3]),
    "ignored_columns": st.lists(st.sampled_from(PREDICTORS[2:]), unique=True, max_size=3),
}
#: parameters of the table that are set in other ways, or that have tests of their own
ELSEWHERE = {
    "model_id": "keys are an affair of the session",
    "training_frame": "an argument of train",
    "validation_frame": "an argument of train",
    "response_column": "an argument of train",
    "autoencoder": "follows from the category",
    "initial_weights": "the second part of the test",
    "initial_biases": "the second part of the test",
    "checkpoint": "needs a model that fits; see the tests of checkpoints",
    "pretrained_autoencoder": "as checkpoint",
    "export_checkpoints_dir": "writes files; see the tests of checkpoints",
    "custom_metric_func": "a function; see the tests of custom metrics",
    "calibrate_model": "needs rows that are held out; see the tests of uncertainty",
    "calibration_frame": "as calibrate_model",
    "calibration_method": "as calibrate_model",
}


def values_of(entry: Parameter) -> st.SearchStrategy[Any]:
    """Values of one parameter, whatever the others are."""
    if entry.name in RANGES:
        return RANGES[entry.name]
    if entry.type == "boolean":
        return st.booleans()
    if isinstance(entry.constraint, Choice):
        return st.sampled_from(entry.values)
    if entry.type in ("double", "float") and isinstance(entry.constraint, Number):
        return real(entry.constraint.low, entry.constraint.high)
    raise NotImplementedError(f"{entry.name}: how to draw it?")


def without_mostly(draw: Draw, value: st.SearchStrategy[Any]) -> Any:
    """A value, or None, which is more likely: for columns with a role, which exclude much else."""
    return draw(value) if draw(st.integers(0, 3)) == 0 else None


@st.composite
def problems(draw: Draw) -> Problem:
    """A random parameter set that is valid, and data for it."""
    category = draw(st.sampled_from([BINOMIAL, MULTINOMIAL, REGRESSION, AUTOENCODER]))
    dependent = DEPENDENT.keys()
    values = {
        name: draw(values_of(entry))
        for name, entry in table().items()
        if name not in ELSEWHERE and name not in dependent
    }
    for name, choose in DEPENDENT.items():
        values[name] = choose(draw, category, values)
    if category == AUTOENCODER:
        values["autoencoder"] = True
    # H2O's own defaults, too, are to be met: some parameters are not given
    given = draw(st.sets(st.sampled_from(sorted(values)), min_size=0, max_size=len(values)))
    kept = {name: value for name, value in values.items() if value is not None}
    if draw(st.booleans()):
        linked = {"autoencoder", "reproducible", "seed", "hidden", "auc_type", "mini_batch_size", *dependent}
        kept = {name: value for name, value in kept.items() if name in given or name in linked}
    if kept["preset"] != "H2O" and "epochs" not in kept:
        kept.setdefault("epochs_candidates", [0.5, 2.0])  # its own would take long
    if "epochs_candidates" in kept:
        kept.pop("epochs", None)
        for name in {"l1", "numeric_bins"} & {each.removesuffix("_candidates") for each in kept}:
            kept.pop(name, None)
    return Problem(category, kept, draw(st.integers(0, 10)), draw(st.booleans()))


# ---- parameters that depend on others; in the order in which they are drawn


def _activation(draw: Draw, category: str, values: dict[str, Any]) -> str:
    kinds = [k for k in table()["activation"].values if category != AUTOENCODER or not k.startswith("Maxout")]
    return draw(st.sampled_from(kinds))


def _dropout(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    if not values["activation"].endswith("WithDropout"):
        return None
    layers = len(values["hidden"])
    return draw(st.none() | st.lists(real(0, 0.8), min_size=layers, max_size=layers))


def _distribution(draw: Draw, category: str, values: dict[str, Any]) -> str:
    families = {
        BINOMIAL: ["AUTO", "bernoulli", "multinomial"],
        MULTINOMIAL: ["AUTO", "bernoulli", "multinomial"],
        REGRESSION: ["AUTO", *LOSSES_OF_DISTRIBUTION],
        AUTOENCODER: ["AUTO", *AUTOENCODER_DISTRIBUTIONS],
    }
    return draw(st.sampled_from(families[category]))


def _loss(draw: Draw, category: str, values: dict[str, Any]) -> str:
    if category in CLASSES:
        return draw(st.sampled_from(["Automatic", "CrossEntropy", "Quadratic"]))
    if values["distribution"] == "AUTO":
        return draw(st.sampled_from(["Automatic", "Quadratic", "Absolute", "Huber", "Quantile"]))
    return draw(st.sampled_from(LOSSES_OF_DISTRIBUTION[values["distribution"]]))


def _stopping_metric(draw: Draw, category: str, values: dict[str, Any]) -> str:
    names = ["AUTO", *(name for name in STOPPING_METRICS[category] if "custom" not in name)]
    if category == MULTINOMIAL and values["auc_type"] not in ("AUTO", "NONE"):
        names += ["AUC", "AUCPR"]
    return draw(st.sampled_from(names))


def _weights(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    return None if category == AUTOENCODER else without_mostly(draw, st.just("weight"))


def _offset(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    return without_mostly(draw, st.just("offset")) if category == REGRESSION else None


def _balance(draw: Draw, category: str, values: dict[str, Any]) -> bool:
    return category in CLASSES and values["weights_column"] is None and draw(st.booleans())


def _factors(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    classes = 2 if category == BINOMIAL else 3
    if not values["balance_classes"]:
        return None
    return draw(st.none() | st.lists(real(0.1, 5), min_size=classes, max_size=classes))


def _sparsity(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    return draw(RANGES["sparsity_beta"]) if category == AUTOENCODER else 0.0


def _encoding(draw: Draw, category: str, values: dict[str, Any]) -> str:
    names = [
        n for n in table()["categorical_encoding"].values if category != AUTOENCODER or n != "SortByResponse"
    ]
    return draw(st.sampled_from(names))


def _col_major(draw: Draw, category: str, values: dict[str, Any]) -> bool:
    return not values["sparse"] and draw(st.booleans())


def _nfolds(draw: Draw, category: str, values: dict[str, Any]) -> int:
    if category == AUTOENCODER:
        return 0
    return without_mostly(draw, st.sampled_from([2, 3])) or 0


def _fold_column(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    if category == AUTOENCODER or values["nfolds"]:
        return None
    return without_mostly(draw, st.just("fold"))


def _fold_assignment(draw: Draw, category: str, values: dict[str, Any]) -> str:
    return draw(st.sampled_from(table()["fold_assignment"].values)) if values["nfolds"] else "AUTO"


def _quantiles(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    several = st.lists(real(0, 1), min_size=2, max_size=4, unique=True)
    return draw(real(0, 1) if category == AUTOENCODER else real(0, 1) | several)


def _preset(draw: Draw, category: str, values: dict[str, Any]) -> str:
    if category == AUTOENCODER:
        return "H2O"
    return without_mostly(draw, st.sampled_from(table()["preset"].values)) or "H2O"


def _numeric_encoding(draw: Draw, category: str, values: dict[str, Any]) -> str:
    fits = values["activation"].startswith(("Rectifier", "Maxout")) and not values["col_major"]
    return (
        draw(values_of(table()["numeric_encoding"])) if fits and category != AUTOENCODER else "Standardized"
    )


def _optimizer(draw: Draw, category: str, values: dict[str, Any]) -> str:
    return draw(st.sampled_from(table()["optimizer"].values)) if values["mini_batch_size"] > 1 else "AUTO"


def _validation_fraction(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    return without_mostly(draw, real(0, 0.9))


def _candidates(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    if category == AUTOENCODER:
        return None
    return without_mostly(draw, st.lists(real(0.1, 3), min_size=1, max_size=3, unique=True))


def _l1_candidates(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    if category == AUTOENCODER:
        return None
    return without_mostly(draw, st.lists(real(0, 0.01), min_size=2, max_size=2, unique=True))


def _bins_candidates(draw: Draw, category: str, values: dict[str, Any]) -> Any:
    if category == AUTOENCODER:
        return None
    size = len(values["l1_candidates"] or "ab")
    return without_mostly(draw, st.lists(st.integers(1, 256), min_size=size, max_size=size, unique=True))


def _temperature(draw: Draw, category: str, values: dict[str, Any]) -> bool:
    held_out = any(
        values[name] for name in ("nfolds", "fold_column", "validation_fraction", "epochs_candidates")
    )
    return bool(held_out) and category in CLASSES and draw(st.booleans())


def _clamp(draw: Draw, category: str, values: dict[str, Any]) -> bool:
    return category == REGRESSION and draw(st.booleans())


DEPENDENT: dict[str, Any] = {
    "quantile_alpha": _quantiles,
    "activation": _activation,
    "hidden_dropout_ratios": _dropout,
    "distribution": _distribution,
    "loss": _loss,
    "stopping_metric": _stopping_metric,
    "weights_column": _weights,
    "offset_column": _offset,
    "balance_classes": _balance,
    "class_sampling_factors": _factors,
    "sparsity_beta": _sparsity,
    "categorical_encoding": _encoding,
    "col_major": _col_major,
    "nfolds": _nfolds,
    "fold_column": _fold_column,
    "fold_assignment": _fold_assignment,
    "preset": _preset,
    "numeric_encoding": _numeric_encoding,
    "optimizer": _optimizer,
    "validation_fraction": _validation_fraction,
    "epochs_candidates": _candidates,
    "l1_candidates": _l1_candidates,
    "numeric_bins_candidates": _bins_candidates,
    "fit_temperature": _temperature,
    "clamp_predictions": _clamp,
}
