# Groups of rows that are trained together. A large network does not fit into the caches, and what a row costs is, above all, to
# bring its weights there; rows of a group share that.
#
# All rows of a group go forward through a layer, then all through the next one. On the way back each layer takes the rows one
# after the other: error for the layer below, then the update, as a single row does. So each row has a step of its own, by weights
# that in its way forward lack the steps of up to 7 rows before it. (Threads that train the same weights without locks see less
# recent ones.) Threads meet once per layer of a group, not of a row.
#
# Groups follow from the numbers of the samples in their stream: they end before each multiple of TOGETHER, and with a call. Who
# cuts a run only there changes no bit. Norms are looked at every 32 rows, which is where a group ends.

cdef int rows_together(const Model *m, str rule, bint exact, bint batches, asked) except -1:
    """Rows of a group: as asked, or by the size of the network."""
    cdef int i
    cdef int64_t weights = 0
    cdef bint possible = rule == "adadelta" and not exact and not batches
    if asked is not None:
        if asked not in (1, 2, 4, TOGETHER) or (asked > 1 and not possible):
            raise ValueError(f"together={asked}: 1, 2, 4 or {TOGETHER}; more than 1 for adadelta without exact only, and not for a "
                             "Network(..., batches=True)")
        return asked
    for i in range(m.layers):
        weights += m.layer[i].channels * m.layer[i].units * m.layer[i].inputs
    return TOGETHER if possible and weights >= GROUPS_FROM else 1


cdef inline int rows_of_group(int together, int64_t number, int64_t left) noexcept nogil:
    """How many rows are trained together from row `number` of a stream on, of which so many are left."""
    return <int>min(together - number % together, left)


cdef int trainable_rows(const Model *m, const Rows *r, const Feed *f, int64_t first, int64_t apart, int n, int64_t *sample,
                        double *factor) noexcept nogil:
    """OUT sample, factor: those of n samples, so far apart, that have a weight, and the factors on their rates. Returns how many."""
    cdef int k, found = 0
    cdef int64_t at
    for k in range(n):
        at = first + k * apart
        sample[found] = at
        factor[found] = rate_factor(m, <double>f.first_sample + at)
        found += r.weight == NULL or r.weight[f.order[at]] != 0
    return found


cdef void train_group(const Model *m, const Rows *r, const Feed *f, Stream *t, Worker *w, int64_t first, int64_t apart,
                      int n) noexcept nogil:
    """n samples, so far apart.

    IN r, f; IN OUT m: all arrays; t, w (one for each row): work space, of which nothing is kept but the patience of the first.
    """
    cdef int64_t sample[TOGETHER]
    cdef double factor[TOGETHER]
    cdef int64_t offset = 0
    cdef int i, k, lo, hi, top = m.layers - 1, rows = trainable_rows(m, r, f, first, apart, n, sample, factor)
    cdef Shared *s
    cdef Layer *y
    for k in range(rows):
        decode_row(m, r, f, &w[k], f.order[sample[k]], sample[k])
    if rows == 0:
        return
    for i in range(m.layers):
        y = &m.layer[i]
        forward_layer(m, f, i, t, w, rows, sample, offset)
        offset += y.units
        if i < top:
            barrier_wait(&t.barrier, &w.patience)
            for k in range(rows):
                list_active(y, buffers_of(m, t, k, i), &w[k], i)
        elif y.groups > 1:
            barrier_wait(&t.barrier, &w.patience)  # the softmax of a wide output needs every unit
    y = &m.layer[top]
    lo, hi = w.first[top] * y.width, w.last[top] * y.width
    for k in range(rows if hi > lo else 0):
        s = buffers_of(m, t, k, top)
        output_error(m, r, f.order[sample[k]], &w[k], s.a, lo, hi, s.g)
        set_masks(y, s, lo, hi - lo)
    for i in range(top, -1, -1):
        update_layer(m, i, t, w, rows, factor)
        if i > 0:
            barrier_wait(&t.barrier, &w.patience)
            for k in range(rows):
                hidden_error(m, i - 1, buffers_of(m, t, k, i), buffers_of(m, t, k, i - 1), &w[k])
    if top == 0 and y.groups > 1:
        barrier_wait(&t.barrier, &w.patience)  # the next row must not overwrite outputs that a softmax still reads
