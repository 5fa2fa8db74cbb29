"""Frames as files: downloads, exports, saved frames."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from ..node.frame_text import text_in_pieces
from .calls import Call, takes
from .frame_json import frames_object
from .frame_requests import facts_of
from .job_requests import started
from .replies import Json, meta


@takes("frame_id hex_string escape_quotes")
def download(call: Call) -> Response:
    """A frame as comma-separated text, piece by piece."""
    name = call.needed("frame_id")
    facts_of(call, name)
    layout = {"blank_lines": True, "hexadecimal": call.flag("hex_string")}
    return StreamingResponse(
        text_in_pieces(call.session, name, "milliseconds", layout),
        media_type="application/octet-stream;charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={quote(name)}.csv"},
    )


def export(call: Call) -> Json:
    """A frame is written on the node's disk."""
    name, kind = facts_of(call, call.parts["id"])["frame"], call.text("format", "csv")
    compression = call.text("compression")
    layout = {
        "format": kind,
        "separator": chr(call.whole("separator", 44)),
        "header": call.flag("header", True),
        "quote_header": call.flag("quote_header", True),
        "compression": None if compression in ("none", "NONE") and kind == "csv" else compression,
        "parts": call.whole("num_parts", 1),
        "checksum": call.flag("write_checksum", True),
    }
    job = call.session.files.export_frame(
        name,
        call.needed("path"),
        call.flag("force"),
        layout=layout,
        adjust_from_zone=call.flag("tz_adjust_from_local"),
    )
    return frames_object(None, job=started(call, job))


@takes("frame_id dir force")
def save(call: Call) -> Json:
    """A frame is saved in a folder of the node's disk."""
    folder, force = call.needed("dir"), call.flag("force", True)
    name = facts_of(call, call.parts["id"])["frame"]
    job = call.session.files.save_frame(name, folder, force)
    return _saved("FrameSaveV3", folder, force, started(call, job))


@takes("frame_id dir force")
def load(call: Call) -> Json:
    """A frame that was saved."""
    folder, force = call.needed("dir"), call.flag("force", True)
    job = call.session.files.load_frame(call.needed("frame_id"), folder, force)
    return _saved("FrameLoadV3", folder, force, started(call, job))


def _saved(schema: str, folder: str, force: bool, job: Json) -> Json:
    return {"__meta": meta(schema), "_exclude_fields": "", "dir": folder, "force": force, "job": job}


ROUTES = {
    "GET /3/DownloadDataset": download,
    "GET /3/DownloadDataset.bin": download,
    "POST /3/Frames/{id}/export": export,
    "POST /3/Frames/{id}/save": save,
    "POST /3/Frames/load": load,
}
