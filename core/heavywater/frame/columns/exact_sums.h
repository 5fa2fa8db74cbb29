/* Sums of x and x**2, or of w x and w x**2, of float64 numbers without any rounding.
 *
 * A finite float64 is m * 2**e with a whole m of 53 bits. Numbers of equal exponents are added in the same bin as whole
 * numbers, so that there is nothing to be rounded; a product of two m has 106 bits, and a bin of 128 holds RUN of them. After
 * a run the bins go, each shifted by its exponent, into a whole number that is long enough for all there can be.
 */
#ifndef HEAVYWATER_EXACT_SUMS_H
#define HEAVYWATER_EXACT_SUMS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_RUN (1 << 16)
#define EXACT_FEW 256   /* numbers, for which bins would take longer than they save */
#define EXACT_WORDS 101 /* of 64 bits: 3 * 2046 for the exponents, 3 * 53 for the digits, 64 for how many there are */

/* Exponents of the units of the long numbers: the least of a product of two, and of three. */
enum { EXACT_FIRST = -2 * 1074, EXACT_SECOND = -3 * 1074 };

typedef struct { /* what has been added, in units of 2**EXACT_FIRST and 2**EXACT_SECOND */
    uint64_t above[EXACT_WORDS], below[EXACT_WORDS], second[EXACT_WORDS];
} ExactSums;

/* Whole numbers of 128 bits: the compiler's own where it has them, since these are quicker. */
#if defined(__SIZEOF_INT128__) && !defined(EXACT_64_BITS)
typedef unsigned __int128 Wide;

static inline Wide exact_product(uint64_t a, uint64_t b) { return (Wide)a * b; }
static inline void exact_add(Wide *sum, Wide more) { *sum += more; }
static inline uint64_t exact_low(Wide sum) { return (uint64_t)sum; }
static inline uint64_t exact_high(Wide sum) { return (uint64_t)(sum >> 64); }
#else
typedef struct {
    uint64_t low, high;
} Wide;

static inline Wide exact_product(uint64_t a, uint64_t b) {
    uint64_t lower = (a & 0xffffffff) * (b & 0xffffffff), middle = (a >> 32) * (b & 0xffffffff) + (lower >> 32);
    uint64_t other = (a & 0xffffffff) * (b >> 32) + (middle & 0xffffffff);
    return (Wide){other << 32 | (lower & 0xffffffff), (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32)};
}
static inline void exact_add(Wide *sum, Wide more) {
    sum->low += more.low;
    sum->high += more.high + (sum->low < more.low);
}
static inline uint64_t exact_low(Wide sum) { return sum.low; }
static inline uint64_t exact_high(Wide sum) { return sum.high; }
#endif

typedef struct {
    Wide one, other;
} Pair;

/* Bins stand in groups, and most groups stay empty: only those are looked at in which something has been marked. */
#define EXACT_GROUP 64

typedef struct {
    Pair bins[1 << 12]; /* by sign and exponent: sum of m, sum of m**2 */
    uint8_t marks[(1 << 12) / EXACT_GROUP];
} Plain;

typedef struct {
    Wide firsts[1 << 13]; /* by sign, and the sum of the exponents of x and w */
    /* By the sum of all three exponents: of the lower and the upper digits of w x, times x. */
    Pair seconds[3 << 11];
    uint8_t first_marks[(1 << 13) / EXACT_GROUP], second_marks[(3 << 11) / EXACT_GROUP];
} Weighted;

/* Sign and exponent as they stand in a number, and its digits. */
static inline uint64_t exact_digits(const double *number, uint64_t *sign_and_exponent) {
    uint64_t bits;
    memcpy(&bits, number, sizeof bits);
    *sign_and_exponent = bits >> 52;
    return (bits & 0xfffffffffffff) | (uint64_t)((*sign_and_exponent & 0x7ff) != 0) << 52;
}

/* The exponent counted from that of the smallest numbers, whose first digit is not implied. */
static inline uint64_t exact_exponent(uint64_t exponent) { return exponent - (exponent != 0); }

/* Add a bin to a long number. */
static inline void exact_settle(uint64_t *words, Wide bin, uint64_t shift) {
    uint64_t low = exact_low(bin), high = exact_high(bin), by = shift & 63, carry = 0;
    if (!(low | high)) return;
    uint64_t parts[3] = {low << by, high << by, 0};
    if (by) parts[1] |= low >> (64 - by), parts[2] = high >> (64 - by);
    words += shift >> 6;
    for (int k = 0; k < 3 || carry; k++) {
        uint64_t part = k < 3 ? parts[k] : 0, sum = words[k] + part;
        words[k] = sum + carry;
        carry = (sum < part) | (words[k] < carry);
    }
}

