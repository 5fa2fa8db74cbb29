# C declarations shared by the parts of the engine: kernels, threads, and the structs of one network.
#
# What a pointer is for: IN is read, OUT written, IN OUT read and written. Pointers to const are IN. A struct behind a
# pointer to const (Layer, Model, Update) keeps its fields; the arrays they point to are another matter, and said. Work space
# is written before it is read: nothing in it outlives the call.

from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

cdef extern from "kernels/kernels.h" nogil:
    ctypedef float real  # double in the _net64 build: the C compiler decides
    ctypedef int32_t lane_t
    int HW_TANH, HW_RECTIFIER, HW_EXPRECTIFIER, HW_MAXOUT, HW_LINEAR, HW_SOFTMAX
    int HW_ESTIMATED, HW_ROUNDED, HW_EXACT
    int HW_ADADELTA, HW_SGD, HW_MOMENTUM, HW_CLASSIC, HW_ADAM, HW_ADADELTA_PAIRS
    double HW_BETA1, HW_BETA2
    enum:
        MAX_LAYERS, HW_BLOCK, WIDEST, EXCHANGE_BLOCK
    ctypedef struct Step:
        int rule, square_root, fast, cap_rows
        real rate, momentum, rho, epsilon, root_share, inverse_share, l1, l2, elastic, max_w2, root, shrink
    ctypedef struct Update:
        int groups
        int64_t pitch
        real *w
        real *s1
        real *s2
        const real *centre
        const int32_t *index
        const real *value
        int64_t n
        const real *g
        const lane_t *mask
        real *back
        int64_t capacity
        real *g2
    ctypedef struct Product:
        int64_t rows, columns, depth
        const real *a
        int64_t a_row, a_step
        const real *b
        int64_t b_step
        const real *start
        int64_t start_row
        real alpha
        real *c
        int64_t c_row
        const real *next[3]
        int64_t next_row
    ctypedef struct Bins:
        int32_t *start
        int32_t *row
        real *part
    ctypedef struct Kernels:
        const char *name
        void (*forward)(int, const real *, const int32_t *, const real *, int64_t, const real *, real *) noexcept nogil
        void (*forward_units)(const real *, int64_t, const int32_t *, int64_t, const real *, const real *, real *) noexcept nogil
        void (*forward_rows)(int64_t, const real *, int64_t, const int32_t *, const real *, int64_t, const real *,
                             real *) noexcept nogil
        void (*forward_tile)(const real *, int64_t, const int32_t *, const real *, int64_t, const real *, real *) noexcept nogil
        void (*update)(int, const Step *, const Update *) noexcept nogil
        void (*update_rows)(const Step *, const Update *) noexcept nogil
        void (*update_tile)(const Step *, const Update *) noexcept nogil
        void (*update_unit)(const Step *, const Update *, int64_t) noexcept nogil
        void (*apply)(int, const Step *, const Update *, const real *, const uint8_t *) noexcept nogil
        void (*cap)(int, int64_t, int64_t, real, const lane_t *, real *) noexcept nogil
        void (*update_bias)(int64_t, const Step *, real *, real *, real *, const real *, const real *, const lane_t *,
                            const real *, real, const real *, real, real) noexcept nogil
        void (*activate)(int, int64_t, real *) noexcept nogil
        void (*derivative)(int, int64_t, const real *, const real *, real *) noexcept nogil
        void (*dropout)(uint64_t, real, int64_t, int64_t, real *) noexcept nogil
        void (*sum_partials)(int64_t, int64_t, int64_t, int64_t, const real *, real *) noexcept nogil
        void (*exchange)(int, int64_t, int64_t, real *, real *const *) noexcept nogil
        int64_t (*decode_sparse)(int64_t, const uint16_t *, const uint8_t *, const real *, int32_t, uint64_t, real, int32_t *,
                                 real *) noexcept nogil
        void (*decode_u8)(int64_t, const uint8_t *, const real *, const real *, real *) noexcept nogil
        void (*decode_i16)(int64_t, const int16_t *, const real *, const real *, real *) noexcept nogil
        void (*ramp)(int64_t, real, real *) noexcept nogil
        void (*product)(const Product *) noexcept nogil
        void (*turn)(int64_t, int64_t, const real *, int64_t, real *, int64_t) noexcept nogil
        void (*add_listed)(int64_t, int64_t, const int32_t *, const real *, const real *, const real *, real *) noexcept nogil
        void (*scatter)(int64_t, int64_t, const int32_t *, const real *, real, const real *, real *) noexcept nogil
        void (*column_errors)(int64_t, int64_t, const real *, int64_t, real *, lane_t *, real *) noexcept nogil
        void (*note_active)(int64_t, int64_t, const real *, int64_t, lane_t *) noexcept nogil
        void (*activate_dropped)(int, uint64_t, real, int64_t, real *) noexcept nogil
        void (*running_sums)(int64_t, int64_t, const int32_t *, const real *, real *) noexcept nogil
        void (*add_ramps)(int64_t, int64_t, int64_t, const int32_t *, const real *, const real *, const real *, const real *,
                          int64_t, real *, int64_t) noexcept nogil
        void (*ramp_gradient)(int64_t, int64_t, const int32_t *, int, const Bins *, const real *, int64_t, real,
                              real *) noexcept nogil
    const Kernels *hw_kernels(const char *level)
    void hw_fetch(const void *, int64_t)
    bint hw_keep(uint32_t i, uint64_t key, real ratio)
    uint64_t hw_key(uint64_t seed, uint64_t stream, uint64_t row)

