/* Vector code of the engine. Compiled once per instruction set with
 *   -DHW_LEVEL=<name> -DHW_VECTOR=<bytes> [-DHW_DOUBLE]
 * GCC/Clang vector types express the lanes; only the reciprocal square root needs intrinsics. */
#include "kernels.h"
#include <math.h>
#include <stddef.h>
#if !defined(HW_DOUBLE) && HW_VECTOR > 16
#include <immintrin.h>
#endif

#define LANES ((int)(HW_VECTOR / sizeof(real)))
#define PARTS (HW_BLOCK / LANES) /* vectors per block of 16 columns */
#define MAX_PARTS (WIDEST * PARTS)
#define INLINE static inline __attribute__((always_inline))
#if HW_VECTOR == 64 && !defined(HW_DOUBLE)
#define UNROLL _Pragma("GCC unroll 8")
#else
#define UNROLL _Pragma("GCC unroll 2") /* more would only bloat the code where a block is several vectors */
#endif

typedef real vec __attribute__((vector_size(HW_VECTOR), may_alias));
typedef real vec_u __attribute__((vector_size(HW_VECTOR), may_alias, aligned(8)));
typedef lane_t ivec __attribute__((vector_size(HW_VECTOR), may_alias));

INLINE vec splat(real x) { return x - (vec){0}; }
INLINE vec load(const real *p) { return *(const vec *)p; }
INLINE void store(real *p, vec v) { *(vec *)p = v; }
/* bitwise: C has no ?: on vectors in older compilers, and this is one instruction with AVX-512 */
INLINE vec choose(ivec m, vec a, vec b) { return (vec)((m & (ivec)a) | (~m & (ivec)b)); }

/* Lanes that are updated. AVX-512 has registers for it and stores under a mask; elsewhere old and new are blended. */
#if HW_VECTOR == 64 && !defined(HW_DOUBLE)
typedef __mmask16 vmask;
INLINE vmask mask_of(ivec m) { return _mm512_movepi32_mask((__m512i)m); }
INLINE vmask nonzero(vec x) { return _mm512_cmp_ps_mask((__m512)x, _mm512_setzero_ps(), _CMP_NEQ_UQ); }
INLINE void store_where(vmask m, real *p, vec fresh, vec old) {
    (void)old;
    _mm512_mask_store_ps(p, m, (__m512)fresh);
}
INLINE vec where(vmask m, vec a, vec b) { return (vec)_mm512_mask_blend_ps(m, (__m512)b, (__m512)a); }
#else
typedef ivec vmask;
INLINE vmask mask_of(ivec m) { return m; }
INLINE vmask nonzero(vec x) { return (ivec)(x != (vec){0}); }
INLINE void store_where(vmask m, real *p, vec fresh, vec old) { store(p, choose(m, fresh, old)); }
INLINE vec where(vmask m, vec a, vec b) { return choose(m, a, b); }
#endif
INLINE vmask load_mask(const lane_t *m) { return mask_of(*(const ivec *)m); }

INLINE real sum_lanes(vec v) {
    real s = 0;
    for (int i = 0; i < LANES; i++) s += v[i];
    return s;
}

