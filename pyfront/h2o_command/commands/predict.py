"""``h2o predict``."""

from __future__ import annotations

from typing import Any

from ..data import STANDARD, check_free, frame_of, model_of, written
from ..options import DATA, FORCE, GENERAL, MODEL, READING, SESSION, Command, option, share
from ..output import Answer
from ..sessions import opened


def _run(options: Any) -> Answer | None:
    check_free("--output", options.output, options)
    h2o = opened(options)
    model = model_of(h2o, options.model, options)
    predictions = model.predict(frame_of(h2o, options.data, options), interval=options.interval)
    place = written(h2o, predictions, options.output, options)
    return None if place == STANDARD else {"predictions": place, "rows": predictions.nrow}


PREDICT = Command(
    "predict",
    "predict with a saved model",
    _run,
    (
        MODEL,
        DATA,
        option("--output", "where the predictions are written: CSV (packed if it ends with .gz, .bz2 or .zst), or a "
               "folder of Parquet files (*.parquet); - (by default) is "
               "standard output, as CSV", metavar="FILE", default=STANDARD),
        option("--interval", "with lower and upper ends that hold the value with this probability; for classes with a column for each, "
               "1 where it is in the set that holds the class", share("a number between 0 and 1, as 0.9"), "SHARE"),
        FORCE, *READING, *SESSION, *GENERAL,
    ),
    "Write a line for each row of the data: the prediction and, for classes, the probability of each.",
    (
        ("In a pipe", "cat new.csv | h2o predict iris.model - > predictions.csv"),
        ("With a MOJO of H2O, into a file", "h2o predict model.zip new.parquet --output predictions.csv"),
        ("With intervals that hold nine values of ten", "h2o predict prices.model new.csv --interval 0.9"),
        ("With a model that a node has", "h2o predict iris new.csv --url http://127.0.0.1:54321"),
    ),
)  # fmt: skip
