"""Raw files: which ones there are to import, and those that clients send."""

from __future__ import annotations

import os

from ...errors import HeavywaterError, ParseError
from ..raw_files import RawFiles, key_of
from .calls import Call
from .replies import Json, Refused, meta

NOT_FOUND = "water.exceptions.H2ONotFoundArgumentException"


def import_files(call: Call) -> Json:
    """The files that one path means."""
    path, pattern = call.needed("path"), call.text("pattern")
    return {
        "__meta": meta("ImportFilesV3", "ImportFiles"),
        "_exclude_fields": "",
        "path": path,
        "pattern": call.values.get("pattern"),
        **_found(call, [path], pattern),
    }


def import_files_multi(call: Call) -> Json:
    """The files that several paths mean."""
    paths, pattern = [str(each) for each in call.items("paths")], call.text("pattern")
    return {
        "__meta": meta("ImportFilesMultiV3", "ImportFilesMulti"),
        "_exclude_fields": "",
        "paths": paths,
        "pattern": call.values.get("pattern"),
        **_found(call, paths, pattern),
    }


def _found(call: Call, paths: list[str], pattern: str | None) -> Json:
    files: list[str] = []
    fails: list[str] = []
    error: HeavywaterError | None = None
    for path in paths:
        try:
            files += call.session.files.find(path, pattern)
        except ParseError as failure:
            fails.append(path)
            error = failure
    if not files:
        raise Refused(404, str(error or "paths: give at least one file"), NOT_FOUND)
    whole = [each if "://" in each else os.path.abspath(each) for each in files]
    return {
        "files": whole,
        "destination_frames": [key_of(each) for each in whole],
        "fails": fails,
        "dels": [],
    }


def post_file(call: Call) -> Json:
    """A file that the client sends."""
    if call.upload is None:
        raise Refused(
            400, "there is no file in the request: send its bytes as the body, or as a part of a form"
        )
    name = call.node.kept(RawFiles).put(call.upload.path, call.text("destination_frame"))
    return {"destination_frame": name, "total_bytes": call.upload.size}


ROUTES = {
    "GET /3/ImportFiles": import_files,
    "POST /3/ImportFiles": import_files,
    "POST /3/ImportFilesMulti": import_files_multi,
    "POST /3/PostFile": post_file,
    "POST /3/PostFile.bin": post_file,
}
