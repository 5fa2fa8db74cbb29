"""Answers in the form in which H2O's server gives them."""

from __future__ import annotations

from typing import Any

from h2o.elsewhere import names_of

from ..connection import H2OConnection

__all__ = ["H2OConnection", "H2OResponse"]


class H2OResponse(dict[str, Any]):
    """An answer as a dictionary."""


__getattr__ = names_of(__name__)
