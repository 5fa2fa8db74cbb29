"""What comes with a request: rows in its body, as JSON, CSV, or an Arrow stream; the probability of an interval in its address."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...deeplearning.encoding.plain_rows import columns_of
from ...errors import HeavywaterError, InvalidArgument, ParseError
from ...frame.columns.column import Column

JSON, CSV, ARROW = "application/json", "text/csv", "application/vnd.apache.arrow.stream"
KINDS = (JSON, CSV, ARROW)
INTERVAL = "interval"  # the one parameter of an address
FORMS = 'a list of objects [{"x": 1}, ...]; one object {"x": 1}; columns {"x": [1, ...]}; or {"columns": ["x"], "data": [[1], ...]}'


class CellsOfRows:
    """Cells by columns.

    Parameters
    ----------
    columns : dict of str to list
    n : int
        How many rows there are.
    """

    def __init__(self, columns: dict[str, list[Any]], n: int) -> None:
        self.columns, self.n = columns, n


def read_rows(kind: str, content: bytes) -> CellsOfRows:
    """The rows in a body.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    content : bytes

    Raises
    ------
    ParseError
        The body is not of this kind, or no rows stand in it.
    """
    return _READERS[kind](content)


def _json(content: bytes) -> CellsOfRows:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            f"the body is no valid JSON ({error or 'it is nested too deeply'}); send {FORMS}"
        ) from None
    if isinstance(found, list):
        return CellsOfRows(columns_of(found), len(found))
    if not isinstance(found, dict):
        raise ParseError(f"the body holds no rows; send {FORMS}")
    if set(found) == {"columns", "data"} and isinstance(found["data"], list):
        return _split(found["columns"], found["data"])
    if found and all(isinstance(cells, list) for cells in found.values()):
        return _of_equal_length(found)
    return CellsOfRows(columns_of([found]), 1)


def _split(names: Any, rows: list[Any]) -> CellsOfRows:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ParseError("columns must be a list of names")
    _check_names(names)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(names):
            raise ParseError(f"row {number} must be a list of {len(names)} values, as there are columns")
    cells = list(map(list, zip(*rows, strict=True))) if rows else [[] for _ in names]
    return CellsOfRows(dict(zip(names, cells, strict=True)), len(rows))


def _of_equal_length(columns: dict[str, list[Any]]) -> CellsOfRows:
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name!r}: {length}" for name, length in list(lengths.items())[:5])
        raise ParseError(f"columns must have the same number of values; they have {shown}")
    return CellsOfRows(columns, next(iter(lengths.values())))


def _check_names(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise ParseError(f"column {twice!r} is there twice; names of columns must differ")


def _csv(content: bytes) -> CellsOfRows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"the body is no UTF-8 text ({error.reason} at byte {error.start})") from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [row for row in lines if row]
    except csv.Error as error:
        raise ParseError(f"the body is no valid CSV: line {lines.line_num}: {error}") from None
    if not rows:
        raise ParseError("the body is empty; the first line must have the names of the columns")
    names, *rows = rows
    _check_names(names)
    for number, row in enumerate(rows, 1):
        if len(row) != len(names):
            raise ParseError(f"row {number} has {len(row)} values, the first line has {len(names)} names")
    cells = (
        [[cell or None for cell in column] for column in zip(*rows, strict=True)]
        if rows
        else [[] for _ in names]
    )
    return CellsOfRows(dict(zip(names, cells, strict=True)), len(rows))


def _arrow(content: bytes) -> CellsOfRows:
    import pyarrow as pa

    from ...frame.exchange.incoming import frame_from  # start-up: it rests on pyarrow

    try:
        with pa.ipc.open_stream(pa.py_buffer(content)) as reader:
            table = reader.read_all()
        table.validate(full=True)
        frame = frame_from(table)
    except (pa.ArrowException, OSError, HeavywaterError) as error:
        raise ParseError(f"the body is no Arrow stream of rows ({error})") from None
    return CellsOfRows(dict(zip(frame.names, map(_cells, frame.columns), strict=True)), frame.nrow)


def _cells(column: Column) -> list[Any]:
    """The cells of a column as plain values, None for missing; times as milliseconds."""
    found = column.texts() if column.kind == "enum" or column.is_text else column.numbers().astype(object)
    found[column.is_missing()] = None
    return list(found.tolist())


_READERS: Mapping[str, Callable[[bytes], CellsOfRows]] = {JSON: _json, CSV: _csv, ARROW: _arrow}


def kind_of_body(content_type: str) -> str | None:
    """Which of `KINDS` a header names; JSON where there is none, None where it is another one."""
    named = content_type.partition(";")[0].strip().lower()
    return (
        JSON if not named or named == JSON or named.endswith("+json") else named if named in KINDS else None
    )


def kind_of_answer(accept: str) -> str | None:
    """Which of `KINDS` a client likes best, by a header that may name several with weights; None where it takes none of them."""
    best: tuple[float, str] | None = None
    for part in accept.split(",") if accept.strip() else ["*/*"]:
        named, *details = (each.strip().lower() for each in part.split(";"))
        weight = _weight(details)
        fits = [kind for kind in KINDS if _fits(kind, named)]
        if fits and weight > 0 and (best is None or weight > best[0]):
            best = weight, fits[0]
    return None if best is None else best[1]


def _fits(kind: str, named: str) -> bool:
    return named in (kind, f"{kind.partition('/')[0]}/*", "*/*", "")


def _weight(details: Sequence[str]) -> float:
    for each in details:
        if each.startswith("q="):
            try:
                return float(each[2:])
            except ValueError:
                return 0.0
    return 1.0


def asked_interval(parameters: Sequence[tuple[str, str]]) -> float | None:
    """The probability that intervals are asked for with, by the parameters of an address; None where they are not.

    Raises
    ------
    InvalidArgument
        It is no number, there are several, or there is another parameter.
    """
    for name, _ in parameters:
        if name != INTERVAL:
            raise InvalidArgument(f"there is no parameter {name!r} of an address here; there is {INTERVAL}")
    if not parameters:
        return None
    if len(parameters) > 1:
        raise InvalidArgument(
            f"{INTERVAL} is there {len(parameters)} times; give it once, as ?{INTERVAL}=0.9"
        )
    text = parameters[0][1]
    try:
        return float(text)
    except ValueError:
        raise InvalidArgument(f"{INTERVAL}={text!r} must be a number between 0 and 1, as 0.9") from None


def check_rows(found: CellsOfRows, most: int) -> None:
    """Refuse more rows than a service takes at once, and none.

    Raises
    ------
    InvalidArgument
    """
    if found.n > most:
        raise InvalidArgument(
            f"there are {found.n} rows; this service takes {most} at once (--max-rows). Send them in parts"
        )
