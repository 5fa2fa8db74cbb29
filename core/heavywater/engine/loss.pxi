# Error at the net input of the output layer: the derivative of the loss, with H2O's factor 2 for every regression loss
# and none for classes (they are a matter of choice, so H2O's definitions are kept).

cdef inline double exp_capped(double x) noexcept nogil:
    return min(1e19, exp(x))


cdef double regression_error(const Model *m, double f, double t) noexcept nogil:
    """Derivative of the deviance with respect to the link-scale output f for the target t."""
    cdef double p = m.tweedie_power, d = m.huber_delta
    if m.loss == GAUSSIAN:
        return 2 * (f - t)
    if m.loss == POISSON:
        return 2 * (exp_capped(f) - t)
    if m.loss == GAMMA:
        return 2 * (1 - t * exp_capped(-f))
    if m.loss == TWEEDIE:
        return 2 * (exp_capped(f * (2 - p)) - t * exp_capped(f * (1 - p)))
    if m.loss == LAPLACE:
        return 1 if f > t else -1
    if m.loss == QUANTILE:
        return pinball_error(m.quantile_alpha, f, t)
    if fabs(f - t) <= d:  # HUBER
        return 2 * (f - t)
    return 2 * d if f >= t else -2 * d


cdef inline double pinball_error(real alpha, double f, double t) noexcept nogil:
    return -alpha if t > f else 1 - alpha


cdef void softmax_error(const Model *m, const Layer *out, const real *z, int label, double weight, int first, int last,
                        real *g) noexcept nogil:
    """Every thread finds the maximum and the sum for itself and writes its own units only. IN z: all units; OUT g."""
    cdef double top = z[0], total = 0, y, t, miss = m.smoothing / out.units, hit = 1 - m.smoothing + miss
    cdef int u
    for u in range(1, out.units):
        top = max(top, <double>z[u])
    for u in range(out.units):
        y = exp(z[u] - top)
        total += y
        if first <= u < last:
            g[u] = <real>y
    for u in range(first, last):
        y = g[u] / total
        t = hit if u == label else miss
        g[u] = <real>(weight * ((y - t) if m.loss == CROSS_ENTROPY else (y - t) * (1 - y) * y))


cdef void output_error(const Model *m, const Rows *r, int64_t row, const Worker *w, const real *z, int first, int last,
                       real *g) noexcept nogil:
    """Error of the output units first..last-1 of this row.

    IN r, z: outputs (net inputs for softmax), w.clean (autoencoder); OUT g.
    """
    cdef const Layer *out = &m.layer[m.layers - 1]
    cdef double weight = r.weight[row] if r.weight != NULL else 1
    cdef double shift = r.offset[row] if r.offset != NULL else 0
    cdef int u
    last = min(last, out.units)
    if out.kind == HW_SOFTMAX:
        softmax_error(m, out, z, r.label[row], weight, first, last, g)
    elif m.autoencoder:
        for u in range(first, last):
            g[u] = <real>(weight * regression_error(m, z[u], w.clean[u]))
    elif m.quantiles != NULL:
        for u in range(first, last):
            g[u] = <real>(weight * pinball_error(m.quantiles[u], z[u] + shift, r.target[row]))
    else:
        for u in range(first, last):
            g[u] = <real>(weight * regression_error(m, z[u] + shift, r.target[row]))
