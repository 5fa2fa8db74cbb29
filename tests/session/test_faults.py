"""Some faults of `faults`, of which ``make test-faults`` tries a hundred."""

from __future__ import annotations

import random

from .faults import NODES, ROWS, Fault, Site, check, error_of, run, train, watched


def test_nodes_fail_at_random() -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # which pytest shows where it fails
    check(*run(5, seed, epochs=250))


def test_rows_are_passed_on_by_members_of_which_one_gets_nothing() -> None:
    """Half-open while a node that joins is given the rows: noticed, made up for, and all go on."""
    site = Site(1)
    try:
        with watched(site):
            site.wait()
            fault = Fault("ring half-open", "share", 0.0, 0)
            model, done = train(site, {}, 600, [fault])
            assert done == [fault]
            check(done, [(error_of(model), 0.02)])
            assert abs(model.facts["samples"] - 600 * ROWS) <= NODES
    finally:
        site.close()
