"""One import of arbitrary bytes with arbitrary options; what may come of it."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from heavywater.errors import HeavywaterError
from heavywater.frame.frame import Frame
from heavywater.frame.importing import blocks
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand

OPTIONS = (
    Options(),
    Options(header=1),
    Options(header=-1, separator=","),
    Options(separator=";", quote="'"),
    Options(separator=" "),
    Options(escape="\\", markers="%"),
    Options(na_strings=["NA", "-99", "é"]),
    Options(types={0: "enum"}),
    Options(types={0: "time"}, force_types=True),
    Options(types={0: "string"}, na_strings={0: ["x"]}),  # type: ignore[dict-item]
    Options(types={0: "uuid"}),
    Options(types={0: "numeric"}),
    Options(skipped=[0]),
    Options(markers=""),
    Options(encoding="latin-1"),
    Options(encoding="utf-16"),
)


def import_bytes(content: bytes, option: int, block_size: int) -> Frame | None:
    """Import a file of this content; None if it is refused as it should be.

    Parameters
    ----------
    content : bytes
    option : int
        Which of `OPTIONS`, modulo their number.
    block_size : int
        Bytes of a block of text, so that small files have several.
    """
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "data"
        path.write_bytes(content)
        before = blocks.BLOCK_SIZE, blocks.ROWS_OF_BLOCK
        blocks.BLOCK_SIZE, blocks.ROWS_OF_BLOCK = block_size, 1
        try:
            frame = import_sources(expand(path), OPTIONS[option % len(OPTIONS)], threads=1)
        except (HeavywaterError, NotImplementedError):
            return None
        finally:
            blocks.BLOCK_SIZE, blocks.ROWS_OF_BLOCK = before
    check(frame)
    return frame


def check(frame: Frame) -> None:
    """Every cell of the frame can be looked at, and its columns are what they say."""
    for column in frame.columns:
        assert len(column) == frame.nrow
        texts: Sequence[str | None] = column.texts().tolist()
        assert [text is None for text in texts] == column.is_missing().tolist()
        if column.levels is not None:
            assert len(set(column.levels)) == len(column.levels)
            assert column.values.max(initial=-1) < len(column.levels)
        if column.is_numeric:
            assert len(column.numbers()) == frame.nrow
