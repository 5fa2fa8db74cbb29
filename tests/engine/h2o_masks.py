"""The input dropout masks of the recorded H2O runs, from H2O's generator (PCG-XSH-RR 64/32, stream 1)."""

from __future__ import annotations

import numpy as np
from heavywater.engine.initial import uniforms

INPUT_DROPOUT = 0x1337B4BE


def widened(seed: int) -> int:
    """H2O fills up seeds whose halves hold few bits."""
    seed &= (1 << 64) - 1
    if (seed >> 32) < 0xFFFF:
        seed |= 0x5B93000000000000
    if (seed & 0xFFFFFFFF) < 0xFFFF:
        seed |= 0xDB910000
    return seed


def input_masks(part: slice, rows: int, inputs: int, seed: int, ratio: float) -> np.ndarray:
    """Masks (samples, inputs) of samples trained in natural order: each is keyed by its number."""
    draws = [
        uniforms(widened(sample + seed + INPUT_DROPOUT), inputs) for sample in range(part.start, part.stop)
    ]
    return (np.array(draws) >= ratio).astype(np.uint8)
