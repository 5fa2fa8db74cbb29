"""Some rows of a frame, where all would take too long."""

from __future__ import annotations

import numpy as np

from ...frame.frame import Frame


def spread_rows(frame: Frame, most: int) -> Frame:
    """At most so many rows, evenly spread."""
    if frame.nrow <= most:
        return frame
    return frame.take(np.linspace(0, frame.nrow - 1, most).astype(np.intp))
