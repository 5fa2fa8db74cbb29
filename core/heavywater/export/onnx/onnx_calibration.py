"""Calibrated probabilities as operators of ONNX."""

from __future__ import annotations

from ...deeplearning.uncertainty.calibration import LEAST, PLATT
from ..pipeline import Pipeline
from .onnx_nodes import Nodes


def add_calibrated(nodes: Nodes, steps: Pipeline, chances: str, output: str) -> None:
    """Add what makes calibrated probabilities of those of the network: (rows, classes) of (rows, classes)."""
    found = steps.calibration
    if found is None:
        return
    if steps.segments is None and found.method != PLATT:
        logarithms = nodes.add("Log", nodes.add("Max", chances, nodes.doubles(LEAST)))
        scaled = nodes.add("Mul", logarithms, nodes.doubles(found.slope))
        nodes.add("Softmax", scaled, axis=1, named=output)
        return
    second = nodes.add("Slice", chances, nodes.whole([1]), nodes.whole([2]), nodes.whole([1]))
    if steps.segments is not None:
        second = _isotonic(nodes, steps, second)
        first = nodes.add("Sub", nodes.doubles(1), second)
    else:
        p = nodes.add("Min", nodes.add("Max", second, nodes.doubles(LEAST)), nodes.doubles(1 - LEAST))
        rest = nodes.add("Log", nodes.add("Sub", nodes.doubles(1), p))
        odds = nodes.add("Sub", nodes.add("Log", p), rest)
        z = nodes.add("Mul", odds, nodes.doubles(found.slope))
        z = nodes.add("Add", z, nodes.doubles(found.intercept))
        first, second = (
            nodes.add("Div", nodes.add("Add", nodes.add("Tanh", half), nodes.doubles(1)), nodes.doubles(2))
            for half in (nodes.add("Mul", z, nodes.doubles(factor)) for factor in (-0.5, 0.5))
        )
    nodes.add("Concat", first, second, axis=1, named=output)


def _isotonic(nodes: Nodes, steps: Pipeline, second: str) -> str:
    """A straight line in each segment: which one it is, is the number of cuts that are not above."""
    assert steps.segments is not None
    reached = nodes.as_whole(nodes.add("GreaterOrEqual", second, nodes.doubles(steps.segments.cuts)))
    segment = nodes.add("ReduceSum", reached, nodes.whole([1]), keepdims=1)
    start, base, slope = (
        nodes.add("Gather", nodes.doubles(part), segment, axis=0)
        for part in (steps.segments.start, steps.segments.base, steps.segments.slope)
    )
    return nodes.add("Add", base, nodes.add("Mul", slope, nodes.add("Sub", second, start)))
