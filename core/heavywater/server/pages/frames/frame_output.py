"""Frames as files: downloads, exports to the node's disk, saved frames."""

from __future__ import annotations

from starlette.responses import Response, StreamingResponse

from ....errors import HeavywaterError
from ....session import JobHandle
from ...node.frame_text import text_in_pieces
from ..basics.addresses import address
from ..basics.asking import PageCall
from ..basics.attachments import attachment, file_answer
from ..jobs.job_answers import after_job

FORMATS = ("csv", "parquet")
_PARQUET = "application/vnd.apache.parquet"


def csv(call: PageCall) -> Response:
    """A frame as comma-separated text, streamed."""
    key = call.key("frame")
    return StreamingResponse(
        text_in_pieces(call.session, key),
        media_type="text/csv; charset=utf-8",
        headers=attachment(f"{_stem(key)}.csv"),
    )


def parquet(call: PageCall) -> Response:
    """A frame as a Parquet file."""
    session, key = call.session, call.key("frame")
    file = session.files.fresh("frame.parquet")
    try:
        started = session.files.export_frame(key, file, layout={"format": "parquet", "one_file": True})
        JobHandle(session, started).wait()
    except BaseException:
        session.files.discard(file)
        raise
    return file_answer(session, file, f"{_stem(key)}.parquet", _PARQUET)


def _stem(key: str) -> str:
    return key.removesuffix(".hex").removesuffix(".csv") or key


def export(call: PageCall) -> Response:
    """Write a frame on the node's disk."""
    key, path, kind = call.key("frame"), call.text("path"), call.text("format", "csv")
    here = f"frames/{address(key)}"
    if not path or kind not in FORMATS:
        return call.see(here, "Say where the frame is to be written", kind="wrong")
    layout = {"format": kind, "one_file": kind == "parquet"}
    try:
        started = call.session.files.export_frame(key, path, call.flag("force"), layout=layout)
        return after_job(call, started, here, f"{key} was written to {path}")
    except HeavywaterError as error:
        return call.see(here, str(error), kind="wrong")


def save(call: PageCall) -> Response:
    """Save a frame, to be loaded again by this or another node."""
    key, folder = call.key("frame"), call.text("folder")
    here = f"frames/{address(key)}"
    if not folder:
        return call.see(here, "Name the folder into which the frame is to be saved", kind="wrong")
    try:
        started = call.session.files.save_frame(key, folder, call.flag("force"))
        return after_job(call, started, here, f"{key} was saved in {folder}")
    except HeavywaterError as error:
        return call.see(here, str(error), kind="wrong")


ROUTES = {
    "GET /frames/{key}/csv": csv,
    "GET /frames/{key}/parquet": parquet,
    "POST /frames/{key}/export": export,
    "POST /frames/{key}/save": save,
}
