# The way forward of rows that are scored: what a mini-batch does with them, without dropout, and nothing back.

cdef void forward_rows(const Model *m, const Rows *r, const Feed *f, Batch *t, BatchWorker *w, int layers, int64_t n,
                       const real *keep, bint linear) noexcept nogil:
    """Rows 0..n-1 of the order. IN r, f, m; OUT t: activations.

    keep: factor on the activations of each layer; linear: leave out the last activation.
    """
    cdef int i
    cdef int64_t k, u
    cdef real *a
    decode_batch(m, r, f, t, w, 0, 0, n)
    for i in range(layers):
        if i == 0:
            first_net_inputs(m, r, t, 0, n)
        else:
            batch_net_inputs(m, t, i, 0, n)
        for k in range(n if not linear or i < layers - 1 else 0):
            a = t.layer[i].a + k * t.layer[i].row
            activate_units(m, &m.layer[i], t.layer[i].z + k * t.layer[i].wide, NULL, 0, t.layer[i].units, a)
            if keep[i] != 1:
                for u in range(t.layer[i].units):
                    a[u] *= keep[i]
