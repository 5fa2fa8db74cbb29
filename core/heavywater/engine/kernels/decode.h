/* From stored bytes to the numbers of a row. A part of kernels.c, compiled with it once per instruction set. */

#define DECODE(T, NAME) \
    static void NAME(int64_t n, const T *v, const real *sub, const real *mul, real *x) { \
        for (int64_t i = 0; i < n; i++) x[i] = ((real)v[i] - sub[i]) * mul[i]; \
    }
DECODE(uint8_t, decode_u8)
DECODE(int16_t, decode_i16)

static void ramp(int64_t n, real t, real *x) {
    for (int64_t i = 0; i < n; i++) {
        real above = t - (real)i;
        above = above > 0 ? above : 0;
        x[i] = above < 1 ? above : 1;
    }
}

/* Written first and kept or not by moving on: a branch on a random bit would be mispredicted every few inputs. */
static int64_t decode_sparse_tail(int64_t n, const uint16_t *index, const uint8_t *v, const real *mul, int32_t first,
                                  uint64_t key, real ratio, int32_t *kept_index, real *kept_value) {
    int64_t k = 0;
    for (int64_t i = 0; i < n; i++) {
        kept_index[k] = first + index[i];
        kept_value[k] = (real)v[i] * mul[index[i]];
        k += ratio <= 0 || hw_keep((uint32_t)(first + index[i]), key, ratio);
    }
    return k;
}

#if HW_VECTOR == 64 && !defined(HW_DOUBLE)
INLINE __m512i hash16(__m512i unit, uint64_t key) { /* hw_hash of 16 units */
    __m512i h =
        _mm512_add_epi32(_mm512_mullo_epi32(unit, _mm512_set1_epi32((int)0x9E3779B9u)), _mm512_set1_epi32((int)key));
    h = _mm512_xor_si512(h, _mm512_srli_epi32(h, 16));
    h = _mm512_mullo_epi32(h, _mm512_set1_epi32(0x7FEB352D));
    h = _mm512_xor_si512(h, _mm512_xor_si512(_mm512_srli_epi32(h, 15), _mm512_set1_epi32((int)(key >> 32))));
    h = _mm512_mullo_epi32(h, _mm512_set1_epi32((int)0x846CA68Bu));
    return _mm512_xor_si512(h, _mm512_srli_epi32(h, 16));
}

static int64_t decode_sparse(int64_t n, const uint16_t *index, const uint8_t *v, const real *mul, int32_t first,
                             uint64_t key, real ratio, int32_t *kept_index, real *kept_value) {
    int64_t i = 0, k = 0;
    for (; i + 16 <= n; i += 16) {
        __m512i column = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(index + i)));
        __m512i unit = _mm512_add_epi32(column, _mm512_set1_epi32(first));
        __m512 x = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(v + i))));
        x = _mm512_mul_ps(x, _mm512_i32gather_ps(column, mul, 4));
        __mmask16 keep = 0xFFFF;
        if (ratio > 0) {
            __m512 u = _mm512_cvtepi32_ps(_mm512_srli_epi32(hash16(unit, key), 8));
            keep = _mm512_cmp_ps_mask(_mm512_mul_ps(u, _mm512_set1_ps(5.9604644775390625e-8f)), _mm512_set1_ps(ratio),
                                      _CMP_GE_OQ);
        }
        _mm512_storeu_si512(kept_index + k, _mm512_maskz_compress_epi32(keep, unit));
        _mm512_storeu_ps(kept_value + k, _mm512_maskz_compress_ps(keep, x));
        k += __builtin_popcount(keep);
    }
    return k + decode_sparse_tail(n - i, index + i, v + i, mul, first, key, ratio, kept_index + k, kept_value + k);
}
#else
#define decode_sparse decode_sparse_tail
#endif
