# Buffers of one training call: per stream (activations, errors) and per thread (lists, decoded input).

cdef class Buffers:
    """Memory that lives as long as this object."""

    cdef list keep

    def __cinit__(self):
        self.keep = []

    cdef void *holding(self, array):
        self.keep.append(array)
        return address(array)

    cdef void *zeros(self, int64_t n, dtype):
        return self.holding(aligned_zeros((n,), dtype))


cdef class Workspace(Buffers):
    """Memory for `streams` streams of rows, `together` of them in a group, with `team` threads each."""

    cdef Stream *stream
    cdef Worker *worker

    def __cinit__(self, Network net, int streams, int team, int together):
        cdef int i, t
        # not calloc: the barrier in a stream wants cache lines of its own
        self.stream = <Stream *> self.zeros(streams * sizeof(Stream), np.uint8)
        self.worker = <Worker *> self.zeros(streams * team * together * sizeof(Worker), np.uint8)
        shares = [share(net, i, team) for i in range(net.m.layers)]
        balance(shares, team)
        for i in range(streams):
            self.prepare_stream(net, &self.stream[i], team, together)
        for t in range(streams * team * together):
            number = t // together % team
            self.prepare_worker(net, &self.worker[t], [s.bounds[number : number + 2] for s in shares])

    cdef prepare_stream(self, Network net, Stream *s, int team, int together):
        cdef int k, i
        barrier_init(&s.barrier, team)
        s.team, s.together = team, together
        s.shared = <Shared *> self.zeros(together * net.m.layers * sizeof(Shared), np.uint8)
        for k in range(together):
            for i in range(net.m.layers):
                self.prepare_shared(&net.layer[i], &s.shared[k * net.m.layers + i], i > 0)

    cdef prepare_shared(self, const Layer *y, Shared *s, bint back):
        cdef int columns = columns_of(y)
        s.a, s.keep = <real *> self.zeros(columns, REAL), <real *> self.zeros(columns, REAL)
        s.z, s.e = <real *> self.zeros(columns, REAL), <real *> self.zeros(columns, REAL)
        s.g, s.g2 = <real *> self.zeros(columns, REAL), <real *> self.zeros(columns, REAL)
        s.mask = <lane_t *> self.zeros(columns, LANE)
        s.capacity = (y.inputs + 4 + HW_BLOCK) // HW_BLOCK * HW_BLOCK
        if back:
            s.partial = <real *> self.zeros(y.channels * y.groups * s.capacity, REAL)

    cdef prepare_worker(self, Network net, Worker *w, bounds):
        cdef int i
        cdef int64_t widest = max((net.inputs,) + net.units) + 4 * HW_BLOCK
        w.active = <Active *> self.zeros((net.m.layers + 1) * sizeof(Active), np.uint8)
        w.patience = 1024
        w.expand = net.layer[0].unit_major or not net.layer[0].step.fast
        for i in range(net.m.layers):
            w.first[i], w.last[i] = bounds[i]
        for i in range(net.m.layers + 1):
            w.active[i].index = <int32_t *> self.zeros(widest, np.int32)
            w.active[i].value = <real *> self.zeros(widest, REAL)
        w.x = <real *> self.zeros(widest, REAL)
        w.clean = <real *> self.zeros(widest, REAL)
        w.units = <int32_t *> self.zeros(2 * widest, np.int32)
        w.sums = <real *> self.zeros(widest, REAL)


cdef class InputBuffers(Buffers):
    """Memory for what is decoded of `most` rows."""

    cdef Batch *batch

    cdef prepare_inputs(self, Network net, rows, int64_t most, int64_t longest):
        """What is decoded of a row; longest: active inputs where they are listed.

        Dropout takes single units, so it does not go with running sums.
        """
        cdef bint ramps = rows.spans is not None and net.m.input_dropout <= 0
        cdef Layer *y = &net.layer[0]
        self.batch.stride = (net.inputs + HW_BLOCK) // HW_BLOCK * HW_BLOCK
        if rows.start is not None or rows.category.shape[1]:
            self.prepare_lists(longest, most)
        if ramps:
            self.batch.unit = <int32_t *> self.zeros(most * rows.numbers + 1, np.int32)
            self.batch.part = <real *> self.zeros(most * rows.numbers + 1, REAL)
            self.batch.sums_stride = rows.number_units * y.width
            self.batch.sums = <real *> self.zeros(y.channels * y.groups * self.batch.sums_stride, REAL)
        elif rows.start is None and rows.number_units:
            self.batch.x = <real *> self.zeros(most * self.batch.stride + HW_BLOCK, REAL)
        if net.m.autoencoder:
            self.batch.clean = <real *> self.zeros(most * self.batch.stride, REAL)

    cdef prepare_lists(self, int64_t longest, int64_t most):
        cdef int64_t k, room = longest + 2 * HW_BLOCK
        cdef int32_t *index = <int32_t *> self.zeros(most * room, np.int32)
        cdef real *value = <real *> self.zeros(most * room, REAL)
        self.batch.list = <Active *> self.zeros(most * sizeof(Active), np.uint8)
        for k in range(most):
            self.batch.list[k].index, self.batch.list[k].value = index + k * room, value + k * room


