"""The headline of the booklet on a desk: handwritten digits with its largest net, for as many hours as there are.

The booklet ("Performance", MNIST) reports 0.87 % test error without distortions, convolutions or pretraining, after 4 hours on 4 machines
of 16 cores, as the lowest error that a model of the run had on the test set. This script trains the same net (1024, 1024 and 2048
rectifiers with dropout) on this machine. The last 10 000 training rows are held out; they alone say which model of the run is taken, and
they alone have chosen the recipe. What picking on the test set would have given is said beside it.

Run ``python -m vignettes.world_record --hours 4``. It works in pieces and keeps, in a folder, the last model and the curve: killed
at any moment, it goes on with the next start, over as many sittings as it takes. How many epochs fit into the hours is measured first,
since the learning rate falls along a cosine that has to know its end.

In the folder: ``curve.json`` (all that is known of the run), ``curve.csv`` (error against epochs, seconds and core-hours),
``report.md`` and ``curve.svg``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator
from heavywater.files import new_file

if __package__:
    from vignettes import mnist
else:  # started as a script: its own folder is on the path
    import mnist  # type: ignore[no-redef]

PIXELS = 784
HELD_OUT = 10_000  # of 60 000 rows; of fewer the same share
BOOKLET_ERROR, BOOKLET_CORE_HOURS = 0.0087, 4 * 4 * 16
RECIPE: dict[str, Any] = {
    "activation": "RectifierWithDropout",
    "hidden": [1024, 1024, 2048],
    "input_dropout_ratio": 0.2,
    "standardize": False,  # pixels are divided by 255, so that what is black stays 0
    "mini_batch_size": 128,
    "optimizer": "Adam",
    "rate": 1e-3,
    "rate_schedule": "Cosine",
    "max_w2": 4.0,
    "seed": 1,
}
QUICK: dict[str, Any] = {"hidden": [16, 16, 32], "mini_batch_size": 16}
# The script scores by itself, after each piece.
UNSCORED: dict[str, Any] = {
    "train_samples_per_iteration": 0,  # an epoch: mini-batches do not depend on the speed
    "stopping_rounds": 0,
    "classification_stop": -1,
    "overwrite_with_best_model": False,
    "score_interval": 1e9,
    "score_training_samples": 1000,
}
MEASURED_SECONDS = 20.0  # of training, from which the number of epochs follows
TRAINED_SHARE = 0.93  # of the hours; the rest goes into encoding, scoring and saving
FIELDS = (
    "epochs",
    "seconds",
    "core_hours",
    "held_out_error",
    "held_out_logloss",
    "test_error",
    "test_logloss",
)

Frames = tuple[Any, Any, Any]  # rows to train, rows held out (or None), test rows


# ---- data


def frames(held_out: bool) -> Frames:
    """Rows to train, the last sixth of the training rows (None without holding out) and the test rows, pixels from 0 to 1."""
    train, test = (_scaled(h2o.import_file(str(path))) for path in mnist.fetch())
    if not held_out:
        return train, None, test
    first = train.nrow - min(HELD_OUT, train.nrow // 6)
    return train[:first, :], train[first : train.nrow, :], test


def _scaled(digits: Any) -> Any:
    names = digits.names
    return (digits[names[:PIXELS]] / 255).cbind(digits[names[PIXELS]].asfactor())


# ---- the run


class Run:
    """A run in its folder: what is known of it, and the model to go on from.

    Parameters
    ----------
    folder : Path
    settings : dict
        What the run was asked for; a run that is there must have been asked for the same.

    Attributes
    ----------
    points : list of dict
        The curve, see `FIELDS`; a point for each piece.
    epochs : float
        How many there will be; 0 until that is known.

    Raises
    ------
    SystemExit
        The folder has a run with other settings.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.folder = folder
        self.known: dict[str, Any] = {
            "settings": settings,
            "epochs": 0.0,
            "sittings": 0,
            "points": [],
            "model": None,
        }
        if self._file.exists():
            self.known = json.loads(self._file.read_text())
        if self.known["settings"] != json.loads(json.dumps(settings)):
            sys.exit(
                f"{folder} has a run with other settings, {self.known['settings']}: give the same, or another --folder"
            )

    @property
    def _file(self) -> Path:
        return self.folder / "curve.json"

    @property
    def points(self) -> list[dict[str, Any]]:
        """The curve so far."""
        return self.known["points"]

    @property
    def epochs(self) -> float:
        """Epochs of the whole run; 0 until they are known."""
        return self.known["epochs"]

    @property
    def complete(self) -> bool:
        """Whether all epochs are trained."""
        return bool(self.points) and self.points[-1]["epochs"] >= self.epochs

    def last_model(self) -> Any:
        """The model to go on from, or None."""
        return None if self.known["model"] is None else h2o.load_model(str(self.folder / self.known["model"]))

    def keep(self, model: Any, point: dict[str, Any], confusion: list[list[int]]) -> None:
        """Save the model, then the curve that names it, then forget the model before: whatever is cut short, a pair is there."""
        before, name = self.known["model"], f"model-{len(self.points) + 1:04d}"
        h2o.save_model(model, path=str(self.folder), filename=name, force=True)
        self.points.append(point)
        self.known["model"], self.known["last_confusion"] = name, confusion
        if picked(self.points) is point:
            self.known["picked_confusion"] = confusion
        self.write()
        if before is not None:
            (self.folder / before).unlink(missing_ok=True)

    def write(self) -> None:
        """The curve, as JSON and as CSV."""
        with new_file(self._file, force=True) as (_, beside):
            Path(beside).write_text(json.dumps(self.known, indent=1))
        with (
            new_file(self.folder / "curve.csv", force=True) as (_, beside),
            open(beside, "w", newline="") as out,
        ):
            table = csv.DictWriter(out, FIELDS)
            table.writeheader()
            table.writerows(self.points)


