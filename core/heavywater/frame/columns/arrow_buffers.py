"""Arrow arrays to numpy arrays and back, by their buffers.

pyarrow's own ways import pandas, which takes longer than reading a small file; and the copies that they make
of arrays with missing cells are not needed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array

_LARGE = 1 << 22  # bytes, from which on NumPy wants large pages


def values_of(cells: Any) -> Array:
    """The cells of an Arrow array of numbers or timestamps, as a view; what is beneath missing ones is undefined."""
    import pyarrow as pa

    kind = (
        "f" if pa.types.is_floating(cells.type) else "u" if pa.types.is_unsigned_integer(cells.type) else "i"
    )
    dtype = np.dtype(f"{kind}{cells.type.bit_width // 8}")
    buffer = cells.buffers()[1]
    if buffer is None or not len(cells):
        return np.zeros(len(cells), dtype)
    return np.frombuffer(buffer, dtype, len(cells), cells.offset * dtype.itemsize)


def missing_of(cells: Any) -> Array | None:
    """Which cells of an Arrow array are missing, None when none is."""
    if not cells.null_count:
        return None
    bits = cells.buffers()[0]
    if bits is None:  # an array of type null
        return np.ones(len(cells), bool)
    start = cells.offset // 8
    used = np.frombuffer(bits, np.uint8)[start : (cells.offset + len(cells) + 7) // 8]
    valid = np.unpackbits(used, bitorder="little")[cells.offset - 8 * start :][: len(cells)]
    absent: Array = valid == 0
    return absent


def flags_of(cells: Any) -> Array:
    """The cells of an Arrow array of booleans, False where missing."""
    start = cells.offset // 8
    bits = np.frombuffer(cells.buffers()[1], np.uint8)[start : (cells.offset + len(cells) + 7) // 8]
    flags = np.unpackbits(bits, bitorder="little")[cells.offset - 8 * start :][: len(cells)].view(bool)
    missing = missing_of(cells)
    return flags if missing is None else flags & ~missing


def texts_of(cells: Any) -> list[str]:
    """The cells of an Arrow array of strings, of which none is missing."""
    _, offsets, data = cells.buffers()
    if data is None or not len(cells):
        return [""] * len(cells)
    ends = np.frombuffer(offsets, np.int32, len(cells) + 1, cells.offset * 4).tolist()
    everything = data.slice(ends[0], ends[-1] - ends[0]).to_pybytes()
    first = ends[0]
    if everything.isascii():
        text = everything.decode("ascii")
        return [text[a - first : b - first] for a, b in zip(ends, ends[1:], strict=False)]
    return [everything[a - first : b - first].decode() for a, b in zip(ends, ends[1:], strict=False)]


def arrow_numbers(values: Array, missing: Array | None = None) -> Any:
    """Arrow array over a contiguous array of numbers, without a copy."""
    import pyarrow as pa

    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [valid_bits(missing), pa.py_buffer(values)])


def arrow_flags(flags: Array) -> Any:
    """Arrow array of booleans."""
    import pyarrow as pa

    bits = pa.py_buffer(np.packbits(flags, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(flags), [None, bits])


def arrow_texts(texts: Sequence[str]) -> Any:
    """Arrow array of strings, none missing."""
    import pyarrow as pa

    everything = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.zeros(len(everything) + 1, np.int32)
    np.cumsum([len(text) for text in everything], out=ends[1:])
    return pa.Array.from_buffers(
        pa.string(), len(everything), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(everything))]
    )


def valid_bits(missing: Array | None) -> Any:
    """Arrow's bitmap of the cells that are not missing, None when all are there."""
    import pyarrow as pa

    return None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))


def fresh(cells: int, dtype: Any) -> Array:
    """An array to be written to once, from one end to the other or here and there; a large one takes memory as it is written.

    NumPy has large arrays in pages of 2 MB. These are cleared as a whole, and a virtual machine may have to fetch them
    from its host, which takes longer than filling them once.
    """
    size = cells * np.dtype(dtype).itemsize
    if size < _LARGE:
        return np.empty(cells, dtype)
    import pyarrow as pa

    return np.frombuffer(pa.allocate_buffer(size, pa.system_memory_pool()), dtype)
