# Names of settings, and what they need of a layer.

KINDS = {"Tanh": HW_TANH, "Rectifier": HW_RECTIFIER, "ExpRectifier": HW_EXPRECTIFIER, "Maxout": HW_MAXOUT,
         "Linear": HW_LINEAR, "Softmax": HW_SOFTMAX}
RULES = {"adadelta": HW_ADADELTA, "sgd": HW_SGD, "momentum": HW_MOMENTUM, "classic": HW_CLASSIC, "adam": HW_ADAM}
LOSSES = {"crossentropy": CROSS_ENTROPY, "quadratic": QUADRATIC_CLASSES, "gaussian": GAUSSIAN, "poisson": POISSON,
          "gamma": GAMMA, "tweedie": TWEEDIE, "laplace": LAPLACE, "quantile": QUANTILE, "huber": HUBER}


cdef bint in_pairs(const Layer *y, str rule, double rho) noexcept:
    """Whether ADADELTA's state is rounded to pairs: in layers beyond the caches. It would not fade there by less than half a unit
    in the last place, which for rho=0.99 it does by 1.3 to 2.6 of them."""
    return rule == "adadelta" and y.blocks == WIDEST and sizeof(real) == 4 and rho <= 0.99


cdef allocate_for(Layer *y, dict a, str rule, bint pairs, bint sparse_units):
    """State arrays that the settings need; sparse_units: the sparsity of autoencoders."""
    keep_pairs(y, a, pairs)
    if rule != "sgd" and not pairs:
        ensure(y, a, "s1")
    if rule in ("adadelta", "adam") and not pairs:
        ensure(y, a, "s2")
    if rule == "adam" and "updates" not in a:
        a["updates"] = np.zeros(1, np.int64)
    if sparse_units:
        ensure_columns(y, a, "average")


cdef check_threads(int threads, strategy, int exchange):
    """Raise where a call of `train` asks for what its threads cannot do."""
    if threads < 1:
        raise ValueError(f"threads={threads}: at least 1")
    if not isinstance(strategy, Strategy):
        raise TypeError(f"strategy={strategy!r}: one of {', '.join(map(str, Strategy))}")
    if strategy is Strategy.ONE and threads > 1:
        raise ValueError(f"threads={threads}: Strategy.ONE allows one")
    if (strategy is Strategy.COPIES) != (exchange > 0):
        raise ValueError(f"exchange={exchange}: at least 1 row with Strategy.COPIES, 0 with others")
