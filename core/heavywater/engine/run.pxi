# The parallel loop over rows.

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


cdef void run_thread(const Model *m, const Rows *r, const Feed *f, Stream *stream, Worker *w, int number,
                     int n_streams) noexcept nogil:
    """One thread's part: the rows of its stream, every n_streams-th of the order.

    IN r, f; IN OUT m: its arrays; stream, w: work space.
    """
    cdef int64_t k = number
    cdef int n
    cdef unsigned long mode = fpmode_enter()
    while k < f.n:
        n = rows_of_group(stream.together, (<int64_t>f.first_sample + k) // n_streams, (f.n - k + n_streams - 1) // n_streams)
        train_group(m, r, f, stream, w, k, n_streams, n)
        k += n * n_streams
        cap_after_row(m, stream.shared, w, (<int64_t>f.first_sample + k) // n_streams - 1)
    fpmode_leave(mode)


cdef void run(const Model *m, const Rows *r, const Feed *f, Stream *streams, Worker *workers, int n_streams,
              int team) noexcept:
    """IN r, f; IN OUT m: its arrays; streams (n_streams), workers (n_streams * team * together): work space.

    In HOGWILD mode (several streams) the weights are shared without locks: the one race of the engine, here and on purpose.
    """
    cdef int t, n_threads = n_streams * team
    with nogil, parallel(num_threads=n_threads):
        t = threadid()
        run_thread(m, r, f, &streams[t // team], &workers[t * streams.together], t // team, n_streams)
