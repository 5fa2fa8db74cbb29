# max_w2: upper limit of the sum of squared incoming weights of a unit.
#
# Weights are stored divided by a scale per column, so that a rescaling costs one number, not a column. To fold is to
# multiply them out, which brings the scales back to 1, and to compute the norms exactly.

cdef void fold_network(const Model *m) noexcept nogil:
    """IN OUT m: weights, scales and norms of all layers that have scales."""
    cdef int i
    for i in range(m.layers):
        if m.layer[i].scale != NULL:
            fold_layer(&m.layer[i])


cdef void fold_layer(const Layer *y) noexcept nogil:
    fold_groups(y, 0, y.groups)


cdef void fold_groups(const Layer *y, int first, int last) noexcept nogil:
    """Groups first..last-1 of every channel."""
    cdef int group, c
    for c in range(y.channels):
        for group in range(c * y.groups + first, c * y.groups + last):
            fold_group(y, group)


cdef void fold_group(const Layer *y, int group) noexcept nogil:
    """IN OUT y: w and scale of this group; OUT inverse and norm2."""
    cdef int u, column = group * y.width
    cdef int64_t k
    cdef real *w
    for u in range(y.width):
        y.norm2[column + u] = 0
    for k in range(y.inputs):
        w = y.w + group * y.stride + k * y.pitch
        for u in range(y.width):
            w[u] *= y.scale[column + u]
            y.norm2[column + u] += <double>w[u] * w[u]
    for u in range(y.width):
        y.scale[column + u] = 1
        y.inverse[column + u] = 1


cdef void cap_norms(const Layer *y, int group, const lane_t *mask, bint alone) noexcept nogil:
    """Rescale the columns of a group that this row updated and that are above the limit.

    A scale that keeps shrinking would leave float32's range, so the group is folded in time. Other streams could be at
    work on the same weights in HOGWILD mode: there the rescaling waits for the fold at the end of the call.

    IN mask: of this group; IN OUT y: scale, inverse and norm2 of this group, its weights where it is folded.
    """
    cdef int u, column = group * y.width
    cdef double scale
    cdef bint small = False
    for u in range(column, column + y.width):
        if mask[u - column] and y.norm2[u] > y.step.max_w2:
            scale = y.scale[u] * sqrt(y.step.max_w2 / y.norm2[u])
            if scale < 1e-9:
                small = True
                if not alone:
                    continue
            y.scale[u] = <real>scale
            y.inverse[u] = <real>1 / y.scale[u]
            y.norm2[u] = y.step.max_w2
    if small and alone:
        fold_group(y, group)


cdef void cap_columns(const Layer *y, int group, const lane_t *mask, real *norm2) noexcept nogil:
    """After a mini-batch: exact norms of the whole group, and no scales.

    IN mask: of this group; OUT norm2: work space for its columns; IN OUT y: its weights.
    """
    cdef int64_t i, u
    cdef real *w = y.w + group * y.stride
    memset(norm2, 0, y.width * sizeof(real))
    for i in range(y.inputs):
        for u in range(y.width):
            norm2[u] += w[i * y.width + u] * w[i * y.width + u]
    for u in range(y.width):
        norm2[u] = <real>sqrt(y.step.max_w2 / norm2[u]) if mask[u] and norm2[u] > y.step.max_w2 else 1
    for i in range(y.inputs):
        for u in range(y.width):
            w[i * y.width + u] *= norm2[u]
