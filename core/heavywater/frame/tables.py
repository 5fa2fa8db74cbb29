"""Parquet, ORC and Arrow files, batch by batch, to pieces of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import ParseError
from .arrow import arrow_texts, flags_of, missing_of, texts_of, values_of
from .guess import SAMPLE_LINES, Setup, guess_text_type, guess_type
from .pieces import (
    LostTexts,
    NumberPiece,
    Part,
    Piece,
    TextPiece,
    floating_numbers,
    levels_of,
    moments,
    real_numbers,
    typed_texts,
    uuids,
    whole_numbers,
    without,
)
from .unpack import Table

BATCH_ROWS = 1 << 16


class TableFile:
    """A file in which the types of the columns are written down.

    Parameters
    ----------
    table : Table

    Attributes
    ----------
    schema : pyarrow.Schema
    rows : int or None
        None while unknown.
    """

    def __init__(self, table: Table) -> None:
        self.name, self.format = table.name, table.format
        opener = {"Parquet": self._parquet, "ORC": self._orc, "Arrow": self._arrow}[table.format]
        self.rows: int | None = None
        with _errors_of(self.name, self.format):
            self.schema, self._read = opener(table.file)

    def _parquet(self, file: Any) -> tuple[Any, Any]:
        from pyarrow import parquet

        opened = parquet.ParquetFile(file, pre_buffer=True)
        self.rows = opened.metadata.num_rows

        def read(names: Sequence[str]) -> Iterator[Any]:
            return opened.iter_batches(batch_size=BATCH_ROWS, columns=list(names))

        return opened.schema_arrow, read

    def _orc(self, file: Any) -> tuple[Any, Any]:
        from pyarrow import orc

        opened = orc.ORCFile(file)
        self.rows = opened.nrows

        def read(names: Sequence[str]) -> Iterator[Any]:
            for stripe in range(opened.nstripes):
                yield opened.read_stripe(stripe, columns=list(names))

        return opened.schema, read

    def _arrow(self, file: Any) -> tuple[Any, Any]:
        import pyarrow as pa

        start = file.read(6)
        file.seek(0)
        if start.startswith(b"FEA1"):
            from pyarrow import feather

            whole = feather.read_table(file)
            self.rows = whole.num_rows
            return whole.schema, lambda names: iter(whole.to_batches(BATCH_ROWS))
        if start != b"ARROW1":

            def again(names: Sequence[str]) -> Iterator[Any]:
                file.seek(0)
                yield from pa.ipc.open_stream(file)

            return pa.ipc.open_stream(file).schema, again
        opened = pa.ipc.open_file(file)

        def read(names: Sequence[str]) -> Iterator[Any]:
            for i in range(opened.num_record_batches):
                yield opened.get_batch(i)

        return opened.schema, read

    def is_text(self, name: str) -> bool:
        """Whether a column holds texts."""
        return kind_of(self.schema.field(name).type) == "text"

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """Record batches of some columns, in this order."""
        rows = 0
        with _errors_of(self.name, self.format):
            for batch in self._read(names):
                rows += batch.num_rows
                yield batch.select(list(names))
        if self.rows is not None and rows != self.rows:
            raise ParseError(f"{self.name}: {rows} of {self.rows} rows were found; the file is damaged")


class _errors_of:
    """Errors of pyarrow as `ParseError` with the name of the file."""

    def __init__(self, name: str, format: str) -> None:
        self._name, self._format = name, format

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        import pyarrow as pa

        if isinstance(error, (pa.ArrowException, OSError, ValueError)) and not isinstance(error, ParseError):
            raise ParseError(
                f"{self._name}: cannot be read as {self._format} ({' '.join(str(error).split())})"
            ) from error


def table_setup(file: TableFile, first: Any) -> Setup:
    """Setup from the schema; of columns of texts the type is guessed from the first batch.

    Parameters
    ----------
    file : TableFile
    first : pyarrow.RecordBatch or None
        None when there are no rows.
    """
    setup = Setup(",", False, [], [])
    for field in file.schema:
        kind = kind_of(field.type)
        if kind == "text":
            kind = "enum" if first is None else _text_type(first.column(field.name))
        elif kind == "numeric":
            setup.forced[len(setup.names)] = "int" if _is_whole(field.type) else "real"
        setup.names.append(field.name)
        setup.types.append(kind or "unknown")
    setup.parse_type = file.format.upper()
    if not setup.names:
        raise ParseError(f"{file.name}: the file holds no columns")
    return setup


def check_columns(file: TableFile, setup: Setup, names: Sequence[str]) -> None:
    """Refuse a file that has not got the columns of the first one, or has some that cannot be columns.

    Parameters
    ----------
    file : TableFile
    setup : Setup
    names : sequence of str
        The columns' names in the first file.
    """
    missing = [names[i] for i in setup.kept if file.schema.get_field_index(names[i]) < 0]
    if missing:
        raise ParseError(
            f"{file.name}: no column {missing[0]!r}, which the first file has; its columns are "
            f"{', '.join(file.schema.names[:8])}{', ...' if len(file.schema.names) > 8 else ''}"
        )
    for i in setup.kept:
        kind = file.schema.field(names[i]).type
        if kind_of(kind) is None:
            raise ParseError(
                f"{file.name}: column {names[i]!r} of type {kind} cannot be a column of a frame; "
                f"leave it out with skipped_columns=[{i}]"
            )


def _is_whole(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_boolean(kind))


def kind_of(kind: Any) -> str | None:
    """What cells of an Arrow type become: numeric, time or text; None for what cannot be a column."""
    import pyarrow.types as pt

    if pt.is_dictionary(kind):
        return kind_of(kind.value_type)
    if pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind) or pt.is_boolean(kind) or pt.is_null(kind):
        return "numeric"
    if pt.is_timestamp(kind) or pt.is_date(kind) or pt.is_time(kind):
        return "time"
    texts = (pt.is_string, pt.is_large_string, pt.is_string_view, pt.is_binary, pt.is_large_binary)
    return "text" if any(test(kind) for test in texts) else None


def _text_type(cells: Any) -> str:
    present = strings_of(cells.slice(0, SAMPLE_LINES)).drop_null()
    values = [text for text in texts_of(present) if text]
    found = guess_type(values)
    # A file with types that says text means text, even where it looks like numbers.
    return guess_text_type(values) if found == "numeric" else found


def strings_of(cells: Any) -> Any:
    """An Arrow array of texts as one with 32-bit offsets."""
    import pyarrow as pa

    return cells if cells.type == pa.string() else cells.cast(pa.string())


class BatchReader:
    """Turns record batches into parts.

    Parameters
    ----------
    setup : Setup
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._wide: set[int] = set()

    def __call__(self, batch: Any, name: str) -> Part:
        """Pieces of the kept columns; `batch` holds them in their order."""
        import pyarrow as pa

        pieces: list[Piece] = []
        lost: dict[int, LostTexts] = {}
        for place, i in enumerate(self.setup.kept):
            try:
                piece, misfits = self._piece(i, batch.column(place))
            except (pa.ArrowException, TypeError) as error:
                raise ParseError(f"{name}: column {self.setup.names[i]!r} cannot be read ({error})") from error
            pieces.append(piece)
            if misfits is not None:
                lost[place] = misfits
        return Part(pieces, lost, batch.num_rows)

    def _piece(self, i: int, cells: Any) -> tuple[Piece, LostTexts | None]:
        import pyarrow.types as pt

        gone = frozenset((*self.setup.na_strings, *self.setup.column_na_strings.get(i, ())))
        kind = self.setup.types[i]
        if kind_of(cells.type) == "text":
            return self._text_piece(kind, cells, gone)
        if pt.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        if kind == "time":
            return moments(_milliseconds(cells)), None
        if kind != "numeric":
            raise TypeError(f"it is of type {cells.type} here, and holds texts in the first file")
        return self._number_piece(i, cells, gone), None

    def _text_piece(self, kind: str, cells: Any, gone: frozenset[str]) -> tuple[Piece, LostTexts | None]:
        import pyarrow as pa

        if kind in ("string", "uuid"):
            texts = without(cells if pa.types.is_large_string(cells.type) else strings_of(cells), gone)
            return uuids(texts) if kind == "uuid" else (TextPiece(texts), None)
        if not pa.types.is_dictionary(cells.type):
            cells = strings_of(cells).dictionary_encode()
        elif cells.type != pa.dictionary(pa.int32(), pa.string()):
            cells = cells.cast(pa.dictionary(pa.int32(), pa.string()))
        if cells.dictionary.null_count:
            cells = cells.dictionary_decode().dictionary_encode()
        if kind in ("enum", "unknown"):
            return levels_of(cells, gone), None
        return typed_texts(cells, kind, gone)

    def _number_piece(self, i: int, cells: Any, gone: frozenset[str]) -> NumberPiece:
        import pyarrow as pa
        import pyarrow.types as pt

        if pt.is_null(cells.type):
            return NumberPiece(np.zeros(len(cells), np.uint8), np.ones(len(cells), bool))
        if pt.is_boolean(cells.type):
            return NumberPiece(flags_of(cells).astype(np.uint8), missing_of(cells))
        if pt.is_decimal(cells.type):
            cells = cells.cast(pa.float64())
        if pt.is_integer(cells.type) and cells.type != pa.uint64():
            piece = whole_numbers(cells)
        elif pt.is_integer(cells.type):
            values, missing = values_of(cells), missing_of(cells)
            if len(values) and values.max() > 2**63 - 1:
                piece = real_numbers(np.where(missing, np.nan, values) if missing is not None else values + 0.0, False)
            else:
                piece = NumberPiece(values.astype(np.int64), missing)
        else:
            piece = floating_numbers(cells, i in self._wide)
            if piece.values.dtype == np.float64:
                self._wide.add(i)
        return _blanked(piece, gone)


def _blanked(piece: NumberPiece, gone: frozenset[str]) -> NumberPiece:
    """The piece without the numbers that mean missing, such as -99."""
    from .numerals import parse_numbers

    if not gone:
        return piece
    numbers, misfit = parse_numbers(arrow_texts(sorted(gone)))
    hits = np.isin(piece.values, numbers[~misfit])
    if not hits.any():
        return piece
    if piece.values.dtype.kind == "f":
        return NumberPiece(np.where(hits, piece.values.dtype.type(np.nan), piece.values))
    missing = hits if piece.missing is None else hits | piece.missing
    return NumberPiece(np.where(missing, piece.values.dtype.type(0), piece.values), missing)


def _milliseconds(cells: Any) -> Any:
    import pyarrow as pa
    import pyarrow.types as pt

    if pt.is_time(cells.type):
        return cells.cast(pa.time32("ms"), safe=False).cast(pa.int32()).cast(pa.int64())
    return cells.cast(pa.timestamp("ms", getattr(cells.type, "tz", None)), safe=False)