cdef extern from "kernels/parallel.h" nogil:
    ctypedef struct Barrier:
        pass
    void barrier_init(Barrier *, int)
    void barrier_wait(Barrier *, int *)
    unsigned long fpmode_enter()
    void fpmode_leave(unsigned long)

cdef enum:
    WHOLE_ROWS_FROM = 32  # blocks of 16 columns from which a layer is stored by whole rows: its state is beyond the caches
    TOGETHER = 8  # rows of a group, see groups.pxi; CAP_EVERY is a multiple of it
    GROUPS_FROM = 1 << 17  # weights of a network that are, with their state, as large as a second-level cache
    CAP_EVERY = 32  # rows of a stream between two looks at the norms that max_w2 limits
    EXCHANGED_AT_FIRST = 32  # rows that all copies of a network train together before they first meet ...
    EXCHANGE_GROWTH = 64  # ... and later one for so many samples trained, up to the limit of engine/plan.py
    INPUT_BLOCK = 24  # inputs of a layer by which mini-batches share out its weights, four tiles of products
    BLOCKS_AT_ONCE = 2  # of them, whose gradients are summed before they are applied: a quarter of the first-level cache
    RAMP_BLOCK = 3072  # gradients of piecewise-linear units that are summed before they are applied: a quarter of the first cache
    STRIP = 64  # rows of a mini-batch whose errors are passed down at once
    INPUT_STREAM = 0  # random streams of hw_key: input dropout, then one per hidden layer

cdef enum Loss:
    CROSS_ENTROPY, QUADRATIC_CLASSES, GAUSSIAN, POISSON, GAMMA, TWEEDIE, LAPLACE, QUANTILE, HUBER

# Shape, settings and arrays of a layer. IN OUT in training: all arrays but centre and bcentre, which are IN.
cdef struct Layer:
    int kind, channels, units
    int blocks            # blocks of 16 columns per group
    int groups            # groups per channel
    int width             # 16 * blocks
    bint unit_major       # output-major storage
    bint whole_rows       # input-major with the groups of an input side by side
    int64_t inputs
    int64_t stride        # elements between groups (input-major) or units (output-major)
    int64_t pitch         # elements between inputs (input-major)
    real *w
    real *s1
    real *s2
    real *b
    real *bs1
    real *bs2
    real *centre
    real *bcentre
    real *average         # running mean activation (sparsity)
    real dropout
    Step step

# Layers and settings. IN in training, but for the arrays of its layers.
cdef struct Model:
    int layers
    int together          # rows of a group, see groups.pxi
    Layer *layer
    const Kernels *k
    int loss
    bint autoencoder
    real quantile_alpha, tweedie_power, huber_delta
    const real *quantiles  # of each output unit, where there are several; else NULL
    real input_dropout
    real sparsity_beta, average_activation
    double smoothing      # share of the target that all classes get
    double weight_decay
    double total          # samples of the whole run, over which the rate falls to 0; 0: it stays
    int64_t updates       # of Adam's state, before this call
    uint64_t seed

# The compact training copy: categorical units per row, then numbers, dense or sparse. IN.
cdef struct Rows:
    int64_t n
    int64_t inputs
    int categories
    const int32_t *category
    bint may_collide      # hashed categories can share a unit: their hits add up
    int64_t first_number, numbers
    const uint8_t *dense_u8
    const int16_t *dense_i16
    const real *dense
    const int32_t *spans  # piecewise-linear units of the numbers, from first_number on; or NULL
    const int32_t *position_at
    const real *positions
    const real *sub
    const real *mul
    const int64_t *start  # sparse rows
    const uint16_t *index16
    const int32_t *index32
    const uint8_t *value_u8
    const real *value
    const int32_t *label
    const real *target
    const real *weight
    const real *offset

# Buffers of one row of a stream, shared by its team of threads. Work space; each thread writes its own units.
cdef struct Shared:
    real *a
    real *keep
    real *z               # net input of every column (Maxout needs both channels)
    real *e
    real *g
    lane_t *mask
    real *g2
    real *partial
    int64_t capacity      # list length the partial sums have room for

# Active inputs of one layer as one thread sees them.
cdef struct Active:
    int32_t *index
    real *value
    int64_t n
    int64_t first, last   # positions that belong to this thread's units

# One thread: its groups, and its work space for one row.
cdef struct Worker:
    int first[MAX_LAYERS]  # its groups of each layer
    int last[MAX_LAYERS]
    Active *active
    bint expand           # x is needed: units are stored by unit, or inactive inputs count
    real *x               # dense input, padded
    real *clean           # autoencoder: input before dropout
    int32_t *units        # units to compute of an output-major layer
    real *sums
    int patience

cdef struct Stream:
    Shared *shared        # of each layer, for one row of a group after the other
    Barrier barrier
    int team
    int together          # rows of a group, at most; each thread has a Worker for each

# Test entries and the order of rows of one call. IN.
cdef struct Feed:
    const int64_t *order
    int64_t n
    uint64_t first_sample
    const uint8_t *hidden_masks   # one byte per hidden unit and sample, or NULL
    const uint8_t *input_masks
    int64_t hidden_units
