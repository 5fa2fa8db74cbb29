"""How what lies below `H2OFrame` makes one: frames need the connection, whose cluster answers with frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from heavywater.session import Session

#: gives the frame, of this key in this session, that goes away with its object; set by the module of `H2OFrame`
frame: Callable[[str, Session], Any]
