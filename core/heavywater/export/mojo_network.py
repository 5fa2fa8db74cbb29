"""Input units, layers and response of a MOJO, as the objects that score trained models."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..deeplearning.data import DataSpec
from ..deeplearning.encoding import Encoder, Scaling
from ..deeplearning.network import Topology, unexported
from ..deeplearning.parameters import table
from ..deeplearning.response import Response
from ..deeplearning.schedule import layer_kinds
from ..engine.scoring import Snapshot
from .mojo_ini import INI, Mojo

Array = np.ndarray[Any, np.dtype[Any]]
CATEGORIES = ("Binomial", "Multinomial", "Regression", "AutoEncoder")
DISTRIBUTIONS = (
    "bernoulli",
    "multinomial",
    "gaussian",
    "poisson",
    "gamma",
    "tweedie",
    "laplace",
    "quantile",
    "huber",
)
# Encodings under which the columns of the file are the columns of the data, with H2O's own one-hot units.
ENCODINGS = ("AUTO", "OneHotInternal")


def check_kind(mojo: Mojo) -> None:
    """Refuse what is no Deep Learning MOJO of a known version and encoding.

    Raises
    ------
    ParseError
    """
    algo = mojo.text("algo")
    if algo != "deeplearning":
        raise mojo.error(f"this MOJO holds a model of the kind {algo!r}; only deeplearning can be imported")
    version = mojo.text("mojo_version")
    if version.split(".")[0] != "1":
        raise mojo.error(
            f"MOJO version {version} is not known; versions 1.x of Deep Learning can be imported"
        )
    encoding = mojo.info.get("_genmodel_encoding", ENCODINGS[0])
    if encoding not in ENCODINGS:
        raise mojo.error(
            f"the model was trained with categorical_encoding={encoding!r}; models with "
            f"{' or '.join(ENCODINGS)} can be imported: train it again with one of these"
        )


def data_spec(mojo: Mojo) -> DataSpec:
    """Predictors with their input units, and the response."""
    category = mojo.choice("category", CATEGORIES)
    encoder = _encoder(mojo)
    kinds = dict.fromkeys(encoder.categories, "enum") | dict.fromkeys(encoder.numbers, "real")
    roles = [mojo.info[role] if mojo.has(role) else None for role in ("weights_column", "offset_column")]
    return DataSpec(encoder, None if category == "AutoEncoder" else _response(mojo, category), kinds, *roles)


def _encoder(mojo: Mojo) -> Encoder:
    cats, nums = mojo.integer("cats"), mojo.integer("nums")
    if mojo.integer("n_features") != cats + nums or len(mojo.columns) < cats + nums:
        raise mojo.error(
            f"{INI} has {cats} categorical and {nums} numeric predictors, n_features = {mojo.info['n_features']} "
            f"and {len(mojo.columns)} columns: that does not fit together"
        )
    categories, numbers = list(mojo.columns[:cats]), list(mojo.columns[cats : cats + nums])
    all_levels = mojo.flag("use_all_factor_levels")
    levels = {name: _levels(mojo, position) for position, name in enumerate(categories)}
    widths = [len(levels[name]) + (1 if all_levels else 0) for name in categories]
    offsets = mojo.integers("cat_offsets", cats + 1)
    if offsets != [0, *np.cumsum(widths).tolist()]:
        raise mojo.error(
            "the input units of the categorical columns (cat_offsets) are not those of their levels; models with "
            "hashed levels (max_categorical_features) cannot be imported"
        )
    autoencoder = mojo.info["category"] == "AutoEncoder"
    return Encoder(
        categories, numbers, levels, offsets, _scaling(mojo, numbers), all_levels, autoencoder=autoencoder
    )


def _levels(mojo: Mojo, position: int) -> tuple[str, ...]:
    if not mojo.levels.get(position):
        raise mojo.error(f"{INI} has no levels for column {mojo.columns[position]!r}, which is categorical")
    return mojo.levels[position]


def _scaling(mojo: Mojo, numbers: list[str]) -> dict[str, Scaling]:
    """H2O's rule for missing numbers: 0 behind the scaling, which is the mean only where numbers are standardised."""
    if not mojo.has("norm_mul"):
        return {name: Scaling() for name in numbers}
    mul, sub = mojo.numbers("norm_mul", len(numbers)), mojo.numbers("norm_sub", len(numbers))
    if not mul.all():
        raise mojo.error(f"{INI} has a 0 in norm_mul")
    return {name: Scaling(s, m, s) for name, m, s in zip(numbers, mul.tolist(), sub.tolist(), strict=True)}


