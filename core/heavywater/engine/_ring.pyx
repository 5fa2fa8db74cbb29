# cython: language_level=3, boundscheck=False, cdivision=True, initializedcheck=False
"""Members of a ring of sockets bring their values together: what a rule makes of that which all have changed."""

import os

import numpy as np

from cpython.exc cimport PyErr_CheckSignals
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset

cdef extern from "<stdatomic.h>" nogil:
    ctypedef int atomic_int
    void atomic_store(atomic_int *, int)

cdef extern from "kernels/ring.h" nogil:
    enum:
        RING_BLOCK, RING_MAGIC, RING_VERSION, RING_AVERAGE, RING_ADAPTIVE, RING_GUIDED
        RING_DONE, RING_GO_ON, RING_LATE, RING_CANCELLED, RING_LEFT_CLOSED, RING_RIGHT_CLOSED, RING_FOREIGN
        RING_LEFT_FAILED, RING_RIGHT_FAILED
    ctypedef struct RingHeader:
        uint32_t magic
        uint8_t version, rule
        uint16_t ranks
        uint32_t rank, generation
        uint64_t round, length
    ctypedef struct RingRound:
        int rank, ranks, left, right, rule
        float weight
        double trust
        const float *values
        const float *base
        const float *before
        const float *gains
        float *result
        int64_t n, blocks
        double *squares
        double *counts
        char *inbox
        int64_t segments, total, sent, received
        size_t header_sent, header_got
        RingHeader mine, other
        int weightless, error
        double deadline, patience
        const atomic_int *cancelled
    double ring_clock()
    int64_t ring_blocks(int64_t)
    int64_t ring_segments(int64_t, int)
    size_t ring_inbox()
    int ring_run(RingRound *, double)

SLICE = 0.05  # seconds after which a signal or a call of `cancel` is seen at the latest
MOST_RANKS = 1 << 15
RULES = {"average": RING_AVERAGE, "adaptive": RING_ADAPTIVE, "guided": RING_GUIDED}
BLOCK = RING_BLOCK


