# The compiled network, for Python: parts by concern, and the class that holds them together.
# Included by _net32.pyx (float32) and _net64.pyx (float64, for gradient checks). Its types are in _net.pyi.

import math

import numpy as np

from .memory import aligned_zeros
from .plan import Strategy

from cython.parallel cimport parallel, threadid
from openmp cimport omp_get_dynamic, omp_get_num_threads, omp_set_dynamic
from libc.math cimport M_PI, cos, exp, fabs, pow, sqrt
from libc.string cimport memcpy, memset

include "declarations.pxi"

REAL = np.float32 if sizeof(real) == 4 else np.float64
LANE = np.int32 if sizeof(real) == 4 else np.int64

include "kernel_table.pxi"
include "pointers.pxi"
include "layout.pxi"
include "norms.pxi"
include "state.pxi"
include "settings.pxi"
include "binding.pxi"
include "rows.pxi"
include "loss.pxi"
include "pace.pxi"
include "activation.pxi"
include "step.pxi"
include "batch.pxi"
include "batch_inputs.pxi"
include "forward.pxi"
include "groups.pxi"
include "run.pxi"


cdef class Replicas  # in replicas.pxi
cdef class BatchWorkspace  # in workspace.pxi
cdef class ForwardWorkspace  # in workspace.pxi


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
    cdef object values     # one buffer: weights and biases of all layers, in the order of the layers
    cdef list arrays       # one dict of numpy arrays per layer; the structs point into them
    cdef object quantiles  # of the output units, which the settings point to
    cdef Replicas replicas  # copies that threads train, or None
    cdef BatchWorkspace buffers  # of the last mini-batches, or None: their calls are short
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
        self.m.together = 1
        self.m.k = pick_kernels()
        cdef int i, before = inputs
        for i in range(self.m.layers):
            lay_out(&self.layer[i], KINDS[self.kinds[i]], self.units[i], before, i == 0 and self.unit_major, batches)
            before = self.units[i]
        self.allocate()

    cdef allocate(self):
        """The buffer, and what every layer has."""
        cdef int i
        cdef int64_t at = 0, n
        self.values = aligned_zeros((sum([values_of(&self.layer[i]) for i in range(self.m.layers)]),), REAL)
        for i in range(self.m.layers):
            n = values_of(&self.layer[i])
            self.arrays.append(new_arrays(&self.layer[i], self.values[at : at + n]))
            bind_layer(&self.layer[i], self.arrays[i])
            at += n

    @property
    def together(self):
        """Rows that are trained as a group: only at multiples of these do cuts of a run change no bit."""
        return self.m.together

    # ---- weights and state, as plain matrices

    def set_weights(self, int i, weights, biases):
        """Set weights (channels, units, inputs) and biases (channels, units) of layer i."""
        self.end_replicas()
        pack(&self.layer[i], weights, self.arrays[i]["w"])
        pack_columns(&self.layer[i], biases, self.arrays[i]["b"])

    def weights(self, int i):
        """Weights (channels, units, inputs) of layer i, within max_w2."""
        cdef Layer within = self.layer[i]
        self.settle()
        if not lazily_limited(&within):
            return unpack(&within, self.arrays[i]["w"])
        array = copied(self.arrays[i]["w"])  # to look changes nothing
        within.w = <real *> address(array)
        cap_layer(&self.m, &within)
        return unpack(&within, array)

    def biases(self, int i):
        """Biases (channels, units) of layer i."""
        self.settle()
        return unpack_columns(&self.layer[i], self.arrays[i]["b"])

    def state(self, int i):
        """Optimiser state of layer i by name, as plain matrices: what a restart needs besides weights and biases."""
        self.settle()
        return optimiser_state(&self.layer[i], self.arrays[i])

    def set_state(self, int i, state):
        """Set optimiser state of layer i as returned by `state`."""
        self.end_replicas()
        set_optimiser_state(&self.layer[i], self.arrays[i], state)

    def set_centre(self, int i, weights, biases):
        """Centre of elastic averaging for layer i: weights (channels, units, inputs), biases (channels, units)."""
        ensure(&self.layer[i], self.arrays[i], "centre")
        ensure_columns(&self.layer[i], self.arrays[i], "bcentre")
        pack(&self.layer[i], weights, self.arrays[i]["centre"])
        pack_columns(&self.layer[i], biases, self.arrays[i]["bcentre"])

    def magnitude(self, int i):
        """Root mean square of the weights of layer i and its largest absolute bias; not finite where they are not.

        Where threads train copies these are those of the copy where they are largest.
        """
        found = [magnitude_of(&self.layer[i], self.arrays[i])]
        if self.replicas is not None and self.replicas.apart:
            found += [magnitude_of(&self.layer[i], (<Network> one).arrays[i]) for one in self.replicas.others]
        return tuple(map(float, np.max(found, axis=0)))

    # ---- weights and biases as they lie in memory, for those who exchange them with networks of the same layout

    def buffer(self):
        """All weights and biases in one contiguous array of the engine's precision, aligned to 64 bytes: no copy.

        Of each layer in turn the weights, then the biases, in the engine's layout with its padding, which is 0 and has to
        stay 0. Networks made with the same arguments have the same layout. The optimiser's state is elsewhere, so what is
        written here is trained on with the state that is there.

        What is read is complete when this method returns, and no longer once training goes on. Who writes says so with
        `take_buffer` before anything else is done with the network.

        Returns
        -------
        ndarray, (values,)
        """
        self.settle()
        cap_network(&self.m, False)
        return self.values

    def take_buffer(self):
        """Go on with what was written to `buffer`: copies of the weights are made anew."""
        self.end_replicas()

    # ---- settings

    def configure(self, *, str rule, rates, double momentum=0, double rho=0.99, double epsilon=1e-8, double l1=0, double l2=0,
                  max_w2=None, bint fast=True, double elastic=0, dropout=None, double input_dropout=0,
                  double sparsity_beta=0, double average_activation=0, str loss="gaussian", bint autoencoder=False,
                  quantile_alpha=0.5, double tweedie_power=1.5, double huber_delta=1, seed=0, double weight_decay=0,
                  double label_smoothing=0, double total=0, bint exact=False, together=None):
        """Set what stays the same during an iteration.

        Parameters
        ----------
        rule : str
            adadelta, sgd, momentum (accumulating velocity), classic (H2O's form without Nesterov), or adam, which is for
            networks laid out for batches, moves all weights in each update and leaves `fast` without effect on them.
        rates : sequence of float
            Learning rate of every layer, annealing and the factor 1 - momentum included; unused by adadelta.
        max_w2 : float or None
            Upper limit of the sum of squared incoming weights of a unit, see norms.pxi.
        dropout : sequence of float or None
            Dropout ratio of every hidden layer.
        elastic : float
            Weight of the pull towards the centre set by `set_centre`.
        loss : str
            crossentropy or quadratic (classes), or a regression distribution.
        quantile_alpha : float or sequence of float
            One of all output units, or one of each.
        huber_delta : float
            In the units of the standardised response.
        seed : int
            Of all dropout masks.
        weight_decay : float
            adam: share of each weight, times the rate, that is taken off in an update, apart from the gradient (Loshchilov and
            Hutter 2019, AdamW); biases keep theirs.
        label_smoothing : float
            Share of the target of classes that all of them get alike.
        total : float
            Samples of the whole run, along which the rates fall to 0 by half a cosine; 0: they stay. Not for adadelta.
        exact : bool
            Compute what is defined, but for rounding, at the expense of speed. Else adadelta's steps are off by up to 6e-5 of
            themselves, as processors estimate square roots, its weights may be beyond max_w2 for some rows, and layers of more than
            496 units keep its state as pairs of bfloat16.
        together : int, optional
            Rows that are trained as a group, see groups.pxi: 1, 2, 4 or 8; more than 1 for adadelta without `exact` only. By default
            8 in networks of at least 131 072 weights.

        Raises
        ------
        ValueError
            The network is not laid out for batches, and the rule is adam; or rows cannot be trained together.
        """
        cdef int i
        cdef bint hidden
        if rule == "adam" and not self.batches:
            raise ValueError("rule='adam': only for a Network(..., batches=True)")
        cdef Step step
        memset(&step, 0, sizeof(step))
        step.rule, step.fast = RULES[rule], fast
        step.square_root = HW_EXACT if epsilon < 1e-15 else HW_ROUNDED if exact else HW_ESTIMATED
        # by way of double: Cython takes `real` for float32 in both builds
        step.momentum, step.rho, step.epsilon = momentum, rho, epsilon
        share = sqrt(max(1 - rho, 1e-30))  # rho=1: means that stay as they are, and nothing to divide by
        step.root_share, step.inverse_share = <double> share, <double> (1 / share)
        step.l1, step.l2, step.elastic = l1, l2, elastic
        step.max_w2 = <double> (0 if max_w2 is None else max_w2)
        step.cap_rows = 1 if exact or rule != "adadelta" or self.batches else CAP_EVERY
        if self.replicas is not None and not self.replicas.apart and step.max_w2 != self.layer[0].step.max_w2:
            self.replicas = None  # they are as the network, which changes here
        self.cap_lazily()
        for i in range(self.m.layers):
            hidden = i < self.m.layers - 1
            step.rate = <double> rates[i]
            self.layer[i].step = step
            self.layer[i].dropout = <double> (dropout[i] if dropout is not None and hidden else 0)
            pairs = not exact and in_pairs(&self.layer[i], rule, rho)
            allocate_for(&self.layer[i], self.arrays[i], rule, pairs, sparsity_beta > 0 and hidden)
            if pairs:
                self.layer[i].step.rule = HW_ADADELTA_PAIRS
        self.cap_lazily()
        self.m.together = rows_together(&self.m, rule, exact, self.batches, together)
        self.m.loss = LOSSES[loss]
        self.m.autoencoder = autoencoder
        self.m.tweedie_power, self.m.huber_delta = tweedie_power, huber_delta
        self.set_quantiles(quantile_alpha)
        self.m.input_dropout = input_dropout
        self.m.sparsity_beta, self.m.average_activation = sparsity_beta, average_activation
        self.m.seed = seed & 0xFFFFFFFFFFFFFFFF
        self.m.smoothing, self.m.weight_decay, self.m.total = label_smoothing, weight_decay, total

    cdef cap_lazily(self):
        """Go on from what `weights` shows, as a restart does."""
        if self.replicas is None or not self.replicas.apart:
            cap_network(&self.m, False)

    cdef set_quantiles(self, alpha):
        self.m.quantiles = NULL
        if isinstance(alpha, (int, float)):
            self.m.quantile_alpha = <double> alpha
            return
        self.quantiles = np.ascontiguousarray(alpha, REAL)
        units = self.layer[self.m.layers - 1].units
        if self.quantiles.shape != (units,):
            raise ValueError(f"quantile_alpha={alpha}: one for each of the {units} output units")
        self.m.quantiles = <const real *> address(self.quantiles)

    # ---- training

    def train(self, rows, const int64_t[::1] order, first_sample=0, int threads=1, strategy=Strategy.SPLIT, *,
              int exchange=0, hidden_masks=None, input_masks=None, int batch_size=1):
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
        strategy : Strategy
            What several threads do, see engine/plan.py; ONE allows only one. With SPLIT the result does not depend on their
            number, with COPIES on neither their timing nor on how the samples are divided into calls: the copies are kept
            from one call to the next that goes on with the next sample.
        exchange : int
            For COPIES: rows each thread trains at most before the copies exchange their changes; early in training they meet
            sooner (see replicas.pxi).
        hidden_masks, input_masks : uint8 arrays (samples, units) or None
            For tests: the dropout masks to use, 1 = kept.
        batch_size : int
            Rows per update; more than 1 for networks laid out for batches only, whose threads always share layers.
            Rows of weight 0 must not be in the order then.
        """
        cdef Rows r
        cdef Feed f
        check_threads(threads, strategy, exchange)
        if batch_size < 1 or (batch_size > 1 and not self.batches):
            raise ValueError(f"batch_size={batch_size}: at least 1, and more than 1 only for a Network(..., batches=True)")
        bind_rows(&r, rows)
        bind_feed(&f, order, first_sample, hidden_masks, input_masks, sum(self.units[:-1]))
        cdef int dynamic = omp_get_dynamic()
        omp_set_dynamic(0)  # else OpenMP could give fewer threads than it did a moment before
        try:
            threads = granted_threads(threads)
            if self.batches:
                self.end_replicas()
                self.train_batches(&r, &f, rows, threads, batch_size)
            elif strategy is Strategy.COPIES and threads > 1:
                self.train_replicas(&r, &f, threads, exchange)
            else:
                self.end_replicas()
                self.train_rows(&r, &f, threads, threads > 1 and strategy is Strategy.HOGWILD)
        finally:
            omp_set_dynamic(dynamic)

    cdef train_batches(self, const Rows *r, const Feed *f, rows, int threads, int batch_size):
        cdef int64_t most = max(1, min(batch_size, f.n))
        if self.buffers is None or not self.buffers.fits(self, rows, threads, batch_size, most):
            self.buffers = BatchWorkspace(self, rows, threads, batch_size, most)
        adam = self.layer[0].step.rule == HW_ADAM
        self.m.updates = self.arrays[0]["updates"][0] if adam else 0
        run_batches(&self.m, r, f, self.buffers.batch)
        for a in self.arrays if adam else ():
            a["updates"] += (f.n + batch_size - 1) // batch_size

    cdef train_replicas(self, const Rows *r, const Feed *f, int threads, int exchange):
        if self.replicas is not None and not self.replicas.fit(self, threads, exchange, f.first_sample):
            self.end_replicas()
        workspace = Workspace(self, threads, 1, self.m.together)
        if self.replicas is None:
            self.replicas = Replicas(self, threads, exchange, f.first_sample)
        self.replicas.train(self, r, f, workspace.stream, workspace.worker)

    cdef train_rows(self, const Rows *r, const Feed *f, int threads, bint hogwild):
        cdef int streams = threads if hogwild else 1, team = 1 if hogwild else threads
        workspace = Workspace(self, streams, team, 1 if hogwild else self.m.together)
        run(&self.m, r, f, workspace.stream, workspace.worker, streams, team)
        if hogwild:  # a race can undo what brings a column back
            cap_network(&self.m, True)

    # ---- scoring

    def forward(self, rows, int64_t lo, int64_t hi, int layers, keep, workspace=None, bint linear=False):
        """Activations of rows lo..hi-1 after so many layers, without dropout: (hi - lo, units).

        Of Softmax these are the net inputs.

        Parameters
        ----------
        rows : TrainingRows
            With this network's precision; targets are not needed.
        keep : array (layers,)
            Factor on the activations of each layer, in this network's precision.
        workspace : ForwardWorkspace, optional
            What an earlier call for these rows has returned; not for two calls at once.
        linear : bool
            Of the last layer, the net inputs. Not for Maxout.

        Returns
        -------
        array, ForwardWorkspace

        Raises
        ------
        ValueError
            The network is not laid out for batches.
        """
        cdef Rows r
        cdef ForwardWorkspace space
        cdef int64_t n = hi - lo, k, u
        cdef const real *factors = <const real *> address(keep)
        cdef const real *a
        cdef real *to
        if not self.batches:
            raise ValueError("forward: only for a Network(..., batches=True)")
        bind_rows(&r, rows)
        space = ForwardWorkspace(self, rows, n) if workspace is None or workspace.most < n else workspace
        if space is not workspace and space.batch.unit != NULL:
            sum_all_weights(&self.m, &r, space.batch, 0, self.layer[0].groups)
        space.feed.n = n
        for k in range(n):
            space.order[k] = lo + k
        units = self.units[layers - 1]
        cdef int64_t width = units
        out = np.empty((n, units), REAL)
        to = <real *> address(out)
        with nogil:
            forward_rows(&self.m, &r, &space.feed, space.batch, &space.worker, layers, n, factors, linear)
            for k in range(n):
                a = space.batch.layer[layers - 1].a + k * space.batch.layer[layers - 1].row
                memcpy(to + k * width, a, width * sizeof(real))
        return out, space

    # ---- copies that threads train

    cdef Network replica(self):
        """A network with the same settings and copies of the weights and the optimiser state."""
        cdef Network other = Network(self.inputs, self.units, self.kinds, self.unit_major, self.batches)
        other.values[...] = self.values
        for own, a in zip(other.arrays, self.arrays):
            own.update(copied_state(a))
        other.adopt_settings(self)
        return other

    cdef adopt_settings(self, Network other):
        """Take over what `configure` has set in a network with the same arrays."""
        cdef int i
        self.m = other.m
        self.m.layer = self.layer
        for i in range(self.m.layers):
            self.layer[i] = other.layer[i]
            bind_layer(&self.layer[i], self.arrays[i])

    cdef settle(self):
        """Bring what threads have learnt on copies into the network."""
        if self.replicas is not None:
            self.replicas.settle(self)

    cdef end_replicas(self):
        self.settle()
        self.replicas = None


include "workspace.pxi"
include "replicas.pxi"
