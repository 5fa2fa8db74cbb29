# Decoding one row of the training copy into the list (and, where asked, the dense vector) of active inputs.

cdef inline void append_input(Active *list, int64_t unit, real x) noexcept nogil:
    list.index[list.n] = <int32_t>unit
    list.value[list.n] = x
    list.n += 1


cdef inline bint kept(const Model *m, const Feed *f, int64_t unit, uint64_t key, int64_t sample, int64_t inputs) noexcept nogil:
    if m.input_dropout <= 0:
        return True
    if f.input_masks != NULL:
        return f.input_masks[sample * inputs + unit] != 0
    return hw_keep(<uint32_t>unit, key, m.input_dropout)


cdef inline void pad_list(Active *list, int64_t dummy) noexcept nogil:
    """Lists are multiples of 4 long; the padding points to the dummy weight row. IN OUT list."""
    cdef int64_t n = list.n
    while n % 4:
        list.index[n] = <int32_t>dummy
        list.value[n] = 0
        n += 1
    list.n = n


cdef void add_category(const Rows *r, Active *list, int64_t unit) noexcept nogil:
    """IN OUT list."""
    cdef int64_t k
    if r.may_collide:
        for k in range(list.n):
            if list.index[k] == unit:
                list.value[k] += 1
                return
    append_input(list, unit, 1)


cdef void decode_categories(const Model *m, const Rows *r, const Feed *f, int64_t row, int64_t sample, uint64_t key,
                            Active *list) noexcept nogil:
    """Append the units of the categories that are kept. IN r, f; IN OUT list."""
    cdef int k
    cdef int32_t unit
    for k in range(r.categories):
        unit = r.category[row * r.categories + k]
        if unit >= 0 and kept(m, f, unit, key, sample, r.inputs):
            add_category(r, list, unit)


cdef void decode_sparse(const Model *m, const Rows *r, const Feed *f, int64_t row, int64_t sample, uint64_t key,
                        Active *list) noexcept nogil:
    """Append the numbers that are kept. IN r, f; IN OUT list, which needs room for 16 more."""
    cdef int64_t first = r.start[row], k, j, n = list.n
    if r.index16 != NULL and r.value_u8 != NULL and f.input_masks == NULL:
        list.n += m.k.decode_sparse(r.start[row + 1] - first, r.index16 + first, r.value_u8 + first, r.mul,
                                    <int32_t>r.first_number, key, m.input_dropout, list.index + n, list.value + n)
        return
    for k in range(first, r.start[row + 1]):
        j = r.index16[k] if r.index16 != NULL else r.index32[k]
        # written first and kept or not by moving on: a branch on a random bit would be mispredicted every few inputs
        list.index[n] = <int32_t>(r.first_number + j)
        list.value[n] = <real>r.value_u8[k] * r.mul[j] if r.value_u8 != NULL else r.value[k]
        n += kept(m, f, r.first_number + j, key, sample, r.inputs)
    list.n = n


cdef inline real position(const Rows *r, int64_t row, int64_t j) noexcept nogil:
    """Where number j of a row lies among the edges of its piecewise-linear units."""
    cdef int64_t k = row * r.numbers + j
    if r.dense_u8 != NULL:
        return r.positions[r.position_at[j] + r.dense_u8[k]]
    if r.dense_i16 != NULL:
        return r.positions[r.position_at[j] + r.dense_i16[k]]
    return r.dense[k]


cdef inline void dense_numbers(const Model *m, const Rows *r, int64_t row, real *x) noexcept nogil:
    """IN r; OUT x: the numeric units of the row."""
    cdef int64_t j
    if r.spans != NULL:
        for j in range(r.numbers):
            m.k.ramp(r.spans[j + 1] - r.spans[j], position(r, row, j), x + r.spans[j])
    elif r.dense_u8 != NULL:
        m.k.decode_u8(r.numbers, r.dense_u8 + row * r.numbers, r.sub, r.mul, x)
    elif r.dense_i16 != NULL:
        m.k.decode_i16(r.numbers, r.dense_i16 + row * r.numbers, r.sub, r.mul, x)
    else:
        memcpy(x, r.dense + row * r.numbers, r.numbers * sizeof(real))


cdef void fill_dense(const Model *m, const Rows *r, int64_t row, real *x) noexcept nogil:
    """The whole input vector, without dropout. IN r; OUT x."""
    cdef int64_t k, j
    cdef int32_t unit
    memset(x, 0, r.first_number * sizeof(real))
    for k in range(r.categories):
        unit = r.category[row * r.categories + k]
        if unit >= 0:
            x[unit] += 1
    if r.start == NULL:
        dense_numbers(m, r, row, x + r.first_number)
        return
    memset(x + r.first_number, 0, r.numbers * sizeof(real))
    for k in range(r.start[row], r.start[row + 1]):
        j = r.index16[k] if r.index16 != NULL else r.index32[k]
        x[r.first_number + j] = <real>r.value_u8[k] * r.mul[j] if r.value_u8 != NULL else r.value[k]


cdef void drop_inputs(const Model *m, const Rows *r, const Feed *f, Worker *w, int64_t first, int64_t sample,
                      uint64_t key) noexcept nogil:
    """Input dropout from unit first on. IN OUT w.x; work space: w.sums."""
    cdef int64_t i
    if f.input_masks != NULL:
        for i in range(first, r.inputs):
            if f.input_masks[sample * r.inputs + i] == 0:
                w.x[i] = 0
        return
    m.k.dropout(key, m.input_dropout, first, r.inputs - first, w.sums)
    for i in range(first, r.inputs):
        w.x[i] = w.x[i] * w.sums[i - first]


cdef void list_dense(const Model *m, const real *x, int64_t first, int64_t end, Active *list) noexcept nogil:
    """Append units first..end-1. IN x; IN OUT list."""
    cdef int64_t i, k = list.n
    cdef bint all_inputs = not m.layer[0].step.fast
    for i in range(first, end):
        list.index[k] = <int32_t>i
        list.value[k] = x[i]
        k += all_inputs or x[i] != 0
    list.n = k


cdef void decode_row(const Model *m, const Rows *r, const Feed *f, Worker *w, int64_t row, int64_t sample) noexcept nogil:
    """Fill active[0], where only active inputs count, or x; one-hot vectors are spelled out in the latter only.

    IN m: settings, r, f; OUT w.active[0] or w.x, w.clean (autoencoder); work space: w.sums, w.x.
    """
    cdef int64_t first = 0 if w.expand else r.first_number
    cdef Active *list = &w.active[0]
    cdef uint64_t key = hw_key(m.seed, INPUT_STREAM, f.first_sample + sample)
    list.n = 0
    if m.autoencoder:
        fill_dense(m, r, row, w.clean)
    if w.expand:
        fill_dense(m, r, row, w.x)
    else:
        decode_categories(m, r, f, row, sample, key, list)
        if r.start == NULL:
            dense_numbers(m, r, row, w.x + first)
    if not w.expand and r.start != NULL:
        decode_sparse(m, r, f, row, sample, key, list)
    else:
        if m.input_dropout > 0:
            drop_inputs(m, r, f, w, first, sample, key)
        if m.layer[0].unit_major:
            return
        list_dense(m, w.x, first, r.inputs, list)
    pad_list(list, r.inputs)
