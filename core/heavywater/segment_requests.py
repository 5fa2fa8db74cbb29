"""The segment part of the session: a model for each segment of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import HeavywaterError, InvalidArgument, InvalidType
from .frame.frame import Frame
from .jobs import Job, side_by_side

if TYPE_CHECKING:
    from .grids.segments import SegmentModels
    from .session import LocalSession

POLL_SECONDS = 0.05


class SegmentRequests:
    """Mixed into `LocalSession`, which owns the store."""

    def train_segments(
        self: LocalSession, algo: str, parameters: Mapping[str, Any], segments: str | Sequence[str], *,
        x: list[str] | None, y: str | None, training_frame_key: str, validation_frame_key: str | None = None,
        key: str | None = None, parallelism: int = 1,
    ) -> Job:  # fmt: skip
        """Train a model for each segment of the rows.

        Parameters
        ----------
        algo : str
            ``"deeplearning"``.
        parameters : mapping
            Parameters of all models, frames and models by their keys.
        segments : list of str, or str
            Columns of the training frame whose combinations of values are the segments; or the key of a frame that
            lists the segments, one in each row. They are no predictors.
        x, y, training_frame_key, validation_frame_key
            As in `train`. Of a validation frame each model gets the rows of its segment, if there are any.
        key : str, optional
            Name of the result; the models are called ``<key>_0``, ``<key>_1`` ...
        parallelism : int
            Models to train at the same time.

        Returns
        -------
        Job
            Its result is the key. A segment whose model cannot be trained has an error, and the others go on. Cancelled,
            it keeps the models trained so far.
        """
        from .grids.segments import Outcome, SegmentModels, segmentation

        if isinstance(parallelism, bool) or not isinstance(parallelism, int) or parallelism < 1:
            raise InvalidType(f"parallelism={parallelism!r} must be a whole number from 1 on")
        if not segments:
            raise InvalidArgument(
                "segments: name at least one column, or give a frame that lists the segments"
            )
        frame = self.frame(training_frame_key)
        validation = None if validation_frame_key is None else self.frame(validation_frame_key)
        cut = segmentation(frame, self.frame(segments) if isinstance(segments, str) else list(segments))
        if x is not None:
            x = [name for name in x if name not in cut.columns]
        else:
            x = [name for name in frame.names if name not in {*cut.columns, y}]
        stem = key or self.fresh_key(f"segment_models_{self.client}")
        found = SegmentModels(stem, cut.segments, [Outcome() for _ in range(cut.segments.nrow)])
        validation_rows = np.zeros(0, np.int64) if validation is None else cut.of(validation)

        def task(job: Job, number: int) -> None:
            data = {"training_frame_key": frame.take((cut.rows == number).nonzero()[0])}
            if validation is not None and (validation_rows == number).any():
                data["validation_frame_key"] = validation.take((validation_rows == number).nonzero()[0])
            self._train_segment(
                job, found, number, algo, {**parameters, "model_id": f"{stem}_{number}"}, x, y, data
            )

        def work(job: Job) -> str:
            self.put(found, stem)
            tasks = [lambda number=number: task(job, number) for number in range(cut.segments.nrow)]
            side_by_side(tasks, parallelism)
            return stem

        return Job("deeplearning Segment Models Build", work)

    def _train_segment(
        self: LocalSession, job: Job, found: SegmentModels, number: int, algo: str, parameters: dict[str, Any],
        x: list[str], y: str | None, data: dict[str, Frame],
    ) -> None:  # fmt: skip
        """Train the model of one segment and note what became of it."""
        from .grids.segments import CANCELLED, FAILED, SUCCEEDED

        outcome = found.outcomes[number]
        if job.cancel_requested:
            outcome.status = CANCELLED
            return
        keys = {name: self.put_frame(part) for name, part in data.items()}
        try:
            training = self.train(
                algo, parameters, x=x, y=y, training_frame_key=keys["training_frame_key"],
                validation_frame_key=keys.get("validation_frame_key"),
            )  # fmt: skip
            while not training.wait_for(POLL_SECONDS):
                if job.cancel_requested:
                    training.cancel()
            outcome.model_key = training.wait()
            outcome.status = SUCCEEDED
            outcome.warnings = list(self.model(outcome.model_key).get("warnings", ()))
        except HeavywaterError as error:
            outcome.status, outcome.error = FAILED, str(error)
        finally:
            for key in keys.values():
                self.remove(key)
            done = sum(each.status != "PENDING" for each in found.outcomes)
            job.update(done / len(found.outcomes), f"{done} of {len(found.outcomes)} segments")

    def segment_models(self: LocalSession, key: str) -> str:
        """Key of a frame with a row for each segment: its values, ``model``, ``status``, ``errors``, ``warnings``."""
        from .grids.segments import SegmentModels

        return self.put_frame(self.get(key, SegmentModels).described())