cdef class Ring:
    """One member's place between its neighbours.

    Parameters
    ----------
    rank : int
        Number of this member; its right neighbour has the next one, the last one's is 0.
    ranks : int
        Members.
    left, right : int
        Descriptors of connected stream sockets: what the left neighbour sends is read from `left`, and `right` leads to the
        right one. They may be the same socket where there are two members. They stay open and whose they were; whether they
        block does not matter. Unused where there is one member.

    Notes
    -----
    Values are cut into as many parts as there are members. Each part is summed in the order of the ring, from the member of
    its number on, and settled by the last one, which sends it around: all members get the same bytes. With n values a
    member sends and receives 2 n (ranks - 1) / ranks of them, in segments that flow without a stop between the two halves.

    The rules, for the changes c = values - base of the members:

    average
        base + sum(weight * c) / sum(weight): federated averaging (McMahan et al. 2017).
    adaptive
        base + part * sum(c), where part is min(1, sum(|c|^2) / |sum(c)|^2), at least one by the number of members, for each
        block of 512 values: whole where the changes are independent, the mean where they are equal (Maleki et al. 2020). What
        threads do with copies of a network, see kernels/exchange.h. A member of weight 0 has changed nothing.
    guided
        base + part * sum(c), where part is that of the adaptive rule, but the mean is multiplied by `gains` at most. A block's
        gain is 1 at first, never less and never more than the members; in each round it is multiplied by
        exp(0.5 * (trust + cosine of (base - before) and sum(c))): a move after which all go on in its direction was too short, one
        after which they go back too long. So where changes that look independent overshoot together, as after many rows,
        it falls to the mean.
    """

    cdef RingRound r
    cdef atomic_int cancelled
    cdef readonly int rank, ranks, left, right
    cdef readonly bint broken
    cdef object inbox

    def __cinit__(self, int rank, int ranks, int left, int right):
        if not 1 <= ranks <= MOST_RANKS:
            raise ValueError(f"ranks={ranks}: from 1 to {MOST_RANKS}")
        if not 0 <= rank < ranks:
            raise ValueError(f"rank={rank}: from 0 to {ranks - 1}, one less than the ranks")
        self.rank, self.ranks, self.left, self.right = rank, ranks, left, right
        self.inbox = np.zeros(ring_inbox(), np.uint8)
        atomic_store(&self.cancelled, 0)

    def cancel(self):
        """End the round that another thread is in, and every later one, with an error."""
        atomic_store(&self.cancelled, 1)

    def exchange(self, const float[::1] values, const float[::1] base, float[::1] result, *, str rule="average",
                 const float[::1] before=None, float[::1] gains=None, double trust=0, float weight=1, int round=0,
                 int generation=0, double timeout=60):
        """Take part in one round; all members call this with the same length, rule, round and generation.

        The GIL is free meanwhile. Where the round fails `result` has no meaning, and as nothing else is written nothing is
        lost; where the streams are then is not known, so the ring is broken, and another one has to be made of new sockets.
        That other members fail as well is not sure: each knows of its own end only.

        Parameters
        ----------
        values : float32 array, (n,)
            Those of this member. Read only.
        base : float32 array, (n,), or None
            What the changes are measured from, the same for all members: the result of the last round. None: 0, so that the
            average is that of the values. Read only.
        result : float32 array, (n,)
            Where the result goes; no part of the others.
        rule : str
            average, adaptive or guided; the latter two need a base.
        before : float32 array, (n,), or None
            guided: the base of the round before. None: not known, gains stay as they are. It matters to the member that settles
            a part. Read only.
        gains : float32 array, (ceil(n / BLOCK),)
            guided: those of all blocks; begin with ones. Written at the end of a round that has not failed, with the same
            bytes for all members.
        trust : float
            guided: how far changes may go back without a gain that falls, from -1 to 1.
        weight : float
            How much this member counts beside the others: its rows.
        round, generation : int
            Numbers that tell this round from all others, which is checked.
        timeout : float
            Seconds in which no byte comes from or goes to a neighbour, after which the round has failed; how long it takes
            where they are slow is not limited.

        Raises
        ------
        ValueError
            An argument is not allowed; or (after the round, and to all members) no member has a weight and there is no base.
        TimeoutError
            There was no progress for so long. Says which neighbour was waited for.
        ConnectionError
            A neighbour has closed its connection, or is no member of this round, or the ring was broken before.
        InterruptedError
            `cancel` was called.
        """
        if self.broken:
            raise ConnectionError("the ring is broken by a round that failed. Connect its members anew")
        if round < 0 or generation < 0:
            raise ValueError(f"round={round}, generation={generation}: not negative")
        self.check(values, base, result, rule, weight, timeout)
        self.check_guide(values, base, before, gains, result, rule, trust)
        cdef RingRound *r = &self.r
        cdef int64_t n = values.shape[0]
        squares, counts = np.empty(ring_blocks(n) + 1), np.empty(ring_segments(n, self.ranks) * self.ranks)
        self.begin(n, squares, counts, RULES[rule], weight, round, generation)
        if n > 0:
            r.values, r.result = &values[0], &result[0]
            if base is not None:
                r.base = &base[0]
            if rule == "guided":
                r.gains, r.trust = &gains[0], trust
                if before is not None:
                    r.before = &before[0]
        r.patience = timeout
        r.deadline = ring_clock() + timeout
        self.broken = True  # until it is known to be whole: a signal may end this at any place
        cdef int said = self.run()
        if said != RING_DONE:
            raise self.failure(said, timeout)
        self.broken = False
        if rule == "guided":
            np.copyto(np.asarray(gains), squares[:len(gains)], casting="same_kind")
        if r.weightless and base is None:
            raise ValueError("weight=0 for all members, and there is no base: there is nothing to average")

    cdef check(self, values, base, result, rule, float weight, double timeout):
        if rule not in RULES:
            raise ValueError(f"rule={rule!r}: one of {', '.join(RULES)}")
        if rule != "average" and base is None:
            raise ValueError(f"base=None: the {rule} rule adds changes, and needs what they are measured from")
        for name, other in (("base", base), ("result", result)):
            if other is not None and len(other) != len(values):
                raise ValueError(f"{name} has {len(other)} values, and there are {len(values)}")
        if any(other is not None and np.may_share_memory(result, other) for other in (values, base)):
            raise ValueError("result shares memory with values or base, which have to outlive a round that fails")
        if not 0 <= weight < float("inf"):
            raise ValueError(f"weight={weight:g}: a finite number, not negative")
        if not timeout > 0:
            raise ValueError(f"timeout={timeout:g}: more than 0 seconds")

    cdef check_guide(self, values, base, before, gains, result, rule, double trust):
        if rule != "guided":
            if before is not None or gains is not None or trust != 0:
                raise ValueError(f"before, gains, trust: what the guided rule goes by; not the {rule} one")
            return
        if not -1 <= trust <= 1:
            raise ValueError(f"trust={trust:g}: from -1 to 1")
        if gains is None or len(gains) != ring_blocks(len(values)):
            raise ValueError(f"gains: {ring_blocks(len(values))} values, one for each block of {RING_BLOCK}")
        if before is not None and len(before) != len(values):
            raise ValueError(f"before has {len(before)} values, and there are {len(values)}")
        if any(other is not None and np.may_share_memory(gains, other) for other in (values, base, before, result)):
            raise ValueError("gains shares memory with values, base, before or result")
        if before is not None and np.may_share_memory(before, result):
            raise ValueError("result shares memory with before, which is read until the end of a round")

    cdef begin(self, int64_t n, double[::1] squares, double[::1] counts, int rule, float weight, round, generation):
        """A round in which nothing has been sent yet, and its work space."""
        cdef uint8_t[::1] inbox = self.inbox
        cdef RingRound *r = &self.r
        memset(r, 0, sizeof(RingRound))
        r.rank, r.ranks, r.left, r.right = self.rank, self.ranks, self.left, self.right
        r.rule, r.weight, r.n, r.blocks = rule, weight, n, ring_blocks(n)
        r.squares, r.counts, r.inbox = &squares[0], &counts[0], <char *> &inbox[0]
        r.segments = ring_segments(n, self.ranks)
        r.total = 2 * (self.ranks - 1) * r.segments
        r.cancelled = &self.cancelled
        r.mine.magic, r.mine.version, r.mine.rule = RING_MAGIC, RING_VERSION, rule
        r.mine.ranks, r.mine.rank, r.mine.length = self.ranks, self.rank, n
        r.mine.generation, r.mine.round = generation, round

    cdef int run(self) except -1:
        cdef int said = RING_GO_ON
        cdef double slice_seconds = SLICE
        while said == RING_GO_ON:
            with nogil:
                said = ring_run(&self.r, slice_seconds)
            PyErr_CheckSignals()
        return said

    cdef failure(self, int said, double timeout):
        """What to raise for what `ring_run` has said."""
        left = f"the left neighbour (rank {self.before()})"
        right = f"the right neighbour (rank {(self.rank + 1) % self.ranks})"
        if said == RING_LATE:
            return TimeoutError(f"no progress for timeout={timeout:g} seconds: {self.waiting(left, right)}")
        if said == RING_CANCELLED:
            return InterruptedError("the round was cancelled")
        if said == RING_FOREIGN:
            return ConnectionError(self.foreign(left))
        who = left if said in (RING_LEFT_CLOSED, RING_LEFT_FAILED) else right
        if said in (RING_LEFT_CLOSED, RING_RIGHT_CLOSED):
            return ConnectionError(f"{who} has closed its connection after {self.progress()}")
        return ConnectionError(f"the connection to {who} failed after {self.progress()}: {os.strerror(self.r.error)}")

    cdef int before(self) noexcept:
        """Rank of the left neighbour."""
        return (self.rank + self.ranks - 1) % self.ranks

    cdef str progress(self):
        return f"{self.r.received} of {self.r.total} segments received, {self.r.sent} sent"

    cdef str waiting(self, str left, str right):
        """Who the round waits for: who has sent too little, or takes nothing."""
        cdef bint silent = self.r.received < self.r.total or self.r.header_got < sizeof(RingHeader)
        return f"{f'{left} sends' if silent else f'{right} takes'} nothing more after {self.progress()}"

    cdef str foreign(self, str left):
        """What the left neighbour has said of itself, and what it should have."""
        cdef RingHeader *other = &self.r.other
        cdef RingHeader *mine = &self.r.mine
        if other.magic != mine.magic or other.version != mine.version:
            return f"{left} speaks another language than version {mine.version} of this ring, or has another order of bytes"
        told, own = described(other), described(mine)
        wrong = [f"{name} {told[name]} in place of {own[name]}" for name in own if told[name] != own[name]]
        if <int> other.rank != self.before():
            wrong.append(f"rank {other.rank}")
        return f"{left} is in another round: {', '.join(wrong)}"


cdef dict described(const RingHeader *h):
    """What has to be the same for all members of a round."""
    return {"generation": h.generation, "round": h.round, "length": h.length, "ranks": h.ranks, "rule": h.rule}
