"""The steps of a pipeline as operators of ONNX.

Numbers are computed in 64 bits. A categorical column chooses a row of the table of weights, as it does here: a row of ones and
zeros for each level is never built but to compare a reconstruction with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..pipeline import Factor, Layer, Pipeline
from .onnx_calibration import add_calibrated
from .onnx_nodes import DOMAIN, Nodes

MISSING_TEXT = ""  # stands for a missing cell: tensors of texts have no other sign for it


class Steps:
    """Adds the operators of a model to the nodes of a graph.

    Parameters
    ----------
    steps : Pipeline
    nodes : Nodes
    outputs : mapping of str to str
        Names of the outputs by what they are: predict, probabilities, calibrated, mse.
    """

    def __init__(self, steps: Pipeline, nodes: Nodes, outputs: Mapping[str, str]) -> None:
        self._steps, self._nodes, self._outputs = steps, nodes, outputs

    def add(self) -> None:
        """All of them."""
        codes = {factor.name: self._codes(factor) for factor in self._steps.factors}
        numbers = self._numbers() if self._steps.numbers else None
        found = self._activated(self._steps.first, self._first_sums(codes, numbers))
        for layers in self._steps.layers[1:]:
            found = self._side_by_side(layers, found)
        if self._steps.category == "AutoEncoder":
            self._reconstruction(found, codes, numbers)
        elif self._steps.classes:
            self._classes(found)
        else:
            self._number(found)

    # ---- inputs

    def _codes(self, factor: Factor) -> str:
        """Row of the table for each cell: (rows, 1)."""
        levels, rows = list(factor.levels), list(factor.rows)
        if MISSING_TEXT not in levels:
            levels, rows = [*levels, MISSING_TEXT], [*rows, factor.missing]
        return self._nodes.add(
            "LabelEncoder",
            factor.name,
            domain=DOMAIN,
            keys_strings=levels,
            values_int64s=rows,
            default_int64=factor.unseen,
        )

    def _numbers(self) -> str:
        """Numbers as the network gets them: (rows, numbers)."""
        steps, nodes = self._steps, self._nodes
        given = nodes.add("Concat", *steps.numbers, axis=1)
        scaled = nodes.add("Mul", nodes.add("Sub", given, nodes.doubles(steps.sub)), nodes.doubles(steps.mul))
        known = nodes.add("LessOrEqual", nodes.add("Abs", scaled), nodes.doubles(steps.largest))
        found = nodes.add("Where", known, scaled, nodes.doubles(steps.fill))
        if steps.ramps is None:
            return found
        ramps = steps.ramps
        each = nodes.add("Gather", found, nodes.whole(ramps.columns), axis=1)  # (rows, units)
        each = nodes.add(
            "Div", nodes.add("Sub", each, nodes.doubles(ramps.start)), nodes.doubles(ramps.width)
        )
        return nodes.add("Clip", each, nodes.doubles(0), nodes.doubles(1))

    # ---- layers

    def _side_by_side(self, layers: Sequence[Layer], given: str) -> str:
        """Activations of the parts of a layer, each of which gets its share of those of the layer before."""
        nodes, found, end = self._nodes, [], 0
        axis = nodes.whole([1]) if len(layers) > 1 else ""
        for layer in layers:
            start, end, own = end, end + len(layer.matrix), given
            if axis:
                own = nodes.add("Slice", given, nodes.whole([start]), nodes.whole([end]), axis)
            sums = nodes.add("Add", nodes.add("MatMul", own, self._matrix(layer)), nodes.doubles(layer.bias))
            found.append(self._activated(layer, sums))
        return found[0] if len(found) == 1 else nodes.add("Concat", *found, axis=1)

    def _matrix(self, layer: Layer) -> str:
        name = self._nodes.weights(layer.matrix)
        return name if layer.matrix.dtype == np.float64 else self._nodes.in_64_bits(name)

    def _first_sums(self, codes: Mapping[str, str], numbers: str | None) -> str:
        nodes, layer = self._nodes, self._steps.first
        found = nodes.doubles(layer.bias)
        if numbers is not None:
            found = nodes.add("Add", nodes.add("MatMul", numbers, self._matrix(layer)), found)
        if not codes:
            return found
        middle = nodes.whole([1])
        if numbers is not None:
            found = nodes.add("Unsqueeze", found, middle)
        table = nodes.weights(self._steps.table)
        for code in codes.values():
            chosen = nodes.in_64_bits(nodes.add("Gather", table, code, axis=0))  # (rows, 1, sums)
            found = nodes.add("Add", found, chosen)
        return nodes.add("Squeeze", found, middle)

    def _activated(self, layer: Layer, sums: str) -> str:
        activations: dict[str, Callable[[str, Layer], str]] = {
            "Tanh": lambda z, _: self._nodes.add("Tanh", z),
            "Rectifier": lambda z, _: self._nodes.add("Max", z, self._nodes.doubles(0)),
            "ExpRectifier": self._exp_rectified,
            "Maxout": self._larger,
            "Softmax": lambda z, _: self._nodes.add("Softmax", z, axis=1),
            "Linear": lambda z, _: z,
        }
        found = activations[layer.kind](sums, layer)
        return found if layer.keep == 1 else self._nodes.add("Mul", found, self._nodes.doubles(layer.keep))

    def _exp_rectified(self, sums: str, _: Layer) -> str:
        nodes, zero = self._nodes, self._nodes.doubles(0)
        below = nodes.add("Exp", nodes.add("Min", sums, zero))
        return nodes.add(
            "Add", nodes.add("Max", sums, zero), nodes.add("Sub", below, nodes.doubles(1))
        )  # one of them is 0

    def _larger(self, sums: str, layer: Layer) -> str:
        nodes, units, axis = self._nodes, layer.units, self._nodes.whole([1])
        halves = [
            nodes.add("Slice", sums, nodes.whole([start]), nodes.whole([start + units]), axis)
            for start in (0, units)
        ]
        return nodes.add("Max", *halves)

    # ---- outputs

    def _number(self, output: str) -> None:
        steps, nodes = self._steps, self._nodes
        if steps.offset_column is not None:
            output = nodes.add("Add", output, self._offset(steps.offset_column))
        if steps.log_link:
            found = nodes.add("Min", nodes.add("Exp", output), nodes.doubles(steps.most))
        else:
            found = nodes.add("Div", output, nodes.doubles(steps.response_mul))
            found = nodes.add("Add", found, nodes.doubles(steps.response_sub))
        if steps.range is not None:
            low, high = map(nodes.doubles, steps.range)
            within = nodes.add("Min", nodes.add("Max", found, low), high)
            found = nodes.add("Where", nodes.add("IsNaN", found), found, within)
        if not steps.quantiles:
            nodes.add("Add", found, self._unless_finite(found), named=self._outputs["predict"])
            return
        units, axis = len(steps.quantiles), nodes.whole([1])
        missing = self._unless_finite(nodes.add("ReduceSum", found, axis, keepdims=1))
        found = nodes.add("TopK", found, nodes.whole([units]), outputs=2, axis=1, largest=0)
        found = nodes.add("Add", found, missing, named=self._outputs["quantiles"])
        place = steps.nearest_quantile
        chosen = nodes.whole([place]), nodes.whole([place + 1])
        nodes.add("Slice", found, *chosen, axis, named=self._outputs["predict"])

    def _unless_finite(self, name: str) -> str:
        """0, or NaN for what is not finite."""
        return self._nodes.add("Sub", name, name)

    def _offset(self, name: str) -> str:
        steps, nodes = self._steps, self._nodes
        found = nodes.add("Sub", name, nodes.doubles(steps.response_sub))
        found = nodes.add("Mul", found, nodes.doubles(steps.response_mul))
        if not steps.positive_offsets_only:
            return found
        zero = nodes.doubles(0)
        return nodes.add("Where", nodes.add("Greater", name, zero), found, zero)

    def _classes(self, output: str) -> None:
        steps, nodes, axis = self._steps, self._nodes, self._nodes.whole([1])
        classes, found = len(steps.classes), output
        if classes < steps.last.units:
            found = nodes.add("Slice", found, nodes.whole([0]), nodes.whole([classes]), axis)
        if steps.correction is not None:
            found = nodes.add("Mul", found, nodes.doubles(steps.correction))
            found = nodes.add("Div", found, nodes.add("ReduceSum", found, axis, keepdims=1))
        nodes.add("Identity", found, named=self._outputs["probabilities"])
        if steps.calibration is not None:
            add_calibrated(nodes, steps, found, self._outputs["calibrated"])
        if steps.by_threshold:
            second = nodes.add("Slice", found, nodes.whole([1]), nodes.whole([2]), axis)
            chosen = nodes.as_whole(nodes.add("GreaterOrEqual", second, nodes.doubles(steps.threshold)))
        else:
            chosen = nodes.add("ArgMax", found, axis=1, keepdims=1)
        first = nodes.add("Slice", found, nodes.whole([0]), nodes.whole([1]), axis)
        chosen = nodes.add("Where", nodes.add("IsNaN", first), nodes.whole(classes), chosen)
        names = nodes.texts([*steps.classes, MISSING_TEXT])
        nodes.add("Gather", names, chosen, axis=0, named=self._outputs["predict"])

    def _reconstruction(self, output: str, codes: Mapping[str, str], numbers: str | None) -> None:
        steps, nodes, axis = self._steps, self._nodes, self._nodes.whole([1])
        found = nodes.add("Div", output, nodes.doubles(steps.output_mul))
        nodes.add("Add", found, nodes.doubles(steps.output_sub), named=self._outputs["predict"])
        error = nodes.add("Sub", output, self._given(codes, numbers, output))
        square = nodes.add("Mul", error, error)
        total = nodes.add("ReduceSum", square, axis, keepdims=1)
        nodes.add("Div", total, nodes.doubles(len(steps.output_mul)), named=self._outputs["mse"])

    def _given(self, codes: Mapping[str, str], numbers: str | None, like: str) -> str:
        """The inputs, as an autoencoder gives them back: (rows, units)."""
        steps, nodes = self._steps, self._nodes
        places, values = [], []
        for factor, units in zip(steps.factors, steps.units_of_rows, strict=True):
            row = nodes.add("Sub", codes[factor.name], nodes.whole(factor.first))
            row = nodes.add("Min", row, nodes.whole(len(factor.levels)))
            row = nodes.add("Squeeze", row, nodes.whole([1]))
            places.append(nodes.add("Gather", nodes.whole(units.units), row, axis=0))
            values.append(nodes.add("Gather", nodes.doubles(units.values), row, axis=0))
        if numbers is not None:
            zero = nodes.as_whole(nodes.add("Mul", numbers, nodes.doubles(0)))  # (rows, numbers)
            places.append(nodes.add("Add", zero, nodes.whole(steps.units_of_numbers)))
            values.append(numbers)
        empty = nodes.add("Mul", like, nodes.doubles(0))
        joined = [nodes.add("Concat", *each, axis=1) for each in (places, values)]
        return nodes.add("ScatterElements", empty, *joined, axis=1, reduction="add")
