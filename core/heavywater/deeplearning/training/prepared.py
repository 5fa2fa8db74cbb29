"""What training needs beside the parameters: rows for the engine, their order, samples to score, and a start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...errors import InvalidArgument
from ...frame.columns.column_statistics import ColumnStatistics
from ...frame.frame import Frame
from ..encoding.data import DataSpec, encoding_remarks, training_rows
from ..encoding.data_statistics import epoch_rows
from ..model.model import DeepLearningModel
from ..model.network import Topology
from ..model.sample import Sample
from ..model.state import Checkpoint
from ..parameters.validation import DeepLearningParameters
from .balance import Balance
from .checkpoint import resumed_spec
from .hold_out import HoldOut, nothing_held_out
from .order import RowOrder, sample
from .pretraining import pretrained_starts

Pair = tuple[Array, Array]


@dataclass(frozen=True)
class Start:
    """What training starts from; at most one of these.

    Attributes
    ----------
    given : sequence of (weights, biases) or None
        Starting weights per layer, see `network.create`.
    checkpoint : DeepLearningModel or None
        Model whose training goes on; the parameters must have been checked against it (`check_restart`).
    pretrained : DeepLearningModel or None
        Autoencoder whose hidden layers are the start.
    """

    given: Sequence[Pair | None] = ()
    checkpoint: DeepLearningModel | None = None
    pretrained: DeepLearningModel | None = None


@dataclass
class Prepared:
    """All that a `Trainer` takes, however it came about: from a frame, from a part of one for a fold.

    Attributes
    ----------
    parameters : DeepLearningParameters
    spec : DataSpec
        What is known of the columns.
    topology : Topology
    rows : Rows
        The training frame as the engine takes it.
    order : RowOrder
        Which of them is trained when.
    epoch_rows : int
        How many make an epoch.
    training_sample, validation_sample : Sample, Sample or None
        Rows to score.
    calibration_sample : Sample or None
        Rows that are looked at when all is trained.
    given : sequence of (weights, biases) or None
        Weights to start with, see `network.create`.
    starts : sequence of these
        What the members of an ensemble start with in turn, where it is not the same for all.
    chosen : sequence of int
        Numbers of the members that are trained here, from 0; empty: all.
    saved : Checkpoint or None
        Where an earlier run stopped.
    warnings : list of str
    held_out_rows : int
        Rows of the training frame that are among those of validation, and not among `rows`.
    used_elsewhere : bool array (categorical units,) or None
        Where the rows that are trained lie elsewhere, and `rows` are only those that are scored: which units they switch on.
    """

    parameters: DeepLearningParameters
    spec: DataSpec
    topology: Topology
    rows: Rows
    order: RowOrder
    epoch_rows: int
    training_sample: Sample
    validation_sample: Sample | None = None
    calibration_sample: Sample | None = None
    given: Sequence[Pair | None] = ()
    saved: Checkpoint | None = None
    warnings: list[str] = field(default_factory=list)
    used_elsewhere: Array | None = None
    held_out_rows: int = 0
    starts: Sequence[Sequence[Pair | None]] = ()
    chosen: Sequence[int] = ()

    @classmethod
    def of(
        cls,
        p: DeepLearningParameters,
        frame: Frame,
        validation: Frame | None = None,
        start: Start | None = None,
    ) -> Prepared:
        """Learn all from a training frame, or take over what the model knows that training goes on from.

        Parameters
        ----------
        p : DeepLearningParameters
            Checked parameters.
        frame : Frame
            Training frame.
        validation : Frame, optional
        start : Start, optional
            By default random weights.

        Raises
        ------
        InvalidArgument
            No validation row can be scored, or what training starts from does not fit.
        """
        start, remarks = start or Start(), list[str]()
        if start.checkpoint is None:
            spec = DataSpec.fit(frame, p)
            remarks = encoding_remarks(spec, p)
        else:
            spec, frame, remarks = resumed_spec(start.checkpoint, frame, p)
        found = cls.with_spec(p, spec.with_histograms(frame), frame, validation, start)
        found.warnings[:0] = remarks
        return found

    @classmethod
    def holding_out(
        cls, p: DeepLearningParameters, frame: Frame, validation: Frame | None, start: Start
    ) -> Prepared:
        """The same where rows of the training frame may take the place of a validation frame (validation_fraction)."""
        if (
            not p.validation_fraction or p.epochs_candidates
        ):  # which have become a number of epochs, for all rows
            return cls.of(p, frame, validation, start)
        parts = HoldOut.of(frame, p, p.validation_fraction)
        if parts is None:
            found = cls.of(p, frame, None, start)
            found.warnings.append(nothing_held_out(frame, p.validation_fraction))
            return found
        found = cls.of(p, parts.training, parts.held_out, start)
        found.held_out_rows = parts.held_out.nrow
        return found

    @classmethod
    def with_spec(
        cls, p: DeepLearningParameters, spec: DataSpec, frame: Frame, validation: Frame | None, start: Start
    ) -> Prepared:
        """The same where the columns are known already: what was learned from other rows, too."""
        rows, scorable, trained = training_rows(spec, frame, p)
        domain = spec.response.domain if spec.response else None
        topology = Topology.of(p, spec.encoder.inputs, None if domain is None else len(domain))
        order, epoch_rows = _row_order(p, spec, rows, frame, trained)
        given, starts = start.given, list[list[Pair | None]]()
        if start.pretrained is not None:
            starts = pretrained_starts(start.pretrained, spec, topology)
            given = starts[0]
        scored = sample(scorable, p.score_training_samples, p.seed)
        found = cls(
            p,
            spec,
            topology,
            rows,
            order,
            epoch_rows,
            Sample.of(spec, frame, rows, scored),
            given=given,
            starts=starts,
            saved=None if start.checkpoint is None else start.checkpoint.checkpoint,
        )
        if start.pretrained is not None and len(starts) > p.ensemble_size:
            found.warnings.append(
                f"pretrained_autoencoder={start.pretrained.key!r} has {len(starts)} members, ensemble_size is {p.ensemble_size}: "
                "the first ones are the start"
            )
        found.take_validation(validation)
        return found

    def take_validation(self, frame: Frame | None) -> None:
        """Score rows of a validation frame, too."""
        if frame is not None:
            self.validation_sample = self._validation(frame)

    def take_calibration(self, frame: Frame | None) -> None:
        """Look at the rows of a calibration frame when all is trained."""
        if frame is not None:
            adapted, remarks = self.spec.adapt(frame)
            self.warnings += [f"calibration_frame: {text}" for text in remarks]
            self.calibration_sample = Sample.of(self.spec, frame, self.spec.rows(adapted))

    def _validation(self, frame: Frame) -> Sample:
        """The validation rows to score; what is to be said of them is among the warnings then."""
        p, spec = self.parameters, self.spec
        adapted, remarks = spec.adapt(frame)
        self.warnings += remarks + spec.metrics_warnings(frame)
        classes = spec.actual(frame) if p.score_validation_sampling == "Stratified" and self.classes else None
        chosen = sample(np.ones(frame.nrow, bool), p.score_validation_samples, p.seed, classes)
        found = Sample.of(spec, frame, spec.rows(adapted), chosen)
        if not found.countable(spec):
            raise InvalidArgument(
                "validation_frame: no row can be scored, all lack a response or a weight. Leave it out"
            )
        return found

    @property
    def pieces(self) -> bool:
        """Whether numbers are encoded piecewise linearly."""
        return bool(self.spec.encoder.edges)

    @property
    def classes(self) -> bool:
        """Whether the response is a factor."""
        return self.spec.response is not None and self.spec.response.domain is not None


def _row_order(
    p: DeepLearningParameters, spec: DataSpec, rows: Rows, frame: Frame, trained: Array
) -> tuple[RowOrder, int]:
    """The order of rows, and how many make an epoch. Where classes are balanced these are sampled rows."""
    response = spec.response
    if not p.balance_classes or response is None or rows.label is None:
        weights = None if p.weights_column is None else ColumnStatistics.of(frame.column(p.weights_column))
        size = frame.nrow if weights is None else epoch_rows(weights)
        return RowOrder(trained, p.seed, p.shuffle_training_data), size
    label = np.where(trained, rows.label, -1)
    balance = Balance.sample(
        label, len(response.domain or ()), p.class_sampling_factors, p.max_after_balance_size, p.seed
    )
    if len(balance.rows):
        response.model_distribution = balance.shares
    return RowOrder(trained, p.seed, p.shuffle_training_data, balance.rows), len(balance.rows)
