"""A matrix as a PNG of one pixel, or a few, for each value."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from ....arrays import Array

_GREY, _RGB = 0, 2  # kinds of colour of the format
_LOW, _MIDDLE, _HIGH = (
    np.array(each, dtype=float) for each in ((33, 102, 172), (247, 247, 247), (178, 24, 43))
)


def grey(matrix: Array, low: float | None = None, high: float | None = None, zoom: int = 1) -> bytes:
    """A PNG in grey: dark is low, white is high.

    Parameters
    ----------
    matrix : (m, n)
        What is not finite is drawn as the lowest.
    low, high : float, optional
        Of black and white; by default the lowest and highest value.
    zoom : int
        Pixels of a value in both directions.
    """
    values = np.asarray(matrix, dtype=float)
    finite = values[np.isfinite(values)]
    lowest = low if low is not None else float(finite.min()) if len(finite) else 0.0
    highest = high if high is not None else float(finite.max()) if len(finite) else 1.0
    span = (highest - lowest) or 1.0
    shares = np.nan_to_num((values - lowest) / span, nan=0.0, posinf=0.0, neginf=0.0)
    return _png(np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8)[..., None], zoom, _GREY)


def diverging(matrix: Array, reach: float | None = None, zoom: int = 1) -> bytes:
    """A PNG of values around 0: blue below, nearly white at 0, red above.

    Parameters
    ----------
    matrix : (m, n)
        What is not finite is drawn as 0.
    reach : float, optional
        The value of full colour; by default the largest there is.
    zoom : int
        Pixels of a value in both directions.
    """
    values = np.nan_to_num(np.asarray(matrix, dtype=float), nan=0.0, posinf=0.0, neginf=0.0)
    largest = reach or float(np.abs(values).max(initial=0.0)) or 1.0
    shares = np.clip(values / largest, -1, 1)[..., None]
    colours = np.where(shares < 0, _MIDDLE + -shares * (_LOW - _MIDDLE), _MIDDLE + shares * (_HIGH - _MIDDLE))
    return _png(np.rint(colours).astype(np.uint8), zoom, _RGB)


def _png(pixels: Array, zoom: int, kind: int) -> bytes:
    enlarged = pixels.repeat(zoom, axis=0).repeat(zoom, axis=1)
    high, wide = enlarged.shape[:2]
    if not high or not wide:
        return _png(np.zeros((1, 1, pixels.shape[-1]), np.uint8), 1, kind)
    rows = np.zeros((high, 1 + enlarged[0].size), np.uint8)  # each begins with its filter: none
    rows[:, 1:] = enlarged.reshape(high, -1)
    head = struct.pack(">IIBBBBB", wide, high, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
