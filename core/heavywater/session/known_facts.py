"""What a client knows of its temporary frames without asking the node: they never change, but may go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..frame.language.expressions import Ref
from .values import Facts

MOST_NAMES = 1000  # columns of a frame whose facts come with an answer, or are kept
_MOST = 10_000  # frames
_CHANGES = re.compile(r"\((assign|tmp=|rm|rename|append|setDomain)\b")
_ENDS = ("objects.remove", "objects.remove_all", "cluster.close")


class KnownFacts:
    """Facts about temporary frames of one client.

    Nobody but this client gives them another content or lets them go; where somebody removes all there is, that is found out with
    the next operation on such a frame. There is no lock: finalizers, which come at any place, forget frames.
    """

    def __init__(self) -> None:
        self._facts: dict[str, Facts] = {}

    def of(self, key: str) -> Facts | None:
        """The facts about a frame, None where they are not known."""
        found = self._facts.get(key)
        return None if found is None else Facts(**found)

    def asking(self, operation: str, arguments: dict[str, Any]) -> None:
        """Forget what an operation may change."""
        text = arguments.get("text", "") if operation == "frames.rapids" else ""
        if operation in _ENDS or (text and _CHANGES.search(text)):
            self.forget_all()
        elif operation == "objects.release":
            self.forget(arguments["keys"])

    def told(self, operation: str, reply: dict[str, Any], client: str) -> None:
        """Take in what an answer says of a frame."""
        value = reply.get("value")
        if operation in ("frames.facts", "frames.upload"):
            self._keep(value, client)
        elif isinstance(value, Ref) and "facts" in reply:
            self._keep(reply["facts"], client)

    def _keep(self, facts: Any, client: str) -> None:
        if not isinstance(facts, dict) or not str(facts["frame"]).endswith(f"_sid_{client}"):
            return
        if len(self._facts) >= _MOST:
            self._facts.clear()
        if len(facts["names"]) <= MOST_NAMES:
            self._facts[facts["frame"]] = Facts(**facts)  # type: ignore[typeddict-item]

    def forget(self, keys: Sequence[str]) -> None:
        """These frames go."""
        for key in keys:
            self._facts.pop(key, None)

    def forget_all(self) -> None:
        """Any frame may have changed, or gone."""
        self._facts.clear()
