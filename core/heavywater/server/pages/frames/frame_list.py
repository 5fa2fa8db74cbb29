"""The list of frames."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from ....errors import HeavywaterError
from ..basics.addresses import address
from ..basics.asking import PageCall
from ..basics.paging import order_of, ordered, part_of, query
from ..jobs.job_answers import after_job

SHOWN = 100  # at a time
_TEMPORARY = re.compile(r".*_sid_\w+")  # keys that clients, ours and H2O's own, give to what they do not keep


@dataclass(frozen=True)
class _Line:
    """What the list shows of a frame; of one whose rows lie on nodes `parts` says on how many."""

    key: str
    rows: int
    columns: int
    size: int
    parts: int = 0

    @property
    def is_temporary(self) -> bool:
        return not is_lasting(self.key)


def is_lasting(key: str) -> bool:
    """Whether a frame has a name that somebody gave it."""
    return _TEMPORARY.fullmatch(key) is None


_SORTED = {"stored": None, "name": "key", "rows": "rows", "columns": "columns", "size": "size"}


def frame_list(call: PageCall) -> Response:
    """The frames with their sizes, a part of them at a time; temporary ones of clients where that is asked for."""
    every = _lines(call)
    temporary = sum(each.is_temporary for each in every)
    shows_temporary, sought = call.flag("temporary"), call.text("search").casefold()
    chosen = [
        each for each in every if sought in each.key.casefold() and (shows_temporary or not each.is_temporary)
    ]
    order = order_of(call, _SORTED)
    field = _SORTED[order.by]
    if field is None:
        chosen = chosen[::-1] if not order.descending else chosen  # the newest one first
    else:
        chosen = ordered(chosen, lambda each: _comparable(getattr(each, field)), order.descending)
    part = part_of(call, len(chosen), SHOWN)
    return call.page(
        "frames/frame_list.html",
        frames=chosen[part.first : part.first + part.count],
        part=part,
        order=order,
        total=len(every),
        temporary=temporary,
        shows_temporary=shows_temporary,
        switch=query(call, temporary=None if shows_temporary else 1, first=None),
        search=call.text("search"),
        here_query=query(call),
    )


def _comparable(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _lines(call: PageCall) -> list[_Line]:
    session = call.session
    known = {
        each["frame_id"]["name"]: _Line(
            each["frame_id"]["name"], each["rows"], each["columns"], each["byte_size"]
        )
        for each in session.frames.described()
    }
    return [known[key] if key in known else _sharded(call, key) for key in session.objects.keys("frame")]


def _sharded(call: PageCall, key: str) -> _Line:
    told = call.session.frames.outline(key)
    return _Line(key, told["rows"], told["columns"], told["byte_size"], len(told["parts"]))


def remove(call: PageCall) -> Response:
    """Remove the frames that were ticked."""
    chosen, known = call.texts("frame"), set(call.session.objects.keys("frame"))
    gone = sum(call.session.objects.remove(key) for key in chosen if key in known)
    back = call.text("back")
    return call.see(
        f"frames{back}" if back.startswith("?") else "frames",
        f"{gone} removed" if gone else "No frame was ticked" if not chosen else "They were removed before",
        kind="done" if gone else "wrong",
    )


def load(call: PageCall) -> Response:
    """Load a frame that was saved into a folder of the node's disk."""
    key, folder = call.text("key"), call.text("folder")
    if not key or not folder:
        return call.see("frames", "Name the frame and the folder it was saved into", kind="wrong")
    try:
        started = call.session.files.load_frame(key, folder, force=call.flag("force"))
        return after_job(call, started, f"frames/{address(key)}", f"{key} was loaded")
    except HeavywaterError as error:
        return call.see("frames", str(error), kind="wrong")


ROUTES = {"GET /frames": frame_list, "POST /frames/remove": remove, "POST /frames/load": load}
