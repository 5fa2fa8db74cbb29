"""Contributions of columns: they sum to what is predicted, whatever the model, the frame and the options."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.explaining.contributions import ContributionOptions, contributions
from heavywater.deeplearning.explaining.explained import explained
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.sample import Sample
from heavywater.frame.frame import Frame

from ...cases.scoring import NAMES, Case, values

OPTIONS: list[dict[str, Any]] = [
    {},
    {"output_format": "compact"},
    {"output_format": "compact", "output_space": True},
    {"output_per_reference": True, "output_space": True},
    {"output_format": "compact", "output_per_reference": True},
]


def asked(model: DeepLearningModel, frame: Frame, background: Frame, **options: Any) -> Frame:
    return contributions(model, frame, background, ContributionOptions.of(options))[0]


def of_each_output(found: Frame, outputs: int) -> np.ndarray:
    """(rows, outputs, contributions and bias)."""
    names = [name for name in found.names if not name.endswith("RowIdx")]
    return values(found.select(list(map(found.index, names)))).reshape(found.nrow, outputs, -1)


def predicted(model: DeepLearningModel, frame: Frame, *, output_space: bool = False) -> np.ndarray:
    adapted, _ = model.spec.adapt(frame)
    sample = Sample(model.spec.rows(adapted, model.dtype), None, model.spec.offset(frame), None)
    return explained(model, output_space=output_space).values(sample)


@pytest.mark.parametrize("name", NAMES)
def test_they_sum_to_what_is_predicted(name):
    case = Case(name)
    model, whole = case.model(), case.input()
    frame, background = whole.take(np.arange(12)), whole.take(np.arange(whole.nrow - 7, whole.nrow))
    for options in OPTIONS:
        found = asked(model, frame, background, **options)
        expected = predicted(model, frame, output_space=options.get("output_space", False))
        if options.get("output_per_reference"):
            assert found.names[-2:] == ["RowIdx", "BackgroundRowIdx"]
            assert values(found)[:, -2:].tolist() == [[i, j] for i in range(12) for j in range(7)]
            expected = np.repeat(expected, 7, axis=0)
        sums = of_each_output(found, expected.shape[1]).sum(axis=2)
        np.testing.assert_allclose(sums, expected, rtol=1e-9, atol=1e-9)
