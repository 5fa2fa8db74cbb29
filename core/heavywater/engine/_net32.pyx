# cython: language_level=3, boundscheck=False, cdivision=True, initializedcheck=False
"""The engine in float32."""
include "net.pxi"
