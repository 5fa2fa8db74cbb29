/* One group of columns of a layer stored by whole rows, for rows that are trained together: what the first of them brings to the
 * second-level cache the others find there. A part of kernels.c. */

static void forward_tile(const real *w, int64_t pitch, const int32_t *index, const real *value, int64_t n,
                         const real *bias, real *z) {
    vec acc[MAX_PARTS];
    for (int v = 0; v < MAX_PARTS; v++) acc[v] = (vec){0};
    for (int64_t k = 0; k < n; k++) {
        const real *row = w + index[k] * pitch;
        const vec x = splat(value[k]);
        if (k + AHEAD(MAX_PARTS) < n)
            for (int v = 0; v < MAX_PARTS * LANES; v += 64 / (int)sizeof(real))
                __builtin_prefetch(w + index[k + AHEAD(MAX_PARTS)] * pitch + v);
        UNROLL for (int v = 0; v < MAX_PARTS; v++) acc[v] += x * load(row + v * LANES);
    }
    for (int v = 0; v < MAX_PARTS; v++) store(z + v * LANES, acc[v] + load(bias + v * LANES));
}

INLINE void update_one_tile(int rule, int reg, int with_back, const Step *step, const Update *update) {
    LOCAL_COPIES
    update_entries(rule, reg, with_back, MAX_PARTS, TILE, c, u, 0, 0, u->n, u->back);
}

/* Rows are trained together by ADADELTA. */
#define CALL_TILE(rule, reg) \
    if (u->back) update_one_tile(rule, reg, 1, step, u); \
    else update_one_tile(rule, reg, 0, step, u)
static void update_tile(const Step *step, const Update *u) {
#ifndef HW_DOUBLE
    if (step->rule == HW_ADADELTA_PAIRS) BY_REGIME(HW_ADADELTA_PAIRS, CALL_TILE)
    else
#endif
        BY_REGIME(HW_ADADELTA, CALL_TILE)
}
