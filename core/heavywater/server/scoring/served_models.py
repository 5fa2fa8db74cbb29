"""The models of a scoring service: where they come from, what they score, and what is counted of each."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ...deeplearning.encoding.plain_rows import Columns
from ...deeplearning.model.model import DeepLearningModel
from ...deeplearning.model.row_scoring import RowScorer, ScoredRows
from ...deeplearning.parameters.context import listed
from ...errors import InvalidArgument
from ...export.model_file import read_model
from ...export.mojo_reader import read_mojo
from .input_watch import InputWatch
from .prometheus_text import SecondsHistogram

_ZIP = b"PK\x03\x04"
# Seconds: from a row that is scored at once to a client that gives up.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class ServedModel:
    """A model that answers, with its counters.

    Parameters
    ----------
    name : str
        Under which it is asked for.
    model : DeepLearningModel
    source : str
        What it was read from: ``"model"`` or ``"mojo"``.

    Attributes
    ----------
    statuses : Counter of int
        Answers by their HTTP status.
    seconds : SecondsHistogram
        What they took.
    rows : int
        Rows that were scored.
    watch : InputWatch
    """

    def __init__(self, name: str, model: DeepLearningModel, source: str) -> None:
        self.name, self.model, self.source = name, model, source
        self.scorer = RowScorer(model)
        self.watch = InputWatch(model.spec, self.scorer.reader)
        self.statuses: Counter[int] = Counter()
        self.seconds = SecondsHistogram(BUCKETS)
        self.rows = 0
        self._lock = threading.Lock()
        spec, response = model.spec, model.spec.response
        roles = (response and response.name, spec.weights_column, spec.offset_column)
        self._known = {*spec.kinds, *filter(None, roles)}

    @property
    def names_of_interval(self) -> list[str]:
        """The columns that an answer has more with an interval; empty where the model has none."""
        if self.model.intervals is None:
            return []
        return self.model.names_of_prediction(True)[len(self.scorer.names) :]

    def score(self, columns: Columns, n: int, interval: float | None = None) -> tuple[ScoredRows, list[str]]:
        """Score rows, count them, and say what there is to remark.

        Parameters
        ----------
        columns, n, interval
            As in `heavywater.deeplearning.model.row_scoring.RowScorer.score`.

        Raises
        ------
        InvalidArgument
            They cannot be scored: row, column and value are named. There is no such interval.
        """
        found = self.scorer.score(columns, n, interval)
        self.watch.notice(found.read)
        with self._lock:
            self.rows += n
        warnings = found.warnings
        if unknown := [name for name in columns if name not in self._known]:
            warnings = [
                *warnings,
                f"Columns that are no inputs of the model, passed over: {listed(unknown, 5)}",
            ]
        return found, warnings

    def count(self, status: int, seconds: float) -> None:
        """Count an answer."""
        with self._lock:
            self.statuses[status] += 1
            self.seconds.observe(seconds)


def load_models(files: Sequence[str], threads: int = 1) -> dict[str, ServedModel]:
    """The models in some files, by the names under which they are asked for.

    Parameters
    ----------
    files : sequence of str
        Models as `h2o.save_model` writes them, and MOJOs, of ours and of H2O's: ``FILE``, or ``NAME=FILE`` to give it another
        name than that of the file, without ``.model`` or ``.zip``.
    threads : int
        Threads that score many rows.

    Raises
    ------
    InvalidArgument
        Two models have the same name, or there is none.
    ParseError
        A file is not there, or holds no model.
    """
    found: dict[str, ServedModel] = {}
    for each in files:
        served = _load(each, threads)
        if served.name in found:
            raise InvalidArgument(
                f"--model {each}: there is a model {served.name!r} already; give this one another name: --model NAME=FILE"
            )
        found[served.name] = served
    if not found:
        raise InvalidArgument("--model: a scoring service needs one model at least")
    return found


def _load(file: str, threads: int) -> ServedModel:
    name, equals, path = file.partition("=")
    if not equals or os.path.exists(file):
        name, path = "", file
    if equals and not path:
        raise InvalidArgument(f"--model {file}: must be FILE or NAME=FILE")
    name = name or Path(path).name.removesuffix(".zip").removesuffix(".model")
    if _is_zip(path):
        return ServedModel(name, read_mojo(path, name, threads), "mojo")
    return ServedModel(name, read_model(path, threads)[0], "model")


def _is_zip(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(_ZIP)) == _ZIP
    except OSError:  # who reads it will say what is wrong with it
        return False
