/* Runs the compiled parts on numbers that are the same everywhere, and prints what comes of it: one line for each result, its name
 * and its values. Results of other compilers, C libraries and processors are compared with those of this machine
 * (tests/engine/foreign.py). What is printed as whole numbers has to be the same, what is printed as reals but for rounding. */
#include "engine/kernels/kernels.h"
#include "engine/kernels/parallel.h"
#include "frame/columns/counting.h"
#include "frame/columns/exact_sums.h"
#include "frame/columns/row_major.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef PORTABLE_RING
#include "engine/kernels/ring.h"
#endif

#define MEMBERS 4
#define ROUNDS 2000

static _Alignas(64) char store[1 << 22];
static size_t used;

/* Zeros, aligned as the kernels want them. */
static void *space(size_t bytes) {
    void *here = store + used;
    used += (bytes + 63) / 64 * 64;
    if (used > sizeof store) exit(2);
    return here;
}

/* Numbers within -1 and 1. */
static real *numbers(int64_t n, uint64_t key) {
    real *x = space((size_t)n * sizeof(real));
    for (int64_t i = 0; i < n; i++) x[i] = (real)(int32_t)hw_hash((uint32_t)i, key) / (real)2147483648.0;
    return x;
}

static real *positive(int64_t n, uint64_t key) {
    real *x = numbers(n, key);
    for (int64_t i = 0; i < n; i++) x[i] = x[i] * x[i] + (real)0.01;
    return x;
}

static void show(const char *name, const real *x, int64_t n) {
    printf("real %s", name);
    for (int64_t i = 0; i < n; i++) printf(" %.9g", (double)x[i]);
    printf("\n");
}

static void show_whole(const char *name, int64_t n, const uint64_t *x) {
    printf("whole %s", name);
    for (int64_t i = 0; i < n; i++) printf(" %llx", (unsigned long long)x[i]);
    printf("\n");
}

static void forwards(const Kernels *k) {
    enum { N = 12, WIDTH = 32, STRIDE = 48 };
    int32_t index[N], units[] = {0, 2, 3, 5, 6};
    for (int i = 0; i < N; i++) index[i] = (i * 5) % N;
    const real *w = numbers(N * STRIDE * 4, 1), *x = numbers(STRIDE, 2), *bias = numbers(STRIDE, 3);
    real *z = space(64 * sizeof(real));
    k->forward(1, w, index, x, N, bias, z);
    show("forward 1", z, 16);
    k->forward(2, w, index, x, N, bias, z);
    show("forward 2", z, WIDTH);
    k->forward_rows(WIDTH, w, STRIDE, index, x, N, bias, z);
    show("forward_rows", z, WIDTH);
    k->forward_units(w, STRIDE, units, 5, x, bias, z);
    for (int i = 0; i < 5; i++) show("forward_units", z + units[i], 1);
}

static Step step_of(int rule) {
    Step s = {
        .rule = rule, .square_root = HW_ROUNDED, .fast = 1, .cap_rows = 1, .rate = (real)0.05, .momentum = (real)0.7};
    s.rho = (real)0.99, s.epsilon = (real)1e-6, s.root_share = (real)0.1, s.inverse_share = 10;
    s.l1 = (real)1e-4, s.l2 = (real)1e-3, s.root = (real)1.5, s.shrink = (real)1e-3;
    return s;
}

