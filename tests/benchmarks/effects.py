"""What single parameters do on one data set: ``python -m tests.benchmarks.effects``, which ``make bench-effects`` does.

Types of forest from 54 columns (``tests/data/covtype.20k.csv.gz``): a quarter of its 20,000 rows, drawn by chance, is
trained, another is the test. The base is a network
with ``hidden=[50, 50]`` and ``epochs=20``, everything else as H2O has it, without early stopping. Each setting changes that base in what
it names, over the same seeds; one thread, ``reproducible=True``. The error is the share of wrong rows of the test; the time is that of
the processor, beside the base's. ``results/effects.json`` has every run, and the pages of parameters show it.

How to read a line: it is of one data set. The spread behind an error is the standard deviation over the seeds; what differs by less is
hardly an effect.
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from pathlib import Path
from typing import Any, NamedTuple

import h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator

RESULTS = Path(__file__).parent / "results"
DATA = Path(__file__).parents[1] / "data" / "covtype.20k.csv.gz"
RESPONSE = "C55"
SHARE = 0.25
SEEDS = (11, 12, 13)
BASE: dict[str, Any] = {"hidden": [50, 50], "epochs": 20.0}
DROPOUT = {"activation": "RectifierWithDropout"}
GIVEN_RATE = {"adaptive_rate": False}
# parameter -> settings, each with what else they need
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "hidden": [{"hidden": each} for each in ([10], [50], [50, 50], [200, 200], [50, 50, 50])],
    "epochs": [{"epochs": each} for each in (2.0, 5.0, 20.0, 50.0)],
    "activation": [{"activation": each} for each in ("Rectifier", "Tanh", "Maxout", "ExpRectifier")],
    "input_dropout_ratio": [{"input_dropout_ratio": each} for each in (0.0, 0.05, 0.2)],
    "hidden_dropout_ratios": [{}, *(DROPOUT | {"hidden_dropout_ratios": [each] * 2} for each in (0.1, 0.25, 0.5))],
    "l1": [{"l1": each} for each in (0.0, 1e-5, 1e-4, 1e-3)],
    "l2": [{"l2": each} for each in (0.0, 1e-5, 1e-4, 1e-3)],
    "rho": [{"rho": each} for each in (0.9, 0.99, 0.999)],
    "epsilon": [{"epsilon": each} for each in (1e-10, 1e-8, 1e-6)],
    "rate": [GIVEN_RATE | {"rate": each} for each in (0.0005, 0.005, 0.02)],
    "mini_batch_size": [{"mini_batch_size": each} for each in (1, 8, 32)],
    "max_w2": [{"max_w2": each} for each in (None, 10.0, 1.0)],
    "ensemble_size": [{"ensemble_size": each} for each in (1, 2, 4)],
    "numeric_encoding": [{"numeric_encoding": each} for each in ("Standardized", "PiecewiseLinear")],
}  # fmt: skip


class Measured(NamedTuple):
    """A setting, with what each seed gave."""

    setting: dict[str, Any]
    errors: list[float]
    seconds: list[float]


def measure(seeds: tuple[int, ...] = SEEDS) -> dict[str, list[Measured]]:
    """Train all settings, each once: what stands in several places is the same run."""
    h2o.init(nthreads=1, verbose=False)
    h2o.no_progress()
    frame = h2o.import_file(str(DATA))
    frame[RESPONSE] = frame[RESPONSE].asfactor()
    frame = frame.drop(
        [name for name in frame.names if name != RESPONSE and frame[name].min() == frame[name].max()]
    )
    train, test, _ = frame.split_frame(ratios=[SHARE, SHARE], seed=1)  # the file's order is not by chance
    done: dict[str, Measured] = {}
    found: dict[str, list[Measured]] = {}
    for parameter, settings in SETTINGS.items():
        found[parameter] = []
        for setting in settings:
            key = json.dumps(BASE | _without_defaults(setting), sort_keys=True)
            if key not in done:
                runs = [_run(BASE | setting, seed, train, test) for seed in seeds]
                done[key] = Measured(setting, [error for error, _ in runs], [used for _, used in runs])
            found[parameter].append(done[key]._replace(setting=setting))
    return found


def _without_defaults(setting: dict[str, Any]) -> dict[str, Any]:
    plain = {
        "activation": "Rectifier", "input_dropout_ratio": 0.0, "l1": 0.0, "l2": 0.0, "rho": 0.99, "epsilon": 1e-8,
        "mini_batch_size": 1, "max_w2": None, "ensemble_size": 1, "numeric_encoding": "Standardized",
    }  # fmt: skip
    return {name: value for name, value in setting.items() if name not in plain or plain[name] != value}


def _run(parameters: dict[str, Any], seed: int, train: Any, test: Any) -> tuple[float, float]:
    given = {name: value for name, value in parameters.items() if value is not None}
    model: Any = H2ODeepLearningEstimator(
        **given, seed=seed, reproducible=True, stopping_rounds=0, overwrite_with_best_model=False, score_interval=1e9
    )  # fmt: skip
    begun = time.process_time()
    model.train(y=RESPONSE, training_frame=train)
    used = time.process_time() - begun
    wrong = (model.predict(test)["predict"] != test[RESPONSE]).mean()
    h2o.remove(model.model_id)
    return float(wrong[0] if isinstance(wrong, list) else wrong), used


def write(found: dict[str, list[Measured]], folder: Path = RESULTS) -> None:
    """The file of all runs, and the page."""
    kept = {
        "base": BASE,
        "rows": 5000,
        "version": h2o.__version__,
        "processor": platform.machine(),
        "parameters": {
            name: [
                {
                    "setting": each.setting,
                    "errors": each.errors,
                    "seconds": [round(s, 3) for s in each.seconds],
                }
                for each in settings
            ]
            for name, settings in found.items()
        },
    }
    (folder / "effects.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (folder / "effects.md").write_text(page(kept), encoding="utf-8")


def page(kept: dict[str, Any]) -> str:
    """The page of all parameters."""
    parts = ["# What single parameters do", str(__doc__).split("\n\n", 1)[1].strip()]
    for name in kept["parameters"]:
        parts += [f"## {name}", "\n".join(rows(kept, name))]
    return "\n\n".join(parts) + "\n"


def rows(kept: dict[str, Any], parameter: str) -> list[str]:
    r"""The table of a parameter: setting, error with its spread in percent, time beside the base's.

    Examples
    --------
    >>> some = {"errors": [0.2, 0.3, 0.1], "seconds": [1, 1, 2]}
    >>> kept = {"base": {"l1": 0.0}, "parameters": {"l1": [{"setting": {"l1": 0.0}, **some}, {"setting": {"l1": 0.1}, **some}]}}
    >>> print(*rows(kept, "l1"), sep="\n")
    | | error on test rows, % | time |
    |---|---|---|
    | `l1=0.0`, the base | 20.0 ± 10.0 | 1.0 |
    | `l1=0.1` | 20.0 ± 10.0 | 1.0 |
    """
    lines = ["| | error on test rows, % | time |", "|---|---|---|"]
    base = statistics.median(_base(kept)["seconds"])
    for each in kept["parameters"][parameter]:
        what = ", ".join(f"`{name}={shown(value)}`" for name, value in each["setting"].items()) or "without"
        mark = ", the base" if each["errors"] == _base(kept)["errors"] and what != "without" else ""
        error, spread = 100 * statistics.mean(each["errors"]), 100 * statistics.stdev(each["errors"])
        lines.append(
            f"| {what}{mark} | {error:.1f} ± {spread:.1f} | {statistics.median(each['seconds']) / base:.1f} |"
        )
    return lines


def _base(kept: dict[str, Any]) -> dict[str, Any]:
    """The runs of the base: those that change nothing of it."""
    first, name = kept["base"], next(iter(kept["parameters"]))
    found: dict[str, Any] = next(
        each for each in kept["parameters"][name] if each["setting"].items() <= first.items()
    )
    return found


def shown(value: Any) -> str:
    """A value as the page shows it; None stands for no limit."""
    if value is None:
        return "inf"
    return json.dumps(value) if isinstance(value, str | list) else f"{value}"


if __name__ == "__main__":
    write(measure())
    print(RESULTS / "effects.md")
