"""What files hold, and their import: ``ParseSetup``, ``Parse``."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import InvalidArgument
from ...session.files import key_for_path
from ...session.values import Description
from ..node.raw_files import RawFiles
from .calls import Call, takes
from .job_requests import started
from .replies import Json, Refused, key, meta

_SETUP = (
    "source_frames parse_type separator single_quotes check_header number_columns column_names column_types skipped_columns "
    "force_col_types na_strings chunk_size custom_non_data_line_markers partition_by escapechar tz_adjust_to_local "
    "destination_frame decrypt_tool"
)
_CHUNK = 4 * 2**20  # bytes; H2O's clients send it back, here it means nothing
_TYPED = ("PARQUET", "ORC", "ARROW", "SVMLight")  # formats without separators and lines of names
_REMEMBERED = 1000


class ParseGuesses:
    """The types that `parse_setup` has guessed of files.

    Clients send all types back. Those that they have left alone are still guesses, which the whole file may overrule.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, ...], Sequence[str | None]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, sources: Sequence[str], types: Sequence[str | None]) -> None:
        """Remember the types of some files."""
        with self._lock:
            self._known[tuple(sources)] = types
            self._known.move_to_end(tuple(sources))
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def open(self, sources: Sequence[str], types: Sequence[Any]) -> list[Any]:
        """The types, with None where they are what was guessed."""
        guessed = self._known.get(tuple(sources), ())
        if len(guessed) != len(types):
            return list(types)
        return [
            None if guess is not None and str(kind).lower() == guess.lower() else kind
            for kind, guess in zip(types, guessed, strict=True)
        ]


@takes(
    _SETUP
    + " header_lines data column_name_filter column_offset column_count warnings total_filtered_column_count"
)
def parse_setup(call: Call) -> Json:
    """What an import would do with the files."""
    sources = _sources(call)
    found = call.session.files.parse_setup(_locations(call, sources), options=_options(call))
    call.node.kept(ParseGuesses).note(sources, found["guessed_types"])
    names: list[str] = found["column_names"]
    shown, count = _shown_columns(call, names)
    named = found["check_header"] == 1 or found["parse_type"] not in ("CSV", "SVMLight")
    return {
        "__meta": meta("ParseSetupV3", "ParseSetup"),
        "_exclude_fields": "",
        "source_frames": [key(each, "Frame") for each in sources],
        **_told(found),
        "column_names": [names[i] for i in shown] if named or call.texts("column_names") else None,
        "column_types": [found["column_types"][i] for i in shown],
        "column_name_filter": call.text("column_name_filter"),
        "column_offset": call.whole("column_offset", 0),
        "column_count": call.whole("column_count", 0),
        "destination_frame": _free_key(call, _proposed(call, sources[0], found["destination_frame"])),
        "header_lines": 0,
        "data": found.get("first_rows"),
        "warnings": None,
        "total_filtered_column_count": count,
        "decrypt_tool": None,
        "escapechar": ord(found["escapechar"]) if found["escapechar"] else 0,
        "tz_adjust_to_local": found["tz_adjust_to_local"],
    }


def _shown_columns(call: Call, names: Sequence[str]) -> tuple[list[int], int]:
    """Which columns are told, where the web interface pages through them or looks for a name; and how many there are to page."""
    part = call.text("column_name_filter") or ""
    found = [i for i, name in enumerate(names) if part.lower() in name.lower()]
    first, count = max(0, call.whole("column_offset", 0)), call.whole("column_count", 0)
    return found[first : first + count if count > 0 else None], len(found)


def _told(found: Description) -> Json:
    """What both answers have in common."""
    return {
        "parse_type": found["parse_type"],
        "separator": found["separator"],
        "single_quotes": found["single_quotes"],
        "check_header": found["check_header"],
        "number_columns": found["number_columns"],
        "column_types": found["column_types"],
        "skipped_columns": found["skipped_columns"],
        "na_strings": found["na_strings"],
        "force_col_types": found["force_col_types"],
        "custom_non_data_line_markers": found["custom_non_data_line_markers"],
        "partition_by": found["partition_by"],
        "chunk_size": _CHUNK,
    }


