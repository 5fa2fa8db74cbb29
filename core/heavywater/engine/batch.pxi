# Real mini-batches: one update with the mean gradient of several rows. What a unit does with one row is in activation.pxi,
# what a limit does to its weights in norms.pxi, what is special about the first layer in batch_inputs.pxi.
#
# Each thread takes some rows of the batch forward and back to their errors; then each takes some column groups, sums their
# gradients over all rows and updates them. So threads meet twice per batch. Sums have an order of their own (kernels/batch.h),
# and the result does not depend on the number of threads.

cdef struct BatchLayer:
    int64_t units         # padded units
    int64_t row           # elements from row to row of a and keep
    int64_t wide          # the same of z and g, which have the columns of both channels
    real *a
    real *keep            # 0 where a is 0 for units that are dropped and for no others
    real *z               # a itself, but for Maxout
    real *g
    real *mean_g
    lane_t *mask
    real *g2
    real *turned          # weights, transposed: of each group of the layer below (columns, width)

cdef struct BatchWorker:
    Worker row
    real *gradient        # of some inputs of one column group
    lane_t **used         # by layer: -1 for inputs that are active in some row of this thread
    uint8_t *merged
    Bins bins

cdef struct Batch:
    BatchLayer *layer
    BatchWorker *worker
    Bins *bins            # of all workers
    Barrier barrier
    int team
    int64_t size
    int64_t stride        # row length of x and clean
    bint tracked          # inputs that are active in no row of a batch are left alone
    real *x               # dense numbers
    real *clean
    Active *list          # categories and sparse numbers of every row
    int32_t *unit         # piecewise-linear numbers: the unit that each falls into, and the part of it
    real *part
    real *sums            # running sums of their weights, of each column group
    int64_t sums_stride


cdef inline void product(const Model *m, const real *a, int64_t a_row, int64_t a_step, const real *b, int64_t b_step,
                         const real *start, int64_t start_row, real *c, int64_t c_row, int64_t rows, int64_t columns,
                         int64_t depth, real alpha) noexcept nogil:
    """c (rows, columns) = alpha * (start + a (rows, depth) @ b (depth, columns)); see kernels.h."""
    cdef Product p
    p.a, p.a_row, p.a_step, p.b, p.b_step = a, a_row, a_step, b, b_step
    p.start, p.start_row, p.c, p.c_row = start, start_row, c, c_row
    p.rows, p.columns, p.depth, p.alpha = rows, columns, depth, alpha
    m.k.product(&p)