/* out[q] = sum of the lanes of p[q], q = 0..3 */
INLINE void reduce4(const vec *p, real *out) {
#ifdef HW_DOUBLE
    for (int q = 0; q < 4; q++) out[q] = sum_lanes(p[q]);
#else
    typedef float vec4 __attribute__((vector_size(16)));
#if HW_VECTOR == 64
    typedef float vec8 __attribute__((vector_size(32)));
#define PAIR(a, b, o) \
    __builtin_shufflevector(a, b, o, 16 + o, 2 + o, 18 + o, 4 + o, 20 + o, 6 + o, 22 + o, 8 + o, 24 + o, 10 + o, \
                            26 + o, 12 + o, 28 + o, 14 + o, 30 + o)
#define QUAD(a, b, o) \
    __builtin_shufflevector(a, b, o, 1 + o, 16 + o, 17 + o, 4 + o, 5 + o, 20 + o, 21 + o, 8 + o, 9 + o, 24 + o, \
                            25 + o, 12 + o, 13 + o, 28 + o, 29 + o)
#elif HW_VECTOR == 32
#define PAIR(a, b, o) __builtin_shufflevector(a, b, o, 8 + o, 2 + o, 10 + o, 4 + o, 12 + o, 6 + o, 14 + o)
#define QUAD(a, b, o) __builtin_shufflevector(a, b, o, 1 + o, 8 + o, 9 + o, 4 + o, 5 + o, 12 + o, 13 + o)
#else
#define PAIR(a, b, o) __builtin_shufflevector(a, b, o, 4 + o, 2 + o, 6 + o)
#define QUAD(a, b, o) __builtin_shufflevector(a, b, o, 1 + o, 4 + o, 5 + o)
#endif
    vec s = PAIR(p[0], p[1], 0) + PAIR(p[0], p[1], 1);
    vec t = PAIR(p[2], p[3], 0) + PAIR(p[2], p[3], 1);
    vec u = QUAD(s, t, 0) + QUAD(s, t, 2);
#if HW_VECTOR == 64
    vec8 h = __builtin_shufflevector(u, u, 0, 1, 2, 3, 4, 5, 6, 7) +
             __builtin_shufflevector(u, u, 8, 9, 10, 11, 12, 13, 14, 15);
    vec4 r = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#elif HW_VECTOR == 32
    vec4 r = __builtin_shufflevector(u, u, 0, 1, 2, 3) + __builtin_shufflevector(u, u, 4, 5, 6, 7);
#else
    vec4 r = u;
#endif
    __builtin_memcpy(out, &r, sizeof r);
#undef PAIR
#undef QUAD
#endif
}

INLINE vec sqrt_ratio_exact(vec top, vec bottom) {
    vec q = top / bottom, r;
    for (int i = 0; i < LANES; i++) r[i] = sizeof(real) == 4 ? (real)sqrtf((float)q[i]) : (real)sqrt((double)q[i]);
    return r;
}

/* sqrt(top / bottom). The hardware's estimate of 1/sqrt costs a fraction of the divider's time, and the divider is what would
 * bound ADADELTA. AVX-512's is off by 6e-5 at most: steps that much longer or shorter learn no worse, and the Newton step that
 * takes it to rounding would be a fifth of the update. That of AVX2 is off by 4e-4 and always gets one. */
INLINE vec sqrt_ratio(vec top, vec bottom, int root) {
#if defined(HW_DOUBLE) || HW_VECTOR == 16
    (void)root;
    return sqrt_ratio_exact(top, bottom);
#else
    if (root == HW_EXACT) return sqrt_ratio_exact(top, bottom);
    const vec p = top * bottom;
#if HW_VECTOR == 64
    vec y = (vec)_mm512_rsqrt14_ps((__m512)p);
    if (root == HW_ESTIMATED) return top * y;
#else
    vec y = (vec)_mm256_rsqrt_ps((__m256)p);
#endif
    const vec h = (real)0.5 * y;
    return top * (y + h * ((real)1 - (p * y) * y));
#endif
}

/* top / (factor * sqrt(square) + little), to rounding, again by estimates and Newton steps instead of the divider. What is
 * added keeps 0 from having an infinite root; its own root is far below `little`. */
INLINE vec ratio_to_root(vec top, vec square, real factor, real little) {
#if defined(HW_DOUBLE) || HW_VECTOR == 16
    for (int i = 0; i < LANES; i++)
        square[i] = sizeof(real) == 4 ? (real)sqrtf((float)square[i]) : (real)sqrt((double)square[i]);
    return top / (factor * square + little);
#else
    square += 1e-30f;
#if HW_VECTOR == 64
    vec y = (vec)_mm512_rsqrt14_ps((__m512)square);
#else
    vec y = (vec)_mm256_rsqrt_ps((__m256)square);
#endif
    vec root = square * y;
    root += 0.5f * root * (1 - root * y);
    vec bottom = factor * root + little;
#if HW_VECTOR == 64
    y = (vec)_mm512_rcp14_ps((__m512)bottom);
#else
    y = (vec)_mm256_rcp_ps((__m256)bottom);
#endif
    y += y * (1 - bottom * y);
    return top * y;
#endif
}

