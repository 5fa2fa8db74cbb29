"""Arrow tables to columns and back, without a copy where the layout is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from ...arrays import Array
from ...errors import InvalidType, ParseError, warn
from ..columns.arrow_buffers import arrow_numbers, arrow_texts, flags_of, texts_of, values_of
from ..columns.column import Column
from ..columns.makers import from_codes, level_text, numeric, sorted_enum
from ..columns.moment import is_absent
from ..frame import Frame
from ..importing.batches import BatchReader
from ..importing.collect import NumberCollector, TextCollector, collector
from ..importing.guess import SAMPLE_LINES, guess_type
from ..importing.pieces import Piece
from ..importing.retyping import guessed_times
from ..importing.settling import Settling
from ..importing.setup import Setup
from ..importing.typed_files import kind_of_type, strings_of
from .origins import arrow_as_it_was, with_categories, with_origin

# Among the numbers and times of Python objects these texts mean missing; among texts they are texts.
MISSING_TEXTS = frozenset(("", "NA", "NaN", "nan", "None", "null"))


def column_from_arrow(
    chunked: Any, name: str = "", pandas: str = "", marks: Mapping[Any, Any] | None = None
) -> Column:
    """Column of a pyarrow.ChunkedArray.

    Numbers and texts that have the layout of a column already are not copied; a dictionary is an enum, with
    all of its levels; a duration is a number of milliseconds; null is missing, and nothing else. For what the texts mean see
    `guessed`. The column notes of what type it was.

    Parameters
    ----------
    chunked : pyarrow.ChunkedArray
    name : str
        For messages.
    pandas : str
        Name of the type in pandas, where it came from there.
    marks : mapping, optional
        Metadata of the field.

    Raises
    ------
    InvalidType
        The type has no counterpart among columns.
    """
    import pyarrow as pa

    chunked = _plain(chunked)
    kind = chunked.type
    if pa.types.is_dictionary(kind):
        return _from_dictionary(chunked, name, pandas, marks)
    if pa.types.is_duration(kind):
        counts = np.concatenate([np.zeros(0, np.int64), *(values_of(chunk) for chunk in chunked.chunks)])
        absent = np.concatenate([np.zeros(0, bool), *(flags_of(chunk.is_null()) for chunk in chunked.chunks)])
        return with_origin(of_durations(counts, kind.unit, absent), kind, pandas, marks)
    return with_origin(_of_plain_type(chunked, name), kind, pandas, marks)


def of_durations(counts: Array, unit: str, missing: Array) -> Column:
    """Column of milliseconds from whole numbers of a unit (s, ms, us, ns)."""
    if unit == "ms":
        return numeric(counts, missing)
    if unit == "s":
        far = np.abs(np.where(missing, 0, counts)) > 2**63 // 1000
        return numeric(counts * 1000 if not far.any() else counts * 1000.0, missing)
    whole, rest = np.divmod(counts, {"us": 1000, "ns": 1_000_000}[unit])
    rest[missing] = 0
    return numeric(counts / {"us": 1e3, "ns": 1e6}[unit] if rest.any() else whole, missing)


def _of_plain_type(chunked: Any, name: str) -> Column:
    import pyarrow as pa

    if pa.types.is_boolean(chunked.type):
        parts = [(flags_of(chunk), chunk.is_null()) for chunk in chunked.chunks]
        empty = np.zeros(0, bool)
        values = np.concatenate([empty, *(part for part, _ in parts)])
        return flags(values, np.concatenate([empty, *(flags_of(absent) for _, absent in parts)]))
    natural = kind_of_type(chunked.type)
    if natural is None:
        raise _no_such_column(chunked.type, name)
    kind = "string" if natural == "text" else natural
    reader = _reader(kind, name)
    chunks = chunked.chunks or [pa.nulls(0, chunked.type)]
    try:
        return _joined(kind, [_single_piece(reader, chunk, name) for chunk in chunks])
    except ParseError as error:
        raise InvalidType(
            f"python_obj: column {name!r} of type {chunked.type} cannot be read ({error})"
        ) from error


def _plain(chunked: Any) -> Any:
    """The cells without what wraps their type: an extension of Arrow's types, runs of equal cells, views of bytes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(chunked.type, pa.BaseExtensionType):
        storage = chunked.type.storage_type
        cells = pa.chunked_array([chunk.storage for chunk in chunked.chunks], storage)
        if (
            pa.types.is_fixed_size_binary(storage)
            and storage.byte_width == 16
            and "uuid" in str(chunked.type)
        ):
            texts = [None if cell is None else str(UUID(bytes=cell)) for cell in cells.to_pylist()]
            return pa.chunked_array([pa.array(texts, pa.string())])
        if str(chunked.type.extension_name) in ("pandas.period", "pandas.interval"):
            return _as_pandas_writes_them(chunked)
        if chunked.type.extension_name == "arrow.bool8":
            return cells.cast(pa.bool_())
        return _plain(cells)
    if pa.types.is_run_end_encoded(chunked.type):
        parts = [pc.run_end_decode(chunk) for chunk in chunked.chunks]
        return _plain(pa.chunked_array(parts, chunked.type.value_type))
    return chunked.cast(pa.large_binary()) if pa.types.is_binary_view(chunked.type) else chunked


