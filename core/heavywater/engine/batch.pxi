# Real mini-batches: one update with the mean gradient of several rows. What a unit does with one row is in activation.pxi,
# what a limit does to its weights in norms.pxi, what is special about the first layer in batch_inputs.pxi.
#
# Each thread takes some rows of the batch forward and back to their errors; then each takes some inputs of every layer, sums the
# gradients of their weights over all rows and updates them; then each takes some columns, for what depends on all inputs of a
# column. So threads meet three times per batch. Sums have an order of their own (kernels/batch.h, and g2 below), and the result
# does not depend on the number of threads.

cdef struct BatchLayer:
    int64_t units         # padded units
    int64_t row           # elements from row to row of a and keep
    int64_t wide          # the same of z and g, which have the columns of both channels
    real *a
    real *keep            # 0 where a is 0 for units that are dropped and for no others
    real *z               # a itself, but for Maxout
    real *g
    real *g2              # parts (parts, columns): of listed inputs and ramps, then of each block of inputs
    int64_t parts

cdef struct BatchWorker:
    Worker row
    int64_t first_block[MAX_LAYERS]  # its blocks of inputs of each layer
    int64_t last_block[MAX_LAYERS]
    real *gradient        # of some inputs of one column group
    real *inputs          # values of a block of inputs, (inputs, rows)
    real *above           # errors of a strip of rows, (columns, rows)
    real *below
    real *errors          # of all rows, by column groups (groups, rows, width)
    real **mean_g         # by layer
    lane_t **mask
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


cdef inline Product product_of(const real *a, int64_t a_row, int64_t a_step, const real *b, int64_t b_step, real *c, int64_t c_row,
                               int64_t rows, int64_t columns, int64_t depth) noexcept nogil:
    """c (rows, columns) = a (rows, depth) @ b (depth, columns); see kernels.h."""
    cdef Product p
    memset(&p, 0, sizeof(p))
    p.a, p.a_row, p.a_step, p.b, p.b_step = a, a_row, a_step, b, b_step
    p.c, p.c_row, p.rows, p.columns, p.depth, p.alpha = c, c_row, rows, columns, depth, 1
    return p


