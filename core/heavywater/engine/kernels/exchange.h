/* How copies of the weights exchange their changes. A part of kernels.c, compiled with it once per instruction set. */

/* Sums of squares in 16 parts, whatever the width of a vector: the same bits everywhere. */
INLINE real sum_of_squares(const real *x, int64_t n, real sum) {
    real part[HW_BLOCK] = {0};
    for (int64_t i = 0; i < n; i += HW_BLOCK)
        for (int j = 0; j < HW_BLOCK; j++) part[j] += x[i + j] * x[i + j];
    for (int j = 0; j < HW_BLOCK; j++) sum += part[j];
    return sum;
}

/* Independent changes: the squares of the sum are those of the changes, and the sum is taken whole. Equal changes: they are
 * as many times as large as there are copies, and the mean is left. */
static void exchange(int copies, int64_t first, int64_t n, real *base, real *const *copy) {
    _Alignas(64) real change[EXCHANGE_BLOCK], total[EXCHANGE_BLOCK];
    real squares = 0;
    base += first;
    for (int64_t i = 0; i < n; i++) total[i] = 0;
    for (int t = 0; t < copies; t++) {
        const real *w = copy[t] + first;
        for (int64_t i = 0; i < n; i++) {
            change[i] = w[i] - base[i];
            total[i] += change[i];
        }
        squares = sum_of_squares(change, n, squares);
    }
    real agreed = sum_of_squares(total, n, 0), part = 1;
    if (agreed > squares) part = squares / agreed;
    if (part * (real)copies < 1) part = (real)1 / (real)copies;
    for (int64_t i = 0; i < n; i++) base[i] += part * total[i];
    for (int t = 0; t < copies; t++) __builtin_memcpy(copy[t] + first, base, (size_t)n * sizeof(real));
}
