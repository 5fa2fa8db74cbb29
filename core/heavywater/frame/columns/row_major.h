/* Columns side by side become rows: copies of narrow cells, tile by tile, and scaled numbers. */
#ifndef HEAVYWATER_ROW_MAJOR_H
#define HEAVYWATER_ROW_MAJOR_H

#include <stdint.h>
#include <string.h>

#define ROW_MAJOR_TILE 64 /* rows, and columns, whose cells stay in the nearest cache together */
#define ROW_MAJOR_STEP 8  /* cells of a row that are looked at together */

/* 8 bytes of each of 8 columns, which become 8 bytes of each of 8 rows: halves change places three times. */
static inline void rows_of_8_bytes(const uint8_t *const *columns, int64_t row, uint8_t *out, int64_t width) {
    uint64_t lane[8];
    for (int j = 0; j < 8; j++) memcpy(&lane[j], columns[j] + row, 8);
    for (int step = 4, round = 0; step; step >>= 1, round++) {
        static const uint64_t lower[3] = {0x00000000ffffffffu, 0x0000ffff0000ffffu, 0x00ff00ff00ff00ffu};
        const int shift = 8 * step;
        for (int j = 0; j < 8; j++) {
            if (j & step) continue;
            uint64_t one = lane[j], other = lane[j + step];
            lane[j] = (one & lower[round]) | (other & lower[round]) << shift;
            lane[j + step] = (one >> shift & lower[round]) | (other & ~lower[round]);
        }
    }
    for (int i = 0; i < 8; i++) memcpy(out + i * width, &lane[i], 8);
}

/* Only where the first byte of a word is its lowest: elsewhere cells are copied one by one. */
static inline int low_bytes_first(void) {
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first;
}

static void rows_of_bytes(const uint8_t *const *columns, int64_t count, int64_t n, uint8_t *out) {
    const int whole_words = low_bytes_first();
    for (int64_t top = 0; top < n; top += ROW_MAJOR_TILE) {
        const int64_t bottom = top + ROW_MAJOR_TILE < n ? top + ROW_MAJOR_TILE : n;
        int64_t j = 0;
        for (; whole_words && j + 8 <= count; j += 8) {
            int64_t i = top;
            for (; i + 8 <= bottom; i += 8) rows_of_8_bytes(columns + j, i, out + i * count + j, count);
            for (; i < bottom; i++)
                for (int64_t k = j; k < j + 8; k++) out[i * count + k] = columns[k][i];
        }
        for (; j < count; j++)
            for (int64_t i = top; i < bottom; i++) out[i * count + j] = columns[j][i];
    }
}

/* Whether the next cells are all 0. */
static inline int zero_bytes(const uint8_t *cells) {
    uint64_t word;
    memcpy(&word, cells, 8);
    return word == 0;
}

static inline int zero_doubles(const double *cells) {
    int found = 0;
    for (int k = 0; k < ROW_MAJOR_STEP; k++) found |= cells[k] != 0;
    return !found;
}

#endif
