# From net inputs to activations and from errors back to gradients at the net input, for units lo..lo+n-1 of one row.
# Single rows and mini-batches share it.
#
# Arrays are those of one row of a layer: z and g have a value per column (second channel behind the first), a, e and keep
# one per unit.

cdef inline bint shortcut(const Layer *y) noexcept nogil:
    """Whether units without a gradient are left alone (H2O's fast mode, or where it makes no difference)."""
    return y.step.fast or (y.step.rule == HW_SGD and y.step.l1 == 0 and y.step.l2 == 0 and y.centre == NULL)


cdef inline bint second_wins(const Layer *y, const real *z, int64_t u) noexcept nogil:
    """Maxout: whether the second channel of unit u is the larger one."""
    return z[y.groups * y.width + u] > z[u]


cdef void draw_dropout(const Model *m, const Feed *f, int layer, int64_t sample, int lo, int n, int64_t offset,
                       real *keep) noexcept nogil:
    """OUT keep: 1 or 0; offset: hidden units of the layers below."""
    cdef int u
    if f.hidden_masks != NULL:
        for u in range(lo, min(lo + n, m.layer[layer].units)):
            keep[u] = f.hidden_masks[sample * f.hidden_units + offset + u]
        return
    m.k.dropout(hw_key(m.seed, layer + 1, f.first_sample + sample), m.layer[layer].dropout, lo, n, keep + lo)


cdef inline void drop(const Layer *y, const real *keep, int lo, int n, real *x) noexcept nogil:
    """IN OUT x: 0 for units that are dropped."""
    cdef int u
    if y.dropout > 0:
        for u in range(lo, lo + n):
            x[u] = x[u] if keep[u] != 0 else 0


cdef inline void activate_units(const Model *m, const Layer *y, const real *z, const real *keep, int lo, int n,
                                real *a) noexcept nogil:
    """IN z, keep (read under dropout only); OUT a; IN OUT y: running mean activations."""
    cdef int u
    if y.kind == HW_MAXOUT:
        for u in range(lo, lo + n):
            a[u] = z[y.groups * y.width + u] if second_wins(y, z, u) else z[u]
    else:
        memcpy(a + lo, z + lo, n * sizeof(real))
        m.k.activate(y.kind, n, a + lo)
    drop(y, keep, lo, n, a)
    if y.average != NULL:
        for u in range(lo, lo + n):
            y.average[u] = <real>0.999 * y.average[u] + <real>0.001 * a[u]


cdef inline void unit_gradients(const Model *m, const Layer *y, const real *a, const real *e, const real *keep, int lo, int n,
                                real *g) noexcept nogil:
    """IN a, e, keep (read under dropout only); OUT g: of the first channel, see `route_to_winners`."""
    m.k.derivative(y.kind, n, a + lo, e + lo, g + lo)
    drop(y, keep, lo, n, g)


cdef inline void route_to_winners(const Layer *y, const real *z, int lo, int n, real *g) noexcept nogil:
    """Maxout: the gradient goes to the channel that won. IN z; IN OUT g."""
    cdef int u, second = y.groups * y.width
    for u in range(lo, lo + n):
        if second_wins(y, z, u):
            g[second + u] = g[u]
            g[u] = 0
        else:
            g[second + u] = 0


cdef inline bint any_masked(const lane_t *mask, int n) noexcept nogil:
    cdef int u
    cdef lane_t any_lane = 0
    for u in range(n):
        any_lane |= mask[u]
    return any_lane != 0
