"""The page that shows what is in files before they are read, where separator, names and types can be changed."""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from ....errors import HeavywaterError, InvalidArgument, NotFound
from ....session.files import key_for_path
from ....session.values import Description
from ...node.guarded_session import GuardedSession
from ..basics.addresses import address
from ..basics.asking import PageCall
from .import_drafts import ImportDraft, ImportDrafts
from .setup_columns import (
    PAGE,
    SEPARATORS,
    TYPES,
    for_file,
    matching,
    said_of_layout,
    separator_label,
    shown_columns,
    take_columns,
    take_layout,
    with_columns,
)

_AT_ONCE = 0.5  # seconds that an import may take before its job is shown
_FILES = 20  # that are named


def setup_page(call: PageCall) -> Response:
    """What an import would do with the files."""
    draft = _draft(call)
    found, error, warnings = _looked(call.session, draft)
    names: list[str] = found["column_names"] if found else []
    part = call.values.get("find", "")
    places = matching(draft, names, part)
    first = min(call.count("first", 0), max(0, len(places) - 1)) // PAGE * PAGE
    chosen = draft.destination or (_proposed(call.session, draft, found) if found else "")
    return call.page(
        "importing/import_setup.html",
        draft=draft,
        said=said_of_layout(draft),
        files=draft.files[:_FILES],
        found=found,
        error=error,
        warnings=warnings,
        columns=shown_columns(draft, found, places[first : first + PAGE]) if found else [],
        first=first,
        step=PAGE,
        total=len(places),
        find=part,
        separators=SEPARATORS,
        separator=separator_label(found) if found else "",
        types=TYPES,
        destination=chosen,
        replaces=chosen in call.session.objects.keys("frame"),
        further=not draft.layout.keys() <= {"separator", "header", "na_strings"},
        importing=_runs(call.session, draft),
    )


def _draft(call: PageCall) -> ImportDraft:
    found = call.node.kept(ImportDrafts).of(call.parts["draft"])
    if not found.files:
        raise NotFound("no file has arrived for this import")
    return found


def _runs(session: GuardedSession, draft: ImportDraft) -> bool:
    return any(session.jobs.state(job)["status"] == "RUNNING" for job in draft.jobs)


def _looked(session: GuardedSession, draft: ImportDraft) -> tuple[Description | None, str, list[str]]:
    """What was found in the files, why an import would fail, and what was warned of.

    Columns are shown as the files have them even where what was said of them cannot be.
    """
    try:
        found, warnings = draft.setup(session, dict(draft.layout))
    except HeavywaterError as error:
        return None, draft.wording(str(error)), []
    draft.fit(len(found["column_names"]))
    try:
        _, warnings = draft.setup(session, with_columns(draft))
    except HeavywaterError as error:
        return found, draft.wording(str(error)), warnings
    return found, "", warnings


def _proposed(session: GuardedSession, draft: ImportDraft, found: Description) -> str:
    return session.objects.fresh_key(found["destination_frame"])


def change(call: PageCall) -> Response:
    """Note what the form says; then show the files again, or import them."""
    with _draft(call).lock:
        return _changed(call, _draft(call))  # which another request may have ended while this one waited


def _changed(call: PageCall, draft: ImportDraft) -> Response:
    if _runs(call.session, draft):
        raise InvalidArgument("these files are being imported already: wait for the end of the job")
    said = draft.said()
    before, _, _ = _looked(call.session, draft)
    if before is not None:  # what the page has shown, of which the form says what is to be different
        take_columns(call, draft, before)
    take_layout(call, draft)
    if (
        call.text("do") or draft.said() != said
    ):  # else what was typed before comes late, and nobody has seen the trouble yet
        draft.trouble = ""
    if call.text("do") == "preview":  # the files may have changed
        draft.look_again()
    found, error, _ = _looked(call.session, draft)
    if found is not None and not error and call.text("do") == "import":
        return _start(call, draft, found)
    return call.see(f"import/{draft.word}{_query(call)}")


def _query(call: PageCall) -> str:
    """Which columns are to be shown: after a new search the first ones."""
    part = call.values.get("find", "")
    first = call.count("go", call.count("first", 0)) if part == call.values.get("found", "") else 0
    said: dict[str, Any] = {"find": part} if part else {}
    if first:
        said["first"] = first
    return f"?{urlencode(said)}" if said else ""


def _start(call: PageCall, draft: ImportDraft, found: Description) -> Response:
    session, drafts = call.session, call.node.kept(ImportDrafts)
    try:
        key = _begin_apart(session, draft) if draft.apart else _begin_together(session, draft, found)
    except HeavywaterError as error:
        draft.trouble = draft.wording(str(error))
        return call.see(f"import/{draft.word}{_query(call)}")
    until = time.monotonic() + _AT_ONCE
    states = [session.jobs.wait(job, max(0.0, until - time.monotonic())) for job in draft.jobs]
    if any(each["status"] == "RUNNING" for each in states):
        threading.Thread(target=_settle, args=(session, drafts, draft), name="import", daemon=True).start()
        return call.see(f"jobs/{address(states[0]['job'])}" if len(states) == 1 else "jobs")
    _settle(session, drafts, draft)
    warnings = [draft.wording(text) for each in states for text in each["warnings"]]
    if draft.trouble:
        return call.see(f"import/{draft.word}{_query(call)}", "", warnings, "warn")
    if len(states) > 1:
        return call.see("frames", f"Imported: {len(states)} frames", warnings)
    rows = session.frames.facts(key)
    return call.see(
        f"frames/{address(key)}", f"Imported: {rows['nrow']} rows, {len(rows['names'])} columns", warnings
    )


def _begin_together(session: GuardedSession, draft: ImportDraft, found: Description) -> str:
    """Start the import of all files into one frame; its key."""
    key = draft.destination or _proposed(session, draft, found)
    started = session.files.import_files(draft.paths, key, options=with_columns(draft))
    draft.jobs = {started["job"]: [each.number for each in draft.files]}
    return key


def _begin_apart(session: GuardedSession, draft: ImportDraft) -> str:
    """Start an import for each file; the key of the last frame."""
    taken, key = set(session.objects.keys()), ""
    draft.jobs = {}
    for each in draft.files:
        stem = key = key_for_path(each.path)
        while key in taken:
            key = f"{stem.removesuffix('.hex')}_{len(taken)}.hex"
        taken.add(key)
        started = session.files.import_files([each.path], key, options=for_file(draft, each))
        draft.jobs[started["job"]] = [each.number]
    return key


def _settle(session: GuardedSession, drafts: ImportDrafts, draft: ImportDraft) -> None:
    """After the imports: what was sent for them goes; of those that failed it stays, so that the user can mend what was said."""
    troubles = []
    for job, numbers in draft.jobs.items():
        state = session.jobs.wait(job, threading.TIMEOUT_MAX)
        if state["status"] != "DONE":
            troubles.append(_trouble(session, draft, job))
            continue
        for number in numbers if draft.apart else ():
            file = draft.leave_out(number)
            if file is not None and file.sent:
                session.files.discard(file.path)
    draft.trouble = "; ".join(troubles)
    if not troubles:
        drafts.discard(session, draft.word)


def _trouble(session: GuardedSession, draft: ImportDraft, job: str) -> str:
    try:
        session.jobs.result(job)
    except HeavywaterError as error:
        return draft.wording(str(error))
    return "the import was cancelled"


ROUTES = {"GET /import/{draft}": setup_page, "POST /import/{draft}": change}
