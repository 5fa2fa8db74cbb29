/* Grouping, sorting and picking rows by small whole numbers. */
#ifndef HEAVYWATER_COUNTING_H
#define HEAVYWATER_COUNTING_H

#include <stdint.h>
#include <stdlib.h>

#define COUNTING_AHEAD 24 /* rows: that far ahead cells are fetched, which lie anywhere */

#if defined(__GNUC__) || defined(__clang__)
#define COUNTING_FETCH(address) __builtin_prefetch(address)
#else
#define COUNTING_FETCH(address) ((void)0)
#endif

static int compared_numbers(const void *a, const void *b) {
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

static inline double middle_of_three(double a, double b, double c) {
    return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}

/* Numbers for which `test` holds go to the front; where the others begin. Without a branch, which nobody could predict. */
#define PARTED(name, test) \
    static inline int64_t name(double *numbers, int64_t low, int64_t high, double pivot) { \
        for (int64_t i = low; i < high; i++) { \
            double each = numbers[i]; \
            numbers[i] = numbers[low]; \
            numbers[low] = each; \
            low += test; \
        } \
        return low; \
    }
PARTED(below_first, each < pivot)
PARTED(not_above_first, each <= pivot)

/* Number k in order, none missing; those before it are not greater then. */
static double selected(double *numbers, int64_t n, int64_t k) {
    int64_t low = 0, high = n;
    for (int rounds = 0; high - low > 1; rounds++) {
        if (rounds == 64) { /* numbers that mislead: sort what is left */
            qsort(numbers + low, high - low, sizeof(double), compared_numbers);
            break;
        }
        int64_t step = (high - low) / 4;
        double pivot = middle_of_three(numbers[low + step], numbers[low + 2 * step], numbers[low + 3 * step]);
        int64_t place = below_first(numbers, low, high, pivot);
        if (k < place) {
            high = place;
            continue;
        }
        low = not_above_first(numbers, place, high, pivot);
        if (k < low) return pivot;
    }
    return numbers[k];
}

/* The median of at least one number, which are put into another order. */
static double middle(double *numbers, int64_t n) {
    double upper = selected(numbers, n, n / 2);
    if (n % 2) return upper;
    double lower = numbers[0];
    for (int64_t i = 1; i < n / 2; i++)
        if (numbers[i] > lower) lower = numbers[i];
    return (upper + lower) / 2;
}

/* How often a byte occurs. Lanes of 8 bits are emptied before they overflow. */
static int64_t bytes_equal_to(const uint8_t *bytes, int64_t n, uint8_t wanted) {
    int64_t total = 0, i = 0;
    while (n - i >= 64) {
        uint8_t lanes[64] = {0};
        for (int round = 0; round < 255 && n - i >= 64; round++, i += 64)
            for (int k = 0; k < 64; k++) lanes[k] += bytes[i + k] == wanted;
        for (int k = 0; k < 64; k++) total += lanes[k];
    }
    for (; i < n; i++) total += bytes[i] == wanted;
    return total;
}

/* Every bit of a number counts in the upper bits of this one. */
static inline uint64_t counting_mixed(uint64_t x) {
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    return x * 0xd6e8feb86659fd93u;
}

typedef struct {
    int64_t value, number; /* number + 1; 0: nothing is here */
} CountingSlot;

/* Put a value into a table of 1 << bits places, or find it there; its place. */
static inline CountingSlot *counting_slot(CountingSlot *slots, int bits, int64_t value) {
    const uint64_t last = ((uint64_t)1 << bits) - 1;
    uint64_t at = counting_mixed((uint64_t)value) >> (64 - bits);
    while (slots[at].number && slots[at].value != value) at = (at + 1) & last;
    return slots + at;
}

/* Number the values from row `i` on until so many have been found; the row at which this ends. */
static int64_t counting_number(const int64_t *values, int64_t i, int64_t n, CountingSlot *slots, int bits,
                               int64_t *found, int64_t *first, int64_t *number) {
    const int64_t room = (int64_t)1 << (bits - 1);
    int64_t count = *found;
    for (; i < n && count < room; i++) {
        CountingSlot *slot = counting_slot(slots, bits, values[i]);
        if (!slot->number) {
            first[count++] = values[i];
            *slot = (CountingSlot){values[i], count};
        }
        number[i] = slot->number - 1;
    }
    *found = count;
    return i;
}

/* The first values, in their order, in an empty table. */
static void counting_refill(const int64_t *first, int64_t found, CountingSlot *slots, int bits) {
    for (int64_t i = 0; i < found; i++) *counting_slot(slots, bits, first[i]) = (CountingSlot){first[i], i + 1};
}

#endif