cdef inline int64_t columns_in(const Layer *y, int group) noexcept nogil:
    """Columns of a group that are units, in whole blocks: the rest of the last group stays 0."""
    cdef int64_t left = y.units - (group % y.groups) * <int64_t>y.width
    return min(<int64_t>y.width, (left + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK)


cdef void batch_net_inputs(const Model *m, Batch *t, int layer, int64_t lo, int64_t hi) noexcept nogil:
    """z of a later layer for rows lo..hi-1. IN a of the layer below; OUT z."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef BatchLayer *below = &t.layer[layer - 1]
    cdef int group
    for group in range(y.channels * y.groups):
        product(m, below.a + lo * below.row, below.row, 1, y.w + group * y.stride, y.width, y.b + group * y.width, 0,
                s.z + lo * s.wide + group * y.width, s.wide, hi - lo, columns_in(y, group), y.inputs, 1)


cdef void batch_activate(const Model *m, const Feed *f, Batch *t, BatchWorker *w, int layer, int64_t first, int64_t lo,
                         int64_t hi, int64_t offset) noexcept nogil:
    """Activations of rows lo..hi-1. IN z; OUT keep, a; w: used inputs of the layer above."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef int64_t k
    cdef real *a
    cdef bint tracked = t.tracked and layer < m.layers - 1
    for k in range(lo, hi):
        a = s.a + k * s.row
        if y.kind == HW_RECTIFIER and y.dropout > 0 and f.hidden_masks == NULL:
            m.k.activate_dropped(y.kind, hw_key(m.seed, layer + 1, f.first_sample + first + k), y.dropout, s.units, a)
        else:
            if y.dropout > 0:
                draw_dropout(m, f, layer, first + k, 0, s.units, offset, s.keep + k * s.row)
            activate_units(m, y, s.z + k * s.wide, s.keep + k * s.row, 0, s.units, a)
    if tracked:
        memset(w.used[layer + 1], 0, s.units * sizeof(lane_t))
        m.k.note_active(hi - lo, s.units, s.a + lo * s.row, s.row, w.used[layer + 1])


cdef void batch_output_error(const Model *m, const Rows *r, const Feed *f, Batch *t, int64_t first, int64_t lo,
                             int64_t hi) noexcept nogil:
    """Rows lo..hi-1. IN r, f, clean, a of the output layer; OUT its g."""
    cdef int top = m.layers - 1
    cdef BatchLayer *s = &t.layer[top]
    cdef Worker w
    cdef int64_t k
    memset(&w, 0, sizeof(w))
    for k in range(lo, hi):
        if t.clean != NULL:
            w.clean = t.clean + k * t.stride
        output_error(m, r, f.order[first + k], &w, s.a + k * s.row, 0, m.layer[top].units, s.g + k * s.wide)


cdef void batch_hidden_error(const Model *m, Batch *t, int layer, int64_t lo, int64_t hi) noexcept nogil:
    """g of a hidden layer for rows lo..hi-1. IN g and turned weights of the layer above, a, z, keep; OUT g of the layer."""
    cdef Layer *y = &m.layer[layer]
    cdef Layer *next = &m.layer[layer + 1]
    cdef BatchLayer *s = &t.layer[layer]
    cdef BatchLayer *above = &t.layer[layer + 1]
    cdef int group
    cdef int64_t k, columns = columns_of(next)
    cdef real *g
    for group in range(y.groups):
        product(m, above.g + lo * above.wide, above.wide, 1, above.turned + group * columns * y.width, y.width, NULL, 0,
                s.g + lo * s.wide + group * y.width, s.wide, hi - lo, columns_in(y, group),
                next.units if next.channels == 1 else columns, 1)
    for k in range(lo, hi):
        g = s.g + k * s.wide
        m.k.derivative(y.kind, s.units, s.a + k * s.row, g, g)
        if y.kind != HW_RECTIFIER:
            drop(y, s.keep + k * s.row, 0, s.units, g)
        if y.kind == HW_MAXOUT:
            route_to_winners(y, s.z + k * s.wide, 0, s.units, g)


cdef void mask_winners(const Layer *y, BatchLayer *s, int group, int64_t n) noexcept nogil:
    """Maxout without fast mode: the columns of one group that won in some row are updated. IN z; OUT mask."""
    cdef int64_t second = y.groups * y.width, lo = (group % y.groups) * y.width, k, u
    cdef bint is_second = group >= y.groups
    cdef const real *z
    for k in range(n):
        z = s.z + k * s.wide
        for u in range(lo, min(lo + y.width, y.units)):
            if (z[second + u] > z[u]) == is_second:
                s.mask[second * is_second + u] = -1


cdef void mean_errors(const Model *m, const Layer *y, BatchLayer *s, int group, int64_t n) noexcept nogil:
    """Mean g and the update mask of one column group. IN g, z; OUT mean_g, mask."""
    cdef int64_t column = group * y.width, u
    cdef int64_t first_unit = (group % y.groups) * y.width
    cdef bint skip = shortcut(y), everything = not skip and (y.channels == 1 or y.step.rule == HW_ADAM)
    for u in range(y.width):
        s.mask[column + u] = -1 if everything and first_unit + u < y.units else 0
    m.k.column_errors(n, y.width, s.g + column, s.wide, s.mean_g + column, s.mask + column)
    if not skip and not everything:
        mask_winners(y, s, group, n)


cdef void apply_gradient(const Model *m, const Layer *y, const Step *step, BatchLayer *s, int group, int64_t first, int64_t n,
                         const real *gradient, const uint8_t *used) noexcept nogil:
    """Update the weights of n inputs to a column group. IN gradient, mask, used; IN OUT m: weights, state; g2."""
    cdef Update p
    cdef const uint8_t *these = NULL
    if used != NULL:
        these = used + first
    memset(&p, 0, sizeof(p))
    p.n = n
    point_weights(y, group * y.stride + first * y.width, &p)
    p.mask, p.g2 = s.mask + group * y.width, s.g2 + group * y.width
    m.k.apply(y.blocks, step, &p, gradient, these)


cdef void update_products(const Model *m, const Layer *y, BatchLayer *s, const Step *step, int group, const real *a, int64_t a_row,
                          int64_t first, int64_t n, real *gradient, const uint8_t *used) noexcept nogil:
    """Update the weights of inputs first, ... to a column group from the values of n rows. IN a, g; gradient: work space."""
    cdef int64_t some
    while first < y.inputs:  # so few inputs at a time that their gradient stays in the first-level cache
        some = min(y.inputs - first, <int64_t>(GRADIENT_BLOCK // y.width))
        product(m, a + first, 1, a_row, s.g + group * y.width, s.wide, NULL, 0, gradient, y.width, some, columns_in(y, group), n,
                <real>1 / n)
        apply_gradient(m, y, step, s, group, first, some, gradient, used)
        first += some


cdef void batch_update(const Model *m, const Rows *r, Batch *t, int layer, int group, int64_t n, const Step *paced_step,
                       real *gradient, const uint8_t *used) noexcept nogil:
    """IN inputs of the layer, g; OUT mean_g, mask, g2; IN OUT m: all arrays of the column group; gradient: work space."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef BatchLayer *below = &t.layer[layer - 1]
    cdef int64_t column = group * y.width
    cdef Step step = paced_step[0]
    mean_errors(m, y, s, group, n)
    if not any_masked(s.mask + column, y.width):
        return
    memset(s.g2 + column, 0, y.width * sizeof(real))
    step.max_w2 = 0
    if layer == 0:
        update_first(m, r, t, &step, group, n, gradient, used)
    else:
        update_products(m, y, s, &step, group, below.a, below.row, 0, n, gradient, used)
    if y.step.max_w2 > 0:
        cap_columns(m, y, group, s.mask + column)
    update_biases(m, y, &step, column, y.width, s.mean_g + column, s.mask + column, s.g2 + column,
                  column if group < y.groups else -1)
    derive_weights(m, r, t, layer, group)


cdef void derive_weights(const Model *m, const Rows *r, Batch *t, int layer, int group) noexcept nogil:
    """What is kept of the weights of a column group in another form. OUT turned, or sums."""
    cdef Layer *y = &m.layer[layer]
    cdef int64_t below
    if layer > 0:
        below = m.layer[layer - 1].width
        m.k.turn(y.inputs, y.width, y.w + group * y.stride, below, columns_of(y) * below,
                 t.layer[layer].turned + group * y.width * below)
    elif t.unit != NULL:
        m.k.running_sums(y.width, r.numbers, r.spans, y.w + group * y.stride + r.first_number * y.width,
                         t.sums + group * t.sums_stride)


cdef void derive_all(const Model *m, const Rows *r, Batch *t, BatchWorker *w) noexcept nogil:
    """The same of all groups of this thread, once at the start."""
    cdef int i, c, group
    for i in range(m.layers):
        for c in range(m.layer[i].channels):
            for group in range(w.row.first[i], w.row.last[i]):
                derive_weights(m, r, t, i, c * m.layer[i].groups + group)


cdef const uint8_t *merged_use(const Model *m, Batch *t, BatchWorker *w, int layer) noexcept nogil:
    """Inputs of a layer that are active in some row of the batch, or NULL where that does not matter. OUT w.merged."""
    cdef int i
    cdef int64_t k
    if not t.tracked:
        return NULL
    memset(w.merged, 0, m.layer[layer].inputs)
    for i in range(t.team):
        for k in range(m.layer[layer].inputs):
            w.merged[k] |= t.worker[i].used[layer][k] != 0
    return w.merged


cdef void note_batch_averages(const Model *m, Batch *t, int layer, int group, int64_t n) noexcept nogil:
    """Running mean activations of one group of units, row by row. IN a; IN OUT m: average."""
    cdef Layer *y = &m.layer[layer]
    cdef int64_t k
    for k in range(n if y.average != NULL else 0):
        note_averages(y, t.layer[layer].a + k * t.layer[layer].row, group * y.width, y.width)


cdef void rows_to_errors(const Model *m, const Rows *r, const Feed *f, Batch *t, BatchWorker *w, int64_t first, int64_t lo,
                         int64_t hi) noexcept nogil:
    """Rows lo..hi-1 of the batch, forward and back. IN r, f, m; OUT t: activations and errors of these rows."""
    cdef int i
    cdef int64_t offset = 0
    decode_batch(m, r, f, t, w, first, lo, hi)
    if t.unit != NULL:
        sort_by_unit(r, t, w, lo, hi)
    for i in range(m.layers):
        if i == 0:
            first_net_inputs(m, r, t, lo, hi)
        else:
            batch_net_inputs(m, t, i, lo, hi)
        batch_activate(m, f, t, w, i, first, lo, hi, offset)
        offset += m.layer[i].units
    batch_output_error(m, r, f, t, first, lo, hi)
    for i in range(m.layers - 2, -1, -1):
        batch_hidden_error(m, t, i, lo, hi)


cdef void train_one_batch(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread, int64_t first,
                          int64_t n) noexcept nogil:
    """Rows first..first+n-1 of the order. IN r, f; IN OUT m: all arrays; t: work space."""
    cdef int i, c, group
    cdef BatchWorker *w = &t.worker[thread]
    cdef Layer *y
    cdef Step step
    cdef double factor = rate_factor(m, <double>f.first_sample + first)
    cdef const uint8_t *used
    rows_to_errors(m, r, f, t, w, first, n * thread // t.team, n * (thread + 1) // t.team)
    barrier_wait(&t.barrier, &w.row.patience)
    for i in range(m.layers - 1, -1, -1):
        y = &m.layer[i]
        if w.row.first[i] == w.row.last[i]:
            continue
        step = paced(m, y, factor, m.updates + first // t.size + 1)
        used = merged_use(m, t, w, i)
        for group in range(w.row.first[i], w.row.last[i]):
            note_batch_averages(m, t, i, group, n)
            for c in range(y.channels):
                batch_update(m, r, t, i, c * y.groups + group, n, &step, w.gradient, used)
    barrier_wait(&t.barrier, &w.row.patience)


cdef void run_batch_thread(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread) noexcept nogil:
    """One thread's part of all batches. IN r, f; IN OUT m: all arrays; t: work space."""
    cdef int64_t first = 0
    cdef unsigned long mode = fpmode_enter()
    derive_all(m, r, t, &t.worker[thread])
    barrier_wait(&t.barrier, &t.worker[thread].row.patience)
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