def picked(points: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The point of the model that is taken: fewest errors on the held-out rows, of equal ones the lower logloss; else the last."""
    if points[-1]["held_out_error"] is None:
        return points[-1]
    return min(points, key=lambda point: (point["held_out_error"], point["held_out_logloss"]))


def epochs_for(hours: float, rows_per_second: float, rows: int) -> float:
    """Whole epochs that fit into the hours, at least one."""
    return float(max(1, int(hours * 3600 * TRAINED_SHARE * rows_per_second / rows)))


def train(parameters: dict[str, Any], rows: Any, seconds: float, epochs: float, before: Any = None) -> Any:
    """A model that has been trained for so many seconds more, or to the end of its epochs."""
    going_on = {} if before is None else {"checkpoint": before.model_id}
    model = H2ODeepLearningEstimator(
        **parameters, **UNSCORED, **going_on, epochs=epochs, max_runtime_secs=seconds
    )
    *pixels, digit = rows.names
    model.train(x=pixels, y=digit, training_frame=rows)
    return model


def trained_epochs(model: Any) -> float:
    """Epochs that a model has been trained."""
    return float(model.scoring_history()["epochs"].iloc[-1])


def measured_speed(parameters: dict[str, Any], rows: Any) -> float:
    """Rows per second of a short training whose result is thrown away."""
    begun = time.monotonic()
    model = train(parameters, rows, MEASURED_SECONDS, 1e6)
    speed = trained_epochs(model) * rows.nrow / (time.monotonic() - begun)
    h2o.remove(model)
    return speed


def look(model: Any, held_out: Any, test: Any) -> tuple[dict[str, Any], list[list[int]]]:
    """The errors of a model, and its confusion matrix on the test rows."""
    on_test = model.model_performance(test)
    on_held_out = None if held_out is None else model.model_performance(held_out)
    counts = on_test.confusion_matrix().as_data_frame().iloc[:-1, :-2]
    return {
        "held_out_error": None if on_held_out is None else error_of(on_held_out),
        "held_out_logloss": None if on_held_out is None else on_held_out.logloss(),
        "test_error": error_of(on_test),
        "test_logloss": on_test.logloss(),
    }, counts.astype(int).to_numpy().tolist()


def error_of(performance: Any) -> float:
    """Share of wrong classes."""
    return float(performance.confusion_matrix().as_data_frame()["Error"].iloc[-1])


def take_up(run: Run, data: Frames, parameters: dict[str, Any], piece: float) -> None:
    """Train what is missing, piece by piece."""
    rows, held_out, test = data
    if not run.epochs:
        asked = run.known["settings"]
        speed = 0.0 if asked["epochs"] else measured_speed(parameters, rows)
        run.known["processor"] = processor()
        run.known["epochs"] = asked["epochs"] or epochs_for(asked["hours"], speed, rows.nrow)
    run.known["sittings"] += 1
    run.write()
    print(f"{run.epochs:g} epochs, in {run.folder}", flush=True)
    model = run.last_model()
    while not run.complete:
        begun, used = time.monotonic(), time.process_time()
        before, model = model, train(parameters, rows, piece, run.epochs, model)
        errors, confusion = look(model, held_out, test)
        last = run.points[-1] if run.points else {"seconds": 0.0, "core_hours": 0.0}
        point = {
            "epochs": trained_epochs(model),
            "seconds": last["seconds"] + time.monotonic() - begun,
            "core_hours": last["core_hours"] + (time.process_time() - used) / 3600,
            **errors,
        }
        run.keep(model, point, confusion)
        if before is not None:
            h2o.remove(before)
        print(line(point), flush=True)


def line(point: dict[str, Any]) -> str:
    """A point of the curve as text."""
    held_out = "" if point["held_out_error"] is None else f", held out {point['held_out_error']:.2%}"
    return f"epoch {point['epochs']:.1f}, {point['seconds'] / 60:.1f} min: test error {point['test_error']:.2%}{held_out}"


# ---- the report


def report(run: Run) -> str:
    """The run as Markdown: what was reached, the curve as a table, the confusion matrix."""
    points, settings = run.points, run.known["settings"]
    taken, last, lowest = picked(points), points[-1], min(points, key=lambda point: point["test_error"])
    machine = f"{run.known['processor']}, {_count(settings['threads'], 'thread')}"
    parameters = ", ".join(f"`{name}={value!r}`" for name, value in settings["parameters"].items())
    taken_by = (
        "of the end of the run"
        if taken["held_out_error"] is None
        else "with the fewest errors on the rows held out"
    )
    how = (
        "all training rows"
        if taken["held_out_error"] is None
        else "all training rows but the last sixth, which is held out"
    )
    told = [
        "# The largest net of the booklet on MNIST\n",
        f"{machine}; {last['seconds'] / 3600:.2f} hours, {last['core_hours']:.2f} core-hours, {last['epochs']:.0f} epochs, "
        f"{_count(run.known['sittings'], 'sitting')}. Trained on {how}. {parameters}.\n",
        "![Test error against epochs](curve.svg)\n",
        "| | test error | epochs | minutes | core-hours |\n| --- | --- | --- | --- | --- |",
        _summary(f"the model {taken_by}", taken),
        *([] if taken is last else [_summary("the model of the end of the run", last)]),
        _summary("the model with the fewest errors on the test set, as the booklet picked its own", lowest),
        f"| the booklet, picked so | {BOOKLET_ERROR:.2%} | | 240 | {BOOKLET_CORE_HOURS} |\n",
        "The line before the booklet's is no estimate of the error on new digits: who looks at many models takes the luckiest.\n",
        "## Errors on the way\n",
        "| epochs | minutes | core-hours | held-out error | test error |\n| --- | --- | --- | --- | --- |",
        *map(_way, milestones(points)),
        "\n## Confusion matrix\n",
        "Test digits of the first model above; line: the digit, column: what the model took it for.\n",
        _matrix(run.known["picked_confusion"]),
    ]
    return "\n".join(told) + "\n"


def milestones(points: Sequence[dict[str, Any]], most: int = 20) -> list[dict[str, Any]]:
    """Some points that are spread over the whole run, the last one among them."""
    step = max(1, -(-len(points) // most))
    return list(points[::-1][::step][::-1])


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _summary(name: str, point: dict[str, Any]) -> str:
    return (
        f"| {name} | {point['test_error']:.2%} | {point['epochs']:.0f} | {point['seconds'] / 60:.0f} "
        f"| {point['core_hours']:.2f} |"
    )


def _way(point: dict[str, Any]) -> str:
    held_out = "" if point["held_out_error"] is None else f"{point['held_out_error']:.2%}"
    return (
        f"| {point['epochs']:.1f} | {point['seconds'] / 60:.1f} | {point['core_hours']:.2f} | {held_out} "
        f"| {point['test_error']:.2%} |"
    )


def _matrix(counts: list[list[int]]) -> str:
    digits = range(len(counts))
    head = ["| | " + " | ".join(map(str, digits)) + " |", "| --- " * (len(counts) + 1) + "|"]
    return "\n".join(
        head + [f"| **{i}** | " + " | ".join(map(str, row)) + " |" for i, row in enumerate(counts)]
    )


def draw(points: Sequence[dict[str, Any]], path: Path) -> None:
    """Errors against epochs, hours above, the booklet's error as a line."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullLocator

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    epochs = [point["epochs"] for point in points]
    if points[-1]["held_out_error"] is not None:
        axes.plot(
            epochs,
            [100 * point["held_out_error"] for point in points],
            color="#9aa5b1",
            label="rows held out",
        )
    axes.plot(epochs, [100 * point["test_error"] for point in points], color="#0b6bcb", label="test rows")
    axes.axhline(
        100 * BOOKLET_ERROR, color="#c2410c", linestyle="--", linewidth=1, label="the booklet, 256 core-hours"
    )
    axes.set(xlabel="epochs", ylabel="error in %", yscale="log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 1.2, 1.5, 2, 3, 5, 7, 9)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    unit, seconds = ("hours", 3600) if points[-1]["seconds"] > 3600 else ("minutes", 60)
    pace = points[-1]["seconds"] / seconds / epochs[-1]
    axes.secondary_xaxis("top", functions=(lambda x: x * pace, lambda x: x / pace)).set_xlabel(unit)
    with new_file(path, force=True) as (_, beside):
        figure.savefig(beside, format="svg")


def processor() -> str:
    """Name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (each.split(":", 1)[1].strip() for each in lines if each.startswith("model name")),
        "unknown processor",
    )


# ---- command


def main(arguments: Sequence[str] | None = None) -> None:
    """Begin the run of the folder, or go on with it; at its end write the report."""
    parser = argparse.ArgumentParser(description="The booklet's largest net on MNIST, for some hours.")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--hours", type=float, help="of training, in all sittings together")
    length.add_argument("--epochs", type=float, help="instead of hours")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/world_record"), help="of the run; by default %(default)s"
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="by default all cores")
    parser.add_argument("--piece", type=float, help="seconds of training between two points of the curve")
    parser.add_argument("--all-rows", action="store_true", help="hold no rows out, and take the last model")
    parser.add_argument("--quick", action="store_true", help="a tiny net, to see that everything works")
    asked = parser.parse_args(arguments)
    parameters = RECIPE | (QUICK if asked.quick else {})
    run = Run(
        asked.folder,
        {
            "hours": asked.hours,
            "epochs": asked.epochs,
            "threads": asked.threads,
            "held_out": not asked.all_rows,
            "parameters": parameters,
        },
    )
    piece = asked.piece or max(20.0, (asked.hours or 1) * 60)
    if not run.complete:
        h2o.init(nthreads=asked.threads)
        h2o.no_progress()
        warnings.filterwarnings(
            "ignore", "Columns .* constant$"
        )  # the corners of the images, in each piece again
        take_up(run, frames(not asked.all_rows), parameters, piece)
    draw(run.points, asked.folder / "curve.svg")
    text = report(run)
    with new_file(asked.folder / "report.md", force=True) as (_, beside):
        Path(beside).write_text(text)
    print(text)


if __name__ == "__main__":
    main()
