"""What the figures of Adam beside PyTorch's come to, on made-up runs, and the data that is trained."""

from __future__ import annotations

import pytest

from .optimiser import page
from .optimiser.tasks import TASKS

TASK = TASKS[0]
RATES = {("heavywater", 1): 300.0, ("torch", 1): 90.0, ("fused", 1): 100.0, ("heavywater", 2): 500.0, ("torch", 2): 260.0,
         ("fused", 2): 200.0}  # fmt: skip


def runs(ours: float = 0.021) -> list[dict]:
    return [
        {"task": TASK.name, "engine": engine, "threads": threads, "seed": seed, "rows_per_second": rate * seed,
         "processor_seconds": 600 / rate, "seconds": 601 / rate,
         "test_error": (ours if engine == "heavywater" else 0.02) * seed, "version": "1"}
        for (engine, threads), rate in RATES.items() for seed in (1, 2, 3)
    ]  # fmt: skip


def test_errors_are_means_and_speeds_medians():
    assert page.errors(TASK, runs(), ours=True) == pytest.approx([0.021, 0.042, 0.063])
    assert page.error_ratio(TASK, runs()) == pytest.approx(1.05)
    assert page.speed(TASK, runs(), "torch", 2) == 520


def test_speed_is_over_the_faster_form():
    assert page.work_ratio(TASK, runs()) == pytest.approx(3)
    assert page.speed_ratio(TASK, [run for run in runs() if run["threads"] == 1], 2) is None
    assert page.speed_ratio(TASK, runs(), 1) == pytest.approx(3)
    assert page.speed_ratio(TASK, runs(), 2) == pytest.approx(500 / 260)


@pytest.mark.parametrize(("ours", "said"), [(0.0209, "reached"), (0.022, "**missed**")])
def test_the_page_says_what_was_reached(ours, said):
    text = page.markdown({"date": "d", "processor": "p", "cores": 2}, [TASK], runs(ours))
    lines = [line for line in text.split("\n") if line.startswith("- ")]
    assert lines[0].endswith(said) and lines[1].endswith("3.00, reached")
    assert "4.00% (±1.15%)" in text and " 600 |" in text and "2.0 s | 6.7 s | 6.0 s | 3.00" in text


@pytest.mark.parametrize(("factor", "told"), [(1, False), (2, True)])
def test_other_work_is_told_of(factor, told):
    busy = [run | {"seconds": run["seconds"] * factor} for run in runs()]
    text = page.markdown({"date": "d", "processor": "p", "cores": 2}, [TASK], busy)
    assert ("beside other work**: PyTorch's one thread had 50%" in text) is told


def test_both_are_given_the_same():
    job = TASK.quick().__dict__ | {"data": ""}
    assert (job["epochs"], job["rows"]) == (1, 1000)
    assert len({task.name for task in TASKS}) == len(TASKS)
    assert {task.batch for task in TASKS if task.data == "mnist"} == {32, 128}