static void updates(const Kernels *k) {
    enum { N = 8, WIDTH = 16 };
    int32_t index[N];
    for (int i = 0; i < N; i++) index[i] = (i * 3) % N;
    for (int rule = HW_ADADELTA; rule <= HW_ADAM; rule++) {
        Step step = step_of(rule);
        lane_t *mask = space(WIDTH * sizeof(lane_t));
        for (int i = 0; i < WIDTH; i++) mask[i] = i % 5 ? -1 : 0;
        Update u = {.groups = 1,
                    .pitch = WIDTH,
                    .w = numbers((N + 1) * WIDTH, 4),
                    .s1 = positive((N + 1) * WIDTH, 5),
                    .s2 = positive((N + 1) * WIDTH, 6),
                    .index = index,
                    .value = numbers(N, 7),
                    .n = N,
                    .g = numbers(WIDTH, 8),
                    .mask = mask,
                    .back = space(N * sizeof(real)),
                    .capacity = N,
                    .g2 = space(WIDTH * sizeof(real))};
        if (rule != HW_ADAM) k->update(1, &step, &u);
        if (rule != HW_ADAM) show("update back", u.back, N);
        u.back = NULL;
        k->apply(1, &step, &u, numbers(N * WIDTH, 9), NULL);
        show("update weights", u.w, N * WIDTH);
        show("update state", u.s1, N * WIDTH);
        real *b = numbers(WIDTH, 10), *b1 = positive(WIDTH, 11), *b2 = positive(WIDTH, 12);
        k->update_bias(WIDTH, &step, b, b1, b2, NULL, u.g, mask, u.g2, N, NULL, 0, 0);
        show("update_bias", b, WIDTH);
        k->cap(1, N, WIDTH, (real)0.5, mask, u.w);
        show("cap", u.w, N * WIDTH);
        used = 0;
        memset(store, 0, sizeof store);
    }
}

static void rows(const Kernels *k) {
    enum { N = 48 };
    uint8_t bytes[N];
    int16_t shorts[N];
    uint16_t at[N];
    int32_t kept[N + 16];
    uint64_t whole[N + 1];
    real *x = space((N + 16) * sizeof(real)), *sub = numbers(N, 20), *mul = numbers(N, 21);
    for (int i = 0; i < N; i++)
        bytes[i] = (uint8_t)(i * 37), shorts[i] = (int16_t)(i * 1237), at[i] = (uint16_t)(N - 1 - i);
    k->decode_u8(N, bytes, sub, mul, x);
    show("decode_u8", x, N);
    k->decode_i16(N, shorts, sub, mul, x);
    show("decode_i16", x, N);
    int64_t found = k->decode_sparse(N, at, bytes, mul, 100, hw_key(1, 2, 3), (real)0.4, kept, x);
    for (int64_t i = 0; i < found; i++) whole[i] = (uint64_t)kept[i];
    show_whole("decode_sparse", found, whole);
    show("decode_sparse", x, found);
    k->dropout(hw_key(4, 5, 6), (real)0.5, 7, N, x);
    for (int i = 0; i < N; i++) whole[i] = (uint64_t)x[i];
    show_whole("dropout", N, whole);
    k->ramp(N, (real)20.25, x);
    show("ramp", x, N);
    for (int kind = HW_TANH; kind <= HW_EXPRECTIFIER; kind++) {
        real *a = numbers(N, 22), *g = space(N * sizeof(real));
        for (int i = 0; i < N; i++) a[i] *= 9;
        k->activate(kind, N, a);
        show("activate", a, N);
        k->derivative(kind, N, a, sub, g);
        show("derivative", g, N);
    }
}

static void batches(const Kernels *k) {
    enum { ROWS = 7, COLUMNS = 32, DEPTH = 11, COPIES = 3, VALUES = 512 };
    real *c = space(ROWS * COLUMNS * sizeof(real));
    Product p = {ROWS,
                 COLUMNS,
                 DEPTH,
                 numbers(ROWS * DEPTH, 30),
                 DEPTH,
                 1,
                 numbers(DEPTH * COLUMNS, 31),
                 COLUMNS,
                 numbers(COLUMNS, 32),
                 0,
                 (real)0.5,
                 c,
                 COLUMNS};
    k->product(&p);
    show("product", c, ROWS * COLUMNS);
    real *base = numbers(VALUES, 33), *copy[COPIES];
    for (int t = 0; t < COPIES; t++) copy[t] = numbers(VALUES, 34 + (uint64_t)t);
    k->exchange(COPIES, 0, VALUES, base, copy);
    show("exchange", base, VALUES);
}

