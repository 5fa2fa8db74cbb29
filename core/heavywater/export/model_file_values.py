"""Values and objects of a model as JSON with arrays beside it, and back.

Only the listed classes come back as objects, and only with the fields they have: a file cannot make anything else.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.data import DataSpec
from ..deeplearning.encoding.encoder import Encoder
from ..deeplearning.encoding.piecewise import MOST_UNITS
from ..deeplearning.model.fold_ensemble import FoldEnsemble
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.model.network import Topology
from ..deeplearning.model.state import Checkpoint
from ..engine.scoring import Snapshot
from ..frame.columns.column import Column
from ..frame.columns.makers import enum, numeric
from ..frame.frame import Frame
from .model_forms import FORMS, NAMES

_KINDS = "biuf"  # of arrays: truth values, whole numbers, floating-point numbers


class Packer:
    """Turns values into JSON; arrays are collected beside it, equal ones once.

    Attributes
    ----------
    arrays : dict of str to array
    """

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}
        self._names: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def pack(self, value: Any) -> Any:
        """JSON for a value.

        Raises
        ------
        TypeError
            There is no form for a value of this type.
        """
        match value:
            case np.ndarray():
                return {"array": self._array(value)}
            case np.generic():
                return self.pack(value.item())
            case None | bool() | str() | int():
                return value
            case float():
                return value if math.isfinite(value) else {"number": repr(value)}
            case list():
                return [self.pack(each) for each in value]
            case tuple():
                return {"tuple": [self.pack(each) for each in value]}
            case Mapping():
                return {"dict": [[self.pack(key), self.pack(each)] for key, each in value.items()]}
        return self._packed_object(value)

    def _packed_object(self, value: Any) -> dict[str, Any]:
        if isinstance(value, type) and issubclass(value, np.generic):
            return {"dtype": np.dtype(value).name}
        if isinstance(value, Frame):
            return {"frame": self.pack({name: self._column(value.column(name)) for name in value.names})}
        if (name := NAMES.get(type(value))) is not None:
            content = {each: self.pack(part) for each, part in FORMS[name].values(value).items()}
            return {"class": name, "fields": content}
        raise TypeError(f"a value of type {type(value).__name__} has no form in a model file")

    def _column(self, column: Column) -> dict[str, Any]:
        if column.kind == "enum":
            return {"codes": np.asarray(column.values), "levels": list(column.levels or ())}
        return {"numbers": column.numbers()}

    def _array(self, value: Array) -> str:
        if value.dtype.kind not in _KINDS:
            raise TypeError(f"an array of {value.dtype} has no form in a model file")
        value = np.asarray(value, order="C", dtype=value.dtype.newbyteorder("<"))
        key = (value.dtype.str, value.shape, hashlib.sha256(value.data).digest())
        if key not in self._names:
            self._names[key] = f"a{len(self._names)}"
            self.arrays[self._names[key]] = value
        return self._names[key]


def unpacked(value: Any, arrays: Mapping[str, Array], extra: Mapping[str, Mapping[str, Any]]) -> Any:
    """Value of what `Packer.pack` has given.

    Parameters
    ----------
    arrays : mapping of str to array
    extra : mapping of str to mapping
        Fields that the file does not hold, by class.

    Raises
    ------
    ValueError, TypeError, KeyError
        It is of another form, names a class that is not listed, or fields that the class does not have or needs.
    """
    match value:
        case None | bool() | str() | int() | float():
            return value
        case list():
            return [unpacked(each, arrays, extra) for each in value]
        case {"array": name}:
            return arrays[name]
        case {"number": "nan" | "inf" | "-inf" as text}:
            return float(text)
        case {"tuple": list(items)}:
            return tuple(unpacked(each, arrays, extra) for each in items)
        case {"dict": list(items)}:
            return {unpacked(key, arrays, extra): unpacked(each, arrays, extra) for key, each in items}
        case {"dtype": "float32" | "float64" as text}:
            return np.dtype(text).type
        case {"frame": content}:
            columns = unpacked(content, arrays, extra)
            return Frame(list(columns), [_column(each) for each in columns.values()])
        case {"class": str(name), "fields": dict(given)}:
            return _object(
                name, {each: unpacked(content, arrays, extra) for each, content in given.items()}, extra
            )
    raise ValueError(f"{sorted(value) if isinstance(value, dict) else repr(value)} is not expected")


def _object(name: str, fields: Mapping[str, Any], extra: Mapping[str, Mapping[str, Any]]) -> Any:
    form = FORMS[name]
    found = {form.attribute(each): content for each, content in fields.items()}
    return form.cls(**found, **extra.get(name, {}))


def _column(content: dict[str, Any]) -> Column:
    if "numbers" in content:
        return numeric(content["numbers"])
    codes, levels = content["codes"], content["levels"]
    if len(codes) and not -1 <= codes.min() <= codes.max() < len(levels):
        raise ValueError("codes and levels of a column do not fit")
    return enum(codes, levels)


def checked(model: Any) -> DeepLearningModel:
    """The model, after a look at whether its parts fit each other.

    Raises
    ------
    ValueError
        They do not, or it is no model.
    """
    if not isinstance(model, DeepLearningModel):
        raise ValueError("it holds no model")
    if isinstance(model, FoldEnsemble):
        for member in model.members:
            if (
                isinstance(checked(member), FoldEnsemble)
                or member.parameters.category != model.parameters.category
            ):
                raise ValueError("the models of the ensemble do not fit")
        return model
    encoder, topology = model.spec.encoder, model.topology
    _check_edges(encoder)
    if len(encoder.unit_names) != encoder.inputs:
        raise ValueError("the names of the input units do not fit")
    steps = [len(encoder.levels[name]) + bool(encoder.all_levels) for name in encoder.categories]
    if encoder.offsets != [0, *np.cumsum(steps).tolist()] or encoder.inputs != topology.inputs:
        raise ValueError("the input units do not fit the levels")
    _check_histograms(model.spec)
    _check_ranges(model.spec)
    networks = [model.network]
    if model.checkpoint is not None:
        networks += [
            model.checkpoint.network,
            *([model.checkpoint.state.best[1]] if model.checkpoint.state.best else []),
        ]
        _check_state(topology, model.checkpoint, model.parameters.ensemble_size)
    for network in networks:
        _check_network(network, topology, model.parameters.ensemble_size)
    return model


def _check_network(network: Snapshot, topology: Topology, members: int) -> None:
    if len(network.members) != members:
        raise ValueError("there are more or fewer members than the parameters say")
    for member in network.members:
        shapes = [(w.shape, b.shape) for w, b in zip(member.weights, member.biases, strict=True)]
        if shapes != _shapes(topology) or list(topology.kinds) != list(member.kinds):
            raise ValueError("the weights do not fit the layers")


def _check_edges(encoder: Encoder) -> None:
    if encoder.edges and (set(encoder.edges) != set(encoder.numbers) or encoder.autoencoder):
        raise ValueError("the edges do not fit the numbers")
    for name, edges in encoder.edges.items():
        fits = edges.dtype == np.float64 and edges.ndim == 1 and 2 <= len(edges) <= MOST_UNITS + 1
        if not (fits and np.isfinite(edges).all() and (np.diff(edges) > 0).all()):
            raise ValueError(f"the edges of {name!r} do not fit")


def _check_histograms(spec: DataSpec) -> None:
    for name, found in spec.histograms.items():
        cuts, shares = found.cuts, found.shares
        if spec.kinds[name] == "enum":
            fits = cuts.dtype.kind in "iu" and set(cuts.tolist()) <= set(range(len(spec.levels(name))))
        else:
            fits = bool(np.isfinite(cuts).all() and (np.diff(cuts) > 0).all())
        if not (
            fits and shares.shape == (len(cuts) + 2,) and np.isfinite(shares).all() and (shares >= 0).all()
        ):
            raise ValueError(f"the histogram of {name!r} does not fit")


def _check_ranges(spec: DataSpec) -> None:
    for name, (low, high) in spec.ranges.items():
        numbers = spec.kinds[name] != "enum" and all(isinstance(each, float) for each in (low, high))
        if not (numbers and -math.inf < low <= high < math.inf):
            raise ValueError(f"the range of {name!r} does not fit")
    range_ = None if spec.response is None else spec.response.range
    if range_ is not None and not (len(range_) == 2 and -math.inf < range_[0] <= range_[1] < math.inf):
        raise ValueError("the range of the response does not fit")


def tried(model: DeepLearningModel) -> DeepLearningModel:
    """The model, after it has described itself and scored some rows: what does not fit raises here."""
    description = model.description()
    if not isinstance(model.key, str) or not all(isinstance(name, str) for name in description):
        raise ValueError("its name or description is none")
    rows = trial_rows(model)
    model.predict(rows)
    if model.spec.response is None:
        model.anomaly(rows)
    return model


def trial_rows(model: DeepLearningModel) -> Frame:
    """Four rows for a model: missing cells, levels it knows and does not know, small numbers and a large one."""
    spec = model.spec
    columns: dict[str, Column] = {}
    for name, kind in spec.kinds.items():
        if kind != "enum":
            columns[name] = numeric(np.array([np.nan, 0, 1e30, -1.5]))
            continue
        levels = list(spec.levels(name))
        other = next(text for text in ("x" * k for k in range(1, len(levels) + 2)) if text not in levels)
        columns[name] = enum(np.array([-1, 0, len(levels) - 1, len(levels)]), [*levels, other])
    for role in (spec.offset_column, spec.weights_column):
        if role is not None:
            columns[role] = numeric(np.ones(4))
    if not all(isinstance(name, str) for name in columns):
        raise ValueError("the name of a column is no text")
    return Frame(list(columns), list(columns.values()), nrow=4)


def _shapes(topology: Topology) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Shapes of weights and biases of each layer."""
    return [
        ((k, units, topology.inputs_of(i)), (k, units))
        for i, (units, k) in enumerate(zip(topology.units, topology.channels, strict=True))
    ]


def _check_state(topology: Topology, saved: Checkpoint, members: int) -> None:
    if not saved.optimiser or len(saved.centre) not in (0, members * topology.layers):
        raise ValueError("the state of the optimiser is not complete")
    for (weights, biases), values in zip(_shapes(topology) * members, saved.optimiser, strict=True):
        updates, allowed = values.get("updates"), {weights, biases, biases[1:]}
        counted = updates is None or (updates.shape == (1,) and updates[0] >= 0)
        if not counted or any(v.shape not in allowed for name, v in values.items() if name != "updates"):
            raise ValueError("the state of the optimiser does not fit the layers")
