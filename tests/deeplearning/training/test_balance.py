"""Balanced classes: factors, sampled rows, corrected probabilities; stratified samples."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.encoding.response import Response
from heavywater.deeplearning.metrics.multinomial import multinomial_metrics
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.balance import Balance, sampling_factors
from heavywater.deeplearning.training.order import RowOrder, sample
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given
from hypothesis import strategies as st

from ...cases import trajectories

labels = st.lists(st.integers(-1, 3), min_size=1, max_size=60).map(np.array)


def counts_of(label: np.ndarray) -> np.ndarray:
    return np.bincount(label[label >= 0], minlength=4)


def test_all_classes_get_as_many_rows_as_the_largest() -> None:
    assert sampling_factors(np.array([50, 10, 0]), None, 5.0).tolist() == [1, 5, 0]
    assert sampling_factors(np.array([50, 10]), None, 1.0) == pytest.approx([0.6, 3])
    assert sampling_factors(np.array([50, 10]), [2, -1], 5.0).tolist() == [2, 0]
    assert sampling_factors(np.array([50, 50]), [2, 1], 0.5) == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.parametrize("name", ["balance_classes", "balance_factors"])
def test_sizes_are_those_of_h2o(name: str) -> None:
    """H2O tosses a coin for each row, so its sizes are ours up to chance; the shares of its classes, too."""
    case, _, _ = trajectories.load(name)
    table = np.genfromtxt(
        trajectories.data_file(case), delimiter=",", names=True, dtype=None, encoding="utf-8"
    )
    classes, label = np.unique(table[case["response"]], return_inverse=True)
    parameters = case["parameters"]
    balance = Balance.sample(label, len(classes), parameters.get("class_sampling_factors"),
                             parameters.get("max_after_balance_size", 5.0), 1)  # fmt: skip
    order = trajectories.order(name)
    epoch = round(case["processed_samples"] / case["h2o_epochs"])
    assert len(balance.rows) == pytest.approx(epoch, abs=3 * np.sqrt(len(label)))
    theirs = np.bincount(label[order], minlength=len(classes)) / len(order)
    assert balance.shares == pytest.approx(theirs, abs=0.1)


@given(
    labels,
    st.none() | st.lists(st.floats(0, 3), min_size=4, max_size=4),
    st.floats(0.1, 6),
    st.integers(0, 9),
)
def test_every_class_is_sampled_by_its_factor(
    label: np.ndarray, factors: list[float] | None, largest: float, seed: int
) -> None:
    balance = Balance.sample(label, 4, factors, largest, seed)
    counts = counts_of(label)
    wanted = np.rint(sampling_factors(counts, factors, largest) * counts)
    assert np.bincount(label[balance.rows], minlength=4).tolist() == wanted.tolist()
    assert len(balance.rows) <= largest * counts.sum() + 2
    if len(balance.rows):
        assert balance.shares == pytest.approx(wanted / wanted.sum())
    # within a class no row comes twice more often than another
    for k in range(4):
        uses = np.bincount(balance.rows, minlength=len(label))[label == k]
        assert np.ptp(uses) <= 1 if len(uses) else True
    again = Balance.sample(label, 4, factors, largest, seed)
    assert np.array_equal(balance.rows, again.rows)


def test_another_seed_samples_other_rows() -> None:
    label = np.arange(200) % 10 // 9
    one, other = (np.sort(Balance.sample(label, 2, None, 1.0, seed).rows) for seed in (1, 2))
    assert not np.array_equal(one, other)


@given(labels.filter(lambda label: (label >= 0).any()), st.booleans(), st.integers(1, 50))
def test_an_epoch_visits_the_sampled_rows(label: np.ndarray, shuffle: bool, slices: int) -> None:
    balance = Balance.sample(label, 4, None, 5.0, 3)
    order = RowOrder(label >= 0, 3, shuffle, balance.rows)
    n = len(balance.rows)
    assert sorted(order.visits(0, n)) == sorted(balance.rows)
    assert np.array_equal(order.trained, np.unique(balance.rows))
    ends = np.unique(np.linspace(0, 2 * n, slices + 1).astype(int))
    parts = [order.visits(a, b) for a, b in zip(ends[:-1], ends[1:], strict=True)]
    assert np.array_equal(np.concatenate(parts), order.visits(0, 2 * n))


def test_probabilities_are_corrected() -> None:
    """Bayes: what a perfect model of balanced data says, brought back to the shares in the data."""
    response = Response("y", "bernoulli", ("a", "b", "c"), prior_distribution=np.array([0.9, 0.1, 0]))
    out = np.array([[0.5, 0.5, 0], [0.1, 0.9, 0]])
    assert response.class_correction is None and response.probabilities(out).tolist() == out.tolist()
    response.model_distribution = np.array([0.5, 0.5, 0])
    np.testing.assert_allclose(response.probabilities(out), [[0.9, 0.1, 0], [0.5, 0.5, 0]])


def test_shares_of_classes() -> None:
    y = enum(np.array([0, 1, 1, -1, 1]), ["a", "b", "c"])
    for weights, wanted in ((None, [0.25, 0.75, 0]), (np.array([3.0, 1, 0, 7, 0]), [0.75, 0.25, 0])):
        response = Response.fit("y", y, "multinomial", standardize=True, weights=weights)
        assert response.prior_distribution.tolist() == wanted


# --- rules


def check(y: str = "c", **values) -> tuple[str, ...]:
    n = np.arange(12)
    frame = Frame(
        ["x", "w", "y", "c"], [numeric(n), numeric(n + 1), numeric(n * n), enum(n % 3, ["u", "v", "w"])]
    )
    return validate(values, TrainingContext(frame, ["x"], y)).warnings


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"y": "y", "balance_classes": True}, "balance_classes=True is for classification only, this is Regression"),
        ({"balance_classes": True, "weights_column": "w"}, "weights_column='w' exclude each other"),
        ({"class_sampling_factors": [1, 2, 3]}, "needs balance_classes=True"),
        ({"balance_classes": True, "class_sampling_factors": [1, 2]}, "has 2 values, the response has 3 levels"),
        ({"balance_classes": True, "class_sampling_factors": [0, -1, 0]}, "leaves no row to train"),
    ],
)  # fmt: skip
def test_what_cannot_be_balanced_is_refused(values: dict, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        check(**values)


def test_a_class_without_rows_is_warned_about() -> None:
    assert not check(balance_classes=True, class_sampling_factors=[1, 2, 0.5])
    (warning,) = check(balance_classes=True, class_sampling_factors=[1, -2, 0])
    assert "'v', 'w' will not be trained" in warning


@pytest.mark.parametrize(
    ("y", "name", "value"),
    [
        ("c", "max_after_balance_size", 2.0),
        ("y", "auc_type", "MACRO_OVR"),
        ("c", "gainslift_bins", 5),
        ("y", "score_validation_sampling", "Stratified"),
        ("c", "score_validation_sampling", "Stratified"),
    ],
)
def test_what_has_no_effect_is_warned_about(y: str, name: str, value: object) -> None:
    assert any(name in text and "no effect" in text for text in check(y, **{name: value}))


def test_there_is_no_auc_of_very_many_classes() -> None:
    codes = np.arange(120) % 60
    frame = Frame(["x", "y"], [numeric(codes), enum(codes, [f"c{k}" for k in range(60)])])
    context = TrainingContext(frame, ["x"], "y")
    assert any("auc_type='MACRO_OVR' has no effect: the response has 60 classes" in text
               for text in validate({"auc_type": "MACRO_OVR"}, context).warnings)  # fmt: skip
    with pytest.raises(InvalidArgument, match="there is no AUC for 60 classes, 50 are the most"):
        validate({"auc_type": "MACRO_OVR", "stopping_metric": "AUC"}, context)
    metrics = multinomial_metrics(
        codes, np.full((120, 60), 1 / 60), None, [str(k) for k in range(60)], "MACRO_OVR"
    )
    assert np.isnan(metrics["AUC"]) and metrics["multinomial_auc_table"] is None


def test_an_autoencoder_does_not_look_at_huber_alpha() -> None:
    frame = Frame(["x"], [numeric(np.arange(5))])
    values = {"autoencoder": True, "loss": "Huber", "huber_alpha": 0.5}
    (warning,) = validate(values, TrainingContext(frame, ["x"], None)).warnings
    assert warning.startswith("huber_alpha=0.5 has no effect: in an autoencoder")


# --- samples for scoring


@given(labels, st.integers(1, 40))
def test_stratified_samples_have_the_shares_of_all_rows(label: np.ndarray, size: int) -> None:
    usable = np.arange(len(label)) % 7 != 3
    rows = sample(usable, size, 5, label)
    assert usable[rows].all() and (label[rows] >= 0).all() and (np.diff(rows) > 0).all()
    counts, found = counts_of(label[usable]), counts_of(label[rows])
    assert ((found > 0) == (counts > 0)).all()
    share = min(1, size / max(1, counts.sum()))
    assert (np.abs(found - share * counts) <= 1).all()
    assert np.array_equal(rows, sample(usable, size, 5, label))
