"""Which way threads work on a network: by the weights a row touches, and those there are."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.engine.plan import EXCHANGED_TOGETHER, HOGWILD_FROM, Plan, Strategy, plan

from .nets import ENGINES, make_rows

ALONE, SHARED_OUT = Plan(1, Strategy.ONE), Plan(4, Strategy.SPLIT)
COPIES, HOGWILD = Plan(4, Strategy.COPIES, EXCHANGED_TOGETHER // 4), Plan(4, Strategy.HOGWILD)


def planned(inputs: int, hidden: int, n: int = HOGWILD_FROM, categories: int = 0, **options: bool) -> Plan:
    category = np.zeros((n, 1)) if categories else None
    rows = make_rows(ENGINES["float32"], np.ones((n, inputs)), category=category, category_units=categories)
    options = {"reproducible": False, "batches": False} | options
    return plan(rows, [hidden, 2], [1, 1], 4, **options)


@pytest.mark.parametrize(("got", "want"), [
    (planned(20, 20), COPIES),
    (planned(20, 20, n=HOGWILD_FROM - 1), ALONE),
    (planned(20, 20, reproducible=True), ALONE),
    (planned(20, 1000), COPIES),
    (planned(20, 1000, reproducible=True), SHARED_OUT),
    (planned(20, 1000, n=100), SHARED_OUT),
    (planned(20, 10_000), SHARED_OUT),
    (planned(20, 20, batches=True), SHARED_OUT),
    (planned(2, 20, categories=5000), HOGWILD),
])  # fmt: skip
def test_plan(got: Plan, want: Plan) -> None:
    assert got == want
