"""The first page: what runs, what there is, and a place to drop files."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from ... import __version__
from .asking import PageCall

_TEXT = (
    f"A node of heavywater {__version__}.\n\n"
    "Connect to it with h2o.init(url=...) in Python or R, or with H2O's own clients (h2o.connect(url=...)):\n"
    "url is the address under which you see this text. A browser shows its web interface there.\n"
)


def home(call: PageCall) -> Response:
    """Running jobs, the newest models, frames, memory and cores."""
    if "text/html" not in call.request.headers.get("accept", ""):
        return PlainTextResponse(_TEXT)
    session = call.session
    return call.page(
        "home.html",
        status=200,
        frames=session.frames.described(),
        models=session.objects.keys("model"),
        jobs=[each for each in session.jobs.known() if each["status"] == "RUNNING"],
        cluster=session.cluster.status(),
    )


ROUTES = {"GET /": home}