/* l1 * sign(w), where 0 has the sign 0: padding stays what it is */
INLINE vec sign_times(vec w, real l1) {
#if HW_VECTOR == 64 && !defined(HW_DOUBLE)
    /* by class of number: 0 for zeros, 1 or -1 for what has a sign, NaN for NaN */
    const __m512i by_class = _mm512_set1_epi32((int)0xA9A9A811);
    return l1 * (vec)_mm512_fixupimm_ps((__m512)w, (__m512)w, by_class, 0);
#else
    const ivec sign = (ivec)splat((real)-0.0);
    return (vec)((((ivec)w & sign) | (ivec)splat(l1)) & (ivec)(w != (vec){0}));
#endif
}

/* New weight, with the state arrays read and written under the mask.
 *
 * ADADELTA (Zeiler 2012) keeps means: eg = rho eg + (1 - rho) grad^2, and ex of the squared steps likewise. `grad` and `g2` come
 * with the factor sqrt(1 - rho) in them (`shared`), which saves the multiplications by 1 - rho: the square has the factor, the
 * step has its root, and so has the square of the step. What is left is to take it out of the step itself. */
#ifndef HW_DOUBLE
typedef uint32_t uvec __attribute__((vector_size(HW_VECTOR), may_alias));

/* Pairs of bfloat16, which are the upper halves of float32, rounded to the nearest. */
INLINE void load_pair(const real *p, vec *first, vec *second) {
    const uvec pair = *(const uvec *)p;
    *first = (vec)(pair & 0xFFFF0000u);
    *second = (vec)(pair << 16);
}
INLINE vec pair_of(vec first, vec second) {
    return (vec)((((uvec)first + 0x8000u) & 0xFFFF0000u) | (((uvec)second + 0x8000u) >> 16));
}
#endif

INLINE int is_adadelta(int rule) { return rule == HW_ADADELTA || rule == HW_ADADELTA_PAIRS; }

INLINE vec stepped(int rule, const Step *c, vec w, vec grad, vec g2, real *s1, real *s2, vmask mask) {
    if (rule == HW_ADADELTA) {
        vec old_eg = load(s1), old_ex = load(s2);
        vec eg = c->rho * old_eg + g2;
        vec d = grad * sqrt_ratio(old_ex + c->epsilon, eg + c->epsilon, c->square_root);
        vec ex = c->rho * old_ex + d * d;
        store_where(mask, s1, eg, old_eg);
        store_where(mask, s2, ex, old_ex);
        return w - c->inverse_share * d;
    }
#ifndef HW_DOUBLE
    if (rule == HW_ADADELTA_PAIRS) {
        vec eg, ex;
        load_pair(s1, &eg, &ex);
        const vec old = load(s1), top = ex + c->epsilon;
        eg = c->rho * eg + g2;
        const vec d = grad * sqrt_ratio(top, eg + c->epsilon, c->square_root);
        ex = c->rho * ex + d * d;
        store_where(mask, s1, pair_of(eg, ex), old);
        return w - c->inverse_share * d;
    }
#endif
    if (rule == HW_MOMENTUM) {
        vec old = load(s1), v = c->momentum * old - grad;
        store_where(mask, s1, v, old);
        return w + c->rate * v;
    }
    if (rule == HW_ADAM) {
        vec old_mean = load(s1), old_square = load(s2);
        vec mean = (real)HW_BETA1 * old_mean + (real)(1 - HW_BETA1) * grad;
        vec square = (real)HW_BETA2 * old_square + (real)(1 - HW_BETA2) * g2;
        store_where(mask, s1, mean, old_mean);
        store_where(mask, s2, square, old_square);
        return (w - c->shrink * w) - c->rate * ratio_to_root(mean, square, c->root, (real)HW_ADAM_EPSILON);
    }
    if (rule == HW_CLASSIC) {
        vec old = load(s1), d = -c->rate * grad;
        store_where(mask, s1, d, old);
        return w + d + c->momentum * old;
    }
    return w - c->rate * grad;
}

