# The first layer of a mini-batch: what a thread decodes of its rows, net inputs and gradients from lists of active inputs
# (categories, sparse numbers), from dense numbers, and from piecewise-linear ones, which are not multiplied out.

cdef void decode_batch(const Model *m, const Rows *r, const Feed *f, Batch *t, BatchWorker *w, int64_t first, int64_t lo,
                       int64_t hi) noexcept nogil:
    """Rows lo..hi-1 of the batch. IN r, f; OUT t: list, x, clean, unit and part of these rows; w: used inputs."""
    cdef int64_t k, row
    cdef uint64_t key
    if t.tracked:
        memset(w.used[0], 0, t.stride * sizeof(lane_t))
    for k in range(lo, hi):
        row = f.order[first + k]
        fetch_row(r, f.order[first + min(k + 2, hi - 1)])
        key = hw_key(m.seed, INPUT_STREAM, f.first_sample + first + k)
        if t.clean != NULL:
            fill_dense(m, r, row, t.clean + k * t.stride)
        if t.list != NULL:
            list_inputs(m, r, f, t, w, &t.list[k], row, first + k, key)
        if t.x != NULL:
            spell_numbers(m, r, f, t, w, t.x + k * t.stride, row, first + k, key)
        if t.unit != NULL:
            find_units(r, t, w, k, row)
    if t.tracked and t.x != NULL:
        m.k.note_active(hi - lo, t.stride, t.x + lo * t.stride, t.stride, w.used[0])


cdef inline void fetch_row(const Rows *r, int64_t row) noexcept nogil:
    """Bring the numbers of a row into the cache: rows come in any order, so the processor cannot foresee which."""
    if r.dense_u8 != NULL:
        hw_fetch(r.dense_u8 + row * r.numbers, r.numbers)
    elif r.dense_i16 != NULL:
        hw_fetch(r.dense_i16 + row * r.numbers, r.numbers * sizeof(int16_t))
    elif r.dense != NULL:
        hw_fetch(r.dense + row * r.numbers, r.numbers * sizeof(real))


cdef void list_inputs(const Model *m, const Rows *r, const Feed *f, Batch *t, BatchWorker *w, Active *list, int64_t row,
                      int64_t sample, uint64_t key) noexcept nogil:
    """Categories and sparse numbers of a row. OUT list; IN OUT w.used."""
    cdef int64_t i
    list.n = 0
    decode_categories(m, r, f, row, sample, key, list)
    if r.start != NULL:
        decode_sparse(m, r, f, row, sample, key, list)
    if t.tracked:
        for i in range(list.n):
            w.used[0][list.index[i]] = -1
    pad_list(list, r.inputs)


cdef void spell_numbers(const Model *m, const Rows *r, const Feed *f, Batch *t, BatchWorker *w, real *x, int64_t row,
                        int64_t sample, uint64_t key) noexcept nogil:
    """Dense numeric units of a row. OUT x, from the first of them on."""
    dense_numbers(m, r, row, x + r.first_number)
    if m.input_dropout > 0:
        w.row.x = x
        drop_inputs(m, r, f, &w.row, r.first_number, sample, key)


cdef void find_units(const Rows *r, Batch *t, BatchWorker *w, int64_t k, int64_t row) noexcept nogil:
    """Which unit each piecewise-linear number of a row falls into. OUT t.unit, t.part of row k of the batch; IN OUT w.used."""
    cdef int64_t j, i
    cdef int32_t within
    cdef real at, part
    for j in range(r.numbers):
        at = position(r, row, j)
        within = <int32_t>at
        within = max(0, min(within, r.spans[j + 1] - r.spans[j] - 1))  # also where a position is no number
        part = at - within
        t.unit[k * r.numbers + j] = r.spans[j] + within
        t.part[k * r.numbers + j] = 0 if part < 0 else 1 if part > 1 else part
        if t.tracked:
            for i in range(r.spans[j], r.spans[j] + within + (part > 0)):
                w.used[0][r.first_number + i] = -1


