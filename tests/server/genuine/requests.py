"""What the client asked for in expressions, and of what kind the answers were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .library import expressions

_TEMPORARY = re.compile(r"py_\d+_sid_[0-9a-zA-Z]+")


def kind_of(answer: Any) -> str:
    """The kind of an answer, told as clients tell it: by what is there."""
    if "key" in answer:
        return f"frame {answer['num_rows']}x{answer['num_cols']}"
    if "string" in answer:
        return "list" if isinstance(answer["string"], list) else "string"
    if "funstr" in answer:
        return "function"
    if "map_keys" in answer:
        return "frames"
    return "list" if isinstance(answer["scalar"], list) else "scalar"


class Log:
    """The expressions of one call, temporaries by the order in which they were first named, and the kinds of answers."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.kinds: list[str] = []
        self._names: dict[str, str] = {}

    def note(self, text: str, answer: Any) -> None:
        """One expression."""
        self.sent.append(
            _TEMPORARY.sub(lambda m: self._names.setdefault(m[0], f"t{len(self._names) + 1}"), text)
        )
        self.kinds.append(kind_of(answer))


@contextmanager
def logged() -> Iterator[Log]:
    """A log of the expressions that are sent within; those that only remove temporaries do not count."""
    log, send = Log(), expressions.ExprNode.rapids

    def noted(text: str) -> Any:
        answer = send(text)
        if not text.startswith("(rm "):
            log.note(text, answer)
        return answer

    expressions.ExprNode.rapids = staticmethod(noted)
    try:
        yield log
    finally:
        expressions.ExprNode.rapids = staticmethod(send)
