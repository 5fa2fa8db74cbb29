"""Settings of a session, and its limit of memory."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..engine.threads import available as available_cores
from ..errors import InvalidArgument
from ..frame.frame import Frame
from ..room import memory, need_room
from .store import Store


@dataclass
class Settings:
    """What the clients of a session share beside its objects.

    Parameters
    ----------
    name : str
        Name of the "cluster" in status tables.
    nthreads : int
        Threads for import and training.
    max_mem_size : int, optional
        Bytes that frames and models may take together; None means no limit.
    """

    name: str
    nthreads: int
    max_mem_size: int | None = None
    time_zone: str = "UTC"
    start_time: float = field(default_factory=time.time)
    requests: int = 0  # expressions evaluated so far
    properties: dict[str, str] = field(default_factory=dict)


class Memory:
    """How much the stored frames take, and whether more may come.

    Parameters
    ----------
    store : Store
    settings : Settings
        Has the limit.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    def used(self) -> int:
        """Bytes of all stored frames; a column that several frames share counts once."""
        columns = {id(column): column for frame in self._store.frames() for column in frame.columns}
        return sum(column.nbytes for column in columns.values())

    def check(self, needed: int, purpose: str) -> None:
        """Refuse work that would go beyond ``max_mem_size``.

        Parameters
        ----------
        needed : int
            Bytes the work will take beside the stored frames.
        purpose : str
            For the message, such as ``"training"``.
        """
        if self._settings.max_mem_size is not None:
            self._compare(self.used(), needed, purpose)

    def admit(self, frame: Frame, key: str | None = None) -> str:
        """Store a frame that came from elsewhere, as bytes or in a file; its key.

        Parameters
        ----------
        frame : Frame
        key : str, optional
            Without one it is a temporary of the client.

        Raises
        ------
        InvalidArgument
            It would go beyond ``max_mem_size``, as an import that makes it.
        """
        if self._settings.max_mem_size is not None:
            self._compare(self.used(), frame.nbytes, "the import")
        return self._store.put_frame(frame, key)

    def _compare(self, used: int, needed: int, purpose: str) -> None:
        limit = self._settings.max_mem_size
        if limit is not None and used + needed > limit:
            raise InvalidArgument(
                f"{purpose} needs {needed / 2**20:.0f} MB beside the {used / 2**20:.0f} MB of stored frames; "
                f"max_mem_size is {limit / 2**20:.0f} MB. "
                "Remove frames, or call h2o.init with a larger limit"
            )

    def import_limit(self) -> Callable[[int], None]:
        """What refuses an import, while it runs, that would take so many bytes."""
        used = self.used()
        if self._settings.max_mem_size is None:
            there = memory()
            return lambda needed: need_room(
                used + needed, "the import", "Leave out columns (skipped_columns=)", there
            )
        return lambda needed: self._compare(used, needed, "the import")


_UNITS = {"": 2**30, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def thread_count(nthreads: Any) -> int:
    """Threads to use for what a user gives as ``nthreads``: -1 means all cores."""
    number = nthreads if isinstance(nthreads, int | float) and not isinstance(nthreads, bool) else 0
    if number != -1 and not (number >= 1 and number % 1 == 0):
        raise InvalidArgument(f"h2o.init: nthreads={nthreads!r} must be -1 (all cores) or a number from 1 on")
    return available_cores() if number == -1 else int(number)


def memory_size(value: float | str | None) -> int | None:
    """Bytes from a number of GB or a text such as ``"512m"`` or ``"4G"``.

    A number without a unit counts GB, and bytes from 2**20 on, as in H2O's client.
    """
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", str(value).strip().lower())
    if not found or isinstance(value, bool) or float(found[1]) <= 0:
        raise InvalidArgument(
            f"h2o.init: max_mem_size={value!r} must be a number of GB or have a unit, as '512m' or '4g'"
        )
    number = float(found[1])
    return int(number) if not found[2] and number >= 2**20 else int(number * _UNITS[found[2]])
