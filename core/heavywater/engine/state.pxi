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
    y.average = <real *> address(a.get("average"))


cdef ensure(Layer *y, dict a, str name):
    """Allocate an array like the weights, unless it is there."""
    if name not in a:
        a[name] = aligned_zeros(a["w"].shape, REAL)
        bind_layer(y, a)


cdef ensure_columns(Layer *y, dict a, str name):
    """Allocate an array with one value per column, unless it is there."""
    if name not in a:
        a[name] = aligned_zeros(a["b"].shape, REAL)
        bind_layer(y, a)


cdef dict optimiser_state(const Layer *y, dict a):
    """Optimiser state by name as plain matrices, see `Network.state`."""
    found = {name: unpack(y, a[name]) for name in ("s1", "s2") if name in a}
    found |= {name: unpack_columns(y, a[name]) for name in ("bs1", "bs2")}
    if "average" in a:
        found["average"] = a["average"][: y.units].copy()
    if "updates" in a:
        found["updates"] = a["updates"].copy()
    return found


cdef set_optimiser_state(Layer *y, dict a, state):
    """Inverse of `optimiser_state`."""
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
