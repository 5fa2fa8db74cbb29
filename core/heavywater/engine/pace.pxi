# What changes with every update: the rate that falls along half a cosine, and Adam's corrections of its means.
#
# Both follow from numbers that do not depend on how a run is cut into calls: the samples trained before, and the updates that
# the state has seen.

cdef inline double rate_factor(const Model *m, double samples) noexcept nogil:
    """Factor on all rates after so many samples of the run (Loshchilov and Hutter 2017, without restarts)."""
    return 1 if m.total <= 0 else (1 + cos(M_PI * min(1.0, samples / m.total))) / 2


cdef inline Step paced(const Model *m, const Layer *y, double factor, int64_t updates) noexcept nogil:
    """The step of a layer with the rate of this update; updates: what Adam's state has seen, this one included."""
    cdef Step step = y.step
    cdef double rate = step.rate * factor
    if step.rule == HW_ADAM:
        step.root = <real>(1 / sqrt(1 - pow(HW_BETA2, updates)))
        step.shrink = <real>(rate * m.weight_decay)
        rate /= 1 - pow(HW_BETA1, updates)
    step.rate = <real>rate
    return step
