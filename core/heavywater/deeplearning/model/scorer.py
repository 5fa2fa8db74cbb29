"""Scores of a network on samples of rows, and the metrics of a model."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...engine.scoring import ReadyNetwork, Snapshot, score
from .. import metrics
from ..encoding.data import DataSpec
from ..metrics.distributions import nearest_to_median
from ..parameters.several_quantiles import several_quantiles, single_quantile
from ..parameters.validation import DeepLearningParameters
from .custom_metric import CustomMetric
from .network import Topology
from .sample import Sample


class Scorer:
    """Turns network outputs into predictions and metrics.

    Parameters
    ----------
    spec : DataSpec
    topology : Topology
    p : DeepLearningParameters
    threads : int
    dtype : numpy type
        Precision of the forward passes.
    custom_metric : CustomMetric, optional

    Attributes
    ----------
    quantiles : list of float
        Those of the output units, where there are several.
    ready : ReadyNetwork or None
        The network that is scored, where it is kept: see `heavywater.engine.scoring.score`.
    """

    def __init__(
        self,
        spec: DataSpec,
        topology: Topology,
        p: DeepLearningParameters,
        threads: int,
        dtype: Any = np.float32,
        custom_metric: CustomMetric | None = None,
    ) -> None:
        self.spec, self.topology, self.p, self.threads, self.dtype = spec, topology, p, threads, dtype
        self.custom_metric = custom_metric
        self.ready: ReadyNetwork | None = None
        self.quantiles = several_quantiles(p)

    # ---- predictions

    def predictions(self, net: Snapshot, sample: Sample) -> Array:
        """Probabilities (rows, classes), numbers (rows,), or squared reconstruction errors (rows,)."""
        found = self.outcomes(net, sample)
        return found[:, nearest_to_median(self.quantiles)] if self.quantiles else found

    def outcomes(self, net: Snapshot, sample: Sample) -> Array:
        """The same with all that is said of a number: several quantiles (rows, quantiles), which are put in order.

        To sort what crosses never makes the mean of the losses larger (Chernozhukov, Fernandez-Val and Galichon 2010).
        """
        if self.spec.response is None:
            return self.reconstruction_errors(net, sample.rows)
        out = self.outputs(net, sample.rows)
        if self.spec.response.domain is not None:
            return self.spec.response.probabilities(out)
        if self.quantiles:
            return np.sort(self.spec.response.predictions(out, sample.offset), axis=1)
        return self.spec.response.predictions(out[:, 0], sample.offset)

    def prepare(self, net: Snapshot) -> None:
        """Keep what has to be worked out once of the network that is scored, for who scores often."""
        self.ready = ReadyNetwork(net, self.dtype)

    def outputs(self, net: Snapshot, rows: Rows, depth: int | None = None) -> Array:
        """Activations of the output layer, or of hidden layer `depth` (1 = first): (rows, units)."""
        out = score(rows, net, threads=self.threads, depth=depth, dtype=self.dtype, ready=self.ready)
        assert out is not None
        return out

    def reconstruction_errors(self, net: Snapshot, rows: Rows, per_unit: bool = False) -> Array:
        """Mean over the input units of (reconstruction - input)^2 in the scaled space, or each square by itself."""
        inputs = self.topology.inputs
        errors = np.empty((rows.n, inputs) if per_unit else rows.n)

        def each(lo: int, hi: int, out: Array) -> None:
            square = (out.astype(np.float64) - dense_inputs(rows, lo, hi)) ** 2
            errors[lo:hi] = square if per_unit else square.mean(axis=1)

        score(rows, net, threads=self.threads, dtype=self.dtype, ready=self.ready, each=each)
        return errors

    # ---- metrics

    def numbers(self, net: Snapshot, sample: Sample) -> dict[str, float]:
        """The numbers of a scoring history line."""
        p, found = self.p, self.outcomes(net, sample)
        custom = (
            {} if self.custom_metric is None else {"custom": self._custom(self.custom_metric, found, sample)}
        )
        if p.category == "Binomial":
            found = found[:, 1] if found.shape[1] > 1 else 1 - found[:, 0]
        return custom | metrics.score(
            p.category,
            sample.actual,
            found,
            sample.weights,
            distribution=p.distribution,
            tweedie_power=p.tweedie_power,
            quantile_alpha=self.quantiles or single_quantile(p),
            huber_alpha=p.huber_alpha,
            auc_type=p.auc_type,
        )

    def _custom(self, metric: CustomMetric, found: Array, sample: Sample) -> float:
        assert sample.actual is not None  # custom metrics are refused for autoencoders
        found = found[:, nearest_to_median(self.quantiles)] if self.quantiles else found
        return metric.value(self.p, found, sample.actual, sample.weights, sample.offset)

    def metrics(self, net: Snapshot, sample: Sample) -> dict[str, Any]:
        """All metrics of the model's category."""
        return self.metrics_of(self.outcomes(net, sample), sample)

    def metrics_of(self, found: Array, sample: Sample) -> dict[str, Any]:
        """All metrics of predictions (see `outcomes`) for a sample, wherever they come from."""
        result = self._of_category(found, sample)
        if self.custom_metric is not None:
            result["custom_metric_name"] = self.custom_metric.name
            result["custom_metric_value"] = self._custom(self.custom_metric, found, sample)
        return result

    def _of_category(self, found: Array, sample: Sample) -> dict[str, Any]:
        p = self.p
        if p.category == "AutoEncoder":
            return metrics.autoencoder_metrics(found)
        assert self.spec.response is not None and sample.actual is not None
        if p.category == "Regression":
            return metrics.regression_metrics(
                sample.actual,
                found,
                sample.weights,
                p.distribution,
                p.tweedie_power,
                self.quantiles or single_quantile(p),
                p.huber_alpha,
            )
        domain = self.spec.response.domain or ()
        if p.category == "Binomial":
            p1 = found[:, 1] if found.shape[1] > 1 else 1 - found[:, 0]
            return metrics.binomial_metrics(sample.actual, p1, sample.weights, _two(domain), p.gainslift_bins)
        return metrics.multinomial_metrics(
            sample.actual, found, sample.weights, domain, p.auc_type, max(1000, p.max_confusion_matrix_size)
        )

    def huber_delta(self, net: Snapshot, sample: Sample) -> float:
        """The huber_alpha quantile of the absolute errors, in standard deviations of the response."""
        assert self.spec.response is not None and sample.actual is not None
        errors = np.abs(sample.actual - self.predictions(net, sample))
        errors = errors[~np.isnan(errors)]
        delta = (
            float(np.quantile(errors, self.p.huber_alpha)) * self.spec.response.mul if len(errors) else 1.0
        )
        return delta if delta > 0 else 1.0


def _two(domain: tuple[str, ...]) -> tuple[str, ...]:
    return domain if len(domain) == 2 else (*domain, *("", "")[len(domain) :])


def dense_inputs(rows: Rows, lo: int, hi: int) -> Array:
    """Input units of rows lo..hi-1 as a dense matrix, for autoencoders: (hi - lo, inputs)."""
    x = np.zeros((hi - lo, rows.inputs))
    for units in rows.category[lo:hi].T:
        active = np.flatnonzero(units >= 0)
        x[active, units[active]] += 1
    x[:, rows.first_number :] = rows.numbers_block(lo, hi, np.float64)
    return x
