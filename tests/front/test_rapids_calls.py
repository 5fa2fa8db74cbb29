"""Every call of H2O's Python client that was recorded, and every expression it sends."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o import H2OFrame

from ..sessions import behind
from .rapids_calls import CALLS, DATA, LEFT_OUT, WORDS, F

RECORDED = json.loads((DATA / "rapids" / "calls.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def frames():
    h2o.remove_all()
    yield F()
    h2o.remove_all()


def test_every_recorded_call_is_tested_or_listed():
    recorded = {call for _, call, _, _ in RECORDED}
    assert len(recorded) > 240
    assert recorded == set(CALLS) | set(LEFT_OUT)
    assert not set(CALLS) & set(LEFT_OUT)


def agree(ours: Any, wanted: Any) -> None:
    if isinstance(ours, H2OFrame) and isinstance(wanted, tuple):
        assert ours.shape == wanted
    elif isinstance(wanted, pd.DataFrame):
        pd.testing.assert_frame_equal(
            ours.as_data_frame(), wanted.reset_index(drop=True), check_dtype=False, rtol=1e-9
        )
    elif isinstance(ours, H2OFrame) and ours.ncol == 1 and not ours.isnumeric()[0]:
        found = ours.as_data_frame().iloc[:, 0]
        assert found.astype(object).where(found.notna(), None).tolist() == list(wanted)
    elif isinstance(ours, (H2OFrame, np.ndarray, list)) and not (
        wanted and isinstance(wanted[0], str) if isinstance(wanted, list) else False
    ):
        cells = np.asarray(ours, dtype=float)
        wanted = np.asarray(wanted, dtype=float)
        assert np.allclose(cells.reshape(wanted.shape), wanted, rtol=1e-9, atol=1e-12, equal_nan=True)
    elif isinstance(wanted, (float, np.floating)):
        assert ours == pytest.approx(wanted, rel=1e-9)
    else:
        assert ours == wanted


@pytest.mark.parametrize("call", CALLS)
def test_call(frames, call, capsys):
    agree(*CALLS[call](frames))


# Results whose size is a matter of random numbers or of what else is there.
SIZES_DIFFER = ("split_frame", "h2o.ls()", "list_timezones", "hist(")


def kind_of(answer: dict[str, Any]) -> str:
    if "key" in answer:
        return f"frame {answer['num_rows']}x{answer['num_cols']}"
    if "string" in answer:
        return "list" if isinstance(answer["string"], list) else "string"
    if "funstr" in answer:
        return "function"
    return "list" if isinstance(answer["scalar"], list) else "scalar"


@pytest.fixture(scope="module")
def stored(frames):
    """The frames under the names that the expressions use."""
    named = {
        name: getattr(frames, name) for name in ("n", "v", "w", "e", "s", "b", "d", "ms", "L", "R", "lng")
    }
    named |= {f"f{i}": frames.f for i in range(2, 18)} | {"fr": frames.fr}
    for key, frame in named.items():
        if frame.frame_id != key:
            h2o.deep_copy(frame, key)
    return set(behind().store.keys())


@pytest.mark.parametrize(
    ("call", "expressions", "result"),
    [(call, expressions, result) for _, call, expressions, result in RECORDED if expressions],
    ids=[call for _, call, expressions, _ in RECORDED if expressions],
)
def test_expressions_that_the_client_sends(stored, call, expressions, result):
    kinds = []
    try:
        for text in expressions:
            answer = h2o.rapids(text.replace("/etc/hostname", WORDS))
            kinds.append(kind_of(answer))
    finally:
        for key in set(behind().store.keys()) - stored:
            h2o.remove(key)
    wanted = result.split(", ")
    if any(part in call for part in SIZES_DIFFER):
        assert [re.sub(r" .*", "", kind) for kind in kinds] == [
            re.sub(r" .*", "", kind) for kind in wanted[: len(kinds)]
        ]
    else:
        assert kinds == wanted


def test_a_malformed_expression_shows_where():
    with pytest.raises(h2o.exceptions.H2OValueError) as caught:
        h2o.rapids("(+ 1 (sum fr 2)")
    assert str(caught.value).splitlines() == [
        "the bracket ( is not closed, at character 1:",
        "  (+ 1 (sum fr 2)",
        "  ^",
    ]
    with pytest.raises(h2o.exceptions.NotFound, match="no frame 'nothing'"):
        h2o.rapids("(sum nothing)")
    with pytest.raises(h2o.exceptions.NotFound, match="similar names: sum"):
        h2o.rapids("(summ fr)")
    assert math.isnan(h2o.rapids("(flatten (rows (* (cols_py (seq_len 3) 0) nan) 1))")["scalar"])
