# max_w2: upper limit of the sum of squared incoming weights of a unit.
#
# Weights are stored divided by a scale per column, so that a rescaling costs one number, not a column. To fold is to
# multiply them out, which brings the scales back to 1, and to compute the norms exactly.
#
# A sum of squares is kept up with every update. Streams that race for it lose some of each other's changes, most of all where
# weights grow, and after 100 000 rows it could be a small part of the truth: there it is computed anew more often, and what
# they leave at the end of a call is within the limit again.

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


cdef void refresh_norms(const Model *m, const Worker *w, uint64_t sample) noexcept nogil:
    """Compute the norms anew from time to time: of this thread's groups, or of a whole layer that other streams train, too.

    IN OUT m: norms, also weights and scales where no other stream is at work on them.
    """
    cdef int i
    cdef Layer *y
    if sample % MEASURE_EVERY != 0:  # of which FOLD_EVERY is a multiple
        return
    for i in range(m.layers):
        y = &m.layer[i]
        if y.scale == NULL:
            continue
        if w.alone:
            if sample % FOLD_EVERY == 0:
                fold_groups(y, w.first[i], w.last[i])
        elif sample % (MEASURE_EVERY + <uint64_t>y.inputs // 4 // MEASURE_EVERY * MEASURE_EVERY) == 0:
            measure_layer(y)


cdef void measure_layer(const Layer *y) noexcept nogil:
    """Norms without folding. What other streams change meanwhile is not counted. IN y: w, scale; OUT norm2."""
    cdef int block, column, u
    cdef int64_t k
    cdef const real *w
    cdef double sums[HW_BLOCK]
    for block in range(columns_of(y) // HW_BLOCK):
        column = block * HW_BLOCK
        memset(sums, 0, sizeof(sums))
        w = y.w + column // y.width * y.stride + column % y.width
        for k in range(y.inputs):
            for u in range(HW_BLOCK):
                sums[u] += <double>w[k * y.pitch + u] * w[k * y.pitch + u]
        for u in range(HW_BLOCK):
            y.norm2[column + u] = sums[u] * y.scale[column + u] * y.scale[column + u]


cdef void cap_network(const Model *m) noexcept nogil:
    """Bring back the units that streams in a race, or the sum of what copies have changed, took beyond the limit, and fold.

    IN OUT m: weights, scales and norms.
    """
    cdef int i
    for i in range(m.layers):
        if m.layer[i].scale != NULL:
            cap_layer(&m.layer[i])
        elif m.layer[i].unit_major and m.layer[i].step.max_w2 > 0:
            cap_units(&m.layer[i])


cdef void cap_layer(const Layer *y) noexcept nogil:
    cdef int u
    measure_layer(y)
    for u in range(columns_of(y)):
        if y.norm2[u] > y.step.max_w2:
            y.scale[u] *= <real>sqrt(y.step.max_w2 / y.norm2[u])
    fold_layer(y)


cdef void cap_units(const Layer *y) noexcept nogil:
    """The same for a layer that is stored by unit and has no scales."""
    cdef int64_t u, k
    cdef real *w
    cdef real factor
    cdef double norm2
    for u in range(columns_of(y)):
        w, norm2 = y.w + u * y.stride, 0
        for k in range(y.inputs):
            norm2 += <double>w[k] * w[k]
        if norm2 > y.step.max_w2:
            factor = <real>sqrt(y.step.max_w2 / norm2)
            for k in range(y.inputs):
                w[k] *= factor


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
