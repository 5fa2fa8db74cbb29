"""A training frame in parts, each in another process: what is done where a part lies, and what is made of all of them.

Whoever leads merges what is known of the parts (`DataStatistics`) and tells it to all, who learn the same `DataSpec` from it
and encode their own rows. He himself gets as many rows as are scored in training, and no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from ...arrays import Array
from ...frame.frame import Frame
from ..encoding.data import DataSpec, encoding_remarks, training_rows
from ..encoding.data_statistics import DataStatistics
from ..model.network import Topology
from ..model.sample import Sample
from ..parameters.validation import DeepLearningParameters
from .order import CountedOrder, drawn
from .prepared import Prepared, Start
from .pretraining import pretrained_starts
from .result import used_units

_AT_HOME = ("custom_metric_func",)  # what only the process of the session can have


def plain_parameters(p: DeepLearningParameters) -> dict[str, Any]:
    """Parameters as plain values, as far as those need them who have a part of the rows."""
    actual = {name: None if name in _AT_HOME else value for name, value in p.actual.items()}
    return {
        "category": p.category,
        "response": p.response,
        "predictors": list(p.predictors),
        "actual": actual,
    }


def parameters_of(plain: Mapping[str, Any]) -> DeepLearningParameters:
    """What `plain_parameters` was given, nearly."""
    return DeepLearningParameters(
        plain["category"], plain["response"], tuple(plain["predictors"]), {}, dict(plain["actual"]), ()
    )


class Shard:
    """A part of a training frame, where it lies.

    Parameters
    ----------
    frame : Frame
    p : DeepLearningParameters
        Those for the whole.

    Attributes
    ----------
    rows : Rows
        As the engine takes them, once they are encoded.
    trained : bool array (rows,)
        Which of them are trained.
    """

    def __init__(self, frame: Frame, p: DeepLearningParameters) -> None:
        used = [*p.predictors, *filter(None, (p.response, p.weights_column, p.offset_column))]
        self._frame, self._p = frame.select(map(frame.index, used)), p

    def statistics(self) -> DataStatistics:
        """What is to be merged with that of the other parts."""
        return DataStatistics.of(self._frame, self._p)

    def encode(self, statistics: DataStatistics) -> Array:
        """Encode the rows by what is known of all parts; which categorical units those switch on that are trained."""
        spec = DataSpec.of(statistics, self._p)
        self.rows, self._scorable, self.trained = training_rows(
            spec, self._frame, self._p, spec.prefers_sparse(statistics)
        )
        return used_units(spec, self.rows, self.trained)

    def chosen(self, numbers: Array) -> Frame:
        """Rows that can be scored, by their numbers among those."""
        return self._frame.take(np.flatnonzero(self._scorable)[numbers])


def with_rows(load: Mapping[str, Any], shard: Shard) -> dict[str, Any]:
    """What a member of a ring needs for all of a training, see `load_of`, with the rows that lie where it is."""
    order = {**load["order"], "usable": shard.trained}
    return {
        **load,
        "rows": {each.name: getattr(shard.rows, each.name) for each in fields(shard.rows)},
        "order": order,
    }


class ShardedRows:
    """What a trainer takes, of a frame in parts.

    Parameters
    ----------
    p : DeepLearningParameters
    parts : sequence of DataStatistics
        In the order of the rows.
    """

    def __init__(self, p: DeepLearningParameters, parts: Sequence[DataStatistics]) -> None:
        self._p, self.statistics = p, parts[0]
        for part in parts[1:]:
            self.statistics = self.statistics.merge(part)
        counts = [part.rows.scorable for part in parts]
        numbers = drawn(sum(counts), p.score_training_samples, p.seed)
        ends = np.cumsum(counts)
        self.chosen = [
            numbers[(numbers >= end - count) & (numbers < end)] - (end - count)
            for end, count in zip(ends, counts, strict=True)
        ]  # by part, which of the rows that can be scored are

    def prepared(self, scored: Frame, used: Array, validation: Frame | None, start: Start) -> Prepared:
        """All that a trainer takes.

        Parameters
        ----------
        scored : Frame
            The chosen rows of all parts.
        used : bool array (categorical units,)
            Which units some row switches on that is trained.
        validation : Frame, optional
        start : Start
        """
        p, counts = self._p, self.statistics.rows
        spec = DataSpec.of(self.statistics, p).with_histograms(scored)
        rows, _, _ = training_rows(spec, scored, p, spec.prefers_sparse(self.statistics))
        domain = spec.response.domain if spec.response else None
        topology = Topology.of(p, spec.encoder.inputs, None if domain is None else len(domain))
        given = start.given
        if start.pretrained is not None:
            given = pretrained_starts(start.pretrained, spec, topology)[0]
        found = Prepared(
            p,
            spec,
            topology,
            rows,
            CountedOrder(counts.rows, counts.trained, p.seed, p.shuffle_training_data),
            counts.of_an_epoch,
            Sample.of(spec, scored, rows),
            given=given,
            warnings=encoding_remarks(spec, p),
            used_elsewhere=used,
        )
        found.take_validation(validation)
        return found