cdef class BatchWorkspace(InputBuffers):
    """Memory for mini-batches of `size` rows, of which `most` are trained at a time, and `team` threads."""

    cdef int64_t most
    cdef tuple form       # what the memory is made for

    def __cinit__(self, Network net, rows, int team, int64_t size, int64_t most):
        cdef int i, t
        self.most, self.form = most, form_of_batches(net, rows, team, size)
        self.batch = <Batch *> self.zeros(sizeof(Batch) + 64, np.uint8)
        barrier_init(&self.batch.barrier, team)
        self.batch.team, self.batch.size = team, size
        self.batch.tracked = net.layer[0].step.fast and net.layer[0].step.rule != HW_ADAM
        self.prepare_inputs(net, rows, most, rows.category.shape[1] if rows.start is None else net.inputs)
        blocks = [share_inputs(&net.layer[i], self.products(net, i, rows)) for i in range(net.m.layers)]
        balance(blocks, team)
        columns = [share(net, i, team) for i in range(net.m.layers)]
        balance(columns, team)
        self.batch.layer = <BatchLayer *> self.zeros(net.m.layers * sizeof(BatchLayer), np.uint8)
        for i in range(net.m.layers):
            self.batch.layer[i].parts = 1 + len(blocks[i].costs)
            self.prepare_layer(&net.layer[i], &self.batch.layer[i], most)
        self.batch.worker = <BatchWorker *> self.zeros(team * sizeof(BatchWorker), np.uint8)
        self.batch.bins = <Bins *> self.zeros(team * sizeof(Bins), np.uint8)
        for t in range(team):
            self.prepare_batch_worker(net, &self.batch.worker[t], most)
            for i in range(net.m.layers):
                self.batch.worker[t].row.first[i] = columns[i].bounds[t]
                self.batch.worker[t].row.last[i] = columns[i].bounds[t + 1]
                self.batch.worker[t].first_block[i] = blocks[i].bounds[t]
                self.batch.worker[t].last_block[i] = blocks[i].bounds[t + 1]
            if self.batch.unit != NULL:
                self.prepare_bins(&self.batch.bins[t], rows, -(-most // team))
                self.batch.worker[t].bins = self.batch.bins[t]

    cdef bint fits(self, Network net, rows, int team, int64_t size, int64_t most):
        """Whether other rows can be trained in this memory."""
        return most <= self.most and self.form == form_of_batches(net, rows, team, size)

    cdef prepare_layer(self, Layer *y, BatchLayer *s, int64_t most):
        # rows are a cache line longer than needed: else those of a power of two would meet in few sets of the caches
        s.units = y.groups * y.width
        s.row, s.wide = s.units + HW_BLOCK, columns_of(y) + HW_BLOCK
        s.a, s.g = <real *> self.zeros(most * s.row, REAL), <real *> self.zeros(most * s.wide, REAL)
        s.z = s.a if y.channels == 1 else <real *> self.zeros(most * s.wide, REAL)
        s.keep = <real *> self.zeros(most * s.row, REAL)
        s.g2 = <real *> self.zeros(s.parts * columns_of(y), REAL)

    cdef int64_t products(self, Network net, int i, rows):
        """Inputs of a layer whose gradients are products; those of the others are summed from lists."""
        if i > 0:
            return net.layer[i].inputs
        return rows.inputs - rows.first_number if self.batch.x != NULL else 0

    cdef prepare_bins(self, Bins *bins, rows, int64_t most):
        bins.start = <int32_t *> self.zeros(rows.number_units + 2, np.int32)
        bins.row = <int32_t *> self.zeros(most * rows.numbers + 1, np.int32)
        bins.part = <real *> self.zeros(most * rows.numbers + 1, REAL)

    cdef prepare_batch_worker(self, Network net, BatchWorker *w, int64_t most):
        cdef int i
        cdef int64_t row = (most + HW_BLOCK - 1) // HW_BLOCK * HW_BLOCK, columns
        w.used = <lane_t **> self.zeros((net.m.layers + 1) * sizeof(void *), np.uint8)
        w.mean_g = <real **> self.zeros(net.m.layers * sizeof(void *), np.uint8)
        w.mask = <lane_t **> self.zeros(net.m.layers * sizeof(void *), np.uint8)
        for i in range(net.m.layers):
            columns = columns_of(&net.layer[i])
            w.mean_g[i], w.mask[i] = <real *> self.zeros(columns, REAL), <lane_t *> self.zeros(columns, LANE)
            w.used[i] = <lane_t *> self.zeros(net.layer[i].inputs + 4 * HW_BLOCK, LANE)
        widest = max([columns_of(&net.layer[i]) for i in range(net.m.layers)])
        w.errors = <real *> self.zeros(widest * most, REAL)
        w.above, w.below = <real *> self.zeros(widest * STRIP, REAL), <real *> self.zeros(max(net.units) * STRIP, REAL)
        w.inputs = <real *> self.zeros(BLOCKS_AT_ONCE * INPUT_BLOCK * row, REAL)
        w.row.patience = 1024
        w.row.sums = <real *> self.zeros(net.inputs + 4 * HW_BLOCK, REAL)
        listed = self.batch.list != NULL or self.batch.unit != NULL
        gradients = (net.inputs + 1) * net.layer[0].width if listed else 0
        w.gradient = <real *> self.zeros(max(RAMP_BLOCK, BLOCKS_AT_ONCE * INPUT_BLOCK * 4 * HW_BLOCK, gradients), REAL)
        w.merged = <uint8_t *> self.zeros(max((net.inputs,) + net.units) + 4, np.uint8)


cdef class ForwardWorkspace(InputBuffers):
    """Memory for the way forward of `most` rows."""

    cdef readonly int64_t most
    cdef BatchWorker worker
    cdef Feed feed
    cdef int64_t[::1] order

    def __cinit__(self, Network net, rows, int64_t most):
        cdef int i
        cdef Layer *y
        cdef BatchLayer *s
        self.batch = <Batch *> self.zeros(sizeof(Batch) + 64, np.uint8)
        self.most, self.batch.team, self.batch.size = most, 1, most
        self.order = np.zeros(most, np.int64)
        memset(&self.worker, 0, sizeof(BatchWorker))
        memset(&self.feed, 0, sizeof(Feed))
        self.feed.order = &self.order[0]
        longest = 0 if rows.start is None else int(np.diff(rows.start).max(initial=0))
        self.prepare_inputs(net, rows, most, rows.category.shape[1] + longest)
        self.batch.layer = <BatchLayer *> self.zeros(net.m.layers * sizeof(BatchLayer), np.uint8)
        for i in range(net.m.layers):
            y, s = &net.layer[i], &self.batch.layer[i]
            s.units = y.groups * y.width
            s.row, s.wide = s.units + HW_BLOCK, columns_of(y) + HW_BLOCK
            s.a = <real *> self.zeros(most * s.row, REAL)
            s.z = s.a if y.channels == 1 else <real *> self.zeros(most * s.wide, REAL)


cdef tuple form_of_batches(Network net, rows, int team, int64_t size):
    cdef Layer *y = &net.layer[0]
    return (team, size, rows.inputs, rows.numbers, rows.number_units, rows.category.shape[1], rows.start is None,
            rows.spans is None, net.m.input_dropout > 0, net.m.autoencoder, y.step.fast and y.step.rule != HW_ADAM)


class LayerShare:
    """How the groups of one layer are shared out: thread t owns groups bounds[t] to bounds[t + 1] - 1."""

    def __init__(self, costs):
        self.costs = costs
        self.bounds = []


cdef share(Network net, int i, int team):
    cdef Layer *y = &net.layer[i]
    # an output-major group costs what its real units cost; an input-major one is computed whole
    costs = [min(y.width, y.units - g * y.width) if y.unit_major else y.width for g in range(y.groups)]
    return LayerShare([c * float(y.inputs) for c in costs])


cdef share_inputs(const Layer *y, int64_t inputs):
    """Blocks of inputs of a layer, for mini-batches."""
    blocks = [min(<int64_t>INPUT_BLOCK, inputs - first) for first in range(0, inputs, INPUT_BLOCK)]
    return LayerShare([float(n * columns_of(y)) for n in blocks])


def balance(shares, team):
    """Give every thread a run of groups of each layer; odd groups go where the least work is, largest layers first."""
    load = [0.0] * team
    for s in sorted(shares, key=lambda s: -sum(s.costs)):
        n = len(s.costs)
        sizes = [n // team] * team
        by_load = sorted(range(team), key=lambda t: (load[t], t))
        for t in by_load[: n % team]:
            sizes[t] += 1
        s.bounds = [0]
        for t in range(team):
            lo = s.bounds[-1]
            s.bounds.append(lo + sizes[t])
            load[t] += sum(s.costs[lo : lo + sizes[t]])
