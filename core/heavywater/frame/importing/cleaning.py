"""Blocks of text without what their reader stumbles over: comments, blanks around quotes, blank pages."""

from __future__ import annotations

import re
from collections.abc import Callable

from .raw_text import PAGE_ENDS, Buffer, has_pair, quoted_field


def clean(
    data: Buffer,
    separator: bytes,
    quote: bytes,
    escape: bytes,
    markers: bytes,
    *,
    remark: Callable[[int, bytes], None] = lambda start, text: None,
) -> bytes:
    """Empty lines that begin with a marker or end a page, and drop the blanks after separators, outside of quotes.

    `remark` is told the start and the text of each line that is emptied.
    """
    block = bytes(data)
    signs = _each(markers + PAGE_ENDS)
    if any(block.startswith(sign) or has_pair(block, b"\n" + sign) for sign in signs):
        block = _without_comments(block, separator, quote, escape, markers, remark)
    if separator == b" ":
        if b"  " in block or b" \n" in block or b"\n " in block or block.startswith(b" ") or b" \r" in block:
            return _squeezed(block, quote, escape)
    elif has_pair(block, separator + b" ") or has_pair(block, b"\n ") or block.startswith(b" "):
        start = rb"(?:(?<=[\n%s])|\A)" % re.escape(separator)
        blanks = re.compile(start + rb"(?: *%s| +)" % quoted_field(quote, escape), re.DOTALL)
        return blanks.sub(lambda found: found[0].lstrip(b" "), block)
    return block


def _each(markers: bytes) -> list[bytes]:
    return [markers[i : i + 1] for i in range(len(markers))]


def _without_comments(
    block: bytes,
    separator: bytes,
    quote: bytes,
    escape: bytes,
    markers: bytes,
    remark: Callable[[int, bytes], None],
) -> bytes:
    """The block with lines that begin with a marker emptied; within quotes such a line is part of a cell."""
    pages = rb"[%s]+(?=\r?$)" % PAGE_ENDS
    comment = (
        rb"(?P<comment>^(?:[%s][^\n]*|%s))" % (re.escape(markers), pages)
        if markers
        else (rb"(?P<comment>^%s)" % pages)
    )
    quoted = rb"(?:(?<=[\n%s])|\A) *%s" % (re.escape(separator), quoted_field(quote, escape))
    parts = re.compile(comment + b"|" + quoted, re.DOTALL | re.MULTILINE)

    def swap(found: re.Match[bytes]) -> bytes:
        if found["comment"] is None:
            return found[0]
        remark(found.start(), found[0])
        return b""

    return parts.sub(swap, block)


def _squeezed(block: bytes, quote: bytes, escape: bytes) -> bytes:
    """One blank between fields, none at the ends of lines."""
    quoted = quoted_field(quote, escape)
    parts = re.compile(
        rb"(?:(?<=[ \n])|\A)%s|(?P<outer> +(?=\r?\n|\Z)|(?:(?<=\n)|\A) +)|(?P<inner> +)" % quoted, re.DOTALL
    )

    def swap(found: re.Match[bytes]) -> bytes:
        return b"" if found["outer"] is not None else b" " if found["inner"] is not None else found[0]

    return parts.sub(swap, block)
