# Forward, backward and update of the rows of a group (see groups.pxi; often one), by a team of threads that each own some column
# groups of every layer.
#
# Barriers order what the threads share: activations (after each forward layer) and partial error sums (after each
# backward layer). Sums over columns run per group and are added in the order of the groups, so the result does not
# depend on how many threads share the groups.

cdef inline Shared *buffers_of(const Model *m, const Stream *t, int k, int layer) noexcept nogil:
    """Those of a layer for row k of a group."""
    return &t.shared[k * m.layers + layer]


cdef void net_inputs_of_units(const Model *m, int layer, Stream *t, Worker *w, int rows, int channel, int group) noexcept nogil:
    """z of a group of a layer that is stored by unit. IN w.x, keep; OUT z; work space: w.units."""
    cdef Layer *y = &m.layer[layer]
    cdef Shared *s
    cdef int k, lo, u, first = group * y.width, last = min((group + 1) * y.width, y.units)
    cdef int64_t n
    lo = first
    while lo < last:  # few at a time: their weights stay in the first cache for all rows
        for k in range(rows):
            s = buffers_of(m, t, k, layer)
            n = 0
            for u in range(lo, min(lo + HW_BLOCK, last)):
                w[k].units[n] = channel * y.groups * y.width + u
                # Maxout without fast mode: a dropped unit's winner is penalised, so it must be known
                n += y.dropout <= 0 or s.keep[u] != 0 or (y.channels > 1 and not y.step.fast)
            m.k.forward_units(y.w, y.stride, w[k].units, n, w[k].x, y.b, s.z)
        lo += HW_BLOCK


cdef void net_inputs_of_columns(const Model *m, int layer, Stream *t, Worker *w, int rows, int group) noexcept nogil:
    """z of a group. IN w.active; OUT z."""
    cdef Layer *y = &m.layer[layer]
    cdef Active *list
    cdef int k, column = group * y.width
    for k in range(rows):
        list = &w[k].active[layer]
        if y.whole_rows:
            m.k.forward_tile(y.w + column, y.pitch, list.index, list.value, list.n, y.b + column,
                             buffers_of(m, t, k, layer).z + column)
        else:
            m.k.forward(y.blocks, y.w + group * y.stride, list.index, list.value, list.n, y.b + column,
                        buffers_of(m, t, k, layer).z + column)


cdef void net_inputs(const Model *m, int layer, Stream *t, Worker *w, int rows) noexcept nogil:
    """z of this thread's groups, both channels. IN w.active or w.x, keep; OUT z; work space: w.units."""
    cdef Layer *y = &m.layer[layer]
    cdef int c, group, column, first = w.first[layer], last = w.last[layer]
    for c in range(y.channels):
        if y.whole_rows and rows == 1:
            column = (c * y.groups + first) * y.width
            m.k.forward_rows((last - first) * y.width, y.w + column, y.pitch, w.active[layer].index,
                             w.active[layer].value, w.active[layer].n, y.b + column, t.shared[layer].z + column)
            continue
        for group in range(first, last):
            if y.unit_major:
                net_inputs_of_units(m, layer, t, w, rows, c, group)
            else:
                net_inputs_of_columns(m, layer, t, w, rows, c * y.groups + group)


cdef void forward_layer(const Model *m, const Feed *f, int layer, Stream *t, Worker *w, int rows, const int64_t *sample,
                        int64_t offset) noexcept nogil:
    """This thread's units of a layer. IN w.active or w.x; OUT keep, z, a; IN OUT m: running mean activations."""
    cdef Layer *y = &m.layer[layer]
    cdef Shared *s
    cdef int k, lo = w.first[layer] * y.width, n = (w.last[layer] - w.first[layer]) * y.width
    if n == 0:
        return
    for k in range(rows if y.dropout > 0 else 0):
        draw_dropout(m, f, layer, sample[k], lo, n, offset, buffers_of(m, t, k, layer).keep)
    net_inputs(m, layer, t, w, rows)
    for k in range(rows):
        s = buffers_of(m, t, k, layer)
        activate_units(m, y, s.z, s.keep, lo, n, s.a)
        note_averages(y, s.a, lo, n)


