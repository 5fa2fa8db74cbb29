# max_w2: upper limit of the sum of squared incoming weights of a unit. Whoever exceeds it gets his weights scaled down.
#
# Row by row that would need the norm of every column after each of its updates. ADADELTA's steps are small, so there it is
# enough to look at all columns every CAP_EVERY rows; what is shown of the weights is brought within the limit before. `exact`
# looks after each row, at what it has updated, and so do rules whose steps know no bound. Layers that are stored by unit, and
# mini-batches, have a column at hand when they update it.

cdef inline bint lazily_limited(const Layer *y) noexcept nogil:
    """Whether columns of this layer may be beyond the limit between two looks."""
    return y.step.max_w2 > 0 and y.step.cap_rows > 1 and not y.unit_major


cdef void cap_groups(const Model *m, const Layer *y, int first, int last, const lane_t *mask) noexcept nogil:
    """Groups first..last-1 of every channel. IN mask: columns that may be scaled, or NULL for all; IN OUT y: weights."""
    cdef int c, group
    for c in range(y.channels):
        for group in range(c * y.groups + first, c * y.groups + last):
            cap_columns(m, y, group, mask + group * y.width if mask != NULL else NULL)


cdef void cap_columns(const Model *m, const Layer *y, int group, const lane_t *mask) noexcept nogil:
    """The same for one group, whose mask that is."""
    m.k.cap(y.blocks, y.inputs, y.pitch, y.step.max_w2, mask, y.w + group * y.stride)


cdef void cap_after_row(const Model *m, const Shared *s, const Worker *w, int64_t number) noexcept nogil:
    """This thread's columns, when their turn has come; number: of the row in its stream. IN s.mask; IN OUT m: weights."""
    cdef int i
    cdef Layer *y
    for i in range(m.layers):
        y = &m.layer[i]
        if y.step.max_w2 <= 0 or y.unit_major:
            continue
        if y.step.cap_rows == 1:
            cap_groups(m, y, w.first[i], w.last[i], s[i].mask)
        elif (number + 1) % y.step.cap_rows == 0:
            cap_groups(m, y, w.first[i], w.last[i], NULL)


cdef void cap_network(const Model *m, bint all_layers) noexcept nogil:
    """All columns, of all layers or of those that may be beyond the limit. IN OUT m: weights."""
    cdef int i
    for i in range(m.layers):
        if all_layers or lazily_limited(&m.layer[i]):
            cap_layer(m, &m.layer[i])


cdef void cap_layer(const Model *m, const Layer *y) noexcept nogil:
    if y.step.max_w2 > 0 and y.unit_major:
        cap_units(y)
    elif y.step.max_w2 > 0:
        cap_groups(m, y, 0, y.groups, NULL)


cdef void cap_units(const Layer *y) noexcept nogil:
    """A layer that is stored by unit: streams in a race, and the sum of what copies have changed, can take it beyond the limit."""
    cdef int64_t u, k
    cdef real *w
    cdef real factor
    cdef double norm2
    for u in range(columns_of(y)):
        w, norm2 = y.w + u * y.stride, 0
        for k in range(y.inputs):
            norm2 += <double>w[k] * w[k]
        if norm2 > y.step.max_w2 * (1 + 1e-6):  # the update itself leaves them there but for rounding
            factor = <real>sqrt(y.step.max_w2 / norm2)
            for k in range(y.inputs):
                w[k] *= factor
