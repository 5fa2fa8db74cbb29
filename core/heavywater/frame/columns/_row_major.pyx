# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Columns side by side as rows, dense or compressed: what NumPy does cell by cell, each in another line of the cache."""

from libc.stdint cimport int16_t, int32_t, int64_t, int8_t, uint16_t, uint8_t
from libc.stdlib cimport free, malloc

import numpy as np

cdef extern from "row_major.h" nogil:
    void rows_of_bytes(const uint8_t *const *, int64_t, int64_t, uint8_t *)
    bint all_zero(const uint8_t *)

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


def compress(const cell[:, ::1] block, place[::1] index, kept[::1] value, int64_t[::1] counts):
    """The cells of a block that are not 0, row by row.

    Parameters
    ----------
    block : uint8 or float64 array (rows, columns)
    index, value : arrays (k,)
        For the columns and the values of the k cells that are not 0.
    counts : int64 array (rows,)
        How many each row has.
    """
    cdef int64_t i, j, end, at = 0, before, rows = block.shape[0], columns = block.shape[1], room = index.shape[0]
    cdef const cell *row
    cdef bint full = False
    if counts.shape[0] != rows or value.shape[0] != room:
        raise ValueError("there must be a count for each row, and a value for each place")
    if not columns:
        counts[:] = 0
        return
    with nogil:
        for i in range(rows):
            before, row, j = at, &block[i, 0], 0
            while j < columns:
                end = min(j + 8, columns)
                if cell is uint8_t:
                    if end == j + 8 and all_zero(row + j):
                        j = end
                        continue
                while j < end:
                    if row[j] != 0:
                        if at == room:
                            full = True
                            break
                        index[at] = <place>j
                        value[at] = <kept>row[j]
                        at += 1
                    j += 1
                if full:
                    break
            counts[i] = at - before
    if full or at != room:
        raise ValueError(f"there is room for {room} cells that are not 0, and there are others")


cdef _check(int64_t j, int64_t count, int64_t cells, int64_t rows):
    if not 0 <= j < count:
        raise IndexError(f"column {j} of {count}")
    if cells != rows:
        raise ValueError(f"the column has {cells} cells, there are {rows} rows")