static void columns(void) {
    enum { N = 3000, COUNT = 11, DEEP = 70 };
    double *x = malloc(N * sizeof(double)), *w = malloc(N * sizeof(double));
    uint8_t cells[COUNT][DEEP], out[COUNT * DEEP];
    const uint8_t *column[COUNT];
    ExactSums sums;
    for (int i = 0; i < N; i++) {
        x[i] = (double)(int32_t)hw_hash((uint32_t)i, 40) * (i % 3 ? 1e-9 : 1e200);
        w[i] = (double)(hw_hash((uint32_t)i, 41) % 1000) / 7;
    }
    memset(&sums, 0, sizeof sums);
    if (exact_powers(x, N, &sums)) printf("whole exact_powers failed\n");
    show_whole("exact first", EXACT_WORDS, sums.above);
    show_whole("exact second", EXACT_WORDS, sums.second);
    memset(&sums, 0, sizeof sums);
    if (exact_weighted_powers(x, w, N, &sums)) printf("whole exact_weighted_powers failed\n");
    show_whole("exact weighted", EXACT_WORDS, sums.second);
    printf("real middle %.9g\n", middle(x, N) * 1e-200);
    uint64_t sum[1] = {0};
    for (int j = 0; j < COUNT; j++) {
        column[j] = cells[j];
        for (int i = 0; i < DEEP; i++) cells[j][i] = (uint8_t)hw_hash((uint32_t)i, (uint64_t)j);
    }
    rows_of_bytes(column, COUNT, DEEP, out);
    for (int i = 0; i < COUNT * DEEP; i++) sum[0] = sum[0] * 31 + out[i];
    show_whole("rows_of_bytes", 1, sum);
    uint64_t counted[1] = {(uint64_t)bytes_equal_to(out, COUNT * DEEP, 3)};
    show_whole("bytes_equal_to", 1, counted);
    free(x);
    free(w);
}

static Barrier barrier;
static int64_t seen[MEMBERS][ROUNDS], turn_of[ROUNDS];

static void *member(void *number) {
    int me = (int)(intptr_t)number, patience = 4096;
    for (int r = 0; r < ROUNDS; r++) {
        if (r % MEMBERS == me) turn_of[r] = r + 1;
        barrier_wait(&barrier, &patience);
        seen[me][r] = turn_of[r];
        barrier_wait(&barrier, &patience);
    }
    return NULL;
}

/* What one thread has written before the barrier, all have read behind it. */
static void threads(void) {
    pthread_t thread[MEMBERS];
    uint64_t right[1] = {0};
    barrier_init(&barrier, MEMBERS);
    for (intptr_t i = 0; i < MEMBERS; i++)
        if (pthread_create(&thread[i], NULL, member, (void *)i)) exit(3);
    for (int i = 0; i < MEMBERS; i++) pthread_join(thread[i], NULL);
    for (int i = 0; i < MEMBERS; i++)
        for (int r = 0; r < ROUNDS; r++) right[0] += seen[i][r] == r + 1;
    show_whole("barrier", 1, right);
}

/* Whether numbers too small to be normal are flushed, and are not any more afterwards. */
static void modes(void) {
    volatile float small = 1e-38f, part = 0.01f, product;
    uint64_t flushed[2];
    unsigned long old = fpmode_enter();
    product = small * part;
    flushed[0] = product == 0;
    fpmode_leave(old);
    product = small * part;
    flushed[1] = product == 0;
    show_whole("flushed", 2, flushed);
}

int main(void) {
    const Kernels *k = hw_kernels("baseline");
    if (!k || hw_kernels("absent")) return 1;
    forwards(k);
    updates(k);
    rows(k);
    batches(k);
    columns();
    threads();
    modes();
    return 0;
}