enum { PLAIN, PENALTY, GENERAL }; /* nothing; l1, l2; also elastic averaging, and max_w2 of units */

INLINE vec penalty(int reg, const Step *c, vec w, const real *centre) {
    vec p = sign_times(w, c->l1) + c->l2 * w;
    if (reg == GENERAL && centre) p += c->elastic * (w - load(centre));
    return p;
}

/* Rules without such a state have no such array, and NULL has no elements to point to. */
#define STATE(name, at) (u->name ? u->name + (at) : NULL)

/* One weight vector: gradient in, error signal and new weight out. */
INLINE void weight(int rule, int reg, const Step *c, const Update *u, ptrdiff_t at, vec data_grad, vec g, vmask mask,
                   vec *back, vec *g2sum) {
    vec w = load(u->w + at);
    if (back) *back += w * g;
    vec grad = data_grad;
    if (reg != PLAIN) grad += penalty(reg, c, w, u->centre ? u->centre + at : NULL);
    vec g2 = grad * grad;
    if (is_adadelta(rule)) *g2sum += g2;
    vec next = stepped(rule, c, w, grad, g2, STATE(s1, at), STATE(s2, at), mask);
    store_where(mask, u->w + at, next, w);
}

/* The step with penalties that have the factor of ADADELTA's gradients in them. */
INLINE Step shared(int rule, const Step *step) {
    Step c = *step;
    if (is_adadelta(rule)) {
        c.l1 *= c.root_share;
        c.l2 *= c.root_share;
        c.elastic *= c.root_share;
    }
    return c;
}

/* Errors or gradients with that factor. */
INLINE vec with_share(int rule, const Step *c, vec g) {
    if (is_adadelta(rule)) g *= c->root_share;
    return g;
}

INLINE void prefetch_row(const Update *u, int rule, ptrdiff_t at, int columns) {
    for (int v = 0; v < columns; v += 64 / (int)sizeof(real)) {
        __builtin_prefetch(u->w + at + v, 1);
        if (rule != HW_SGD) __builtin_prefetch(u->s1 + at + v, 1);
        if (rule == HW_ADADELTA) __builtin_prefetch(u->s2 + at + v, 1);
    }
}

/* List entries to prefetch ahead: a few hundred cycles of work. Groups of two blocks belong to nets that the caches hold. */
#define AHEAD(nv) ((nv) == 2 * PARTS ? 0 : 8)
#define ROWS_AHEAD 64 /* columns of the next rows to prefetch: the hardware takes over from there */

/* Local copies of the arguments: stores through u->w could otherwise be to the structs, and each would be read again. */
#define LOCAL_COPIES \
    const Step step_copy = shared(rule, step), *const c = &step_copy; \
    const Update update_copy = *update, *const u = &update_copy;

enum { COLUMNS, WHOLE_ROWS, TILE }; /* how the groups of a layer lie; one group of whole rows at a time */

