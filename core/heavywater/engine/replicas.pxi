# Threads that train copies of the network and exchange their changes every few rows.
#
# On small layers neither barriers within a row nor weights that two caches pull back and forth pay. A copy stays in the
# cache of its core. At an exchange all copies become the last common weights plus the changes of every copy, added
# where they are independent of each other and averaged where they agree: there the copies have made the same step, and
# to make it several times would overshoot (Maleki et al. 2020, "Scaling distributed training with adaptive summation").
# Threads meet nowhere else, so a result depends on how many there are, but not on their timing.

cdef struct Exchange:
    int copies            # one per thread
    int64_t period        # rows each thread trains between two exchanges
    Model **model
    int arrays            # weights and biases of every layer
    int64_t *length
    real **base           # each array as of the last exchange
    real **copy           # [array][thread]
    Barrier barrier


cdef class Replicas:
    """Copies of a network for `copies` threads, the first of which trains the network itself."""

    cdef Exchange *exchange
    cdef Network net
    cdef list networks, keep

    def __cinit__(self, Network net, int copies, int64_t period):
        cdef int t, i
        self.net = net
        self.networks = [net] + [net.replica() for t in range(1, copies)]
        shared = self.shared_arrays(0)
        base = [copied(a) for a in shared]
        self.keep = [base]
        self.exchange = <Exchange *> self.holding(np.zeros(sizeof(Exchange) + 64, np.uint8))
        barrier_init(&self.exchange.barrier, copies)
        self.exchange.copies, self.exchange.period, self.exchange.arrays = copies, period, len(base)
        self.exchange.length = <int64_t *> self.holding(np.array([a.size for a in base], np.int64))
        self.exchange.base = <real **> self.holding(pointers(base))
        self.exchange.copy = <real **> self.holding(
            np.stack([pointers(self.shared_arrays(t)) for t in range(copies)], axis=1))
        self.exchange.model = <Model **> self.holding(np.zeros(copies, np.uint64))
        for t in range(copies):
            self.exchange.model[t] = &(<Network> self.networks[t]).m

    cdef list shared_arrays(self, int t):
        """What copy t exchanges."""
        arrays = (<Network> self.networks[t]).arrays
        return [a["w"] for a in arrays] + [a["b"] for a in arrays]

    cdef void *holding(self, array):
        self.keep.append(array)
        return address(array)

    cdef collect(self):
        """Leave the mean of the optimisers' statistics in the network."""
        for i in range(self.net.m.layers):
            for name in self.net.arrays[i].keys() & {"s1", "s2", "bs1", "bs2", "average"}:
                mean = self.net.arrays[i][name]
                for other in self.networks[1:]:
                    mean += (<Network> other).arrays[i][name]
                mean /= self.exchange.copies


cdef copied(array):
    found = aligned_zeros(array.shape, array.dtype)
    found[...] = array
    return found


cdef pointers(arrays):
    return np.array([a.ctypes.data for a in arrays], np.uint64)


cdef void exchange_changes(const Exchange *x, const Kernels *k, int number) noexcept nogil:
    """This thread's part of every array."""
    cdef int i
    cdef int64_t part, first, last
    for i in range(x.arrays):
        part = (x.length[i] // x.copies + EXCHANGE_BLOCK) // EXCHANGE_BLOCK * EXCHANGE_BLOCK
        first, last = number * part, min(x.length[i], (number + 1) * part)
        while first < last:
            k.exchange(x.copies, first, min(<int64_t>EXCHANGE_BLOCK, last - first), x.base[i], x.copy + i * x.copies)
            first += EXCHANGE_BLOCK


cdef void fold_layers(const Model *m) noexcept nogil:
    cdef int i
    for i in range(m.layers):
        if m.layer[i].scale != NULL:
            fold_groups(&m.layer[i], 0, m.layer[i].groups)


cdef void run_replica(Exchange *x, const Rows *r, const Feed *f, Stream *stream, Worker *w, int number) noexcept nogil:
    """One thread's part: every n-th row of the order, on its own copy."""
    cdef const Model *m = x.model[number]
    cdef int64_t k = number, start = 0, step = x.copies * x.period
    cdef unsigned long mode = fpmode_enter()
    while start < f.n:
        start += step
        while k < min(start, f.n):
            train_row(m, r, f, stream, w, k)
            k += x.copies
        fold_layers(m)  # what is exchanged are weights, without the scales of max_w2
        barrier_wait(&x.barrier, &w.patience)
        exchange_changes(x, m.k, number)
        barrier_wait(&x.barrier, &w.patience)
        fold_layers(m)
    fpmode_leave(mode)


cdef void run_replicas(Exchange *x, const Rows *r, const Feed *f, Stream *streams, Worker *workers) noexcept:
    cdef int t
    with nogil, parallel(num_threads=x.copies):
        t = threadid()
        run_replica(x, r, f, &streams[t], &workers[t], t)