/* The first bin from one on that stands in a marked group; `end` without any. */
static inline uint64_t exact_next(const uint8_t *marks, uint64_t place, uint64_t end) {
    while (place < end && !marks[place / EXACT_GROUP]) place += EXACT_GROUP - place % EXACT_GROUP;
    return place;
}

/* Add a sum of whole numbers, and of their squares. IN OUT sums. */
static inline void exact_whole_powers(int64_t first, int64_t second, ExactSums *sums) {
    uint64_t size = first < 0 ? -(uint64_t)first : (uint64_t)first;
    exact_settle(first < 0 ? sums->below : sums->above, exact_product(size, 1), -EXACT_FIRST);
    exact_settle(sums->second, exact_product(second, 1), -EXACT_SECOND);
}

/* Add finite numbers; the others are left out. IN x (n), IN OUT sums; n up to EXACT_RUN. Not 0: there is no memory. */
static inline int exact_powers(const double *x, int64_t n, ExactSums *sums) {
    if (n <= EXACT_FEW) {
        for (int64_t i = 0; i < n; i++) {
            uint64_t place, digits = exact_digits(x + i, &place), exponent = exact_exponent(place & 0x7ff);
            if ((place & 0x7ff) == 0x7ff) continue;
            exact_settle(place >> 11 ? sums->below : sums->above, exact_product(digits, 1), exponent + 1074);
            exact_settle(sums->second, exact_product(digits, digits), 2 * exponent + 1074);
        }
        return 0;
    }
    Plain *plain = calloc(1, sizeof *plain);
    if (!plain) return -1;
    for (int64_t i = 0; i < n; i++) {
        uint64_t place, digits = exact_digits(x + i, &place);
        exact_add(&plain->bins[place].one, exact_product(digits, 1));
        exact_add(&plain->bins[place].other, exact_product(digits, digits));
        plain->marks[place / EXACT_GROUP] = 1;
    }
    for (uint64_t place = exact_next(plain->marks, 0, 1 << 12); place < 1 << 12;
         place = exact_next(plain->marks, place + 1, 1 << 12)) {
        uint64_t exponent = exact_exponent(place & 0x7ff);
        if ((place & 0x7ff) == 0x7ff) continue;
        exact_settle(place >> 11 ? sums->below : sums->above, plain->bins[place].one, exponent + 1074);
        exact_settle(sums->second, plain->bins[place].other, 2 * exponent + 1074);
    }
    free(plain);
    return 0;
}

/* The same with weights. IN x, w (n), IN OUT sums. */
static inline int exact_weighted_powers(const double *x, const double *w, int64_t n, ExactSums *sums) {
    Weighted *bins = calloc(1, sizeof *bins);
    if (!bins) return -1;
    Wide *firsts = bins->firsts;
    Pair *seconds = bins->seconds;
    for (int64_t i = 0; i < n; i++) {
        uint64_t place, weight_place, digits = exact_digits(x + i, &place), heavy = exact_digits(w + i, &weight_place);
        uint64_t exponent = exact_exponent(place & 0x7ff), weight_exponent = exact_exponent(weight_place & 0x7ff);
        Wide product = exact_product(digits, (place & 0x7ff) == 0x7ff ? 0 : heavy);
        uint64_t lower = exact_low(product) & 0x1fffffffffffff;
        uint64_t upper = exact_high(product) << 11 | exact_low(product) >> 53;
        uint64_t first = (place >> 11 << 12) + exponent + weight_exponent, second = 2 * exponent + weight_exponent;
        exact_add(&firsts[first], product);
        exact_add(&seconds[second].one, exact_product(lower, digits));
        exact_add(&seconds[second].other, exact_product(upper, digits));
        bins->first_marks[first / EXACT_GROUP] = bins->second_marks[second / EXACT_GROUP] = 1;
    }
    for (uint64_t place = exact_next(bins->first_marks, 0, 1 << 13); place < 1 << 13;
         place = exact_next(bins->first_marks, place + 1, 1 << 13))
        exact_settle(place >> 12 ? sums->below : sums->above, firsts[place], place & 0xfff);
    for (uint64_t place = exact_next(bins->second_marks, 0, 3 << 11); place < 3 << 11;
         place = exact_next(bins->second_marks, place + 1, 3 << 11)) {
        exact_settle(sums->second, seconds[place].one, place);
        exact_settle(sums->second, seconds[place].other, place + 53);
    }
    free(bins);
    return 0;
}

#endif
