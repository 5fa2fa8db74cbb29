# From net inputs to activations and from errors back to gradients at the net input, for units lo..lo+n-1 of one row.
# Single rows and mini-batches share it.
#
# Arrays are those of one row of a layer: z and g have a value per column (second channel behind the first), a, e and keep
# one per unit.

cdef inline bint shortcut(const Layer *y) noexcept nogil:
    """Whether units without a gradient are left alone (H2O's fast mode, or where it makes no difference)."""
    if y.step.rule == HW_ADAM:  # its means go on without a gradient
        return False
    return y.step.fast or (y.step.rule == HW_SGD and y.step.l1 == 0 and y.step.l2 == 0 and y.centre == NULL)


cdef inline const real *second_channel(const Layer *y, const real *z) noexcept nogil:
    """Maxout: net inputs of the second channel, which wins where it is larger."""
    return z + <int64_t>y.groups * y.width


cdef inline void draw_dropout(const Model *m, const Feed *f, int layer, int64_t sample, int64_t lo, int64_t n, int64_t offset,
                              real *keep) noexcept nogil:
    """OUT keep: 1 or 0; offset: hidden units of the layers below."""
    cdef int64_t u
    if f.hidden_masks != NULL:
        for u in range(lo, min(lo + n, m.layer[layer].units)):
            keep[u] = f.hidden_masks[sample * f.hidden_units + offset + u]
        return
    m.k.dropout(hw_key(m.seed, layer + 1, f.first_sample + sample), m.layer[layer].dropout, lo, n, keep + lo)


cdef inline void drop(const Layer *y, const real *keep, int64_t lo, int64_t n, real *x) noexcept nogil:
    """IN OUT x: 0 for units that are dropped."""
    cdef int64_t u
    if y.dropout > 0:
        for u in range(lo, lo + n):
            x[u] = x[u] if keep[u] != 0 else 0


cdef inline void activate_units(const Model *m, const Layer *y, const real *z, const real *keep, int64_t lo, int64_t n,
                                real *a) noexcept nogil:
    """IN z, keep (read under dropout only); OUT a, which may be z itself."""
    cdef int64_t u
    cdef const real *other
    if y.kind == HW_MAXOUT:
        other = second_channel(y, z)
        for u in range(lo, lo + n):
            a[u] = other[u] if other[u] > z[u] else z[u]
    else:
        if a != z:
            memcpy(a + lo, z + lo, n * sizeof(real))
        m.k.activate(y.kind, n, a + lo)
    drop(y, keep, lo, n, a)


cdef inline void note_averages(const Layer *y, const real *a, int64_t lo, int64_t n) noexcept nogil:
    """IN a of one row; IN OUT y: running mean activations, where they are kept."""
    cdef int64_t u
    cdef real *average = y.average
    if average != NULL:
        for u in range(lo, lo + n):
            average[u] = <real>0.999 * average[u] + <real>0.001 * a[u]


cdef inline void unit_gradients(const Model *m, const Layer *y, const real *a, const real *e, const real *keep, int64_t lo,
                                int64_t n, real *g) noexcept nogil:
    """IN a, e, keep (read under dropout only); OUT g: of the first channel, see `route_to_winners`."""
    m.k.derivative(y.kind, n, a + lo, e + lo, g + lo)
    drop(y, keep, lo, n, g)


cdef inline void route_to_winners(const Layer *y, const real *z, int64_t lo, int64_t n, real *g) noexcept nogil:
    """Maxout: the gradient goes to the channel that won. IN z; IN OUT g."""
    cdef int64_t u
    cdef const real *other = second_channel(y, z)
    cdef real *second = g + <int64_t>y.groups * y.width
    for u in range(lo, lo + n):
        second[u] = g[u] if other[u] > z[u] else 0
        g[u] = 0 if other[u] > z[u] else g[u]


cdef inline bint any_masked(const lane_t *mask, int n) noexcept nogil:
    cdef int u
    cdef lane_t any_lane = 0
    for u in range(n):
        any_lane |= mask[u]
    return any_lane != 0
