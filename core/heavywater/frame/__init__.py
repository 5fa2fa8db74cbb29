"""Columns, frames, import of files, and the registry of operations on frames.

``columns``      typed immutable columns; ``frame`` puts names on them
``primitives``   the registry: one entry per operation, under H2O's Rapids name and argument order
``expressions``  evaluates nested expressions of primitives
``sources``      paths, folders, archives and addresses as streams of bytes
``parse``        bytes to columns; ``guess`` holds the rules for separator, header and types
``interchange``  Python objects in, pandas and Arrow out
``summary``      counts, moments and levels of columns
"""

from .columns import Column
from .frame import Frame

__all__ = ["Column", "Frame"]
