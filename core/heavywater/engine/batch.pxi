# Real mini-batches: one update with the mean gradient of several rows, on BLAS. What a unit does with one row is in
# activation.pxi, what a limit does to its weights in norms.pxi.
#
# The threads share out rows while decoding and column groups everywhere else. Products are made per group by
# single-threaded BLAS, so the result does not depend on the number of threads.

cdef struct BatchLayer:
    int64_t columns       # of both channels together
    int64_t units         # padded units: row length of a and keep
    real *a
    real *keep
    real *z
    real *e
    real *g
    real *mean_g
    lane_t *mask
    real *g2
    uint8_t *used         # units that are active in some row

cdef struct BatchWorker:
    Worker row
    real *gradient        # of one column group
    uint8_t *used         # input units active in some row this thread decoded
    uint8_t *merged

cdef struct Batch:
    BatchLayer *layer
    BatchWorker *worker
    Barrier barrier
    int team
    int64_t size
    int64_t stride        # row length of x
    real *x
    real *clean
    Active *list          # sparse input: active units of every row
    bint sparse


cdef inline void product(const real *a, int64_t lda, const real *b, int64_t ldb, real *c, int64_t ldc, int64_t m, int64_t n,
                         int64_t k, bint trans_a, bint trans_b, double alpha, double beta) noexcept nogil:
    """c (m, n) = alpha * a (m, k) @ b (k, n) + beta * c, all row-major; a and b may be given transposed."""
    cdef int mi = <int>m, ni = <int>n, ki = <int>k, la = <int>lda, lb = <int>ldb, lc = <int>ldc
    cdef char ta = b"T" if trans_a else b"N", tb = b"T" if trans_b else b"N"
    cdef float alpha4 = <float>alpha, beta4 = <float>beta
    # BLAS is column-major: row-major c = a b is column-major c' = b' a'
    if sizeof(real) == 4:
        sgemm(&tb, &ta, &ni, &mi, &ki, &alpha4, <float *>b, &lb, <float *>a, &la, &beta4, <float *>c, &lc)
    else:
        dgemm(&tb, &ta, &ni, &mi, &ki, &alpha, <double *>b, &lb, <double *>a, &la, &beta, <double *>c, &lc)


cdef void decode_batch(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread, int64_t first, int64_t n) noexcept nogil:
    """This thread's rows of the batch: rows thread, thread + team, ... IN r, f; OUT t: list or x, clean; used."""
    cdef BatchWorker *w = &t.worker[thread]
    cdef int64_t k = thread, i, row
    memset(w.used, 0, r.inputs + 4)
    while k < n:
        row = f.order[first + k]
        w.row.clean = shifted(t.clean, k * t.stride)
        if t.sparse:
            w.row.active[0] = t.list[k]
            decode_row(m, r, f, &w.row, row, first + k)
            t.list[k].n = w.row.active[0].n
            for i in range(t.list[k].n):
                w.used[t.list[k].index[i]] = 1
        else:
            w.row.x = t.x + k * t.stride
            decode_row(m, r, f, &w.row, row, first + k)
            for i in range(r.inputs):
                w.used[i] |= w.row.x[i] != 0
        k += t.team


cdef void merge_used(Batch *t, int thread, int64_t inputs) noexcept nogil:
    """IN used of every thread; OUT merged of this one."""
    cdef int i
    cdef int64_t k
    memcpy(t.worker[thread].merged, t.worker[0].used, inputs)
    for i in range(1, t.team):
        for k in range(inputs):
            t.worker[thread].merged[k] |= t.worker[i].used[k]


cdef void batch_net_inputs(const Model *m, Batch *t, int layer, int group, int64_t n) noexcept nogil:
    """z of one column group for all rows. IN inputs of the layer; OUT z."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef int64_t column = group * y.width, k
    if layer == 0 and t.sparse:
        for k in range(n):
            m.k.forward(y.blocks, y.w + group * y.stride, t.list[k].index, t.list[k].value, t.list[k].n, y.b + column, NULL,
                        s.z + k * s.columns + column)
        return
    for k in range(n):
        memcpy(s.z + k * s.columns + column, y.b + column, y.width * sizeof(real))
    if layer == 0:
        product(t.x, t.stride, y.w + group * y.stride, y.width, s.z + column, s.columns, n, y.width, y.inputs, False, False, 1, 1)
    else:
        product(t.layer[layer - 1].a, t.layer[layer - 1].units, y.w + group * y.stride, y.width, s.z + column, s.columns,
                n, y.width, y.inputs, False, False, 1, 1)


cdef void batch_activate(const Model *m, const Feed *f, Batch *t, int layer, int group, int64_t first, int64_t n,
                         int64_t offset) noexcept nogil:
    """Units of one group, all rows. IN z; OUT keep, a, used of the layer; IN OUT m: running mean activations."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef int64_t lo = group * y.width, k, u
    cdef real *a
    cdef real *keep
    cdef uint8_t *used = s.used
    memset(used + lo, 0, y.width)
    for k in range(n):
        a, keep = s.a + k * s.units, s.keep + k * s.units
        if y.dropout > 0:
            draw_dropout(m, f, layer, first + k, lo, y.width, offset, keep)
        activate_units(m, y, s.z + k * s.columns, keep, lo, y.width, a)
        for u in range(lo, lo + y.width):
            used[u] |= a[u] != 0


