# cython: language_level=3, boundscheck=False, cdivision=True, initializedcheck=False
"""The engine in float64: for gradient checks and tests of rounding."""
include "net.pxi"