cdef inline int64_t columns_in(const Layer *y, int group) noexcept nogil:
    """Columns of a group that are units, in whole blocks: the rest of the last group stays 0."""
    cdef int64_t left = y.units - (group % y.groups) * <int64_t>y.width
    return min(<int64_t>y.width, (left + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK)


cdef inline int64_t units_in(const Layer *y, int group) noexcept nogil:
    """Columns of a group that are units."""
    return min(<int64_t>y.width, y.units - (group % y.groups) * <int64_t>y.width)


cdef void batch_net_inputs(const Model *m, Batch *t, int layer, int64_t lo, int64_t hi) noexcept nogil:
    """z of a later layer for rows lo..hi-1. IN a of the layer below; OUT z."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef BatchLayer *below = &t.layer[layer - 1]
    cdef int group
    cdef Product p
    for group in range(y.channels * y.groups):
        p = product_of(below.a + lo * below.row, below.row, 1, y.w + group * y.stride, y.width, s.z + lo * s.wide + group * y.width,
                       s.wide, hi - lo, columns_in(y, group), y.inputs)
        p.start = y.b + group * y.width
        m.k.product(&p)


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


cdef void pass_down(const Model *m, Batch *t, BatchWorker *w, int layer, int64_t lo, int64_t n) noexcept nogil:
    """Errors of at most STRIP rows times the weights of a layer. IN g of the layer; OUT g of the layer below.

    Here the rows of the batch are the columns of the product, so the weights are used as they lie.
    """
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef BatchLayer *below = &t.layer[layer - 1]
    cdef int group
    cdef Product p
    m.k.turn(n, columns_of(y), s.g + lo * s.wide, s.wide, w.above, STRIP)
    for group in range(y.channels * y.groups):
        p = product_of(y.w + group * y.stride, y.width, 1, w.above + group * y.width * STRIP, STRIP, w.below, STRIP,
                       y.inputs, (n + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK, units_in(y, group))
        p.start = w.below if group > 0 else NULL
        p.start_row = STRIP
        p.next[0], p.next_row = p.a + INPUT_BLOCK * y.width, y.width
        m.k.product(&p)
    m.k.turn(y.inputs, n, w.below, STRIP, below.g + lo * below.wide, below.wide)


cdef void batch_hidden_error(const Model *m, Batch *t, BatchWorker *w, int layer, int64_t lo, int64_t hi) noexcept nogil:
    """g of a hidden layer for rows lo..hi-1. IN g of the layer above, a, z, keep; OUT g of the layer."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef int64_t k = lo
    cdef real *g
    while k < hi:
        pass_down(m, t, w, layer + 1, k, min(hi - k, <int64_t>STRIP))
        k += STRIP
    for k in range(lo, hi):
        g = s.g + k * s.wide
        m.k.derivative(y.kind, s.units, s.a + k * s.row, g, g)
        if y.kind != HW_RECTIFIER:
            drop(y, s.keep + k * s.row, 0, s.units, g)
        if y.kind == HW_MAXOUT:
            route_to_winners(y, s.z + k * s.wide, 0, s.units, g)


cdef void mask_winners(const Layer *y, BatchLayer *s, int group, int64_t n, lane_t *mask) noexcept nogil:
    """Maxout without fast mode: the columns of one group that won in some row are updated. IN z; OUT mask of the group."""
    cdef int64_t second = y.groups * y.width, lo = (group % y.groups) * y.width, k, u
    cdef bint is_second = group >= y.groups
    cdef const real *z
    for k in range(n):
        z = s.z + k * s.wide
        for u in range(lo, min(lo + y.width, y.units)):
            if (z[second + u] > z[u]) == is_second:
                mask[u - lo] = -1


cdef void gather_errors(const Model *m, const Layer *y, BatchLayer *s, BatchWorker *w, int layer, int64_t n) noexcept nogil:
    """What every thread notes of all columns of a layer. IN g, z; OUT w: errors, mean_g, mask."""
    cdef int group
    cdef int64_t column, u, first_unit
    cdef bint skip = shortcut(y), everything = not skip and (y.channels == 1 or y.step.rule == HW_ADAM)
    cdef lane_t *mask
    for group in range(y.channels * y.groups):
        column, first_unit, mask = group * y.width, (group % y.groups) * y.width, w.mask[layer] + group * y.width
        for u in range(y.width):
            mask[u] = -1 if everything and first_unit + u < y.units else 0
        m.k.column_errors(n, y.width, s.g + column, s.wide, w.mean_g[layer] + column, mask, w.errors + column * n)
        if not skip and not everything:
            mask_winners(y, s, group, n, mask)


cdef inline real *part_of_g2(const Layer *y, BatchLayer *s, const Step *step, int64_t part, int group) noexcept nogil:
    """Where a sum of squared gradients belongs; 0 before the first is added."""
    cdef real *g2 = s.g2 + part * columns_of(y) + group * y.width
    if step.rule == HW_ADADELTA:
        memset(g2, 0, y.width * sizeof(real))
    return g2


cdef Update update_of(const Layer *y, const BatchWorker *w, int layer, int group, int64_t first, int64_t n, real *g2) noexcept nogil:
    """The weights of n inputs to a column group."""
    cdef Update p
    memset(&p, 0, sizeof(p))
    p.n = n
    point_weights(y, group * y.stride + first * y.width, &p)
    p.mask, p.g2 = w.mask[layer] + group * y.width, g2
    return p


cdef void apply_gradient(const Model *m, const Layer *y, const Step *step, const Update *p, const real *gradient,
                         const uint8_t *used, int64_t first) noexcept nogil:
    """IN gradient, mask, used: of inputs from `first` on; IN OUT m: weights, state; g2."""
    cdef const uint8_t *these = NULL
    if used != NULL:
        these = used + first
    m.k.apply(y.blocks, step, p, gradient, these)


cdef void update_products(const Model *m, Batch *t, BatchWorker *w, int layer, const Step *step, const real *a, int64_t a_row,
                          int64_t before, int64_t n, const uint8_t *used) noexcept nogil:
    """Update the weights of this thread's inputs from the values of n rows. IN a, w.errors; `before`: inputs left out."""
    cdef Layer *y = &m.layer[layer]
    cdef int group
    cdef int64_t first = before + w.first_block[layer] * INPUT_BLOCK, some
    cdef int64_t end = min(before + w.last_block[layer] * INPUT_BLOCK, y.inputs)
    cdef int64_t row = (n + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK
    while first < end:
        some = min(end - first, <int64_t>(BLOCKS_AT_ONCE * INPUT_BLOCK))
        m.k.turn(n, some, a + first, a_row, w.inputs, row)
        for group in range(y.channels * y.groups):
            if any_masked(w.mask[layer] + group * y.width, y.width):
                update_inputs(m, t, w, layer, step, group, first, some, before, n, used)
        first += some


cdef void update_inputs(const Model *m, Batch *t, BatchWorker *w, int layer, const Step *step, int group, int64_t first,
                        int64_t some, int64_t before, int64_t n, const uint8_t *used) noexcept nogil:
    """The same of some inputs and a column group. IN w.inputs, w.errors."""
    cdef Layer *y = &m.layer[layer]
    cdef int64_t k = 0, row = (n + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK
    cdef Update u = update_of(y, w, layer, group, first, some, NULL)
    cdef Product p = product_of(w.inputs, row, 1, w.errors + group * y.width * n, y.width, w.gradient, y.width, some,
                                columns_in(y, group), n)
    p.alpha = <real>1 / n
    p.next[0], p.next[1], p.next[2], p.next_row = u.w, u.s1, u.s2, y.width
    m.k.product(&p)
    while k < some:  # each block has a sum of its own, whichever blocks a thread has
        u = update_of(y, w, layer, group, first + k, min(some - k, <int64_t>INPUT_BLOCK),
                      part_of_g2(y, &t.layer[layer], step, (first + k - before) // INPUT_BLOCK + 1, group))
        apply_gradient(m, y, step, &u, w.gradient + k * y.width, used, first + k)
        k += INPUT_BLOCK


cdef void finish_columns(const Model *m, const Rows *r, Batch *t, BatchWorker *w, int layer, int group,
                         const Step *step) noexcept nogil:
    """What depends on all inputs of a column group. IN w: mean_g, mask; g2; IN OUT m: biases, weights beyond max_w2."""
    cdef Layer *y = &m.layer[layer]
    cdef BatchLayer *s = &t.layer[layer]
    cdef int64_t column = group * y.width, part, u
    cdef lane_t *mask = w.mask[layer] + column
    cdef real *g2 = s.g2 + column
    if not any_masked(mask, y.width):
        return
    for part in range(1, s.parts if step.rule == HW_ADADELTA else 0):
        for u in range(y.width):
            g2[u] += g2[part * columns_of(y) + u]
    if y.step.max_w2 > 0:
        cap_columns(m, y, group, mask)
    update_biases(m, y, step, column, y.width, w.mean_g[layer] + column, mask, g2, column if group < y.groups else -1)
    memset(g2, 0, y.width * sizeof(real))
    if layer == 0 and t.unit != NULL:
        sum_weights(m, r, t, group)


cdef void sum_weights(const Model *m, const Rows *r, Batch *t, int group) noexcept nogil:
    """Running sums of the weights of piecewise-linear units of a column group. OUT t.sums."""
    cdef Layer *y = &m.layer[0]
    m.k.running_sums(y.width, r.numbers, r.spans, y.w + group * y.stride + r.first_number * y.width,
                     t.sums + group * t.sums_stride)


cdef void sum_all_weights(const Model *m, const Rows *r, Batch *t, int first, int last) noexcept nogil:
    """The same of groups first..last-1 of every channel, once at the start."""
    cdef int c, group
    for c in range(m.layer[0].channels if t.unit != NULL else 0):
        for group in range(first, last):
            sum_weights(m, r, t, c * m.layer[0].groups + group)


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
        batch_hidden_error(m, t, w, i, lo, hi)


cdef void update_share(const Model *m, const Rows *r, Batch *t, BatchWorker *w, int layer, int64_t n,
                       const Step *step) noexcept nogil:
    """This thread's share of the weights. IN inputs of the layer, g; OUT w: mean_g, mask; g2; IN OUT m: weights, state."""
    cdef BatchLayer *below = &t.layer[layer - 1]
    cdef const uint8_t *used
    gather_errors(m, &m.layer[layer], &t.layer[layer], w, layer, n)
    used = merged_use(m, t, w, layer)
    if layer > 0:
        update_products(m, t, w, layer, step, below.a, below.row, 0, n, used)
    else:
        update_listed(m, r, t, w, step, n, used)
        if t.x != NULL:
            update_products(m, t, w, layer, step, t.x, t.stride, r.first_number, n, used)


cdef void finish_share(const Model *m, const Rows *r, Batch *t, BatchWorker *w, int layer, int64_t n,
                       const Step *step) noexcept nogil:
    """This thread's columns. IN a, g2; IN OUT m: averages, biases, weights beyond max_w2."""
    cdef int c, group
    cdef Layer *y = &m.layer[layer]
    for group in range(w.row.first[layer], w.row.last[layer]):
        note_batch_averages(m, t, layer, group, n)
        for c in range(y.channels):
            finish_columns(m, r, t, w, layer, c * y.groups + group, step)


cdef void train_one_batch(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread, int64_t first,
                          int64_t n) noexcept nogil:
    """Rows first..first+n-1 of the order. IN r, f; IN OUT m: all arrays; t: work space."""
    cdef int i
    cdef BatchWorker *w = &t.worker[thread]
    cdef Step step
    cdef double factor = rate_factor(m, <double>f.first_sample + first)
    cdef int64_t updates = m.updates + first // t.size + 1
    rows_to_errors(m, r, f, t, w, first, n * thread // t.team, n * (thread + 1) // t.team)
    barrier_wait(&t.barrier, &w.row.patience)
    for i in range(m.layers - 1, -1, -1):
        step = paced(m, &m.layer[i], factor, updates)
        step.max_w2 = 0
        update_share(m, r, t, w, i, n, &step)
    barrier_wait(&t.barrier, &w.row.patience)
    for i in range(m.layers):
        step = paced(m, &m.layer[i], factor, updates)
        finish_share(m, r, t, w, i, n, &step)
    barrier_wait(&t.barrier, &w.row.patience)


cdef void run_batch_thread(const Model *m, const Rows *r, const Feed *f, Batch *t, int thread) noexcept nogil:
    """One thread's part of all batches. IN r, f; IN OUT m: all arrays; t: work space."""
    cdef int64_t first = 0
    cdef unsigned long mode = fpmode_enter()
    cdef BatchWorker *w = &t.worker[thread]
    sum_all_weights(m, r, t, w.row.first[0], w.row.last[0])
    barrier_wait(&t.barrier, &w.row.patience)
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
