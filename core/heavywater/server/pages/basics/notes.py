"""What is said on the page that follows a form: kept at the node, since a text in an address could come from anybody."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

_MOST = 200


@dataclass(frozen=True)
class Note:
    """What has been done, and what the session warned of meanwhile.

    Parameters
    ----------
    text : str
    warnings : list of str
    kind : str
        ``done`` or ``wrong``.
    """

    text: str
    warnings: list[str] = field(default_factory=list)
    kind: str = "done"


class Notes:
    """The notes that were not shown yet."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Note] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, note: Note) -> str:
        """Keep a note; the word under which it is found."""
        word = secrets.token_urlsafe(9)
        with self._lock:
            self._kept[word] = note
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return word

    def take(self, word: str) -> Note | None:
        """The note of a word, once."""
        with self._lock:
            return self._kept.pop(word, None)
