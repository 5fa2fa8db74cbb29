"""Fuzz the importers with atheris: ``python -m tests.fuzz.fuzz_importing [options of libFuzzer] [folders of inputs]``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["heavywater.frame"]):
    from tests.fuzz.importing import OPTIONS, import_bytes


def once(data: bytes) -> None:
    """One input: two bytes choose the options, the rest is the file."""
    if len(data) < 2:
        return
    import_bytes(data[2:], data[0] % len(OPTIONS), 1 + 4 * data[1])


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
