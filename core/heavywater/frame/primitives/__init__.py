"""Every operation on a frame, one entry each, by topic.

Importing the package fills the registry. Names and argument order are those of H2O's Rapids language,
so that the Python method, the R function and a remote node all ask for the same thing.

``arithmetic``   operators, ifelse               ``mathematics``  functions of one number
``comparisons``  == and its kin, match           ``comparable``   what can be compared with what
``indexing``     selection                       ``assignment``   of cells
``binding``      append, rename, cbind, rbind    ``running``      cumulative sums and the like
``reducers``     sums, means, all and any        ``statistics``   spread, shape, correlation
``quantiles``    quantile, mad                   ``counts``       unique, table, duplicates
``classes``      cut, hist                       ``grouping``     group_by
``applying``     apply, ddply                    ``joining``      merge
``ordering``     sort, ranks, top n              ``reshaping``    pivot, melt, sequences
``matrices``     scale, transpose, distance      ``missing``      impute, fillna, na.omit
``sampling``     random numbers, folds, splits   ``kinds``        types of columns
``factors``      levels                          ``interactions`` levels of several factors together
``strings``      texts                           ``patterns``     texts by regular expressions
``similarity``   of texts                        ``words``        tf-idf
``clock``        parts of times                  ``series``       iSAX
``random_frames`` create_frame

``registry`` is the one table of them, ``arguments`` what their arguments may be.
"""

from . import (
    applying,
    arithmetic,
    assignment,
    binding,
    classes,
    clock,
    comparisons,
    counts,
    factors,
    grouping,
    indexing,
    interactions,
    joining,
    kinds,
    mathematics,
    matrices,
    missing,
    ordering,
    patterns,
    quantiles,
    random_frames,
    reducers,
    reshaping,
    running,
    sampling,
    series,
    similarity,
    statistics,
    strings,
    words,
)
from .registry import is_operation, operation, operation_names, primitive, row_form, row_operation

__all__ = [
    "applying",
    "arithmetic",
    "assignment",
    "binding",
    "classes",
    "clock",
    "comparisons",
    "counts",
    "factors",
    "grouping",
    "indexing",
    "interactions",
    "is_operation",
    "joining",
    "kinds",
    "mathematics",
    "matrices",
    "missing",
    "operation",
    "operation_names",
    "ordering",
    "patterns",
    "primitive",
    "quantiles",
    "random_frames",
    "reducers",
    "reshaping",
    "row_form",
    "row_operation",
    "running",
    "sampling",
    "series",
    "similarity",
    "statistics",
    "strings",
    "words",
]
