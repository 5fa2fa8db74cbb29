"""The list of frames."""

from __future__ import annotations

from starlette.responses import Response

from .addresses import key_at
from .asking import PageCall


def frames(call: PageCall) -> Response:
    """All frames with their size."""
    return call.page("frames.html", frames=call.session.frames.described())


def remove(call: PageCall) -> Response:
    """Remove the frames that were ticked."""
    keys = call.session.objects.keys("frame")
    chosen = [key_at(each, keys, "frame") for each in call.texts("frame")]
    for key in chosen:
        call.session.objects.remove(key)
    return call.see(
        "frames",
        f"{len(chosen)} removed" if chosen else "No frame was ticked",
        kind="done" if chosen else "wrong",
    )


ROUTES = {"GET /frames": frames, "POST /frames/remove": remove}
