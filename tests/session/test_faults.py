"""Some faults of `faults`, of which ``make test-faults`` tries a hundred at random."""

from __future__ import annotations

import random

import pytest

from .faults import NODES, ROWS, Fault, Site, check, error_of, train, watched


@pytest.mark.long
def test_nodes_are_lost_one_after_another() -> None:
    """One that gets nothing of what others pass on to who joins is among them."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # which pytest shows where it fails
    site = Site(seed)
    delay = lambda: site.random.uniform(0, 0.3)  # noqa: E731
    faults = [
        Fault(site.random.choice(["kill", "cut"]), "train", delay(), 0),
        Fault("ring half-open", "share", 0.0, site.random.choice([0, 1000])),
        Fault("ring cut", "train", delay(), site.random.randrange(10_000)),
        Fault(site.random.choice(["stop", "half-open"]), "train", delay(), 0),
    ]
    try:
        with watched(site):
            site.wait()
            model, done = train(site, {}, 500, faults)
        assert done
        check(done, [(error_of(model), 0.02)])
        assert abs(model.facts["samples"] - 500 * ROWS) <= NODES
    finally:
        site.close()
