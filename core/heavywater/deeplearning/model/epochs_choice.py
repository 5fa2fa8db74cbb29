"""The number of epochs that was chosen on rows held out, and what else was tried; see `training.choosing_epochs`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..metrics.tables import Table, table


@dataclass
class EpochsChoice:
    """A choice of the number of epochs.

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
        In ascending order; a loss is infinite where training became unstable.
    """

    epochs: float
    metric: str
    source: str
    rows: int
    tried: Sequence[tuple[float, float, float]] = ()

    @property
    def loss(self) -> float:
        """What the chosen number gave."""
        return next((loss for epochs, loss, _ in self.tried if epochs == self.epochs), float("nan"))

    def sentence(self) -> str:
        """The choice in a line."""
        others = ", ".join(
            f"{loss:.4g} with {epochs:g}" for epochs, loss, _ in self.tried if epochs != self.epochs
        )
        return (
            f"{self.epochs:g} epochs: {self.metric} {self.loss:.4g} on {self.rows} rows of the {self.source}"
            + (f" ({others})" if others else "")
        )

    def described(self) -> dict[str, Any]:
        """What the description of a model tells of it, but for what was tried."""
        told = {name: getattr(self, name) for name in ("epochs", "metric", "source", "rows", "loss")}
        return {**told, "sentence": self.sentence()}

    def table(self) -> Table:
        """What was tried."""
        return table(
            "Choice of Epochs",
            f"{self.metric} on {self.rows} rows of the {self.source}, which these networks were not trained on",
            ["epochs", self.metric, "seconds", "chosen"],
            ["double", "double", "double", "string"],
            [[*each, "yes" if each[0] == self.epochs else "no"] for each in self.tried],
        )
