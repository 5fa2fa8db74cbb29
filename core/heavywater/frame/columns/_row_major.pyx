# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Columns side by side as rows, dense or compressed: what NumPy does cell by cell, each in another line of the cache."""

from libc.stdint cimport int16_t, int32_t, int64_t, int8_t, uint16_t, uint8_t
from libc.stdlib cimport free, malloc

import numpy as np

cdef extern from "row_major.h" nogil:
    enum:
        ROW_MAJOR_STEP
    void rows_of_bytes(const uint8_t *const *, int64_t, int64_t, uint8_t *)
    bint zero_bytes(const uint8_t *)
    bint zero_doubles(const double *)

SLACK = ROW_MAJOR_STEP  # places that `compress` needs beyond those of its cells: it writes so many, and keeps what is not 0

cdef int64_t TILE = 256  # rows at most that are scaled together
cdef int64_t TILE_BYTES = 1 << 19  # of such a tile: it stays in the second cache

ctypedef fused narrow:
    int8_t
    uint8_t
    int16_t

ctypedef fused real:
    float
    double

ctypedef fused cell:
    uint8_t
    double

ctypedef fused place:
    uint16_t
    int32_t

ctypedef fused kept:
    uint8_t
    float
    double


def interleave_bytes(uint8_t[:, ::1] out, list columns):
    """out[i, j] = columns[j][i] of bytes.

    Parameters
    ----------
    out : uint8 array (rows, columns)
    columns : list of uint8 array (rows,)
    """
    cdef int64_t n = out.shape[0], count = out.shape[1], j
    cdef const uint8_t[::1] column
    cdef const uint8_t **pointers
    if len(columns) != count:
        raise ValueError(f"there are {len(columns)} columns for {count} places")
    if not n or not count:
        return
    held = [np.ascontiguousarray(each, np.uint8) for each in columns]
    pointers = <const uint8_t **>malloc(count * sizeof(uint8_t *))
    if not pointers:
        raise MemoryError
    try:
        for j in range(count):
            column = held[j]
            if column.shape[0] != n:
                raise ValueError(f"column {j} has {column.shape[0]} cells, there are {n} rows")
            pointers[j] = &column[0]
        with nogil:
            rows_of_bytes(pointers, count, n, &out[0, 0])
    finally:
        free(pointers)


def put_narrow(int16_t[:, :] out, int64_t j, const narrow[::1] column):
    """out[:, j] = column of narrow whole numbers.

    Parameters
    ----------
    out : int16 array (rows, columns)
    j : int
    column : int8, uint8 or int16 array (rows,)
    """
    cdef int64_t i, n = out.shape[0]
    _check(j, out.shape[1], column.shape[0], n)
    with nogil:
        for i in range(n):
            out[i, j] = <int16_t>column[i]


def put_scaled(real[:, :] out, int64_t j, const double[::1] column, double sub, double mul, double fill):
    """out[:, j] = (column - sub) * mul, with `fill` in the place of NaN.

    Parameters
    ----------
    out : float array (rows, columns)
    j : int
    column : float64 array (rows,)
    """
    cdef int64_t i, n = out.shape[0]
    cdef double x
    _check(j, out.shape[1], column.shape[0], n)
    with nogil:
        for i in range(n):
            x = column[i]
            x = fill if x != x else x
            out[i, j] = <real>((x - sub) * mul)


def put_all_scaled(
    real[:, ::1] out, list columns, const double[::1] sub, const double[::1] mul, const double[::1] fill
):
    """out[:, j] = (columns[j] - sub[j]) * mul[j], with fill[j] in the place of NaN.

    Parameters
    ----------
    out : float array (rows, columns)
    columns : list of float64 array (rows,)
    sub, mul, fill : float64 arrays (columns,)
    """
    cdef int64_t rows = out.shape[0], count = out.shape[1], top = 0, bottom
    _check_scales(count, columns, sub, mul, fill)
    if not rows or not count:
        return
    cdef Numbers numbers = Numbers(columns, rows)
    with nogil:
        while top < rows:
            bottom = min(top + TILE, rows)
            _scaled_tile(numbers.pointers, top, bottom, count, &sub[0], &mul[0], &fill[0], &out[top, 0])
            top = bottom


