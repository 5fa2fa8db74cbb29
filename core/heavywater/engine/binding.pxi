# C views of what Python hands to a call of `train`: they point into its arrays, which the caller keeps.

cdef bind_rows(Rows *r, rows):
    """OUT r: view of the training copy (engine/rows.py)."""
    memset(r, 0, sizeof(Rows))
    r.n, r.inputs, r.first_number, r.numbers = rows.n, rows.inputs, rows.first_number, rows.numbers
    r.categories = rows.category.shape[1]
    r.category = <const int32_t *> address(rows.category)
    r.may_collide = rows.may_collide
    if rows.dense is not None:
        bind_dense(r, rows.dense)
    if rows.spans is not None:
        bind_spans(r, rows)
    if rows.start is not None:
        bind_sparse(r, rows)
    r.sub, r.mul = <const real *> address(rows.sub), <const real *> address(rows.mul)
    r.label = <const int32_t *> address(rows.label)
    r.target = <const real *> address(rows.target)
    r.weight, r.offset = <const real *> address(rows.weight), <const real *> address(rows.offset)


cdef bind_dense(Rows *r, dense):
    if dense.dtype == np.uint8:
        r.dense_u8 = <const uint8_t *> address(dense)
    elif dense.dtype == np.int16:
        r.dense_i16 = <const int16_t *> address(dense)
    else:
        r.dense = <const real *> address(dense)


cdef bind_spans(Rows *r, rows):
    if rows.start is not None:
        raise ValueError("piecewise-linear numbers of sparse rows: there are none, store them densely")
    if (rows.dense.dtype in (np.uint8, np.int16)) != (rows.positions is not None):
        raise ValueError("positions: needed for narrow numbers, and for no others")
    r.spans, r.position_at = <const int32_t *> address(rows.spans), <const int32_t *> address(rows.position_at)
    r.positions = <const real *> address(rows.positions)


cdef bind_sparse(Rows *r, rows):
    r.start = <const int64_t *> address(rows.start)
    if rows.index.dtype == np.uint16:
        r.index16 = <const uint16_t *> address(rows.index)
    else:
        r.index32 = <const int32_t *> address(rows.index)
    if rows.value.dtype == np.uint8:
        r.value_u8 = <const uint8_t *> address(rows.value)
    else:
        r.value = <const real *> address(rows.value)


cdef bind_feed(Feed *f, const int64_t[::1] order, uint64_t first_sample, hidden_masks, input_masks, int64_t hidden_units):
    """OUT f: view of the order of rows and of given dropout masks."""
    f.order = &order[0] if order.shape[0] else NULL
    f.n = order.shape[0]
    f.first_sample = first_sample
    f.hidden_masks = <const uint8_t *> address(hidden_masks)
    f.input_masks = <const uint8_t *> address(input_masks)
    f.hidden_units = hidden_units
