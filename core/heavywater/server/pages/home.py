"""The first page: what runs, what there is, and a place to drop files."""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import PlainTextResponse, Response

from ... import __version__
from ...deeplearning.metrics.labels import label_of
from ...errors import NotFound
from ...session.values import Description
from ..node.guarded_session import GuardedSession
from .basics.asking import PageCall
from .cluster.cluster_pages import load_of
from .frames.frame_list import is_lasting
from .scores.metric_words import PARTS, main_metric, value_of

_TEXT = (
    f"A node of heavywater {__version__}.\n\n"
    "Connect to it with h2o.init(url=...) in Python or R, or with H2O's own clients (h2o.connect(url=...)):\n"
    "url is the address under which you see this text. A browser shows its web interface there.\n"
)
_NEWEST = 10


def home(call: PageCall) -> Response:
    """Running jobs, the newest models, frames, memory and cores."""
    if "text/html" not in call.request.headers.get("accept", ""):
        return PlainTextResponse(_TEXT)
    session = call.session
    models = [each for each in session.models.listed() if not each["fold_of"]]
    every = session.objects.keys("frame")
    frames = list(filter(is_lasting, every)) or every
    cluster = session.cluster.status()
    return call.page(
        "home.html",
        name=cluster["cloud_name"],
        nodes=cluster["nodes"],
        load=load_of(cluster),
        jobs=[each for each in reversed(session.jobs.known()) if each["status"] == "RUNNING"],
        models=[{**each, "metric": _metric(each)} for each in models[: -_NEWEST - 1 : -1]],
        all_models=len(models),
        frames=_newest(session, frames),
        all_frames=len(frames),
    )


def _newest(session: GuardedSession, keys: list[str]) -> list[Description]:
    """Size of the newest frames; some may go while they are looked at."""
    found = []
    for key in keys[: -_NEWEST - 1 : -1]:
        with suppress(NotFound):
            found.append(session.frames.outline(key))
    return found


def _metric(model: Description) -> tuple[str, float, str] | None:
    """The number by which a model is judged first: name, value, and of which rows."""
    name = main_metric(model["model_category"])
    for part in ("cross_validation", "validation", "training"):
        value = value_of(model["metrics"][part], name)
        if value is not None:
            return label_of(name), value, PARTS[part]
    return None


ROUTES = {"GET /": home}
