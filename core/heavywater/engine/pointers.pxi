# Pointers into arrays.

ctypedef fused number:
    real
    double


cdef inline number *shifted(number *p, int64_t at) noexcept nogil:
    """p + at, and NULL for an array that is not there."""
    return p + at if p != NULL else NULL


cdef void *address(array) noexcept:
    """Data pointer of a numpy array, NULL for None."""
    return NULL if array is None else <void *> <size_t> array.ctypes.data
