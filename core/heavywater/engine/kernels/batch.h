/* Mini-batches: products of small matrices, and the first layer of piecewise-linear numbers. A part of kernels.c.
 *
 * Every element of a product is one chain of multiplications and additions in the order of the summed index, whatever tile it
 * falls into: how rows are shared out among threads changes no bit. A tile of TILE_ROWS x TILE_VECTORS sums fills the
 * registers; b is read where it lies, and what is not in the caches is fetched while others are multiplied. */
#if HW_VECTOR == 64 || defined(__aarch64__) /* 32 registers */
#define TILE_VECTORS 4
#define NARROW_ROWS 12 /* of tiles of one block, where the wide ones do not fit */
#else
#define TILE_VECTORS 2
#define NARROW_ROWS 6
#endif
#define TILE_ROWS 6
#define DEPTH 128 /* steps of the summed index, then the next rows: b stays in the first-level cache */
#define LINE ((int64_t)(64 / sizeof(real)))
#define UNROLL_TILE _Pragma("GCC unroll 16")

/* What a tile fetches while it is computed: so many lines, a stride apart, from one to three places; a line of each in every
 * step whose number has none of the bits of `seldom`. */
typedef struct {
    const real *at[3];
    int64_t lines, stride, seldom;
} Ahead;

INLINE void tile(int rows, int nv, const Product *p, int64_t depth, const real *a, const real *b, const real *start,
                 int64_t start_row, real alpha, real *c, const Ahead *ahead) {
    vec sum[NARROW_ROWS][TILE_VECTORS], column[TILE_VECTORS];
    const real *next = ahead ? ahead->at[0] : NULL, *end = ahead ? next + ahead->lines * ahead->stride : NULL;
    const ptrdiff_t second = ahead && ahead->at[1] ? (const char *)ahead->at[1] - (const char *)next : 0;
    const ptrdiff_t third = ahead && ahead->at[2] ? (const char *)ahead->at[2] - (const char *)next : 0;
    UNROLL_TILE for (int i = 0; i < rows; i++) {
        UNROLL_TILE for (int v = 0; v < nv; v++) sum[i][v] = start ? load(start + i * start_row + v * LANES) : (vec){0};
    }
    for (int64_t k = 0; k < depth; k++) {
        if (ahead && !(k & ahead->seldom) && next < end) {
            __builtin_prefetch(next, 0, 2);
            if (second) __builtin_prefetch((const char *)next + second, 0, 2);
            if (third) __builtin_prefetch((const char *)next + third, 0, 2);
            next += ahead->stride;
        }
        UNROLL_TILE for (int v = 0; v < nv; v++) column[v] = load(b + k * p->b_step + v * LANES);
        UNROLL_TILE for (int i = 0; i < rows; i++) {
            const vec x = splat(a[i * p->a_row + k * p->a_step]);
            UNROLL_TILE for (int v = 0; v < nv; v++) sum[i][v] += x * column[v];
        }
    }
    UNROLL_TILE for (int i = 0; i < rows; i++) {
        UNROLL_TILE for (int v = 0; v < nv; v++) store(c + i * p->c_row + v * LANES, alpha * sum[i][v]);
    }
}

/* Share of one tile in what is fetched: rows of `wide` elements, a pitch apart. OUT ahead: all but the places. */
INLINE void plan_ahead(Ahead *ahead, int64_t rows, int64_t wide, int64_t pitch, int64_t tiles, int64_t depth) {
    const int whole = wide == pitch && wide > LINE; /* else a line of each row */
    const int64_t lines = whole ? rows * (wide / LINE) : rows;
    ahead->stride = whole ? LINE : pitch;
    ahead->lines = (lines + tiles - 1) / tiles;
    ahead->seldom = 0;
    while (ahead->lines && depth / (2 * ahead->seldom + 2) >= ahead->lines) ahead->seldom = 2 * ahead->seldom + 1;
}

