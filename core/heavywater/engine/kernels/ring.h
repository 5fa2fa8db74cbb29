/* One round of a ring: every member gets what a rule makes of that which all members have changed.
 *
 * Values are cut into as many parts as there are members, parts into segments. In the first half of a round (reduce-scatter)
 * partial sums of a part travel from its first member once around the ring; the last one to add its own settles the part. In
 * the second half (all-gather) settled parts travel around. Each member sends to its right and receives from its left the
 * same number of segments; what goes out as segment j was made of the one that came in as j - (segments of a part), so that
 * both halves flow without a stop in between.
 *
 * Under the guided rule gains of blocks travel beside settled values: so that members may change, all know all of them.
 *
 * The order of the sums is that of the ring and of the part alone, and each part is settled by one member: all members end
 * with the same bytes, whatever arrives when. Nothing but the result is written: until a round is done nothing is lost.
 *
 * Pointers: IN is read, OUT written, IN OUT read and written. Pointers to const are IN.
 */
#ifndef HEAVYWATER_RING_H
#define HEAVYWATER_RING_H

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#define RING_BLOCK 512        /* values whose changes are compared at once: EXCHANGE_BLOCK of kernels.h */
#define RING_SEGMENT 256      /* blocks of a segment at most: 512 KB, which stay in the cache between socket and sum */
#define RING_LANES 16         /* parts of a sum of squares, the same on every processor */
#define RING_MAGIC 0x52475748 /* "HWGR"; other bytes where the order of bytes is another one */
#define RING_VERSION 2
#define RING_PACE 0.5 /* of a gain: where changes go straight on it grows by exp(RING_PACE) in a round */

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum { RING_AVERAGE, RING_ADAPTIVE, RING_GUIDED };
enum {
    RING_DONE,
    RING_GO_ON, /* the slice of time is over, or a signal came */
    RING_LATE,
    RING_CANCELLED,
    RING_LEFT_CLOSED,
    RING_RIGHT_CLOSED,
    RING_FOREIGN, /* the left neighbour is in another round, or no neighbour */
    RING_LEFT_FAILED,
    RING_RIGHT_FAILED
};

/* What a member says first in every round; it has to be what its right neighbour says, too, but for the rank. */
typedef struct {
    uint32_t magic;
    uint8_t version, rule;
    uint16_t ranks;
    uint32_t rank, generation;
    uint64_t round, length;
} RingHeader;

typedef struct {
    int rank, ranks, left, right, rule;
    float weight;        /* of this member beside the others */
    double trust;        /* guided: gains stay where the cosine of changes and last move is its negative */
    const float *values; /* n of them */
    const float *base;   /* IN what the changes are measured from, the same on all members; NULL: from 0 */
    const float *before; /* guided: what `base` was in the round before; NULL: not known */
    const float *gains;  /* guided: of each block, by what the mean was to be multiplied in the round before */
    float *result;       /* OUT */
    int64_t n, blocks;
    double *squares;  /* work space: of each block the sum of squared changes so far; OUT its gain (guided) */
    double *counts;   /* work space: of each segment the sum of the weights so far */
    char *inbox;      /* work space: a segment and its sums, see ring_inbox */
    int64_t segments; /* of each part; the last ones of a shorter part are empty */
    int64_t total;    /* segments that go out, and come in */
    int64_t sent, received;
    size_t out_at, in_at; /* bytes done of the segments `sent` and `received` */
    size_t header_sent, header_got;
    RingHeader mine, other;
    int weightless;            /* OUT no member has a weight, and there is no base: the result has no meaning */
    int error;                 /* OUT errno of a failure */
    double deadline, patience; /* seconds that are added to the deadline by every byte */
    const atomic_int *cancelled;
} RingRound;

/* A run of whole blocks: what a segment of a part has. */
typedef struct {
    int64_t part, number, first_block, blocks, first, n;
    int gather; /* settled values, with nothing but gains beside them */
    size_t side, bytes;
} RingSegment;

static inline double ring_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline int64_t ring_blocks(int64_t n) { return (n + RING_BLOCK - 1) / RING_BLOCK; }

static inline int64_t ring_segments(int64_t n, int ranks) {
    int64_t largest = (ring_blocks(n) + ranks - 1) / ranks, segments = (largest + RING_SEGMENT - 1) / RING_SEGMENT;
    return segments > 1 ? segments : 1;
}

static inline size_t ring_inbox(void) {
    return sizeof(double) * (1 + RING_SEGMENT) + sizeof(float) * RING_BLOCK * RING_SEGMENT;
}

