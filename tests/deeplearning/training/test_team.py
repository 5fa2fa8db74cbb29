"""The number of threads follows the measured speed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from heavywater.deeplearning.training.team import Team

Speed = Callable[[int], float]


def free(threads: int) -> float:
    """Rows per second of a machine that has nothing else to do."""
    return 10_000 * threads**0.8


def crowded(threads: int) -> float:
    """Every core has a neighbour at work: whoever waits for another thread waits for its turn."""
    return 5_000 if threads == 1 else 150


def follow(team: Team, speed: Speed, seconds: float) -> list[int]:
    """The teams of so many simulated seconds of training."""
    sizes, clock = [], 0.0
    while clock < seconds:
        rows, threads = team.rows(0.2), team.size
        took = rows / speed(threads)
        team.note(rows, took)
        sizes.append(threads)
        clock += took
    return sizes


@pytest.mark.parametrize("threads", [1, 2, 6, 16])
def test_all_threads_on_a_free_machine(threads: int) -> None:
    sizes = follow(Team(threads), free, 20)
    assert sum(n != threads for n in sizes) <= 1


@pytest.mark.parametrize("threads", [2, 8])
def test_one_thread_on_a_crowded_machine_and_back(threads: int) -> None:
    team = Team(threads)
    follow(team, crowded, 20)
    sizes = follow(team, crowded, 20)
    assert sizes.count(1) >= 0.8 * len(sizes)
    sizes = follow(team, free, 60)
    assert sizes[-5:].count(threads) >= 4
    assert follow(team, crowded, 200)[-5:].count(1) >= 4


def test_a_few_busy_cores_take_some_threads() -> None:
    sizes = follow(Team(16), lambda n: free(n) if n <= 8 else 200, 30)
    assert sizes[-10:].count(8) >= 8


def test_a_disturbed_slice_changes_nothing() -> None:
    team = Team(2)
    follow(team, free, 2)
    for _ in range(20):
        rows = team.rows(0.2)
        team.note(rows, rows / (0.3 * free(2)))
        assert team.size == 2
        assert set(follow(team, free, 0.5)) == {2}


def test_short_ends_of_iterations_do_not_mislead() -> None:
    team = Team(2)
    follow(team, free, 2)
    for _ in range(50):
        team.rows(0.2)
        team.note(3, 0.003)
        assert team.size == 2
        rows = team.rows(0.2)
        team.note(rows, rows / free(2))


def test_little_time_is_lost_to_looking() -> None:
    team, trained, clock = Team(2), 0, 0.0
    while clock < 60:
        rows, threads = team.rows(0.2), team.size
        took = rows / crowded(threads)
        team.note(rows, took)
        trained, clock = trained + rows, clock + took
    assert trained > 0.9 * clock * crowded(1)
