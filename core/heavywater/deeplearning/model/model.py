"""A trained model: what it needs to predict, and what it tells about itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...engine.scoring import Snapshot
from ...errors import InvalidArgument, bounded
from ...frame.columns.column import Column
from ...frame.columns.makers import enum, numeric, reals
from ...frame.frame import Frame, unique_names
from ..encoding.data import DataSpec
from ..metrics.distributions import nearest_to_median
from ..metrics.tables import Table
from ..parameters.several_quantiles import quantile_name, several_quantiles
from ..parameters.table import check_value
from ..parameters.validation import DeepLearningParameters
from ..uncertainty.calibration import Calibration
from ..uncertainty.intervals import Intervals, checked_level
from ..uncertainty.temperature import FittedTemperature
from .custom_metric import CustomMetric
from .epochs_choice import EpochsChoice
from .network import Topology, exported, hidden_layer
from .sample import Sample
from .scorer import Scorer
from .state import Checkpoint

# Entries of the description of a cross-validation that are keys.
KEPT_OF_FOLDS = tuple(
    f"cross_validation_{name}"
    for name in ("models", "predictions", "holdout_predictions_frame_id", "fold_assignment_frame_id")
)


@dataclass
class DeepLearningModel:
    """A trained network with its encoder, metrics and history; trained here or imported.

    Attributes
    ----------
    key : str
    parameters : DeepLearningParameters
    spec : DataSpec
    topology : Topology
        Of each member, where the network is several.
    network : Snapshot
    training_metrics, validation_metrics : dict or None
    summary : Table
    history : Table or None
    varimp : Table or None
    facts : dict
        Times, counts and why training stopped, as in the model description.
    warnings : list of str
    dtype : numpy type
        Precision of the forward passes.
    label_threshold : float or None
        Probability from which a row counts as the second class, where the metrics do not decide it.
    cross_validation : dict
        Entries of the description about cross-validation: metrics, tables, and the keys of what was kept; else empty.
    checkpoint : Checkpoint or None
        What it takes to go on with the training; None for imported models and unstable ones.
    custom_metric : CustomMetric or None
        The function that custom_metric_func names, where it is known: files do not hold it.
    calibration : Calibration or None
        What calibrates its probabilities.
    intervals : Intervals or None
        What is known of its errors.
    epochs_choice : EpochsChoice or None
        How the number of epochs was chosen.
    temperature : FittedTemperature or None
        What the outputs of a classifier were divided by; the network is as it is after that.
    row_scorer : RowScorer or None
        Kept for single rows, see `heavywater.deeplearning.model.row_scoring`.
    """

    key: str
    parameters: DeepLearningParameters
    spec: DataSpec
    topology: Topology
    network: Snapshot
    threads: int
    summary: Table
    history: Table | None
    training_metrics: dict[str, Any] | None = None
    validation_metrics: dict[str, Any] | None = None
    varimp: Table | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    dtype: Any = np.float32
    label_threshold: float | None = None
    cross_validation: dict[str, Any] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    custom_metric: CustomMetric | None = None
    calibration: Calibration | None = None
    intervals: Intervals | None = None
    epochs_choice: EpochsChoice | None = None
    temperature: FittedTemperature | None = None
    row_scorer: Any = field(default=None, init=False, repr=False, compare=False)

    @property
    def scorer(self) -> Scorer:
        """Scores frames with this model."""
        return Scorer(self.spec, self.topology, self.parameters, self.threads, self.dtype, self.custom_metric)

    @property
    def nbytes(self) -> int:
        """Bytes of the weights."""
        return self.network.nbytes

    @property
    def has_unit_per_level(self) -> bool:
        """Whether each level of each factor has an input unit of its own."""
        return self.spec.recoding is None and self.spec.encoder.hashed is None

    @property
    def dependents(self) -> list[str]:
        """Keys of what belongs to the model and goes with it: models and frames of its cross-validation, and of weights."""
        found = [self.cross_validation.get(name) or [] for name in KEPT_OF_FOLDS]
        return [
            *(key for keys in found for key in ([keys] if isinstance(keys, str) else keys)),
            *self.views,
        ]

    @property
    def views(self) -> list[str]:
        """Keys under which frames of its weights and biases may be kept, which end when another model gets its name."""
        layers = self.topology.layers if self.parameters.export_weights_and_biases else 0
        return [f"{self.key}.{what}.{layer}" for what in ("weights", "biases") for layer in range(layers)]

    def forget_all_but(self, present: Collection[str]) -> None:
        """Name only those dependents that are present: the file of a model holds it without them."""
        for name in KEPT_OF_FOLDS:
            keys = self.cross_validation.get(name) or []
            if not all(key in present for key in ([keys] if isinstance(keys, str) else keys)):
                self.cross_validation[name] = None

    # ---- using it

    def _sample(self, frame: Frame, adapted: Frame) -> Sample:
        return Sample(
            self.spec.rows(adapted, self.dtype, pending=True),
            None,
            self.spec.offset(frame),
            self.spec.observation_weights(frame),
        )

    def predict(self, frame: Frame, interval: float | None = None) -> tuple[Frame, list[str]]:
        """Predictions for a frame, and warnings about its columns.

        Parameters
        ----------
        frame : Frame
        interval : float, optional
            Probability with which an interval, or a set of classes, is to hold the truth.

        Returns
        -------
        Frame
            Regression: predict. Classification: predict and one probability per class, calibrated ones behind them.
            Autoencoder: the reconstruction, one column per input unit, numbers scaled back. With `interval` also lower and
            upper, or for each class whether it is in the set (1) or not (0).
        list of str

        Raises
        ------
        InvalidArgument
            The model knows too little of its errors for such an interval, or has no response.
        """
        asked = self.known_intervals(interval)
        adapted, warnings = self.spec.adapt(frame)
        sample = self._sample(frame, adapted)
        if self.spec.response is None:
            return self._reconstruction(sample.rows, warnings), warnings
        labels, numbers = self.predicted(sample, self.scorer, warnings, asked)
        columns: list[Column] = [] if labels is None else [enum(labels, self.spec.response.domain or ())]
        columns += [reals(numbers[:, k].copy()) for k in range(numbers.shape[1])]
        return Frame(self.names_of_prediction(asked is not None), columns), warnings

    def known_intervals(self, interval: float | None) -> tuple[Intervals, float] | None:
        """What is known of the errors of the model, and the probability that is asked for; None where none is.

        Raises
        ------
        InvalidArgument
            The model knows nothing of them.
        """
        if interval is None:
            return None
        level = checked_level(interval)
        if self.intervals is None:
            raise InvalidArgument(
                f"interval={interval!r}: model {self.key!r} knows nothing of its errors on rows that were held out. "
                + (
                    "It is an autoencoder, whose errors h2o.anomaly gives"
                    if self.spec.response is None
                    else "Train it with calibration_frame, nfolds or validation_frame"
                )
            )
        return self.intervals, level

    def predicted(
        self,
        sample: Sample,
        scorer: Scorer,
        warnings: list[str],
        asked: tuple[Intervals, float] | None = None,
    ) -> tuple[Array | None, Array]:
        """What a model with a response says of some rows.

        Parameters
        ----------
        sample : Sample
        scorer : Scorer
        warnings : list of str
            Appended to.
        asked : optional
            See `known_intervals`.

        Returns
        -------
        int array (rows,) or None
            Classes, -1 where there is none; None for numbers.
        float array (rows, columns)
            Their probabilities, or the numbers; what else `names_of_prediction` names.
        """
        found = within_range(scorer.outcomes(self.network, sample), warnings, sample.offset)
        numbers = found.astype(np.float64)
        if not self._of_classes:
            numbers = numbers if numbers.ndim == 2 else numbers[:, None]
            ends: tuple[Array, ...] = ()
            if asked is not None:
                ends = asked[0].bounds(self.parts_of(sample, scorer, numbers), asked[1])
                ends = tuple(self.spec.response.within_range(each) for each in ends if self.spec.response)
            if scorer.quantiles:
                numbers = np.column_stack([numbers[:, nearest_to_median(scorer.quantiles)], numbers])
            return None, np.column_stack([numbers, *ends])
        parts = [numbers]
        if self.calibration is not None:
            parts.append(self.calibration.of(numbers))
        if asked is not None:
            parts.append(asked[0].sets(self.parts_of(sample, scorer, numbers), asked[1]))
        return self._labels(found), np.concatenate(parts, axis=1)

    def parts_of(self, sample: Sample, scorer: Scorer, found: Array) -> Any:
        """What intervals are computed of: what is predicted, or of an ensemble what each of its models predicts."""
        return found

    @property
    def prediction_names(self) -> list[str]:
        """Names of the columns that `predict` gives without an interval."""
        return self.names_of_prediction()

    def names_of_prediction(self, interval: bool = False, calibrated: bool = True) -> list[str]:
        """Names of the columns that `predict` gives, with or without an interval; or without calibrated probabilities."""
        if self.spec.response is None:
            return [f"reconstr_{name}" for name in self.spec.encoder.unit_names]
        domain = self.spec.response.domain
        if domain is None:
            several = map(quantile_name, several_quantiles(self.parameters))
            return unique_names(["predict", *several, *(("lower", "upper") if interval else ())])
        chances = [probability_name(level) for level in domain]
        names = ["predict", *chances]
        if calibrated and self.calibration is not None:
            names += [f"cal_{name}" for name in chances]
        if interval:
            names += [f"in_{level}" for level in domain]
        return unique_names(names)

    def _labels(self, probabilities: Array) -> Array:
        if self.parameters.category == "Binomial" and probabilities.shape[1] == 2:
            labels: Array = (probabilities[:, 1] >= self.threshold).astype(np.int8)
        else:
            labels = np.asarray(probabilities.argmax(axis=1))
        return np.where(np.isnan(probabilities[:, 0]), -1, labels)

    @property
    def _of_classes(self) -> bool:
        return self.spec.response is not None and self.spec.response.domain is not None

    @property
    def threshold(self) -> float:
        """Probability from which a row counts as the second class: maximal F1 on the validation, else training data."""
        if self.label_threshold is not None:
            return self.label_threshold
        metrics = self.validation_metrics or self.training_metrics or {}
        criteria = metrics.get("max_criteria_and_metric_scores")
        value = criteria["rows"][0][1] if criteria and criteria["rows"] else None
        return 0.5 if value is None or not np.isfinite(value) else float(value)

    def _reconstruction(self, rows: Rows, warnings: list[str]) -> Frame:
        out = within_range(self.scorer.outputs(self.network, rows).astype(np.float64), warnings)
        encoder = self.spec.encoder
        for j, name in enumerate(encoder.numbers, encoder.category_units):
            scaling = encoder.scaling[name]
            out[:, j] = out[:, j] / scaling.mul + scaling.sub
        return Frame(self.prediction_names, [reals(out[:, j].copy()) for j in range(out.shape[1])])

    def anomaly(self, frame: Frame, per_feature: bool = False) -> tuple[Frame, list[str]]:
        """Reconstruction error of each row in the scaled space, or the squared error of each unit; and warnings.

        Raises
        ------
        InvalidArgument
            The model is no autoencoder.
        """
        if self.spec.response is not None:
            raise InvalidArgument(
                f"model {self.key!r} is no autoencoder; anomaly needs one (autoencoder=True)"
            )
        adapted, warnings = self.spec.adapt(frame)
        rows = self.spec.rows(adapted, self.dtype)
        errors = within_range(self.scorer.reconstruction_errors(self.network, rows, per_feature), warnings)
        if not per_feature:
            return Frame(["Reconstruction.MSE"], [reals(errors)]), warnings
        names = [f"reconstr_{n}.SE" for n in self.spec.encoder.unit_names]
        return Frame(names, [reals(errors[:, j].copy()) for j in range(errors.shape[1])]), warnings

    def deep_features(self, frame: Frame, layer: int | str) -> tuple[Frame, list[str]]:
        """Activations of a hidden layer, as used when scoring; and warnings.

        Parameters
        ----------
        layer : int or str
            Its number from 0, or its name as in the columns of the result: L1 or DF.L1 is the first.
        """
        number = hidden_layer(layer, self.topology.layers - 1)
        adapted, warnings = self.spec.adapt(frame)
        rows = self.spec.rows(adapted, self.dtype)
        out = within_range(self.scorer.outputs(self.network, rows, depth=number + 1), warnings)
        names = [f"DF.L{number + 1}.C{k + 1}" for k in range(out.shape[1])]
        return Frame(names, [reals(out[:, k].copy()) for k in range(out.shape[1])]), warnings

    def metrics(
        self, frame: Frame, auc_type: str | None = None, custom_metric: CustomMetric | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        """Metrics on another frame, and warnings about its columns.

        Parameters
        ----------
        auc_type, custom_metric : optional
            In place of those of the model; a metric of the user's own is not for autoencoders.
        """
        adapted, warnings = self.spec.adapt(frame)
        warnings += self.spec.metrics_warnings(frame)
        if self.parameters.custom_metric_func and self.custom_metric is None and custom_metric is None:
            warnings.append(
                f"custom_metric_func={self.parameters.custom_metric_func!r} is not there, so its value is "
                "missing: files do not hold functions. Upload it before the model is loaded"
            )
        scorer = self.scorer
        scorer.custom_metric = custom_metric or self.custom_metric
        if auc_type is not None:
            asked = {"auc_type": check_value("auc_type", auc_type)}
            scorer.p = replace(self.parameters, actual=self.parameters.actual | asked)
        sample = Sample.of(self.spec, frame, self.spec.rows(adapted, self.dtype))
        found = within_range(scorer.outcomes(self.network, sample), warnings, sample.offset)
        return scorer.metrics_of(found, sample), warnings

    def weights_frame(self, layer: int) -> Frame:
        """Weights of a layer, one row per unit, one column per input."""
        weights, _ = exported(self.network.weights[layer], self.network.biases[layer])
        names = self.spec.encoder.unit_names if layer == 0 else [f"C{k + 1}" for k in range(weights.shape[1])]
        return Frame(unique_names(names), [reals(weights[:, k].copy()) for k in range(weights.shape[1])])

    def biases_frame(self, layer: int) -> Frame:
        """Biases of a layer, one row per unit."""
        _, biases = exported(self.network.weights[layer], self.network.biases[layer])
        return Frame(["C1"], [numeric(biases)])

    # ---- describing it

    def _parameters_described(self) -> dict[str, dict[str, Any]]:
        """All parameters, with the names of the model and of its frames."""
        found = self.parameters.description()
        found["model_id"]["actual"] = self.key
        found["response_column"]["input"] = self.parameters.response
        for name in ("training_frame", "validation_frame"):
            if name in self.facts:
                found[name] |= dict.fromkeys(("input", "actual"), self.facts[name])
        return found

    def outcome(self) -> dict[str, Any]:
        """What the description tells of how good the model is and what it took, which costs nothing to put together."""
        return {
            "model_category": self.parameters.category,
            "parameters": {"custom_metric_func": {"actual": self.parameters.custom_metric_func}},
            "training_metrics": self.training_metrics,
            "validation_metrics": self.validation_metrics,
            "cross_validation_metrics": None,
            **self.cross_validation,
            **self.facts,
        }

    def description(self) -> dict[str, Any]:
        """The model description of the session protocol."""
        encoder, response = self.spec.encoder, self.spec.response
        scaled_numbers = self.parameters.standardize and not encoder.edges
        scalings = [encoder.scaling[n] for n in encoder.numbers] if scaled_numbers else None
        scaled = response is not None and response.scaled
        return {
            "model_id": self.key,
            "algo": "deeplearning",
            "have_mojo": self.has_unit_per_level or response is not None,
            "have_pojo": True,
            "model_category": self.parameters.category,
            "parameters": self._parameters_described(),
            "response_column": self.parameters.response,
            "names": [*encoder.categories, *encoder.numbers],
            "domains": [list(encoder.levels[n]) for n in encoder.categories] + [None] * len(encoder.numbers),
            "original_names": None if self.spec.recoding is None else list(self.spec.kinds),
            "response_domain": None if response is None or response.domain is None else list(response.domain),
            "model_summary": self.summary,
            "scoring_history": self.history,
            "training_metrics": self.training_metrics,
            "validation_metrics": self.validation_metrics,
            "cross_validation_metrics": None,
            **self.cross_validation,
            "calibration": None if self.calibration is None else self.calibration.described(),
            "intervals": None if self.intervals is None else self.intervals.described(),
            "epochs_choice": None if self.epochs_choice is None else self.epochs_choice.described(),
            "epochs_tried": None if self.epochs_choice is None else self.epochs_choice.table(),
            "temperature": None if self.temperature is None else self.temperature.described(),
            "variable_importances": self.varimp,
            "default_threshold": self.threshold if self.parameters.category == "Binomial" else None,
            "warnings": [bounded(each) for each in self.warnings],
            "normmul": None if scalings is None else [s.mul for s in scalings],
            "normsub": None if scalings is None else [s.sub for s in scalings],
            "normrespmul": [response.mul] if scaled and response is not None else None,
            "normrespsub": [response.sub] if scaled and response is not None else None,
            "catoffsets": encoder.offsets,
            **self.facts,
        }


def within_range(found: Array, warnings: list[str], offset: Array | None = None) -> Array:
    """What a network gives, missing in rows (a warning counts them) where sums went beyond what its numbers hold.

    Parameters
    ----------
    found : array (rows,) or (rows, units)
    warnings : list of str
        Appended to.
    offset : array (rows,), optional
        Where it is missing, so is the prediction, which needs no warning.
    """
    beyond = ~np.isfinite(found if found.ndim == 1 else found.sum(axis=1, dtype=np.float64))
    if not beyond.any():
        return found
    unexpected = beyond if offset is None else beyond & ~np.isnan(offset)
    if unexpected.any():
        warnings.append(
            f"{unexpected.sum()} of {len(found)} rows cannot be scored (the first is row {int(unexpected.argmax()) + 1}): sums "
            "in the network go beyond the range of its numbers. What is predicted for them is missing"
        )
    found = found.copy()
    found[beyond] = np.nan
    return found


def probability_name(level: str) -> str:
    """Column of a class's probability: the level, with a p before numbers."""
    return f"p{level}" if level.lstrip("-").replace(".", "", 1).isdigit() else level