/* Segment `number` of a part; `gather`: in the second half of the round. */
static inline RingSegment ring_segment(const RingRound *r, int64_t part, int64_t number, int gather) {
    RingSegment s = {.part = part, .number = number, .gather = gather};
    int64_t begin = r->blocks * part / r->ranks, end = r->blocks * (part + 1) / r->ranks, last;
    s.first_block = begin + number * RING_SEGMENT;
    if (s.first_block > end) s.first_block = end;
    last = s.first_block + RING_SEGMENT < end ? s.first_block + RING_SEGMENT : end;
    s.blocks = last - s.first_block;
    s.first = s.first_block * RING_BLOCK;
    s.n = last * RING_BLOCK < r->n ? last * RING_BLOCK - s.first : r->n - s.first;
    if (s.n < 0 || s.blocks == 0) s.n = 0;
    int64_t of_blocks = (gather ? r->rule == RING_GUIDED : r->rule != RING_AVERAGE) ? s.blocks : 0;
    s.side = sizeof(double) * (size_t)(of_blocks + !gather);
    s.bytes = s.side + sizeof(float) * (size_t)s.n;
    return s;
}

/* What goes out as number j, or comes in: there everything is one step of the ring further back. */
static inline RingSegment ring_flow(const RingRound *r, int64_t j, int incoming) {
    int64_t step = j / r->segments, part = (r->rank - step - incoming) % r->ranks;
    return ring_segment(r, part < 0 ? part + r->ranks : part, j % r->segments, step >= r->ranks - 1);
}

/* Sum of the products of up to RING_BLOCK values. */
static inline double ring_products(const float *x, const float *y, int64_t n) {
    float lane[RING_LANES] = {0};
    double sum = 0;
    int64_t whole = n / RING_LANES * RING_LANES;
    for (int64_t i = 0; i < whole; i += RING_LANES)
        for (int j = 0; j < RING_LANES; j++) lane[j] += x[i + j] * y[i + j];
    for (int64_t i = whole; i < n; i++) lane[i - whole] += x[i] * y[i];
    for (int j = 0; j < RING_LANES; j++) sum += lane[j];
    return sum;
}

static inline double ring_squares(const float *x, int64_t n) { return ring_products(x, x, n); }

/* OUT change = v - base, of a block; base may be NULL. */
static inline void ring_changes(int64_t n, const float *v, const float *base, float *restrict change) {
    if (base)
        for (int64_t i = 0; i < n; i++) change[i] = v[i] - base[i];
    else memcpy(change, v, sizeof(float) * (size_t)n);
}

/* OUT sum = in (NULL: 0) + weight * change, of a block. */
static inline void ring_sums(int64_t n, const float *in, float weight, const float *restrict change,
                             float *restrict sum) {
    if (in)
        for (int64_t i = 0; i < n; i++) sum[i] = in[i] + weight * change[i];
    else
        for (int64_t i = 0; i < n; i++) sum[i] = weight * change[i];
}

/* Begin the sums of a segment with this member's share, or add it to what came in: IN inbox, or NULL. OUT r: result,
 * counts and squares of the segment. But for the average members count alike, or not at all. */
static void ring_add(const RingRound *r, const RingSegment *s, const char *inbox) {
    const double *side = (const double *)inbox;
    const float *in = inbox ? (const float *)(inbox + s->side) : 0;
    float change[RING_BLOCK], weight = r->rule == RING_AVERAGE ? r->weight : r->weight > 0;
    r->counts[s->part * r->segments + s->number] = (inbox ? side[0] : 0) + weight;
    for (int64_t k = 0; k < s->blocks; k++) {
        int64_t at = k * RING_BLOCK, i = s->first + at, n = s->n - at < RING_BLOCK ? s->n - at : RING_BLOCK;
        ring_changes(n, r->values + i, r->base ? r->base + i : 0, change);
        ring_sums(n, in ? in + at : 0, weight, change, r->result + i);
        if (r->rule == RING_AVERAGE) continue;
        double own = weight > 0 ? ring_squares(change, n) : 0;
        r->squares[s->first_block + k] = (inbox ? side[1 + k] : 0) + own;
    }
}

/* What is left of the summed changes of a block: all where they are independent, the mean where they are equal. */
static inline float ring_part(double squares, double agreed, double count) {
    double part = agreed > squares ? squares / agreed : 1;
    return (float)(part * count < 1 ? 1 / count : part);
}

/* What the mean of a block's changes may be multiplied by: more than in the last round where they go on in the direction of
 * the last move, which was too short then, and less where they go back by more than trust allows. */
static double ring_gain(const RingRound *r, int64_t k, int64_t first, int64_t n, double agreed, double count) {
    double gain = r->gains[k];
    if (r->before) {
        float move[RING_BLOCK];
        ring_changes(n, r->base + first, r->before + first, move);
        double norms = sqrt(ring_squares(move, n) * agreed);
        if (norms > 0) gain *= exp(RING_PACE * (r->trust + ring_products(move, r->result + first, n) / norms));
    }
    return !(gain > 1) ? 1 : gain > count ? count : gain;
}