cdef int64_t list_range(const Layer *y, const Shared *s, Active *list, int64_t k, int first, int last) noexcept nogil:
    """Append units first..last-1 that feed the next layer or can still receive an error; returns the new length.

    IN s.a, s.keep; OUT list: from entry k on, one more than it keeps.
    """
    cdef int u
    cdef bint everything = not y.step.fast
    cdef bint by_value = y.kind == HW_RECTIFIER
    for u in range(first, last):
        list.index[k] = u
        list.value[k] = s.a[u]
        if everything:
            k += 1
        elif by_value:  # off means no activation and no derivative
            k += s.a[u] != 0
        else:
            k += y.dropout <= 0 or s.keep[u] != 0
    return k


cdef void list_active(const Layer *y, const Shared *s, Worker *w, int layer) noexcept nogil:
    """Every thread lists all active units of a layer: cheaper than to share a list. Notes where its own units are.

    IN s.a, s.keep; OUT w.active of the layer above.
    """
    cdef Active *list = &w.active[layer + 1]
    cdef int lo = min(w.first[layer] * y.width, y.units), hi = min(w.last[layer] * y.width, y.units)
    list.first = list_range(y, s, list, 0, 0, lo)
    list.last = list_range(y, s, list, list.first, lo, hi)
    list.n = list_range(y, s, list, list.last, hi, y.units)
    pad_list(list, y.units)


cdef void set_masks(const Layer *y, Shared *s, int lo, int n) noexcept nogil:
    """Which columns this row updates; for Maxout those of the winning channel only. OUT s.mask; IN OUT s.g."""
    cdef bint skip = shortcut(y)
    cdef int64_t u
    cdef const real *other = second_channel(y, s.z)
    cdef const real *z = s.z
    cdef lane_t *mask = s.mask
    cdef lane_t *second = mask + y.groups * y.width
    for u in range(lo, lo + n):
        mask[u] = -1 if u < y.units and (not skip or s.g[u] != 0) else 0
    if y.kind != HW_MAXOUT:
        return
    route_to_winners(y, z, lo, n, s.g)
    for u in range(lo, lo + n):
        second[u] = mask[u] if other[u] > z[u] else 0
        mask[u] = 0 if other[u] > z[u] else mask[u]


cdef void hidden_error(const Model *m, int layer, Shared *above, Shared *s, Worker *w) noexcept nogil:
    """g of this thread's units of a hidden layer from the partial sums of the layer above.

    IN above.partial, w.active; OUT s.e, s.g, s.mask; work space: w.sums.
    """
    cdef Layer *y = &m.layer[layer]
    cdef Layer *next = &m.layer[layer + 1]
    cdef Active *list = &w.active[layer + 1]
    cdef int lo = w.first[layer] * y.width, n = (w.last[layer] - w.first[layer]) * y.width
    cdef int64_t k
    if n == 0:
        return
    memset(s.e + lo, 0, n * sizeof(real))
    m.k.sum_partials(next.channels * next.groups, above.capacity, list.first, list.last - list.first, above.partial, w.sums)
    for k in range(list.first, list.last):
        s.e[list.index[k]] = w.sums[k - list.first]
    unit_gradients(m, y, s.a, s.e, s.keep, lo, n, s.g)
    set_masks(y, s, lo, n)


cdef inline void point_weights(const Layer *y, int64_t at, Update *p) noexcept nogil:
    """OUT p: pointers to weights and their optimiser state from an element on."""
    p.w, p.s1, p.s2, p.centre = y.w + at, shifted(y.s1, at), shifted(y.s2, at), shifted(y.centre, at)


cdef void update_biases(const Model *m, const Layer *y, const Step *step, int64_t column, int64_t n, const real *g,
                        const lane_t *mask, const real *g2, int64_t unit) noexcept nogil:
    """Columns column..column+n-1, whose first unit is `unit`, or -1 where their channel has no mean activations.

    IN g, mask, g2: of these columns; IN OUT y: biases and their optimiser state.
    """
    m.k.update_bias(n, step, y.b + column, y.bs1 + column, y.bs2 + column, shifted(y.bcentre, column), g, mask, g2,
                    y.inputs, shifted(y.average, unit) if unit >= 0 else NULL, m.sparsity_beta, m.average_activation)


