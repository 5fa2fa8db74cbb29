"""Every operation on a frame, one entry each, by topic.

Importing the package fills the registry. Names and argument order are those of H2O's Rapids language,
so that the Python method, the R function and a remote node all ask for the same thing.

``arithmetic``   operators, ifelse               ``mathematics``  functions of one number
``comparisons``  == and its kin, match           ``comparable``   what can be compared with what
``indexing``     selection, assignment           ``binding``      append, rename, cbind, rbind
``reducers``     sums, means, running totals     ``statistics``   quantiles, moments, correlation
``counts``       unique, table, duplicates       ``classes``      cut, hist
``grouping``     group_by                        ``applying``     apply, ddply
``joining``      merge                           ``ordering``     sort, ranks, top n
``reshaping``    pivot, melt, sequences          ``matrices``     scale, transpose, product, distance
``missing``      impute, fillna, na.omit         ``sampling``     random numbers, folds, splits
``factors``      types and levels                ``interactions`` levels of several factors together
``strings``      texts                           ``similarity``   of texts
``clock``        parts of times                  ``series``       iSAX
``words``        tf-idf                          ``random_frames`` create_frame
"""

from . import (
    applying,
    arithmetic,
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
    mathematics,
    matrices,
    missing,
    ordering,
    random_frames,
    reducers,
    reshaping,
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
    "mathematics",
    "matrices",
    "missing",
    "operation",
    "operation_names",
    "ordering",
    "primitive",
    "random_frames",
    "reducers",
    "reshaping",
    "row_form",
    "row_operation",
    "sampling",
    "series",
    "similarity",
    "statistics",
    "strings",
    "words",
]
