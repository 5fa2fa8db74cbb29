# The compiled network: parameters and optimiser state in engine layout, and the training loop.
# Included by _net32.pyx (float32) and _net64.pyx (float64, for gradient checks).

import os

import numpy as np

from .memory import aligned_zeros

from cython.parallel cimport parallel, threadid
from openmp cimport omp_get_dynamic, omp_get_num_threads, omp_set_dynamic
from libc.math cimport exp, fabs, sqrt
from libc.string cimport memcpy, memset
from scipy.linalg.cython_blas cimport dgemm, sgemm

include "declarations.pxi"
include "rows.pxi"
include "loss.pxi"
include "step.pxi"
include "batch.pxi"

REAL = np.float32 if sizeof(real) == 4 else np.float64
LANE = np.int32 if sizeof(real) == 4 else np.int64

KINDS = {"Tanh": HW_TANH, "Rectifier": HW_RECTIFIER, "ExpRectifier": HW_EXPRECTIFIER, "Maxout": HW_MAXOUT,
         "Linear": HW_LINEAR, "Softmax": HW_SOFTMAX}
RULES = {"adadelta": HW_ADADELTA, "sgd": HW_SGD, "momentum": HW_MOMENTUM, "classic": HW_CLASSIC}
LOSSES = {"crossentropy": CROSS_ENTROPY, "quadratic": QUADRATIC_CLASSES, "gaussian": GAUSSIAN, "poisson": POISSON,
          "gamma": GAMMA, "tweedie": TWEEDIE, "laplace": LAPLACE, "quantile": QUANTILE, "huber": HUBER}


def instruction_set():
    """Name of the kernels in use: HEAVYWATER_SIMD if set, else the best the processor has.

    Raises
    ------
    ValueError
        If HEAVYWATER_SIMD names a level that does not exist or that this processor lacks.
    """
    return table().decode()


cdef bytes table():
    return (<bytes> pick().name)


cdef const Kernels *pick() except NULL:
    level = os.environ.get("HEAVYWATER_SIMD") or None
    cdef bytes name = level.encode() if level else b""
    cdef const Kernels *found = hw_kernels(<const char *> name if level else NULL)
    if found == NULL:
        levels = [x for x in ("baseline", "avx2", "avx512") if hw_kernels(x.encode()) != NULL]
        raise ValueError(f"HEAVYWATER_SIMD={level!r} is not available here; this processor offers {', '.join(levels)}. "
                         "Unset it to let the engine choose.")
    return found


cdef void *address(array) noexcept:
    """Data pointer of a numpy array, NULL for None."""
    return NULL if array is None else <void *> <size_t> array.ctypes.data


cdef int blocks_per_group(int units, bint batches):
    """Columns a group spans, in blocks of 16: from the layer's size only, so that results do not depend on threads.

    Narrow groups share out small layers evenly; wide ones are what BLAS wants. The widest are those of layers that are
    stored by whole rows.
    """
    cdef int n = (units + HW_BLOCK - 1) // HW_BLOCK
    if batches:
        return 1 if n == 1 else 4
    if n < 32:
        return 2 if n in (2, 4, 8) else 1  # small layers that divide evenly: fewer, wider groups
    return 4 if n < WHOLE_ROWS_FROM else 8


cdef class Replicas  # in replicas.pxi


