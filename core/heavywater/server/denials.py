"""Answers to requests that are not let in, or that ask for too much."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, PlainTextResponse, Response

_KIND = "water.exceptions.H2OIllegalArgumentException"


class Denied(Exception):
    """Why a request is not answered.

    Parameters
    ----------
    status : int
        Of HTTP.
    text : str
        What is wrong, and what to do; without secrets.
    headers : mapping, optional
        Of the answer.
    """

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status, self.headers = status, dict(headers or {})

    def response(self, path: str) -> Response:
        """The answer: in H2O's form where H2O's clients ask, in that of scoring where rows are sent, else as text."""
        headers = {**self.headers, "Connection": "close"}
        if path.startswith("/score/"):
            return JSONResponse({"error": str(self)}, self.status, headers)
        if path.startswith(("/3/", "/4/", "/99/")):
            from .v3.replies import (  # start-up: a service that only scores needs none of it
                JsonResponse,
                error_body,
            )

            body = error_body(self.status, str(self), _KIND, path)
            return JsonResponse(body, status_code=self.status, headers=headers)
        return PlainTextResponse(f"{self}\n", status_code=self.status, headers=headers)
