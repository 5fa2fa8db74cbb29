"""Import of files to a frame.

Bytes flow through ``sources`` (open), ``unpack`` (decompress) and ``blocks`` (whole lines) in the calling
thread while a pool of threads turns blocks into narrow pieces of columns, so that decompression and parsing
overlap and only a few blocks are in memory as text.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from ...errors import InvalidArgument, ParseError, warn
from ..columns.makers import times
from ..columns.times import from_wall_clock, to_wall_clock
from ..frame import Frame
from .arff import arff_setup, is_arff
from .batches import BatchReader
from .blocks import Block, RecordBlocks
from .delimited import DelimitedReader
from .encodings import Noted, as_utf8, decoded, is_utf8, marked_encoding
from .excel import sheet_text
from .intake import ColumnIntake
from .lost_cells import warn_of_changes
from .meter import Meter
from .options import Options, apply_options
from .raw_text import Buffer
from .rereading import read_again
from .retyping import retype
from .settling import Settling
from .setup import Setup
from .sources import Source
from .svmlight import SparseIntake, check_options, is_svmlight, parse_sparse
from .text_setup import columns_of_milliseconds, header_size, make_setup, separator_line
from .typed_files import TableFile, check_columns, shown_rows, table_setup
from .unpack import TableContent, TextContent, contents

_TYPED = ("PARQUET", "ORC", "ARROW")  # formats in which times are points in time, not texts

Task = Callable[[], Any]


def read_setup(sources: Sequence[Source], options: Options) -> Setup:
    """Format, separator, header, names and types of the first file that is not empty."""
    importer = Importer(sources, options, 1)
    importer.to_be_shown = True
    for _ in importer.tasks():
        break
    if importer.setup is None:
        raise ParseError(f"{sources[0].location}: the file is empty")
    for i, kind in importer.converted.items():
        importer.setup.types[i] = kind
    return importer.setup


class Importer:
    """One import of one or more files of the same columns.

    Parameters
    ----------
    sources : sequence of Source
    options : Options
    threads : int
        Parsing threads.
    progress : callable
        Told the share of the raw bytes read, 0 to 1, and asked from time to time to raise if the import
        is to stop.
    check_memory : callable
        Told the bytes collected so far; raises when they are too many.
    like : Source, optional
        The file whose first lines say how all are to be read; by default the first one.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        options: Options,
        threads: int,
        progress: Callable[[float], None] = lambda _: None,
        check_memory: Callable[[int], None] = lambda _: None,
        like: Source | None = None,
    ) -> None:
        options.check()
        self.sources = sources
        self.options = options
        self.threads = max(1, threads)
        self._like = like
        self.setup: Setup | None = None
        self._meter = Meter(sources, progress)
        self._check_memory = check_memory
        self._folders: dict[str, str] = {}
        self._reader: Any = None
        self._intake: Any = None
        self._names: list[str] = []  # of the columns as the first file has them
        self.converted: dict[int, Any] = {}
        self._make_reader: Callable[[Setup, Settling], Any] = DelimitedReader
        self._starts: list[tuple[int, int]] = []  # bytes and lines of the header of each text
        self._known_starts: Iterator[tuple[int, int]] | None = None  # those of a first pass
        self._escaped = Noted()  # before the texts are blocks
        self.to_be_shown = False  # the first rows of typed files; of texts they are known anyway

    def run(self) -> Frame:
        """The frame of everything that is in the files.

        Raises
        ------
        ParseError
            With file, line where known, reason and remedy. Nothing is left behind.
        """
        try:
            if self._like is not None:
                self._begin_like(self._like)
            self._go_through()
            if self.setup is None:
                raise ParseError(f"{self.sources[0].location}: the file is empty")
            return self._frame(self.setup)
        except MemoryError as error:
            raise ParseError(
                f"{self.sources[0].location}: there is not enough memory to read it; leave out columns (skipped_columns=) or "
                "read it in parts"
            ) from error
        finally:
            for source in self.sources:
                if source.copy is not None:
                    source.copy.close()

    def _begin_like(self, source: Source) -> None:
        """Get ready as for the files that begin with one that need not be among those that are read."""
        other = Importer([source], self.options, 1)
        for _ in other.tasks():
            break
        self.setup, self._reader, self._intake = other.setup, other._reader, other._intake
        self._names, self.converted, self._make_reader = other._names, other.converted, other._make_reader

    def _go_through(self) -> None:
        waiting: deque[tuple[Future[Any], dict[str, str], float]] = deque()
        with ThreadPoolExecutor(self.threads, thread_name_prefix="heavywater-parse") as pool:
            try:
                for task in self.tasks():
                    if self._intake.done:
                        break
                    waiting.append((pool.submit(task), self._folders, self._meter.share))
                    if len(waiting) > self.threads + 2:
                        self._collect(*waiting.popleft())
                while waiting:
                    self._collect(*waiting.popleft())
            finally:
                for future, _, _ in waiting:
                    future.cancel()

    def repeat(self, setup: Setup, reader: Any, intake: Any) -> None:
        """Go through the files once more, for some columns, until `intake` has all it wants."""
        again = Importer(
            self.sources, self.options, self.threads, lambda _: self._meter.reach(1.0), self._check_memory
        )
        again.setup, again._reader, again._intake, again._names = setup, reader, intake, self._names
        again._known_starts = iter(self._starts)
        again._go_through()

    def tasks(self) -> Iterator[Task]:
        """The work, in parts that threads can do; each gives some rows."""
        for number, source in enumerate(self.sources):
            self._folders = self._partition_values(source)
            for content in contents(source, partial(self._meter.begin, number), self._meter.advance):
                options = self.options
                if isinstance(content, TableContent) and content.format == "Excel":
                    if not is_utf8(options.encoding):
                        warn(f"{content.name}: encoding has no effect on workbooks")
                    content, options = sheet_text(content), _for_sheet(options)
                    yield from self._text_tasks(content, options, "XLSX")
                elif isinstance(content, TableContent):
                    yield from self._table_tasks(content)
                else:
                    text = TextContent(content.name, self._utf8(content, options.encoding))
                    yield from self._text_tasks(text, options, None)

    def _partition_values(self, source: Source) -> dict[str, str]:
        folders = source.folders
        for name in self.options.partition_by:
            if name not in folders:
                raise ParseError(
                    f"{source.location}: no folder {name}=... above the file, by which partition_by tells its rows"
                )
        return folders

    def _utf8(self, text: TextContent, encoding: str | None) -> Iterator[Buffer]:
        """The pieces of a text in UTF-8."""
        pieces = iter(text.pieces)
        head = next(pieces, b"")
        used = marked_encoding(bytes(head[:4])) if is_utf8(encoding) else encoding
        whole = itertools.chain((head,), pieces)
        if used is None:
            return whole

        def note(count: int, lines: int) -> None:
            self._escaped.add(count, f"{text.name}, line {lines + 1}")

        return as_utf8(text.name, whole, used, note)

    # -- texts ----------------------------------------------------------------------------------

    def _text_tasks(self, text: TextContent, options: Options, parse_type: str | None) -> Iterator[Task]:
        how = self.setup or options
        blocks = RecordBlocks(
            text.name, text.pieces, how.quote.encode(), (how.escape or "").encode(), self.options.skip_footer
        )
        first = True
        for block in blocks:
            start = lines = 0
            if first:
                first = False
                start, lines = self._start_of(text.name, bytes(block.data), options, parse_type)
                blocks.fit(block)
                assert self.setup is not None
                blocks.read_by(self.setup.separator, self.setup.quote, self.setup.escape)
            if start < len(block.data):
                yield partial(self._read_block, block, start, text.name, block.line + lines)

    def _start_of(self, name: str, block: bytes, options: Options, parse_type: str | None) -> tuple[int, int]:
        if self._known_starts is not None:
            return next(self._known_starts)
        start, lines = self._begin_text(name, block, options, parse_type)
        self._starts.append((start, lines))
        if not block[:start].isascii():
            _, count, before = decoded(block[:start])
            self._escaped.add(count, f"{name}, line {before + 1}")
        return start, lines

    def _begin_text(
        self, name: str, block: bytes, options: Options, parse_type: str | None
    ) -> tuple[int, int]:
        """Get ready for a file; bytes and lines of its header."""
        parse_type = parse_type or _format_of(block, options)
        self._check_format(name, parse_type)
        if parse_type == "SVMLight":
            return self._begin_svmlight(name, options)
        if parse_type == "ARFF":
            return self._begin_arff(name, block, options)
        return self._begin_delimited(name, block, options, parse_type)

    def _begin_svmlight(self, name: str, options: Options) -> tuple[int, int]:
        if self.setup is None:
            check_options(options, name)
            self.setup = Setup(" ", False, [], [], quote="", parse_type="SVMLight")
            self._reader, self._intake = parse_sparse, SparseIntake()
        return 0, 0

    def _begin_arff(self, name: str, block: bytes, options: Options) -> tuple[int, int]:
        setup, start, lines = arff_setup(name, block)
        if self.setup is None:
            guessed = list(setup.na_strings)
            apply_options(setup, options, name)
            setup.na_strings = [*guessed, *setup.na_strings]
            setup.markers = setup.markers if options.markers is None else options.markers
            setup.fill = options.fill
            self._names = list(setup.names)
            self._start(setup, DelimitedReader)
        elif len(setup.names) != len(self._names):
            raise ParseError(f"{name}: {len(setup.names)} attributes, the first file has {len(self._names)}")
        return start, lines

    def _begin_delimited(self, name: str, block: bytes, options: Options, parse_type: str) -> tuple[int, int]:
        fresh = self.setup is None
        told, separator = separator_line(block)
        block = block[told:]
        if self.setup is None:
            if options.separator is None:
                options = dataclasses.replace(options, separator=separator)
            setup = make_setup(name, block, options)
            setup.parse_type = parse_type
            for i in columns_of_milliseconds(setup):
                self.converted[i], setup.types[i] = setup.types[i], "numeric"
            self._start(setup, DelimitedReader)
        assert self.setup is not None
        size, lines = header_size(name, block, self.setup, options, fresh)
        return told + size, lines + bool(told)

    def _check_format(self, name: str, parse_type: str) -> None:
        if self.setup is not None and self.setup.parse_type != parse_type:
            raise ParseError(
                f"{name}: the format is {parse_type}, that of the first file {self.setup.parse_type}"
            )

    def _start(self, setup: Setup, make_reader: Callable[[Setup, Settling], Any]) -> None:
        settling = Settling(setup)
        self._make_reader = make_reader
        self.setup, self._reader = setup, make_reader(setup, settling)
        partitions = list(self.options.partition_by)
        for name in partitions:
            if name in (setup.names[i] for i in setup.kept):
                raise InvalidArgument(f"partition_by: the files hold a column {name!r} themselves")
        self._intake = ColumnIntake(setup, partitions, settling, self._reader.settle)

    def _read_block(self, block: Block, start: int, name: str, line: int) -> Any:
        """Work of a thread of the pool."""
        part = self._reader(block.data[start:], name, line)
        block.give_back()
        return part

    # -- tables ---------------------------------------------------------------------------------

    def _table_tasks(self, table: TableContent) -> Iterator[Task]:
        if self.options.skip_footer:
            raise InvalidArgument(
                f"skip_footer: {table.name} is no text, and has no lines at its end to be left out"
            )
        file = TableFile(table)
        if self.setup is None:
            first = next(file.batches([name for name in file.names if file.is_text(name)]), None)
            setup = table_setup(file, first, self.options.encoding)
            self._names, natural = file.names, list(setup.types)
            apply_options(setup, self.options, file.name)
            self._keep_natural_types(file, setup, natural)
            self._start(setup, partial(BatchReader, encoding=self.options.encoding))
        self._check_format(file.name, file.format.upper())
        assert self.setup is not None
        check_columns(file, self.setup, self._names)
        seen = 0
        for batch in file.batches([self._names[i] for i in self.setup.kept]):
            if self.to_be_shown and not seen:
                self.setup.first_rows = shown_rows(batch, self.setup.kept, len(self.setup.names))
            seen += batch.num_rows
            self._meter.reach(seen / file.rows if file.rows else 0.0)
            for start in range(0, batch.num_rows, 1 << 16):
                first_row = seen - batch.num_rows + start
                yield partial(self._reader, batch.slice(start, 1 << 16), file.name, first_row)

    def _keep_natural_types(self, file: TableFile, setup: Setup, natural: Sequence[str]) -> None:
        """Other types for numbers and times than those of the file come by conversion, at the end."""
        for i in setup.kept:
            if not file.is_text(self._names[i]) and setup.types[i] not in (natural[i], "unknown"):
                self.converted[i] = setup.types[i]
                setup.types[i] = natural[i]

    # -- the frame ------------------------------------------------------------------------------

    def _collect(self, future: Future[Any], folders: dict[str, str], share: float) -> None:
        self._intake.add(future.result(), folders, share)
        self._check_memory(self._intake.nbytes)

    def _frame(self, setup: Setup) -> Frame:
        intake = self._intake
        unread = None
        if isinstance(intake, ColumnIntake):
            intake.widen_by_majority()
            try:
                read_again(setup, intake, self._make_reader, self.repeat, self.sources[0].location)
            except (ParseError, OSError) as error:
                unread = str(error)
            self._escaped.add(intake.escaped.count, intake.escaped.place)
            guessed = self.options.markers is None and setup.parse_type == "CSV"
            warn_of_changes(self.sources[0].location, setup, intake, self._escaped, unread, guessed)
        frame: Frame = intake.frame()
        frame = self._in_zone(frame, setup.parse_type)
        if self.converted:
            places = {i: place for place, i in enumerate(setup.kept)}
            frame = retype(frame, {places[i]: kind for i, kind in self.converted.items()})
        return frame

    def _in_zone(self, frame: Frame, parse_type: str) -> Frame:
        zone, typed = self.options.time_zone, parse_type in _TYPED
        if self.options.adjust_to_zone and not typed:
            warn(
                f"tz_adjust_to_local has no effect on files of the format {parse_type}: their times are read in the "
                f"time zone of the session, {zone}"
            )
        if zone == "UTC" or (typed and not self.options.adjust_to_zone):
            return frame
        change = to_wall_clock if typed else from_wall_clock
        columns = [
            times(change(column.values, zone), column.missing) if column.kind == "time" else column
            for column in frame.columns
        ]
        return Frame(frame.names, columns, nrow=frame.nrow)


def _format_of(block: bytes, options: Options) -> str:
    """Format of a text, by its first block."""
    if is_arff(block):
        return "ARFF"
    return "SVMLight" if options.separator is None and is_svmlight(block) else "CSV"


def _for_sheet(options: Options) -> Options:
    return dataclasses.replace(options, separator=",", quote='"', escape=None, markers=options.markers or "")


def import_sources(
    sources: Iterable[Source],
    options: Options,
    threads: int,
    progress: Callable[[float], None] = lambda _: None,
    check_memory: Callable[[int], None] = lambda _: None,
    like: Source | None = None,
) -> Frame:
    """One frame of files of the same columns; see `Importer`."""
    return Importer(list(sources), options, threads, progress, check_memory, like).run()
