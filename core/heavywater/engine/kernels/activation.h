/* Activations, their derivatives, and which units dropout keeps. A part of kernels.c. */

#ifdef HW_DOUBLE
INLINE vec exp_vec(vec x) {
    for (int i = 0; i < LANES; i++) x[i] = exp(x[i]);
    return x;
}
#else
/* exp to about one unit in the last place: 2^n from the exponent bits, e^r by its Taylor series on |r| < 0.35 */
INLINE vec exp_vec(vec x) {
    x = choose(x > splat(88.0f), splat(88.0f), x);
    x = choose(x < splat(-87.0f), splat(-87.0f), x);
    vec t = x * 1.44269504f + 12582912.0f; /* adding 1.5 * 2^23 rounds to the nearest integer */
    ivec bits = (ivec)t;
    vec n = t - 12582912.0f;
    vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    vec p = splat(1.0f / 5040) * r + (1.0f / 720);
    p = p * r + (1.0f / 120);
    p = p * r + (1.0f / 24);
    p = p * r + (1.0f / 6);
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    ivec scale = (bits - 0x4B400000 + 127) << 23;
    return p * (vec)scale;
}
#endif

static void activate(int kind, int64_t n, real *z) {
    const vec zero = {0}, one = splat(1);
    for (int64_t i = 0; i < n; i += LANES) {
        vec x = load(z + i);
        if (kind == HW_TANH) x = one - (real)2 / (one + exp_vec((real)2 * x));
        else if (kind == HW_RECTIFIER) x = choose(x > zero, x, zero);
        else if (kind == HW_EXPRECTIFIER) x = choose(x >= zero, x, exp_vec(x) - one);
        store(z + i, x);
    }
}

static void derivative(int kind, int64_t n, const real *a, const real *e, real *g) {
    const vec zero = {0}, one = splat(1);
    for (int64_t i = 0; i < n; i += LANES) {
        vec x = load(a + i), d = load(e + i);
        if (kind == HW_TANH) d *= one - x * x;
        else if (kind == HW_RECTIFIER) d = choose(x > zero, d, zero);
        else if (kind == HW_EXPRECTIFIER) d = choose(x >= zero, d, d * (x + one));
        store(g + i, d);
    }
}

static void dropout(uint64_t key, real ratio, int64_t first, int64_t n, real *keep) {
    for (int64_t i = 0; i < n; i++) keep[i] = hw_keep((uint32_t)(first + i), key, ratio) ? (real)1 : (real)0;
}
