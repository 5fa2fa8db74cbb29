"""Deep Learning models that the real H2O has written as MOJO, as models of this package.

They keep H2O's own rules of scoring where those of models trained here differ: offsets count only where they are positive,
and a missing number gives 0 behind the scaling (not the mean where numbers are not standardised).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..deeplearning.encoding.data import DataSpec
from ..deeplearning.metrics.tables import Table, table
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.model.network import Topology
from ..deeplearning.parameters.table import defaults
from ..deeplearning.parameters.validation import DeepLearningParameters
from ..engine.scoring import Snapshot
from .archive import read_texts
from .mojo_details import (
    DETAILS,
    METRICS,
    key_name,
    metrics_of,
    output_of,
    parameters_in,
    read_details,
    table_of,
)
from .mojo_forms import EDGES, restored
from .mojo_ini import DOMAINS, INI, Mojo, parse_mojo
from .mojo_inputs import STANDARDIZED
from .mojo_network import PRECISION, check_kind, data_spec, dropout_ratios, network, topology_of


def read_mojo(path: str | os.PathLike[str], key: str, threads: int = 1) -> DeepLearningModel:
    """Model from a MOJO.

    Parameters
    ----------
    path : str or path
        The zip file.
    key : str
        Name of the new model.
    threads : int
        Threads to score with.

    Returns
    -------
    DeepLearningModel
        It scores in 64-bit numbers, as H2O does with a MOJO, unless it was written here.

    Raises
    ------
    ParseError
        No such file, no MOJO, damaged, or of a kind that cannot be imported.
    """
    source, texts = read_texts(path, lambda name: name in (INI, DETAILS) or name.startswith(DOMAINS), _look)
    mojo = parse_mojo(source, texts)
    check_kind(mojo)
    spec = data_spec(mojo)
    spec, net = restored(mojo, spec, network(mojo, spec))
    topology = topology_of(net.members[0])
    details = read_details(mojo, texts)
    output, p = output_of(details), _parameters(mojo, spec, topology, net, details)
    metrics = {name: metrics_of(output.get(name), p.category) for name in METRICS}
    return DeepLearningModel(
        key,
        p,
        spec,
        topology,
        net,
        threads,
        summary=table_of(output.get("model_summary")) or _summary(topology, net, p),
        history=table_of(output.get("scoring_history")),
        training_metrics=metrics["training_metrics"],
        validation_metrics=metrics["validation_metrics"],
        varimp=table_of(output.get("variable_importances")),
        facts=_facts(mojo, details, output),
        cross_validation={
            "cross_validation_metrics": metrics["cross_validation_metrics"],
            "cross_validation_metrics_summary": table_of(output.get("cross_validation_metrics_summary")),
        },
        dtype=np.float32 if mojo.has(PRECISION) and mojo.integer(PRECISION) == 32 else np.float64,
        label_threshold=mojo.number(mojo.own("default_threshold")),
    )


def _look(source: str, entry: str, head: bytes) -> None:
    """Refuse models of other kinds before their trees and weights are unpacked."""
    algo = re.search(rb"^algo *= *(\w+)", head, re.MULTILINE) if entry == INI else None
    if algo is not None and algo[1] != b"deeplearning":
        check_kind(Mojo(source, {"algo": algo[1].decode("utf-8", "replace")}, (), {}))


def _parameters(
    mojo: Mojo, spec: DataSpec, topology: Topology, net: Snapshot, details: Mapping[str, Any]
) -> DeepLearningParameters:
    """Parameters of the training as far as they are known; those that the network itself shows always are."""
    response, encoder = spec.response, spec.encoder
    dropout = mojo.info["activation"].endswith("WithDropout")
    shown = {
        "activation": mojo.info["activation"],
        "hidden": list(topology.units[:-1]),
        "hidden_dropout_ratios": _ratios(mojo, topology) if dropout else None,
        "autoencoder": response is None,
        "distribution": "gaussian" if response is None else response.distribution,
        "standardize": mojo.flag(STANDARDIZED, default=mojo.has("norm_mul")),
        "use_all_factor_levels": encoder.all_levels,
        "missing_values_handling": "MeanImputation" if mojo.flag("mean_imputation", default=True) else "Skip",
        "balance_classes": response is not None and response.class_correction is not None,
        "response_column": None if response is None else response.name,
        "weights_column": spec.weights_column,
        "offset_column": spec.offset_column,
        "clamp_predictions": response is not None and response.range is not None,
        "numeric_encoding": "PiecewiseLinear" if encoder.edges else "Standardized",
        "ensemble_size": len(net.members),
        "export_weights_and_biases": True,  # the file holds them, whatever the training was told
    }
    given = {
        name: value for name, value in parameters_in(details, "input_value").items() if value is not None
    }
    actual = defaults() | parameters_in(details, "actual_value") | shown
    predictors = tuple(encoder.categories + encoder.numbers)
    return DeepLearningParameters(
        mojo.info["category"], None if response is None else response.name, predictors, given, actual, ()
    )


def _ratios(mojo: Mojo, topology: Topology) -> list[float]:
    """Those of the hidden layers that the network had when it was trained."""
    first = 1 if mojo.has(EDGES) else 0
    return dropout_ratios(mojo)[first : first + topology.layers - 1]


def _facts(mojo: Mojo, details: Mapping[str, Any], output: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: output.get(name) for name in ("start_time", "end_time", "run_time")}
    return {name: value if isinstance(value, int) else 0 for name, value in times.items()} | {
        "origin": {
            "file": os.path.basename(mojo.source),
            "format": "MOJO",
            "h2o_version": mojo.info.get("h2o_version"),
            "model_id": key_name(details.get("model_id")),
            "timestamp": mojo.info.get("timestamp"),
        },
    }


def _summary(topology: Topology, net: Snapshot, p: DeepLearningParameters) -> Table:
    """Table of the layers for a file without description: rates and penalties are not known."""
    rows: list[list[Any]] = [[1, topology.inputs, "Input", *[None] * 5]]
    for i, kind in enumerate(topology.kinds):
        last = i == topology.layers - 1
        w, b = net.weights[i].astype(np.float64), net.biases[i]
        rows.append(
            [
                i + 2,
                topology.units[i],
                kind if last else p.activation,
                None if last else 100 * (1 - net.keep[i]),
                float(w.mean()),
                float(w.std()),
                float(b.mean()),
                float(b.std()),
            ]
        )
    names = ["layer", "units", "type", "dropout", "mean_weight", "weight_rms", "mean_bias", "bias_rms"]
    what = f"{p.response or 'reconstruction'}, {p.distribution} distribution, {topology.parameters:,} weights/biases"
    return table("Status of Neuron Layers", what, names, ["int", "int", "string"] + ["double"] * 5, rows)
