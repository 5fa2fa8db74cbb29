"""Sections of the changelog, one for each release, after that of what is not released yet."""

from __future__ import annotations

import datetime
import re

UNRELEASED = "Unreleased"


def section(text: str, name: str) -> str | None:
    """What stands below the heading of a version, with or without a date; None if there is no such heading."""
    found = re.search(rf"{_heading(name)}(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else None


def has_entries(text: str | None) -> bool:
    """Whether a section lists anything."""
    return text is not None and re.search(r"^- \S", text, re.MULTILINE) is not None


def dated(text: str, version: str, day: datetime.date) -> str:
    """The changelog with the day of its release in the heading of a version."""
    return re.sub(_heading(version), f"## {version} - {day.isoformat()}", text, count=1, flags=re.MULTILINE)


def reopened(text: str, version: str) -> str:
    """The changelog with an empty section, for what comes next, above that of a version."""
    text = re.sub(rf"{_heading(UNRELEASED)}\s*", "", text, flags=re.MULTILINE)
    heading = re.search(_heading(version), text, re.MULTILINE)
    assert heading is not None
    return f"{text[: heading.start()]}## {UNRELEASED}\n\n{text[heading.start() :]}"


def _heading(name: str) -> str:
    return rf"^## {re.escape(name)}(?: - \d{{4}}-\d\d-\d\d)?$"
