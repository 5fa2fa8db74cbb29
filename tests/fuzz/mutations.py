"""Files with some bytes changed: ``python -m tests.fuzz.mutations READER[,READER...] FIRST COUNT [FILE]``.

In a process of its own, since what must not happen would end it. Reader and number of the present input are written to
FILE, so that it is known which one it was; ``--show READER NUMBER`` writes that input to the standard output.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from .reading import members, read, seeds, zipped

MEMORY = 4 << 30  # bytes of address space that reading a small file may take at most, the libraries included
_SIZES = (
    0,
    1,
    2,
    127,
    128,
    255,
    256,
    32767,
    65535,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**40,
    2**62,
    2**63 - 1,
    2**64 - 1,
)


def changed(content: bytes, rng: random.Random) -> bytes:
    """The bytes with one to eight changes of the kinds that disks, transfers and enemies make."""
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 3, 4, 8))):
        place = rng.randrange(len(data) + 1)
        match rng.randrange(8):
            case 0 | 1:
                data[place : place + 1] = bytes([rng.randrange(256)])
            case 2 if place < len(data):
                data[place] ^= 1 << rng.randrange(8)
            case 3:
                width = rng.choice((2, 4, 8))
                size = rng.choice(_SIZES) % (1 << 8 * width)
                data[place : place + width] = size.to_bytes(width, rng.choice(("little", "big")))
            case 4:
                del data[place : place + rng.choice((1, 2, 4, 16, 64))]
            case 5:
                other = rng.randrange(len(data) + 1)
                data[place:place] = data[other : other + rng.choice((1, 4, 8, 64))]
            case 6:
                other = rng.randrange(len(data) + 1)
                data[place : place + 8] = data[other : other + 8]
            case 7 if rng.random() < 0.2:
                del data[place:]
    return bytes(data)


def mutation(name: str, number: int) -> bytes:
    """The input of a number; the same each time."""
    rng = random.Random(f"{name} {number}")
    files = seeds_of(name)
    content = files[number % len(files)]
    inside = members(content) if rng.random() < 0.5 else {}
    if not inside:
        return changed(content, rng)
    victim = rng.choice(sorted(inside))  # behind right checksums and sizes of the archive
    return zipped({each: changed(data, rng) if each == victim else data for each, data in inside.items()})


_cache: dict[str, list[bytes]] = {}


def seeds_of(name: str) -> list[bytes]:
    """Files to begin with, made once."""
    if not _cache:
        _cache.update(seeds())
    return _cache[name]


def limit_memory() -> None:
    """Let an allocation beyond all measure fail instead of taking the machine's memory."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Read many mutations."""
    if sys.argv[1] == "--show":
        sys.stdout.buffer.write(mutation(sys.argv[2], int(sys.argv[3])))
        return
    names, first, count = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3])
    note = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    for name in names:
        for content in seeds_of(name):
            read(name, content)  # imports what it needs
    limit_memory()
    for name in names:
        for number in range(first, first + count):
            if note is not None:
                note.write_text(f"{name} {number}")
            read(name, mutation(name, number))


if __name__ == "__main__":
    main()