cdef void batch_output_error(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread, int64_t first, int64_t n) noexcept nogil:
    """This thread's rows. IN r, f, clean, a of the output layer; OUT its g."""
    cdef int top = m.layers - 1
    cdef BatchLayer *s = &t.layer[top]
    cdef Worker w
    cdef int64_t k = thread
    memset(&w, 0, sizeof(w))
    while k < n:
        if t.clean != NULL:
            w.clean = t.clean + k * t.stride
        output_error(m, r, f.order[first + k], &w, s.a + k * s.units, 0, m.layer[top].units, s.g + k * s.columns)
        k += t.team


cdef void batch_hidden_error(const Model *m, Batch *t, int layer, int group, int64_t n) noexcept nogil:
    """g of one group of units of a hidden layer, from the layer above before its update.

    IN g and weights of the layer above, a, z, keep; OUT e, g of the layer.
    """
    cdef Layer *y = &m.layer[layer]
    cdef Layer *next = &m.layer[layer + 1]
    cdef BatchLayer *s = &t.layer[layer]
    cdef BatchLayer *above = &t.layer[layer + 1]
    cdef int64_t lo = group * y.width, units = min(y.width, y.units - lo), k
    cdef int c
    cdef real *g
    for c in range(next.channels * next.groups):
        product(above.g + c * next.width, above.columns, next.w + c * next.stride + lo * next.width, next.width, s.e + lo,
                s.units, n, units, next.width, False, True, 1, 0 if c == 0 else 1)
    for k in range(n):
        g = s.g + k * s.columns
        unit_gradients(m, y, s.a + k * s.units, s.e + k * s.units, s.keep + k * s.units, lo, y.width, g)
        if y.kind == HW_MAXOUT:
            route_to_winners(y, s.z + k * s.columns, lo, y.width, g)


cdef void mask_winners(const Layer *y, BatchLayer *s, int group, int64_t n) noexcept nogil:
    """Maxout without fast mode: the columns of one group that won in some row are updated. IN z; OUT mask."""
    cdef int64_t second = y.groups * y.width, lo = (group % y.groups) * y.width, k, u
    cdef bint is_second = group >= y.groups
    cdef const real *z
    for k in range(n):
        z = s.z + k * s.columns
        for u in range(lo, min(lo + y.width, y.units)):
            if (z[second + u] > z[u]) == is_second:
                s.mask[second * is_second + u] = -1


cdef void mean_errors(const Layer *y, BatchLayer *s, int group, int64_t n) noexcept nogil:
    """Mean g and the update mask of one column group. IN g, z; OUT mean_g, mask."""
    cdef int64_t column = group * y.width, k, u
    cdef int64_t first_unit = (group % y.groups) * y.width
    cdef bint skip = shortcut(y), everything = not skip and (y.channels == 1 or y.step.rule == HW_ADAM)
    for u in range(y.width):
        s.mean_g[column + u] = 0
        s.mask[column + u] = -1 if everything and first_unit + u < y.units else 0
    for k in range(n):
        for u in range(y.width):
            s.mean_g[column + u] += s.g[k * s.columns + column + u]
            if s.g[k * s.columns + column + u] != 0:
                s.mask[column + u] = -1
    for u in range(y.width):
        s.mean_g[column + u] /= n
    if not skip and y.channels > 1:
        mask_winners(y, s, group, n)