def _as_pandas_writes_them(chunked: Any) -> Any:
    """Periods and intervals, which Arrow holds as counts and structures, as the texts that they are in a data frame."""
    import pyarrow as pa

    cells = chunked.to_pandas()
    texts = [None if gone else str(cell) for cell, gone in zip(cells, cells.isna(), strict=True)]
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def _reader(kind: str, name: str) -> BatchReader:
    """Reader of cells; only where texts are read as numbers or times some of them mean missing."""
    missing: list[str] = sorted(MISSING_TEXTS) if kind in ("numeric", "time") else []
    setup = Setup(",", False, [name], [kind], na_strings=missing)
    return BatchReader(setup, Settling(setup))


def _joined(kind: str, pieces: Sequence[Piece]) -> Column:
    taker = collector(kind)
    if len(pieces) == 1 and isinstance(taker, NumberCollector | TextCollector):
        column = taker.adopt(pieces[0])
        if column is not None:
            return column
    for piece in pieces:
        taker.add(piece, 0.0)
    return taker.finish()


def _single_piece(reader: BatchReader, chunk: Any, name: str) -> Piece:
    import pyarrow as pa

    part = reader(pa.RecordBatch.from_arrays([chunk], [name or "C1"]), "python_obj")
    if part.escaped is not None:
        count, place = part.escaped
        warn(
            f"{place}: column {name!r} holds {count} bytes that are not UTF-8; they became text like <0xE4>. Decode them "
            "first to have letters"
        )
    if part.lost:
        raise _MisfitTexts
    return part.pieces[0]


class _MisfitTexts(Exception):
    """Some texts are not of the guessed type."""


def flags(values: Array, missing: Array | None) -> Column:
    """Enum of the levels False and True, as far as they occur."""
    codes = (
        values.astype(np.int8) if missing is None else np.where(missing, np.int8(-1), values.astype(np.int8))
    )
    return sorted_enum(codes, ("False", "True"))


def guessed(column: Column, name: str = "") -> Column:
    """A column of texts in the type that the same rules as in a file find for them.

    Parameters
    ----------
    column : Column
        Of texts.
    name : str
        For messages.
    """
    cells = column.text_cells.arrow
    present = strings_of(cells.drop_null()[: 10 * SAMPLE_LINES])
    told = [text for text in texts_of(present) if text not in MISSING_TEXTS]
    kind = guess_type(told[:SAMPLE_LINES]) if told else "string"
    if kind == "string":
        return column
    if kind == "time":
        moments = guessed_times(column, name)
        if moments is not None:
            return moments
        kind = "enum"
    try:
        pieces = [_single_piece(_reader(kind, name), cells, name)]
    except _MisfitTexts:
        kind = "enum"
        pieces = [_single_piece(_reader(kind, name), cells, name)]
    return _joined(kind, pieces)


