"""Where a training run stands, and what is kept of it so that another one can go on."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...arrays import Array
from ...engine.scoring import Snapshot


@dataclass
class ScoringEvent:
    """One line of the scoring history."""

    time: float  # seconds since the epoch
    duration: float  # seconds since training began
    speed: float  # training samples per second, without scoring
    epochs: float
    iterations: int
    samples: int
    training: dict[str, float]
    validation: dict[str, float] | None
    cluster: dict[str, float] = field(default_factory=dict)  # more columns of the history


@dataclass
class Iteration:
    """Where an iteration began; rates, momentum and the huber delta stay what they were there.

    Attributes
    ----------
    visited, samples : int
        As in `TrainingState`.
    huber_delta : float
    total : float
        Samples of the whole run; known to who trains, and not kept, since a run that goes on may have another.
    """

    visited: int
    samples: int
    huber_delta: float
    total: float = 0.0


@dataclass
class TrainingState:
    """Where a training run stands. Where it goes on from a checkpoint, everything before counts.

    Attributes
    ----------
    visited : int
        Rows of the endless sequence, trained or skipped.
    samples : int
        Rows trained.
    seconds : float
        Spent in the engine.
    iteration : Iteration or None
        Where the current iteration began; None between two of them.
    epochs_before, samples_before : float, int
        Epochs and samples of runs on other data.
    seconds_before : float
        How long the runs before took.
    """

    visited: int = 0
    samples: int = 0
    iterations: int = 0
    seconds: float = 0.0
    huber_delta: float = 1.0
    iteration: Iteration | None = None
    epochs_before: float = 0.0
    samples_before: int = 0
    seconds_before: float = 0.0
    events: list[ScoringEvent] = field(default_factory=list)
    best: tuple[float, Snapshot] | None = None
    stopped_because: str = ""
    interrupted: bool = False


@dataclass
class Checkpoint:
    """What a restart needs beside the model: how the training run stood when it stopped, no data.

    Attributes
    ----------
    network : Snapshot
        The last weights; those of the model may be better ones from before.
    optimiser : list of dict of str to array
        State of each layer, as the engine gives it.
    centre : list of (weights, biases)
        Of each layer, for elastic averaging; else empty.
    state : TrainingState
        Counters, scoring history, the best model so far.
    rows : int
        Rows in a pass over the training data.
    frame_rows : int
        Rows that made an epoch.
    epochs : float
        Epochs trained.
    """

    network: Snapshot
    optimiser: list[dict[str, Array]]
    centre: list[tuple[Array, Array]]
    state: TrainingState
    rows: int
    frame_rows: int
    epochs: float