/* Entries first..last-1 of the list for one group, whose first column is `column`. */
INLINE void update_entries(int rule, int reg, int with_back, int nv, int shape, const Step *c, const Update *u,
                           int64_t column, int64_t first, int64_t last, real *list_back) {
    const ptrdiff_t pitch = shape != COLUMNS ? u->pitch : (ptrdiff_t)nv * LANES;
    vec g2sum[MAX_PARTS];
    vec g[MAX_PARTS]; /* in registers where they fit: memory could be changed by the stores below */
    vmask mask[MAX_PARTS];
    for (int v = 0; v < nv; v++) {
        g2sum[v] = is_adadelta(rule) && first > 0 ? load(u->g2 + column + v * LANES) : (vec){0};
        g[v] = with_share(rule, c, load(u->g + column + v * LANES));
        mask[v] = load_mask(u->mask + column + v * LANES);
    }
    for (int64_t k = first; k < last; k += 4) {
        vec back[4];
        UNROLL for (int q = 0; q < 4; q++) {
            if (shape != WHOLE_ROWS && AHEAD(nv) && k + q + AHEAD(nv) < last)
                prefetch_row(u, rule, u->index[k + q + AHEAD(nv)] * pitch, nv * LANES);
            const ptrdiff_t row = u->index[k + q] * pitch + column;
            const real x = u->value[k + q];
            back[q] = (vec){0};
            if (with_back && x == 0 && c->fast) {
                for (int v = 0; v < nv; v++) back[q] += load(u->w + row + v * LANES) * g[v];
                continue;
            }
            UNROLL for (int v = 0; v < nv; v++) weight(rule, reg, c, u, row + v * LANES, x * g[v], g[v], mask[v],
                                                       with_back ? &back[q] : NULL, &g2sum[v]);
        }
        if (with_back) {
            reduce4(back, list_back + k);
            if (is_adadelta(rule))
                for (int q = 0; q < 4; q++) list_back[k + q] *= c->inverse_share;
        }
    }
    if (is_adadelta(rule))
        for (int v = 0; v < nv; v++) store(u->g2 + column + v * LANES, g2sum[v]);
}

INLINE void update_columns(int rule, int reg, int with_back, int nv, const Step *step, const Update *update) {
    LOCAL_COPIES
    update_entries(rule, reg, with_back, nv, COLUMNS, c, u, 0, 0, u->n, u->back);
}

/* Four rows at a time, each from the first to the last column of this thread. */
INLINE void update_whole_rows(int rule, int reg, int with_back, const Step *step, const Update *update) {
    LOCAL_COPIES
    if (u->n == 0)
        for (int i = 0; i < u->groups * MAX_PARTS; i++) store(u->g2 + i * LANES, (vec){0});
    for (int64_t k = 0; k < u->n; k += 4) {
        if (k + 4 < u->n)
            for (int q = 4; q < 8; q++) prefetch_row(u, rule, u->index[k + q] * u->pitch, ROWS_AHEAD);
        for (int group = 0; group < u->groups; group++)
            update_entries(rule, reg, with_back, MAX_PARTS, WHOLE_ROWS, c, u, group * (int64_t)(MAX_PARTS * LANES), k,
                           k + 4, with_back ? u->back + group * u->capacity : NULL);
    }
}

INLINE void apply_columns(int rule, int reg, int nv, const Step *step, const Update *update, const real *gradient,
                          const uint8_t *used) {
    LOCAL_COPIES
    vec g2sum[MAX_PARTS];
    for (int v = 0; v < nv; v++) g2sum[v] = (vec){0};
    const ptrdiff_t width = (ptrdiff_t)nv * LANES;
    for (int64_t i = 0; i < u->n; i++) {
        if (used && !used[i]) continue;
        UNROLL for (int v = 0; v < nv; v++) {
            const ptrdiff_t at = i * width + v * LANES;
            weight(rule, reg, c, u, at, with_share(rule, c, load(gradient + at)), (vec){0},
                   load_mask(u->mask + v * LANES), NULL, &g2sum[v]);
        }
    }
    if (rule == HW_ADADELTA)
        for (int v = 0; v < nv; v++) store(u->g2 + v * LANES, load(u->g2 + v * LANES) + g2sum[v]);
}

