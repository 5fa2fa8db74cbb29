# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Sums of numbers and of their squares, with weights or without, that are not rounded."""

from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

cdef extern from "exact_sums.h" nogil:
    enum:
        EXACT_RUN, EXACT_WORDS, EXACT_FIRST, EXACT_SECOND
    ctypedef struct ExactSums:
        uint64_t above[EXACT_WORDS]
        uint64_t below[EXACT_WORDS]
        uint64_t second[EXACT_WORDS]
    void exact_whole_powers(int64_t, int64_t, ExactSums *)
    int exact_powers(const double *, int64_t, ExactSums *)
    int exact_weighted_powers(const double *, const double *, int64_t, ExactSums *)

ctypedef fused number:
    double
    int8_t
    uint8_t
    int16_t
    uint16_t


cdef class PowerSums:
    """The sums of w x and w x**2 over finite numbers x and their weights w (1 without weights).

    They are the same for every order of the numbers and every way to cut them into parts. Other numbers are left out.
    One thread adds at a time; sums of different threads know nothing of each other.
    """

    cdef ExactSums sums

    def add(self, const number[::1] numbers):
        """Count some numbers; the GIL is free meanwhile.

        Parameters
        ----------
        numbers : float64, int8, uint8, int16 or uint16 array, (n,)
        """
        cdef int64_t start = 0, i, n = numbers.shape[0], first, second, each
        cdef int32_t few
        cdef uint32_t some
        cdef int failed = 0
        with nogil:
            while start < n and not failed:
                if number is double:
                    failed = exact_powers(&numbers[start], min(n - start, EXACT_RUN), &self.sums)
                else:
                    first = second = 0
                    if number is int8_t or number is uint8_t:  # sums of a run fit into 32 bits: more of them at a time
                        few = some = 0
                        for i in range(start, min(n, start + EXACT_RUN)):
                            few += numbers[i]
                            some += <uint32_t>(<int32_t>numbers[i] * <int32_t>numbers[i])
                        first, second = few, some
                    else:
                        for i in range(start, min(n, start + EXACT_RUN)):
                            each = numbers[i]
                            first += each
                            second += each * each
                    exact_whole_powers(first, second, &self.sums)
                start += EXACT_RUN
        if failed:
            raise MemoryError

    def add_weighted(self, const double[::1] numbers, const double[::1] weights):
        """Count some numbers with weights; the GIL is free meanwhile.

        Parameters
        ----------
        numbers : float64 array, (n,)
        weights : float64 array, (n,)
            From 0 on, finite.
        """
        cdef int64_t start = 0, n = numbers.shape[0]
        cdef int failed = 0
        if weights.shape[0] != n:
            raise ValueError(f"there are {weights.shape[0]} weights of {n} numbers: each number has one")
        with nogil:
            while start < n and not failed:
                failed = exact_weighted_powers(&numbers[start], &weights[start], min(n - start, EXACT_RUN), &self.sums)
                start += EXACT_RUN
        if failed:
            raise MemoryError

    def totals(self):
        """The sums so far, each as a whole number and the exponent of the power of 2 that is its unit."""
        first = whole(self.sums.above) - whole(self.sums.below)
        return (first, EXACT_FIRST), (whole(self.sums.second), EXACT_SECOND)


cdef whole(const uint64_t *words):
    cdef int k
    total = 0
    for k in range(EXACT_WORDS):
        if words[k]:
            total |= <object>words[k] << 64 * k
    return total
