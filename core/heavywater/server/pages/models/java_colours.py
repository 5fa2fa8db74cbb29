"""Java source as a page shows it: words in their colours, long constants cut."""

from __future__ import annotations

import re

from markupsafe import Markup

MOST_LINES = 2000
_LONGEST = 100  # characters of a text constant
_WORDS = (
    "abstract|boolean|break|byte|case|char|class|continue|default|do|double|else|enum|extends|false|final|finally|float|for|if|"
    "implements|import|instanceof|int|interface|long|new|null|package|private|protected|public|return|short|static|super|switch|"
    "this|throw|throws|true|try|var|void|while"
)
_TOKEN = re.compile(
    rf"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<word>\b(?:{_WORDS})\b)|(?P<number>\b\d[\w.]*)|(?P<type>\b[A-Z]\w*)""",
    re.DOTALL,
)


def coloured(source: str) -> tuple[Markup, bool]:
    """Source as HTML, and whether anything is left out: lines beyond a number, the middle of long constants."""
    lines = source.splitlines(keepends=True)
    shown, cut = "".join(lines[:MOST_LINES]), len(lines) > MOST_LINES
    parts, position = [], 0
    for found in _TOKEN.finditer(shown):
        text, kind = found[0], found.lastgroup
        if kind == "text" and len(text) > _LONGEST:
            text, cut = f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 4 :]}", True
        parts.append(
            Markup('{}<span class="j-{}">{}</span>').format(shown[position : found.start()], kind, text)
        )
        position = found.end()
    parts.append(Markup("{}").format(shown[position:]))
    return Markup("").join(parts), cut
