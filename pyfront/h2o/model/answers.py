"""Types of what models and metrics answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar, overload

from ..two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    from .confusion_matrix import ConfusionMatrix

T_co = TypeVar("T_co", covariant=True)

#: what metrics hold under H2O's names
Metric: TypeAlias = float | str | list[Any] | dict[str, Any] | H2OTwoDimTable | None
Thresholds: TypeAlias = float | Sequence[float] | Literal["all"] | None
T = TypeVar("T")
#: of one set of data, None where there is none; of several a dict
Asked: TypeAlias = T | dict[str, T | None] | None
#: of two classes; of more than two
Confusion: TypeAlias = "ConfusionMatrix | list[ConfusionMatrix] | H2OTwoDimTable"


class ThresholdScores(list[list[float]]):
    """Pairs of threshold and score; `value` is the bare score, or the list of several."""

    value: float | list[float]


class Answer(Protocol[T_co]):
    """A question to the metrics of a model: of the training data, unless others are named; None where there were none."""

    @overload
    def __call__(
        self, train: bool = False, valid: Literal[False] = False, xval: Literal[False] = False
    ) -> T_co: ...

    @overload
    def __call__(self, *, valid: Literal[True]) -> T_co | None: ...

    @overload
    def __call__(self, *, xval: Literal[True]) -> T_co | None: ...

    @overload
    def __call__(self, train: bool = False, valid: bool = False, xval: bool = False) -> Asked[T_co]: ...


class AnswerAtThresholds(Protocol):
    """The same for scores that depend on a threshold."""

    @overload
    def __call__(
        self,
        thresholds: Thresholds = None,
        train: bool = False,
        valid: Literal[False] = False,
        xval: Literal[False] = False,
    ) -> ThresholdScores: ...

    @overload
    def __call__(
        self, thresholds: Thresholds = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Asked[ThresholdScores]: ...


class Scoring(Protocol):
    """A score of metrics that depends on a threshold."""

    def __call__(self, thresholds: Thresholds = None) -> ThresholdScores:
        """The scores at some thresholds; by default where the score is best."""
        ...
