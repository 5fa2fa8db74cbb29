"""Random small training problems for the property tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import assume, settings
from hypothesis import strategies as st

from .nets import ENGINES, HIDDEN, configure, make_net, make_rows, parameters
from .twin import Batch, Twin

few = settings(max_examples=25, deadline=None)
RULES: dict[str, dict[str, Any]] = {
    "sgd": {"rates": 0.01},
    "momentum": {"rates": 0.003, "momentum": 0.7},
    "classic": {"rates": 0.005, "momentum": 0.6},
    "adadelta": {"rates": 1.0, "rho": 0.95, "epsilon": 1e-6},
}
BATCH_RULES = RULES | {"adam": {"rates": 0.003, "weight_decay": 0.1}}


@dataclass
class Case:
    """A network's shape, its settings, and data with the dropout masks to use."""

    inputs: int
    units: list[int]
    kinds: list[str]
    settings: dict[str, Any]
    seed: int = 0
    samples: int = 23
    zeros: float = 0.4
    weighted: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    masks: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings.setdefault("exact", True)
        rng = np.random.default_rng(self.seed)
        x = rng.uniform(-1, 1, (self.samples, self.inputs))
        x[rng.random(x.shape) < self.zeros] = 0
        x[:, rng.random(self.inputs) < 0.1] = 0
        self.data = {"x": x}
        if self.kinds[-1] == "Softmax":
            self.data["label"] = rng.integers(0, self.units[-1], self.samples)
        elif not self.settings.get("autoencoder"):
            self.data["target"] = rng.normal(0, 1, self.samples)
            self.data["offset"] = rng.normal(0, 0.3, self.samples)
        if self.weighted:
            self.data["weight"] = rng.uniform(0.2, 2, self.samples)
        if self.settings.get("dropout") is not None:
            self.masks["hidden_masks"] = (rng.random((self.samples, sum(self.units[:-1]))) < 0.6).astype(
                np.uint8
            )
        if self.settings.get("input_dropout"):
            self.masks["input_masks"] = (rng.random(x.shape) < 0.8).astype(np.uint8)

    def rows(self, engine: Any, **options: Any) -> Any:
        targets = {k: v for k, v in self.data.items() if k != "x"}
        return make_rows(engine, self.data["x"], **targets, **options)

    def net(self, engine: Any, **options: Any) -> Any:
        net = configure(
            make_net(engine, self.inputs, self.units, self.kinds, seed=self.seed, **options), **self.settings
        )
        for i in range(len(self.units)) if self.settings.get("elastic") else ():
            w, b = parameters(net)[i]
            net.set_centre(i, w * 0.5, b + 0.1)
        return net

    def twin(self) -> Twin:
        net = self.net(ENGINES["float64"], batches=self.settings.get("rule") == "adam")
        twin = Twin(parameters(net), self.kinds, **self.settings)
        for y in twin.layers if self.settings.get("elastic") else ():
            y.centre = (y.w * 0.5, y.b + 0.1)
        return twin

    def batch(self, which: slice | np.ndarray) -> Batch:
        """Some samples for the twin."""
        hidden, inputs = self.masks.get("hidden_masks"), self.masks.get("input_masks")
        cuts = np.cumsum(self.units[:-1])[:-1]
        keep = None if hidden is None else np.split(hidden[which], cuts, axis=1)
        parts = {k: v[which] for k, v in self.data.items()}
        return Batch(**parts, keep=keep, keep_inputs=None if inputs is None else inputs[which])

    def train_twin(self, batch_size: int) -> list[tuple[np.ndarray, np.ndarray]]:
        twin = self.twin()
        for first in range(0, self.samples, batch_size):
            twin.update(self.batch(slice(first, first + batch_size)))
        return twin.parameters()


def steady(result: Any) -> Any:
    """The given network (or its parameters), unless it is a drawn problem whose rate is too high for it.

    Rounding errors grow in a run that diverges.
    """
    layers = result if isinstance(result, list) else parameters(result)
    assume(all(np.abs(v).max() < 5 for pair in layers for v in pair))
    return result


@st.composite
def cases(draw: st.DrawFn, *, rules: tuple[str, ...] = tuple(RULES), largest: int = 40, dropout: bool = True,
          samples: int = 23) -> Case:  # fmt: skip
    """Any combination of update rule, activation, loss, penalties and dropout."""
    rule = draw(st.sampled_from(rules))
    kind = draw(st.sampled_from(HIDDEN))
    hidden = draw(st.lists(st.integers(1, largest), max_size=3))
    inputs = draw(st.integers(1, 20))
    task = draw(st.sampled_from(["crossentropy", "quadratic", "gaussian", "huber", "autoencoder"]))
    if task == "autoencoder" and kind == "Maxout":
        task = "gaussian"
    chosen: dict[str, Any] = {"rule": rule, **BATCH_RULES[rule], "fast": draw(st.booleans())}
    chosen |= {"l1": draw(st.sampled_from([0.0, 1e-3])), "l2": draw(st.sampled_from([0.0, 1e-2]))}
    chosen |= {"max_w2": draw(st.sampled_from([None, 0.7])), "elastic": draw(st.sampled_from([0.0, 0.05]))}
    if rule != "adadelta":
        chosen["total"] = draw(st.sampled_from([0, 40, samples - 5]))
    if dropout and hidden:
        chosen["dropout"] = draw(st.sampled_from([None, [0.5] * len(hidden)]))
    chosen["input_dropout"] = draw(st.sampled_from([0.0, 0.2])) if dropout else 0.0
    if task == "autoencoder":
        chosen |= {"autoencoder": True, "loss": "gaussian"}
        chosen |= draw(st.sampled_from([{}, {"sparsity_beta": 0.2, "average_activation": 0.1}]))
        units, top = [*hidden, inputs], kind
    elif task in ("crossentropy", "quadratic"):
        chosen["loss"] = task
        chosen["label_smoothing"] = draw(st.sampled_from([0.0, 0.1]))
        units, top = [*hidden, draw(st.sampled_from([2, 3, 20]))], "Softmax"
    else:
        chosen["loss"] = task
        units, top = [*hidden, 1], "Linear"
    return Case(inputs, units, [kind] * len(hidden) + [top], chosen, seed=draw(st.integers(0, 2**16)), samples=samples,
                weighted=draw(st.booleans()))  # fmt: skip