def _from_dictionary(chunked: Any, name: str, pandas: str, marks: Mapping[Any, Any] | None) -> Column:
    import pyarrow as pa

    wrapped = isinstance(chunked.type.value_type, pa.BaseExtensionType)
    if kind_of_type(chunked.type) is None and not wrapped:
        raise _no_such_column(chunked.type, name)
    place: dict[Any, int] = {}  # of each level, in the order in which the chunks have them
    parts, dictionary, codes = [np.zeros(0, np.int64)], None, np.zeros(0, np.int64)
    for chunk in chunked.chunks:  # pyarrow unites neither dictionaries with nulls nor those of all types
        if dictionary is None or not chunk.dictionary.equals(dictionary):
            dictionary = chunk.dictionary
            found = [
                -1 if is_absent(level) else place.setdefault(level, len(place))
                for level in _level_values(dictionary, name)
            ]
            codes = np.array([*found, -1], np.int64)
        absent = flags_of(chunk.indices.is_null())
        parts.append(codes[np.where(absent, -1, values_of(chunk.indices).astype(np.int64))])
    levels = list(place)
    column = from_codes(np.concatenate(parts), [level_text(level) for level in levels])
    return with_categories(
        column, levels, bool(chunked.type.ordered), pandas, marks, str(chunked.type.value_type)
    )


def _no_such_column(kind: Any, name: str) -> InvalidType:
    return InvalidType(f"python_obj: column {name!r} of type {kind}; columns hold numbers, times or texts")


def _level_values(dictionary: Any, name: str) -> list[Any]:
    """Values of a dictionary; bytes are texts, as they are in a column without one."""
    import pyarrow as pa

    values = _plain(pa.chunked_array([dictionary]))
    if kind_of_type(values.type) != "text":
        return list(values.to_pylist())
    column = column_from_arrow(values, name)
    return [
        None if gone else str(text) for text, gone in zip(column.texts(), column.is_missing(), strict=True)
    ]


def to_arrow(frame: Frame, as_it_was: bool = False) -> Any:
    """The frame as a pyarrow.Table; the cells of whole and real numbers, times, levels and texts are shared.

    Whole numbers keep their narrow types, enums are dictionaries, times are ``timestamp[ms]``; missing is null.

    Parameters
    ----------
    frame : Frame
    as_it_was : bool
        Whether columns that came from a data frame are of the types that they had there.
    """
    import pyarrow as pa

    arrays = [arrow_column(column) for column in frame.columns]
    if not as_it_was:
        return pa.table(arrays, names=list(frame.names))
    fields = []
    for i, (name, column) in enumerate(zip(frame.names, frame.columns, strict=True)):
        arrays[i] = arrow_as_it_was(column, arrays[i])
        marks = dict(column.origin.marks) if column.origin is not None else None
        fields.append(pa.field(name, arrays[i].type, metadata=marks or None))
    return pa.table(arrays, schema=pa.schema(fields))


def arrow_column(column: Column) -> Any:
    """The column as a pyarrow.Array; see `to_arrow`."""
    import pyarrow as pa

    if column.is_text:
        return column.text_cells.arrow
    missing = column.is_missing() if column.missing_count else None
    if column.kind == "enum":
        levels = arrow_texts(column.levels or ())
        return pa.DictionaryArray.from_arrays(
            arrow_numbers(np.ascontiguousarray(column.values), missing), levels
        )
    cells = arrow_numbers(np.ascontiguousarray(column.values), missing)
    return cells.view(pa.timestamp("ms")) if column.kind == "time" else cells
