"""Objects as parts of an address: most keys are readable there, others have a digest in their place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import quote

from ....errors import NotFound

_READABLE = re.compile(r"[^/\\~\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*")
_LONGEST = 200  # bytes of a key that stands there as it is
_DOTS = (".", "..")


def address(key: str) -> str:
    """The part of an address that stands for a key.

    Parameters
    ----------
    key : str

    Returns
    -------
    str
        The key, quoted; of one that no address can hold (long, or with a slash), ``~`` and a digest.
    """
    raw = key.encode("utf-8", "surrogatepass")
    if len(raw) > _LONGEST or key in _DOTS or not _READABLE.fullmatch(key):
        return f"~{hashlib.sha256(raw).hexdigest()[:32]}"
    return quote(raw, safe="")


def key_at(part: str, keys: Iterable[str], kind: str) -> str:
    """The key that a part of an address, already unquoted, stands for.

    Parameters
    ----------
    part : str
    keys : iterable of str
        Those there are.
    kind : str
        Of object, for the message.

    Raises
    ------
    NotFound
        None of the keys is meant.
    """
    known = list(keys)
    if part in known and not part.startswith("~"):
        return part
    if part.startswith("~"):
        for key in known:
            if address(key) == part:
                return key
    raise NotFound(f"no {kind} {part!r}: it was removed, or never was")
