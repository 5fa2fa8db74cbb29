"""How far an import is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .sources import Source


class Meter:
    """How much of all sources has been read.

    Parameters
    ----------
    sources : sequence of Source
    report : callable
        Told the share, 0 to 1.
    """

    def __init__(self, sources: Sequence[Source], report: Callable[[float], None]) -> None:
        known = [source.size for source in sources]
        total = sum(size or 0 for size in known)
        # Sources count by their sizes; where these are not known before they are opened, all alike.
        all_known = total > 0 and None not in known
        self._weights = [(s or 0) / total if all_known else 1 / len(known) for s in known]
        self._report = report
        self._before, self._number = 0.0, 0
        self._size: int | None = None
        self._seen = 0
        self.share = 0.0

    def begin(self, number: int, size: int | None) -> None:
        """Go on to a source of this number and of this many bytes, None if unknown."""
        self._before, self._number = sum(self._weights[:number]), number
        self._size, self._seen = size, 0

    def advance(self, count: int) -> None:
        """So many more bytes of the source have been read."""
        self._seen += count
        self.reach(self._seen / self._size if self._size else 0.0)

    def reach(self, fraction: float) -> None:
        """Note that this fraction of the source has been read."""
        self.share = min(1.0, self._before + self._weights[self._number] * min(1.0, fraction))
        self._report(self.share)
