"""Small texts that the web interface keeps at the node: ``NodePersistentStorage``."""

from __future__ import annotations

import re
import threading
import time
import uuid

from .calls import Call, takes
from .replies import Json, Refused, meta

_MOST = 64 * 2**20  # characters of all texts
_NAME = re.compile(r"[\w\-. ()&#,;@!~']{1,255}")


class Notebooks:
    """Texts by category and name, in the memory of the node."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], tuple[str, int]] = {}
        self._lock = threading.Lock()

    def put(self, category: str, name: str, text: str) -> None:
        """Keep a text, in the place of one of the same name.

        Raises
        ------
        Refused
            All texts together would be too long.
        """
        with self._lock:
            others = sum(len(each) for key, (each, _) in self._texts.items() if key != (category, name))
            if others + len(text) > _MOST:
                raise Refused(400, f"the texts kept here may have {_MOST} characters together; remove some")
            self._texts[category, name] = text, int(1000 * time.time())

    def get(self, category: str, name: str) -> str | None:
        """A text, None where there is none."""
        found = self._texts.get((category, name))
        return found and found[0]

    def remove(self, category: str, name: str) -> None:
        """Forget a text."""
        with self._lock:
            self._texts.pop((category, name), None)

    def entries(self, category: str) -> list[tuple[str, int, int]]:
        """Name, number of characters and time in ms of each text of a category."""
        with self._lock:
            return [(n, len(text), at) for (c, n), (text, at) in self._texts.items() if c == category]


def _named(call: Call, part: str) -> str:
    name = call.parts[part]
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise Refused(400, f"{part}={name!r} cannot be a name here")
    return name


def _answer(category: str | None = None, **members: object) -> Json:
    return {
        "__meta": meta("NodePersistentStorageV3"),
        "_exclude_fields": "",
        "category": category,
        "name": None,
        "value": None,
        "configured": False,
        "exists": False,
        "entries": None,
        **members,
    }


def configured(call: Call) -> Json:
    """Whether anything can be kept."""
    return _answer(configured=True)


def exists(call: Call) -> Json:
    """Whether there is a text."""
    category, name = _named(call, "category"), _named(call, "name")
    found = call.node.kept(Notebooks).get(category, name)
    return _answer(category, name=name, exists=found is not None)


def category_exists(call: Call) -> Json:
    """Whether there is any text of a category."""
    category = _named(call, "category")
    return _answer(category, exists=bool(call.node.kept(Notebooks).entries(category)))


def entries(call: Call) -> Json:
    """The texts of a category."""
    category = _named(call, "category")
    found = [
        {
            "__meta": meta("NodePersistentStorageEntryV3"),
            "category": category,
            "name": name,
            "size": size,
            "timestamp_millis": at,
        }
        for name, size, at in call.node.kept(Notebooks).entries(category)
    ]
    return _answer(category, entries=found)


def get(call: Call) -> Json:
    """A text."""
    category, name = _named(call, "category"), _named(call, "name")
    found = call.node.kept(Notebooks).get(category, name)
    if found is None:
        kind = "water.exceptions.H2ONotFoundArgumentException"
        raise Refused(404, f"there is no {name!r} in {category!r}", kind)
    return _answer(category, name=name, value=found)


@takes("value")
def put(call: Call) -> Json:
    """Keep a text, under a name of the client's or one that is made up."""
    category = _named(call, "category")
    name = _named(call, "name") if "name" in call.parts else str(uuid.uuid4())
    text = str(call.values.get("value") or "")
    call.node.kept(Notebooks).put(category, name, text)
    return _answer(category, name=name, value=text)


def remove(call: Call) -> Json:
    """Forget a text."""
    category, name = _named(call, "category"), _named(call, "name")
    call.node.kept(Notebooks).remove(category, name)
    return _answer(category, name=name)


ROUTES = {
    "GET /3/NodePersistentStorage/configured": configured,
    "GET /3/NodePersistentStorage/categories/{category}/names/{name}/exists": exists,
    "GET /3/NodePersistentStorage/categories/{category}/exists": category_exists,
    "GET /3/NodePersistentStorage/{category}": entries,
    "POST /3/NodePersistentStorage/{category}": put,
    "GET /3/NodePersistentStorage/{category}/{name}": get,
    "POST /3/NodePersistentStorage/{category}/{name}": put,
    "DELETE /3/NodePersistentStorage/{category}/{name}": remove,
}