cdef void update_unit(const Model *m, int layer, const Step *step, Shared *s, const real *x, int column) noexcept nogil:
    """Output-major layer: only units with a gradient are touched. IN s.g, s.mask; OUT s.g2; IN OUT m: weights, state."""
    cdef Layer *y = &m.layer[layer]
    cdef Update p
    if s.mask[column] == 0:
        return
    memset(&p, 0, sizeof(p))
    p.value = x
    point_weights(y, column * y.stride, &p)
    p.g = s.g + column
    p.g2 = s.g2 + column
    m.k.update_unit(step, &p, y.stride)


cdef void point_update(const Layer *y, Shared *s, const Active *list, int group, Update *p) noexcept nogil:
    """Arguments of an update that begins at a group. IN list; OUT p; what it points to in s and y is read and written."""
    cdef int column = group * y.width
    p.index, p.value, p.n = list.index, list.value, list.n
    p.pitch, p.groups, p.capacity = y.pitch, 1, s.capacity
    p.back = shifted(s.partial, group * s.capacity)
    point_weights(y, group * y.stride, p)
    p.g, p.mask, p.g2 = s.g + column, s.mask + column, s.g2 + column


cdef void update_group(const Model *m, int layer, const Step *step, Shared *s, const Active *list, int group) noexcept nogil:
    """IN s.g, s.mask, list; OUT s.partial, s.g2; IN OUT m: weights, state."""
    cdef Layer *y = &m.layer[layer]
    cdef Update p
    point_update(y, s, list, group, &p)
    if not any_masked(p.mask, y.width):
        if p.back != NULL:
            memset(p.back, 0, p.n * sizeof(real))
    elif y.whole_rows:
        m.k.update_tile(step, &p)
    else:
        m.k.update(y.blocks, step, &p)


cdef void update_columns(const Model *m, int layer, const Step *step, Stream *t, Worker *w, int rows, int channel) noexcept nogil:
    """This thread's columns of a channel. IN g, mask, w.active or w.x; OUT partial, g2; IN OUT m: weights, state."""
    cdef Layer *y = &m.layer[layer]
    cdef int k, group, u, first = w.first[layer], last = w.last[layer], before = channel * y.groups
    cdef Update p
    if y.unit_major:
        for u in range(first * y.width, min(last * y.width, y.units)):
            for k in range(rows):
                update_unit(m, layer, &step[k], buffers_of(m, t, k, layer), w[k].x, before * y.width + u)
    elif y.whole_rows and rows == 1:
        point_update(y, &t.shared[layer], &w.active[layer], before + first, &p)
        p.groups = last - first
        m.k.update_rows(step, &p)
    else:
        for group in range(before + first, before + last):
            for k in range(rows):
                update_group(m, layer, &step[k], buffers_of(m, t, k, layer), &w[k].active[layer], group)


cdef void update_layer(const Model *m, int layer, Stream *t, Worker *w, int rows, const double *factor) noexcept nogil:
    """This thread's columns, row after row. IN g, mask, w.active or w.x; OUT partial, g2; IN OUT m: all arrays of the layer."""
    cdef Layer *y = &m.layer[layer]
    cdef Shared *s
    cdef int c, k, column, n = (w.last[layer] - w.first[layer]) * y.width
    cdef Step step[TOGETHER]
    if n == 0:
        return
    for k in range(rows):
        step[k] = paced(m, y, factor[k], 0)
    for c in range(y.channels):
        column = (c * y.groups + w.first[layer]) * y.width
        update_columns(m, layer, step, t, w, rows, c)
        for k in range(rows):
            s = buffers_of(m, t, k, layer)
            update_biases(m, y, &step[k], column, n, s.g + column, s.mask + column, s.g2 + column, w.first[layer] * y.width)
