"""A client that asks a node as genuine clients do: forms, queries, raw bodies."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from heavywater.server.node_server import RunningNode

FORM = "application/x-www-form-urlencoded"


class Answer:
    """Status, headers and body of an answer."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class GenuineAsker:
    """A client of a node.

    Parameters
    ----------
    node : RunningNode
    session : str, optional
        Sent with each request, as R does.
    """

    def __init__(self, node: RunningNode, session: str | None = None) -> None:
        self.connection = HTTPConnection(node.host, node.port, timeout=60)
        self.session = session

    def ask(
        self,
        method: str,
        path: str,
        values: dict[str, Any] | None = None,
        body: Any = None,
        kind: str | None = None,
    ) -> Answer:
        """Ask; values go into the form of a POST, and into the query of others."""
        if values and (method != "POST" or body is not None):
            path = f"{path}?{urlencode(values)}"
        elif values:
            body, kind = urlencode(values).encode(), FORM
        headers = {"Content-Type": kind} if kind else {}
        if self.session:
            headers["Session-Key"] = self.session
        self.connection.request(method, path, body, headers)
        reply = self.connection.getresponse()
        return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())

    def get(self, path: str, /, **values: Any) -> Any:
        """JSON of an answer to GET, which has to be one."""
        return self._good(self.ask("GET", path, values))

    def post(self, path: str, /, **values: Any) -> Any:
        """The same for POST."""
        return self._good(self.ask("POST", path, values))

    def delete(self, path: str, /, **values: Any) -> Any:
        """The same for DELETE."""
        return self._good(self.ask("DELETE", path, values))

    @staticmethod
    def _good(answer: Answer) -> Any:
        assert answer.status == 200, answer.body
        return answer.json

    def finished(self, started: Any) -> Any:
        """The job of an answer, when it has ended."""
        job = started.get("job") or started
        while job["status"] == "RUNNING":
            time.sleep(0.01)
            job = self.get(f"/3/Jobs/{quote(job['key']['name'], safe='')}")["jobs"][0]
        return job

    def sent(self, content: bytes, **values: Any) -> str:
        """Send a file as Python does; its key."""
        answer = self.ask("POST", "/3/PostFile", values, body=content)
        return str(self._good(answer)["destination_frame"])

    def parsed(self, source: str, destination: str | None = None, **said: Any) -> str:
        """Import a raw file as clients do, with what ParseSetup proposes; key of the frame."""
        setup = self.post("/3/ParseSetup", source_frames=f'["{source}"]', **said)
        values = {
            name: setup[name]
            for name in (
                "parse_type",
                "separator",
                "check_header",
                "number_columns",
                "chunk_size",
                "single_quotes",
            )
        }
        for name in ("column_names", "column_types"):
            values[name] = "[" + ",".join(f'"{each}"' for each in setup[name]) + "]"
        values |= {
            "destination_frame": destination or setup["destination_frame"],
            "source_frames": f'["{source}"]',
        }
        job = self.finished(self.post("/3/Parse", **{**values, **said}))
        assert job["status"] == "DONE", job["exception"]
        return str(job["dest"]["name"])

    def imported(self, path: Path, destination: str | None = None, **said: Any) -> str:
        """Import a file of the node's disk; key of the frame."""
        found = self.post("/3/ImportFilesMulti", paths=f"[{path}]")
        return self.parsed(found["destination_frames"][0], destination, **said)