/* nv vectors of columns, from the one at `column` on */
INLINE void product_strip(int nv, int rows, const Product *p, int64_t column) {
    for (int64_t first = 0; first < p->depth || first == 0; first += DEPTH) {
        const int64_t depth = p->depth - first < DEPTH ? p->depth - first : DEPTH;
        const real alpha = first + depth == p->depth ? p->alpha : (real)1;
        const real *b = p->b + first * p->b_step + column;
        const real *start = first ? p->c : p->start;
        const int64_t start_row = first ? p->c_row : p->start_row;
        int64_t i = 0;
        Ahead ahead;
#define TILE(n, next) \
    for (; i + (n) <= p->rows; i += (n)) \
    tile(n, nv, p, depth, p->a + i * p->a_row + first * p->a_step, b, start ? start + i * start_row + column : NULL, \
         start_row, alpha, p->c + i * p->c_row + column, next)
        if (rows != TILE_ROWS) {
            TILE(NARROW_ROWS, NULL);
        } else if (p->next[0]) {
            plan_ahead(&ahead, first ? 0 : TILE_ROWS, nv * LANES, p->next_row, 1, depth);
            for (; i + TILE_ROWS <= p->rows; i += TILE_ROWS) {
                const ptrdiff_t at = i * p->next_row + column;
                for (int q = 0; q < 3; q++) ahead.at[q] = p->next[q] ? p->next[q] + at : NULL;
                tile(TILE_ROWS, nv, p, depth, p->a + i * p->a_row + first * p->a_step, b,
                     start ? start + i * start_row + column : NULL, start_row, alpha, p->c + i * p->c_row + column,
                     &ahead);
            }
        } else if (p->rows >= TILE_ROWS) { /* b goes on where this part of it ends, and so do groups of columns */
            plan_ahead(&ahead, depth, nv * LANES, p->b_step, p->rows / TILE_ROWS, depth);
            ahead.at[0] = b + depth * p->b_step;
            ahead.at[1] = ahead.at[2] = NULL;
            for (; i + TILE_ROWS <= p->rows; i += TILE_ROWS) {
                tile(TILE_ROWS, nv, p, depth, p->a + i * p->a_row + first * p->a_step, b,
                     start ? start + i * start_row + column : NULL, start_row, alpha, p->c + i * p->c_row + column,
                     &ahead);
                ahead.at[0] += ahead.lines * ahead.stride;
            }
        }
        TILE(2, NULL);
        TILE(1, NULL);
#undef TILE
    }
}

static void product(const Product *product) {
    const Product copy = *product, *const p = &copy;
    int64_t column = 0;
    for (; column + TILE_VECTORS * LANES <= p->columns; column += TILE_VECTORS * LANES)
        product_strip(TILE_VECTORS, TILE_ROWS, p, column);
    if (PARTS < TILE_VECTORS)
        for (; column < p->columns; column += HW_BLOCK) product_strip(PARTS, NARROW_ROWS, p, column);
}

