"""What a model says of some rows of a frame: predicted beside actual numbers, errors of an autoencoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....arrays import Array
from ....session import Facts, Ref
from ...node.guarded_session import GuardedSession
from ..basics.wording import members_of

_MOST = 1000  # rows
_LEAST = 100
_WORK = 2e8  # products that may be computed while a page is made
_MOST_FRAMES = 200  # that are offered
_LISTED = 100  # rows
_NUMBERS = ("int", "real")


@dataclass(frozen=True)
class PredictedRows:
    """Rows of a frame and what a model says of them.

    Parameters
    ----------
    frame : str
    of : int
        All rows of the frame.
    predicted, actual : float array (rows,)
        Numbers; of an autoencoder the reconstruction errors, and nothing.
    """

    frame: str
    of: int
    predicted: Array
    actual: Array

    @property
    def names(self) -> list[str]:
        """Names of the columns of `first`."""
        return ["Actual", "Predicted", "Residual"] if len(self.actual) else ["Reconstruction error"]

    def first(self) -> list[list[float]]:
        """The first rows, for the table behind a picture."""
        columns = (self.actual, self.predicted, self.residuals) if len(self.actual) else (self.predicted,)
        return [list(map(float, row)) for row in zip(*(each[:_LISTED] for each in columns), strict=True)]

    @property
    def residuals(self) -> Array:
        """What was predicted too little."""
        found: Array = self.actual - self.predicted
        return found


def fitting_frames(session: GuardedSession, told: Mapping[str, Any], numbers: bool = True) -> list[str]:
    """Frames that have the response, or of an autoencoder some inputs: those of the training first, then the newest.

    Parameters
    ----------
    session : GuardedSession
    told : mapping
        The description of the model.
    numbers : bool
        Whether the response has to be one.
    """
    keys = session.objects.keys("frame")
    own = [told.get(name) for name in ("validation_frame", "training_frame")]
    found: list[str] = []
    for key in dict.fromkeys([*(key for key in own if key in keys), *reversed(keys)]):
        if _fits(session.frames.facts(key), told, numbers):
            found.append(key)
        if len(found) == _MOST_FRAMES:
            break
    return found


def _fits(facts: Facts, told: Mapping[str, Any], numbers: bool) -> bool:
    names, response = facts["names"], told["response_column"]
    if response is None:
        return any(name in names for name in told["original_names"] or told["names"])
    if response not in names:
        return False
    return not numbers or facts["types"][list(names).index(response)] in _NUMBERS


def predicted_rows(session: GuardedSession, told: Mapping[str, Any], frame: str) -> PredictedRows:
    """What a model says of rows of a frame, drawn at random, though always the same; what is made for it goes again.

    Raises
    ------
    HeavywaterError
        The frame cannot be scored.
    """
    facts = session.frames.facts(frame)
    temporary: list[str] = []
    try:
        rows = _drawn(facts["nrow"], told)
        part = frame
        if len(rows) < facts["nrow"]:
            part = session.frames.evaluate(("rows", Ref(frame), rows)).key
            temporary.append(part)
        encoder = told["model_category"] == "AutoEncoder"
        ask = session.models.anomaly if encoder else session.models.predict
        answers = ask(told["model_id"], part)
        temporary.append(answers)
        predicted = _numbers(session.frames.cells(answers, [0])[0])
        actual = np.zeros(0)
        if not encoder:
            position = list(facts["names"]).index(told["response_column"])
            actual = _numbers(session.frames.cells(part, [position])[0])
        return PredictedRows(frame, facts["nrow"], predicted, actual)
    finally:
        session.objects.release(temporary)


def _drawn(rows: int, told: Mapping[str, Any]) -> Sequence[int]:
    units = [row[1] for row in told["model_summary"]["rows"]]
    weights = sum(a * b for a, b in zip(units[:-1], units[1:], strict=True)) * members_of(told)
    most = int(min(_MOST, max(_LEAST, _WORK / max(weights, 1))))
    if rows <= most:
        return range(rows)
    found: list[int] = np.unique(np.random.default_rng(1).integers(0, rows, most)).tolist()
    return found


def _numbers(cells: Sequence[Any]) -> Array:
    return np.array([np.nan if each is None else each for each in cells], float)
