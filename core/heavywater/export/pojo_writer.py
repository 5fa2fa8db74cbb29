"""Models as Java classes that need nothing else: `pojo.java` filled in."""

from __future__ import annotations

import math
import os
import re
from importlib.resources import files
from pathlib import Path
from string import Template

import numpy as np

from .. import __version__
from ..arrays import Array
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.model.network import exported, hidden_dropout
from ..errors import InvalidArgument
from ..files import new_file
from .java_text import Pieces, class_name, literal
from .limits import remarks_on
from .pipeline import Layer, Pipeline, Ramps
from .plain import identity

# Texts and comments are passed over.
_TYPES = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|//.*|/\*(?s:.*?)\*/)|\b([A-Z]\w*)""")


def write_pojo(model: DeepLearningModel, folder: str | os.PathLike[str]) -> str:
    """Write a model as Java class, replacing a file of its name.

    Parameters
    ----------
    model : DeepLearningModel
    folder : str or path
        Made where it does not exist. The name of the file is that of the class.

    Returns
    -------
    str
        The absolute path.

    Raises
    ------
    InvalidArgument
        The file cannot be written.
    """
    name, source = pojo(model)
    with new_file(os.path.join(os.fspath(folder), f"{name}.java"), force=True) as (path, beside):
        Path(beside).write_text(source, encoding="ascii", newline="\n")
    return path


def pojo(model: DeepLearningModel, name: str | None = None) -> tuple[str, str]:
    """A model as Java class.

    It gives the same predictions as the model, computed in 64-bit numbers.

    Parameters
    ----------
    model : DeepLearningModel
    name : str, optional
        Name for the class; by default that of the model, as far as Java allows it.

    Returns
    -------
    str
        Name of the class; the file must be called so, with .java.
    str
        The source.

    Raises
    ------
    InvalidArgument
        Java allows no class of this name here, or has no place for the model.
    """
    template = files(__package__).joinpath("pojo.java").read_text(encoding="utf-8")
    pieces = Pieces()
    steps = Pipeline.of(model)
    remarks_on("POJO", steps)  # refuses; who writes tells the remarks
    parts = {
        "version": __version__,
        "uuid": str(identity(steps.plain)),
        **_columns(steps, pieces),
        **_scaling(steps, pieces),
        **_response(steps, pieces),
        **_layers(steps, pieces),
    }
    allowed = class_name(name or model.key, {*_TYPES.findall(template), *pieces.class_names})
    if name is not None and name != allowed:
        raise InvalidArgument(f"{name!r} can be no name of this Java class; {allowed} could")
    return allowed, Template(template).substitute(parts, name=allowed, pieces=pieces.source)


def _columns(steps: Pipeline, pieces: Pieces) -> dict[str, str]:
    plain, response = steps.plain, steps.model.spec.response
    names = [*plain.levels, *plain.numbers]
    domains: list[tuple[str, ...] | None] = [plain.levels.get(name) for name in names]
    domains += [] if response is None else [response.domain]
    texts = [
        text for domain in domains for text in (("-1",) if domain is None else (str(len(domain)), *domain))
    ]
    offset = steps.model.spec.offset_column
    return {
        "names": pieces.texts(names),
        "domains": pieces.texts(texts),
        "outputs": pieces.texts(steps.predictions),
        "predictions": str(len(steps.predictions)),
        "unseen": pieces.numbers(np.array([plain.unseen.get(name, -1) for name in plain.levels], float)),
        "offset_column": "null" if offset is None else literal(offset),
        "cats": str(len(plain.levels)),
        "all_levels": _flag(plain.all_levels),
        "category": steps.category,
        "threshold": repr(steps.threshold),
    }


def _scaling(steps: Pipeline, pieces: Pieces) -> dict[str, str]:
    numbers = list(steps.plain.numbers.values())
    parts = {f"norm_{part}": [getattr(s, part) for s in numbers] for part in ("sub", "mul", "fill")}
    found = {name: pieces.numbers(np.array(values, float)) for name, values in parts.items()}
    found |= {"output_sub": pieces.numbers(steps.output_sub), "output_mul": pieces.numbers(steps.output_mul)}
    ramps = steps.ramps or Ramps(np.zeros(0), np.zeros(0), [0])
    found |= {"ramp_start": pieces.numbers(ramps.start), "ramp_width": pieces.numbers(ramps.width)}
    largest = "Double.POSITIVE_INFINITY" if math.isinf(steps.largest) else repr(steps.largest)
    return found | {"largest": largest, "first_ramp": pieces.numbers(np.array(ramps.ends, float))}


def _response(steps: Pipeline, pieces: Pieces) -> dict[str, str]:
    low, high = ("-Double.MAX_VALUE", "Double.MAX_VALUE") if steps.range is None else map(repr, steps.range)
    return {
        "lowest": low,
        "highest": high,
        "classes": str(len(steps.classes) or 1),
        "log_link": _flag(steps.log_link),
        "response_sub": repr(steps.response_sub),
        "response_mul": repr(steps.response_mul),
        "positive_offsets_only": _flag(steps.positive_offsets_only),
        "correction": pieces.numbers(np.zeros(0) if steps.correction is None else steps.correction),
    }


def _layers(steps: Pipeline, pieces: Pieces) -> dict[str, str]:
    layers = [
        [_exported(part) for part in layer] for layer in ((steps.first_of_all_inputs,), *steps.layers[1:])
    ]
    tables = [tuple(map(np.concatenate, zip(*parts, strict=True))) for parts in layers]
    return {
        "sizes": ", ".join(map(str, steps.units)),
        "members": str(len(steps.plain.members)),
        "hidden": steps.first.kind,
        "output": steps.last.kind,
        "dropout": ", ".join(map(repr, hidden_dropout(steps.model.parameters) or [0.0] * (len(layers) - 1))),
        "weights": _tables("floats", [pieces.numbers(w.astype(np.float32)) for w, _ in tables]),
        "biases": _tables("doubles", [pieces.numbers(b.astype(np.float64)) for _, b in tables]),
    }


def _exported(layer: Layer) -> tuple[Array, Array]:
    """Weights and biases of a part of a layer unit by unit."""
    channels = len(layer.bias) // layer.units
    weights, biases = exported(
        layer.matrix.T.reshape(channels, layer.units, -1), layer.bias.reshape(channels, -1)
    )
    return weights.reshape(-1), biases


def _tables(function: str, arguments: list[str]) -> str:
    """Entries of an array of tables; the first is that of the input layer, which has none."""
    return ", ".join(["null", *(f"{function}({each})" for each in arguments)])


def _flag(value: bool) -> str:
    return "true" if value else "false"
