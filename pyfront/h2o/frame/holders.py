"""Who holds the temporary frames of a session: each is removed with the last object that does."""

from __future__ import annotations

import weakref
from collections import Counter

from heavywater.session import Session

_holders: weakref.WeakKeyDictionary[Session, Counter[str]] = weakref.WeakKeyDictionary()


def held_keys(session: Session) -> Counter[str]:
    """How many objects hold each temporary frame of a session."""
    return _holders.setdefault(session, Counter())


def release(session: weakref.ref[Session], key: str) -> None:
    """Let go of a temporary frame, which is removed when nobody else holds it."""
    alive = session()
    if alive is None or key not in held_keys(alive):  # nobody's, if it was given a name or removed
        return
    held_keys(alive)[key] -= 1
    if held_keys(alive)[key] == 0:
        held_keys(alive).pop(key, None)
        alive.let_go([key])