cdef void sort_by_unit(const Rows *r, Batch *t, BatchWorker *w, int64_t lo, int64_t hi) noexcept nogil:
    """Sort by counting. IN t.unit, t.part; OUT w.bins: of rows lo..hi-1, in their order within a unit."""
    cdef int64_t units = r.spans[r.numbers], i, k
    cdef int32_t *next = w.bins.start + 1  # begins of the units until all entries are placed, then their ends
    memset(w.bins.start, 0, (units + 2) * sizeof(int32_t))
    for i in range(lo * r.numbers, hi * r.numbers):
        next[t.unit[i] + 1] += 1
    for i in range(units):
        next[i + 1] += next[i]
    for k in range(lo, hi):
        for i in range(k * r.numbers, (k + 1) * r.numbers):
            w.bins.row[next[t.unit[i]]] = <int32_t>k
            w.bins.part[next[t.unit[i]]] = t.part[i]
            next[t.unit[i]] += 1


cdef void first_net_inputs(const Model *m, const Rows *r, Batch *t, int64_t lo, int64_t hi) noexcept nogil:
    """z of the first layer for rows lo..hi-1. IN what is decoded; OUT z."""
    cdef Layer *y = &m.layer[0]
    cdef BatchLayer *s = &t.layer[0]
    cdef int group
    cdef int64_t k, column, start_row
    cdef const real *w
    cdef const real *start
    cdef real *z
    cdef Product p
    for group in range(y.channels * y.groups):
        column = group * y.width
        w, z = y.w + group * y.stride, s.z + lo * s.wide + column
        start, start_row = y.b + column, 0
        if t.list != NULL:
            for k in range(lo, hi):
                m.k.add_listed(y.width, t.list[k].n, t.list[k].index, t.list[k].value, w, start, s.z + k * s.wide + column)
            start, start_row = z, s.wide
        if t.unit != NULL:
            m.k.add_ramps(y.width, hi - lo, r.numbers, t.unit + lo * r.numbers, t.part + lo * r.numbers,
                          w + r.first_number * y.width, t.sums + group * t.sums_stride, start, start_row, z, s.wide)
        elif t.x != NULL:
            p = product_of(t.x + lo * t.stride + r.first_number, t.stride, 1, w + r.first_number * y.width, y.width, z, s.wide,
                           hi - lo, columns_in(y, group), r.inputs - r.first_number)
            p.start, p.start_row = start, start_row
            m.k.product(&p)


cdef void update_listed(const Model *m, const Rows *r, Batch *t, BatchWorker *w, const Step *step, int64_t n,
                        const uint8_t *used) noexcept nogil:
    """Update the weights of this thread's column groups from inputs that are listed, and from piecewise-linear numbers."""
    cdef int c, group
    cdef Layer *y = &m.layer[0]
    for c in range(y.channels if t.list != NULL or t.unit != NULL else 0):
        for group in range(c * y.groups + w.row.first[0], c * y.groups + w.row.last[0]):
            if any_masked(w.mask[0] + group * y.width, y.width):
                update_listed_group(m, r, t, w, step, group, n, used)


cdef void update_listed_group(const Model *m, const Rows *r, Batch *t, BatchWorker *w, const Step *step, int group, int64_t n,
                              const uint8_t *used) noexcept nogil:
    """The same of one group. IN what is decoded, w.errors."""
    cdef Layer *y = &m.layer[0]
    cdef const real *g = w.errors + group * y.width * n
    cdef real *g2 = part_of_g2(y, &t.layer[0], step, 0, group)
    cdef real *gradient = w.gradient
    cdef int64_t listed = r.inputs if r.start != NULL else r.first_number, k, first, j = 0
    cdef Update u
    if listed > 0:
        memset(gradient, 0, listed * y.width * sizeof(real))
        for k in range(n if t.list != NULL else 0):
            m.k.scatter(y.width, t.list[k].n, t.list[k].index, t.list[k].value, <real>1 / n, g + k * y.width, gradient)
        u = update_of(y, w, 0, group, 0, listed, g2)
        apply_gradient(m, y, step, &u, gradient, used, 0)
    while t.unit != NULL and j < r.numbers:
        k, first = j + 1, r.first_number + r.spans[j]
        while k < r.numbers and (r.spans[k + 1] - r.spans[j]) * y.width <= RAMP_BLOCK:
            k += 1
        m.k.ramp_gradient(y.width, k - j, r.spans + j, t.team, t.bins, g, y.width, <real>1 / n, gradient)
        u = update_of(y, w, 0, group, first, r.spans[k] - r.spans[j], g2)
        apply_gradient(m, y, step, &u, gradient, used, first)
        j = k
