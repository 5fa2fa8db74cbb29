"""The models of the folds of a cross-validation as one model, which predicts the mean of what they predict.

Its intervals are those of CV+: each fold's errors stand around the prediction of the model that had left that fold out (Barber,
Candes, Ramdas and Tibshirani, "Predictive Inference with the Jackknife+", 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, NoReturn

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...engine.scoring import Snapshot
from ...errors import InvalidArgument
from ...frame.frame import Frame
from ..encoding.data import DataSpec
from ..metrics.tables import Table
from ..parameters.validation import DeepLearningParameters
from ..uncertainty.fold_intervals import FoldIntervals
from .model import DeepLearningModel
from .sample import Sample
from .scorer import Scorer


class FoldEnsemble(DeepLearningModel):
    """A model that predicts the mean of what other models predict: of probabilities, of numbers, of each quantile.

    Parameters
    ----------
    key : str
    parameters : DeepLearningParameters
        Those of the main model of the cross-validation.
    base : DataSpec
        What that knows of the columns.
    members : list of DeepLearningModel
    threads : int
    cross_validation, facts, warnings, label_threshold
        As in `DeepLearningModel`.
    """

    def __init__(
        self,
        key: str,
        parameters: DeepLearningParameters,
        base: DataSpec,
        members: list[DeepLearningModel],
        threads: int,
        cross_validation: dict[str, Any],
        facts: dict[str, Any],
        warnings: list[str],
        label_threshold: float | None,
    ) -> None:
        self.base, self.members = base, members
        known = {each.name: getattr(base, each.name) for each in fields(base)}
        spec = EnsembleSpec(**known, members=[member.spec for member in members])
        super().__init__(
            key,
            parameters,
            spec,
            members[0].topology,
            NoNetwork(self),
            threads,
            layers_of(members),
            None,
            facts=facts,
            warnings=warnings,
            dtype=members[0].dtype,
            label_threshold=label_threshold,
            cross_validation=cross_validation,
            intervals=FoldIntervals.of([member.intervals for member in members]),
        )

    @classmethod
    def of(cls, key: str, model: DeepLearningModel, members: Sequence[DeepLearningModel]) -> FoldEnsemble:
        """The ensemble of the folds of a cross-validated model.

        Parameters
        ----------
        key : str
        model : DeepLearningModel
            The main model.
        members : sequence of DeepLearningModel
            Those of its folds.
        """
        told = ("cross_validation_metrics", "cross_validation_metrics_summary")
        scores = {name: model.cross_validation.get(name) for name in told}
        criteria = (scores["cross_validation_metrics"] or {}).get("max_criteria_and_metric_scores")
        threshold = criteria["rows"][0][1] if criteria and criteria["rows"] else None
        times = ("start_time", "end_time", "run_time", "training_frame", "validation_frame")
        facts = {name: model.facts[name] for name in times if name in model.facts}
        facts["ensemble_of"] = [member.key for member in members]
        kept = [
            replace(
                member,
                checkpoint=None,
                training_metrics=None,
                validation_metrics=None,
                history=None,
                varimp=None,
            )
            for member in members
        ]
        return cls(
            key,
            model.parameters,
            model.spec,
            kept,
            model.threads,
            scores,
            facts,
            list(model.warnings),
            float(threshold) if threshold is not None and np.isfinite(threshold) else None,
        )

    @property
    def scorer(self) -> Scorer:
        """Scores frames with all members."""
        return EnsembleScorer(self)

    @property
    def nbytes(self) -> int:
        """Bytes of the weights of all members."""
        return sum(member.nbytes for member in self.members)

    @property
    def views(self) -> list[str]:
        """None: it has no weights of its own."""
        return []

    def parts_of(self, sample: Sample, scorer: Scorer, found: Array) -> Any:
        """What each member says of some rows, for intervals."""
        assert isinstance(scorer, EnsembleScorer)
        return [each.astype(np.float64) for each in scorer.each(sample)]

    def description(self) -> dict[str, Any]:
        """The model description of the session protocol."""
        return super().description() | {"have_mojo": False, "have_pojo": False}


@dataclass
class EnsembleRows:
    """Rows as each member takes them.

    Attributes
    ----------
    parts : list of Rows
    """

    parts: list[Rows]

    @property
    def n(self) -> int:
        """Number of rows."""
        return self.parts[0].n

    def take(self, chosen: Array) -> EnsembleRows:
        """Some of the rows, by their numbers."""
        return EnsembleRows([part.take(chosen) for part in self.parts])

    def __getattr__(self, name: str) -> NoReturn:
        raise InvalidArgument("a fold ensemble has no input units of its own: ask one of its models")


@dataclass
class EnsembleSpec(DataSpec):
    """What the main model knows of the columns; rows are encoded for each member.

    Attributes
    ----------
    members : list of DataSpec
    """

    members: list[DataSpec] = field(default_factory=list)

    def rows(
        self, frame: Frame, dtype: Any = np.float32, sparse: bool | None = None, pending: bool = False
    ) -> Any:
        """The compact copies of the predictors, see `DataSpec.rows`."""
        return EnsembleRows(
            [member.rows(member.adapt(frame)[0], dtype, sparse, pending) for member in self.members]
        )


class NoNetwork(Snapshot):
    """Stands where other models have their network, and refuses whatever asks for one.

    Parameters
    ----------
    owner : FoldEnsemble
    """

    def __init__(self, owner: FoldEnsemble) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> NoReturn:
        raise InvalidArgument(_refusal(self._owner))

    def input_major(self, dtype: Any) -> NoReturn:
        """Refused."""
        raise InvalidArgument(_refusal(self._owner))


def _refusal(owner: FoldEnsemble) -> str:
    return (
        f"model {owner.key!r} is the mean of {len(owner.members)} models and has no network of its own, which weights, hidden "
        "features and other formats than save_model need: ask one of its models for that"
    )


class EnsembleScorer(Scorer):
    """Gives the mean of what the members give.

    Parameters
    ----------
    ensemble : FoldEnsemble
    """

    def __init__(self, ensemble: FoldEnsemble) -> None:
        super().__init__(
            ensemble.spec,
            ensemble.topology,
            ensemble.parameters,
            ensemble.threads,
            ensemble.dtype,
            ensemble.custom_metric,
        )
        self._members = [(member.network, member.scorer) for member in ensemble.members]

    def prepare(self, net: Snapshot) -> None:
        """Keep the layers of all members, see `Scorer.prepare`."""
        for network, scorer in self._members:
            scorer.prepare(network)

    def each(self, sample: Sample) -> list[Array]:
        """What each member says, see `Scorer.outcomes`."""
        rows = sample.rows
        assert isinstance(rows, EnsembleRows)
        return [
            scorer.outcomes(network, replace(sample, rows=part))
            for (network, scorer), part in zip(self._members, rows.parts, strict=True)
        ]

    def outcomes(self, net: Snapshot, sample: Sample) -> Array:
        """The mean over the members."""
        return np.asarray(np.mean([each.astype(np.float64) for each in self.each(sample)], axis=0))


def layers_of(members: Sequence[DeepLearningModel]) -> Table:
    """The table of the layers that all members have, without what each has learned."""
    found, same = members[0].summary, ("layer", "units", "type", "dropout", "l1", "l2")
    rows = [
        [cell if name in same else None for name, cell in zip(found["columns"], row, strict=True)]
        for row in found["rows"]
    ]
    return found | {"description": f"each of {len(members)} models, whose mean is predicted", "rows": rows}
