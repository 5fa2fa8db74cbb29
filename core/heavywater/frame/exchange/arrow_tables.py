"""Arrow tables to columns and back, without a copy where the layout is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

from ...arrays import Array
from ...errors import InvalidType, ParseError, warn
from ..columns.arrow_buffers import arrow_numbers, arrow_texts, flags_of, texts_of, values_of
from ..columns.column import Column
from ..columns.makers import from_codes, level_text, sorted_enum
from ..frame import Frame
from ..importing.batches import BatchReader
from ..importing.collect import NumberCollector, TextCollector, collector
from ..importing.guess import SAMPLE_LINES, guess_type
from ..importing.pieces import Piece
from ..importing.retyping import guessed_times
from ..importing.settling import Settling
from ..importing.setup import Setup
from ..importing.typed_files import kind_of_type, strings_of

# Among the numbers and times of Python objects these texts mean missing; among texts they are texts.
MISSING_TEXTS = frozenset(("", "NA", "NaN", "nan", "None", "null"))


def column_from_arrow(chunked: Any, name: str = "") -> Column:
    """Column of a pyarrow.ChunkedArray.

    Numbers and texts that have the layout of a column already are not copied; a dictionary is an enum, with
    all of its levels; null is missing, and nothing else. For what the texts mean see `guessed`.

    Parameters
    ----------
    chunked : pyarrow.ChunkedArray
    name : str
        For messages.

    Raises
    ------
    InvalidType
        The type has no counterpart among columns.
    """
    import pyarrow as pa

    chunked = _plain(chunked)
    if pa.types.is_boolean(chunked.type):
        parts = [(flags_of(chunk), chunk.is_null()) for chunk in chunked.chunks]
        empty = np.zeros(0, bool)
        values = np.concatenate([empty, *(part for part, _ in parts)])
        return flags(values, np.concatenate([empty, *(flags_of(absent) for _, absent in parts)]))
    natural = kind_of_type(chunked.type)
    if natural is None:
        raise InvalidType(
            f"python_obj: column {name!r} of type {chunked.type}; columns hold numbers, times or texts"
        )
    if pa.types.is_dictionary(chunked.type):
        return _from_dictionary(chunked, name)
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
        if chunked.type.extension_name == "arrow.bool8":
            return cells.cast(pa.bool_())
        return _plain(cells)
    if pa.types.is_run_end_encoded(chunked.type):
        parts = [pc.run_end_decode(chunk) for chunk in chunked.chunks]
        return _plain(pa.chunked_array(parts, chunked.type.value_type))
    return chunked.cast(pa.large_binary()) if pa.types.is_binary_view(chunked.type) else chunked


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


def _from_dictionary(chunked: Any, name: str) -> Column:
    chunk = chunked.unify_dictionaries().combine_chunks()
    if hasattr(chunk, "chunks"):
        chunk = chunk.chunk(0)
    levels = _level_values(chunk.dictionary, name)
    codes = np.where(
        chunk.indices.is_null().to_numpy(zero_copy_only=False), -1, values_of(chunk.indices).astype(np.int64)
    )
    gone = [i for i, level in enumerate(levels) if level is None]
    if gone:
        codes = np.where(np.isin(codes, gone), -1, codes)
    return from_codes(codes, [level_text(level) for level in levels])


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


def to_arrow(frame: Frame) -> Any:
    """The frame as a pyarrow.Table; the cells of whole and real numbers, times, levels and texts are shared.

    Whole numbers keep their narrow types, enums are dictionaries, times are ``timestamp[ms]``; missing is null.
    """
    import pyarrow as pa

    return pa.table([arrow_column(column) for column in frame.columns], names=list(frame.names))


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
