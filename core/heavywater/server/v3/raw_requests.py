"""Raw files: which ones there are to import, and those that clients send."""

from __future__ import annotations

import os
from contextlib import suppress

from ...errors import HeavywaterError, InvalidArgument, ParseError
from ..node.raw_files import RawFiles, key_of
from .calls import Call, takes
from .replies import Json, Refused, meta

_MOST_COMPLETIONS = 1000
NOT_FOUND = "water.exceptions.H2ONotFoundArgumentException"


@takes("path pattern")
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


@takes("paths pattern")
def import_files_multi(call: Call) -> Json:
    """The files that several paths mean."""
    paths, pattern = call.texts("paths"), call.text("pattern")
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


@takes("destination_frame")
def post_file(call: Call) -> Json:
    """A file that the client sends."""
    if call.upload is None:
        raise Refused(
            400, "there is no file in the request: send its bytes as the body, or as a part of a form"
        )
    name = RawFiles(call.node, call.session.client).put(call.upload.path, call.text("destination_frame"))
    return {"destination_frame": name, "total_bytes": call.upload.size}


@takes("src limit")
def typeahead(call: Call) -> Json:
    """Files and folders whose path begins with what the user has typed."""
    start, limit = call.text("src"), call.whole("limit", 100)
    found: list[str] = []
    if start:
        with suppress(InvalidArgument):  # of what may not be named there is nothing to tell
            found = call.session.files.complete(start, min(limit, _MOST_COMPLETIONS))
    return {
        "__meta": meta("TypeaheadV3"),
        "_exclude_fields": "",
        "src": start,
        "limit": limit,
        "matches": found,
    }


ROUTES = {
    "GET /3/Typeahead/files": typeahead,
    "GET /3/ImportFiles": import_files,
    "POST /3/ImportFiles": import_files,
    "POST /3/ImportFilesMulti": import_files_multi,
    "POST /3/PostFile": post_file,
    "POST /3/PostFile.bin": post_file,
}