#if HW_VECTOR == 64 && !defined(HW_DOUBLE)
/* A block of 16 x 16, by exchanging ever larger squares off the diagonal (Eklundh 1972). */
INLINE void turn_block(const real *from, int64_t from_row, real *to, int64_t to_row) {
    vec row[16];
    UNROLL_TILE for (int i = 0; i < 16; i++) row[i] = (vec)_mm512_loadu_ps(from + i * from_row);
#define EXCHANGE(s, ...) \
    UNROLL_TILE for (int i = 0; i < 16; i++) { \
        if (i & (s)) continue; \
        const vec low = row[i], high = row[i + (s)]; \
        const ivec first = {__VA_ARGS__}; \
        row[i] = (vec)_mm512_permutex2var_ps((__m512)low, (__m512i)first, (__m512)high); \
        row[i + (s)] = (vec)_mm512_permutex2var_ps((__m512)low, (__m512i)(first + (s)), (__m512)high); \
    }
    EXCHANGE(1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
    EXCHANGE(2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
    EXCHANGE(4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
    EXCHANGE(8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#undef EXCHANGE
    UNROLL_TILE for (int i = 0; i < 16; i++) store(to + i * to_row, row[i]);
}
#else
INLINE void turn_block(const real *from, int64_t from_row, real *to, int64_t to_row) {
    for (int c = 0; c < HW_BLOCK; c++)
        for (int i = 0; i < HW_BLOCK; i++) to[c * to_row + i] = from[i * from_row + c];
}
#endif

static void turn(int64_t rows, int64_t columns, const real *from, int64_t from_row, real *to, int64_t to_row) {
    for (int64_t c = 0; c < columns; c += HW_BLOCK)
        for (int64_t i = 0; i < rows; i += HW_BLOCK) {
            const real *block = from + i * from_row + c;
            real *turned = to + c * to_row + i;
            const int64_t high = rows - i, wide = columns - c;
            if (high >= HW_BLOCK && wide >= HW_BLOCK) {
                turn_block(block, from_row, turned, to_row);
                continue;
            }
            if (high >= HW_BLOCK) {
                _Alignas(64) real local[HW_BLOCK * HW_BLOCK];
                turn_block(block, from_row, local, HW_BLOCK);
                for (int64_t k = 0; k < wide; k++)
                    __builtin_memcpy(turned + k * to_row, local + k * HW_BLOCK, HW_BLOCK * sizeof(real));
                continue;
            }
            for (int64_t k = 0; k < wide && k < HW_BLOCK; k++)
                for (int64_t j = 0; j < high && j < HW_BLOCK; j++) turned[k * to_row + j] = block[j * from_row + k];
        }
}

/* One chain for each column, in the order of the list: what the products give of rows whose other inputs are 0. */
INLINE void add_listed_strip(int nv, int64_t width, int64_t n, const int32_t *index, const real *value, const real *w,
                             const real *start, real *z) {
    vec sum[4 * PARTS];
    UNROLL_TILE for (int v = 0; v < nv; v++) sum[v] = load(start + v * LANES);
    for (int64_t k = 0; k < n; k++) {
        const real *row = w + index[k] * width;
        if (k + 8 < n) {
            const real *next = w + index[k + 8] * width;
            UNROLL_TILE for (int v = 0; v < nv * LANES; v += (int)LINE) __builtin_prefetch(next + v);
        }
        const vec x = splat(value[k]);
        UNROLL_TILE for (int v = 0; v < nv; v++) sum[v] += x * load(row + v * LANES);
    }
    UNROLL_TILE for (int v = 0; v < nv; v++) store(z + v * LANES, sum[v]);
}

static void add_listed(int64_t width, int64_t n, const int32_t *index, const real *value, const real *w,
                       const real *start, real *z) {
    if (width == 4 * HW_BLOCK) add_listed_strip(4 * PARTS, width, n, index, value, w, start, z);
    else
        for (int64_t c = 0; c < width; c += HW_BLOCK)
            add_listed_strip(PARTS, width, n, index, value, w + c, start + c, z + c);
}

static void scatter(int64_t width, int64_t n, const int32_t *index, const real *value, real factor, const real *g,
                    real *gradient) {
    for (int64_t k = 0; k < n; k++) {
        real *row = gradient + index[k] * width;
        const vec x = splat(factor * value[k]);
        for (int64_t c = 0; c < width; c += LANES) store(row + c, load(row + c) + x * load(g + c));
    }
}

static void column_errors(int64_t n, int64_t width, const real *g, int64_t row, real *mean, lane_t *mask,
                          real *packed) {
    for (int64_t c = 0; c < width; c += LANES) {
        vec sum = {0};
        ivec any = *(ivec *)(mask + c);
        for (int64_t k = 0; k < n; k++) {
            const vec x = load(g + k * row + c);
            store(packed + k * width + c, x);
            sum += x;
            any |= (ivec)(x != (vec){0});
        }
        store(mean + c, sum / (real)n);
        *(ivec *)(mask + c) = any;
    }
}

static void note_active(int64_t n, int64_t width, const real *a, int64_t row, lane_t *active) {
    for (int64_t c = 0; c < width; c += LANES) {
        ivec any = *(ivec *)(active + c);
        for (int64_t k = 0; k < n; k++) any |= (ivec)(load(a + k * row + c) != (vec){0});
        *(ivec *)(active + c) = any;
    }
}

static void activate_dropped(int kind, uint64_t key, real ratio, int64_t n, real *z) {
    activate(kind, n, z);
    for (int64_t i = 0; i < n; i++) z[i] = hw_keep((uint32_t)i, key, ratio) ? z[i] : 0;
}

/* The units of number j below the one that its position t falls into are 1, those above 0: with the sums of all weights below
 * each unit the number costs two rows of weights. */
INLINE void running_sums_strip(int nv, int64_t width, int64_t numbers, const int32_t *spans, const real *w,
                               real *sums) {
    for (int64_t j = 0; j < numbers; j++) {
        vec sum[TILE_VECTORS] = {{0}};
        for (int64_t u = spans[j]; u < spans[j + 1]; u++) UNROLL_TILE for (int v = 0; v < nv; v++) {
                store(sums + u * width + v * LANES, sum[v]);
                sum[v] += load(w + u * width + v * LANES);
            }
    }
}

static void running_sums(int64_t width, int64_t numbers, const int32_t *spans, const real *w, real *sums) {
    int64_t c = 0;
    for (; c + TILE_VECTORS * LANES <= width; c += TILE_VECTORS * LANES)
        running_sums_strip(TILE_VECTORS, width, numbers, spans, w + c, sums + c);
    if (PARTS < TILE_VECTORS)
        for (; c < width; c += HW_BLOCK) running_sums_strip(PARTS, width, numbers, spans, w + c, sums + c);
}

INLINE void add_ramps_strip(int nv, int64_t width, int64_t rows, int64_t numbers, const int32_t *unit, const real *part,
                            const real *w, const real *sums, const real *start, int64_t start_row, real *z,
                            int64_t z_row) {
    for (int64_t k = 0; k < rows; k++, unit += numbers, part += numbers) {
        vec sum[4 * PARTS];
        UNROLL_TILE for (int v = 0; v < nv; v++) sum[v] = load(start + k * start_row + v * LANES);
        for (int64_t j = 0; j < numbers; j++) {
            const ptrdiff_t at = unit[j] * (ptrdiff_t)width;
            const vec x = splat(part[j]);
            UNROLL_TILE for (int v = 0; v < nv; v++) sum[v] =
                (sum[v] + load(sums + at + v * LANES)) + x * load(w + at + v * LANES);
        }
        UNROLL_TILE for (int v = 0; v < nv; v++) store(z + k * z_row + v * LANES, sum[v]);
    }
}

static void add_ramps(int64_t width, int64_t rows, int64_t numbers, const int32_t *unit, const real *part,
                      const real *w, const real *sums, const real *start, int64_t start_row, real *z, int64_t z_row) {
    if (width == 4 * HW_BLOCK)
        add_ramps_strip(4 * PARTS, width, rows, numbers, unit, part, w, sums, start, start_row, z, z_row);
    else
        for (int64_t c = 0; c < width; c += HW_BLOCK)
            add_ramps_strip(PARTS, width, rows, numbers, unit, part, w + c, sums + c, start + c, start_row, z + c,
                            z_row);
}

/* From the last unit of a number to the first: what later units got is 1 here. */
INLINE void ramp_gradient_strip(int nv, int64_t width, int64_t numbers, const int32_t *spans, int lists,
                                const Bins *bins, const real *g, int64_t g_row, real alpha, real *gradient) {
    for (int64_t j = 0; j < numbers; j++) {
        vec later[TILE_VECTORS] = {{0}};
        for (int64_t u = spans[j + 1] - 1; u >= spans[j]; u--) {
            vec here[TILE_VECTORS] = {{0}}, parts[TILE_VECTORS] = {{0}};
            for (int t = 0; t < lists; t++)
                for (int64_t e = bins[t].start[u]; e < bins[t].start[u + 1]; e++) {
                    const real *row = g + bins[t].row[e] * g_row;
                    const vec x = splat(bins[t].part[e]);
                    UNROLL_TILE for (int v = 0; v < nv; v++) {
                        const vec error = load(row + v * LANES);
                        here[v] += error;
                        parts[v] += x * error;
                    }
                }
            UNROLL_TILE for (int v = 0; v < nv; v++) {
                store(gradient + (u - spans[0]) * width + v * LANES, alpha * (parts[v] + later[v]));
                later[v] += here[v];
            }
        }
    }
}

static void ramp_gradient(int64_t width, int64_t numbers, const int32_t *spans, int lists, const Bins *bins,
                          const real *g, int64_t g_row, real alpha, real *gradient) {
    int64_t c = 0;
    for (; c + TILE_VECTORS * LANES <= width; c += TILE_VECTORS * LANES)
        ramp_gradient_strip(TILE_VECTORS, width, numbers, spans, lists, bins, g + c, g_row, alpha, gradient + c);
    if (PARTS < TILE_VECTORS)
        for (; c < width; c += HW_BLOCK)
            ramp_gradient_strip(PARTS, width, numbers, spans, lists, bins, g + c, g_row, alpha, gradient + c);
}
