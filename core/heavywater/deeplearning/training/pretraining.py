"""The hidden layers of an autoencoder as the start of a supervised network.

Source: booklet, "Unsupervised Pretraining with Supervised Fine-Tuning".
"""

from __future__ import annotations

from ...arrays import Array
from ...errors import InvalidArgument
from ..encoding.data import DataSpec
from ..model.model import DeepLearningModel
from ..model.network import Topology, exported
from ..parameters.context import listed
from ..parameters.validation import DeepLearningParameters


def check_pretrained(p: DeepLearningParameters, model: DeepLearningModel) -> None:
    """Check that an autoencoder can be the start of a model, as far as can be seen without the data.

    Raises
    ------
    InvalidArgument
        It cannot; the message names the parameter that does not fit.
    """
    name = f"pretrained_autoencoder={model.key!r}"
    if model.spec.response is not None:
        raise InvalidArgument(
            f"{name} is no autoencoder: give a model that was trained with autoencoder=True"
        )
    if p.autoencoder:
        raise InvalidArgument(
            f"{name} is the start of a supervised model, this is an autoencoder itself. To go on with its training use "
            "checkpoint"
        )
    for each in ("initial_weights", "initial_biases"):
        if p.actual[each]:
            raise InvalidArgument(f"{each} and {name} exclude each other: leave one of them out")
    hidden = list(model.topology.units[:-1])
    if list(p.hidden) != hidden:
        raise InvalidArgument(
            f"hidden={p.hidden} does not fit {name}, whose hidden layers are {hidden}: give the same"
        )
    if p.activation.startswith("Maxout"):
        raise InvalidArgument(
            f"activation={p.activation!r} does not fit {name}: a Maxout unit has the weights of two. Use "
            f"activation={model.parameters.activation!r}, as the autoencoder"
        )


def pretrained_starts(
    model: DeepLearningModel, spec: DataSpec, topology: Topology
) -> list[list[tuple[Array, Array] | None]]:
    """Weights and biases to start with: those of the autoencoder, but for the output layer, which stays random.

    Returns
    -------
    list of list of (weights, biases) or None
        As `network.create` takes them, of each member of the autoencoder.

    Raises
    ------
    InvalidArgument
        The input units are not those of the autoencoder.
    """
    ours, theirs = spec.encoder.unit_names, model.spec.encoder.unit_names
    if ours != theirs:
        new, gone = (
            [each for each in some if each not in set(others)]
            for some, others in ((ours, theirs), (theirs, ours))
        )
        what = [f"{listed(new)} it does not have"] if new else []
        what += [f"{listed(gone)} is missing here"] if gone else []
        raise InvalidArgument(
            f"pretrained_autoencoder={model.key!r} has {len(theirs)} input units, this model {len(ours)}: "
            f"{'; '.join(what) or 'they come in another order'}. Train both with the same x, levels, use_all_factor_levels "
            "and categorical_encoding, and ignore_const_cols=False"
        )
    return [
        [*(exported(w, b) for w, b in zip(each.weights[:-1], each.biases[:-1], strict=True)), None][
            : topology.layers
        ]
        for each in model.network.members
    ]
