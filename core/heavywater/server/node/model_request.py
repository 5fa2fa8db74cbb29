"""What a model, or each of several, is asked for with, whichever door asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...deeplearning.parameters.relevance import without_effect


@dataclass(frozen=True)
class ModelRequest:
    """What a model, or each of several, is asked for with.

    Parameters
    ----------
    parameters : dict
        Those that differ from their defaults, without what follows.
    response, training_frame, validation_frame : str, optional
    refused : list of (str, str)
        Parameters whose values are not allowed, and why.
    x : list of str, optional
        The predictors, where these are said and not what is ignored.
    """

    parameters: dict[str, Any]
    response: str | None
    training_frame: str | None
    validation_frame: str | None
    refused: list[tuple[str, str]] = field(default_factory=list)
    x: list[str] | None = None

    @property
    def request(self) -> dict[str, Any]:
        """The arguments of `training.train` of the session, and of its like."""
        return {
            "algo": "deeplearning",
            "parameters": self.parameters,
            "x": self.x,
            "y": self.response,
            "training_frame_key": self.training_frame,
            "validation_frame_key": self.validation_frame,
        }

    @property
    def given(self) -> dict[str, Any]:
        """All of it as parameters."""
        frames = {"training_frame": self.training_frame, "validation_frame": self.validation_frame}
        return {**self.parameters, **frames, "response_column": self.response}

    def idle(self, category: str | None = None, nodes: int = 0) -> dict[str, str]:
        """The parameters that change nothing beside the others, and why, see `without_effect`."""
        return dict(without_effect(self.given, category, nodes))
