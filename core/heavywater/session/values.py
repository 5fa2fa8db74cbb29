"""The plain values that are given to a session, and that it answers."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from ..errors import InvalidArgument

Path = str | os.PathLike[str]
Table = Any  # pyarrow.Table: pyarrow is loaded when the first one is made
Description = dict[
    str, Any
]  # of a model, a frame, a table ...: texts, numbers, lists and further descriptions


class Facts(TypedDict):
    """What a frame is."""

    frame: str  # its key
    nrow: int
    names: Sequence[str]
    types: Sequence[str]  # of the columns: int, real, enum, string, time or uuid


class Started(TypedDict):
    """A job that has begun."""

    job: str  # its key
    description: str
    destination: str | None  # key of what it makes, or is about


class State(TypedDict):
    """How far a job is."""

    job: str
    description: str
    destination: str | None
    status: str  # RUNNING, DONE, FAILED or CANCELLED
    fraction: float  # share of the work done, 0 to 1
    message: str
    warnings: list[str]  # all until now
    categories: list[str]  # of the warnings, at least as many: UserWarning, RuntimeWarning ...
    start_time: float  # seconds since 1970
    end_time: float | None
    about: Description  # of a model in training: model_category, distribution, nrow, predictors, hidden ...
    measures: dict[str, float]  # of the model in training: epochs, samples, iterations, rows_per_second
    recorded: int  # as long as it stays the same, history and curves do


def known_fields(argument: str, kind: type[Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The mapping, whose keys must be fields of a data class."""
    fields = [field.name for field in dataclasses.fields(kind)]
    for name in given:
        if name not in fields:
            raise InvalidArgument(f"{argument}: {name!r} is unknown; known are {', '.join(fields)}")
    return given