@takes(_SETUP + " domains delete_on_done blocking")
def parse(call: Call) -> Json:
    """Import files into a frame."""
    sources, options = _sources(call), _options(call)
    if options["types"] is not None:
        options["types"] = call.node.kept(ParseGuesses).open(sources, options["types"])
    if call.text("parse_type") in _TYPED:
        options |= {"separator": None, "header": 0, "escape": None}
        if call.text("parse_type") == "SVMLight":
            options |= {"names": None, "types": None}
    destination = call.needed("destination_frame")
    job = call.session.files.import_files(_locations(call, sources), destination, options=options)
    if call.flag("delete_on_done", True):
        _forget_when_read(call, sources, job["job"])
    if call.flag("blocking"):
        call.session.jobs.wait(job["job"], 1e9)
    return {
        "__meta": meta("ParseV3"),
        "_exclude_fields": "",
        "destination_frame": key(destination, "Frame"),
        "source_frames": [key(each, "Frame") for each in sources],
        "parse_type": call.text("parse_type"),
        "separator": call.whole("separator", 0),
        "single_quotes": call.flag("single_quotes"),
        "check_header": call.whole("check_header", 0),
        "number_columns": call.whole("number_columns", 0),
        "column_names": call.texts("column_names") or None,
        "column_types": call.texts("column_types") or None,
        "skipped_columns": call.items("skipped_columns") or None,
        "force_col_types": call.flag("force_col_types"),
        "domains": None,
        "na_strings": call.items("na_strings") or None,
        "chunk_size": call.whole("chunk_size", _CHUNK),
        "delete_on_done": call.flag("delete_on_done", True),
        "blocking": call.flag("blocking"),
        "decrypt_tool": None,
        "custom_non_data_line_markers": call.text("custom_non_data_line_markers"),
        "partition_by": call.texts("partition_by") or None,
        "job": started(call, job),
        "rows": 0,
        "tz_adjust_to_local": call.flag("tz_adjust_to_local"),
        "escapechar": call.whole("escapechar", 0),
    }


@takes("source_frames destination_frame")
def parse_svmlight(call: Call) -> Json:
    """Import files of sparse rows into a frame."""
    sources = _sources(call)
    locations = _locations(call, sources)
    found = call.session.files.parse_setup(locations)
    if found["parse_type"] != "SVMLight":
        raise InvalidArgument(f"source_frames: {sources[0]!r} holds no sparse rows but {found['parse_type']}")
    made = _proposed(call, sources[0], found["destination_frame"])
    destination = call.text("destination_frame") or _free_key(call, made)
    job = call.session.files.import_files(locations, destination)
    _forget_when_read(call, sources, job["job"])
    return started(call, job)


def _forget_when_read(call: Call, sources: Sequence[str], job: str) -> None:
    """Files that were sent go when they have been read, or could not be."""
    raw, jobs = RawFiles(call.node, call.session.client), call.session.jobs
    sent = [each for each in sources if raw.is_sent(each)]
    if not sent:
        return

    def forget() -> None:
        jobs.wait(job, threading.TIMEOUT_MAX)
        for each in sent:
            raw.remove(each)

    threading.Thread(target=forget, name="raw files", daemon=True).start()


def _sources(call: Call) -> list[str]:
    call.needed("source_frames")
    for name, what in (
        ("decrypt_tool", "no file is decrypted"),
        ("domains", "levels are those of the files"),
    ):
        if call.items(name) not in ([], ["NULL"]):  # R's client sends NULL
            raise Refused(412, f"{name} cannot be set here: {what}")
    given = call.values["source_frames"]
    if isinstance(given, list):  # as JSON, where a key may be an object
        return [str(each.get("name") if isinstance(each, Mapping) else each) for each in given]
    return call.texts("source_frames")


def _locations(call: Call, sources: Sequence[str]) -> list[str]:
    raw = RawFiles(call.node, call.session.client)
    return [raw.location(each) for each in sources]


def _options(call: Call) -> dict[str, Any]:
    """What the client says of the files, see `heavywater.frame.importing.options.Options`."""
    return {
        "separator": _character(call, "separator"),
        "header": call.whole("check_header", 0),
        "names": call.texts("column_names") or None,
        "types": call.texts("column_types") or None,
        "na_strings": _na_strings(call),
        "skipped": call.wholes("skipped_columns") or None,
        "quote": "'" if call.flag("single_quotes") else None,
        "escape": _character(call, "escapechar"),
        "markers": call.values.get("custom_non_data_line_markers"),
        "force_types": call.flag("force_col_types"),
        "partition_by": call.texts("partition_by"),
        "adjust_to_zone": call.flag("tz_adjust_to_local"),
    }


def _character(call: Call, name: str) -> str | None:
    code = call.whole(name, 0)
    if not 0 <= code < 0x110000:
        raise InvalidArgument(f"{name}={code} must be the number of a character")
    return chr(code) if code else None


def _na_strings(call: Call) -> list[Any] | None:
    given = call.items("na_strings")
    if any(isinstance(each, list) for each in given):
        return [[str(text) for text in each or ()] for each in given]
    return [str(each) for each in given] or None


def _proposed(call: Call, source: str, made: str) -> str:
    """Key of the frame: of the file's name, or of the key under which the file was sent; in H2O's spelling, without points."""
    if re.fullmatch("upload_[0-9a-f]+", source):
        return f"Key_Frame__{source}.hex"
    sent = RawFiles(call.node, call.session.client).is_sent(source)
    return (key_for_path(source) if sent else made).removesuffix(".hex").replace(".", "_") + ".hex"


def _free_key(call: Call, wanted: str) -> str:
    """A key that nothing has: H2O puts a number before the ending."""
    taken = set(call.session.objects.keys())
    stem, name, number = wanted.removesuffix(".hex"), wanted, 0
    while name in taken:
        number += 1
        name = f"{stem}{number}.hex"
    return name


ROUTES = {
    "POST /3/ParseSetup": parse_setup,
    "POST /3/Parse": parse,
    "POST /3/ParseSVMLight": parse_svmlight,
}
