# Threads that train copies of the network and exchange their changes every few rows.
#
# On small layers neither barriers within a row nor weights that two caches pull back and forth pay. A copy stays in the
# cache of its core. At an exchange all copies become the last common weights plus the changes of every copy, added
# where they are independent of each other and averaged where they agree: there the copies have made the same step, and
# to make it several times would overshoot (Maleki et al. 2020, "Scaling distributed training with adaptive summation").
# The sooner they meet the better, most of all while all still run in one direction; so it is the rows of all copies
# together that count, and these grow with the rows trained.
#
# Threads meet nowhere else, and when they do follows from the numbers of the samples: a result depends on how many
# threads there are, but neither on their timing nor on the lengths of the calls.

cdef struct Exchange:
    int copies            # one per thread
    int64_t most          # rows a thread trains between two exchanges, later on
    int64_t at            # sample that comes next
    int64_t until         # sample before which the copies meet next
    int64_t met           # `until` at the end of a call
    Model **model
    int arrays            # weights and biases of every layer
    int64_t *length
    real **base           # each array as of the last exchange
    real **copy           # [array][thread]
    Barrier barrier


cdef class Replicas(Buffers):
    """Copies of a network for `copies` threads, the first of which trains the network itself.

    They live as long as nobody changes the network or the number of threads: making them costs about as much as training
    hundreds of rows. They do not hold the network, which holds them.
    """

    cdef Exchange *exchange
    cdef list others, base
    cdef bint apart       # there are changes that the network does not have yet

    def __cinit__(self, Network net, int copies, int64_t most, int64_t at):
        cdef int t
        self.others = [net.replica() for t in range(1, copies)]
        self.base = base = [copied(a) for a in shared_arrays(net)]
        self.exchange = <Exchange *> self.holding(np.zeros(sizeof(Exchange) + 64, np.uint8))
        barrier_init(&self.exchange.barrier, copies)
        self.exchange.copies, self.exchange.most, self.exchange.arrays = copies, most, len(base)
        self.exchange.at = at
        self.exchange.until = at + rows_between(self.exchange, at)
        self.exchange.length = <int64_t *> self.holding(np.array([a.size for a in base], np.int64))
        self.exchange.base = <real **> self.holding(pointers(base))
        self.exchange.copy = <real **> self.holding(
            np.stack([pointers(shared_arrays(one)) for one in [net, *self.others]], axis=1))
        self.exchange.model = <Model **> self.holding(np.zeros(copies, np.uint64))
        self.exchange.model[0] = &net.m
        for t in range(1, copies):
            self.exchange.model[t] = &(<Network> self.others[t - 1]).m

    cdef bint fit(self, Network net, int copies, int64_t most, int64_t at):
        """Whether the copies can go on with sample `at` of this network as it is configured now."""
        cdef Network one = self.others[0]
        return (copies == self.exchange.copies and most == self.exchange.most and at == self.exchange.at
                and all(mine.keys() == own.keys() for mine, own in zip(one.arrays, net.arrays)))

    cdef train(self, Network net, const Rows *r, const Feed *f, Stream *streams, Worker *workers):
        for one in self.others:
            (<Network> one).adopt_settings(net)
        self.apart = True
        run_replicas(self.exchange, r, f, streams, workers)
        self.exchange.until = self.exchange.met
        self.exchange.at = f.first_sample + f.n

    cdef settle(self, Network net):
        """Bring all changes into the network, and all copies to the same: who makes them anew goes on in the same way."""
        cdef int i
        if not self.apart:
            return
        for i in range(self.exchange.arrays):
            exchange_part(self.exchange, net.m.k, i, 0, self.exchange.length[i])
        cap_network(&net.m, True)
        for base, array in zip(self.base, shared_arrays(net)):
            base[...] = array
        for other in self.others:  # from the network, as max_w2 may be another by now than the one that the copies know
            (<Network> other).values[...] = net.values
        self.average_statistics(net)
        self.exchange.until = self.exchange.at + rows_between(self.exchange, self.exchange.at)
        self.apart = False

    cdef average_statistics(self, Network net):
        """Give all the mean of what the optimisers know."""
        for i in range(net.m.layers):
            nets = [net, *self.others]
            pairs = "pairs" in net.arrays[i]
            for one in nets:
                keep_pairs(&(<Network> one).layer[i], (<Network> one).arrays[i], False)
            known = net.arrays[i].keys() & (<Network> self.others[0]).arrays[i].keys()
            for name in known & {"s1", "s2", "bs1", "bs2", "average"}:
                mean = net.arrays[i][name]
                for other in self.others:
                    mean += (<Network> other).arrays[i][name]
                mean /= self.exchange.copies
                for other in self.others:
                    (<Network> other).arrays[i][name][...] = mean
            for one in nets:
                keep_pairs(&(<Network> one).layer[i], (<Network> one).arrays[i], pairs)


