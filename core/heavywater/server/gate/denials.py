"""Why requests are not let in, or are cut off."""

from __future__ import annotations

from collections.abc import Mapping


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
