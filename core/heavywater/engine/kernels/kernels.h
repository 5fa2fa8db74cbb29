/* Row operations of one layer, compiled once per instruction set and precision.
 *
 * Callers see one table of function pointers (struct Kernels); dispatch.c picks it at import.
 *
 * Weight layouts
 *   input-major   [group][n_in + 1][width]   width = 16 or 32 output columns, 16 or 64 for mini-batches; row n_in is a dummy that
 *                                            list padding points to, so that lists are multiples of 4 long without a
 *                                            tail loop
 *   whole rows    [n_in + 1][group][width]   the same for large layers, width = 128: what an active input touches is one run
 *                                            of kilobytes, which is what the hardware's prefetching needs. Rows are 16
 *                                            columns longer: else all that one group has would meet in few sets of the caches
 *   output-major  [column][padded n_in]      for a dense first layer: units without a gradient cost nothing
 * All keep optimiser state in arrays of the same shape.
 *
 * Pointers: IN is read, OUT written, IN OUT read and written. Pointers to const are IN; of the others it is said.
 */
#ifndef HEAVYWATER_KERNELS_H
#define HEAVYWATER_KERNELS_H

#include <stdint.h>

#ifdef HW_DOUBLE
typedef double real;
typedef int64_t lane_t;
#else
typedef float real;
typedef int32_t lane_t;
#endif

#define HW_BLOCK 16        /* columns are padded and shared out in blocks of 16: one cache line of float32 */
#define WIDEST 8           /* blocks of the widest groups: those of layers stored by whole rows */
#define MAX_LAYERS 128     /* layers of a network, the output layer included; each has random streams of its own */
#define EXCHANGE_BLOCK 512 /* values whose changes are compared at once when copies exchange them */

enum { HW_TANH, HW_RECTIFIER, HW_EXPRECTIFIER, HW_MAXOUT, HW_LINEAR, HW_SOFTMAX };
enum { HW_ESTIMATED, HW_ROUNDED, HW_EXACT }; /* square roots: the processor's estimate, right but for rounding, exact */
enum { HW_ADADELTA, HW_SGD, HW_MOMENTUM, HW_CLASSIC, HW_ADAM, HW_ADADELTA_PAIRS };

/* Adam (Kingma and Ba 2015): how slowly the means of gradients and of their squares forget, and what keeps the division
 * defined. 0.95 instead of the usual 0.999 is what suits tables (Holzmueller et al. 2024, RealMLP). */
#define HW_BETA1 0.9
#define HW_BETA2 0.95
#define HW_ADAM_EPSILON 1e-8

enum { HW_U8, HW_I16, HW_REAL };

/* What an update needs to know besides the arrays: constant for a layer during an iteration. */
typedef struct {
    int rule;
    int square_root; /* ADADELTA's; HW_EXACT where epsilon is so small that the others could leave float32's range */
    int fast;        /* leave weights of inactive inputs alone */
    int cap_rows;    /* rows between two looks at what max_w2 limits */
    real rate, momentum, rho, epsilon;
    real root_share, inverse_share; /* ADADELTA: sqrt(1 - rho), and 1 divided by it */
    real l1, l2;
    real elastic; /* pull towards the centre: gradient of elastic / 2 * (w - centre)^2 */
    real max_w2;  /* 0 = off; `update_unit` keeps it, for others there is `cap` */
    real root;    /* Adam: 1 / sqrt of the bias correction of the mean square; that of the mean is in the rate */
    real shrink;  /* Adam: decoupled weight decay, times the rate */
} Step;

/* One group of columns, adjacent groups of a layer stored by whole rows, or one unit (output-major). */
typedef struct {
    int groups;
    int64_t pitch;        /* elements from one input to the next */
    real *w, *s1, *s2;    /* IN OUT weights and optimiser state, NULL where the rule has none; HW_ADADELTA_PAIRS: s1 is
                             both, as words whose upper half is a bfloat16 of the one, whose lower half of the other */
    const real *centre;   /* elastic averaging centre or NULL */
    const int32_t *index; /* active inputs, multiple of 4 (input-major) */
    const real *value;    /* their activations, or the dense padded input (output-major) */
    int64_t n;
    const real *g;      /* error at the net input of each column */
    const lane_t *mask; /* -1 where a column is updated */
    real *back;         /* OUT partial error of each active input, or NULL; one such list per group, */
    int64_t capacity;   /* so far apart */
    real *g2;           /* OUT ADADELTA: 1 - rho times the sum of squared weight gradients per column (`apply`
                                    adds to it: IN OUT) */
} Update;

