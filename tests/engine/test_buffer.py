"""Weights and biases of all layers lie in one buffer, which others may read and write."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .cases import RULES, Case, cases, few
from .nets import ENGINES, assert_same_bits, own_rows, parameters, train

both = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
CASE = Case(40, [600, 20, 5], ["Maxout", "Rectifier", "Softmax"], {"loss": "crossentropy"} | RULES["sgd"])


@both
@pytest.mark.parametrize("options", [{}, {"unit_major": True}, {"batches": True}], ids=str)
def test_it_is_one_aligned_array(engine: Any, options: dict[str, Any]) -> None:
    net = CASE.net(engine, **options)
    buffer = net.buffer()
    assert buffer is net.buffer() and buffer.dtype == engine.REAL
    assert buffer.flags.c_contiguous and buffer.flags.writeable and buffer.ctypes.data % 64 == 0
    assert len(memoryview(buffer)) % 16 == 0
    plain = np.concatenate([each.reshape(-1) for pair in parameters(net) for each in pair])
    np.testing.assert_array_equal(np.sort(buffer[buffer != 0]), np.sort(plain[plain != 0]))


@few
@given(cases(largest=90), st.booleans(), st.sampled_from([None, 0.5]), st.integers(1, 3), st.booleans())
def test_a_network_goes_on_with_the_buffer_of_another(
    case: Case, unit_major: bool, max_w2: float | None, threads: int, copies: bool
) -> None:
    """Whatever threads do. Nothing of what was there before comes back, and the padding stays 0."""
    engine = ENGINES["float32"]
    case.settings["max_w2"] = max_w2
    options = own_rows(4) if copies and threads > 1 else {}
    one, other = (case.net(engine, unit_major=unit_major) for _ in range(2))
    rows = case.rows(engine)
    train(one, rows, threads=threads, **options)
    train(other, rows, order=np.arange(rows.n)[::-1], threads=threads, **options)
    other.buffer()[:] = one.buffer()
    other.take_buffer()
    assert_same_bits(other, one)
    for i in range(len(case.units)):
        other.set_state(i, one.state(i))
    assert_same_bits(
        train(other, rows, first=rows.n, threads=threads, **options),
        train(one, rows, first=rows.n, threads=threads, **options),
    )
    for net in (one, other):
        assert np.count_nonzero(net.buffer()) == sum(
            np.count_nonzero(v) for pair in parameters(net) for v in pair
        )


@few
@given(cases(largest=60), st.floats(0.1, 3))
def test_what_is_written_is_what_is_read(case: Case, factor: float) -> None:
    """Under a limit of the weights, too."""
    engine = ENGINES["float64"]
    case.settings["max_w2"] = 0.5
    net = train(case.net(engine), case.rows(engine))
    before = parameters(net)
    net.buffer()[:] *= factor
    net.take_buffer()
    want = [(w * factor, b * factor) for w, b in before]
    assert_same_bits(net, want)
