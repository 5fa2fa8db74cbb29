"""What a function that works on a frame accepts in its place: every kind of data frame, as a temporary frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from heavywater.errors import InvalidArgument, InvalidType
from heavywater.exchange import table_of

from ..backend.connection import session
from ..exceptions import H2OTypeError
from .dask_frames import is_dask
from .h2oframe import H2OFrame

# The classes of other libraries that only say how their rows would be computed, and the word that computes them
_LAZY = {("polars", "LazyFrame"): "collect()", ("narwhals", "LazyFrame"): "collect()"}


def frame_of(
    argument: str, data: Any, names: Sequence[str] | None = None, as_texts: Collection[str] = ()
) -> H2OFrame:
    """The frame that an argument stands for.

    Parameters
    ----------
    argument : str
        Name of the argument, for messages.
    data : H2OFrame, str, or whatever `H2OFrame` makes a frame of
        An H2OFrame is returned as it is, a text is the key of one. Everything else becomes a temporary frame, which goes away
        with the object that is returned: hold it as long as it is needed.
    names : list of str, optional
        Names of the columns of data that has none of its own, such as an array.
    as_texts : collection of str, optional
        Columns whose texts are levels of factors, and not read as numbers or times, though all of them look so.

    Returns
    -------
    H2OFrame

    Raises
    ------
    H2OTypeError
        There is nothing to make a frame of: no data, or rows that would have to be computed first.
    H2OValueError
        What is there does not make a frame, such as two columns of one name.

    Examples
    --------
    >>> frame_of("training_frame", {"a": [1, 2], "b": ["x", "y"]}).shape
    (2, 2)
    """
    if isinstance(data, H2OFrame):
        return data
    if isinstance(data, str):
        return H2OFrame.get_frame(data)
    if data is None:
        raise H2OTypeError(f"{argument} is missing: give a frame, or a data frame of pandas, polars or Arrow")
    refuse_lazy(argument, data)
    try:
        if is_dask(data):
            return H2OFrame(data)
        here = session()
        table = table_of(data, names, time_zone=here.cluster.time_zone(), as_texts=as_texts)
        return H2OFrame._wrap(here.frames.upload(table, None)["frame"], here, own=True)
    except InvalidType as error:
        raise H2OTypeError(_about(argument, error)) from error
    except InvalidArgument as error:
        raise type(error)(_about(argument, error)) from error


def rows_for(about: Mapping[str, Any], argument: str, data: Any) -> H2OFrame:
    """The frame of data that a model is asked about, read as the model knows its columns.

    Texts of a factor stay texts (a level may be 007), and an array without names that has a column for each predictor, all
    numbers, has theirs.

    Parameters
    ----------
    about : mapping
        What is known of the trained model: its ``output`` and ``response_column_name``.
    argument, data
        As for `frame_of`.
    """
    if isinstance(data, H2OFrame | str):
        return frame_of(argument, data)
    kinds = _kinds(about)
    factors = factors_of([about])
    predictors = [name for name in kinds if name != about["response_column_name"]]
    # A model has its factors before its numbers: only of numbers alone is the order that of the training frame.
    named = _is_array(data) and data.shape[1] == len(predictors) and not factors & set(predictors)
    own = {f"C{i + 1}" for i in range(len(predictors))}
    return frame_of(argument, data, predictors if named and not own & set(predictors) else None, factors)


def rows_for_all(about: Iterable[Mapping[str, Any]], argument: str, data: Any) -> H2OFrame:
    """As `rows_for`, of several models that are asked about the same data, which has names."""
    return data if isinstance(data, H2OFrame) else frame_of(argument, data, as_texts=factors_of(about))


def factors_of(about: Iterable[Mapping[str, Any]]) -> set[str]:
    """The columns that are factors to one of the models, of which `rows_for` says what is known."""
    return {name for each in about for name, kind in _kinds(each).items() if kind == "Enum"}


def _kinds(about: Mapping[str, Any]) -> dict[str, str]:
    output = about["output"]
    return dict(zip(output["names"], output["column_types"], strict=False))


def _is_array(data: Any) -> bool:
    """Whether data is a matrix of NumPy or SciPy, which has no names."""
    return (
        getattr(data, "ndim", 0) == 2
        and hasattr(data, "dtype")
        and getattr(data.dtype, "names", None) is None
    )


def can_be_frame(data: Any) -> bool:
    """Whether an object is a frame, or data with columns (not a mere list), without looking at its cells."""
    return (
        isinstance(data, H2OFrame | Mapping)
        or is_dask(data)
        or _word(data) is not None
        or any(
            hasattr(data, name) for name in ("__arrow_c_stream__", "__arrow_c_array__", "__array__", "tocsc")
        )
    )


def refuse_lazy(argument: str, data: Any) -> None:
    """Refuse an object whose rows are not computed yet, with the word that computes them.

    Raises
    ------
    H2OTypeError
    """
    word = _word(data)
    if word is not None:
        raise H2OTypeError(
            f"{argument} is a {type(data).__name__} of {_module(data)}, whose rows are not computed yet. Give it as "
            f"{argument}=frame.{word}"
        )


def _word(data: Any) -> str | None:
    """What has to be called of an object whose rows are not computed yet; None where they are there."""
    return _LAZY.get((_module(data), type(data).__name__))


def _module(data: Any) -> str:
    return type(data).__module__.partition(".")[0]


def _about(argument: str, error: Exception) -> str:
    """What is wrong with the data, under the name that the argument has here."""
    return f"{argument}: {str(error).removeprefix('python_obj: ')}"
