"""Models as ONNX: a graph with one input for each column, from cells as they are to predictions as they are."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import __version__
from ...deeplearning.model.model import DeepLearningModel
from ...errors import InvalidArgument
from ...files import new_file
from ...frame.frame import unique_names
from ..limits import remarks_on
from ..pipeline import Pipeline
from .onnx_nodes import DOMAIN, Nodes
from .onnx_steps import Steps

OPSET, TEXT_OPSET, IR_VERSION = 17, 3, 8  # onnxruntime 1.12 (2022) and newer ones read these
ROWS = "rows"


def write_onnx(
    model: DeepLearningModel, path: str | os.PathLike[str], force: bool = False
) -> tuple[str, list[str]]:
    """Write a model as ONNX file.

    Parameters
    ----------
    model : DeepLearningModel
    path : str or path
        The file; its folder is made where it does not exist.
    force : bool
        Replace a file that is there. Whatever happens meanwhile, the old or the new one stands there.

    Returns
    -------
    str
        The absolute path.
    list of str
        Remarks: what the graph does otherwise than this package.

    Raises
    ------
    InvalidArgument
        The format has no place for the model, a name of a column or a level; the package onnx is not there; the file exists, or
        cannot be written.
    """
    content, remarks = onnx_bytes(model)
    with new_file(path, force) as (place, beside):
        Path(beside).write_bytes(content)
    return place, remarks


def onnx_bytes(model: DeepLearningModel) -> tuple[bytes, list[str]]:
    """The content of the file of a model, and remarks, see `write_onnx`.

    The graph has one input for each column, named as the column, of the shape (rows, 1): texts for categorical ones, where
    an empty text is missing, and numbers in 64 bits, where NaN is missing. Its outputs are called ``predict`` and, where there are such,
    ``probabilities``, ``calibrated`` and ``quantiles``; or ``reconstruction`` and ``mse``. Where a column has such a name, a number is
    added to that of the output. What the columns of outputs are stands in the metadata, as JSON.
    """
    steps = Pipeline.of(model)
    remarks = remarks_on("ONNX", steps)
    try:
        import onnx
    except ImportError:
        raise InvalidArgument(
            "writing ONNX needs the package onnx, which is not installed: pip install 'heavywater[onnx]'"
        ) from None
    helper, kinds = onnx.helper, onnx.TensorProto
    inputs = steps.columns
    outputs = _outputs(steps)
    names = unique_names([*inputs, *outputs])[len(inputs) :]
    by_role = dict(zip(outputs.values(), names, strict=True))
    nodes = Nodes([*inputs, *names])
    Steps(steps, nodes, by_role).add()
    texts = set(steps.plain.levels)
    graph = helper.make_graph(
        nodes.operators,
        "scoring",
        [
            helper.make_tensor_value_info(name, kinds.STRING if name in texts else kinds.DOUBLE, [ROWS, 1])
            for name in inputs
        ],
        [
            helper.make_tensor_value_info(
                name,
                kinds.STRING if role == "predict" and steps.classes else kinds.DOUBLE,
                [ROWS, _width(steps, role)],
            )
            for role, name in by_role.items()
        ],
        initializer=nodes.constants,
    )
    found = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, TEXT_OPSET)],
        ir_version=IR_VERSION,
        producer_name="heavywater",
        producer_version=__version__,
        doc_string=f"{steps.category} by Deep Learning",
    )
    helper.set_model_props(found, metadata(steps, by_role))
    return found.SerializeToString(), remarks


def _outputs(steps: Pipeline) -> dict[str, str]:
    """Names of the outputs, and what they are to `Steps`."""
    if steps.category == "AutoEncoder":
        return {"reconstruction": "predict", "mse": "mse"}
    chances = ["probabilities"] if steps.classes else []
    chances += ["calibrated"] if steps.calibration is not None else []
    chances += ["quantiles"] if steps.quantiles else []
    return {name: name for name in ("predict", *chances)}


def _width(steps: Pipeline, role: str) -> int:
    if role in ("probabilities", "calibrated"):
        return len(steps.classes)
    if role == "quantiles":
        return len(steps.quantiles)
    return len(steps.output_mul) if role == "predict" and steps.category == "AutoEncoder" else 1


def metadata(steps: Pipeline, outputs: Mapping[str, str]) -> dict[str, str]:
    """What is told about the model, as texts by names; lists are JSON.

    Parameters
    ----------
    outputs : mapping of str to str
        Names of the outputs by what they are.
    """
    response = steps.model.spec.response
    found: dict[str, Any] = {
        "model_id": steps.model.key,
        "heavywater_version": __version__,
        "model_category": steps.category,
        "distribution": steps.model.parameters.distribution,
    }
    if response is not None:
        found["response"] = response.name
    if steps.offset_column is not None:
        found["offset_column"] = steps.offset_column
    if steps.classes:
        found["classes"] = steps.classes
        found[f"columns of {outputs['probabilities']}"] = steps.predictions[1:]
    if steps.calibration is not None:
        found[f"columns of {outputs['calibrated']}"] = steps.calibrated
    if steps.quantiles:
        found[f"columns of {outputs['quantiles']}"] = steps.quantiles
    if steps.category == "AutoEncoder":
        found[f"columns of {outputs['predict']}"] = steps.predictions
    if steps.by_threshold:
        found["threshold"] = repr(steps.threshold)
    return {name: each if isinstance(each, str) else _json(each) for name, each in found.items()}


def _json(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
