"""Which way threads work on a network: by the weights a row touches, and those there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.engine.plan import EXCHANGED_TOGETHER, HOGWILD_FROM, Plan, Strategy, plan, store_by_unit

from .nets import ENGINES, make_ramp_rows, make_rows

ALONE, SHARED_OUT = Plan(1, Strategy.ONE), Plan(4, Strategy.SPLIT)
COPIES, HOGWILD = Plan(4, Strategy.COPIES, EXCHANGED_TOGETHER // 4), Plan(4, Strategy.HOGWILD)


def planned(inputs: int, hidden: int, n: int = HOGWILD_FROM, categories: int = 0, **options: Any) -> Plan:
    category = np.zeros((n, 1)) if categories else None
    rows = make_rows(ENGINES["float32"], np.ones((n, inputs)), category=category, category_units=categories)
    options = {"reproducible": False} | options
    return plan(rows, [hidden, 2], [1, 1], 4, **options)


@pytest.mark.parametrize(("got", "want"), [
    (planned(20, 20), COPIES),
    (planned(20, 20, n=HOGWILD_FROM - 1), ALONE),
    (planned(20, 20, reproducible=True), ALONE),
    (planned(20, 1000), COPIES),
    (planned(20, 1000, reproducible=True), SHARED_OUT),
    (planned(20, 1000, n=100), SHARED_OUT),
    (planned(20, 10_000), SHARED_OUT),
    (planned(20, 20, batch=32), ALONE),
    (planned(20, 300, batch=32), SHARED_OUT),
    (planned(20, 20, batch=1000), SHARED_OUT),
    (planned(2, 20, categories=5000), HOGWILD),
])  # fmt: skip
def test_plan(got: Plan, want: Plan) -> None:
    assert got == want


def test_storage_of_piecewise_linear_numbers() -> None:
    """By unit, unless there are many more units of categories."""
    engine, numbers = ENGINES["float32"], np.zeros((4, 2))
    rows = make_ramp_rows(engine, [0, 8, 16], numbers)
    assert store_by_unit(rows, "Rectifier", 0)
    assert not store_by_unit(rows, "Tanh", 0)
    few, many = (
        make_ramp_rows(engine, [0, 8, 16], numbers, category=np.zeros((4, 1)), category_units=n)
        for n in (4, 99)
    )
    assert store_by_unit(few, "Maxout", 0)
    assert not store_by_unit(many, "Maxout", 0)
