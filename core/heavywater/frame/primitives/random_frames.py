"""Frames of random data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...room import need_room
from ..columns.column import Column
from ..columns.makers import enum, numeric, strings, times
from ..columns.storage import TEXT
from ..frame import Frame
from .assignment import blank
from .registry import primitive
from .sampling import generator

_LARGEST = 2_000_000_000
_BYTES_PER_COLUMN = 1000
_BYTES_PER_LEVEL = 60
_YEARS = 50 * 365.25 * 86_400_000  # from 1970 on, in milliseconds

Maker = Callable[[int], Column]


@primitive("h2o.createFrame")
def create_frame(
    rows: int = 10_000,
    cols: int = 10,
    randomize: bool = True,
    categorical_fraction: float = 0.2,
    integer_fraction: float = 0.2,
    binary_fraction: float = 0.1,
    time_fraction: float = 0.0,
    string_fraction: float = 0.0,
    value: float = 0.0,
    real_range: float = 100.0,
    factors: int = 100,
    integer_range: int = 100,
    binary_ones_fraction: float = 0.02,
    missing_fraction: float = 0.01,
    has_response: bool = False,
    response_factors: int = 2,
    positive_response: bool = False,
    seed: int = -1,
    seed_for_column_types: int = -1,
) -> Frame:
    """A frame of random data.

    Parameters
    ----------
    rows, cols : int
        Its size, without the response.
    randomize : bool
        Whether cells are random; otherwise all are `value`, and all columns are numbers.
    categorical_fraction, integer_fraction, binary_fraction, time_fraction, string_fraction : float
        Shares of the columns of these types; the rest holds real numbers.
    value : float
        What all cells are without `randomize`.
    real_range : float
        Real numbers lie between -real_range and real_range.
    factors : int
        Number of levels of categorical columns.
    integer_range : int
        Whole numbers lie between -integer_range and integer_range.
    binary_ones_fraction : float
        Share of ones in binary columns.
    missing_fraction : float
        Share of missing cells.
    has_response : bool
        Whether a column ``response`` comes first.
    response_factors : int
        Number of levels of the response; 1: it holds real numbers.
    positive_response : bool
        Whether a real response is positive.
    seed : int
        The same seed gives the same data; -1 draws one.
    seed_for_column_types : int
        Decides which columns have which types; -1: the seed of the data.

    Returns
    -------
    Frame
        Columns C1, C2 ...
    """
    shares = {
        "categorical": categorical_fraction, "integer": integer_fraction, "binary": binary_fraction,
        "time": time_fraction, "string": string_fraction,
    }  # fmt: skip
    fractions = {**shares, "binary_ones": binary_ones_fraction, "missing": missing_fraction}
    _check(rows, cols, factors, integer_range, response_factors, real_range, fractions)
    _check_shares(shares, randomize)
    _check_room(rows, cols, factors * round(categorical_fraction * cols) + response_factors, string_fraction)
    random = generator(seed)
    types = _types(cols, shares, seed_for_column_types if seed_for_column_types != -1 else seed)
    makers: dict[str, Maker] = {
        "real": lambda _: numeric(random.uniform(-real_range, real_range, rows)),
        "integer": lambda _: numeric(random.integers(-integer_range, integer_range, rows, endpoint=True)),
        "binary": lambda _: numeric(random.random(rows) < binary_ones_fraction),
        "categorical": lambda j: enum(
            random.integers(0, factors, rows), [f"c{j}.l{i}" for i in range(factors)]
        ),
        "time": lambda _: times((random.random(rows) * _YEARS).astype(np.int64)),
        "string": lambda _: strings(_letters(random, rows), missing=np.zeros(rows, bool)),
    }
    if not randomize:
        makers = dict.fromkeys(makers, lambda _: numeric(np.full(rows, value)))
    columns = [makers[kind](j) for j, kind in enumerate(types, start=int(has_response))]
    names = [f"C{j}" for j in range(1, cols + 1)]
    if has_response:
        columns.insert(0, _response(random, rows, response_factors, real_range, positive_response))
        names.insert(0, "response")
    return Frame(names, [blank(column, random.random(rows) < missing_fraction) for column in columns])


def _check(
    rows: int,
    cols: int,
    factors: int,
    integer_range: int,
    response: int,
    real_range: float,
    fractions: dict[str, float],
) -> None:
    counts = {
        "rows": rows,
        "cols": cols,
        "factors": factors,
        "integer_range": integer_range,
        "response_factors": response,
    }
    for name, count in counts.items():
        if not 1 <= count <= _LARGEST:
            raise InvalidArgument(f"create_frame: {name} {count} must lie between 1 and {_LARGEST}")
    if rows * cols > _LARGEST:
        raise InvalidArgument(f"create_frame: {rows} rows x {cols} columns are too many cells")
    if factors > 10_000_000:
        raise InvalidArgument(f"create_frame: factors {factors} must be at most 10 million")
    if not 0 <= real_range < 1e300:
        raise InvalidArgument(f"create_frame: real_range {real_range} must lie between 0 and 1e300")
    for name, fraction in fractions.items():
        if not 0 <= fraction <= 1:
            raise InvalidArgument(f"create_frame: {name}_fraction {fraction} must lie between 0 and 1")


def _check_shares(shares: dict[str, float], randomize: bool) -> None:
    if sum(shares.values()) > 1 + 1e-9:
        raise InvalidArgument(
            f"create_frame: the fractions of column types add up to {sum(shares.values()):g}, above 1"
        )
    if not randomize and any(share for kind, share in shares.items() if kind != "binary"):
        raise InvalidArgument(
            "create_frame: without randomize all columns hold numbers; leave the other fractions at 0"
        )


def _types(cols: int, shares: dict[str, float], seed: int) -> list[str]:
    """Types of the columns in random order, as many of each as its share says; the rest is real."""
    types = [kind for kind, share in shares.items() for _ in range(round(share * cols))][:cols]
    types += ["real"] * (cols - len(types))
    shuffled: list[str] = generator(seed).permutation(np.array(types, dtype=object)).tolist()
    return shuffled


def _check_room(rows: int, cols: int, levels: int, string_fraction: float) -> None:
    needed = (
        cols * (_BYTES_PER_COLUMN + rows * (1 + 15 * string_fraction)) + 8 * rows + _BYTES_PER_LEVEL * levels
    )
    need_room(needed, f"create_frame: {rows} rows x {cols} columns", "Ask for fewer rows, columns or factors")


def _letters(random: np.random.Generator, rows: int) -> Array:
    """Texts of eight capital letters."""
    codes = random.integers(ord("A"), ord("Z") + 1, (rows, 8)).astype(np.uint8)
    return codes.view("S8").ravel().astype("U8").astype(TEXT)


def _response(
    random: np.random.Generator, rows: int, factors: int, real_range: float, positive: bool
) -> Column:
    if factors == 1:
        return numeric(random.uniform(0 if positive else -real_range, real_range, rows))
    return enum(random.integers(0, factors, rows), [str(level) for level in range(factors)])
