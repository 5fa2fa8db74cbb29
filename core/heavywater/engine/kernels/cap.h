/* max_w2: columns of weights that are brought back within a limit. A part of kernels.c. */

/* Rows whose squares are summed before they are added to the others: errors of rounding stay small however many there are. */
#define SQUARES 64
/* Sums that are brought below the limit by more than rounding are found there the next time. */
#define BELOW ((real)1 - 8 * (sizeof(real) == 4 ? (real)1.1920929e-7 : (real)2.220446049250313e-16))

INLINE void cap_group(int nv, int64_t n, int64_t pitch, real limit, const lane_t *mask, real *w) {
    vec total[MAX_PARTS];
    for (int v = 0; v < nv; v++) total[v] = (vec){0};
    for (int64_t first = 0; first < n; first += SQUARES) {
        vec part[MAX_PARTS];
        for (int v = 0; v < nv; v++) part[v] = (vec){0};
        const int64_t end = first + SQUARES < n ? first + SQUARES : n;
        for (int64_t k = first; k < end; k++) UNROLL for (int v = 0; v < nv; v++) {
                const vec x = load(w + k * pitch + v * LANES);
                part[v] += x * x;
            }
        for (int v = 0; v < nv; v++) total[v] += part[v];
    }
    for (int v = 0; v < nv; v++) {
        ivec above = (ivec)(total[v] > splat(limit));
        if (mask) above &= *(const ivec *)(mask + v * LANES);
        lane_t found = 0;
        for (int i = 0; i < LANES; i++) found |= above[i];
        if (!found) continue;
        const vec factor = choose(above, BELOW * sqrt_ratio_exact(splat(limit), total[v]), splat(1));
        for (int64_t k = 0; k < n; k++) store(w + k * pitch + v * LANES, factor * load(w + k * pitch + v * LANES));
    }
}

static void cap(int blocks, int64_t n, int64_t pitch, real limit, const lane_t *mask, real *w) {
    switch (blocks) {
        case 1: cap_group(PARTS, n, pitch, limit, mask, w); break;
        case 2: cap_group(2 * PARTS, n, pitch, limit, mask, w); break;
        case 4: cap_group(4 * PARTS, n, pitch, limit, mask, w); break;
        default: cap_group(MAX_PARTS, n, pitch, limit, mask, w);
    }
}
