# Which of the compiled tables of kernels this process uses.

import os


def instruction_set():
    """Name of the kernels in use: HEAVYWATER_SIMD if set, else the best the processor has.

    Raises
    ------
    ValueError
        If HEAVYWATER_SIMD names a level that does not exist or that this processor lacks.
    """
    return (<bytes> pick_kernels().name).decode()


cdef const Kernels *pick_kernels() except NULL:
    level = os.environ.get("HEAVYWATER_SIMD") or None
    cdef bytes name = level.encode() if level else b""
    cdef const Kernels *found = hw_kernels(<const char *> name if level else NULL)
    if found == NULL:
        levels = [x for x in ("baseline", "avx2", "avx512") if hw_kernels(x.encode()) != NULL]
        raise ValueError(f"HEAVYWATER_SIMD={level!r} is not available here; this processor offers {', '.join(levels)}. "
                         "Unset it to let the engine choose.")
    return found
