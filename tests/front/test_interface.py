"""Models and metrics have the methods of H2O-3, and what these give back has the same shape."""

from __future__ import annotations

import json

import pytest

from .interface_calls import shapes
from .training_helpers import DATA

MATRIX = (
    "ConfusionMatrix Confusion Matrix (Act/Pred) for max f1 @ threshold: ['', '0', '1', 'Error', 'Rate'], "
)
CLASSES = "table ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica', 'Error', 'Rate']"
# Calls that H2O's client refuses, and what ours gives.
MORE_THAN_H2O = {
    "two classes model confusion_matrix of a frame": MATRIX + "list of 2 list of 2 number",
    "many classes model confusion_matrix": CLASSES,
    "many classes model confusion_matrix valid": CLASSES,
    "many classes model confusion_matrix train, valid": f"dict of train: {CLASSES}, valid: {CLASSES}",
    "autoencoder model mean_per_class_error valid": "None",
    "autoencoder model aic": "number",
    "autoencoder model loglikelihood": "number",
    "autoencoder metrics aic": "number",
    "autoencoder metrics loglikelihood": "number",
}


@pytest.mark.filterwarnings("ignore")
def test_shapes_are_those_of_h2o() -> None:
    theirs = json.loads((DATA / "interface_shapes.json").read_text(encoding="utf-8"))
    assert {theirs[call] for call in MORE_THAN_H2O} == {"error"}
    ours = shapes(DATA)
    assert ours.keys() == theirs.keys() and len(ours) > 700
    expected = theirs | MORE_THAN_H2O
    assert {call: ours[call] for call in ours if ours[call] != expected[call]} == {}
