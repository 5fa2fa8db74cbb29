"""A web server on this machine that behaves well or badly, as its paths say."""

from __future__ import annotations

import base64
import hashlib
import http.server
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar


class Answers(http.server.BaseHTTPRequestHandler):
    """What a request asks for by its path.

    ``/plain/NAME`` the file; ``/ranges/NAME`` also in parts; ``/moved/...`` goes to the rest of the path;
    ``/breaks/N/NAME`` ends each answer after N bytes and knows no parts, ``/breaks/N/ranges/NAME`` does;
    ``/to/ADDRESS`` sends elsewhere; ``/closed/NAME`` wants the user ``me`` with the password ``p@ss``;
    ``/changes/N/NAME`` breaks off and then has another file; ``/nolength/NAME`` does not say the size.
    """

    folder: Path
    requests: list[tuple[str, str | None]]
    users: ClassVar[list[str | None]] = []  # what each request of any server said of the user

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.requests.append((self.path, self.headers.get("Range")))
        self.users.append(self.headers.get("Authorization"))
        if self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved"))
            self.end_headers()
            return
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        pair = base64.b64encode(b"me:p@ss").decode()
        if self.path.startswith("/closed/") and self.headers.get("Authorization") != f"Basic {pair}":
            self.send_error(401)
            return
        breaks = re.match(r"/(?:breaks|changes)/(\d+)/", self.path)
        file = self.folder / self.path.partition("?")[0].rpartition("/")[2]
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        version = hashlib.md5(content).hexdigest()
        if self.path.startswith("/changes/") and len(self.requests) > 1:
            version = "another"
        self._send(content, version, int(breaks.group(1)) if breaks else None)

    def _send(self, content: bytes, version: str, limit: int | None) -> None:
        start = 0
        in_parts = "/ranges/" in self.path or "/changes/" in self.path
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted and in_parts and self.headers.get("If-Range") in (None, f'"{version}"'):
            start = int(wanted.group(1))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        if "/nolength/" not in self.path:
            self.send_header("Content-Length", str(len(content) - start))
        if in_parts:
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("ETag", f'"{version}"')
        self.end_headers()
        part = content[start:]
        self.wfile.write(part if limit is None else part[:limit])
        if limit is not None and limit < len(part):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serve(folder: Path) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """Address of a server of the files of a folder, and the list of the requests (path, wanted range) it gets."""
    requests: list[tuple[str, str | None]] = []
    handler = type("Handler", (Answers,), {"folder": folder, "requests": requests})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()