def compress_scaled(
    list columns, const double[::1] mul, const double[::1] fill, place[::1] index, real[::1] value, int64_t[::1] counts
):
    """What `compress` makes of the rows of columns that are scaled, without making them all dense.

    Parameters
    ----------
    columns : list of float64 array (rows,)
    mul, fill : float64 arrays (columns,)
        As for `put_all_scaled`.
    index, value, counts : arrays
        As for `compress`.

    Returns
    -------
    int
        How many cells are not 0.
    """
    cdef int64_t rows = counts.shape[0], count = len(columns), room = index.shape[0], at = 0, found = 0, top = 0, bottom, i
    cdef int64_t height = max(1, min(TILE, TILE_BYTES // (8 * max(1, count))))
    cdef double[::1] tile, sub
    _check_scales(count, columns, mul, mul, fill)
    if value.shape[0] != room:
        raise ValueError("there must be a value for each place")
    if not count or not rows:
        counts[:] = 0
        return 0
    cdef Numbers numbers = Numbers(columns, rows)
    tile, sub = np.empty(height * count), np.zeros(count)
    with nogil:
        while top < rows and found >= 0:
            bottom = min(top + height, rows)
            _scaled_tile(numbers.pointers, top, bottom, count, &sub[0], &mul[0], &fill[0], &tile[0])
            for i in range(bottom - top):
                found = _compress_row(&tile[i * count], count, &index[0], &value[0], at, room)
                if found < 0:
                    break
                counts[top + i] = found
                at += found
            top = bottom
    if found < 0:
        raise ValueError(f"there is room for {room} cells that are not 0, and there are more")
    return at


def count_nonzero(list columns, int64_t rows):
    """How many cells of some columns are not 0.

    Parameters
    ----------
    columns : list of float64 array (rows,)
    rows : int
    """
    cdef int64_t total = 0, count = len(columns), i, j
    cdef const double *column
    cdef Numbers numbers = Numbers(columns, rows)
    with nogil:
        for j in range(count):
            column = numbers.pointers[j]
            for i in range(rows):
                total += column[i] != 0
    return total


def compress(const cell[:, ::1] block, place[::1] index, kept[::1] value, int64_t[::1] counts):
    """The cells of a block that are not 0, row by row.

    Parameters
    ----------
    block : uint8 or float64 array (rows, columns)
    index, value : arrays (k + SLACK,)
        For the columns and the values of the k cells that are not 0; what is behind them is overwritten.
    counts : int64 array (rows,)
        How many each row has.

    Returns
    -------
    int
        How many cells are not 0.

    Raises
    ------
    ValueError
        The room is too small.
    """
    cdef int64_t i, at = 0, found = 0, rows = block.shape[0], columns = block.shape[1], room = index.shape[0]
    if counts.shape[0] != rows or value.shape[0] != room:
        raise ValueError("there must be a count for each row, and a value for each place")
    if not columns:
        counts[:] = 0
        return 0
    with nogil:
        for i in range(rows):
            found = _compress_row(&block[i, 0], columns, &index[0], &value[0], at, room)
            if found < 0:
                break
            counts[i] = found
            at += found
    if found < 0:
        raise ValueError(f"there is room for {room} cells that are not 0, and there are more")
    return at


cdef int64_t _compress_row(
    const cell *row, int64_t columns, place *index, kept *value, int64_t at, int64_t room
) noexcept nogil:
    """The cells of a row that are not 0, from place `at` on: their number, or -1 where the room may be too small."""
    cdef int64_t j = 0, k, end, begun = at
    while j < columns:
        end = min(j + ROW_MAJOR_STEP, columns)
        if end == j + ROW_MAJOR_STEP:
            if cell is uint8_t:
                if zero_bytes(row + j):
                    j = end
                    continue
            else:
                if zero_doubles(row + j):
                    j = end
                    continue
        if at + ROW_MAJOR_STEP > room:
            return -1
        for k in range(j, end):
            index[at] = <place>k
            value[at] = <kept>row[k]
            at += row[k] != 0
        j = end
    return at - begun


cdef void _scaled_tile(
    const double *const *columns, int64_t top, int64_t bottom, int64_t count,
    const double *sub, const double *mul, const double *fill, real *out
) noexcept nogil:
    """Rows `top` to `bottom` of scaled columns, side by side: some columns at a time, so that lines are written as a whole."""
    cdef int64_t i, j = 0, k, end
    cdef double x
    while j < count:
        end = min(j + ROW_MAJOR_STEP, count)
        for i in range(bottom - top):
            for k in range(j, end):
                x = columns[k][top + i]
                x = fill[k] if x != x else x
                out[i * count + k] = <real>((x - sub[k]) * mul[k])
        j = end


cdef class Numbers:
    """Where the cells of some columns are; the columns are held as long."""

    cdef const double **pointers
    cdef list held

    def __cinit__(self, list columns, int64_t rows):
        cdef const double[::1] column
        cdef int64_t j
        self.pointers = <const double **>malloc(max(1, len(columns)) * sizeof(double *))
        if not self.pointers:
            raise MemoryError
        self.held = columns
        for j in range(len(columns)):
            column = columns[j]
            if column.shape[0] != rows:
                raise ValueError(f"column {j} has {column.shape[0]} cells, there are {rows} rows")
            self.pointers[j] = &column[0] if rows else NULL

    def __dealloc__(self):
        free(self.pointers)


cdef _check_scales(int64_t count, list columns, const double[::1] sub, const double[::1] mul, const double[::1] fill):
    if not len(columns) == sub.shape[0] == mul.shape[0] == fill.shape[0] == count:
        raise ValueError(f"there are {len(columns)} columns, {mul.shape[0]} scales and {count} places")


cdef _check(int64_t j, int64_t count, int64_t cells, int64_t rows):
    if not 0 <= j < count:
        raise IndexError(f"column {j} of {count}")
    if cells != rows:
        raise ValueError(f"the column has {cells} cells, there are {rows} rows")