cdef void batch_gradient(const Model *m, Batch *t, int layer, int group, int64_t n, real *gradient) noexcept nogil:
    """Mean gradient (inputs, width) of one column group. IN inputs of the layer and g; OUT gradient."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef int64_t column = group * y.width, k, j, u
    cdef real x
    cdef real *row
    cdef const real *g
    if layer > 0:
        product(t.layer[layer - 1].a, t.layer[layer - 1].units, s.g + column, s.columns, gradient, y.width, y.inputs, y.width, n,
                True, False, 1.0 / n, 0)
    elif not t.sparse:
        product(t.x, t.stride, s.g + column, s.columns, gradient, y.width, y.inputs, y.width, n, True, False, 1.0 / n, 0)
    else:
        memset(gradient, 0, (y.inputs + 1) * y.width * sizeof(real))
        for k in range(n):
            g = s.g + k * s.columns + column
            for j in range(t.list[k].n):
                x = t.list[k].value[j] / n
                row = gradient + t.list[k].index[j] * y.width
                for u in range(y.width):
                    row[u] += x * g[u]


cdef void batch_update(const Model *m, Batch *t, int layer, int group, int64_t n, const Step *paced_step, real *gradient,
                       const uint8_t *used) noexcept nogil:
    """IN g; OUT mean_g, mask, g2; IN OUT m: all arrays of the column group; gradient: work space."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef int64_t column = group * y.width
    cdef Step step = paced_step[0]
    cdef Update p
    mean_errors(y, s, group, n)
    if not any_masked(s.mask + column, y.width):
        return
    batch_gradient(m, t, layer, group, n, gradient)
    memset(&p, 0, sizeof(p))
    memset(s.g2 + column, 0, y.width * sizeof(real))
    p.n = y.inputs
    point_weights(y, group * y.stride, &p)
    p.mask = s.mask + column
    p.g2 = s.g2 + column
    step.max_w2 = 0
    m.k.apply(y.blocks, &step, &p, gradient, used if step.fast and step.rule != HW_ADAM else NULL)
    if y.step.max_w2 > 0:
        cap_columns(y, group, s.mask + column, gradient)
    update_biases(m, y, &step, column, y.width, s.mean_g + column, s.mask + column, s.g2 + column,
                  column if group < y.groups else -1)


cdef void train_one_batch(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread, int64_t first,
                          int64_t n) noexcept nogil:
    """Rows first..first+n-1 of the order. IN r, f; IN OUT m: all arrays; t: work space."""
    cdef int i, c, group, top = m.layers - 1
    cdef int64_t offset = 0
    cdef BatchWorker *w = &t.worker[thread]
    cdef Layer *y
    cdef Step step
    cdef double factor = rate_factor(m, <double>f.first_sample + first)
    decode_batch(m, r, f, t, thread, first, n)
    barrier_wait(&t.barrier, &w.row.patience)
    merge_used(t, thread, r.inputs)
    for i in range(m.layers):
        y = &m.layer[i]
        for group in range(w.row.first[i], w.row.last[i]):
            for c in range(y.channels):
                batch_net_inputs(m, t, i, c * y.groups + group, n)
            batch_activate(m, f, t, i, group, first, n, offset)
        offset += y.units
        barrier_wait(&t.barrier, &w.row.patience)
    batch_output_error(m, r, f, t, thread, first, n)
    barrier_wait(&t.barrier, &w.row.patience)
    for i in range(top, -1, -1):
        y = &m.layer[i]
        if i > 0:
            for group in range(w.row.first[i - 1], w.row.last[i - 1]):
                batch_hidden_error(m, t, i - 1, group, n)
            barrier_wait(&t.barrier, &w.row.patience)  # the weights above are read before anyone updates them
        step = paced(m, y, factor, m.updates + first // t.size + 1)
        for c in range(y.channels):
            for group in range(w.row.first[i], w.row.last[i]):
                batch_update(m, t, i, c * y.groups + group, n, &step, w.gradient, w.merged if i == 0 else t.layer[i - 1].used)
    barrier_wait(&t.barrier, &w.row.patience)


cdef void run_batch_thread(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread) noexcept nogil:
    """One thread's part of all batches. IN r, f; IN OUT m: all arrays; t: work space."""
    cdef int64_t first = 0
    cdef unsigned long mode = fpmode_enter()
    while first < f.n:
        train_one_batch(m, r, f, t, thread, first, min(t.size, f.n - first))
        first += t.size
    fpmode_leave(mode)


cdef void run_batches(const Model *m, const Rows *r, const Feed *f, Batch *t) noexcept:
    """IN r, f; IN OUT m: all arrays; t: work space."""
    cdef int thread, n_threads = t.team
    with nogil, parallel(num_threads=n_threads):
        thread = threadid()
        run_batch_thread(m, r, f, t, thread)
