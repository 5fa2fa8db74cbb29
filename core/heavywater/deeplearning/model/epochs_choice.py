"""The number of epochs that was chosen on rows held out, and what else was tried; see `training.choosing_epochs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..metrics.tables import Table, table


@dataclass
class EpochsChoice:
    """A choice of the number of epochs, and of a setting of other parameters.

    Attributes
    ----------
    epochs : float
        The number that was chosen.
    metric : str
        The loss that decided: logloss, or deviance.
    source : str
        Where the rows that were held out came from.
    rows : int
        How many of them have a response and a weight.
    tried : sequence of (epochs, loss, seconds)
        For each setting in ascending order; a loss is infinite where training became unstable.
    settings : sequence of mapping
        For each that was tried, values of other parameters by name; empty where only numbers of epochs were tried.
    setting : mapping
        The one that was chosen.
    """

    epochs: float
    metric: str
    source: str
    rows: int
    tried: Sequence[tuple[float, float, float]] = ()
    settings: Sequence[Mapping[str, Any]] = ()
    setting: Mapping[str, Any] = field(default_factory=dict)

    def _setting(self, k: int) -> Mapping[str, Any]:
        return self.settings[k] if self.settings else {}

    def _is_chosen(self, k: int) -> bool:
        return self.tried[k][0] == self.epochs and self._setting(k) == self.setting

    def _named(self, k: int) -> str:
        return ", ".join([f"{self.tried[k][0]:g}", *(f"{n}={v:g}" for n, v in self._setting(k).items())])

    @property
    def loss(self) -> float:
        """What the chosen number gave."""
        return next((each[1] for k, each in enumerate(self.tried) if self._is_chosen(k)), float("nan"))

    def sentence(self) -> str:
        """The choice in a line."""
        others = ("; " if self.setting else ", ").join(
            f"{self.tried[k][1]:.4g} with {self._named(k)}"
            for k in range(len(self.tried))
            if not self._is_chosen(k)
        )
        chosen = "".join(f", {name}={value:g}" for name, value in self.setting.items())
        return (
            f"{self.epochs:g} epochs{chosen}: {self.metric} {self.loss:.4g} on {self.rows} rows of the {self.source}"
            + (f" ({others})" if others else "")
        )

    def described(self) -> dict[str, Any]:
        """What the description of a model tells of it, but for what was tried."""
        told = {name: getattr(self, name) for name in ("epochs", "metric", "source", "rows", "loss")}
        return {**told, "setting": dict(self.setting), "sentence": self.sentence()}

    def table(self) -> Table:
        """What was tried."""
        names = list(self.setting)
        return table(
            "Choice of Epochs",
            f"{self.metric} on {self.rows} rows of the {self.source}, which these networks were not trained on",
            ["epochs", *names, self.metric, "seconds", "chosen"],
            ["double", *["double"] * len(names), "double", "double", "string"],
            [
                [epochs, *self._setting(k).values(), loss, seconds, "yes" if self._is_chosen(k) else "no"]
                for k, (epochs, loss, seconds) in enumerate(self.tried)
            ],
        )
