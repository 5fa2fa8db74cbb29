"""Frames that are not the training frame, made to fit a model: what is missing, of another type, or unknown to it.

The rules are those of H2O; every deviation is a warning that names the columns, or an error that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.columns.column import Column
from ...frame.columns.makers import enum, reals
from ...frame.frame import Frame
from ..parameters.context import LARGEST_INPUT, listed
from .encoder import Scaling, level_codes
from .levels import in_levels, unseen_levels


def adapted_predictors(
    frame: Frame,
    kinds: Mapping[str, str],
    levels: Callable[[str], tuple[str, ...]],
    scaling: Mapping[str, Scaling],
    with_other: Container[str] = (),
) -> tuple[Frame, list[str]]:
    """The predictors of a model, taken from a frame; and warnings.

    Columns may come in any order, others are passed over. A missing column counts as missing values; numbers and text
    are read as levels where training had a factor, see `in_levels`.

    Parameters
    ----------
    kinds : mapping of str to str
        Kind of each predictor in training.
    levels : callable
        Levels of a categorical predictor in training.
    scaling : mapping of str to Scaling
        Of the numeric predictors.
    with_other : container of str
        Predictors that have a level for all rare levels, which unknown ones share.

    Raises
    ------
    InvalidArgument
        A column has another type than in training, or no predictor is there.
    """
    warnings: list[str] = []
    columns: list[Column] = []
    beyond: list[str] = []
    absent = [name for name in kinds if name not in frame]
    warnings += of_absent_columns(kinds, absent, frame.names)
    for name, kind in kinds.items():
        if name not in frame:
            columns.append(missing_column(kind, frame.nrow))
            continue
        column = _of_kind(name, kind, frame.column(name), levels)
        column, count = _in_range(column, scaling.get(name))
        columns.append(column)
        if count:
            beyond.append(f"{name!r} ({count})")
        if kind == "enum" and (unseen := unseen_levels(column, levels(name))):
            warnings.append(of_unseen_levels(name, unseen, name in with_other))
    if beyond:
        warnings.append(of_numbers_beyond(beyond))
    return Frame(list(kinds), columns, nrow=frame.nrow), warnings


def of_absent_columns(kinds: Collection[str], absent: Sequence[str], present: Sequence[str]) -> list[str]:
    """What is said of predictors that are not there: nothing, or one warning.

    Raises
    ------
    InvalidArgument
        None of them is there.
    """
    if len(absent) == len(kinds):
        raise InvalidArgument(
            f"the frame has none of the {len(kinds)} predictors of the model; it has the columns "
            f"{', '.join(present[:5])}, the model needs {', '.join(absent[:5])}"
        )
    return [f"Columns missing in the frame, taken as missing values: {listed(absent, 5)}"] if absent else []


def of_unseen_levels(name: str, unseen: Sequence[str], with_other: bool) -> str:
    """What is said of levels that training did not know."""
    like = "rare levels" if with_other else "missing values"
    return f"Column {name!r} has levels that were not in the training data: {listed(unseen)}; they are scored like {like}"


def of_numbers_beyond(columns: Sequence[str]) -> str:
    """What is said of numbers that the network has no room for; each column with how many there are."""
    rest = f" and {len(columns) - 5} more columns" if len(columns) > 5 else ""
    return (
        f"Values that are infinite, or beyond {LARGEST_INPUT:g} once scaled, in {', '.join(columns[:5])}{rest}: they "
        "are scored like missing values"
    )


def _of_kind(name: str, kind: str, column: Column, levels: Callable[[str], tuple[str, ...]]) -> Column:
    if kind == "enum":
        if (found := in_levels(column, levels(name))) is not None:
            return found
        raise InvalidArgument(_other_kind(f"column {name!r}", column, levels(name)))
    if column.missing_count == len(column):
        return missing_column(kind, len(column))
    if column.kind not in ("enum", "string", "uuid"):
        return column
    raise InvalidArgument(
        f"column {name!r} is of type {column.kind}, it was {kind} in the training frame; convert it with asnumeric"
    )


def _other_kind(what: str, column: Column, levels: tuple[str, ...]) -> str:
    """Why a column cannot be read in the levels of training."""
    remedy = (
        "Give it the type enum where it is read (col_types)"
        if column.kind == "time"
        else "Check that it is the right column, or convert it with asfactor"
    )
    return (
        f"{what} is of type {column.kind}, it was a factor with the levels {listed(levels)} in the training frame, none of "
        f"which can be such a value. {remedy}"
    )


def _in_range(column: Column, scaling: Scaling | None) -> tuple[Column, int]:
    """A column of numbers, those made missing that sums in the network have no room for; and how many these are."""
    if scaling is None or not len(column.stored):
        return column, 0
    kind = column.stored.dtype
    if kind.kind in "iu" and _fits(scaling, np.iinfo(kind).min, np.iinfo(kind).max):  # whatever the numbers
        return column, 0
    if _fits(scaling, np.fmin.reduce(column.stored), np.fmax.reduce(column.stored)):
        return column, 0
    x = column.numbers()
    with np.errstate(over="ignore", invalid="ignore"):
        beyond = np.abs((x - scaling.sub) * scaling.mul) > LARGEST_INPUT
    return reals(np.where(beyond, np.nan, x)), int(beyond.sum())


def _fits(scaling: Scaling, *bounds: Any) -> bool:
    numbers = [float(bound) for bound in bounds]
    return all(abs((x - scaling.sub) * scaling.mul) <= LARGEST_INPUT for x in numbers if x == x)


def missing_column(kind: str, n: int) -> Column:
    """A column in which everything is missing."""
    if kind == "enum":
        return enum(np.full(n, -1), [])
    return reals(np.full(n, np.nan))


def class_codes(name: str, column: Column, domain: tuple[str, ...]) -> Array:
    """Codes of a categorical response in the domain of training, -1 where it is missing or unknown; (rows,).

    Raises
    ------
    InvalidArgument
        The column cannot be read as classes, or has no class of the domain.
    """
    found = in_levels(column, domain)
    if found is None:
        raise InvalidArgument(_other_kind(f"response {name!r}", column, domain))
    codes: Array = level_codes(found, domain)[found.values]
    unknown = unseen_levels(found, domain)
    if unknown and (codes < 0).all():
        raise InvalidArgument(
            f"response {name!r} has only classes that training did not know: {listed(unknown)}; the model has "
            f"{listed(domain)}. Check that it is the right column"
        )
    return codes


def unknown_classes(column: Column, domain: tuple[str, ...]) -> list[str]:
    """Classes in the cells of a response that training did not know."""
    found = in_levels(column, domain)
    return [] if found is None else unseen_levels(found, domain)


def numbers_of_role(frame: Frame, role: str, name: str) -> Array:
    """Cells of a column of offsets or weights as float64; (rows,).

    Raises
    ------
    InvalidArgument
        The column does not hold numbers.
    """
    column = frame.column(name)
    if column.kind == "enum" or column.is_text:
        raise InvalidArgument(
            f"{role}={name!r} is of type {column.kind} in this frame, it must hold numbers; convert it with asnumeric"
        )
    return column.numbers()
