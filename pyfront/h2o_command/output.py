"""Results: as text, and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from heavywater.errors import InvalidArgument

Answer = Mapping[str, Any]


def shown(answer: Answer, as_json: bool) -> str:
    """An answer as it is printed.

    Parameters
    ----------
    answer : mapping
        Texts, numbers, lists of these; further mappings; and tables, which are lists of mappings with the same names.
    as_json : bool
    """
    if as_json:
        return json.dumps(_plain(answer), indent=1, allow_nan=False, ensure_ascii=False)
    return "\n".join(_lines(answer, ""))


def write(out: TextIO | None, text: str) -> None:
    """Print a text; what the terminal has no letter for is written as an escape sequence.

    Raises
    ------
    InvalidArgument
        Standard output is closed.
    """
    if out is None:
        raise InvalidArgument("standard output is closed: the result cannot be told")
    encoding = out.encoding or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    out.flush()


def _plain(value: Any) -> Any:
    """JSON knows no NaN."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _lines(answer: Answer, indent: str) -> list[str]:
    lines = []
    for name, value in answer.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            lines += [f"{indent}{name}:", *(f"{indent}  {line}" for line in _table(value))]
        else:
            lines.append(f"{indent}{name}: {_text(value)}")
    return lines


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        nested = any(isinstance(each, list | tuple) for each in value)
        return json.dumps(_plain(value), ensure_ascii=False) if nested else ", ".join(map(_text, value))
    return " ".join(str(value).splitlines())


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows below each other: numbers to the right, texts to the left."""
    names = list(rows[0])
    cells = [[_text(row[name]) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    right = [
        all(isinstance(row[name], int | float | None) and not isinstance(row[name], bool) for row in rows)
        for name in names
    ]

    def line(texts: Sequence[str]) -> str:
        places = zip(texts, widths, right, strict=True)
        return "  ".join(text.rjust(width) if r else text.ljust(width) for text, width, r in places).rstrip()

    return [line(names), *map(line, cells)]
