"""Fuzz the readers with atheris: ``python -m tests.fuzz.fuzz_reading [options of libFuzzer] [folders of inputs]``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["heavywater"]):
    from tests.fuzz.reading import READERS, read

NAMES = sorted(READERS)


def once(data: bytes) -> None:
    """One input: a byte chooses the reader, the rest is the file."""
    if data:
        read(NAMES[data[0] % len(NAMES)], data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
