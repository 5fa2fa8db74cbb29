"""A frame whose rows lie in other processes, each part in one of them; here is only what is known of it without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidArgument
from .columns.column_statistics import ColumnStatistics
from .frame import Frame


@dataclass(frozen=True)
class FramePart:
    """Rows that follow each other.

    Attributes
    ----------
    place : object
        Where they lie.
    key : str
        Of the frame that they are there.
    rows : int
    """

    place: Any
    key: str
    rows: int


class ShardedFrame:
    """What is known of a frame whose rows lie elsewhere.

    Parameters
    ----------
    statistics : mapping of str to ColumnStatistics
        Of all rows, by the names of the columns, in their order.
    parts : sequence of FramePart
        In the order of the rows; some may have none.
    head : Frame
        The first rows.
    key : str
        Name in the store.
    """

    def __init__(
        self, statistics: Mapping[str, ColumnStatistics], parts: Sequence[FramePart], head: Frame, key: str
    ) -> None:
        self.statistics, self.parts, self.head, self.key = dict(statistics), list(parts), head, key
        self.nrow = sum(part.rows for part in parts)

    def __contains__(self, name: object) -> bool:
        return name in self.statistics

    @property
    def names(self) -> list[str]:
        """Of the columns."""
        return list(self.statistics)

    @property
    def ncol(self) -> int:
        """Number of columns."""
        return len(self.statistics)

    @property
    def kinds(self) -> list[str]:
        """Kind of each column, as `Frame.kinds`."""
        return ["int" if each.kind == "bad" else each.kind for each in self.statistics.values()]


AnyFrame = Frame | ShardedFrame


def statistics_of(frame: AnyFrame, name: str) -> ColumnStatistics:
    """Those of a column, wherever its cells are."""
    if isinstance(frame, ShardedFrame):
        return frame.statistics[name]
    return ColumnStatistics.of(frame.column(name))


def whole(frame: AnyFrame, purpose: str = "") -> Frame:
    """A frame that has its rows here.

    Parameters
    ----------
    frame : Frame or ShardedFrame
    purpose : str, optional
        The argument that needs them.

    Raises
    ------
    InvalidArgument
        They lie elsewhere.
    """
    if isinstance(frame, ShardedFrame):
        lie = f"the rows of frame {frame.key!r} lie on {len(frame.parts)} nodes (sharded)"
        if purpose:
            raise InvalidArgument(
                f"{purpose}: {lie}, and all of them would be needed in one place. Leave it out, or import the files without sharded=True"
            )
        raise InvalidArgument(
            f"{lie}, and all of them would be needed here. It can be a training_frame; for anything else import the files without "
            "sharded=True"
        )
    return frame
