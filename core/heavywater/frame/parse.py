"""Import of delimited text: files to a frame.

Bytes flow through ``sources`` (open, decompress) and ``blocks`` (whole lines) in the calling thread
while a pool of threads turns blocks into narrow pieces of columns, so that decompression and parsing
overlap and only a few blocks are in memory as text.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidArgument, ParseError
from .blocks import clean, line_blocks
from .collect import Collector
from .columns import Array, Column
from .delimited import LostTexts, Piece, parse_delimited
from .digits import parse_digits
from .frame import Frame
from .guess import Setup, guess_setup, read_type
from .sources import Source, decompressed

Pieces = tuple[Sequence[Piece] | Array, dict[int, LostTexts]]


@dataclass(frozen=True)
class Options:
    """What a user may say about a text; every default means "guess".

    Parameters
    ----------
    separator : str, optional
    header : int
        1 the first line holds names, -1 it does not, 0 guess.
    names : sequence of str, optional
        Column names.
    types : sequence or mapping, optional
        A type for each column, or for some by name or position.
    na_strings : sequence or mapping, optional
        Texts that mean missing: a flat list for all columns, a list of lists (one for each column), or by
        column name.
    skipped : sequence of int or str, optional
        Columns that are not read.
    quote, escape : str
        Quoting character; character that takes the next one literally.
    """

    separator: str | None = None
    header: int = 0
    names: Sequence[str] | None = None
    types: Sequence[Any] | Mapping[Any, Any] | None = None
    na_strings: Sequence[Any] | Mapping[str, Any] | None = None
    skipped: Sequence[int | str] | None = None
    quote: str = '"'
    escape: str | None = None


def read_setup(sources: Sequence[Source], options: Options) -> Setup:
    """Separator, header, names and types of the first file that is not empty."""
    for source in sources:
        for name, pieces in decompressed(source, lambda _: None):
            for block in line_blocks(name, pieces, options.quote.encode()):
                return make_setup(name, block, options)
    raise ParseError(f"{sources[0].location}: the file is empty")


def make_setup(name: str, block: bytes, options: Options) -> Setup:
    """Setup from the first block of a file and what the user says."""
    if options.header not in (-1, 0, 1):
        raise InvalidArgument(
            f"header={options.header!r} must be 1 (names in the first line), -1 (none) or 0 (guess)"
        )
    for label, value in (
        ("sep", options.separator),
        ("quotechar", options.quote),
        ("escapechar", options.escape),
    ):
        if value is not None and len(value.encode()) != 1:
            raise InvalidArgument(f"{label}={value!r} must be a single character")
    flat = _flat_na_strings(options.na_strings)
    sample = block[: 1 << 18]
    if len(block) > len(sample):
        sample = sample[: sample.rfind(b"\n") + 1] or block
    try:
        text = sample.decode("utf-8")
    except UnicodeDecodeError as error:
        line = sample.count(b"\n", 0, error.start) + 1
        raise ParseError(
            f"{name}, line {line}: bytes that are not UTF-8 ({error.reason}); convert the file to UTF-8 "
            "(for example: iconv -f latin1 -t utf-8)"
        ) from None
    setup, rows = guess_setup(text, options.separator, options.header, options.quote, options.escape, flat)
    if not rows:
        raise ParseError(f"{name}: the file holds no data")
    setup.na_strings = flat
    _apply_options(setup, options, name)
    if setup.header:
        setup.header_line = _first_line(block)
    return setup


def _flat_na_strings(given: Any) -> list[str]:
    if given is None or isinstance(given, Mapping):
        return []
    if isinstance(given, str):
        return [given]
    return [str(text) for text in given] if all(isinstance(text, str) for text in given) else []


def _apply_options(setup: Setup, options: Options, name: str) -> None:
    width = len(setup.names)
    if options.names is not None:
        if len(options.names) != width:
            raise InvalidArgument(f"col_names: {len(options.names)} names for the {width} columns of {name}")
        setup.names = [str(n) for n in options.names]
    if len(set(setup.names)) < width:
        twice = next(n for n in setup.names if setup.names.count(n) > 1)
        raise InvalidArgument(
            f"column name {twice!r} appears more than once in {name}; give col_names= or header=-1"
        )
    position = {n: i for i, n in enumerate(setup.names)}

    def index(column: Any, argument: str) -> int:
        found = position.get(column) if isinstance(column, str) else column
        if not isinstance(found, int) or not 0 <= found < width:
            raise InvalidArgument(
                f"{argument}: no column {column!r} in {name}; columns are "
                f"{', '.join(setup.names[:8])}{', ...' if width > 8 else ''}"
            )
        return found

    if isinstance(options.types, Mapping):
        for column, kind in options.types.items():
            setup.types[index(column, "col_types")] = read_type(kind, str(column))
    elif options.types is not None:
        if len(options.types) != width:
            raise InvalidArgument(f"col_types: {len(options.types)} types for the {width} columns of {name}")
        setup.types = [
            guessed if kind is None else read_type(kind, column)
            for guessed, kind, column in zip(setup.types, options.types, setup.names, strict=True)
        ]
    setup.skipped = {index(column, "skipped_columns") for column in options.skipped or ()}
    if len(setup.skipped) == width:
        raise InvalidArgument(f"skipped_columns: all {width} columns of {name} would be skipped")
    setup.column_na_strings = _column_na_strings(options.na_strings, width, index)


def _column_na_strings(given: Any, width: int, index: Callable[[Any, str], int]) -> dict[int, list[str]]:
    if isinstance(given, Mapping):
        pairs = [(index(column, "na_strings"), texts) for column, texts in given.items()]
    elif given is not None and not isinstance(given, str) and not all(isinstance(t, str) for t in given):
        if len(given) != width:
            raise InvalidArgument(f"na_strings: {len(given)} lists for {width} columns")
        pairs = list(enumerate(given))
    else:
        return {}
    return {i: [texts] if isinstance(texts, str) else list(texts) for i, texts in pairs if texts}


def _first_line(block: bytes) -> bytes:
    """The header line: the first that is neither blank nor a comment."""
    start = 0
    while True:
        end = block.find(b"\n", start) + 1 or len(block)
        line = block[start:end]
        if (line.strip() and not line.startswith(b"#")) or end == len(block):
            return line
        start = end


def _without_header(block: bytes, header_line: bytes, certain: bool) -> tuple[bytes, int]:
    """The block without its header line (if it has one), and the number of lines cut off."""
    line = _first_line(block)
    if not certain and line.strip() != header_line.strip():
        return block, 0
    end = block.index(line) + len(line)
    return block[end:], block.count(b"\n", 0, end)


def parse_block(block: bytes, setup: Setup, name: str, line: int) -> Pieces:
    """Pieces of columns of one block of whole records."""
    kept = [i for i in range(len(setup.names)) if i not in setup.skipped]
    simple = not setup.na_strings and not setup.column_na_strings
    if simple and all(setup.types[i] == "numeric" for i in kept):
        matrix = parse_digits(block, ord(setup.separator), len(setup.names))
        if matrix is not None:
            return (matrix if not setup.skipped else matrix[kept]), {}
    block = clean(block, setup.separator.encode(), (setup.quote or '"').encode())
    if not block.strip():
        return [], {}
    return parse_delimited(block, setup, name, line)


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
    """

    def __init__(
        self,
        sources: Sequence[Source],
        options: Options,
        threads: int,
        progress: Callable[[float], None],
        check_memory: Callable[[int], None],
    ) -> None:
        self.sources = sources
        self.options = options
        self.threads = max(1, threads)
        self.setup: Setup | None = None
        self._progress, self._check_memory = progress, check_memory
        self._collectors: list[Collector] = []
        self._lost: dict[int, LostTexts] = {}
        # The size of a web address is not known in advance; then the bar stays at its beginning.
        self._total = sum(s.size or 0 for s in sources) if all(s.size is not None for s in sources) else 0
        self._seen = 0

    def run(self) -> Frame:
        """Read everything.

        Raises
        ------
        ParseError
            With file, line where known, reason and remedy. Nothing is left behind.
        """
        waiting: deque[Future[Pieces]] = deque()
        with ThreadPoolExecutor(self.threads, thread_name_prefix="heavywater-parse") as pool:
            try:
                for block, name, line in self._blocks():
                    assert self.setup is not None
                    waiting.append(pool.submit(parse_block, block, self.setup, name, line))
                    if len(waiting) > self.threads + 2:
                        self._collect(waiting.popleft().result())
                while waiting:
                    self._collect(waiting.popleft().result())
            finally:
                for future in waiting:
                    future.cancel()
        if self.setup is None:
            raise ParseError(f"{self.sources[0].location}: the file is empty")
        return self._frame(self.setup)

    def _blocks(self) -> Iterator[tuple[bytes, str, int]]:
        quote = self.options.quote.encode()
        for source in self.sources:
            for name, pieces in decompressed(source, self._advance):
                line, first = 1, True
                for whole_block in line_blocks(name, pieces, quote):
                    block, cut = whole_block, 0
                    if first:
                        block, cut = self._begin_file(name, whole_block)
                        first = False
                    if block:
                        yield block, name, line + cut
                    line += whole_block.count(b"\n")

    def _begin_file(self, name: str, block: bytes) -> tuple[bytes, int]:
        fresh = self.setup is None
        if self.setup is None:
            self.setup = make_setup(name, block, self.options)
            self._collectors = [
                Collector() for i in range(len(self.setup.names)) if i not in self.setup.skipped
            ]
        if not self.setup.header:
            return block, 0
        return _without_header(block, self.setup.header_line, fresh or self.options.header == 1)

    def _advance(self, count: int) -> None:
        self._seen += count
        self._progress(min(1.0, self._seen / self._total) if self._total else 0.0)

    def _collect(self, result: Pieces) -> None:
        pieces, lost = result
        for collector, piece in zip(self._collectors, pieces, strict=False):
            collector.add(piece)
        for i, texts in lost.items():
            before = self._lost.get(i)
            self._lost[i] = LostTexts(texts.count + before.count, before.example) if before else texts
        self._check_memory(sum(collector.nbytes for collector in self._collectors))

    def _frame(self, setup: Setup) -> Frame:
        kept = [i for i in range(len(setup.names)) if i not in setup.skipped]
        columns: list[Column] = []
        for collector, i in zip(self._collectors, kept, strict=True):
            columns.append(collector.finish(setup.types[i]))
        self._warn_of_losses(setup)
        return Frame([setup.names[i] for i in kept], columns)

    def _warn_of_losses(self, setup: Setup) -> None:
        for i, lost in sorted(self._lost.items())[:3]:
            warnings.warn(
                f"{self.sources[0].location}: column {setup.names[i]!r} was read as {setup.types[i]}; "
                f"{lost.count} texts in it became missing (the first: {lost.example!r}). "
                "Give col_types to read it otherwise.",
                stacklevel=2,
            )


def import_sources(
    sources: Iterable[Source],
    options: Options,
    threads: int,
    progress: Callable[[float], None] = lambda _: None,
    check_memory: Callable[[int], None] = lambda _: None,
) -> Frame:
    """Read files of the same columns into one frame; see `Importer`."""
    return Importer(list(sources), options, threads, progress, check_memory).run()