def _response(mojo: Mojo, category: str) -> Response:
    name, distribution = mojo.columns[-1], mojo.choice("distribution", DISTRIBUTIONS)
    if len(mojo.columns) == mojo.integer("n_features"):
        raise mojo.error(f"{INI} names no response column")
    if category == "Regression":
        response = Response(name, distribution, positive_offsets_only=True)
        if mojo.has("norm_resp_mul"):
            response.mul = float(mojo.numbers("norm_resp_mul", 1)[0])
            response.sub = float(mojo.numbers("norm_resp_sub", 1)[0])
        if response.mul == 0:
            raise mojo.error(f"{INI} has a 0 in norm_resp_mul")
        return response
    domain, classes = _levels(mojo, len(mojo.columns) - 1), mojo.integer("n_classes")
    if classes != len(domain) or classes < 2 or (category == "Binomial") != (classes == 2):
        raise mojo.error(
            f"{INI}: {category} with n_classes = {classes} and {len(domain)} levels of the response"
        )
    return Response(name, distribution, domain, class_correction=_class_correction(mojo, classes))


def _class_correction(mojo: Mojo, classes: int) -> Array | None:
    if not mojo.flag("balance_classes"):
        return None
    prior, trained = (mojo.numbers(f"{which}_class_distrib", classes) for which in ("prior", "model"))
    if not (trained > 0).all() or not (prior >= 0).all():
        raise mojo.error(f"{INI} has shares of classes that are not positive")
    return prior / trained


def network(mojo: Mojo, spec: DataSpec) -> tuple[Topology, Snapshot]:
    """Sizes of the layers, and their weights."""
    sizes = mojo.integers("neural_network_sizes")
    activation = mojo.choice("activation", table()["activation"].values)
    response = spec.response
    output = (
        activation.removesuffix("WithDropout")
        if response is None
        else "Softmax"
        if response.domain
        else "Linear"
    )
    outputs = spec.encoder.inputs if response is None else len(response.domain or (0,))
    if len(sizes) < 3 or min(sizes) < 1 or (sizes[0], sizes[-1]) != (spec.encoder.inputs, outputs):
        raise mojo.error(
            f"{INI} has neural_network_sizes = {sizes}, its columns need {spec.encoder.inputs} inputs, at least one "
            f"hidden layer and {outputs} outputs"
        )
    topology = Topology(sizes[0], tuple(sizes[1:]), tuple(layer_kinds(activation, sizes[1:-1], output)))
    weights, biases = [], []
    for i, (units, channels) in enumerate(zip(topology.units, topology.channels, strict=True)):
        n = topology.inputs_of(i)
        # written as the shortest decimals of 32-bit numbers, so nothing is lost here
        with np.errstate(over="ignore"):  # found below
            flat = mojo.numbers(f"weight_layer{i}", channels * units * n).astype(np.float32)
        pair = flat.reshape(channels * units, n), mojo.numbers(f"bias_layer{i}", channels * units)
        w, b = unexported(pair, topology, i)
        weights.append(np.ascontiguousarray(w))
        biases.append(np.ascontiguousarray(b))
    if not all(np.isfinite(w).all() for w in weights):
        raise mojo.error(f"{INI} has a weight that is too large for a 32-bit number")
    return topology, Snapshot(weights, biases, list(topology.kinds), _kept(mojo, topology))


def _kept(mojo: Mojo, topology: Topology) -> list[float]:
    """Share of each hidden layer's activation that is passed on when scoring."""
    ratios = mojo.numbers("hidden_dropout_ratios")
    if len(ratios) not in (topology.layers, topology.layers - 1) or not ((ratios >= 0) & (ratios < 1)).all():
        raise mojo.error(f"{INI}: hidden_dropout_ratios must be one number in [0, 1) for each layer")
    return [1.0 - r for r in ratios[: topology.layers - 1].tolist()] + [1.0]
