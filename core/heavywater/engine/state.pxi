# The arrays of a layer: weights, biases, optimiser state. NumPy owns them, by name; the struct points into them.
#
# Weights and biases of all layers are views of one buffer. There is no gap between them: the rows of all arrays are
# multiples of 16 values long, which is a cache line of float32.

cdef int64_t values_of(const Layer *y):
    """Weights and biases together, with the padding."""
    return math.prod(shape_of(y)) + columns_of(y)


cdef dict new_arrays(const Layer *y, values):
    """What every layer has; values: its part of the buffer of the network."""
    columns = (columns_of(y),)
    return {"w": values[: -columns[0]].reshape(shape_of(y)), "b": values[-columns[0]:],
            "bs1": aligned_zeros(columns, REAL), "bs2": aligned_zeros(columns, REAL)}


cdef bind_layer(Layer *y, dict a):
    """Point the struct at the arrays. OUT y: its pointers."""
    y.w, y.b = <real *> address(a["w"]), <real *> address(a["b"])
    y.s1, y.s2 = <real *> address(a.get("s1")), <real *> address(a.get("s2"))
    y.bs1, y.bs2 = <real *> address(a["bs1"]), <real *> address(a["bs2"])
    y.centre, y.bcentre = <real *> address(a.get("centre")), <real *> address(a.get("bcentre"))
    y.scale, y.inverse = <real *> address(a.get("scale")), <real *> address(a.get("inverse"))
    y.norm2 = <double *> address(a.get("norm2"))
    y.average = <real *> address(a.get("average"))


cdef ensure(Layer *y, dict a, str name):
    """Allocate an array like the weights, unless it is there."""
    if name not in a:
        a[name] = aligned_zeros(a["w"].shape, REAL)
        bind_layer(y, a)


cdef ensure_columns(Layer *y, dict a, str name, value=0, dtype=None):
    """Allocate an array with one value per column, unless it is there."""
    if name not in a:
        a[name] = aligned_zeros(a["b"].shape, REAL if dtype is None else dtype)
        a[name][:] = value
        bind_layer(y, a)


cdef ensure_scales(Layer *y, dict a):
    """Allocate what max_w2 needs, unless it is there; the norms are still to be computed."""
    ensure_columns(y, a, "scale", 1)
    ensure_columns(y, a, "inverse", 1)
    ensure_columns(y, a, "norm2", 0, np.float64)


cdef drop_scales(Layer *y, dict a):
    """Give up what max_w2 needs; the weights stay what they are."""
    fold_layer(y)
    for name in ("scale", "inverse", "norm2"):
        del a[name]
    bind_layer(y, a)


cdef dict optimiser_state(const Layer *y, dict a):
    """Optimiser state by name as plain matrices, see `Network.state`."""
    found = {name: unpack(y, a[name]) for name in ("s1", "s2") if name in a}
    if "scale" in a:
        found["unscaled"] = unpack(y, a["w"])
    columns = ("bs1", "bs2", "scale", "inverse", "norm2")
    found |= {name: unpack_columns(y, a[name]) for name in columns if name in a}
    if "average" in a:
        found["average"] = a["average"][: y.units].copy()
    if "updates" in a:
        found["updates"] = a["updates"].copy()
    return found


cdef set_optimiser_state(Layer *y, dict a, state, bint scaled):
    """Inverse of `optimiser_state`; scaled: whether this layer keeps scales under max_w2."""
    if "scale" in state and scaled:
        ensure_scales(y, a)
        for name in ("scale", "inverse", "norm2"):
            pack_columns(y, state[name], a[name])
        pack(y, state["unscaled"], a["w"])
    for name in ("s1", "s2"):
        if name in state:
            ensure(y, a, name)
            pack(y, state[name], a[name])
    for name in ("bs1", "bs2"):
        pack_columns(y, state[name], a[name])
    if "average" in state:
        ensure_columns(y, a, "average")
        a["average"][: y.units] = state["average"]
    if "updates" in state:
        a["updates"] = np.array(state["updates"], np.int64)


cdef dict copied_state(dict a):
    """Copies of all arrays but weights and biases, and but those that training only reads: these are shared."""
    shared = ("centre", "bcentre")
    return {name: array if name in shared else copied(array) for name, array in a.items() if name not in ("w", "b")}


cdef copied(array):
    found = aligned_zeros(array.shape, array.dtype)
    found[...] = array
    return found


cdef tuple magnitude_of(const Layer *y, dict a):
    """Root mean square of the weights and largest absolute bias."""
    flat = a["w"].reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        squares = float(np.dot(flat, flat))
        if not np.isfinite(squares):  # too large for float32, or really not finite
            squares = float(np.square(flat, dtype=np.float64).sum())
    return sqrt(squares / max(<int64_t>1, y.units * y.inputs)), float(np.abs(a["b"]).max())
