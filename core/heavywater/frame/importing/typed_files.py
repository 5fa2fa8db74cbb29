"""Parquet, ORC and Arrow files, batch by batch, to pieces of columns."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from ...errors import ParseError, shortened
from ..columns.arrow_buffers import texts_of
from ..frame import unique_names
from .arrow_sizes import batch_sizes
from .encodings import clean_texts
from .guess import SAMPLE_LINES, SHOWN_ROWS, guess_text_type, guess_type
from .header import usable_names
from .setup import Setup
from .unpack import UNSUSPICIOUS_BATCH, TableContent, largest_content, too_large

BATCH_ROWS = 1 << 16
BATCH_CELLS = 1 << 23  # where there are many columns, batches have fewer rows


class TableFile:
    """A file in which the types of the columns are written down.

    Parameters
    ----------
    table : TableContent

    Attributes
    ----------
    schema : pyarrow.Schema
    names : list of str
        All different.
    given_names : list of str
        As the file has them: equal ones and empty ones among them.
    rows : int or None
        None while unknown.
    """

    def __init__(self, table: TableContent) -> None:
        self.name, self.format = table.name, table.format
        opener = {"Parquet": self._parquet, "ORC": self._orc, "Arrow": self._arrow}[table.format]
        self.rows: int | None = None
        self._size = table.file.seek(0, os.SEEK_END)
        table.file.seek(0)
        with _ErrorsOf(self.name, self.format):
            self.schema, self._read = opener(table.file)
            self.given_names: list[str] = list(self.schema.names)
        self.names = unique_names(usable_names(self.given_names))
        for i, name in enumerate(self.names):
            self.schema = self.schema.set(i, self.schema.field(i).with_name(name))

    def _parquet(self, file: Any) -> tuple[Any, Any]:
        from pyarrow import parquet

        opened = parquet.ParquetFile(file, pre_buffer=True)
        about = opened.metadata
        self.rows = about.num_rows
        rows_at_once = max(1, min(BATCH_ROWS, BATCH_CELLS // max(1, about.num_columns)))
        for i in range(about.num_row_groups):
            group = about.row_group(i)
            self._check_size(group.total_byte_size // max(1, group.num_rows // rows_at_once))

        def read(names: Sequence[str] | None) -> Iterator[Any]:
            yield from opened.iter_batches(
                batch_size=rows_at_once, columns=names if names is None else list(names)
            )

        return opened.schema_arrow, read

    def _orc(self, file: Any) -> tuple[Any, Any]:
        from pyarrow import orc

        opened = orc.ORCFile(file)
        self.rows = opened.nrows
        if opened.nstripes:
            self._check_size(opened.nrows // opened.nstripes * len(opened.schema))

        def read(names: Sequence[str] | None) -> Iterator[Any]:
            for stripe in range(opened.nstripes):
                yield opened.read_stripe(stripe, columns=names if names is None else list(names))

        return opened.schema, read

    def _arrow(self, file: Any) -> tuple[Any, Any]:
        import pyarrow as pa

        for size in batch_sizes(file):
            self._check_size(size)
        file.seek(0)
        start = file.read(6)
        file.seek(0)
        if start != b"ARROW1":

            def again(names: Sequence[str] | None) -> Iterator[Any]:
                file.seek(0)
                yield from pa.ipc.open_stream(file)

            return pa.ipc.open_stream(file).schema, again
        opened = pa.ipc.open_file(file)

        def read(names: Sequence[str] | None) -> Iterator[Any]:
            for i in range(opened.num_record_batches):
                yield opened.get_batch(i)

        return opened.schema, read

    def _check_size(self, content: int) -> None:
        """Refuse a file of which so many bytes, unpacked, would be needed at once."""
        if content > largest_content(self._size, UNSUSPICIOUS_BATCH):
            raise too_large(self.name, self._size, UNSUSPICIOUS_BATCH)

    def is_text(self, name: str) -> bool:
        """Whether a column holds texts."""
        return kind_of_type(self.schema.field(name).type) == "text"

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """Record batches of some columns, in this order."""
        rows = 0
        with _ErrorsOf(self.name, self.format):
            same = self.names == self.given_names
            for batch in self._read(names if same else None):
                batch = batch if same else batch.rename_columns(self.names)
                if (
                    self.format == "Arrow"
                ):  # its buffers come from the file as they are: offsets may lead anywhere
                    batch = _sound(batch)
                rows += batch.num_rows
                yield batch.select(list(names))
        if self.rows is not None and rows != self.rows:
            raise ParseError(f"{self.name}: {rows} of {self.rows} rows were found; the file is damaged")


def shown_rows(batch: Any, kept: Sequence[int], width: int) -> list[list[str]]:
    """The first rows of a batch as texts, empty where a column is not read: for who wants to see what is in a file.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        Of the columns that are read.
    kept : sequence of int
        Their positions among all.
    width : int
        How many these are.
    """
    top = batch.slice(0, SHOWN_ROWS)
    rows = [[""] * width for _ in range(top.num_rows)]
    for i, column in zip(kept, top.columns, strict=True):
        for row, value in zip(rows, column, strict=True):
            row[i] = _shown(value)
    return rows


def _shown(value: Any) -> str:
    try:
        plain = value.as_py()
    except (ValueError, OverflowError, UnicodeError):  # a time beyond those of Python, bytes that are no text
        return str(value)
    if plain is None:
        return ""
    return plain.decode("utf-8", "replace") if isinstance(plain, bytes) else str(plain)


def _sound(batch: Any) -> Any:
    """The batch, if its buffers are what they are to be; whether texts are UTF-8 is looked at later."""
    import pyarrow as pa

    try:
        batch.validate(full=True)
    except pa.ArrowInvalid as error:
        if "UTF8" not in str(error):
            raise
        columns = [_as_bytes(column) for column in batch.columns]
        pa.RecordBatch.from_arrays(columns, batch.schema.names).validate(full=True)
    return batch


def _as_bytes(cells: Any) -> Any:
    import pyarrow as pa
    import pyarrow.types as pt

    if pt.is_string(cells.type) or pt.is_large_string(cells.type):
        kind = pa.large_binary() if pt.is_large_string(cells.type) else pa.binary()
        return pa.Array.from_buffers(kind, len(cells), cells.buffers(), offset=cells.offset)
    if pt.is_dictionary(cells.type):
        return pa.DictionaryArray.from_arrays(cells.indices, _as_bytes(cells.dictionary))
    return cells


class _ErrorsOf:
    """Errors of pyarrow as `ParseError` with the name of the file."""

    def __init__(self, name: str, format: str) -> None:
        self._name, self._format = name, format

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        import pyarrow as pa

        wrong = (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError, KeyError)
        if isinstance(error, wrong) and not isinstance(error, ParseError):
            raise ParseError(
                f"{self._name}: cannot be read as {self._format} ({shortened(str(error))})"
            ) from error


def table_setup(file: TableFile, first: Any, encoding: str | None = None) -> Setup:
    """Setup from the schema; of columns of texts that are no categories the type is guessed from the first batch.

    Parameters
    ----------
    file : TableFile
    first : pyarrow.RecordBatch or None
        None when there are no rows.
    encoding : str, optional
        Of cells that are bytes.
    """
    setup = Setup(",", False, usable_names(file.given_names), [])
    samples: dict[int, list[str]] = {}
    for field in file.schema:
        kind = kind_of_type(field.type)
        if kind == "text":
            values = [] if first is None else _first_texts(first.column(field.name), encoding)
            kind = "enum" if values and _is_categorical(field.type) else _text_type(values)
            samples[len(setup.types)] = values
        elif kind == "numeric":
            setup.forced[len(setup.types)] = "int" if _is_whole(field.type) else "real"
        setup.types.append(kind or "unknown")
    setup.parse_type = file.format.upper()
    setup.sample = lambda i: samples.get(i, [])
    setup.open = {i for i, values in samples.items() if not values}
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
            f"{', '.join(file.names[:8])}{', ...' if len(file.names) > 8 else ''}"
        )
    for i in setup.kept:
        kind = file.schema.field(names[i]).type
        if kind_of_type(kind) is None:
            raise ParseError(
                f"{file.name}: column {names[i]!r} of type {kind} cannot be a column of a frame; "
                f"leave it out with skipped_columns=[{i}]"
            )


def _is_categorical(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_dictionary(kind))


def _is_whole(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_boolean(kind))


def kind_of_type(kind: Any) -> str | None:
    """What cells of an Arrow type become: numeric, time or text; None for what cannot be a column."""
    import pyarrow.types as pt

    if pt.is_dictionary(kind):
        return kind_of_type(kind.value_type)
    if (
        pt.is_integer(kind)
        or pt.is_floating(kind)
        or pt.is_decimal(kind)
        or pt.is_boolean(kind)
        or pt.is_null(kind)
    ):
        return "numeric"
    if pt.is_timestamp(kind) or pt.is_date(kind) or pt.is_time(kind):
        return "time"
    texts = (
        pt.is_string,
        pt.is_large_string,
        pt.is_string_view,
        pt.is_binary,
        pt.is_large_binary,
        pt.is_binary_view,
        pt.is_fixed_size_binary,
    )
    return "text" if any(test(kind) for test in texts) else None


def _first_texts(cells: Any, encoding: str | None) -> list[str]:
    import pyarrow as pa

    first = cells.slice(0, SAMPLE_LINES)
    if pa.types.is_dictionary(first.type):
        first = first.dictionary_decode()
    present = clean_texts(first, encoding)[0].cast(pa.string()).drop_null()
    return [text for text in texts_of(present) if text]


def _text_type(values: list[str]) -> str:
    found = guess_type(values)
    # A file with types that says text means text, even where it looks like numbers.
    return guess_text_type(values) if found == "numeric" else found


def strings_of(cells: Any) -> Any:
    """An Arrow array of texts as one with 32-bit offsets."""
    import pyarrow as pa

    return cells if cells.type == pa.string() else cells.cast(pa.string())
