"""Values of l1 and numeric_bins that are tried together with numbers of epochs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.errors import InvalidArgument
from heavywater.export.model_file import model_of_bytes
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame

from .test_choosing_epochs import TRIED, frame, same, session_with, start, trained

PIECES = {"numeric_encoding": "PiecewiseLinear", "optimizer": "Adam", "rate": 0.01}
BOTH = {**PIECES, "l1_candidates": [0.0, 0.01, 0.1], "numeric_bins_candidates": [4, 3, 2]}


def noise(n: int = 300) -> Frame:
    """Nothing can be learned, so the plainest network is the best."""
    random = np.random.default_rng(5)
    columns = [numeric(each) for each in random.normal(size=(3, n))]
    return Frame(["a", "b", "y"], columns, "rows")


@pytest.mark.parametrize(
    "given", [BOTH, {"l1_candidates": [0.5, 0.0]}, {"l1_candidates": [0, 0.01], "epochs_folds": 2}], ids=str
)
@pytest.mark.parametrize("data", [noise(), frame(classes=3)], ids=["noise", "classes"])
def test_each_setting_is_tried_from_the_best_number_so_far_on(data: Frame, given: dict[str, Any]) -> None:
    session = session_with(data)
    choice = trained(session, **given, model_id="told").epochs_choice
    assert choice is not None
    names = ["l1", *(["numeric_bins"] if "numeric_bins_candidates" in given else [])]
    lists = [given[f"{name}_candidates"] for name in names]
    settings = [dict(zip(names, each, strict=True)) for each in zip(*lists, strict=True)]
    tried = list(zip(choice.tried, choice.settings, strict=True))
    best, at = np.inf, TRIED[0]
    for setting in settings:  # in their order, each a ladder of its own
        ladder = [each for each, own in tried if own == setting]
        assert [epochs for epochs, _, _ in ladder] == TRIED[TRIED.index(at) :][: len(ladder)]
        losses = [loss for _, loss, _ in ladder]
        assert all(after < before for before, after in zip(losses, losses[1:-1], strict=False))
        assert ladder[-1][0] == TRIED[-1] or losses[-1] >= losses[-2]
        best, at = min((best, at), *((loss, epochs) for epochs, loss, _ in ladder))
    assert (choice.loss, choice.epochs) == (best, at)
    told = session.models.describe("told")
    actual = {name: told["parameters"][name]["actual"] for name in names}
    assert actual == choice.setting == told["epochs_choice"]["setting"]
    assert told["epochs_tried"]["columns"][1 : 1 + len(names)] == names
    assert [row[-1] for row in told["epochs_tried"]["rows"]].count("yes") == 1
    assert model_of_bytes(session.model_files.to_bytes("told"), 1).epochs_choice == choice


def test_it_is_the_network_that_such_values_give() -> None:
    session = session_with(noise())
    model = trained(session, **BOTH)
    assert model.epochs_choice is not None and model.epochs_choice.setting != {"l1": 0.0, "numeric_bins": 4}
    alike = {
        "stopping_rounds": 0,
        "overwrite_with_best_model": False,
        "regression_stop": -1,
        "train_samples_per_iteration": -1,
    }
    own = {
        **PIECES,
        **alike,
        **model.epochs_choice.setting,
        "epochs": model.epochs_choice.epochs,
        "epochs_candidates": None,
    }
    same(model, trained(session, **own))


def test_the_same_for_any_number_of_threads_and_folds_take_what_was_chosen() -> None:
    models = [trained(session_with(noise(90), threads), **BOTH, nfolds=2) for threads in (1, 2, 8)]
    same(models[0], models[1])
    same(models[0], models[2])
    choice = models[0].epochs_choice
    assert choice is not None
    assert models[0].parameters.numeric_bins == choice.setting["numeric_bins"]


def test_going_on_keeps_what_was_chosen() -> None:
    session = session_with(noise())
    first = trained(session, **BOTH, model_id="first")
    assert first.epochs_choice is not None
    epochs = first.parameters.epochs + 1
    more = trained(session, **PIECES, checkpoint="first", epochs_candidates=None, epochs=epochs)
    assert more.parameters.numeric_bins == first.epochs_choice.setting["numeric_bins"]
    assert more.parameters.l1 == first.epochs_choice.setting["l1"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"l1": 0.1, "l1_candidates": [0, 1]}, "l1_candidates=.*exclude each other"),
        (
            {**PIECES, "numeric_bins": 3, "numeric_bins_candidates": [4]},
            "numeric_bins_candidates=.*exclude each other",
        ),
        ({**BOTH, "l1_candidates": [0]}, "of the same length"),
        ({"l1_candidates": [0, 0]}, "has the same twice"),
        ({"l1_candidates": [-1]}, "l1_candidates"),
        ({**PIECES, "numeric_bins_candidates": [0]}, "numeric_bins_candidates"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        start(session_with(frame()), **given)


def test_what_has_no_effect_is_told() -> None:
    session = session_with(frame())
    model = trained(session, epochs_candidates=None, epochs=1, l1_candidates=[0, 0.1])
    assert any(
        "l1_candidates=[0, 0.1] has no effect: it needs epochs_candidates" in text for text in model.warnings
    )
    model = trained(session, numeric_bins_candidates=[3, 4])
    assert any("needs numeric_encoding='PiecewiseLinear'" in text for text in model.warnings)
    model = trained(session, epochs_candidates=[1], l1_candidates=[0, 0.1])
    assert model.epochs_choice is not None and len(model.epochs_choice.tried) == 2