/* c = alpha * (start + a b), row-major: element (i, k) of a at a + i * a_row + k * a_step, so a may be transposed. */
typedef struct {
    int64_t rows, columns, depth; /* of c, columns a multiple of 16; of the sums */
    const real *a;
    int64_t a_row, a_step;
    const real *b;
    int64_t b_step;
    const real *start; /* NULL: 0 */
    int64_t start_row; /* 0: the same for all rows */
    real alpha;
    real *c; /* OUT */
    int64_t c_row;
    const real
        *next[3]; /* read next: rows of these, which are fetched while the same rows of c are computed; NULL: what */
    int64_t next_row; /* follows b */
} Product;

/* Rows of a batch by the piecewise-linear units that their numbers fall into: entries start[u] to start[u + 1] - 1 of unit u
 * are the row and how much of the unit it has. */
typedef struct {
    int32_t *start;
    int32_t *row;
    real *part;
} Bins;

typedef struct {
    const char *name;
    /* OUT z[width] = bias + sum over the list */
    void (*forward)(int blocks, const real *w, const int32_t *index, const real *value, int64_t n, const real *bias,
                    real *z);
    /* OUT z[unit] = bias + dot, for the listed units of an output-major layer */
    void (*forward_units)(const real *w, int64_t stride, const int32_t *units, int64_t n, const real *x,
                          const real *bias, real *z);
    /* the same for `columns` adjacent columns of a layer stored by whole rows */
    void (*forward_rows)(int64_t columns, const real *w, int64_t pitch, const int32_t *index, const real *value,
                         int64_t n, const real *bias, real *z);
    /* the same for one group of such a layer, as rows that are trained together take them */
    void (*forward_tile)(const real *w, int64_t pitch, const int32_t *index, const real *value, int64_t n,
                         const real *bias, real *z);
    /* IN OUT and OUT as said at Update */
    void (*update)(int blocks, const Step *step, const Update *u);
    void (*update_rows)(const Step *step, const Update *u);
    void (*update_tile)(const Step *step, const Update *u); /* ADADELTA's alone */
    void (*update_unit)(const Step *step, const Update *u, int64_t stride);
    /* mean gradient of a mini-batch, rows x width; used: input rows that were active, or NULL. The only one with Adam */
    void (*apply)(int blocks, const Step *step, const Update *u, const real *gradient, const uint8_t *used);
    /* IN OUT w: a group of columns, n inputs a pitch apart; those of the mask (NULL: all) whose sum of squares is above the limit
       get one just below */
    void (*cap)(int blocks, int64_t n, int64_t pitch, real limit, const lane_t *mask, real *w);
    /* IN OUT b, s1, s2 of n columns */
    void (*update_bias)(int64_t n, const Step *step, real *b, real *s1, real *s2, const real *centre, const real *g,
                        const lane_t *mask, const real *g2, real inputs, const real *average, real beta, real target);
    /* IN OUT z: net inputs, then activations */
    void (*activate)(int kind, int64_t n, real *z);
    /* OUT g = e times the derivative, which follows from the activation a */
    void (*derivative)(int kind, int64_t n, const real *a, const real *e, real *g);
    /* OUT keep[0..n-1]: 1 or 0, of units first..first+n-1 */
    void (*dropout)(uint64_t key, real ratio, int64_t first, int64_t n, real *keep);
    /* OUT total[0..n-1]: sums over the parts, which lie a stride apart, of entries first..first+n-1 */
    void (*sum_partials)(int64_t parts, int64_t stride, int64_t first, int64_t n, const real *partial, real *total);
    /* Values first..first+n-1 of an array of several copies, n a multiple of 16 up to EXCHANGE_BLOCK: all copies and the
       base (IN OUT) become the base plus what the copies changed. */
    void (*exchange)(int copies, int64_t first, int64_t n, real *base, real *const *copy);
    /* Sparse bytes. OUT index and value of the entries that dropout with this ratio (0: none) keeps; returns how many. Room for
       16 entries more is needed behind them. */
    int64_t (*decode_sparse)(int64_t n, const uint16_t *index, const uint8_t *v, const real *mul, int32_t first,
                             uint64_t key, real ratio, int32_t *kept_index, real *kept_value);
    /* OUT x = (v - sub) * mul */
    void (*decode_u8)(int64_t n, const uint8_t *v, const real *sub, const real *mul, real *x);
    void (*decode_i16)(int64_t n, const int16_t *v, const real *sub, const real *mul, real *x);
    /* OUT x[i] = t - i, within 0 and 1: the piecewise-linear units of a number */
    void (*ramp)(int64_t n, real t, real *x);
    void (*product)(const Product *p);
    /* OUT to (columns, rows): `from`, transposed, whose rows go on to a multiple of 16 columns */
    void (*turn)(int64_t rows, int64_t columns, const real *from, int64_t from_row, real *to, int64_t to_row);
    /* OUT z = start + sum over the list, for a group of columns: the same chains of sums as those of `product` */
    void (*add_listed)(int64_t width, int64_t n, const int32_t *index, const real *value, const real *w,
                       const real *start, real *z);
    /* IN OUT gradient: plus factor times the values of n listed inputs times the errors of a group of columns */
    void (*scatter)(int64_t width, int64_t n, const int32_t *index, const real *value, real factor, const real *g,
                    real *gradient);
    /* Errors of n rows. OUT mean of `width` columns, packed (n, width): the errors; IN OUT mask: -1 where one is not 0 */
    void (*column_errors)(int64_t n, int64_t width, const real *g, int64_t row, real *mean, lane_t *mask, real *packed);
    /* Activations of n rows. IN OUT active: -1 where one of `width` units is not 0 */
    void (*note_active)(int64_t n, int64_t width, const real *a, int64_t row, lane_t *active);
    /* IN OUT z: net inputs, then activations of the units that dropout keeps */
    void (*activate_dropped)(int kind, uint64_t key, real ratio, int64_t n, real *z);
    /* Piecewise-linear numbers, a group of columns. OUT sums: of the weights of the units of a number before each one */
    void (*running_sums)(int64_t width, int64_t numbers, const int32_t *spans, const real *w, real *sums);
    /* OUT z = start + net inputs from numbers whose unit and part of it are given, (rows, numbers) */
    void (*add_ramps)(int64_t width, int64_t rows, int64_t numbers, const int32_t *unit, const real *part,
                      const real *w, const real *sums, const real *start, int64_t start_row, real *z, int64_t z_row);
    /* OUT gradient (units from spans[0] on, width): alpha times the sum over the rows of all lists */
    void (*ramp_gradient)(int64_t width, int64_t numbers, const int32_t *spans, int lists, const Bins *bins,
                          const real *g, int64_t g_row, real alpha, real *gradient);
} Kernels;

/* The best table the processor can run, or the one named; NULL when there is no such level here. */
const Kernels *hw_kernels(const char *level);

/* Bring so many bytes into the first-level cache. */
static inline void hw_fetch(const void *from, int64_t bytes) {
    for (int64_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)from + i);
}

/* Counter-based random bits: whether unit i of the row behind key is kept. */
static inline uint32_t hw_hash(uint32_t i, uint64_t key) {
    uint32_t h = i * 0x9E3779B9u + (uint32_t)key;
    h ^= h >> 16;
    h *= 0x7FEB352Du;
    h ^= (h >> 15) ^ (uint32_t)(key >> 32);
    h *= 0x846CA68Bu;
    h ^= h >> 16;
    return h;
}

static inline int hw_keep(uint32_t i, uint64_t key, real ratio) {
    return (real)(int32_t)(hw_hash(i, key) >> 8) * (real)5.9604644775390625e-8 >= ratio;
}

/* SplitMix64 finaliser: one well mixed key per (seed, stream, row), stream < MAX_LAYERS. */
static inline uint64_t hw_key(uint64_t seed, uint64_t stream, uint64_t row) {
    uint64_t z = seed + 0x9E3779B97F4A7C15u * (row * MAX_LAYERS + stream + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

#endif
