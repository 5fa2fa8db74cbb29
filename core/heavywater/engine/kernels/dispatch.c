/* Picks a table of kernels from what the processor offers; works wherever GCC or Clang do, without ifunc. */
#include "kernels.h"
#include <string.h>

extern const Kernels hw_kernels_baseline;
#ifdef HW_X86
extern const Kernels hw_kernels_avx2, hw_kernels_avx512;
#endif

const Kernels *hw_kernels(const char *level) {
#ifdef HW_X86
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                 __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (avx512 && (!level || !strcmp(level, "avx512"))) return &hw_kernels_avx512;
    if (avx2 && (!level || !strcmp(level, "avx2"))) return &hw_kernels_avx2;
#endif
    if (!level || !strcmp(level, "baseline")) return &hw_kernels_baseline;
    return 0;
}
