"""Fuzz the parser of expressions with atheris: ``python -m tests.fuzz.fuzz_rapids [options of libFuzzer] [folders of inputs]``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["heavywater.frame"]):
    from heavywater.errors import HeavywaterError
    from heavywater.frame.language.rapids import parse, write


def once(data: bytes) -> None:
    """One text: it is refused with one of our errors, or means the same when it is written and read again."""
    try:
        expression = parse(data.decode("utf-8", "replace"))
    except HeavywaterError:
        return
    written = write(expression)
    assert write(parse(written)) == written


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
