"""Frames that no node sends, and what a leader makes of them: `python -m tests.cluster.fuzzing 100000 [SEED]`."""

from __future__ import annotations

import contextlib
import random
import socket
import sys
import threading
import time

from heavywater.cluster import secret
from heavywater.cluster.framing import _HEADER, _MAGIC, VERSION, Kind

from .leaders import SECRET, Leader, connect, is_closed, serving_node

TOGETHER = 8  # strangers at a time
LONGEST_SECONDS = 3.0  # in which each has to be gone: two for the handshake, and some for a busy machine


def frame(r: random.Random) -> bytes:
    """A frame that is nearly right, or anything else."""
    magic = _MAGIC if r.random() < 0.9 else r.randbytes(4)
    version = VERSION if r.random() < 0.9 else r.choice([0, VERSION + 1, r.getrandbits(16)])
    kind = Kind.PROOF if r.random() < 0.5 else r.choice([*Kind, 0, 99, r.getrandbits(16)])
    content = r.randbytes(r.choice([0, 1, 63, 64, 65, 128, r.randrange(300)]))
    if r.random() < 0.2:  # the right form, another secret
        content = r.randbytes(32) + secret._proof(r.randbytes(32), b"node", b"", b"", b"")
    length = len(content)
    if r.random() < 0.3:
        length = r.choice([0, 64, 128, 129, 1 << 20, (1 << 36) + 1, (1 << 64) - 1, r.getrandbits(64)])
    found = bytearray(_HEADER.pack(magic, version, kind, length) + content)
    for _ in range(r.choice([0, 0, 0, 1, 3])):
        found[r.randrange(len(found))] = r.getrandbits(8)
    cut = r.randrange(len(found)) if r.random() < 0.2 else len(found)
    noise = r.choice([b"", b"", r.randbytes(40), b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"])
    return noise + bytes(found[:cut]) if r.random() < 0.1 else bytes(found[:cut]) + noise


def stranger(leader: Leader, r: random.Random) -> float:
    """Send some frames; seconds until the leader has hung up."""
    began = time.monotonic()
    with connect(leader) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(b"".join(frame(r) for _ in range(r.choice([1, 1, 2, 5]))))
            if r.random() < 0.9:  # else it stays silent
                connection.shutdown(socket.SHUT_WR)
        assert is_closed(connection)
    return time.monotonic() - began


def disturb(leader: Leader, count: int, seed: int) -> float:
    """Let so many strangers come, some at a time, while a node works; the longest that one has stayed.

    Raises
    ------
    AssertionError
        One was let in, or stayed too long, or the node was disturbed.
    """
    reasons, stays = serving_node(leader), [0.0] * TOGETHER
    link = leader.wait_for(1)
    failures: list[BaseException] = []

    def come(number: int) -> None:
        r = random.Random(f"{seed} {number}")
        try:
            for _ in range(number, count, TOGETHER):
                stays[number] = max(stays[number], stranger(leader, r))
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=come, args=(number,)) for number in range(TOGETHER)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert link.ask(b"x") == b"xx"
        time.sleep(0.005)
    assert not failures and not reasons and leader.links == [link]
    assert max(stays) < LONGEST_SECONDS
    serving_node(leader)
    assert leader.wait_for(2).ask(b"y") == b"yy"
    return max(stays)


def main(count: int, seed: int) -> None:
    """Disturb a leader, and tell."""
    leader = Leader()
    began = time.monotonic()
    longest = disturb(leader, count, seed)
    threads = threading.active_count()
    leader.close()
    print(
        f"{count} strangers (seed {seed}) in {time.monotonic() - began:.0f} s: none was let in, the longest stay was {longest:.2f} s; "
        f"{threads} threads at the end"
    )


if __name__ == "__main__":
    assert SECRET
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
