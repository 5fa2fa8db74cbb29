"""The token of a node: where it is read, and how it is shown."""

from __future__ import annotations

import os

from ..cluster.secret import SIZE, private_content
from ..errors import InvalidArgument

SHORTEST = 16  # characters
_LONGEST = 1024
HOW_TO_MAKE = f"Make one with 'umask 077; openssl rand -hex {SIZE} > FILE'"


def read_token(path: str | os.PathLike[str]) -> str:
    """The token in a file: one line of text.

    Raises
    ------
    InvalidArgument
        No such file, others may read or change it, or it holds no token.
    """
    content = private_content(path, "token_file", HOW_TO_MAKE, _LONGEST + 1)
    try:
        token = content.decode("ascii").strip()
    except ValueError:
        token = ""
    if not SHORTEST <= len(token) <= _LONGEST or not token.isprintable() or " " in token:
        raise InvalidArgument(
            f"token_file={os.fspath(path)!r} must hold one line of {SHORTEST} to {_LONGEST} printable ASCII characters "
            f"without blanks. {HOW_TO_MAKE}"
        )
    return token
