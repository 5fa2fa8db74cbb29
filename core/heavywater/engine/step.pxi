# Forward, backward and update of one row, by a team of threads that each own some column groups of every layer.
#
# Barriers order what the threads share: activations (after each forward layer) and partial error sums (after each
# backward layer). Sums over columns run per group and are added in the order of the groups, so the result does not
# depend on how many threads share the groups.

cdef inline bint shortcut(const Layer *y) noexcept nogil:
    """Whether units without a gradient are left alone (H2O's fast mode, or where it makes no difference)."""
    return y.step.fast or (y.step.rule == HW_SGD and y.step.l1 == 0 and y.step.l2 == 0 and y.centre == NULL)


cdef void draw_dropout(const Model *m, const Feed *f, Shared *s, int layer, int64_t sample, int first, int n,
                       int64_t offset) noexcept nogil:
    cdef int u
    cdef uint64_t key
    if f.hidden_masks != NULL:
        for u in range(first, min(first + n, m.layer[layer].units)):
            s.keep[u] = f.hidden_masks[sample * f.hidden_units + offset + u]
        return
    key = hw_key(m.seed, layer + 1, f.first_sample + sample)
    m.k.dropout(key, m.layer[layer].dropout, first, n, s.keep + first)


cdef void net_inputs(const Model *m, int layer, Shared *s, Worker *w, int first, int last) noexcept nogil:
    """z of this thread's groups first..last-1, both channels."""
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
                             w.active[layer].value, w.active[layer].n, y.b + column,
                             y.scale + column if y.scale != NULL else NULL, s.z + column)
            continue
        for group in range(c * y.groups + first, c * y.groups + last):
            column = group * y.width
            m.k.forward(y.blocks, y.w + group * y.stride, w.active[layer].index, w.active[layer].value,
                        w.active[layer].n, y.b + column, y.scale + column if y.scale != NULL else NULL, s.z + column)


cdef void forward_layer(const Model *m, const Feed *f, int layer, Shared *s, Worker *w, int64_t sample,
                        int64_t offset) noexcept nogil:
    cdef Layer *y = &m.layer[layer]
    cdef int first = w.first[layer], last = w.last[layer]
    cdef int lo = first * y.width, n = (last - first) * y.width, u
    cdef real *other = s.z + y.groups * y.width
    if n == 0:
        return
    if y.dropout > 0:
        draw_dropout(m, f, s, layer, sample, lo, n, offset)
    net_inputs(m, layer, s, w, first, last)
    if y.kind == HW_MAXOUT:
        for u in range(lo, lo + n):
            s.a[u] = other[u] if other[u] > s.z[u] else s.z[u]
    else:
        memcpy(s.a + lo, s.z + lo, n * sizeof(real))
        m.k.activate(y.kind, n, s.a + lo)
    if y.dropout > 0:
        for u in range(lo, lo + n):
            s.a[u] = s.a[u] if s.keep[u] != 0 else 0
    if y.average != NULL:
        for u in range(lo, lo + n):
            y.average[u] = <real>0.999 * y.average[u] + <real>0.001 * s.a[u]


cdef int64_t list_range(const Layer *y, const Shared *s, Active *list, int64_t k, int first, int last) noexcept nogil:
    """Append units first..last-1 that feed the next layer or can still receive an error; returns the new length."""
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
    """Every thread lists all active units of a layer: cheaper than to share a list. Notes where its own units are."""
    cdef Active *list = &w.active[layer + 1]
    cdef int lo = min(w.first[layer] * y.width, y.units), hi = min(w.last[layer] * y.width, y.units)
    list.first = list_range(y, s, list, 0, 0, lo)
    list.last = list_range(y, s, list, list.first, lo, hi)
    list.n = list_range(y, s, list, list.last, hi, y.units)
    pad_list(list, y.units)


cdef void set_masks(const Layer *y, Shared *s, int lo, int n) noexcept nogil:
    """Which columns this row updates; for Maxout the gradient goes to the winning channel only."""
    cdef bint skip = shortcut(y)
    cdef int u, second = y.groups * y.width
    for u in range(lo, lo + n):
        s.mask[u] = -1 if u < y.units and (not skip or s.g[u] != 0) else 0
    if y.kind != HW_MAXOUT:
        return
    for u in range(lo, lo + n):
        if s.z[second + u] > s.z[u]:
            s.g[second + u] = s.g[u]
            s.mask[second + u] = s.mask[u]
            s.g[u] = 0
            s.mask[u] = 0
        else:
            s.g[second + u] = 0
            s.mask[second + u] = 0


cdef void hidden_error(const Model *m, int layer, Shared *above, Shared *s, Worker *w) noexcept nogil:
    """g of this thread's units of a hidden layer from the partial sums of the layer above."""
    cdef Layer *y = &m.layer[layer]
    cdef Layer *next = &m.layer[layer + 1]
    cdef Active *list = &w.active[layer + 1]
    cdef int lo = w.first[layer] * y.width, n = (w.last[layer] - w.first[layer]) * y.width, u
    cdef int64_t k
    if n == 0:
        return
    memset(s.e + lo, 0, n * sizeof(real))
    m.k.sum_partials(next.channels * next.groups, above.capacity, list.first, list.last - list.first, above.partial, w.sums)
    for k in range(list.first, list.last):
        s.e[list.index[k]] = w.sums[k - list.first]
    m.k.derivative(y.kind, n, s.a + lo, s.e + lo, s.g + lo)
    if y.dropout > 0:
        for u in range(lo, lo + n):
            s.g[u] = s.g[u] if s.keep[u] != 0 else 0
    set_masks(y, s, lo, n)


