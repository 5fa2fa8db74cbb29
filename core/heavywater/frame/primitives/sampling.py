"""Random numbers for rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..columns import Column
from ..frame import Frame
from .arguments import whole
from .registry import primitive


@primitive("h2o.runif")
def runif(frame: Frame, seed: Any = -1) -> Frame:
    """Uniform random numbers in [0, 1), one for each row.

    Counter-based (Philox): number i depends only on the seed and on i, so the same frame and seed always
    give the same numbers. A seed of -1 takes a fresh one from the operating system.
    """
    key = whole(seed, "runif: seed")
    if key == -1:
        key = int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
    generator = np.random.Generator(np.random.Philox(key=key % 2**128))
    return Frame(["rnd"], [Column("real", generator.random(frame.nrow))])
