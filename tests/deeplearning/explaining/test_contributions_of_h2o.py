"""Contributions beside those of the real H2O 3.46 (tests/data/answers/contributions.zip: its models, rows, and answers).

Rows 0 to 5 are explained, 6 to 10 are the background. Where it differs on purpose is in docs/coming-from-h2o-3.md.
"""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from heavywater.deeplearning.explaining import rescale
from heavywater.deeplearning.explaining.contribution_options import ContributionOptions
from heavywater.deeplearning.explaining.contributions import contributions
from heavywater.deeplearning.explaining.explained import ClassProbabilities, Multipliers
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.mojo_reader import read_mojo
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

from ...cases.archive import archive
from ...cases.scoring import values

CASES = archive("answers", "contributions")


def rows() -> Frame:
    cells = list(csv.DictReader(io.StringIO(CASES.text("rows.csv"))))

    def factor(name: str) -> Column:
        levels = sorted({row[name] for row in cells} - {""})
        return enum(np.array([levels.index(row[name]) if row[name] else -1 for row in cells]), levels)

    numbers = [numeric(np.array([float(row[name] or "nan") for row in cells])) for name in ("a", "b")]
    return Frame(["a", "b", "k", "g"], [*numbers, factor("k"), factor("g")])


def both(name: str, answer: str, *, output_space: bool = False) -> tuple[np.ndarray, np.ndarray]:
    model: DeepLearningModel = read_mojo(CASES.unpacked(f"{name}.zip"), name)
    names, _ = CASES.table(f"{name}.{answer}.csv")
    frame = rows()
    options = ContributionOptions(output_per_reference=True, output_space=output_space)
    found, _ = contributions(model, frame.take(np.arange(6)), frame.take(np.arange(6, 11)), options)
    assert found.names == names
    return values(found), CASES.numbers(f"{name}.{answer}.csv")


@pytest.mark.parametrize("name", ["rectifier", "tanh", "maxout", "dropout"])
def test_of_numbers(name):
    found, expected = both(name, "link")
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_of_a_logarithm():
    """The bias of H2O is on the scale of the prediction, what is added to it is not."""
    found, expected = both("poisson", "link")
    np.testing.assert_allclose(np.delete(found, 9, axis=1), np.delete(expected, 9, axis=1), atol=2e-6)
    np.testing.assert_allclose(np.exp(found[:, 9]), expected[:, 9], rtol=1e-5)
    found, expected = both("poisson", "response", output_space=True)
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_of_numbers_that_are_not_standardised():
    """H2O predicts rows with a missing number by the mean of the column, and explains them by another number."""
    found, expected = both("without_standardize", "link")
    known = ~np.isin(expected[:, -2], [4]) & ~np.isin(expected[:, -1], [2])
    assert known.sum() == 20
    np.testing.assert_allclose(found[known], expected[known], atol=2e-6)


def test_of_a_probability(monkeypatch):
    """H2O sees the sum of the second class alone, though the probability depends on that of the first class, too."""
    found, expected = both("binomial", "link")
    np.testing.assert_allclose(found[:, 9:], expected[:, 9:], atol=2e-6)
    np.testing.assert_allclose(found[:, :10].sum(axis=1), expected[:, :10].sum(axis=1), atol=2e-6)

    def of_the_second_sum(self, x, r):
        p, p0 = (each.states.activations[-1][:, 1] for each in (x, r))
        z, z0 = (each.states.sums[-1][:, 1] for each in (x, r))
        multipliers = np.zeros((1, len(z), len(z0), 2))
        multipliers[0, :, :, 1] = rescale.differences(p, p0) / rescale.differences(z, z0)
        return Multipliers(multipliers)

    monkeypatch.setattr(ClassProbabilities, "multipliers", of_the_second_sum)
    found, expected = both("binomial", "link")
    np.testing.assert_allclose(found, expected, atol=2e-6)
