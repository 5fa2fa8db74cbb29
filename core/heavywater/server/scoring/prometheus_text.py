"""Numbers in the text form that Prometheus reads (exposition format 0.0.4)."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]


def number_text(value: float) -> str:
    """A number as Prometheus has it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(float(value))


def _quoted(text: str) -> str:
    plain = text.encode("utf-8", "replace").decode()
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def sample_line(name: str, labels: Labels, value: float) -> str:
    """One line: a name, labels, a number."""
    shown = ",".join(f'{label}="{_quoted(text)}"' for label, text in labels.items())
    return f"{name}{{{shown}}} {number_text(value)}\n" if shown else f"{name} {number_text(value)}\n"


def family(name: str, kind: str, help_text: str, samples: Iterable[tuple[Labels, float]]) -> str:
    """All lines of a number: what it is, and its values by labels; nothing where there are none.

    Parameters
    ----------
    name : str
    kind : str
        ``"counter"`` or ``"gauge"``.
    help_text : str
        One line.
    samples : iterable of (labels, value)
    """
    lines = [sample_line(name, labels, value) for labels, value in samples]
    return _head(name, kind, help_text) + "".join(lines) if lines else ""


def _head(name: str, kind: str, help_text: str) -> str:
    return f"# HELP {name} {help_text}\n# TYPE {name} {kind}\n"


class SecondsHistogram:
    """How many requests took how long.

    Parameters
    ----------
    bounds : sequence of float
        Upper bounds of the buckets, ascending; the last bucket has none.
    """

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = list(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count a request."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def lines(self, name: str, labels: Labels) -> str:
        """The lines of its buckets, its sum and its count."""
        total, lines = 0, []
        for bound, count in zip([*self._bounds, math.inf], self._counts, strict=True):
            total += count
            lines.append(sample_line(f"{name}_bucket", {**labels, "le": number_text(bound)}, total))
        lines.append(sample_line(f"{name}_sum", labels, self._sum))
        lines.append(sample_line(f"{name}_count", labels, total))
        return "".join(lines)


def histogram_family(name: str, help_text: str, members: Iterable[tuple[Labels, SecondsHistogram]]) -> str:
    """All lines of a number that is a histogram."""
    return _head(name, "histogram", help_text) + "".join(
        found.lines(name, labels) for labels, found in members
    )
