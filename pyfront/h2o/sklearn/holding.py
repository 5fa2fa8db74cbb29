"""Models that belong to estimators: they go away with the last of the objects that hold them."""

from __future__ import annotations

import weakref
from collections import Counter
from typing import Any

from heavywater.session import Session

from ..backend.connection import session
from .sharing import begin_session

_holders: weakref.WeakKeyDictionary[Session, Counter[str]] = weakref.WeakKeyDictionary()


def _held(here: Session) -> Counter[str]:
    return _holders.setdefault(here, Counter())


class Held:
    """A model of the session, removed from it when nothing holds it any more. Pickled, it carries its model file.

    Parameters
    ----------
    model : H2ODeepLearningEstimator
        Trained, and known to nobody else.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self._hold()

    def __getstate__(self) -> dict[str, Any]:
        return {"kind": type(self.model), "state": self.model.__getstate__()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        begin_session()
        before = session().objects.keys("model")
        self.model = state["kind"].__new__(state["kind"])
        self.model.__setstate__(state["state"])
        key = str(self.model.key)
        if key not in before or _held(session())[key]:  # else somebody has loaded it himself, and keeps it
            self._hold()

    def _hold(self) -> None:
        here, key = session(), str(self.model.key)
        if not _held(here)[key]:
            here.objects.own(key)
        _held(here)[key] += 1
        weakref.finalize(self.model, _release, weakref.ref(here), key).atexit = False


def _release(here: weakref.ref[Session], key: str) -> None:
    alive = here()
    if alive is None:
        return
    _held(alive)[key] -= 1
    if _held(alive)[key] <= 0:
        del _held(alive)[key]
        alive.let_go([key])
