"""Layers and response of a MOJO, as the objects that score trained models; read and written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.data import DataSpec
from ..deeplearning.encoding.response import Response
from ..deeplearning.model.network import Topology, exported, layer_kinds, unexported
from ..deeplearning.parameters.table import table
from ..engine.scoring import Snapshot
from .mojo_ini import INI, OWN, Mojo, listed, worded
from .mojo_inputs import encoder, levels_of
from .plain import PlainNetwork

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
ROLES = ("weights_column", "offset_column")
# Our own keys: whether offsets of any sign count (H2O adds only positive ones), and in how many bits we score.
ALL_OFFSETS, PRECISION = OWN + "all_offsets", OWN + "precision"
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
    inputs = encoder(mojo)
    kinds = dict.fromkeys(inputs.categories, "enum") | dict.fromkeys(inputs.numbers, "real")
    weights, offset = (mojo.info[role] if mojo.has(role) else None for role in ROLES)
    return DataSpec(
        inputs, None if category == "AutoEncoder" else _response(mojo, category), kinds, weights, offset
    )


def _response(mojo: Mojo, category: str) -> Response:
    name, distribution = mojo.columns[-1], mojo.choice("distribution", DISTRIBUTIONS)
    if len(mojo.columns) == mojo.integer("n_features"):
        raise mojo.error(f"{INI} names no response column")
    if category == "Regression":
        positive = not mojo.flag(ALL_OFFSETS, default=False)
        response = Response(name, distribution, positive_offsets_only=positive)
        if mojo.has("norm_resp_mul"):
            response.mul = float(mojo.numbers("norm_resp_mul", 1)[0])
            response.sub = float(mojo.numbers(mojo.own("norm_resp_sub"), 1)[0])
        if response.mul == 0:
            raise mojo.error(f"{INI} has a 0 in norm_resp_mul")
        return response
    domain, classes = levels_of(mojo, len(mojo.columns) - 1), mojo.integer("n_classes")
    if classes != len(domain) or classes < 2 or (category == "Binomial") != (classes == 2):
        raise mojo.error(
            f"{INI}: {category} with n_classes = {classes} and {len(domain)} levels of the response"
        )
    prior, trained = _class_shares(mojo, classes) if mojo.flag("balance_classes") else (None, None)
    return Response(name, distribution, domain, prior_distribution=prior, model_distribution=trained)


def _class_shares(mojo: Mojo, classes: int) -> tuple[Array, Array]:
    prior, trained = (mojo.numbers(f"{which}_class_distrib", classes) for which in ("prior", "model"))
    if not (trained > 0).all() or not (prior >= 0).all():
        raise mojo.error(f"{INI} has shares of classes that are not positive")
    return prior, trained


def network(mojo: Mojo, spec: DataSpec) -> Snapshot:
    """The layers."""
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
        biases_key = mojo.own(f"bias_layer{i}")
        pair = flat.reshape(channels * units, n), mojo.numbers(biases_key, channels * units)
        w, b = unexported(pair, topology, i)
        weights.append(np.ascontiguousarray(w))
        biases.append(np.ascontiguousarray(b))
    if not all(np.isfinite(w).all() for w in weights):
        raise mojo.error(f"{INI} has a weight that is too large for a 32-bit number")
    kept = [1 - ratio for ratio in dropout_ratios(mojo)]
    return Snapshot(weights, biases, list(topology.kinds), [*kept, 1.0])


def topology_of(net: Snapshot) -> Topology:
    """Sizes and activations of a network that is not several."""
    units = tuple(weights.shape[1] for weights in net.weights)
    return Topology(net.weights[0].shape[2], units, tuple(net.kinds))


def dropout_ratios(mojo: Mojo) -> list[float]:
    """Share of each hidden layer's activation that is not passed on when scoring."""
    ratios, layers = mojo.numbers("hidden_dropout_ratios"), len(mojo.integers("neural_network_sizes")) - 1
    if len(ratios) not in (layers, layers - 1) or not ((ratios >= 0) & (ratios < 1)).all():
        raise mojo.error(f"{INI}: hidden_dropout_ratios must be one number in [0, 1) for each layer")
    found: list[float] = ratios[: layers - 1].tolist()
    return found


def offsets_of_any_sign(response: Response, with_offset: bool) -> bool:
    """Whether the response has been scaled for an output to which offsets of any sign are added, as here, not in H2O."""
    return with_offset and not response.positive_offsets_only


def response_info(response: Response | None, with_offset: bool) -> dict[str, str]:
    """The keys from which `data_spec` makes the response.

    H2O's scorers pass over offsets; what they give without are the predictions for an offset of 0.
    """
    if response is None:
        return {"balance_classes": worded(False), "n_classes": "1"}
    info = {"n_classes": str(len(response.domain or (0,)))}
    info["balance_classes"] = worded(response.class_correction is not None)
    prior, trained = response.prior_distribution, response.model_distribution
    if prior is not None:
        # H2O divides by the share in training, which may be 0 here; without rows there is no prediction of the class
        info["prior_class_distrib"] = listed(prior if trained is None else np.where(trained > 0, prior, 0.0))
    if trained is not None:
        info["model_class_distrib"] = listed(np.where(trained > 0, trained, 1.0))
    all_offsets = offsets_of_any_sign(response, with_offset)
    if all_offsets:
        info[ALL_OFFSETS] = worded(True)
    if response.scaled:
        info["norm_resp_mul"] = listed(np.array([response.mul]))
        info["norm_resp_sub"] = listed(np.array([0.0 if all_offsets else response.sub]))
        if all_offsets:
            info[OWN + "norm_resp_sub"] = listed(np.array([response.sub]))
    return info


def network_info(
    plain: PlainNetwork, activation: str, ratios: Sequence[float], first_bias: Array | None
) -> dict[str, str]:
    """The keys from which `network` makes the layers.

    Parameters
    ----------
    activation : str
        The parameter.
    ratios : sequence of float
        Dropout ratio of each hidden layer.
    first_bias : array (channels, units), optional
        Biases of the first layer for H2O, where they differ from ours.
    """
    layers = plain.layers
    info = {"activation": activation, "neural_network_sizes": listed(plain.sizes)}
    for i, (w, b) in enumerate(zip(layers.weights, layers.biases, strict=True)):
        weights, biases = exported(w, b if i or first_bias is None else first_bias)
        info[f"weight_layer{i}"] = listed(weights.astype(np.float32))
        info[f"bias_layer{i}"] = listed(biases.astype(np.float64))
    if first_bias is not None:
        info[f"{OWN}bias_layer0"] = listed(exported(layers.weights[0], layers.biases[0])[1].astype(float))
    return info | {"hidden_dropout_ratios": listed(np.array([*ratios, 0.0]))}
