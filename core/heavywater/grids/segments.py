"""A model for each segment of the rows, such as one for each country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import InvalidArgument, NotFound
from ..frame.columns.keys import grouped
from ..frame.columns.makers import enum, strings
from ..frame.frame import Frame
from ..frame.primitives import operation

PENDING, SUCCEEDED, FAILED, CANCELLED = STATES = ("PENDING", "SUCCEEDED", "FAILED", "CANCELLED")


@dataclass
class Outcome:
    """What became of the model of one segment."""

    status: str = PENDING
    model_key: str | None = None
    error: str | None = None
    warnings: list[str] = field(default_factory=list)


@dataclass
class SegmentModels:
    """The models of the segments of a frame.

    Attributes
    ----------
    key : str
    segments : Frame
        One row for each segment, its columns those that tell segments apart.
    outcomes : list of Outcome
        In the order of the rows.
    """

    key: str
    segments: Frame
    outcomes: list[Outcome]

    @property
    def dependents(self) -> list[str]:
        """Keys of the models, which go with this object."""
        return [each.model_key for each in self.outcomes if each.model_key is not None]

    def described(self) -> Frame:
        """The segments with ``model``, ``status``, ``errors`` and ``warnings`` as further columns."""
        status = [STATES.index(each.status) for each in self.outcomes]
        found = [
            strings([each.model_key for each in self.outcomes]),
            enum(np.array(status, np.int64), list(STATES)),
            strings([each.error for each in self.outcomes]),
            strings(["\n".join(each.warnings) or None for each in self.outcomes]),
        ]
        names = [*self.segments.names, "model", "status", "errors", "warnings"]
        return Frame(names, [*self.segments.columns, *found], nrow=len(self.outcomes))


@dataclass(frozen=True)
class Segmentation:
    """Which rows belong to which segment.

    Attributes
    ----------
    columns : list of str
    segments : Frame
        One row for each segment.
    rows : ndarray of int
        Number of the segment of each row; -1: of none.
    """

    columns: list[str]
    segments: Frame
    rows: Array

    @classmethod
    def by_columns(cls, frame: Frame, columns: Sequence[str]) -> Segmentation:
        """A segment for each combination of values that occurs, missing ones among them."""
        chosen = frame.select([_position(frame, name) for name in columns])
        groups = grouped(chosen.columns)
        return cls(list(columns), chosen.take(groups.first), groups.codes)

    @classmethod
    def by_frame(cls, frame: Frame, segments: Frame) -> Segmentation:
        """The segments that another frame lists, one in each row."""
        columns = [_position(frame, name) for name in segments.names]
        both = operation("rbind")(segments, frame.select(columns))
        groups = grouped(both.columns)
        number = np.full(groups.size, -1, np.int64)
        listed = groups.codes[: segments.nrow]
        number[listed[::-1]] = np.arange(segments.nrow)[
            ::-1
        ]  # a segment that is listed twice is its first row
        if len(np.unique(listed)) < segments.nrow:
            raise InvalidArgument("segments: a segment is listed twice; every row must be another one")
        return cls(list(segments.names), segments, number[groups.codes[segments.nrow :]])

    def of(self, frame: Frame) -> Array:
        """Numbers of the segments of another frame's rows; -1: of none."""
        return self.by_frame(frame, self.segments).rows


def _position(frame: Frame, name: str) -> int:
    if name not in frame.names:
        raise NotFound(f"segments: there is no column {name!r}; columns are: {', '.join(frame.names[:8])}")
    return frame.names.index(name)


def segmentation(frame: Frame, segments: Any) -> Segmentation:
    """Rows of a frame by segment.

    Parameters
    ----------
    frame : Frame
    segments : list of str or Frame
        Columns whose combinations are the segments, or the segments themselves.
    """
    return (
        Segmentation.by_frame(frame, segments)
        if isinstance(segments, Frame)
        else Segmentation.by_columns(frame, segments)
    )
