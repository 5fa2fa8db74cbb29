"""Graphs run by onnxruntime on the rows of a frame."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import onnx
import onnxruntime
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.onnx.onnx_writer import onnx_bytes
from heavywater.frame.frame import Frame


@cache
def options() -> onnxruntime.SessionOptions:
    found = onnxruntime.SessionOptions()
    found.intra_op_num_threads = found.inter_op_num_threads = 1
    return found


class Running:
    """A model as graph, checked and loaded."""

    def __init__(self, model: DeepLearningModel) -> None:
        self.model = model
        self.content, self.remarks = onnx_bytes(model)
        self.graph = onnx.load_from_string(self.content)
        onnx.checker.check_model(self.graph, full_check=True)
        assert unused(self.graph.graph) == []
        self.session = onnxruntime.InferenceSession(self.content, options())
        self.inputs = {each.name: each for each in self.session.get_inputs()}
        self.outputs = [each.name for each in self.session.get_outputs()]

    def run(self, rows: Frame) -> dict[str, Any]:
        """Outputs by name."""
        given = {name: cells(rows, name, each.type) for name, each in self.inputs.items()}
        return dict(zip(self.outputs, self.session.run(None, given), strict=True))

    def predicted(self, rows: Frame) -> tuple[list[str] | None, np.ndarray]:
        """Labels and numbers, as `export_cases.predicted` has them."""
        found = list(self.run(rows).values())
        if self.model.spec.response is not None and self.model.spec.response.domain is not None:
            return found[0][:, 0].tolist(), np.concatenate(found[1:], axis=1)
        return None, np.concatenate(found[: 1 if self.model.spec.response is None else None], axis=1)


def unused(graph: onnx.GraphProto) -> list[str]:
    """Names of constants and operators on which no output depends."""
    needed, kept = {each.name for each in graph.output}, set[int]()
    for number, node in reversed(list(enumerate(graph.node))):  # those before make what those behind take
        if needed.intersection(node.output):
            kept.add(number)
            needed.update(node.input)
    operators = [node.output[0] for number, node in enumerate(graph.node) if number not in kept]
    return [each.name for each in graph.initializer if each.name not in needed] + operators


def cells(rows: Frame, name: str, kind: str) -> np.ndarray:
    """Cells of a column as a graph takes them: (rows, 1)."""
    if kind != "tensor(string)":
        numbers = rows.column(name).numbers() if name in rows else np.full(rows.nrow, np.nan)
        return numbers[:, None]
    texts = rows.column(name).texts().tolist() if name in rows else [None] * rows.nrow
    return np.array(["" if text is None else text for text in texts], object).reshape(-1, 1)
