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
    """Memory for `streams` streams of rows with `team` threads each."""

    cdef Stream *stream
    cdef Worker *worker

    def __cinit__(self, Network net, int streams, int team):
        cdef int i, t
        # not calloc: the barrier in a stream wants cache lines of its own
        self.stream = <Stream *> self.zeros(streams * sizeof(Stream), np.uint8)
        self.worker = <Worker *> self.zeros(streams * team * sizeof(Worker), np.uint8)
        shares = [share(net, i, team) for i in range(net.m.layers)]
        balance(shares, team)
        for i in range(streams):
            self.prepare_stream(net, &self.stream[i], team)
        for t in range(streams * team):
            self.prepare_worker(net, &self.worker[t], [s.bounds[t % team:t % team + 2] for s in shares])
            self.worker[t].alone = streams == 1

    cdef prepare_stream(self, Network net, Stream *s, int team):
        cdef int i, columns
        cdef int64_t inputs
        cdef Layer *y
        barrier_init(&s.barrier, team)
        s.team = team
        s.shared = <Shared *> self.zeros(net.m.layers * sizeof(Shared), np.uint8)
        for i in range(net.m.layers):
            y = &net.layer[i]
            columns = y.channels * y.groups * y.width
            s.shared[i].a = <real *> self.zeros(columns, REAL)
            s.shared[i].keep = <real *> self.zeros(columns, REAL)
            s.shared[i].z = <real *> self.zeros(columns, REAL)
            s.shared[i].e = <real *> self.zeros(columns, REAL)
            s.shared[i].g = <real *> self.zeros(columns, REAL)
            s.shared[i].g2 = <real *> self.zeros(columns, REAL)
            s.shared[i].mask = <lane_t *> self.zeros(columns, LANE)
            s.shared[i].capacity = (y.inputs + 4 + HW_BLOCK) // HW_BLOCK * HW_BLOCK
            if i > 0:
                s.shared[i].partial = <real *> self.zeros(y.channels * y.groups * s.shared[i].capacity, REAL)

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


cdef class BatchWorkspace(Buffers):
    """Memory for mini-batches of up to `size` rows and `team` threads."""

    cdef Batch *batch

    def __cinit__(self, Network net, rows, int team, int64_t size, *, bint autoencoder):
        cdef int i, t
        self.batch = <Batch *> self.zeros(sizeof(Batch), np.uint8)
        barrier_init(&self.batch.barrier, team)
        self.batch.team, self.batch.size = team, size
        self.batch.sparse = rows.start is not None and net.layer[0].step.fast
        self.batch.stride = (net.inputs + HW_BLOCK) // HW_BLOCK * HW_BLOCK
        if self.batch.sparse:
            self.prepare_lists(net.inputs, size)
        else:
            self.batch.x = <real *> self.zeros(size * self.batch.stride, REAL)
        if autoencoder:
            self.batch.clean = <real *> self.zeros(size * self.batch.stride, REAL)
        shares = [share(net, i, team) for i in range(net.m.layers)]
        balance(shares, team)
        self.batch.layer = <BatchLayer *> self.zeros(net.m.layers * sizeof(BatchLayer), np.uint8)
        for i in range(net.m.layers):
            self.prepare_layer(&net.layer[i], &self.batch.layer[i], size)
        self.batch.worker = <BatchWorker *> self.zeros(team * sizeof(BatchWorker), np.uint8)
        for t in range(team):
            self.prepare_batch_worker(net, &self.batch.worker[t], [s.bounds[t : t + 2] for s in shares])

    cdef prepare_lists(self, int64_t inputs, int64_t size):
        cdef int64_t k
        self.batch.list = <Active *> self.zeros(size * sizeof(Active), np.uint8)
        for k in range(size):
            self.batch.list[k].index = <int32_t *> self.zeros(inputs + 4 * HW_BLOCK, np.int32)
            self.batch.list[k].value = <real *> self.zeros(inputs + 4 * HW_BLOCK, REAL)

    cdef prepare_layer(self, Layer *y, BatchLayer *s, int64_t size):
        s.units = y.groups * y.width
        s.columns = y.channels * s.units
        s.a, s.keep = <real *> self.zeros(size * s.units, REAL), <real *> self.zeros(size * s.units, REAL)
        s.e = <real *> self.zeros(size * s.units, REAL)
        s.z, s.g = <real *> self.zeros(size * s.columns, REAL), <real *> self.zeros(size * s.columns, REAL)
        s.mean_g, s.g2 = <real *> self.zeros(s.columns, REAL), <real *> self.zeros(s.columns, REAL)
        s.mask, s.used = <lane_t *> self.zeros(s.columns, LANE), <uint8_t *> self.zeros(s.units, np.uint8)

    cdef prepare_batch_worker(self, Network net, BatchWorker *w, bounds):
        cdef int i
        cdef int64_t largest = 0
        for i in range(net.m.layers):
            w.row.first[i], w.row.last[i] = bounds[i]
            largest = max(largest, (net.layer[i].inputs + 1) * net.layer[i].width)
        w.row.patience = 1024
        w.row.expand = not self.batch.sparse
        w.row.active = <Active *> self.zeros(sizeof(Active), np.uint8)
        # dense decoding fills this list on the side; sparse decoding points it at the row's own
        w.row.active[0].index = <int32_t *> self.zeros(net.inputs + 4 * HW_BLOCK, np.int32)
        w.row.active[0].value = <real *> self.zeros(net.inputs + 4 * HW_BLOCK, REAL)
        w.row.sums = <real *> self.zeros(net.inputs + 4 * HW_BLOCK, REAL)
        w.gradient = <real *> self.zeros(largest, REAL)
        w.used = <uint8_t *> self.zeros(net.inputs + 4, np.uint8)
        w.merged = <uint8_t *> self.zeros(net.inputs + 4, np.uint8)


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
