"""Frames as delimited text and as Parquet, for other programs."""

from __future__ import annotations

import io
import os
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InvalidArgument
from ..files import new_file, new_folder
from ..files.writing import check_file, check_folder
from ..frame.columns.column import Column
from ..frame.exchange.arrow_tables import to_arrow
from ..frame.frame import Frame

_ROWS = 250_000  # turned into text at a time
_PART_ROWS = 1_000_000
_CSV_COMPRESSION = {"gzip": "gzip", "bzip2": "bz2", "zstd": "zstd"}
_PARQUET_COMPRESSION = ("snappy", "gzip", "brotli", "lz4", "zstd", "none")
_PART = re.compile(r"\.?part-m-\d{5,}(\.csv\.(gz|bz2|zst)|\.csv|\.crc)?")  # names of the files of an export
_CHUNK = 512  # bytes behind each checksum

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Layout:
    """How a frame is exported.

    Attributes
    ----------
    format : str
        ``"csv"`` or ``"parquet"``.
    separator : str
        One character.
    header, quote_header : bool
        Whether names come first, and whether in quotes.
    compression : str, optional
        csv: gzip, bzip2 or zstd; parquet: snappy (the default), gzip, brotli, lz4, zstd or none.
    parts : int
        Number of files; -1: as many as there are millions of rows. Parquet makes a folder of files unless there is to be one.
    one_file : bool
        Whether Parquet is written into one file, without checksums beside it, instead of a folder.
    checksum : bool
        Whether each Parquet file gets a hidden file of checksums, as Hadoop writes it.
    blank_lines : bool
        Whether a missing cell of a single column is an empty line, as H2O's clients expect, instead of a pair of quotes.
    hexadecimal : bool
        Whether numbers that are not whole are written by their bits, as ``0x1.8p+1``, in text.
    """

    format: str = "csv"
    separator: str = ","
    header: bool = True
    quote_header: bool = True
    compression: str | None = None
    parts: int = 1
    checksum: bool = True
    blank_lines: bool = False
    hexadecimal: bool = False
    one_file: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether a folder of files is written."""
        return self.parts != 1 or (self.format != "csv" and not self.one_file)

    def check(self) -> None:
        """Refuse what cannot be written."""
        if self.format not in ("csv", "parquet"):
            raise InvalidArgument(f"export_file: format {self.format!r} must be csv or parquet")
        if len(self.separator) != 1 or self.separator in '"\r\n' or not self.separator.isascii():
            raise InvalidArgument(
                f"export_file: sep {self.separator!r} must be one ASCII character, no quote or line end"
            )
        if self.one_file and self.parts != 1:
            raise InvalidArgument(f"export_file: parts {self.parts} are not written into one_file")
        if self.parts != -1 and self.parts < 1:
            raise InvalidArgument(f"export_file: parts {self.parts} must be -1 or from 1 on")
        known = tuple(_CSV_COMPRESSION) if self.format == "csv" else _PARQUET_COMPRESSION
        if self.compression is not None and self.compression not in known:
            raise InvalidArgument(
                f"export_file: compression {self.compression!r} must be one of {', '.join(known)}"
            )


def export_frame(frame: Frame, path: str, layout: Layout, force: bool, progress: Progress) -> None:
    """Write a frame into a file, or into a folder of files.

    Parameters
    ----------
    frame : Frame
    path : str
        The file, or the folder; what is written stands there only when all of it is done.
    layout : Layout
    force : bool
        Replace a file that is there, or a folder that holds nothing but an earlier export. Else the file must not
        exist, and a folder must be empty or not exist.
    progress : callable
        Is told the share that is done; may raise to stop.

    Raises
    ------
    InvalidArgument
        Something is there already, or cannot be written.
    """
    layout.check()
    if not layout.is_folder:
        with new_file(path, force) as (_, beside):
            if layout.format == "csv":
                _write_csv(frame, 0, frame.nrow, beside, layout, progress)
            else:
                _write_groups(frame, beside, layout, progress)
        return
    with new_folder(path, force, _is_part) as (_, beside):
        _write_parts(frame, beside, layout, progress)


def check_free(path: str, layout: Layout, force: bool) -> None:
    """Refuse, before any work, a place to which `export_frame` would not write.

    Raises
    ------
    InvalidArgument
        Something is there already.
    """
    if not layout.is_folder:
        check_file(path, force)
    else:
        check_folder(path, force, _is_part)


def _is_part(name: str) -> bool:
    return _PART.fullmatch(name) is not None


def _write_parts(frame: Frame, folder: str, layout: Layout, progress: Progress) -> None:
    count = layout.parts
    if count == -1 or layout.format == "parquet":
        count = max(count, -(-frame.nrow // _PART_ROWS), 1)
    bounds = [frame.nrow * i // count for i in range(count + 1)]
    endings = {"gzip": ".csv.gz", "bzip2": ".csv.bz2", "zstd": ".csv.zst"} if layout.format == "csv" else {}
    for i in range(count):
        name = f"part-m-{i:05d}{endings.get(layout.compression or '', '')}"
        file = os.path.join(folder, name)
        part: Progress = lambda done, i=i: progress((i + done) / count)  # type: ignore[misc]  # noqa: E731
        if layout.format == "csv":
            _write_csv(frame, bounds[i], bounds[i + 1], file, layout, part)
        else:
            _write_parquet(frame, bounds[i], bounds[i + 1], file, layout)
            part(1.0)


def _write_csv(frame: Frame, start: int, stop: int, path: str, layout: Layout, progress: Progress) -> None:
    import pyarrow as pa

    with open(path, "wb") as plain:
        method = _CSV_COMPRESSION.get(layout.compression or "")
        sink = pa.CompressedOutputStream(plain, method) if method else pa.PythonFile(plain, "w")
        with sink:
            write_text(frame, start, stop, sink, layout, progress)


def write_text(frame: Frame, start: int, stop: int, sink: Any, layout: Layout, progress: Progress) -> None:
    """Write rows as delimited text: texts quoted, missing cells empty, times as ``2020-01-31 12:00:00.000``.

    Parameters
    ----------
    frame : Frame
    start, stop : int
        First row, and the first one that is left out.
    sink : file-like
        Takes bytes.
    layout : Layout
    progress : callable
        Is told the share that is done.
    """
    import pyarrow.csv

    if layout.header:
        sink.write(_header(frame.names, layout).encode())
    options = pyarrow.csv.WriteOptions(include_header=False, delimiter=layout.separator)
    for first in range(start, stop, _ROWS):
        last = min(stop, first + _ROWS)
        if layout.hexadecimal:
            sink.write(_hexadecimal(frame, slice(first, last), layout.separator))
            progress((last - start) / (stop - start))
            continue
        table = _with_all_digits(_rows_of(frame, first, last))
        if frame.ncol == 1 and frame.columns[0].missing_count and not layout.blank_lines:
            sink.write(_one_column(table, options))
        else:
            pyarrow.csv.write_csv(table, sink, options)
        progress((last - start) / (stop - start))


def _rows_of(frame: Frame, start: int, stop: int) -> Any:
    if (start, stop) == (0, frame.nrow):
        return to_arrow(frame)
    columns = [column.take(slice(start, stop)) for column in frame.columns]
    return to_arrow(Frame(frame.names, columns, nrow=stop - start))


def _with_all_digits(table: Any) -> Any:
    """Numbers in single precision as doubles: their shortest text, such as 0.1, would be read back as another number."""
    import pyarrow as pa

    if pa.float32() not in table.schema.types:
        return table
    fields = [
        field.with_type(pa.float64()) if pa.types.is_float32(field.type) else field for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _hexadecimal(frame: Frame, rows: slice, separator: str) -> bytes:
    """Rows whose real numbers are written by their bits: what reads them back gets the same numbers."""
    parts = [column.take(rows) for column in frame.columns]
    lines = map(separator.join, zip(*map(_exact_texts, parts), strict=True))
    return "".join(f"{line}\n" for line in lines).encode()


def _exact_texts(column: Column) -> list[str]:
    """Cells as text: texts and levels in quotes, real numbers by their bits unless they are whole, nothing for missing."""
    if column.kind == "real":
        numbers = column.numbers()
        found = np.array(list(map(float.hex, numbers.tolist())), object)
        whole = (
            (np.abs(numbers) < 2**53)
            & (numbers == np.floor(numbers))
            & ~((numbers == 0) & np.signbit(numbers))
        )
        found[whole] = list(map(str, numbers[whole].astype(np.int64).tolist()))
    elif column.kind in ("int", "time"):
        found = np.array(list(map(str, column.values.tolist())), object)
    else:
        quoted = {
            text: '"' + text.replace('"', '""') + '"'
            for text in set(column.texts().tolist())
            if text is not None
        }
        found = np.array([quoted.get(text, "") for text in column.texts().tolist()], object)
    found[column.is_missing()] = ""
    texts: list[str] = found.tolist()
    return texts


def _one_column(table: Any, options: Any) -> bytes:
    """Lines of a single column: a missing cell is a pair of quotes, since an empty line is no row."""
    import pyarrow.csv

    out = io.BytesIO()
    pyarrow.csv.write_csv(table, out, options)
    return b"\n".join(line or b'""' for line in out.getvalue()[:-1].split(b"\n")) + b"\n"


def _header(names: list[str], layout: Layout) -> str:
    def shown(name: str) -> str:
        needed = any(mark in name for mark in (layout.separator, '"', "\r", "\n"))
        return '"' + name.replace('"', '""') + '"' if layout.quote_header or needed else name

    return layout.separator.join(map(shown, names)) + "\n"


def _write_parquet(frame: Frame, start: int, stop: int, path: str, layout: Layout) -> None:
    import pyarrow.parquet

    with open(path, "wb") as file:  # Arrow itself takes no names that are not UTF-8
        pyarrow.parquet.write_table(
            _rows_of(frame, start, stop), file, compression=layout.compression or "snappy"
        )
    if layout.checksum:
        _write_checksums(path)


def _write_groups(frame: Frame, path: str, layout: Layout, progress: Progress) -> None:
    """All rows in one file, a million after the other."""
    import pyarrow.parquet

    schema = _rows_of(frame, 0, 0).schema
    with (
        open(path, "wb") as file,
        pyarrow.parquet.ParquetWriter(file, schema, compression=layout.compression or "snappy") as out,
    ):
        for first in range(0, frame.nrow, _PART_ROWS):
            last = min(frame.nrow, first + _PART_ROWS)
            out.write_table(_rows_of(frame, first, last))
            progress(last / frame.nrow)


def _write_checksums(path: str) -> None:
    """The hidden file beside a file in which Hadoop looks for the CRC-32 of each 512 bytes."""
    folder, name = os.path.split(path)
    with open(path, "rb") as file, open(os.path.join(folder, f".{name}.crc"), "wb") as sums:
        sums.write(b"crc\x00" + struct.pack(">i", _CHUNK))
        while block := file.read(_CHUNK * 4096):
            crcs = [zlib.crc32(block[i : i + _CHUNK]) for i in range(0, len(block), _CHUNK)]
            sums.write(struct.pack(f">{len(crcs)}I", *crcs))
