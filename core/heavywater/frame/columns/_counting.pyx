# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What is done to rows whose keys are small whole numbers: counting, adding up, sorting, joining, picking.

Codes are from 0 to ``size`` - 1, which is looked at: others raise an IndexError. Sums are added up in the order of the rows.
"""

from libc.math cimport NAN
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free

import numpy as np

cdef extern from "counting.h" nogil:
    enum:
        AHEAD "COUNTING_AHEAD"
    void fetch "COUNTING_FETCH"(const void *)
    double middle(double *, int64_t)
    ctypedef struct CountingSlot:
        int64_t value, number
    int64_t counting_number(const int64_t *, int64_t, int64_t, CountingSlot *, int, int64_t *, int64_t *, int64_t *)
    void counting_refill(const int64_t *, int64_t, CountingSlot *, int)
    int64_t bytes_equal_to(const uint8_t *, int64_t, uint8_t)

cdef enum:
    BLOCK = 1 << 15  # codes that are looked at and then, while they lie in a cache, used

ctypedef fused code:
    int32_t
    int64_t

ctypedef fused row:
    int32_t
    int64_t

ctypedef fused cell:
    uint8_t
    uint16_t
    uint32_t
    uint64_t

ctypedef fused value:
    int64_t
    double


cdef check(const code[::1] codes, int64_t size):
    """Refuse codes that are not from 0 to size - 1."""
    cdef int64_t i, n = codes.shape[0]
    cdef code low = 0, high = -1
    with nogil:
        for i in range(n):
            low = min(low, codes[i])
            high = max(high, codes[i])
    if low < 0 or high >= size:
        raise IndexError(f"codes from {low} to {high}, there are {size}")


def first_rows(const code[::1] codes, int64_t size):
    """First row of each code, -1 where none has it; int64 (size,). What comes after all are found is not looked at."""
    cdef int64_t i, at, n = codes.shape[0], left = size
    found = np.full(size, -1, np.int64)
    cdef int64_t[::1] first = found
    cdef const code[::1] block
    for at in range(0, n, BLOCK):
        if not left:
            break
        block = codes[at:min(n, at + BLOCK)]
        check(block, size)
        with nogil:
            for i in range(block.shape[0]):
                if first[block[i]] < 0:
                    first[block[i]] = at + i
                    left -= 1
    return found


def renumber(code[::1] codes, const int32_t[::1] number):
    """codes = number[codes], in their place."""
    cdef int64_t i, n = codes.shape[0]
    cdef const code[::1] seen = codes
    check(seen, number.shape[0])
    with nogil:
        for i in range(n):
            codes[i] = number[codes[i]]


def counts(const code[::1] codes, int64_t size):
    """Rows of each code; int64 (size,)."""
    cdef int64_t i, at, n = codes.shape[0]
    found = np.zeros(size, np.int64)
    cdef int64_t[::1] out = found
    cdef const code[::1] block
    for at in range(0, n, BLOCK):
        block = codes[at:min(n, at + BLOCK)]
        check(block, size)
        with nogil:
            for i in range(block.shape[0]):
                out[block[i]] += 1
    return found


def add_sums(const code[::1] codes, const double[::1] numbers, double[::1] totals, int64_t[::1] counts):
    """Add the numbers of each code, and how many there are, to what there is; float64 and int64 (codes,)."""
    cdef int64_t i, n = codes.shape[0], size = totals.shape[0]
    same_length(n, numbers.shape[0])
    same_length(size, counts.shape[0])
    check(codes, size)
    with nogil:
        for i in range(n):
            totals[codes[i]] += numbers[i]
            counts[codes[i]] += 1


def add_totals(const code[::1] codes, const double[::1] numbers, double[::1] totals):
    """Add the numbers of each code to what there is; float64 (codes,)."""
    cdef int64_t i, n = codes.shape[0]
    same_length(n, numbers.shape[0])
    check(codes, totals.shape[0])
    with nogil:
        for i in range(n):
            totals[codes[i]] += numbers[i]


def add_deviations(const code[::1] codes, const double[::1] numbers, const double[::1] means, double[:, ::1] sums):
    """Add what is between the numbers and the mean of their code, and its squares; float64 (codes, 2)."""
    cdef int64_t i, n = codes.shape[0], size = means.shape[0]
    cdef double off
    same_length(n, numbers.shape[0])
    same_length(size, sums.shape[0])
    same_length(2, sums.shape[1])
    check(codes, size)
    with nogil:
        for i in range(n):
            off = numbers[i] - means[codes[i]]
            sums[codes[i], 0] += off
            sums[codes[i], 1] += off * off


def add_extremes(const code[::1] codes, const double[::1] numbers, double[::1] out, bint greatest):
    """Put the least or the greatest number of each code and of what there is in its place, NaN where one is missing."""
    cdef int64_t i, n = codes.shape[0]
    cdef double x
    same_length(n, numbers.shape[0])
    check(codes, out.shape[0])
    with nogil:
        if greatest:
            for i in range(n):
                x = numbers[i]
                if not x <= out[codes[i]] and out[codes[i]] == out[codes[i]]:
                    out[codes[i]] = x
        else:
            for i in range(n):
                x = numbers[i]
                if not x >= out[codes[i]] and out[codes[i]] == out[codes[i]]:
                    out[codes[i]] = x


def medians(const code[::1] codes, const double[::1] numbers, int64_t size):
    """The median of the numbers of each code, NaN where one is missing and without any; float64 (size,)."""
    cdef int64_t i, k, n = codes.shape[0]
    same_length(n, numbers.shape[0])
    check(codes, size)
    result, begin, kept = np.zeros(size), np.zeros(size + 1, np.int64), np.empty(n)
    cdef double[::1] out = result, sorted_numbers = kept
    cdef int64_t[::1] place = begin
    with nogil:
        starts(codes, place)
        for i in range(n):
            k = codes[i]
            if numbers[i] != numbers[i]:
                out[k] = NAN
            sorted_numbers[place[k]] = numbers[i]
            place[k] += 1  # ends where the next one begins
        for k in range(size):
            i = place[k - 1] if k else 0
            if i == place[k]:
                out[k] = NAN
            elif out[k] == 0:
                out[k] = middle(&sorted_numbers[i], place[k] - i)
    return result


cdef void starts(const code[::1] codes, int64_t[::1] place) noexcept nogil:
    """Where each code begins among the rows in order; place is 0 everywhere, one longer than there are codes."""
    cdef int64_t i, k, n = codes.shape[0], size = place.shape[0] - 1, sum = 0, count
    for i in range(n):
        place[codes[i]] += 1
    for k in range(size + 1):
        count = place[k]
        place[k] = sum
        sum += count


def sorted_rows(const code[::1] codes, int64_t size, row[::1] order):
    """Put the rows into `order` by their codes, equal ones in their own order.

    Returns
    -------
    int64 array (size + 1,)
        Where each code begins.
    """
    cdef int64_t i, k, n = codes.shape[0]
    same_length(n, order.shape[0])
    check(codes, size)
    begin = np.zeros(size + 1, np.int64)
    cdef int64_t[::1] place = begin
    with nogil:
        starts(codes, place)
        for i in range(n):
            k = codes[i]
            order[place[k]] = <row>i
            place[k] += 1
        for k in range(size, 0, -1):
            place[k] = place[k - 1]
        place[0] = 0
    return begin


def part_sizes(const code[::1] codes, int64_t size, int shift):
    """Rows of each part of the codes, those that are equal above `shift` bits; int64 (parts,)."""
    cdef int64_t i, n = codes.shape[0]
    check(codes, size)
    found = np.zeros(((max(1, size) - 1) >> shift) + 1, np.int64)
    cdef int64_t[::1] out = found
    with nogil:
        for i in range(n):
            out[codes[i] >> shift] += 1
    return found


def part_codes(const code[::1] codes, int shift, int64_t[::1] place, code[::1] apart):
    """Put the codes of each part together, in their own order.

    Parameters
    ----------
    codes : int32 or int64 array (rows,)
    shift : int
    place : int64 array (parts,)
        Where the next code of each part goes; moves on.
    apart : array of all rows
        Result.
    """
    cdef int64_t i, p, n = codes.shape[0], count = place.shape[0], room = apart.shape[0]
    cdef bint fine = True
    with nogil:
        for i in range(n):
            p = codes[i] >> shift
            if p < 0 or p >= count or place[p] < 0 or place[p] >= room:
                fine = False
                break
            apart[place[p]] = codes[i]
            place[p] += 1
    if not fine:
        raise IndexError("the codes are not those that were counted")


def sorted_parts(
    const code[::1] apart, int shift, const int64_t[::1] parts, int64_t first, int64_t last, int64_t[::1] begin, row[::1] within
):
    """Put the rows of each of some parts into the order of their codes, equal ones in their own order.

    Parameters
    ----------
    apart : int32 or int64 array (rows,)
        Codes of which those of a part are together.
    shift : int
    parts : int64 array (parts + 1,)
        Where each part begins.
    first, last : int
        Parts from `first` to `last` - 1 are looked at.
    begin : int64 array (size + 1,)
        Result: where each code of these parts ends, one place behind its own; 0 before.
    within : int32 or int64 array (rows,)
        Result: the place in `apart` that the row at each place comes from.
    """
    cdef int64_t i, k, p, at, n = apart.shape[0], size = begin.shape[0] - 1, low, high
    cdef bint fine = True
    same_length(n, within.shape[0])
    if not 0 <= first <= last < parts.shape[0]:
        raise IndexError(f"parts {first} to {last}, there are {parts.shape[0] - 1}")
    with nogil:
        for p in range(first, last):
            low, high, at = p << shift, min(size, (p + 1) << shift), parts[p]
            if at < 0 or parts[p + 1] > n:
                fine = False
                break
            for i in range(at, parts[p + 1]):
                if apart[i] < low or apart[i] >= high:
                    fine = False
                    break
                begin[apart[i] + 1] += 1
            if not fine:
                break
            for k in range(low, high):
                i = begin[k + 1]
                begin[k + 1] = at
                at += i
            for i in range(parts[p], parts[p + 1]):
                k = apart[i] + 1
                within[begin[k]] = <row>i
                begin[k] += 1  # ends where the next one begins
    if not fine:
        raise IndexError("the codes of a part are not together")


def reordered(
    const code[::1] codes, int shift, const int64_t[::1] parts, const row[::1] within, const cell[::1] cells,
    cell[::1] together, cell[::1] out,
):
    """Cells of rows in the order that `sorted_parts` has found; `together` is room for as many."""
    cdef int64_t i, p, at, n = codes.shape[0], count = parts.shape[0] - 1
    cdef bint fine = True
    same_length(n, within.shape[0])
    same_length(n, cells.shape[0])
    same_length(n, out.shape[0])
    same_length(n, together.shape[0])
    begin_of = np.array(parts)
    cdef int64_t[::1] next_row = begin_of
    with nogil:
        for i in range(n):
            p = codes[i] >> shift
            if p < 0 or p >= count or next_row[p] >= n:
                fine = False
                break
            together[next_row[p]] = cells[i]
            next_row[p] += 1
        if fine:
            for i in range(n):
                at = within[i]
                if at < 0 or at >= n:
                    fine = False
                    break
                out[i] = together[at]
    if not fine:
        raise IndexError("the codes are not those whose order was found")


def paired(
    const row[::1] own, const int64_t[::1] own_starts, const row[::1] other, const int64_t[::1] other_starts,
    bint keep_all, row[::1] left, row[::1] right,
):
    """Each own row of a key with each other row of that key, in this order; -1 for none, where all own rows are kept.

    Parameters
    ----------
    own, other : int array
        Rows in the order of their keys.
    own_starts, other_starts : int64 array (keys + 1,)
        Where those of each key begin.
    keep_all : bool
    left, right : int array (pairs,)
        Results.
    """
    cdef int64_t k, i, j, at = 0, room = left.shape[0], keys = own_starts.shape[0] - 1
    cdef bint full = False
    same_length(room, right.shape[0])
    same_length(keys, other_starts.shape[0] - 1)
    if own_starts[keys] > own.shape[0] or other_starts[keys] > other.shape[0]:
        raise IndexError("keys have more rows than there are")
    with nogil:
        for k in range(keys):
            if other_starts[k] == other_starts[k + 1]:
                if not keep_all:
                    continue
                if at + own_starts[k + 1] - own_starts[k] > room:
                    full = True
                    break
                for i in range(own_starts[k], own_starts[k + 1]):
                    left[at], right[at] = own[i], -1
                    at += 1
                continue
            if at + (own_starts[k + 1] - own_starts[k]) * (other_starts[k + 1] - other_starts[k]) > room:
                full = True
                break
            for i in range(own_starts[k], own_starts[k + 1]):
                for j in range(other_starts[k], other_starts[k + 1]):
                    left[at], right[at] = own[i], other[j]
                    at += 1
    if full or at != room:
        raise ValueError(f"there is room for {room} pairs, and there are others")


def gather(const cell[::1] cells, const row[::1] rows, cell[::1] out):
    """out = cells[rows]; negative rows count from the end.

    Parameters
    ----------
    cells, out : uint8, uint16, uint32 or uint64 array
    rows : int32 or int64 array, as long as `out`
    """
    cdef int64_t i, at, n = rows.shape[0], size = cells.shape[0]
    cdef bint fine = True
    same_length(n, out.shape[0])
    with nogil:
        for i in range(n):
            if i + AHEAD < n:
                fetch(&cells[0] + rows[i + AHEAD])
            at = rows[i]
            if at < 0:
                at += size
            if at < 0 or at >= size:
                fine = False
                break
            out[i] = cells[at]
    if not fine:
        raise IndexError(f"row {rows[i]}: there are {size}")


def numbered(const value[::1] values, const int64_t[::1] order, row[::1] out):
    """Number each value among the different ones, given the rows in their order; how many there are."""
    cdef int64_t i, n = values.shape[0], found = 0
    cdef value before = 0, each
    same_length(n, order.shape[0])
    same_length(n, out.shape[0])
    if not n:
        return 0
    check(order, n)
    before = values[order[0]]
    with nogil:
        for i in range(n):
            if i + AHEAD < n:
                fetch(&values[0] + order[i + AHEAD])
                fetch(&out[0] + order[i + AHEAD])
            each = values[order[i]]
            found += each != before
            before = each
            out[order[i]] = <row>found
    return found + 1


def distinct(const int64_t[::1] values):
    """Number of each value in the order of their first rows; int64 (rows,), and the values; int64 (values,)."""
    cdef int64_t i = 0, n = values.shape[0], found = 0
    cdef int bits = 10
    cdef CountingSlot *slots = NULL
    numbers, different = np.empty(n, np.int64), np.empty(n, np.int64)
    cdef int64_t[::1] number = numbers, first = different
    while i < n:
        free(slots)
        slots = <CountingSlot *>calloc(<size_t>1 << bits, sizeof(CountingSlot))
        if not slots:
            raise MemoryError
        with nogil:
            counting_refill(&first[0], found, slots, bits)
            i = counting_number(&values[0], i, n, slots, bits, &found, &first[0], &number[0])
        bits += 2
    free(slots)
    return numbers, different[:found].copy()


def bytes_like(const uint8_t[::1] text, uint8_t wanted):
    """How often a byte occurs."""
    cdef int64_t found = 0
    if text.shape[0]:
        with nogil:
            found = bytes_equal_to(&text[0], text.shape[0], wanted)
    return found


cdef same_length(int64_t one, int64_t other):
    if one != other:
        raise ValueError(f"{one} and {other} cells, which must be as many")
