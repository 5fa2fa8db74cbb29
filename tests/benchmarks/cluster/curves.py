"""Error against rows of many members, in one process: `averaging.Together`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..averaging import Plan, Together, chosen, prepared_net
from .nets import Net

Curve = list[tuple[int, float]]

LOOKS = 60  # at the error, on the way to the last row; as often again in the first tenth


def looks(total: int) -> Iterator[int]:
    """Rows after which the error is looked at."""
    for k in range(1, 11):
        yield total * k // 100
    for k in range(LOOKS // 10, LOOKS + 1):
        yield total * k // LOOKS


def curve(
    net: Net, members: int, rows: int, seed: int, *, total: int, until: float
) -> Iterator[tuple[int, float]]:
    """Rows of all and per cent of test errors, on and on; until an error is reached twice in a row.

    Parameters
    ----------
    rows : int
        Of each member, between two meetings.
    total : int
        Rows of all, at most.
    """
    prepared, sample = prepared_net(net.name, seed, **net.parameters)
    marks, reached = looks(total), 0
    mark = next(marks)
    with Together(
        prepared, Plan(members, rows, total, chosen("guided", net.name, members, rows))
    ) as together:
        for visited in together.run():
            if visited < mark:
                continue
            while mark <= visited:
                mark = next(marks, total + visited)
            error = 100 * together.score(sample)
            yield visited, error
            reached = reached + 1 if error <= until else 0
            if reached == 2:
                return


def rows_to(points: Sequence[tuple[int, float]], error: float) -> float | None:
    """Rows after which an error was first reached, between two looks in a straight line; None where it was not."""
    before = (0, 90.0)
    for rows, found in points:
        if found <= error:
            share = (before[1] - error) / max(before[1] - found, 1e-9)
            return before[0] + share * (rows - before[0])
        before = rows, found
    return None