cdef inline bint any_masked(const lane_t *mask, int n) noexcept nogil:
    cdef int u
    cdef lane_t any_lane = 0
    for u in range(n):
        any_lane |= mask[u]
    return any_lane != 0


cdef void cap_norms(const Layer *y, int group, const lane_t *mask, bint alone) noexcept nogil:
    """max_w2: weights are stored divided by a scale per column, so that a rescaling costs one number, not a column.

    A scale that keeps shrinking would leave float32's range, so the group is folded in time. Other streams could be at
    work on the same weights in HOGWILD mode: there the rescaling waits for the fold at the end of the call.
    """
    cdef int u, column = group * y.width
    cdef double scale
    cdef bint small = False
    for u in range(column, column + y.width):
        if mask[u - column] and y.norm2[u] > y.step.max_w2:
            scale = y.scale[u] * sqrt(y.step.max_w2 / y.norm2[u])
            if scale < 1e-9:
                small = True
                if not alone:
                    continue
            y.scale[u] = <real>scale
            y.inverse[u] = <real>1 / y.scale[u]
            y.norm2[u] = y.step.max_w2
    if small and alone:
        fold_group(y, group)


cdef void update_units(const Model *m, int layer, Shared *s, Worker *w, int channel) noexcept nogil:
    """Output-major layer: only units with a gradient are touched."""
    cdef Layer *y = &m.layer[layer]
    cdef int u, column
    cdef Update p
    memset(&p, 0, sizeof(p))
    p.value = w.x
    for u in range(w.first[layer] * y.width, min(w.last[layer] * y.width, y.units)):
        column = channel * y.groups * y.width + u
        if s.mask[column] == 0:
            continue
        p.w = y.w + column * y.stride
        p.s1 = y.s1 + column * y.stride if y.s1 != NULL else NULL
        p.s2 = y.s2 + column * y.stride if y.s2 != NULL else NULL
        p.centre = y.centre + column * y.stride if y.centre != NULL else NULL
        p.g = s.g + column
        p.g2 = s.g2 + column
        m.k.update_unit(&y.step, &p, y.stride)


cdef void point_update(const Layer *y, Shared *s, const Active *list, int group, Update *p) noexcept nogil:
    """Arguments of an update that begins at a group."""
    cdef int column = group * y.width
    cdef int64_t at = group * y.stride
    p.index, p.value, p.n = list.index, list.value, list.n
    p.pitch, p.groups, p.capacity = y.pitch, 1, s.capacity
    p.back = s.partial + group * s.capacity if s.partial != NULL else NULL
    p.w = y.w + at
    p.s1 = y.s1 + at if y.s1 != NULL else NULL
    p.s2 = y.s2 + at if y.s2 != NULL else NULL
    p.centre = y.centre + at if y.centre != NULL else NULL
    p.g, p.mask, p.g2 = s.g + column, s.mask + column, s.g2 + column
    p.scale = y.scale + column if y.scale != NULL else NULL
    p.inverse = y.inverse + column if y.scale != NULL else NULL
    p.norm2 = y.norm2 + column if y.scale != NULL else NULL


cdef void update_groups(const Model *m, int layer, Shared *s, Worker *w, int channel) noexcept nogil:
    cdef Layer *y = &m.layer[layer]
    cdef int first = channel * y.groups + w.first[layer], last = channel * y.groups + w.last[layer], group
    cdef Update p
    memset(&p, 0, sizeof(p))
    if y.whole_rows:
        point_update(y, s, &w.active[layer], first, &p)
        p.groups = last - first
        m.k.update_rows(&y.step, &p)
    for group in range(first, last):
        if not y.whole_rows:
            point_update(y, s, &w.active[layer], group, &p)
            if not any_masked(p.mask, y.width):
                if p.back != NULL:
                    memset(p.back, 0, p.n * sizeof(real))
                continue
            m.k.update(y.blocks, &y.step, &p)
        if y.scale != NULL:
            cap_norms(y, group, s.mask + group * y.width, w.alone)


cdef void update_layer(const Model *m, int layer, Shared *s, Worker *w) noexcept nogil:
    cdef Layer *y = &m.layer[layer]
    cdef int c, column, n = (w.last[layer] - w.first[layer]) * y.width
    if n == 0:
        return
    for c in range(y.channels):
        column = (c * y.groups + w.first[layer]) * y.width
        if y.unit_major:
            update_units(m, layer, s, w, c)
        else:
            update_groups(m, layer, s, w, c)
        m.k.update_bias(n, &y.step, y.b + column, y.bs1 + column, y.bs2 + column,
                        y.bcentre + column if y.bcentre != NULL else NULL, s.g + column, s.mask + column, s.g2 + column,
                        y.inputs, y.average + w.first[layer] * y.width if y.average != NULL else NULL, m.sparsity_beta,
                        m.average_activation)


cdef void train_row(const Model *m, const Rows *r, const Feed *f, Stream *t, Worker *w, int64_t sample) noexcept nogil:
    cdef int64_t row = f.order[sample], offset = 0
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
        update_layer(m, i, &t.shared[i], w)
        if i > 0:
            barrier_wait(&t.barrier, &w.patience)
            hidden_error(m, i - 1, &t.shared[i], &t.shared[i - 1], w)
    if top == 0 and y.groups > 1:
        barrier_wait(&t.barrier, &w.patience)  # the next row must not overwrite outputs that a softmax still reads
