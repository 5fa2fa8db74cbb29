"""Whether there is memory for what is asked for, before it is begun."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from .errors import InvalidArgument

_GROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # versions 2 and 1


def memory() -> int | None:
    """Bytes of memory that this process may have: of the machine, its container or its own limit; None if nobody says."""
    found = []
    with contextlib.suppress(AttributeError, OSError, ValueError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for path in _GROUPS:
        try:
            found.append(int(Path(path).read_text(encoding="ascii")))  # "max" where there is none
        except (OSError, ValueError):
            continue
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        found += [limit] if limit != resource.RLIM_INFINITY else []
    except (ImportError, OSError, ValueError):
        pass
    return min((each for each in found if each > 0), default=None)


def need_room(needed: float, what: str, remedy: str, there: int | None = None) -> None:
    """Refuse what there is no memory for.

    Parameters
    ----------
    needed : float
        Bytes at least.
    what : str
        Begins the message.
    remedy : str
        What ends it: a sentence without a period.
    there : int, optional
        What `memory` has said before.

    Raises
    ------
    InvalidArgument
    """
    there = memory() if there is None else there
    if needed > (2**62 if there is None else there):
        raise InvalidArgument(
            f"{what} would need at least {needed / 2**30:,.1f} GB of memory; "
            f"there {'is less' if there is None else f'are {there / 2**30:.1f} GB'}. {remedy}"
        )
