/* What the training loop needs around its threads: a barrier and the floating-point mode. */
#ifndef HEAVYWATER_PARALLEL_H
#define HEAVYWATER_PARALLEL_H

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

/* A barrier for a few threads that meet every few microseconds. It spins briefly; when the cores are shared with other
 * work spinning only steals the time the missing thread needs, so it then yields and at last sleeps. */
typedef struct {
    _Alignas(64) atomic_int arrived;
    _Alignas(64) atomic_int generation;
    _Alignas(64) int members;
} Barrier;

static inline void barrier_init(Barrier *b, int members) {
    atomic_init(&b->arrived, 0);
    atomic_init(&b->generation, 0);
    b->members = members;
}

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* patience: how long this thread spins; shrinks while spinning is in vain, grows while it pays */
static inline void barrier_wait(Barrier *b, int *patience) {
    if (b->members == 1) return;
    int generation = atomic_load_explicit(&b->generation, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&b->arrived, 1, memory_order_acq_rel) + 1 == b->members) {
        atomic_store_explicit(&b->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&b->generation, generation + 1, memory_order_release);
        return;
    }
    for (int i = 0; i < *patience; i++) {
        if (atomic_load_explicit(&b->generation, memory_order_acquire) != generation) {
            if (*patience < 4096) *patience += 16;
            return;
        }
        relax();
    }
    if (*patience > 512) *patience /= 2; /* below that a yield costs more than the wait */
    for (int i = 0; atomic_load_explicit(&b->generation, memory_order_acquire) == generation; i++) {
        if (i < 1000) {
            sched_yield();
        } else {
            struct timespec pause = {0, 50000};
            nanosleep(&pause, 0);
        }
    }
}

/* Flush-to-zero inside worker threads only: the ADADELTA history decays into denormals, and they are slow. */
static inline unsigned long fpmode_enter(void) {
#if defined(__x86_64__) || defined(__i386__)
    unsigned old = _mm_getcsr();
    _mm_setcsr(old | 0x8040);
    return old;
#elif defined(__aarch64__)
    unsigned long old;
    __asm__ volatile("mrs %0, fpcr" : "=r"(old));
    __asm__ volatile("msr fpcr, %0" ::"r"(old | (1ul << 24)));
    return old;
#else
    return 0;
#endif
}

static inline void fpmode_leave(unsigned long old) {
#if defined(__x86_64__) || defined(__i386__)
    _mm_setcsr((unsigned)old);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" ::"r"(old));
#else
    (void)old;
#endif
}

#endif
