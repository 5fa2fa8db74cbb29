"""Operators and constants of an ONNX graph, collected under names of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ...arrays import Array

DOMAIN = "ai.onnx.ml"  # of the operators on texts


class Nodes:
    """The inside of a graph, in the order of its operators.

    Parameters
    ----------
    taken : iterable of str
        Names of inputs and outputs, which nothing else may have.

    Attributes
    ----------
    operators, constants : list
        As `onnx.helper.make_graph` takes them.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        from onnx import TensorProto, helper

        self._helper, self._types = helper, TensorProto
        self._taken = set(taken)
        self.operators: list[Any] = []
        self.constants: list[Any] = []

    def _name(self, stem: str) -> str:
        number = len(self.operators) + len(self.constants)
        while (name := f"{stem}_{number}") in self._taken:
            number += 1
        self._taken.add(name)
        return name

    def add(
        self,
        operator: str,
        *inputs: str,
        named: str = "",
        domain: str = "",
        outputs: int = 1,
        **attributes: Any,
    ) -> str:
        """Name of what an operator makes of others.

        Parameters
        ----------
        named : str
            That name, where it is an output of the graph.
        outputs : int
            How many the operator has, of which the first is named, and the others are not used.
        """
        name = named or self._name(operator.lower())
        others = [self._name("unused") for _ in range(outputs - 1)]
        self.operators.append(
            self._helper.make_node(
                operator, list(inputs), [name, *others], domain=domain or None, **attributes
            )
        )
        return name

    def doubles(self, values: Any) -> str:
        """Name of a constant in 64 bits."""
        return self._constant(self._types.DOUBLE, np.asarray(values, float))

    def whole(self, values: Any) -> str:
        """Name of a constant of whole numbers."""
        return self._constant(self._types.INT64, np.asarray(values, np.int64))

    def weights(self, values: Array) -> str:
        """Name of weights in the precision that they have."""
        kind = self._types.FLOAT if values.dtype == np.float32 else self._types.DOUBLE
        return self._constant(kind, np.ascontiguousarray(values))

    def _constant(self, kind: int, values: Array) -> str:
        name = self._name("constant")
        content = values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
        self.constants.append(self._helper.make_tensor(name, kind, values.shape, content, raw=True))
        return name

    def texts(self, values: Sequence[str]) -> str:
        """Name of a constant of texts."""
        name = self._name("constant")
        content: Any = [value.encode() for value in values]
        self.constants.append(self._helper.make_tensor(name, self._types.STRING, [len(values)], content))
        return name

    def in_64_bits(self, name: str) -> str:
        """Name of the same numbers in 64 bits."""
        return self.add("Cast", name, to=self._types.DOUBLE)

    def as_whole(self, name: str) -> str:
        """Name of truth values as 0 and 1."""
        return self.add("Cast", name, to=self._types.INT64)
