"""The compiled part. It sees arrays, never frames, files or names.

``_net32``, ``_net64``
    One network in float32 or float64: parameters, optimiser state, the training loop over rows (Cython, OpenMP). Both are
    compiled from the same ``.pxi`` parts, which ``net.pxi`` includes in order; ``_net.pyi`` has their types.
``_ring``
    Processes bring the weights of their networks together over sockets.
``kernels/``
    Vector code in C, compiled per instruction set; one table of function pointers is picked at import
    (``HEAVYWATER_SIMD`` forces baseline, avx2 or avx512).
``rows``
    The compact row-major training copy.
``initial``
    Starting weights.
``scoring``
    Forward passes over many rows in blocks.
``threads``, ``blas``, ``memory``, ``plan``
    How many threads, also for BLAS; aligned arrays on huge pages; which layout and which threads suit a network.

A layer's weights are stored input-major, in groups of 16 or 32 output columns (64 for mini-batches)::

    group 0: input 0 [16 weights], input 1 [16 weights], ...   thread 0 owns some groups,
    group 1: input 0 [16 weights], ...                         thread 1 the others

so that an input that is zero (an absent category, a unit that is off or dropped) costs nothing, forward or backward, and
each core keeps its groups in its own cache. Layers of more than 496 units have groups of 128, and all groups of an input lie
side by side. A dense first layer is stored by unit instead: there it is the units without a
gradient that cost nothing.
"""