cdef list shared_arrays(Network net):
    """What copies exchange."""
    return [a["w"] for a in net.arrays] + [a["b"] for a in net.arrays]


cdef pointers(arrays):
    return np.array([a.ctypes.data for a in arrays], np.uint64)


cdef int64_t rows_between(const Exchange *x, int64_t at) noexcept nogil:
    """Rows that the copies train together after sample `at` before they meet."""
    cdef int64_t together = max(<int64_t>EXCHANGED_AT_FIRST, at // EXCHANGE_GROWTH)
    return x.copies * max(<int64_t>1, min(x.most, together // x.copies))


cdef void exchange_part(const Exchange *x, const Kernels *k, int i, int64_t first, int64_t last) noexcept nogil:
    """Values first..last-1 of array i. IN OUT x.base and all x.copy of the array."""
    while first < last:
        k.exchange(x.copies, first, min(<int64_t>EXCHANGE_BLOCK, last - first), x.base[i], x.copy + i * x.copies)
        first += EXCHANGE_BLOCK


cdef void exchange_changes(const Exchange *x, const Kernels *k, int number) noexcept nogil:
    """This thread's part of every array. IN OUT x.base, x.copy."""
    cdef int i
    cdef int64_t part
    for i in range(x.arrays):
        part = (x.length[i] // x.copies + EXCHANGE_BLOCK) // EXCHANGE_BLOCK * EXCHANGE_BLOCK
        exchange_part(x, k, i, number * part, min(x.length[i], (number + 1) * part))


cdef void run_replica(Exchange *x, const Rows *r, const Feed *f, Stream *stream, Worker *w, int number) noexcept nogil:
    """One thread's part: every n-th sample, on its own copy.

    IN r, f; IN OUT x: arrays of this copy, at an exchange this thread's part of all; OUT x.met (first thread); stream, w:
    work space.
    """
    cdef const Model *m = x.model[number]
    cdef int n
    cdef int64_t start = f.first_sample, at = start, end = start + f.n, until = x.until, stop, sample
    cdef unsigned long mode = fpmode_enter()
    while at < end:
        stop = min(until, end)
        sample = at + (number + x.copies - at % x.copies) % x.copies
        while sample < stop:
            n = rows_of_group(stream.together, sample // x.copies, (stop - sample + x.copies - 1) // x.copies)
            train_group(m, r, f, stream, w, sample - start, x.copies, n)
            sample += n * x.copies
            cap_after_row(m, stream.shared, w, sample // x.copies - 1)
        at = stop
        if at == until:
            barrier_wait(&x.barrier, &w.patience)
            exchange_changes(x, m.k, number)
            barrier_wait(&x.barrier, &w.patience)
            until += rows_between(x, at)
    if number == 0:
        x.met = until  # not x.until, which other threads may have yet to read
    fpmode_leave(mode)


cdef void run_replicas(Exchange *x, const Rows *r, const Feed *f, Stream *streams, Worker *workers) noexcept:
    """IN r, f; IN OUT x: arrays of all copies, x.base; OUT x.met; streams (one per copy), workers: work space."""
    cdef int t
    with nogil, parallel(num_threads=x.copies):
        t = threadid()
        run_replica(x, r, f, &streams[t], &workers[t * streams.together], t)
