"""The model that a training run gives, and the tables that say how it was trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ..encoding.data import DataSpec
from ..explaining.varimp import joint_importances
from ..metrics.tables import Table, table
from ..model.history import scoring_history
from ..model.model import DeepLearningModel
from ..model.network import hidden_dropout
from ..model.state import TrainingState
from ..parameters.validation import DeepLearningParameters
from .collapse import collapse_warning
from .ensemble_worker import member_seeds
from .held_out import cooled, fitted_temperature, learn_from_held_out
from .prepared import Prepared
from .schedule import cosine_at, momentum_at, rates_at, update_rule
from .trainer import Trainer

if TYPE_CHECKING:
    from ...engine._net import Network


def model_of(key: str, trainer: Trainer) -> DeepLearningModel:
    """The model that a finished (or interrupted) training run gives."""
    prepared, p, state = trainer.prepared, trainer.p, trainer.state
    scorer, nets = trainer.scorings.scorer, trainer.worker.nets
    network = trainer.final or trainer.worker.snapshot()
    temperature = fitted_temperature(prepared, scorer, network, trainer.temperature)
    if temperature is not None and prepared.spec.response is not None:
        network = cooled(network, temperature.value, prepared.spec.response)
    layers = layer_table(nets, prepared, state, trainer.sizes.wanted(state))
    validation = prepared.validation_sample
    found = None if validation is None else scorer.outcomes(network, validation)
    on_training_rows = scorer.metrics(network, prepared.training_sample)
    diverged = collapse_warning(network, prepared.training_sample, on_training_rows, p)
    model = DeepLearningModel(
        key,
        p,
        prepared.spec,
        prepared.topology,
        network,
        scorer.threads,
        layers,
        scoring_history(state.events, p.category),
        training_metrics=on_training_rows,
        validation_metrics=None
        if validation is None or found is None
        else scorer.metrics_of(found, validation),
        facts=facts_of(trainer),
        warnings=[*p.warnings, *trainer.warnings, *([diverged] if diverged else [])],
        checkpoint=trainer.checkpoint,
        custom_metric=scorer.custom_metric,
        temperature=temperature,
    )
    if p.fit_temperature and temperature is None:
        model.warnings.append(
            "fit_temperature=True: outputs are not divided; the network is right about all rows held out, so there is no best number"
        )
    learn_from_held_out(model, prepared, found, validation)
    if p.variable_importances:
        unused = unused_units(prepared)
        model.varimp = joint_importances(prepared.spec.encoder, network.members, unused)
    return model


def facts_of(trainer: Trainer) -> dict[str, Any]:
    """Times, counts and why training stopped, as in the description of a model."""
    state, plan, started = trainer.state, trainer.worker.plan, trainer.stopwatch.started
    return {
        "start_time": int(1000 * started),
        "end_time": int(1000 * (started + trainer.duration)),
        "run_time": int(1000 * trainer.duration),
        "stopped_because": state.stopped_because,
        "epochs": trainer.epochs,
        "samples": state.samples,
        **({"held_out_rows": held_out} if (held_out := trainer.prepared.held_out_rows) else {}),
        "interrupted": state.interrupted,
        **({"choosing": True} if trainer.choosing else {}),
        "threads": plan.threads,
        "hogwild": plan.strategy.own_rows,
        **({"member_seeds": member_seeds(trainer.p)} if trainer.p.ensemble_size > 1 else {}),
    }


def layer_table(nets: Sequence[Network], prepared: Prepared, state: TrainingState, total: float) -> Table:
    """Status of the layers: sizes, penalties, rates, and the distribution of weights and biases of all members.

    Parameters
    ----------
    total : float
        Samples of all epochs, along which a cosine rate falls.
    """
    topology, p = prepared.topology, prepared.parameters
    dropout = hidden_dropout(p) or [0.0] * len(p.hidden)
    momentum = momentum_at(p, state.samples) if update_rule(p) in ("momentum", "classic") else 0.0
    factor = cosine_at(p, state.samples, total)
    rates = [
        factor * rate
        for rate in rates_at(p, state.samples, topology.layers, momentum, pieces=prepared.pieces)
    ]
    rows: list[list[Any]] = [[1, topology.inputs, "Input", 100 * p.input_dropout_ratio] + [None] * 9]
    for i, kind in enumerate(topology.kinds):
        last = i == topology.layers - 1
        w = np.concatenate([net.weights(i).astype(np.float64).ravel() for net in nets])
        b = np.concatenate([net.biases(i).ravel() for net in nets])
        name = kind if last else p.activation
        ratio = None if last else 100 * dropout[i] if p.activation.endswith("WithDropout") else 0.0
        mean_rate, rms_rate = _adadelta_rates(nets, i, p) if p.adaptive_rate else (rates[i], 0.0)
        rows.append(
            [
                i + 2,
                topology.units[i],
                name,
                ratio,
                p.l1,
                p.l2,
                mean_rate,
                rms_rate,
                momentum,
                float(w.mean()),
                float(w.std()),
                float(b.mean()),
                float(b.std()),
            ]
        )
    names = ["layer", "units", "type", "dropout", "l1", "l2", "mean_rate", "rate_rms", "momentum", "mean_weight",
             "weight_rms", "mean_bias", "bias_rms"]  # fmt: skip
    members = f"{len(nets)} members of " if len(nets) > 1 else ""
    what = f"{p.response or 'reconstruction'}, {p.distribution} distribution, {p.loss} loss, "
    what += f"{members}{topology.parameters:,} weights/biases"
    what += f", {state.samples:,} training samples, mini-batch size {p.mini_batch_size}{_optimiser(p)}"
    return table("Status of Neuron Layers", what, names, ["int", "int", "string"] + ["double"] * 10, rows)


def _optimiser(p: DeepLearningParameters) -> str:
    """What is to be said of how weights were updated, where that is not H2O's way."""
    adam = f", Adam with weight decay {p.weight_decay:g}" if p.optimizer == "Adam" else ""
    cosine = p.rate_schedule == "Cosine" and not p.adaptive_rate
    return adam + (f", rate from {p.rate:g} to 0 along a cosine" if cosine else "")


def _adadelta_rates(nets: Sequence[Network], layer: int, p: DeepLearningParameters) -> tuple[float, float]:
    states = [net.state(layer) for net in nets]
    if any("s1" not in state or "s2" not in state for state in states):
        return 0.0, 0.0
    s1, s2 = (np.concatenate([state[name].ravel() for state in states]) for name in ("s1", "s2"))
    rate = np.sqrt((s2.astype(np.float64) + p.epsilon) / (s1 + p.epsilon))
    return float(rate.mean()), float(rate.std())


def unused_units(prepared: Prepared) -> list[int]:
    """Categorical units that no trained row switches on: mostly those for missing values."""
    if prepared.spec.encoder.hashed is not None:
        return []
    used = prepared.used_elsewhere
    if used is None:
        used = used_units(prepared.spec, prepared.rows, prepared.order.trained)
    return [int(unit) for unit in np.flatnonzero(~used)]


def used_units(spec: DataSpec, rows: Rows, trained: Array) -> Array:
    """Which categorical units some of the rows switch on; bool (units,).

    Parameters
    ----------
    trained : array
        The rows: their numbers, or a mask.
    """
    units = rows.category[trained]
    used: Array = np.zeros(spec.encoder.category_units, bool)
    used[units[units >= 0]] = True
    return used