INLINE void update_one_unit(int rule, int reg, const Step *step, const Update *update, int64_t stride) {
    LOCAL_COPIES
    const vec g = with_share(rule, c, splat(u->g[0]));
    const vmask all = mask_of(~(ivec){0});
    vec g2sum = {0}, squares = {0}, zero = {0};
    const real *centre = u->centre;
    for (int64_t i = 0; i < stride; i += LANES) {
        vec x = load(u->value + i);
        vec w = load(u->w + i);
        vmask mask = c->fast ? nonzero(x) : all;
        vec grad = x * g;
        if (reg != PLAIN) grad += penalty(reg, c, w, centre ? centre + i : NULL);
        vec g2 = grad * grad;
        if (reg != PLAIN && c->fast) g2 = where(mask, g2, zero);
        g2sum += g2;
        vec next = stepped(rule, c, w, grad, g2, STATE(s1, i), STATE(s2, i), mask);
        store_where(mask, u->w + i, next, w);
        if (reg == GENERAL) {
            next = where(mask, next, w);
            squares += next * next;
        }
    }
    u->g2[0] = sum_lanes(g2sum);
    if (reg == GENERAL && c->max_w2 > 0) {
        real norm2 = sum_lanes(squares);
        if (norm2 > c->max_w2) {
            real f =
                sizeof(real) == 4 ? (real)sqrtf((float)(c->max_w2 / norm2)) : (real)sqrt((double)(c->max_w2 / norm2));
            for (int64_t i = 0; i < stride; i += LANES) store(u->w + i, f * load(u->w + i));
        }
    }
}

INLINE int regime(const Step *c, const Update *u) {
    if (c->max_w2 > 0 || u->centre) return GENERAL;
    return c->l1 != 0 || c->l2 != 0 ? PENALTY : PLAIN;
}

/* Turn the run-time rule and penalties into compile-time constants of CALL(rule, reg). */
#define BY_REGIME(rule, CALL) \
    switch (regime(step, u)) { \
        case PLAIN: CALL(rule, PLAIN); break; \
        case PENALTY: CALL(rule, PENALTY); break; \
        default: CALL(rule, GENERAL); \
    }
#define SPECIALISE(CALL) \
    switch (step->rule) { \
        case HW_ADADELTA: BY_REGIME(HW_ADADELTA, CALL) break; \
        case HW_MOMENTUM: BY_REGIME(HW_MOMENTUM, CALL) break; \
        case HW_CLASSIC: BY_REGIME(HW_CLASSIC, CALL) break; \
        default: BY_REGIME(HW_SGD, CALL) \
    }

/* Pairs are for layers beyond the caches. */
#ifdef HW_DOUBLE
#define SPECIALISE_LARGE SPECIALISE
#else
#define SPECIALISE_LARGE(CALL) \
    if (step->rule == HW_ADADELTA_PAIRS) BY_REGIME(HW_ADADELTA_PAIRS, CALL) \
    else SPECIALISE(CALL)
#endif

/* Adam is for mini-batches. */
#define SPECIALISE_BATCHES(CALL) \
    if (step->rule == HW_ADAM) BY_REGIME(HW_ADAM, CALL) \
    else SPECIALISE(CALL)

#define DEFINE_UPDATE(B) \
    static void update_##B(const Step *step, const Update *u) { SPECIALISE(CALL_UPDATE_##B) }
#define CALL_UPDATE(parts, rule, reg) \
    if (u->back) update_columns(rule, reg, 1, parts, step, u); \
    else update_columns(rule, reg, 0, parts, step, u)
#define CALL_UPDATE_1(rule, reg) CALL_UPDATE(1 * PARTS, rule, reg)
#define CALL_UPDATE_2(rule, reg) CALL_UPDATE(2 * PARTS, rule, reg)
DEFINE_UPDATE(1)
DEFINE_UPDATE(2)

#define CALL_ROWS(rule, reg) \
    if (u->back) update_whole_rows(rule, reg, 1, step, u); \
    else update_whole_rows(rule, reg, 0, step, u)
static void update_rows(const Step *step, const Update *u){SPECIALISE_LARGE(CALL_ROWS)}

#define DEFINE_APPLY(B) \
    static void apply_##B(const Step *step, const Update *u, const real *gradient, const uint8_t *used) { \
        SPECIALISE_BATCHES(CALL_APPLY_##B) \
    }
#define CALL_APPLY_1(rule, reg) apply_columns(rule, reg, 1 * PARTS, step, u, gradient, used)
#define CALL_APPLY_4(rule, reg) apply_columns(rule, reg, 4 * PARTS, step, u, gradient, used)
DEFINE_APPLY(1)
DEFINE_APPLY(4)

/* Networks that are trained row by row have groups of 1 or 2 blocks; the widest ones have `update_rows`. */
static void update(int blocks, const Step *step, const Update *u) {
    if (blocks == 1) update_1(step, u);
    else update_2(step, u);
}

