"""What browsers load beside the pages: scripts, styles, the icon; all in memory, under an address that changes with them."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

STATIC = "static"
_KEPT = "public, max-age=31536000, immutable"
_SMALL = 1000  # bytes that are not worth compressing


@cache
def assets() -> dict[str, bytes]:
    """Contents by path; what is not among them cannot be named."""
    found: dict[str, bytes] = {}
    waiting = [("", files("heavywater.server.pages").joinpath(STATIC))]
    while waiting:
        prefix, folder = waiting.pop()
        for each in folder.iterdir():
            if each.is_dir():
                waiting.append((f"{prefix}{each.name}/", each))
            else:
                found[prefix + each.name] = each.read_bytes()
    return found


@cache
def static_folder() -> str:
    """Where they are, below the address of the node: it changes with any of them, so browsers may keep what they have."""
    digest = hashlib.sha256()
    for path, content in sorted(assets().items()):
        digest.update(b"%s\0%d\0%s" % (path.encode(), len(content), content))
    return f"{STATIC}/{digest.hexdigest()[:12]}"


@cache
def _packed(path: str) -> bytes:
    return gzip.compress(assets()[path], mtime=0)


async def static_file(request: Request) -> Response:
    """The answer to ``GET /static/{version}/{path}``."""
    path = request.path_params["path"]
    content = assets().get(path)
    if content is None:
        return PlainTextResponse(f"no file {path!r}\n", 404)
    current = request.path_params["version"] == static_folder().partition("/")[2]
    headers = {"Cache-Control": _KEPT if current else "no-cache", "Vary": "Accept-Encoding"}
    if len(content) > _SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        content = _packed(path)
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=_kind(path))


def _kind(path: str) -> str:
    kind = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0]
    return kind or "application/octet-stream"
