"""Models of piecewise-linear inputs and several members: nothing is trained, weights are drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from heavywater.deeplearning.encoding.encoder import Encoder
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.network import Topology
from heavywater.engine.scoring import JointSnapshot, Snapshot
from heavywater.frame.frame import Frame

from .export_cases import Case, predicted, trained, training_frame


@dataclass(frozen=True)
class Drawn:
    """A model to draw.

    Attributes
    ----------
    of : Case
        Whose columns, classes and parameters it has.
    members : int
    bins : int
        Of each number at most; 0: numbers stay scaled.
    share : float
        Of the rows whose predictions are kept within a range; without a range 0.
    """

    of: Case
    members: int = 1
    bins: int = 8
    share: float = 0.0

    @property
    def name(self) -> str:
        """That of the model."""
        return self.of.name

    @property
    def y(self) -> str | None:
        """The response."""
        return self.of.y

    def __str__(self) -> str:
        return self.of.name


def _case(name: str, y: str, members: int = 1, bins: int = 8, *, share: float = 0, **given: Any) -> Drawn:
    x = given.pop("x", ("colour", "form", "size", "x", "y"))
    return Drawn(
        Case(f"drawn_{name}", y, x, {"epochs": 0.1, "activation": "Rectifier", **given}), members, bins, share
    )


DRAWN = [
    _case("Rectifier", "two"),
    _case("dropout", "value", activation="RectifierWithDropout", hidden_dropout_ratios=[0.15, 0.4]),
    _case("Maxout", "three", activation="Maxout"),
    _case("members", "two", 4, activation="RectifierWithDropout"),
    _case("odd_members", "value", 3, hidden=[7, 6, 5]),
    _case("Maxout_members", "three", 3, activation="MaxoutWithDropout"),
    _case("one_layer", "amount", 5, hidden=[4], distribution="gamma"),
    _case("scaled_members", "value", 3, bins=0, activation="Tanh"),
    _case("fine", "value", 2, bins=300, x=("x", "y", "size")),
    _case("raw", "three", 2, standardize=False),
    _case("without_first_level", "two", 2, use_all_factor_levels=False),
    _case("hashed", "three", 2, max_categorical_features=6),
    _case("Eigen", "value", 2, categorical_encoding="Eigen", x=("colour", "many", "x", "y")),
    _case("Binary", "value", categorical_encoding="Binary", x=("colour", "many", "x")),
    _case("EnumLimited", "two", 2, categorical_encoding="EnumLimited", x=("colour", "many", "x")),
    _case("no_hidden_layer", "value", hidden=[]),
    _case("members_without_hidden_layer", "three", 3, hidden=[]),
    _case("range", "value", share=0.6, activation="RectifierWithDropout"),
    _case("range_of_numbers", "value", bins=0, share=0.6),
    _case("range_of_Maxout", "value", 3, share=0.6, activation="MaxoutWithDropout", hidden=[5]),
    _case("range_of_lines", "value", 2, share=0.6, hidden=[]),
    _case("range_of_raw", "value", 2, share=0.6, standardize=False),
    _case("range_of_Tanh", "value", 2, 0, share=0.6, activation="Tanh"),
    _case("range_of_log", "amount", 2, share=0.6, distribution="gamma"),
    _case("range_of_counts", "amount", share=-0.6, distribution="poisson"),
    _case("range_of_offset", "value", 2, share=0.6, offset_column="exposure"),
    _case("offset", "amount", 2, distribution="poisson", offset_column="exposure"),
]


# Where what is written differs in form, for compilers, which are slow.
FEW = [
    case
    for case in DRAWN
    if case.name.removeprefix("drawn_")
    in (
        "dropout", "odd_members", "Maxout_members", "one_layer", "scaled_members", "without_first_level", "Eigen", "EnumLimited",
        "members_without_hidden_layer", "range", "range_of_log", "range_of_offset",
    )
]  # fmt: skip
# What scorers of H2O give is not kept within the range: no layer of this activation can do that.
UNLIMITED_IN_MOJO = [case for case in DRAWN if case.name == "drawn_range_of_Tanh"]


def with_ramps(encoder: Encoder, rows: Frame, bins: int) -> Encoder:
    """The encoder with edges at quantiles of some rows; numbers that stand for levels have them at their values."""
    edges = {}
    for name in encoder.numbers:
        known = rows.column(name).numbers() if name in rows else np.arange(-2.0, 3)
        known = known[np.isfinite(known)]
        edges[name] = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1), method="nearest"))
    return encoder.with_edges(edges)


@cache
def drawn(case: Drawn) -> DeepLearningModel:
    """The model of a case."""
    model = trained(case.of)
    spec = model.spec
    if case.bins:
        spec = replace(spec, encoder=with_ramps(spec.encoder, training_frame(), case.bins))
    classes = None if spec.response is None or spec.response.domain is None else len(spec.response.domain)
    topology = Topology.of(model.parameters, spec.encoder.inputs, classes)
    rng = np.random.default_rng(len(case.of.name))
    members = [network_of(topology, model.network.keep, rng) for _ in range(case.members)]
    network = members[0] if case.members == 1 else JointSnapshot(members)
    model = replace(model, key=str(case), spec=spec, topology=topology, network=network)
    return model if case.share == 0 else _within(model, case.share)


def _within(model: DeepLearningModel, share: float) -> DeepLearningModel:
    """The model with a range in which a share of its predictions lie; one below 0: and all those that are small."""
    found = predicted(model, training_frame())[1]
    low, high = np.nanquantile(found, [0.5 - abs(share) / 2, 0.5 + abs(share) / 2]).tolist()
    response = replace(model.spec.response, range=(0.0 if share < 0 else low, high))
    return replace(model, spec=replace(model.spec, response=response))


def made(case: Case | Drawn) -> DeepLearningModel:
    """The model of a case, trained or drawn."""
    return drawn(case) if isinstance(case, Drawn) else trained(case)


def is_exact(model: DeepLearningModel) -> bool:
    """Whether the weights that are written are those of the model, none of them rounded once more."""
    return model.has_unit_per_level and (len(model.network.members) == 1 or model.topology.layers > 1)


def network_of(topology: Topology, keep: list[float], rng: np.random.Generator) -> Snapshot:
    """A network with drawn weights."""
    weights, biases = [], []
    for i, (channels, units) in enumerate(zip(topology.channels, topology.units, strict=True)):
        inputs = topology.inputs_of(i)
        weights.append(
            rng.normal(0, 1 / np.sqrt(min(inputs, 20)), (channels, units, inputs)).astype(np.float32)
        )
        biases.append(rng.normal(0, 0.3, (channels, units)).astype(np.float32))
    return Snapshot(weights, biases, list(topology.kinds), list(keep))
