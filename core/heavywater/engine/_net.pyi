"""Types of the compiled network; those of _net32 and _net64, which are the same in two precisions."""

from collections.abc import Sequence

import numpy as np

from ..arrays import Array
from .plan import Strategy
from .rows import Rows

REAL: type[np.float32 | np.float64]

def instruction_set() -> str: ...

class Network:
    inputs: int
    units: tuple[int, ...]
    kinds: tuple[str, ...]
    unit_major: bool
    batches: bool
    together: int

    def __init__(
        self,
        inputs: int,
        units: Sequence[int],
        kinds: Sequence[str],
        unit_major: bool = False,
        batches: bool = False,
    ) -> None: ...
    def set_weights(self, i: int, weights: Array, biases: Array) -> None: ...
    def weights(self, i: int) -> Array: ...
    def biases(self, i: int) -> Array: ...
    def state(self, i: int) -> dict[str, Array]: ...
    def set_state(self, i: int, state: dict[str, Array]) -> None: ...
    def set_centre(self, i: int, weights: Array, biases: Array) -> None: ...
    def magnitude(self, i: int) -> tuple[float, float]: ...
    def buffer(self) -> Array: ...
    def take_buffer(self) -> None: ...
    def configure(
        self,
        *,
        rule: str,
        rates: Sequence[float],
        momentum: float = 0,
        rho: float = 0.99,
        epsilon: float = 1e-8,
        l1: float = 0,
        l2: float = 0,
        max_w2: float | None = None,
        fast: bool = True,
        elastic: float = 0,
        dropout: Sequence[float] | None = None,
        input_dropout: float = 0,
        sparsity_beta: float = 0,
        average_activation: float = 0,
        loss: str = "gaussian",
        autoencoder: bool = False,
        quantile_alpha: float | Sequence[float] = 0.5,
        tweedie_power: float = 1.5,
        huber_delta: float = 1,
        seed: int = 0,
        weight_decay: float = 0,
        label_smoothing: float = 0,
        total: float = 0,
        exact: bool = False,
        together: int | None = None,
    ) -> None: ...
    def train(
        self,
        rows: Rows,
        order: Array,
        first_sample: int = 0,
        threads: int = 1,
        strategy: Strategy = ...,
        *,
        exchange: int = 0,
        hidden_masks: Array | None = None,
        input_masks: Array | None = None,
        batch_size: int = 1,
    ) -> None: ...
    def forward(
        self,
        rows: Rows,
        lo: int,
        hi: int,
        layers: int,
        keep: Array,
        workspace: object = None,
        linear: bool = False,
    ) -> tuple[Array, object]: ...
