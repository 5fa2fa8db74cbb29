# Forward, backward and update of one row, by a team of threads that each own some column groups of every layer.
#
# Barriers order what the threads share: activations (after each forward layer) and partial error sums (after each
# backward layer). Sums over columns run per group and are added in the order of the groups, so the result does not
# depend on how many threads share the groups.

cdef void net_inputs(const Model *m, int layer, Shared *s, Worker *w, int first, int last) noexcept nogil:
    """z of this thread's groups first..last-1, both channels. IN w.active or w.x, s.keep; OUT s.z; work space: w.units."""
    cdef Layer *y = &m.layer[layer]
    cdef int c, group, u, column
    cdef int64_t n
    for c in range(y.channels):
        if y.unit_major:
            n = 0
            for u in range(first * y.width, min(last * y.width, y.units)):
                w.units[n] = c * y.groups * y.width + u
                # Maxout without fast mode: a dropped unit's winner is penalised, so it must be known
                n += y.dropout <= 0 or s.keep[u] != 0 or (y.channels > 1 and not y.step.fast)
            m.k.forward_units(y.w, y.stride, w.units, n, w.x, y.b, s.z)
            continue
        if y.whole_rows:
            column = (c * y.groups + first) * y.width
            m.k.forward_rows((last - first) * y.width, y.w + column, y.pitch, w.active[layer].index,
                             w.active[layer].value, w.active[layer].n, y.b + column, s.z + column)
            continue
        for group in range(c * y.groups + first, c * y.groups + last):
            column = group * y.width
            m.k.forward(y.blocks, y.w + group * y.stride, w.active[layer].index, w.active[layer].value,
                        w.active[layer].n, y.b + column, s.z + column)


cdef void forward_layer(const Model *m, const Feed *f, int layer, Shared *s, Worker *w, int64_t sample,
                        int64_t offset) noexcept nogil:
    """This thread's units of a layer. IN w.active or w.x; OUT s.keep, s.z, s.a; IN OUT m: running mean activations."""
    cdef Layer *y = &m.layer[layer]
    cdef int first = w.first[layer], last = w.last[layer]
    cdef int lo = first * y.width, n = (last - first) * y.width
    if n == 0:
        return
    if y.dropout > 0:
        draw_dropout(m, f, layer, sample, lo, n, offset, s.keep)
    net_inputs(m, layer, s, w, first, last)
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


cdef void update_units(const Model *m, int layer, const Step *step, Shared *s, Worker *w, int channel) noexcept nogil:
    """Output-major layer: only units with a gradient are touched. IN s.g, s.mask, w.x; OUT s.g2; IN OUT m: weights, state."""
    cdef Layer *y = &m.layer[layer]
    cdef int u, column
    cdef Update p
    memset(&p, 0, sizeof(p))
    p.value = w.x
    for u in range(w.first[layer] * y.width, min(w.last[layer] * y.width, y.units)):
        column = channel * y.groups * y.width + u
        if s.mask[column] == 0:
            continue
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


cdef void update_groups(const Model *m, int layer, const Step *step, Shared *s, Worker *w, int channel) noexcept nogil:
    """IN s.g, s.mask, w.active; OUT s.partial, s.g2; IN OUT m: weights, state."""
    cdef Layer *y = &m.layer[layer]
    cdef int first = channel * y.groups + w.first[layer], last = channel * y.groups + w.last[layer], group
    cdef Update p
    memset(&p, 0, sizeof(p))
    if y.whole_rows:
        point_update(y, s, &w.active[layer], first, &p)
        p.groups = last - first
        m.k.update_rows(step, &p)
    for group in range(first, last):
        if not y.whole_rows:
            point_update(y, s, &w.active[layer], group, &p)
            if not any_masked(p.mask, y.width):
                if p.back != NULL:
                    memset(p.back, 0, p.n * sizeof(real))
                continue
            m.k.update(y.blocks, step, &p)


cdef void update_layer(const Model *m, int layer, Shared *s, Worker *w, double factor) noexcept nogil:
    """This thread's columns. IN s.g, s.mask, w.active or w.x; OUT s.partial, s.g2; IN OUT m: all arrays of the layer."""
    cdef Layer *y = &m.layer[layer]
    cdef int c, column, n = (w.last[layer] - w.first[layer]) * y.width
    cdef Step step
    if n == 0:
        return
    step = paced(m, y, factor, 0)
    for c in range(y.channels):
        column = (c * y.groups + w.first[layer]) * y.width
        if y.unit_major:
            update_units(m, layer, &step, s, w, c)
        else:
            update_groups(m, layer, &step, s, w, c)
        update_biases(m, y, &step, column, n, s.g + column, s.mask + column, s.g2 + column, w.first[layer] * y.width)


cdef void train_row(const Model *m, const Rows *r, const Feed *f, Stream *t, Worker *w, int64_t sample) noexcept nogil:
    """IN r, f; IN OUT m: all arrays; t, w: work space, of which nothing is kept from row to row but w.patience."""
    cdef int64_t row = f.order[sample], offset = 0
    cdef double factor = rate_factor(m, <double>f.first_sample + sample)
    cdef int i, top = m.layers - 1
    cdef Shared *s
    cdef Layer *y
    if r.weight != NULL and r.weight[row] == 0:
        return
    decode_row(m, r, f, w, row, sample)
    for i in range(m.layers):
        y = &m.layer[i]
        forward_layer(m, f, i, &t.shared[i], w, sample, offset)
        offset += y.units
        if i < top:
            barrier_wait(&t.barrier, &w.patience)
            list_active(y, &t.shared[i], w, i)
        elif y.groups > 1:
            barrier_wait(&t.barrier, &w.patience)  # the softmax of a wide output needs every unit
    s = &t.shared[top]
    y = &m.layer[top]
    if w.last[top] > w.first[top]:
        output_error(m, r, row, w, s.a, w.first[top] * y.width, w.last[top] * y.width, s.g)
        set_masks(y, s, w.first[top] * y.width, (w.last[top] - w.first[top]) * y.width)
    for i in range(top, -1, -1):
        update_layer(m, i, &t.shared[i], w, factor)
        if i > 0:
            barrier_wait(&t.barrier, &w.patience)
            hidden_error(m, i - 1, &t.shared[i], &t.shared[i - 1], w)
    if top == 0 and y.groups > 1:
        barrier_wait(&t.barrier, &w.patience)  # the next row must not overwrite outputs that a softmax still reads
