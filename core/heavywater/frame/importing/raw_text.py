"""Bytes of texts: what is looked for in them."""

from __future__ import annotations

import re

import numpy as np

from ..columns._counting import bytes_like

Buffer = bytes | bytearray | memoryview

PAGE_ENDS = b"\x0c\x1a"  # form feed and the end of a file under DOS: a line of nothing else is blank
BLANKS = " \r\n" + PAGE_ENDS.decode()

_SLICE = 1 << 18


def count(block: Buffer, *wanted: int) -> list[int]:
    """How often some bytes occur."""
    text = np.frombuffer(block, np.uint8)
    totals = [0] * len(wanted)
    for start in range(0, len(text), _SLICE):  # looked at for each byte while it is in a core's cache
        part = text[start : start + _SLICE]
        for i, byte in enumerate(wanted):
            totals[i] += bytes_like(part, byte)
    return totals


def has_pair(block: Buffer, pair: bytes) -> bool:
    """Whether two bytes occur one after the other (several times as fast as ``in``)."""
    size = len(memoryview(block))
    if size < 4:
        return pair in bytes(block)
    wanted = np.frombuffer(pair, "<u2")
    halves = (np.frombuffer(block, "<u2", (size - start) // 2, start) for start in (0, 1))
    return any(bool((half == wanted).any()) for half in halves)


def quoted_field(quote: bytes, escape: bytes) -> bytes:
    """Regular expression of a field in quotes; its end is the end of the text if no quote closes it."""
    if not quote:
        return rb"(?!)(?P<close>)"
    mark, taking = re.escape(quote), re.escape(escape)
    inner = rb"[^%s%s]|%s" % (mark, taking, mark * 2) + (rb"|%s." % taking if escape else b"")
    return rb"%s(?:%s)*+(?P<close>%s|\Z)" % (mark, inner, mark)
