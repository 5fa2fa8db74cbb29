"""The page on which an import begins: by paths, or by files that the browser sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from ....errors import HeavywaterError, InvalidArgument
from ..basics.asking import PageCall
from .import_drafts import ImportDraft, ImportDrafts, put, read

_PIECE = 4 * 2**20  # bytes that are written at once
_COMPLETIONS = 30


def begin_page(call: PageCall, error: str = "") -> Response:
    """Where to import from; what was begun before."""
    return call.page(
        "importing/import.html",
        200 if not error else 400,
        error=error,
        given={name: call.text(name) for name in ("path", "more", "pattern")},
        drafts=call.node.kept(ImportDrafts).all(),
        most=call.node.options.max_upload,
        addresses=call.node.options.addresses,
    )


def begin(call: PageCall) -> Response:
    """Begin an import: look what the paths mean, or keep the files that came with the form."""
    files = [
        each
        for each in call.values.getlist("file")
        if isinstance(each, UploadFile) and (each.filename or each.size)
    ]
    if files:
        draft = _with_uploads(call, files)
    else:
        try:
            draft = _with_paths(call)
        except HeavywaterError as error:
            return begin_page(call, str(error))
    return call.see(f"import/{draft.word}")


def _with_uploads(call: PageCall, files: list[UploadFile]) -> ImportDraft:
    drafts, session = call.node.kept(ImportDrafts), call.session
    draft = drafts.new(session)
    try:
        for each in files:
            name = each.filename or "file"
            path = read(session, name, _pieces(each.file))
            draft.check(session, draft.add(path, name, sent=True))
    except BaseException:
        drafts.discard(session, draft.word)
        raise
    return draft


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _with_paths(call: PageCall) -> ImportDraft:
    paths = [each.strip() for each in [call.text("path"), *call.text("more").splitlines()] if each.strip()]
    if not paths:
        raise InvalidArgument("give the path of a file, or choose a file to upload")
    found = call.session.files.find(paths, call.text("pattern") or None)
    draft = call.node.kept(ImportDrafts).new(call.session)
    for each in dict.fromkeys(found):
        draft.add(each, each)
    return draft


def completions(call: PageCall) -> Response:
    """Files and folders whose path begins with what was typed."""
    found: list[str] = []
    with suppress(InvalidArgument):  # of what may not be named there is nothing to tell
        found = call.session.files.complete(call.text("path"), _COMPLETIONS)
    return JSONResponse({"matches": found})


async def upload(call: PageCall) -> Response:
    """Keep a file that a script sends as the body, and say what stands against it."""
    asked = call.request.query_params
    name, drafts, session = asked.get("name", "file"), call.node.kept(ImportDrafts), call.session
    draft = drafts.of(asked["draft"]) if asked.get("draft") else drafts.new(session)
    path = await run_in_threadpool(session.files.fresh, name)
    try:
        await _store(call, path)
        return await run_in_threadpool(_kept, call, draft, path, name)
    except ClientDisconnect:  # cancelled: nobody waits for an answer
        session.files.discard(path)
        return Response(status_code=204)
    except BaseException:
        session.files.discard(path)
        raise


async def _store(call: PageCall, path: str) -> None:
    session, waiting, size = call.session, bytearray(), 0
    async for chunk in call.request.stream():
        waiting += chunk
        if len(waiting) >= _PIECE:
            size = await run_in_threadpool(put, session, path, bytes(waiting), size)
            waiting.clear()
    await run_in_threadpool(put, session, path, bytes(waiting), size)


def _kept(call: PageCall, draft: ImportDraft, path: str, name: str) -> Response:
    if call.request.query_params.get("draft"):
        call.node.kept(ImportDrafts).of(draft.word)  # it may have been given up meanwhile
    file = draft.add(path, name, sent=True)
    draft.check(call.session, file)
    answer: dict[str, Any] = {"draft": draft.word, "file": file.number, "problem": file.problem}
    return JSONResponse(answer)


def leave_out(call: PageCall) -> Response:
    """Go on without a file."""
    drafts, session = call.node.kept(ImportDrafts), call.session
    draft = drafts.of(call.parts["draft"])
    file = draft.leave_out(call.count("file", 0))
    if file is not None and file.sent:
        session.files.discard(file.path)
    if draft.files:
        return call.see(f"import/{draft.word}")
    return give_up(call)


def give_up(call: PageCall) -> Response:
    """Forget an import that has begun, and what was sent for it."""
    call.node.kept(ImportDrafts).discard(call.session, call.parts["draft"])
    return call.see("import")


ROUTES = {
    "GET /import": begin_page,
    "POST /import": begin,
    "GET /import/completions": completions,
    "POST /import/uploads": upload,
    "POST /import/{draft}/leave": leave_out,
    "POST /import/{draft}/discard": give_up,
}
