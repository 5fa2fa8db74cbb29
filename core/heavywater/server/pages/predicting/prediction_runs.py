"""Predictions that pages have asked for: made by jobs, and remembered with what is to be said of them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ....errors import HeavywaterError, InvalidArgument, NotFound, collected
from ....jobs import Job
from ...node.guarded_session import GuardedSession
from .score_cut import ScoreSteps

_REMEMBERED = 200
# What a model can be asked for, in the words of the page.
ANSWER, FEATURES, PER_INPUT, RECONSTRUCTION = "answer", "features", "per_input", "reconstruction"
WHAT = {
    ANSWER: "Predictions",
    FEATURES: "Deep features",
    PER_INPUT: "Squared errors of the inputs",
    RECONSTRUCTION: "Reconstruction",
}
SCORES = "Anomaly scores"


@dataclass
class Prediction:
    """A frame that a model has made of another one.

    Attributes
    ----------
    key : str
        Its name.
    model, frame : str
    kind : str
        One of `WHAT`.
    layer : int
        Of deep features, from 1.
    autoencoder : bool
    response : str or None
    file : str
        What the frame was read from, path and all; nothing where it was there.
    job : str
        That makes it.
    warnings : list of str
    metrics : mapping or None
        Of the model on that frame, where it has the response.
    steps : ScoreSteps or None
        Of anomaly scores.
    interval : float or None
        Probability with which intervals, or sets of classes, are to hold the truth.
    time : float
        When it was asked for, in seconds since 1970.
    """

    key: str
    model: str
    frame: str
    kind: str = ANSWER
    layer: int = 1
    autoencoder: bool = False
    response: str | None = None
    file: str = ""
    job: str = ""
    warnings: list[str] = field(default_factory=list)
    metrics: Any = None
    steps: ScoreSteps | None = None
    interval: float | None = None
    time: float = field(default_factory=time.time)

    @property
    def scores(self) -> bool:
        """Whether it holds anomaly scores."""
        return self.autoencoder and self.kind == ANSWER

    @property
    def title(self) -> str:
        """What it is."""
        if self.kind == FEATURES:
            return f"{WHAT[FEATURES]} of layer {self.layer}"
        return SCORES if self.scores else WHAT[self.kind]


class Predictions:
    """The last predictions of a node, by the names of their frames."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Prediction] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, prediction: Prediction) -> None:
        """Remember one; the oldest is forgotten where there are many."""
        with self._lock:
            self._kept[prediction.key] = prediction
            self._kept.move_to_end(prediction.key)
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)

    def forget(self, key: str) -> None:
        """Remember one no longer."""
        with self._lock:
            self._kept.pop(key, None)

    def names(self) -> list[str]:
        """Names of their frames, the newest first."""
        with self._lock:
            return list(reversed(self._kept))

    def of(self, key: str) -> Prediction:
        """The prediction of a name.

        Raises
        ------
        NotFound
            There is none.
        """
        found = self._kept.get(key)
        if found is None:
            raise NotFound(f"no prediction {key!r}; the node remembers the last {_REMEMBERED}")
        return found


def start(session: GuardedSession, asked: Prediction, read: Callable[[Job], None] | None = None) -> None:
    """Begin to make a prediction, in the background.

    Parameters
    ----------
    session : GuardedSession
    asked : Prediction
        Gets its job, and when that has ended well what is to be said.
    read : callable, optional
        Makes the frame first.
    """

    def work(job: Job) -> str:
        if read is not None:
            read(job)
        job.update(0.2, f"{asked.model} answers")
        with collected() as remarks:
            temporary = _ask(session, asked)
            try:
                job.stop_if_cancelled()
                session.frames.assign(temporary, asked.key)
            finally:
                session.objects.release([temporary])
            if asked.scores:
                asked.steps = ScoreSteps.of(session.frames.fetch(asked.key, [0]).column(0).to_numpy())
            job.update(0.6, "metrics")
            asked.metrics = _metrics(session, asked)
        for text, category in remarks:
            job.remark(text, text, category)
        asked.warnings = list(dict.fromkeys(text for text, _ in remarks))
        return asked.key

    asked.job = session.jobs.start("Predict", work, asked.key)["job"]


def _ask(session: GuardedSession, asked: Prediction) -> str:
    models, key, frame = session.models, asked.model, asked.frame
    if asked.kind == FEATURES:
        return models.deep_features(key, frame, asked.layer - 1)
    if asked.kind == PER_INPUT or asked.scores:
        return models.anomaly(key, frame, asked.kind == PER_INPUT)
    return models.predict(key, frame, asked.interval)


def _metrics(session: GuardedSession, asked: Prediction) -> Any:
    """Those of the model on the frame; None where it has no response, or one that cannot be compared."""
    wanted = asked.response in session.frames.facts(asked.frame)["names"] or asked.autoencoder
    if asked.kind in (FEATURES, PER_INPUT) or not wanted:
        return None
    try:
        return session.models.metrics(asked.model, asked.frame)
    except HeavywaterError as error:
        asked.warnings.append(f"no metrics: {error}")
        return None


def reader(
    session: GuardedSession, path: str, key: str, inputs: list[Any], described: Any
) -> Callable[[Job], None]:
    """What reads a file with rows for a model into a frame.

    Parameters
    ----------
    path : str
        Of a file on its way, which is discarded.
    key : str
        Of the frame.
    inputs : list
        Of the model: columns of these names are read as what they are there.
    described : mapping
        Description of the model.
    """
    factors = {each["name"] for each in inputs if each["kind"] == "enum"}
    if described["response_domain"] is not None:
        factors.add(described["response_column"])

    def read(job: Job) -> None:
        try:
            names = session.files.parse_setup(path, options={"header": 1})["column_names"]
            types = {name: "enum" for name in names if name in factors}
            started = session.files.import_files(path, key, options={"header": 1, "types": types})["job"]
            while session.jobs.wait(started, 0.2)["status"] == "RUNNING":
                state = session.jobs.state(started)
                job.update(0.2 * state["fraction"], state["message"] or "reading the rows")
                if job.cancel_requested:
                    session.jobs.cancel(started)
            session.jobs.result(started)
            job.stop_if_cancelled()
        finally:
            session.files.discard(path)
        present = set(session.frames.facts(key)["names"])
        if not present & {each["name"] for each in inputs}:
            session.objects.remove(key)
            raise InvalidArgument(
                f"no column of the file is an input of the model: it has {', '.join(names[:5])}, the model needs "
                f"{', '.join(each['name'] for each in inputs[:5])}. Its first line must hold the names"
            )

    return read