/* Networks laid out for mini-batches have groups of 1 or 4 blocks. */
static void apply(int blocks, const Step *step, const Update *u, const real *gradient, const uint8_t *used) {
    if (blocks == 1) apply_1(step, u, gradient, used);
    else apply_4(step, u, gradient, used);
}

#define CALL_UNIT(rule, reg) update_one_unit(rule, reg, step, u, stride)
static void update_unit(const Step *step, const Update *u, int64_t stride){SPECIALISE_LARGE(CALL_UNIT)}

/* chains: independent sums per column, so that a narrow group is not bound by the latency of its additions */
INLINE void forward_columns(int nv, int chains, const real *w, const int32_t *index, const real *value, int64_t n,
                            const real *bias, real *z) {
    const ptrdiff_t width = (ptrdiff_t)nv * LANES;
    vec acc[4][4 * PARTS];
    UNROLL for (int q = 0; q < chains; q++) UNROLL for (int v = 0; v < nv; v++) acc[q][v] = (vec){0};
    for (int64_t k = 0; k < n; k += 4) {
        UNROLL for (int q = 0; q < 4; q++) {
            const real *row = w + index[k + q] * width;
            if (nv >= 4 * PARTS && k + q + AHEAD(nv) < n) {
                const real *next = w + index[k + q + AHEAD(nv)] * width;
                UNROLL for (int v = 0; v < nv * LANES; v += 64 / (int)sizeof(real)) __builtin_prefetch(next + v);
            }
            const vec x = splat(value[k + q]);
            UNROLL for (int v = 0; v < nv; v++) acc[q % chains][v] += x * load(row + v * LANES);
        }
    }
    UNROLL for (int v = 0; v < nv; v++) {
        vec s = acc[0][v];
        for (int q = 1; q < chains; q++) s += acc[q][v];
        store(z + v * LANES, s + load(bias + v * LANES));
    }
}

static void forward(int blocks, const real *w, const int32_t *index, const real *value, int64_t n, const real *bias,
                    real *z) {
    if (blocks == 1) forward_columns(PARTS, 4, w, index, value, n, bias, z);
    else if (blocks == 2) forward_columns(2 * PARTS, 4, w, index, value, n, bias, z);
    else forward_columns(4 * PARTS, 2, w, index, value, n, bias, z);
}

static void forward_rows(int64_t columns, const real *w, int64_t pitch, const int32_t *index, const real *value,
                         int64_t n, const real *bias, real *z) {
    for (int64_t i = 0; i < columns; i += LANES) store(z + i, (vec){0});
    for (int64_t k = 0; k < n; k += 4) {
        const real *row[4];
        vec x[4];
        for (int q = 0; q < 4; q++) {
            row[q] = w + index[k + q] * pitch;
            x[q] = splat(value[k + q]);
            if (k + 4 < n)
                for (int i = 0; i < ROWS_AHEAD; i += 64 / (int)sizeof(real))
                    __builtin_prefetch(w + index[k + 4 + q] * pitch + i);
        }
        for (int64_t i = 0; i < columns; i += LANES)
            store(z + i, ((load(z + i) + x[0] * load(row[0] + i)) + x[1] * load(row[1] + i)) + x[2] * load(row[2] + i) +
                             x[3] * load(row[3] + i));
    }
    for (int64_t i = 0; i < columns; i += LANES) { store(z + i, load(z + i) + load(bias + i)); }
}

