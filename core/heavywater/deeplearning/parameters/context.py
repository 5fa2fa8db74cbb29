"""What validation knows of the data: the frames, the chosen columns, and facts about single columns."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...errors import InvalidArgument, NotFound
from ...frame.columns.column_statistics import ColumnStatistics
from ...frame.columns.parallel import for_each
from ...frame.frame import Frame
from ...frame.sharded_frame import AnyFrame, statistics_of

LARGEST_NUMBER = 1e150  # squares of larger ones overflow
LARGEST_INPUT = 1e30  # of numbers as the network gets them: sums in 32 bits end at 3e38
LARGEST_TARGET = 1e38  # of responses as the network gets them: they are not added up
_TOGETHER = 32  # columns that one thread looks at


@dataclass(frozen=True)
class ColumnFacts:
    """Facts about one column.

    Parameters
    ----------
    kind : str
        As in `heavywater.frame.columns.column.Column`.
    levels : int
        Number of levels of a factor, else 0.
    missing : int
        Number of missing cells.
    low, high : float
        Smallest and largest present value (a level's number for a factor); NaN when there is none.
    """

    kind: str
    levels: int
    missing: int
    low: float
    high: float

    @property
    def is_numeric(self) -> bool:
        """Whether the column holds numbers or points in time."""
        return self.kind in ("int", "real", "time", "bad")

    @property
    def is_text(self) -> bool:
        """Whether the column holds free text."""
        return self.kind in ("string", "uuid")

    @property
    def is_empty(self) -> bool:
        """Whether nothing but missing cells is there."""
        return not self.is_text and bool(np.isnan(self.low))

    @property
    def is_constant(self) -> bool:
        """Whether all present cells are equal."""
        return self.low == self.high


def column_facts(found: ColumnStatistics) -> ColumnFacts:
    """What the statistics of a column say."""
    low, high = found.figures().range()
    return ColumnFacts(found.kind, len(found.level_names()), found.missing, low, high)


@dataclass
class TrainingContext:
    """The data of a training call.

    Parameters
    ----------
    frame : Frame or ShardedFrame
        Training frame.
    x : sequence of str, optional
        Names of the predictors; None: all columns without another role.
    y : str, optional
        Name of the response; `response_column` among the parameters says the same.
    validation : Frame, optional
        Validation frame.
    calibration : Frame, optional
        Calibration frame.
    nodes : int
        Processes beside this one that can train.
    """

    frame: AnyFrame
    x: Sequence[str] | None = None
    y: str | None = None
    validation: Frame | None = None
    calibration: Frame | None = None
    nodes: int = 0
    _facts: dict[str, ColumnFacts] = field(default_factory=dict, repr=False)

    def facts(self, name: str) -> ColumnFacts:
        """The facts of a column of the training frame, computed once."""
        if name not in self._facts:
            self._facts[name] = column_facts(statistics_of(self.frame, name))
        return self._facts[name]

    def look_at(self, names: Sequence[str]) -> None:
        """Find the facts of many columns of the training frame at the same time."""
        blocks = [names[k : k + _TOGETHER] for k in range(0, len(names), _TOGETHER)]
        for_each(lambda block: [self.facts(name) for name in block], blocks, self.frame.nrow * _TOGETHER)

    def levels(self, name: str | None) -> tuple[str, ...]:
        """The levels of a column of the training frame; none where it is no factor."""
        return () if name is None else statistics_of(self.frame, name).level_names()

    def require(self, role: str, name: str) -> None:
        """Check that the training frame has a column.

        Raises
        ------
        NotFound
            It has not; the message names similar columns.
        """
        if name in self.frame:
            return
        similar = difflib.get_close_matches(name, self.frame.names, n=3)
        hint = f"It has {listed(self.frame.names)}"
        if similar:
            hint = f"Did you mean {' or '.join(map(repr, similar))}?"
        raise NotFound(f"{role}={name!r}: the training frame has no such column. {hint}")

    def require_finite(self, role: str, name: str, limit: float = LARGEST_NUMBER) -> None:
        """Check that numbers are finite, and so small that their variance is, or that they fit where nothing scales them."""
        facts = self.facts(name)
        if facts.is_numeric and max(abs(facts.low), abs(facts.high)) > limit:
            raise InvalidArgument(
                f"{role}={name!r}: the column has infinite values or values beyond {limit:g} (smallest "
                f"{facts.low:g}, largest {facts.high:g}). Make them missing, or rescale the column"
                f"{' (standardize=True does)' if limit < LARGEST_NUMBER and role in 'xy' else ''}"
            )

    def require_numeric(self, role: str, name: str) -> ColumnFacts:
        """Check that a column is there, holds numbers, and has none missing; return its facts."""
        self.require(role, name)
        facts = self.facts(name)
        if not facts.is_numeric:
            raise InvalidArgument(f"{role}={name!r}: the column must be numeric, it is of type {facts.kind}")
        if facts.missing:
            raise InvalidArgument(
                f"{role}={name!r}: {facts.missing} values of the column are missing, none may be. "
                "Fill them or leave those rows out"
            )
        self.require_finite(role, name)
        return facts


def listed(names: Sequence[str], limit: int = 3) -> str:
    """Name the first few of a list and count the rest."""
    shown = ", ".join(repr(name) for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"
