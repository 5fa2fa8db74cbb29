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
    y.s1, y.s2 = <real *> address(a.get("pairs", a.get("s1"))), <real *> address(a.get("s2"))
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


# ADADELTA's two numbers for a weight as a pair of bfloat16 in one word: two thirds of the bytes where memory is what bounds it.
# What is read and set is the same as without.

cdef keep_pairs(Layer *y, dict a, bint wanted):
    """Go over to pairs, or back to float32."""
    if wanted == ("pairs" in a):
        return
    if wanted:
        a["pairs"] = paired(a.pop("s1", None), a.pop("s2", None), a["w"].shape)
    else:
        a["s1"], a["s2"] = unpaired(a.pop("pairs"))
    bind_layer(y, a)


cdef paired(first, second, shape):
    """Words of two arrays, None for zeros; rounded as the kernels do."""
    pairs = aligned_zeros(shape, np.uint32)
    if first is not None:
        pairs |= (first.view(np.uint32) + np.uint32(0x8000)) & np.uint32(0xFFFF0000)
    if second is not None:
        pairs |= (second.view(np.uint32) + np.uint32(0x8000)) >> np.uint32(16)
    return pairs


cdef tuple unpaired(pairs):
    """Both numbers of each pair."""
    first, second = (aligned_zeros(pairs.shape, REAL) for k in range(2))
    first.view(np.uint32)[...] = pairs & np.uint32(0xFFFF0000)
    second.view(np.uint32)[...] = pairs << np.uint32(16)
    return first, second


cdef dict optimiser_state(const Layer *y, dict a):
    """Optimiser state by name as plain matrices, see `Network.state`."""
    if "pairs" in a:
        a = {**a, **dict(zip(("s1", "s2"), unpaired(a["pairs"])))}
    found = {name: unpack(y, a[name]) for name in ("s1", "s2") if name in a}
    found |= {name: unpack_columns(y, a[name]) for name in ("bs1", "bs2")}
    if "average" in a:
        found["average"] = a["average"][: y.units].copy()
    if "updates" in a:
        found["updates"] = a["updates"].copy()
    return found


cdef set_optimiser_state(Layer *y, dict a, state):
    """Inverse of `optimiser_state`."""
    cdef bint pairs = "pairs" in a
    keep_pairs(y, a, False)
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
    keep_pairs(y, a, pairs)


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