cdef class Network:
    """Weights, biases and optimiser state of a feed-forward network.

    Parameters
    ----------
    inputs : int
        Input units.
    units : sequence of int
        Units of every layer, the output layer last.
    kinds : sequence of str
        Activation of every layer: Tanh, Rectifier, ExpRectifier, Maxout (two channels); Linear or Softmax at the end.
    unit_major : bool
        Store the first layer by unit: for dense inputs, where units without a gradient then cost nothing.
    batches : bool
        Lay out for mini-batches.
    """

    cdef Model m
    cdef Layer layer[MAX_LAYERS]
    cdef list arrays       # one dict of numpy arrays per layer; the structs point into them
    cdef Replicas replicas  # copies that threads train, or None
    cdef readonly int inputs
    cdef readonly tuple units, kinds
    cdef readonly bint unit_major, batches

    def __cinit__(self, int inputs, units, kinds, bint unit_major=False, bint batches=False):
        if len(units) > MAX_LAYERS:
            raise ValueError(f"hidden: {len(units) - 1} layers are more than the {MAX_LAYERS - 1} supported")
        self.inputs = inputs
        self.units = tuple(int(u) for u in units)
        self.kinds = tuple(kinds)
        self.unit_major = unit_major and not batches
        self.batches = batches
        self.arrays = []
        self.m.layers = len(units)
        self.m.layer = self.layer
        self.m.k = pick()
        cdef int i, before = inputs
        for i in range(self.m.layers):
            self.shape_layer(i, before)
            before = self.units[i]

    cdef shape_layer(self, int i, int before):
        cdef Layer *y = &self.layer[i]
        y.kind = KINDS[self.kinds[i]]
        y.channels = 2 if y.kind == HW_MAXOUT else 1
        y.units = self.units[i]
        y.inputs = before
        y.blocks = blocks_per_group(y.units, self.batches)
        y.width = HW_BLOCK * y.blocks
        y.groups = (y.units + y.width - 1) // y.width
        y.unit_major = i == 0 and self.unit_major
        y.whole_rows = y.blocks == 8 and not y.unit_major
        columns = y.channels * y.groups * y.width
        if y.unit_major:
            y.stride = (before + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK
            shape = (columns, y.stride)
        elif y.whole_rows:
            y.stride, y.pitch = y.width, columns
            shape = (before + 1, columns)
        else:
            y.stride, y.pitch = <int64_t>(before + 1) * y.width, y.width
            shape = (y.channels * y.groups, before + 1, y.width)
        self.arrays.append({"w": aligned_zeros(shape, REAL), "b": aligned_zeros((columns,), REAL),
                            "bs1": aligned_zeros((columns,), REAL), "bs2": aligned_zeros((columns,), REAL)})
        self.bind(i)

    cdef bind(self, int i):
        """Point the struct at the arrays."""
        cdef Layer *y = &self.layer[i]
        a = self.arrays[i]
        y.w, y.b = <real *> address(a["w"]), <real *> address(a["b"])
        y.s1, y.s2 = <real *> address(a.get("s1")), <real *> address(a.get("s2"))
        y.bs1, y.bs2 = <real *> address(a["bs1"]), <real *> address(a["bs2"])
        y.centre, y.bcentre = <real *> address(a.get("centre")), <real *> address(a.get("bcentre"))
        y.scale, y.inverse = <real *> address(a.get("scale")), <real *> address(a.get("inverse"))
        y.norm2 = <double *> address(a.get("norm2"))
        y.average = <real *> address(a.get("average"))

    # ---- between engine layout and plain matrices

    def pack(self, int i, matrix, out):
        """Copy (channels, units, inputs) values into an array of layer i's engine layout."""
        cdef Layer *y = &self.layer[i]
        padded = np.zeros((y.channels, y.groups * y.width, y.inputs), REAL)
        padded[:, : y.units] = matrix
        if y.unit_major:
            out[:, : y.inputs] = padded.reshape(-1, y.inputs)
        elif y.whole_rows:
            out[: y.inputs] = padded.reshape(-1, y.inputs).T
        else:
            out[:, : y.inputs] = padded.reshape(-1, y.width, y.inputs).transpose(0, 2, 1)

    def unpack(self, int i, array):
        """The (channels, units, inputs) values of an array in layer i's engine layout."""
        cdef Layer *y = &self.layer[i]
        if y.unit_major:
            plain = array[:, : y.inputs]
        elif y.whole_rows:
            plain = array[: y.inputs].T
        else:
            plain = array[:, : y.inputs].transpose(0, 2, 1)
        return plain.reshape(y.channels, y.groups * y.width, y.inputs)[:, : y.units].copy()

    def unpack_columns(self, int i, array):
        """The (channels, units) values of a per-column array of layer i."""
        cdef Layer *y = &self.layer[i]
        return array.reshape(y.channels, -1)[:, : y.units].copy()

    def pack_columns(self, int i, values, out):
        """Copy (channels, units) values into a per-column array of layer i."""
        cdef Layer *y = &self.layer[i]
        out.reshape(y.channels, -1)[:, : y.units] = values

    def set_weights(self, int i, weights, biases):
        """Set weights (channels, units, inputs) and biases (channels, units) of layer i."""
        self.end_replicas()
        self.pack(i, weights, self.arrays[i]["w"])
        self.pack_columns(i, biases, self.arrays[i]["b"])
        if self.layer[i].scale != NULL:
            self.arrays[i]["scale"][:] = 1
            self.arrays[i]["inverse"][:] = 1
            fold_groups(&self.layer[i], 0, self.layer[i].groups)

    def weights(self, int i):
        """Weights (channels, units, inputs) of layer i."""
        self.settle()
        w = self.unpack(i, self.arrays[i]["w"])
        if self.layer[i].scale != NULL:
            w *= self.unpack_columns(i, self.arrays[i]["scale"])[:, :, None]
        return w

    def biases(self, int i):
        """Biases (channels, units) of layer i."""
        self.settle()
        return self.unpack_columns(i, self.arrays[i]["b"])

    def state(self, int i):
        """Optimiser state of layer i by name, as plain matrices: what a restart needs besides weights and biases.

        Under max_w2 that includes the weights as they are stored, apart from the scale of their column: the product
        alone would go on with other rounding.
        """
        self.settle()
        a = self.arrays[i]
        found = {name: self.unpack(i, a[name]) for name in ("s1", "s2") if name in a}
        if "scale" in a:
            found["unscaled"] = self.unpack(i, a["w"])
        columns = ("bs1", "bs2", "scale", "inverse", "norm2")
        return found | {name: self.unpack_columns(i, a[name]) for name in columns if name in a} | (
            {"average": a["average"][: self.layer[i].units].copy()} if "average" in a else {})

    def set_state(self, int i, state):
        """Set optimiser state of layer i as returned by `state`; its weights must have been set before."""
        self.end_replicas()
        a = self.arrays[i]
        if "scale" in state and not self.layer[i].unit_major and not self.batches:
            for name in ("scale", "inverse", "norm2"):
                self.ensure_columns(i, name, 0 if name == "norm2" else 1, np.float64 if name == "norm2" else REAL)
                self.pack_columns(i, state[name], a[name])
            self.pack(i, state["unscaled"], a["w"])
        for name in ("s1", "s2"):
            if name in state:
                self.ensure(i, name)
                self.pack(i, state[name], a[name])
        for name in ("bs1", "bs2"):
            self.pack_columns(i, state[name], a[name])
        if "average" in state:
            self.ensure_columns(i, "average", 0)
            a["average"][: self.layer[i].units] = state["average"]
        self.bind(i)

    cdef Network replica(self):
        """A network with the same settings and copies of the weights and the optimiser state."""
        cdef Network other = Network(self.inputs, self.units, self.kinds, self.unit_major, self.batches)
        cdef int i
        for i in range(self.m.layers):
            shared = ("centre", "bcentre")  # only read
            other.arrays[i] = {name: a if name in shared else copied(a) for name, a in self.arrays[i].items()}
        other.adopt_settings(self)
        return other

    cdef adopt_settings(self, Network other):
        """Take over what `configure` has set in a network with the same arrays."""
        cdef int i
        self.m = other.m
        self.m.layer = self.layer
        for i in range(self.m.layers):
            self.layer[i] = other.layer[i]
            self.bind(i)

    cdef settle(self):
        """Bring what threads have learnt on copies into the network."""
        if self.replicas is not None:
            self.replicas.settle(self)

    cdef end_replicas(self):
        self.settle()
        self.replicas = None

    def ensure(self, int i, str name):
        """Allocate an array like the weights of layer i, unless it is there."""
        a = self.arrays[i]
        if name not in a:
            a[name] = aligned_zeros(a["w"].shape, REAL)
            self.bind(i)

    def ensure_columns(self, int i, str name, value, dtype=REAL):
        a = self.arrays[i]
        if name not in a:
            a[name] = aligned_zeros(a["b"].shape, dtype)
            a[name][:] = value
            self.bind(i)

    def magnitude(self, int i):
        """Root mean square of the weights of layer i and its largest absolute bias; not finite where they are not.

        Where threads train copies these are those of the copy where they are largest.
        """
        found = [self.own_magnitude(i)]
        if self.replicas is not None and self.replicas.apart:
            found += [(<Network> one).own_magnitude(i) for one in self.replicas.others]
        return tuple(map(float, np.max(found, axis=0)))

    cdef own_magnitude(self, int i):
        a = self.arrays[i]
        flat = a["w"].reshape(-1)
        with np.errstate(over="ignore", invalid="ignore"):
            squares = float(np.dot(flat, flat))
            if not np.isfinite(squares):  # too large for float32, or really not finite
                squares = float(np.square(flat, dtype=np.float64).sum())
        return (squares / max(1, self.units[i] * self.layer[i].inputs)) ** 0.5, float(np.abs(a["b"]).max())

    # ---- settings

    def configure(self, *, str rule, rates, double momentum=0, double rho=0.99, double epsilon=1e-8, double l1=0, double l2=0,
                  max_w2=None, bint fast=True, double elastic=0, dropout=None, double input_dropout=0,
                  double sparsity_beta=0, double average_activation=0, str loss="gaussian", bint autoencoder=False,
                  double quantile_alpha=0.5, double tweedie_power=1.5, double huber_delta=1, seed=0):
        """Set what stays the same during an iteration.

        Parameters
        ----------
        rule : str
            adadelta, sgd, momentum (accumulating velocity) or classic (H2O's form without Nesterov).
        rates : sequence of float
            Learning rate of every layer, annealing and the factor 1 - momentum included; unused by adadelta.
        max_w2 : float or None
            Upper limit of the sum of squared incoming weights of a unit.
        dropout : sequence of float or None
            Dropout ratio of every hidden layer.
        elastic : float
            Weight of the pull towards the centre set by `set_centre`.
        loss : str
            crossentropy or quadratic (classes), or a regression distribution.
        huber_delta : float
            In the units of the standardised response.
        seed : int
            Of all dropout masks.
        """
        cdef int i
        cdef Layer *y
        for i in range(self.m.layers):
            y = &self.layer[i]
            y.step.rule = RULES[rule]
            y.step.exact_root = epsilon < 1e-15
            y.step.fast = fast
            # by way of double: Cython takes `real` for float32 in both builds
            y.step.rate, y.step.momentum, y.step.rho, y.step.epsilon = <double> rates[i], momentum, rho, epsilon
            y.step.l1, y.step.l2, y.step.elastic = l1, l2, elastic
            y.step.max_w2 = <double> (0 if max_w2 is None else max_w2)
            y.dropout = <double> (dropout[i] if dropout is not None and i < self.m.layers - 1 else 0)
            self.allocate_for(i, rule, max_w2 is not None, sparsity_beta > 0 and i < self.m.layers - 1)
        self.m.loss = LOSSES[loss]
        self.m.autoencoder = autoencoder
        self.m.quantile_alpha, self.m.tweedie_power, self.m.huber_delta = quantile_alpha, tweedie_power, huber_delta
        self.m.input_dropout = input_dropout
        self.m.sparsity_beta, self.m.average_activation = sparsity_beta, average_activation
        self.m.seed = seed & 0xFFFFFFFFFFFFFFFF

    def allocate_for(self, int i, str rule, bint capped, bint sparse_units):
        """State arrays of layer i that the settings need."""
        if rule != "sgd":
            self.ensure(i, "s1")
        if rule == "adadelta":
            self.ensure(i, "s2")
        if sparse_units:
            self.ensure_columns(i, "average", 0)
        if capped and not self.layer[i].unit_major and not self.batches:
            fresh = "scale" not in self.arrays[i]
            for name, value in (("scale", 1), ("inverse", 1), ("norm2", 0)):
                self.ensure_columns(i, name, value, np.float64 if name == "norm2" else REAL)
            if fresh:
                fold_groups(&self.layer[i], 0, self.layer[i].groups)
        elif "scale" in self.arrays[i]:
            fold_groups(&self.layer[i], 0, self.layer[i].groups)
            for name in ("scale", "inverse", "norm2"):
                del self.arrays[i][name]
            self.bind(i)

    def set_centre(self, int i, weights, biases):
        """Centre of elastic averaging for layer i: weights (channels, units, inputs), biases (channels, units)."""
        self.ensure(i, "centre")
        self.ensure_columns(i, "bcentre", 0)
        self.pack(i, weights, self.arrays[i]["centre"])
        self.pack_columns(i, biases, self.arrays[i]["bcentre"])

    # ---- training

    def train(self, rows, const int64_t[::1] order, first_sample=0, int threads=1, bint hogwild=False, hidden_masks=None,
              input_masks=None, int batch_size=1, int exchange=0):
        """Train on rows in the given order, one update per row or mini-batch.

        Parameters
        ----------
        rows : TrainingRows
            The compact training copy (engine/rows.py), built with this network's precision.
        order : int64 array
            Row numbers.
        first_sample : int
            Number of samples trained before: keys the dropout masks.
        threads : int
        hogwild : bool
            False: the threads share out the units of every layer; the result does not depend on their number.
            True: each thread trains rows of its own, on the shared weights without locks (Niu et al. 2011) or on a copy.
        hidden_masks, input_masks : uint8 arrays (samples, units) or None
            For tests: the dropout masks to use, 1 = kept.
        batch_size : int
            Rows per update; more than 1 for networks laid out for batches only, whose threads always share layers.
            Rows of weight 0 must not be in the order then.
        exchange : int
            Rows each thread of `hogwild` trains at most on a copy of its own before the copies exchange their changes;
            early in training they meet sooner (see replicas.pxi). 0: no copies. The result then depends on the number of
            threads, but neither on their timing nor on how the samples are divided into calls: the copies are kept from
            one call to the next that goes on with the next sample.
        """
        cdef Rows r
        cdef Feed f
        if threads < 1:
            raise ValueError(f"threads={threads}: at least 1")
        if batch_size < 1 or (batch_size > 1 and not self.batches):
            raise ValueError(f"batch_size={batch_size}: at least 1, and more than 1 only for a Network(..., batches=True)")
        keep_alive = bind_rows(&r, rows)
        f.order = &order[0] if order.shape[0] else NULL
        f.n = order.shape[0]
        f.first_sample = first_sample
        f.hidden_masks = <const uint8_t *> address(hidden_masks)
        f.input_masks = <const uint8_t *> address(input_masks)
        f.hidden_units = sum(self.units[:-1])
        cdef int dynamic = omp_get_dynamic()
        omp_set_dynamic(0)  # else OpenMP could give fewer threads than it did a moment before
        try:
            self.run_threads(&r, &f, rows, granted_threads(threads), hogwild, batch_size, exchange)
        finally:
            omp_set_dynamic(dynamic)
        return keep_alive is not None

    cdef run_threads(self, const Rows *r, const Feed *f, rows, int threads, bint hogwild, int batch_size,
                     int exchange):
        cdef int streams = threads if hogwild else 1, team = 1 if hogwild else threads
        if not (exchange and streams > 1 and self.replicas is not None
                and self.replicas.fit(self, streams, exchange, f.first_sample)):
            self.end_replicas()
        if self.batches:
            buffers = BatchWorkspace(self, rows, threads, batch_size, autoencoder=self.m.autoencoder)
            run_batches(&self.m, r, f, buffers.batch)
            return
        workspace = Workspace(self, streams, team)
        if exchange and streams > 1:
            if self.replicas is None:
                self.replicas = Replicas(self, streams, exchange, f.first_sample)
            self.replicas.train(self, r, f, workspace.stream, workspace.worker)
            return
        run(&self.m, r, f, workspace.stream, workspace.worker, streams, team)
        if hogwild:
            self.fold()

    def fold(self):
        """Recompute the max_w2 norms exactly and bring the scales back to 1."""
        cdef int i
        for i in range(self.m.layers):
            if self.layer[i].scale != NULL:
                fold_groups(&self.layer[i], 0, self.layer[i].groups)


cdef bind_rows(Rows *r, rows):
    """Fill the C view of the training copy."""
    memset(r, 0, sizeof(Rows))
    r.n, r.inputs, r.first_number, r.numbers = rows.n, rows.inputs, rows.first_number, rows.numbers
    r.categories = rows.category.shape[1]
    r.category = <const int32_t *> address(rows.category)
    r.may_collide = rows.may_collide
    if rows.dense is not None:
        if rows.dense.dtype == np.uint8:
            r.dense_u8 = <const uint8_t *> address(rows.dense)
        elif rows.dense.dtype == np.int16:
            r.dense_i16 = <const int16_t *> address(rows.dense)
        else:
            r.dense = <const real *> address(rows.dense)
    if rows.start is not None:
        r.start = <const int64_t *> address(rows.start)
        if rows.index.dtype == np.uint16:
            r.index16 = <const uint16_t *> address(rows.index)
        else:
            r.index32 = <const int32_t *> address(rows.index)
        if rows.value.dtype == np.uint8:
            r.value_u8 = <const uint8_t *> address(rows.value)
        else:
            r.value = <const real *> address(rows.value)
    r.sub, r.mul = <const real *> address(rows.sub), <const real *> address(rows.mul)
    r.label = <const int32_t *> address(rows.label)
    r.target = <const real *> address(rows.target)
    r.weight, r.offset = <const real *> address(rows.weight), <const real *> address(rows.offset)
    return rows


cdef void fold_groups(const Layer *y, int first, int last) noexcept nogil:
    cdef int group, c
    for c in range(y.channels):
        for group in range(c * y.groups + first, c * y.groups + last):
            fold_group(y, group)


cdef void fold_group(const Layer *y, int group) noexcept nogil:
    cdef int u, column = group * y.width
    cdef int64_t k
    cdef real *w
    for u in range(y.width):
        y.norm2[column + u] = 0
    for k in range(y.inputs):
        w = y.w + group * y.stride + k * y.pitch
        for u in range(y.width):
            w[u] *= y.scale[column + u]
            y.norm2[column + u] += <double>w[u] * w[u]
    for u in range(y.width):
        y.scale[column + u] = 1
        y.inverse[column + u] = 1


cdef int granted_threads(int threads) noexcept:
    """How many threads OpenMP gives when asked for so many: OMP_THREAD_LIMIT and the like may allow fewer, and a barrier
    must not wait for a thread that never comes."""
    cdef int found = 1
    cdef int *answer = &found
    if threads == 1:
        return 1
    with nogil, parallel(num_threads=threads):
        if threadid() == 0:
            answer[0] = omp_get_num_threads()
    return found


include "workspace.pxi"
include "replicas.pxi"


cdef void run_thread(const Model *m, const Rows *r, const Feed *f, Stream *stream, Worker *w, int number,
                     int n_streams) noexcept nogil:
    """One thread's part: the rows of its stream, every n_streams-th of the order."""
    cdef int i
    cdef int64_t k = number
    cdef unsigned long mode = fpmode_enter()
    while k < f.n:
        if n_streams == 1 and (f.first_sample + k) % FOLD_EVERY == 0:
            for i in range(m.layers):
                if m.layer[i].scale != NULL:
                    fold_groups(&m.layer[i], w.first[i], w.last[i])
        train_row(m, r, f, stream, w, k)
        k += n_streams
    fpmode_leave(mode)


cdef void run(const Model *m, const Rows *r, const Feed *f, Stream *streams, Worker *workers, int n_streams,
              int team) noexcept:
    """The parallel loop. In HOGWILD mode (several streams) the weights are shared without locks: the one race of the
    engine, here and on purpose."""
    cdef int t, n_threads = n_streams * team
    with nogil, parallel(num_threads=n_threads):
        t = threadid()
        run_thread(m, r, f, &streams[t // team], &workers[t], t // team, n_streams)
