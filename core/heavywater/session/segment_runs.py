"""A model for each segment of the rows: the job that trains them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..deeplearning.model.model import DeepLearningModel
from ..errors import HeavywaterError, InvalidArgument, InvalidType
from ..frame.frame import Frame
from ..grids.segments import CANCELLED, FAILED, PENDING, SUCCEEDED, Outcome, SegmentModels, segmentation
from ..jobs import Job, side_by_side
from .runs import MOST_AT_A_TIME, Request
from .store import Store

POLL_SECONDS = 0.05


class SegmentRun:
    """Trains the models of all segments when it is called with a job; the key of the result.

    Parameters
    ----------
    store : Store
    begin : callable
        Begins to train a model.
    request : Request
        Of all models.
    segments, key, parallelism
        See `heavywater.session.model_protocol.Training.train_segments`.
    """

    def __init__(
        self,
        store: Store,
        begin: Callable[[Request], Job],
        request: Request,
        segments: str | Sequence[str],
        key: str | None,
        parallelism: int,
    ) -> None:
        if isinstance(parallelism, bool) or not isinstance(parallelism, int) or parallelism < 1:
            raise InvalidType(f"parallelism={parallelism!r} must be a whole number from 1 on")
        if parallelism > MOST_AT_A_TIME:
            raise InvalidArgument(
                f"parallelism={parallelism} must be at most {MOST_AT_A_TIME}: each model takes a thread"
            )
        if not segments:
            raise InvalidArgument(
                "segments: name at least one column, or give a frame that lists the segments"
            )
        self._store, self._begin, self._parallelism = store, begin, parallelism
        self._frame = frame = store.frame(request.training_frame_key)
        others = {
            "validation_frame": request.validation_frame_key,
            "calibration_frame": request.parameters.get("calibration_frame"),
        }
        self._others = {role: store.frame(key) for role, key in others.items() if key is not None}
        self._cut = cut = segmentation(
            frame, store.frame(segments) if isinstance(segments, str) else list(segments)
        )
        if request.x is not None:
            x = [name for name in request.x if name not in cut.columns]
        else:
            x = [name for name in frame.names if name not in {*cut.columns, request.y}]
        self._request = replace(request, x=x)
        self.key = key or store.fresh_key(f"segment_models_{store.client.language}")
        self._found = SegmentModels(self.key, cut.segments, [Outcome() for _ in range(cut.segments.nrow)])
        self._other_rows = {role: cut.of(each) for role, each in self._others.items()}

    def __call__(self, job: Job) -> str:
        self._store.put(self._found, self.key)
        numbers = range(len(self._found.outcomes))
        side_by_side([partial(self._one, job, number) for number in numbers], self._parallelism)
        return self.key

    def _one(self, job: Job, number: int) -> None:
        """Train the model of one segment and note what became of it."""
        outcome = self._found.outcomes[number]
        if job.cancel_requested:
            outcome.status = CANCELLED
            return
        keys = {role: self._store.put_frame(part) for role, part in self._rows(number).items()}
        parameters = {**self._request.parameters, "model_id": f"{self.key}_{number}"}
        parameters["calibration_frame"] = keys.get("calibration_frame")
        try:
            training = self._begin(
                replace(
                    self._request,
                    parameters=parameters,
                    training_frame_key=keys["training_frame"],
                    validation_frame_key=keys.get("validation_frame"),
                )
            )
            job.parts.append(training)
            while not training.wait_for(POLL_SECONDS):
                if job.cancel_requested:
                    training.cancel(job.cancel_reason)
            outcome.model_key = training.wait()
            outcome.status = SUCCEEDED
            model = self._store.get(str(outcome.model_key), DeepLearningModel)
            outcome.warnings = list(model.description().get("warnings", ()))
        except HeavywaterError as error:
            outcome.status, outcome.error = FAILED, str(error)
        finally:
            for key in keys.values():
                self._store.remove(key)
            done = sum(each.status != PENDING for each in self._found.outcomes)
            total = len(self._found.outcomes)
            job.update(done / total, f"{done} of {total} segments")

    def _rows(self, number: int) -> dict[str, Frame]:
        """The rows of one segment: of the training frame, and of those of the other frames that have any."""
        found = {"training_frame": self._frame.take((self._cut.rows == number).nonzero()[0])}
        for role, rows in self._other_rows.items():
            if (rows == number).any():
                found[role] = self._others[role].take((rows == number).nonzero()[0])
        return found
