"""Models as MOJO files: zips that H2O, its scorers and `mojo_reader` read."""

from __future__ import annotations

import datetime
import os

import numpy as np

from .. import __version__
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.model.network import hidden_dropout
from .archive import write_texts
from .limits import remarks_on
from .mojo_details import DETAILS, details_text
from .mojo_forms import AsLayers, forms_info
from .mojo_ini import OWN, Mojo, format_mojo, worded
from .mojo_inputs import STANDARDIZED, centred_bias, inputs_info
from .mojo_network import PRECISION, ROLES, network_info, response_info
from .pipeline import Pipeline
from .plain import identity, threshold_of

VERSION = "1.10"


def write_mojo(
    model: DeepLearningModel, path: str | os.PathLike[str], force: bool = False
) -> tuple[str, list[str]]:
    """Write a model as MOJO.

    Parameters
    ----------
    model : DeepLearningModel
    path : str or path
        The zip file; its folder is made where it does not exist.
    force : bool
        Replace a file that is there. Whatever happens meanwhile, the old or the new one stands there.

    Returns
    -------
    str
        The absolute path.
    list of str
        Remarks: what H2O's scorers will do otherwise than this package.

    Raises
    ------
    InvalidArgument
        The format has no place for the model, a name of a column or a level; the file exists, or cannot be written.
    """
    mojo, remarks = mojo_of(model)
    texts = {**format_mojo(mojo), DETAILS: details_text(model.description(), mojo)}
    return write_texts(path, texts, force), remarks


def mojo_of(model: DeepLearningModel) -> tuple[Mojo, list[str]]:
    """Keys, columns and levels of the MOJO of a model, and remarks."""
    p, spec = model.parameters, model.spec
    steps = Pipeline.of(model)
    remarks, plain = remarks_on("MOJO", steps), steps.plain
    ratios = hidden_dropout(p) or [0.0] * (len(plain.members[0].kinds) - 1)
    forms, by_ramps = forms_info(plain, spec.response), bool(plain.edges)
    known = AsLayers.of(plain, p.activation, spec.response, spec.offset_column is not None)
    plain, ratios = known.plain, [*known.before, *ratios, *known.behind]
    moved = any(s.fill != s.sub for s in plain.numbers.values())
    # An autoencoder gives its inputs back, so they cannot be moved.
    centred = moved and spec.response is not None
    columns = [*plain.levels, *plain.numbers]
    info = _general_info(model, len(columns))
    info |= inputs_info(plain, p.standardize or by_ramps, centred)
    info |= response_info(spec.response, spec.offset_column is not None)
    info |= network_info(plain, p.activation, ratios, centred_bias(plain) if centred else None)
    info |= forms
    if by_ramps:
        info[STANDARDIZED] = worded(p.standardize)
    info["uuid"] = str(identity(plain))
    levels = dict(enumerate(plain.levels.values()))
    for role in ROLES:
        if (name := getattr(spec, role)) is not None:
            info[role] = name
            columns.append(name)
    if spec.response is not None:
        if spec.response.domain is not None:
            levels[len(columns)] = spec.response.domain
        columns.append(spec.response.name)
    info |= {"n_columns": str(len(columns)), "n_domains": str(len(levels))}
    return Mojo(model.key, info, tuple(columns), levels), remarks


def _general_info(model: DeepLearningModel, predictors: int) -> dict[str, str]:
    p = model.parameters
    ended = datetime.datetime.fromtimestamp(model.facts.get("end_time", 0) / 1000, datetime.UTC)
    return {
        OWN + "version": __version__,
        "mojo_version": VERSION,
        "license": "Apache License Version 2.0",
        "algo": "deeplearning",
        "algorithm": "Deep Learning",
        "endianness": "LITTLE_ENDIAN",
        "category": p.category,
        "supervised": worded(p.response is not None),
        "n_features": str(predictors),
        "default_threshold": repr(threshold_of(model)),
        OWN + "default_threshold": repr(model.threshold),
        "timestamp": ended.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "escape_domain_values": worded(True),
        "mini_batch_size": str(p.mini_batch_size),
        "distribution": p.distribution,
        "mean_imputation": worded(p.missing_values_handling == "MeanImputation"),
        "_genmodel_encoding": "AUTO",
        "_orig_projection_array": "null",
        PRECISION: str(8 * np.dtype(model.dtype).itemsize),
    }