/* By what to multiply the summed changes of block k. IN OUT r: what is known of the block, then its gain. */
static float ring_factor(const RingRound *r, int64_t k, int64_t first, int64_t n, double count) {
    double agreed = ring_squares(r->result + first, n);
    float part = count > 0 ? ring_part(r->squares[k], agreed, count) : 1;
    if (r->rule == RING_GUIDED) {
        double gain = r->squares[k] = count > 0 ? ring_gain(r, k, first, n, agreed, count) : r->gains[k];
        if (part * count > gain) part = (float)(gain / count);
    }
    return part;
}

/* From sums to values, for a segment to which all members have added. IN OUT r: result, squares. */
static void ring_settle(RingRound *r, const RingSegment *s) {
    double count = r->counts[s->part * r->segments + s->number];
    for (int64_t k = 0; k < s->blocks; k++) {
        int64_t at = k * RING_BLOCK, n = s->n - at < RING_BLOCK ? s->n - at : RING_BLOCK, first = s->first + at;
        float *restrict out = r->result + first;
        const float *restrict base = r->base ? r->base + first : 0;
        if (r->rule == RING_AVERAGE) {
            float divisor = count > 0 ? (float)count : 1;
            for (int64_t i = 0; i < n; i++) out[i] = out[i] / divisor;
        } else {
            float part = ring_factor(r, s->first_block + k, first, n, count);
            for (int64_t i = 0; i < n; i++) out[i] = out[i] * part;
        }
        if (base)
            for (int64_t i = 0; i < n; i++) out[i] += base[i];
    }
    r->weightless = !(count > 0) && !r->base;
}

/* Bytes at..bytes-1 of what lies in pieces, as an argument of sendmsg or recvmsg. IN OUT piece; returns where the first one is. */
static inline int ring_skip(struct iovec *piece, int pieces, size_t at) {
    int first = 0;
    while (first < pieces - 1 && at >= piece[first].iov_len) at -= piece[first++].iov_len;
    piece[first].iov_base = (char *)piece[first].iov_base + at;
    piece[first].iov_len -= at;
    return first;
}

/* What a call on a socket has said. RING_DONE: there is progress. RING_GO_ON: nothing for now. */
static int ring_said(RingRound *r, ssize_t bytes, int closed, int failed) {
    if (bytes > 0) return RING_DONE;
    if (bytes == 0) return closed;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return RING_GO_ON;
    r->error = errno;
    return errno == EPIPE || errno == ECONNRESET ? closed : failed;
}

static inline int ring_can_send(const RingRound *r) {
    if (r->header_sent < sizeof(RingHeader)) return 1;
    return r->sent < r->total && (r->sent < r->segments || r->received > r->sent - r->segments);
}

static inline int ring_can_receive(const RingRound *r) {
    return r->header_got < sizeof(RingHeader) || r->received < r->total;
}

static int ring_send_header(RingRound *r) {
    ssize_t bytes = send(r->right, (const char *)&r->mine + r->header_sent, sizeof(RingHeader) - r->header_sent,
                         MSG_DONTWAIT | MSG_NOSIGNAL);
    if (bytes > 0) r->header_sent += (size_t)bytes;
    return ring_said(r, bytes, RING_RIGHT_CLOSED, RING_RIGHT_FAILED);
}

