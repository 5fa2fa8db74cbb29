"""Types of columns that the first lines of a file leave open, or that later lines contradict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ..columns.column import Column
from ..columns.missing_words import NOTHING_WORDS
from .collect import Collector, LevelCollector, collector
from .guess import SAMPLE_LINES, guess_text_type, guess_type
from .pieces import LevelPiece, NumberPiece, Piece, TextPiece
from .setup import Setup
from .typed_pieces import level_piece, sample_strays, shape, text_piece

OPEN = "open"
_ABSENT = frozenset(
    ("NA",)
)  # of all words for missing the one that by itself does not make a column one of texts


class Settling:
    """What is known of the types of the columns, while an import runs.

    A column is open while its cells are missing. One whose cells contradict its type is widened to texts,
    unless the user or the file has stated the type, or already the first lines had such cells.

    Parameters
    ----------
    setup : Setup
        As types are settled they are written into it.

    Attributes
    ----------
    kinds : list of str
        Types by which columns are read just now; ``"open"``: as texts, whatever they will be.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._samples: dict[int, list[str]] = {}
        self._tolerant: dict[int, bool] = {}
        self._shapes: dict[int, frozenset[str]] = {}
        self._widened: set[int] = set()
        still_open = setup.open - setup.stated
        self.kinds = [OPEN if i in still_open else kind for i, kind in enumerate(setup.types)]

    def sample(self, i: int) -> list[str]:
        """Cells of a column that its type was settled by, without missing ones."""
        found = self._samples.get(i)
        return self.setup.sample(i) if found is None else found

    def tolerates(self, i: int) -> bool:
        """Whether texts that a type does not allow are missing in a column, and do not make it one of texts."""
        found = self._tolerant.get(i)
        if found is None:
            kind = self.setup.types[i]
            found = i in self.setup.stated or sample_strays(self.sample(i), kind)
            self._tolerant[i] = found
        return found

    def shapes(self, i: int) -> frozenset[str]:
        """Shapes of the first cells of a column; see `typed_pieces.shape`."""
        if i not in self._shapes:
            self._shapes[i] = frozenset(map(shape, dict.fromkeys(self.sample(i))))
        return self._shapes[i]

    def is_widened(self, i: int) -> bool:
        """Whether the column was to have another type than texts."""
        return i in self._widened

    def mark_widened(self, columns: Iterable[int]) -> None:
        """Read columns as texts whatever a file has in them."""
        self._widened.update(columns)

    def decide(self, i: int, values: list[str]) -> str:
        """Type of a column that was open, by its first cells."""
        self._samples[i] = values
        kind = guess_type(values)
        if kind == "numeric" and self.setup.parse_type in (
            "PARQUET",
            "ORC",
            "ARROW",
        ):  # what a file calls texts are texts
            kind = guess_text_type(values)
        self._put(i, kind)
        return kind

    def widen(self, i: int) -> str:
        """Type of texts for a column whose cells contradict the type it had."""
        self._widened.add(i)
        kind = guess_text_type(self.sample(i))
        self._put(i, kind)
        return kind

    def _put(self, i: int, kind: str) -> None:
        self.kinds[i] = self.setup.types[i] = kind


def is_nothing(values: Sequence[str]) -> bool:
    """Whether the first cells of a column leave its type open."""
    return NOTHING_WORDS.issuperset(values)


class OpenCollector:
    """A column that has no value yet."""

    def __init__(self) -> None:
        self._cells = LevelCollector()

    @property
    def nbytes(self) -> int:
        """Bytes collected so far."""
        return self._cells.nbytes

    def takes(self, piece: Piece | Array) -> bool:
        """Whether a piece leaves the type open."""
        return isinstance(piece, LevelPiece) and is_nothing(piece.levels)

    def add(self, piece: Piece | Array, share: float) -> None:
        """Append the rows of one block."""
        self._cells.add(piece, share)

    def earlier(self) -> LevelPiece:
        """All rows so far."""
        column = self._cells.finish()
        return LevelPiece(column.values, list(column.levels or ()))

    def finish(self) -> Column:
        """The whole column, in which everything is missing, or a word for that."""
        earlier = self.earlier()
        if not _ABSENT.issuperset(earlier.levels):
            cells = [earlier.levels[code] for code in earlier.codes[:SAMPLE_LINES].tolist() if code >= 0]
            words = collector(kind := guess_text_type(cells))
            words.add(as_kind(earlier, kind), 0.0)
            return words.finish()
        rows = len(earlier)
        taker = collector("numeric")
        taker.add(NumberPiece(np.zeros(rows, np.uint8), np.ones(rows, bool)), 0.0)
        return taker.finish()


class WidenedCollector:
    """A column that texts have made one of texts.

    Parameters
    ----------
    kind : str
        ``"enum"`` or ``"string"``.
    before : Collector
        Its rows as they had been read.

    Attributes
    ----------
    again : int
        So many first rows have to be read again, as texts.
    rows : int
    """

    def __init__(self, kind: str, before: Collector, rows: int) -> None:
        self.kind, self.rows, self.again = kind, rows, rows
        self._before: Collector = before
        self._later: list[tuple[int, Any]] = []
        self._read_again: list[Any] = []
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes collected so far."""
        return self._before.nbytes + self._bytes

    def takes(self, piece: Piece | Array) -> bool:
        """Any piece will do."""
        return True

    def add(self, piece: Piece | Array, share: float) -> None:
        """Append the rows of one block."""
        if isinstance(piece, (NumberPiece, np.ndarray)) or (isinstance(piece, TextPiece) and piece.ids):
            self.again = self.rows + len(piece)
        self._later.append((self.rows, piece))
        self.rows += len(piece)
        self._bytes += size_of(piece)

    def add_again(self, piece: Piece | Array) -> None:
        """Append rows that were read again."""
        self._read_again.append(piece)

    def finish(self) -> Column:
        """The whole column; rows that could not be read again are written from their numbers."""
        first: list[Any]
        if self._read_again or not self.again:
            first = self._read_again
            later = [piece for start, piece in self._later if start >= self.again]
        else:
            first, later = [_written(self._before.finish())], [piece for _, piece in self._later]
        taker = collector(self.kind)
        for piece in (*first, *later):
            if isinstance(piece, (NumberPiece, np.ndarray)):
                numbers = collector("numeric")
                numbers.add(piece, 0.0)
                piece = _written(numbers.finish())
            taker.add(as_kind(piece, self.kind), 0.0)
        return taker.finish()


def as_kind(piece: Piece, kind: str) -> Piece:
    """A piece of texts or categories as the other of them."""
    if kind in ("string", "uuid"):
        return text_piece(piece) if isinstance(piece, LevelPiece) else piece
    return level_piece(piece) if isinstance(piece, TextPiece) else piece


def first_values(piece: LevelPiece) -> list[str]:
    """The first cells of a piece that tell something about the type."""
    told = np.array([*(level not in NOTHING_WORDS for level in piece.levels), False])
    codes = piece.codes[told[piece.codes]][:SAMPLE_LINES]
    return [piece.levels[code] for code in codes.tolist()]


def size_of(piece: Any) -> int:
    """Bytes that a piece takes, nearly."""
    if isinstance(piece, TextPiece):
        return int(piece.cells.nbytes)
    return int(piece.nbytes if isinstance(piece, np.ndarray) else 0) or len(piece)


def _written(column: Column) -> TextPiece:
    """Numbers or times as the texts that stand for them."""
    import pyarrow as pa

    return TextPiece(pa.array(column.texts().tolist(), pa.string()))