static void forward_units(const real *w, int64_t stride, const int32_t *units, int64_t n, const real *x,
                          const real *bias, real *z) {
    int64_t k = 0;
    for (; k + 4 <= n; k += 4) { /* four units share each load of the input */
        const real *r0 = w + units[k] * stride, *r1 = w + units[k + 1] * stride;
        const real *r2 = w + units[k + 2] * stride, *r3 = w + units[k + 3] * stride;
        vec s[4] = {{0}};
        for (int64_t i = 0; i < stride; i += LANES) {
            vec xv = load(x + i);
            s[0] += xv * load(r0 + i);
            s[1] += xv * load(r1 + i);
            s[2] += xv * load(r2 + i);
            s[3] += xv * load(r3 + i);
        }
        real dots[4];
        reduce4(s, dots);
        for (int q = 0; q < 4; q++) z[units[k + q]] = dots[q] + bias[units[k + q]];
    }
    for (; k < n; k++) {
        const real *r = w + units[k] * stride;
        vec s[4] = {{0}};
        for (int64_t i = 0; i < stride; i += LANES) s[0] += load(x + i) * load(r + i);
        real dots[4];
        reduce4(s, dots); /* the same order of additions as above: a unit's sum must not depend on its neighbours */
        z[units[k]] = dots[0] + bias[units[k]];
    }
}

/* Biases are not decayed: an output should not be drawn to 0. */
static void update_bias(int64_t n, const Step *step, real *b, real *s1, real *s2, const real *centre, const real *g,
                        const lane_t *mask, const real *g2, real inputs, const real *average, real beta, real target) {
    const vec inverse_inputs = splat((real)1 / inputs);
    Step step_copy = *step;
    step_copy.shrink = 0;
    const Step *const c = &step_copy;
    for (int64_t i = 0; i < n; i += LANES) {
        vmask m = load_mask(mask + i);
        vec old = load(b + i);
        vec grad = load(g + i) + sign_times(old, c->l1) + c->l2 * old;
        if (centre) grad += c->elastic * (old - load(centre + i));
        vec rate = splat(c->rate), next;
        if (is_adadelta(c->rule)) { /* H2O's rule: the mean squared weight gradient stands for the bias gradient's */
            vec mean2 = load(g2 + i) * inverse_inputs; /* times 1 - rho, as `stepped` has it */
            vec old_eg = load(s1 + i), old_ex = load(s2 + i);
            vec eg = c->rho * old_eg + mean2;
            rate = sqrt_ratio_exact(old_ex + c->epsilon, eg + c->epsilon);
            vec ex = c->rho * old_ex + mean2 * (rate * rate);
            store_where(m, s1 + i, eg, old_eg);
            store_where(m, s2 + i, ex, old_ex);
            next = old - rate * grad;
        } else if (c->rule == HW_ADAM) {
            if (average) grad += beta * (load(average + i) - target);
            next = stepped(HW_ADAM, c, old, grad, grad * grad, s1 + i, s2 + i, m);
        } else {
            int rule = c->rule == HW_MOMENTUM ? HW_MOMENTUM : c->rule == HW_CLASSIC ? HW_CLASSIC : HW_SGD;
            next = stepped(rule, c, old, grad, grad, s1 + i, s2 + i, m);
        }
        if (average && c->rule != HW_ADAM) next -= rate * beta * (load(average + i) - target);
        store_where(m, b + i, next, old);
    }
}

static void sum_partials(int64_t parts, int64_t stride, int64_t first, int64_t n, const real *partial, real *total) {
    for (int64_t i = 0; i < n; i++) total[i] = partial[first + i];
    for (int64_t p = 1; p < parts; p++)
        for (int64_t i = 0; i < n; i++) total[i] += partial[p * stride + first + i];
}

#include "activation.h"
#include "decode.h"
#include "batch.h"
#include "exchange.h"
#include "cap.h"
#include "group.h"

#define STRING(x) #x
#define NAME(x) STRING(x)
#define JOIN(a, b) a##b
#define TABLE(level) JOIN(hw_kernels_, level)
const Kernels TABLE(HW_LEVEL) = {
    NAME(HW_LEVEL), forward,      forward_units, forward_rows,  forward_tile,  update,      update_rows,
    update_tile,    update_unit,  apply,         cap,           update_bias,   activate,    derivative,
    dropout,        sum_partials, exchange,      decode_sparse, decode_u8,     decode_i16,  ramp,
    product,        turn,         add_listed,    scatter,       column_errors, note_active, activate_dropped,
    running_sums,   add_ramps,    ramp_gradient};
