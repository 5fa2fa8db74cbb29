"""Every operation on a frame, one entry each, by topic.

Importing the package fills the registry. Names and argument order are those of H2O's Rapids language,
so that the Python method, the R function and a remote node all ask for the same thing.
"""

from . import arithmetic, factors, indexing, mathematics, missing, reducers, sampling, statistics, tables
from .registry import operation, operation_names, primitive

__all__ = [
    "arithmetic",
    "factors",
    "indexing",
    "mathematics",
    "missing",
    "operation",
    "operation_names",
    "primitive",
    "reducers",
    "sampling",
    "statistics",
    "tables",
]