/* One call of the socket to the right, where there is something to say. */
static int ring_send(RingRound *r) {
    if (!ring_can_send(r)) return RING_GO_ON;
    if (r->header_sent < sizeof(RingHeader)) return ring_send_header(r);
    RingSegment s = ring_flow(r, r->sent, 0);
    if (r->sent < r->segments && r->out_at == 0) ring_add(r, &s, 0);
    if (r->out_at < s.bytes) {
        size_t count = s.gather ? 0 : sizeof(double);
        struct iovec piece[3] = {{&r->counts[s.part * r->segments + s.number], count},
                                 {r->squares + s.first_block, s.side - count},
                                 {r->result + s.first, sizeof(float) * (size_t)s.n}};
        int pieces = 3, first = ring_skip(piece, pieces, r->out_at);
        struct msghdr message = {.msg_iov = piece + first};
        message.msg_iovlen += pieces - first; /* its type differs from system to system */
        ssize_t bytes = sendmsg(r->right, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        int said = ring_said(r, bytes, RING_RIGHT_CLOSED, RING_RIGHT_FAILED);
        if (said != RING_DONE) return said;
        r->out_at += (size_t)bytes;
    }
    if (r->out_at == s.bytes) r->sent++, r->out_at = 0;
    return RING_DONE;
}

static int ring_receive_header(RingRound *r) {
    ssize_t bytes = recv(r->left, (char *)&r->other + r->header_got, sizeof(RingHeader) - r->header_got, MSG_DONTWAIT);
    int said = ring_said(r, bytes, RING_LEFT_CLOSED, RING_LEFT_FAILED);
    if (said != RING_DONE) return said;
    r->header_got += (size_t)bytes;
    if (r->header_got < sizeof(RingHeader)) return RING_DONE;
    RingHeader wanted = r->mine;
    wanted.rank = (uint32_t)((r->rank + r->ranks - 1) % r->ranks);
    return memcmp(&wanted, &r->other, sizeof(RingHeader)) ? RING_FOREIGN : RING_DONE;
}

/* One call of the socket to the left, and what follows from a segment that is complete. */
static int ring_receive(RingRound *r) {
    if (!ring_can_receive(r)) return RING_GO_ON;
    if (r->header_got < sizeof(RingHeader)) return ring_receive_header(r);
    RingSegment s = ring_flow(r, r->received, 1);
    if (r->in_at < s.bytes) {
        struct iovec settled[2] = {{r->squares + s.first_block, s.side}, {r->result + s.first, s.bytes - s.side}};
        struct iovec partial = {r->inbox, s.bytes}, *piece = s.gather ? settled : &partial;
        int pieces = s.gather ? 2 : 1, first = ring_skip(piece, pieces, r->in_at);
        struct msghdr message = {.msg_iov = piece + first};
        message.msg_iovlen += pieces - first;
        ssize_t bytes = recvmsg(r->left, &message, MSG_DONTWAIT);
        int said = ring_said(r, bytes, RING_LEFT_CLOSED, RING_LEFT_FAILED);
        if (said != RING_DONE) return said;
        r->in_at += (size_t)bytes;
        if (r->in_at < s.bytes) return RING_DONE;
    }
    if (!s.gather) ring_add(r, &s, r->inbox);
    if (r->received / r->segments == r->ranks - 2) ring_settle(r, &s);
    r->received++;
    r->in_at = 0;
    return RING_DONE;
}

/* Sleep until one of the sockets can go on, for so many seconds at most. */
static int ring_wait(RingRound *r, double seconds) {
    int owing = r->sent < r->total;
    struct pollfd sockets[2] = {{ring_can_receive(r) ? r->left : -1, POLLIN, 0},
                                {owing ? r->right : -1, ring_can_send(r) ? POLLOUT : 0, 0}};
    if (!owing && r->header_sent < sizeof(RingHeader)) sockets[1].fd = r->right;
    int milliseconds = seconds > 0 ? (int)(1000 * seconds) + 1 : 0;
    if (poll(sockets, 2, milliseconds) < 0) return RING_GO_ON;
    /* who is owed something and hangs up will not get it */
    if (!ring_can_send(r) && (sockets[1].revents & (POLLERR | POLLHUP))) return RING_RIGHT_CLOSED;
    return RING_DONE;
}

/* A ring of one: the same sums. */
static int ring_alone(RingRound *r) {
    for (int64_t j = 0; j < r->segments; j++) {
        RingSegment s = ring_segment(r, 0, j, 0);
        ring_add(r, &s, 0);
        ring_settle(r, &s);
    }
    return RING_DONE;
}

/* Go on with a round for so many seconds at most. RING_GO_ON: call again, all else is the end of it.
 * IN OUT r, and its work space; r->result is complete after RING_DONE, and of no meaning after all else. */
static int ring_run(RingRound *r, double seconds) {
    double now = ring_clock(), until = now + seconds;
    if (r->ranks == 1) return ring_alone(r);
    for (;;) {
        int out = ring_send(r), in = out > RING_GO_ON ? RING_GO_ON : ring_receive(r);
        if (out > RING_GO_ON) return out;
        if (in > RING_GO_ON) return in;
        if (!ring_can_receive(r) && r->header_sent == sizeof(RingHeader) && r->sent == r->total) return RING_DONE;
        now = ring_clock();
        if (out == RING_DONE || in == RING_DONE) r->deadline = now + r->patience;
        if (atomic_load_explicit(r->cancelled, memory_order_relaxed)) return RING_CANCELLED;
        if (now >= r->deadline) return RING_LATE;
        if (now >= until) return RING_GO_ON;
        if (out == RING_GO_ON && in == RING_GO_ON) {
            double end = r->deadline < until ? r->deadline : until;
            int said = ring_wait(r, end - now);
            if (said != RING_DONE) return said;
        }
    }
}

#endif
