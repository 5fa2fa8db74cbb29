# How the weights of a layer lie in memory (see kernels.h), and the way to and from plain matrices.

cdef int blocks_per_group(int units, bint batches) noexcept:
    """Columns a group spans, in blocks of 16: from the layer's size only, so that results do not depend on threads.

    Narrow groups share out small layers evenly; wide ones are what BLAS wants. The widest are those of layers that are
    stored by whole rows.
    """
    cdef int n = (units + HW_BLOCK - 1) // HW_BLOCK
    if batches:
        return 1 if n == 1 else 4
    if n >= WHOLE_ROWS_FROM:
        return WIDEST
    return 2 if n in (2, 4, 8) else 1  # small layers that divide evenly: fewer, wider groups


cdef void lay_out(Layer *y, int kind, int units, int64_t inputs, bint unit_major, bint batches) noexcept:
    """Settle the shape of a layer. OUT y: all but its arrays and settings."""
    y.kind = kind
    y.channels = 2 if kind == HW_MAXOUT else 1
    y.units = units
    y.inputs = inputs
    y.blocks = blocks_per_group(units, batches)
    y.width = HW_BLOCK * y.blocks
    y.groups = (units + y.width - 1) // y.width
    y.unit_major = unit_major
    y.whole_rows = y.blocks == WIDEST and not unit_major
    if y.unit_major:
        y.stride = (inputs + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK
    elif y.whole_rows:
        y.stride, y.pitch = y.width, columns_of(y) + HW_BLOCK  # see kernels.h
    else:
        y.stride, y.pitch = (inputs + 1) * y.width, y.width


cdef int columns_of(const Layer *y) noexcept nogil:
    """Columns of all channels, with the padding."""
    return y.channels * y.groups * y.width


cdef tuple shape_of(const Layer *y):
    """Shape of the array of weights."""
    if y.unit_major:
        return columns_of(y), y.stride
    if y.whole_rows:
        return y.inputs + 1, y.pitch
    return y.channels * y.groups, y.inputs + 1, y.width


cdef pack(const Layer *y, matrix, out):
    """Copy (channels, units, inputs) values into an array that is laid out like the weights, whose padding is 0."""
    cdef int c, group, lo, n
    matrix = np.broadcast_to(matrix, (y.channels, y.units, y.inputs))
    for c in range(y.channels):
        for group in range(y.groups):
            lo = group * y.width
            n = min(y.width, y.units - lo)
            part, lo = matrix[c, lo : lo + n], (c * y.groups + group) * y.width
            if y.unit_major:
                out[lo : lo + n, : y.inputs] = part
            elif y.whole_rows:
                out[: y.inputs, lo : lo + n] = part.T
            else:
                out[c * y.groups + group, : y.inputs, :n] = part.T


cdef unpack(const Layer *y, array):
    """The (channels, units, inputs) values of an array that is laid out like the weights."""
    if y.unit_major:
        plain = array[:, : y.inputs]
    elif y.whole_rows:
        plain = array[: y.inputs, : columns_of(y)].T
    else:
        plain = array[:, : y.inputs].transpose(0, 2, 1)
    return plain.reshape(y.channels, y.groups * y.width, y.inputs)[:, : y.units].copy()


cdef pack_columns(const Layer *y, values, out):
    """Copy (channels, units) values into an array with one value per column."""
    out.reshape(y.channels, -1)[:, : y.units] = values


cdef unpack_columns(const Layer *y, array):
    """The (channels, units) values of an array with one value per column."""
    return array.reshape(y.channels, -1)[:, : y.units].copy()
