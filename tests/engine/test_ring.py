"""Members of a ring all get the bytes that the rule gives, or an error in time."""

from __future__ import annotations

import ast
import inspect
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.engine import _ring
from heavywater.engine._ring import Ring
from hypothesis import given, settings
from hypothesis import strategies as st

from .rings import BLOCK, Cable, Guide, Members, expected, tcp_pair

few = settings(max_examples=30, deadline=None)
SIZES = [0, 1, 2, 7, 15, 16, 17, 511, 512, 513, 1025, 5000, 300_001]
MEMBERS = [1, 2, 3, 5, 8]


def random_values(n: int, size: int, seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    """Values of n members, and what they are measured from: changes that partly agree."""
    rng = np.random.default_rng(seed)
    base, common = (rng.normal(size=size).astype(np.float32) for _ in range(2))
    return [
        base + common * rng.normal(1, 0.3) + rng.normal(0, 0.5, size).astype(np.float32) for _ in range(n)
    ], base


def as_float32(values: list[np.ndarray]) -> list[np.ndarray]:
    return [v.astype(np.float32) for v in values]


def assert_all_are(results: list[Any], want: np.ndarray) -> None:
    for found in results:
        assert isinstance(found, np.ndarray), found
        np.testing.assert_array_equal(found.view(np.uint32), want.view(np.uint32))


@pytest.mark.parametrize("rule", ["average", "adaptive"])
@pytest.mark.parametrize("n", MEMBERS)
@pytest.mark.parametrize("size", SIZES)
def test_sizes_and_members(n: int, size: int, rule: str) -> None:
    values, base = random_values(n, size)
    values = as_float32(values)
    with Members(n) as members:
        for number in range(2):
            assert_all_are(
                members.exchange(values, base, rule=rule, round=number),
                expected(values, base, [1.0] * n, rule),
            )


@few
@given(
    n=st.sampled_from(MEMBERS),
    size=st.integers(0, 4000),
    rule=st.sampled_from(["average", "adaptive"]),
    with_base=st.booleans(),
    weights=st.lists(st.sampled_from([0.0, 1.0, 2.5, 1e5, 1 / 3]), min_size=8, max_size=8),
    seed=st.integers(0, 99),
)
def test_any_round(n: int, size: int, rule: str, with_base: bool, weights: list[float], seed: int) -> None:
    values, base = random_values(n, size, seed)
    values, weights = as_float32(values), [float(np.float32(w)) for w in weights[:n]]
    given_base = base if with_base or rule == "adaptive" else None
    with Members(n) as members:
        found = members.exchange(values, given_base, weights, rule=rule)
    if given_base is None and not any(weights):
        assert all("nothing to average" in str(each) for each in found)
    else:
        assert_all_are(found, expected(values, given_base, weights, rule))


@pytest.mark.parametrize("pieces", [1, 7, 1000, 1 << 16])
@pytest.mark.parametrize("rule", ["average", "adaptive"])
def test_a_slow_link_changes_no_bit(pieces: int, rule: str) -> None:
    size = 600 if pieces == 1 else 20_000
    values, base = random_values(3, size)
    values = as_float32(values)
    with Members(3, {1: Cable(pieces=pieces)}) as members:
        assert_all_are(members.exchange(values, base, rule=rule), expected(values, base, [1.0] * 3, rule))


def test_one_socket_serves_both_directions_of_two_members() -> None:
    values, base = random_values(2, 100_000)
    values = as_float32(values)
    with Members(2) as members:
        one, other = members.ends[0]
        members.rings = [Ring(0, 2, one.fileno(), one.fileno()), Ring(1, 2, other.fileno(), other.fileno())]
        assert_all_are(
            members.exchange(values, base, rule="adaptive"), expected(values, base, [1.0, 1.0], "adaptive")
        )


def test_tcp_and_members_that_come_late() -> None:
    values, base = random_values(3, 400_000)
    values = as_float32(values)
    with Members(3, make=tcp_pair) as members:

        def one(ring: Ring) -> np.ndarray:
            time.sleep(0.05 * ring.rank)
            result = np.empty_like(base)
            ring.exchange(values[ring.rank], base, result, rule="adaptive", timeout=20)
            return result

        assert_all_are(members.all(one), expected(values, base, [1.0] * 3, "adaptive"))


def test_equal_changes_are_averaged_and_independent_ones_added() -> None:
    base = np.zeros(1024, np.float32)
    same = [np.ones(1024, np.float32) for _ in range(4)]
    apart = [np.where(np.arange(1024) % 4 == k, np.float32(1), np.float32(0)) for k in range(4)]
    with Members(4) as members:
        assert_all_are(members.exchange(same, base, rule="adaptive", round=1), same[0])
        assert_all_are(members.exchange(apart, base, rule="adaptive", round=2), same[0])
        assert_all_are(members.exchange(apart, base, round=3), same[0] / 4)


def guides(n: int, before: np.ndarray | None, gains: np.ndarray, trust: float = 0) -> list[dict[str, Any]]:
    """What each of n members brings to a guided round."""
    return [{"rule": "guided", "before": before, "gains": gains.copy(), "trust": trust} for _ in range(n)]


@few
@given(
    n=st.sampled_from(MEMBERS),
    size=st.sampled_from([s for s in SIZES if s < 10_000]),
    known=st.booleans(),
    weights=st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=8, max_size=8),
    trust=st.sampled_from([0.0, 0.25, -1.0]),
    seed=st.integers(0, 99),
)
def test_any_guided_round(
    n: int, size: int, known: bool, weights: list[float], trust: float, seed: int
) -> None:
    """All members get the same bytes, and the same gains."""
    rng = np.random.default_rng(seed)
    values, base = random_values(n, size, seed)
    before = base - rng.normal(size=size).astype(np.float32) * (rng.random(size) < 0.5) if known else None
    gains = rng.uniform(1, n, -(-size // BLOCK)).astype(np.float32)
    values, told = as_float32(values), guides(n, before, gains, trust)
    with Members(n) as members:
        found = members.exchange(values, base, weights[:n], each=told)
    guide = Guide(before, gains.copy(), trust)
    assert_all_are(found, expected(values, base, weights[:n], "guided", guide))
    assert_all_are([each["gains"] for each in told], guide.gains)


def guided_rounds(n: int, turn: float, rounds: int, trust: float = 0) -> np.ndarray:
    """Gains after rounds whose changes, which are apart from each other, have `turn` times the last move in common."""
    rng, size = np.random.default_rng(n), 4 * BLOCK
    before, base = np.zeros(size, np.float32), rng.normal(size=size).astype(np.float32)
    gains = np.full(4, 2, np.float32)
    with Members(n) as members:
        for number in range(rounds):
            noise = [rng.normal(0, 0.1, size).astype(np.float32) for _ in range(n)]
            told = guides(n, before, gains, trust)
            values = as_float32([base + turn * (base - before) + each for each in noise])
            found = members.exchange(values, base, each=told, round=number)
            before, base, gains = base, found[0], told[n - 1]["gains"]
    return gains


def test_gains_follow_the_moves() -> None:
    """More as long as all go on, to the number of members at most; less where they go back, to the mean at least."""
    assert (guided_rounds(4, 0.5, 1) > 2.5).all() and (guided_rounds(4, 0.5, 6) == 4).all()
    assert (guided_rounds(4, -0.5, 1) < 1.6).all() and (guided_rounds(4, -0.5, 6) == 1).all()
    np.testing.assert_allclose(guided_rounds(4, 0, 3), 2, rtol=0.2)
    assert (guided_rounds(4, -0.5, 6, trust=1) > 2).all()


def test_a_guided_round_that_fails_leaves_its_gains() -> None:
    values, base = random_values(2, 5000)
    told = guides(2, base * 0, np.full(10, 1.5, np.float32))
    with Members(2, {0: Cable(9000, "stop")}) as members:
        found = members.exchange(as_float32(values), base, each=told, timeout=0.3)
    assert isinstance(found[1], TimeoutError)
    assert (told[1]["gains"] == 1.5).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"base": None}, "base=None"),
        ({"gains": None}, "gains: 1 values"),
        ({"gains": np.ones(2, np.float32)}, "gains: 1 values"),
        ({"before": np.ones(3, np.float32)}, "before has 3 values"),
        ({"rule": "adaptive"}, "not the adaptive one"),
        ({"trust": 1.5}, "trust=1.5"),
        ({"trust": np.nan}, "trust=nan"),
    ],
    ids=str,
)
def test_guides_that_are_refused(arguments: dict[str, Any], said: str) -> None:
    a, b, c, gains = (np.zeros(4, np.float32) for _ in range(4))
    given: dict[str, Any] = {
        "values": a,
        "base": b,
        "result": c,
        "rule": "guided",
        "gains": gains[:1],
        "before": a,
    }
    ring = Ring(0, 1, -1, -1)
    shared = [({"gains": b[:1]}, "gains shares memory"), ({"before": c}, "shares memory with before")]
    for wrong, why in [(arguments, said), *shared]:
        with pytest.raises(ValueError, match=why):
            ring.exchange(**given | wrong)
    assert not ring.broken
    ring.exchange(**given)


# What goes over each link of two or three members: the header, then segments of both halves of the round.
LENGTH = 3 * 512 * 300


@pytest.mark.parametrize("end", ["close", "stop"])
@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("share", [0, 1e-5, 3e-4, 0.2, 0.49, 0.51, 0.8, 0.99999])
def test_a_link_that_fails_at_any_place(n: int, end: str, share: float) -> None:
    """Whoever needs it says so in time; what there was is left as it was."""
    values, base = random_values(n, LENGTH)
    values = as_float32(values)
    before = [v.tobytes() for v in values]
    bytes_in_all = 32 + 4 * LENGTH * 2 * (n - 1) // n
    with Members(n, {0: Cable(int(share * bytes_in_all), end)}) as members:
        found = members.exchange(values, base, timeout=0.4)
        assert isinstance(found[1], (ConnectionError, TimeoutError))
        assert "rank 0" in str(found[1]) or "rank 2" in str(found[1])
        assert [ring.broken for ring in members.rings] == [isinstance(each, Exception) for each in found]
        again = members.exchange(values, base, timeout=0.4)
        assert "Connect its members anew" in str(again[1])
    assert [v.tobytes() for v in values] == before
    want = expected(values, base, [1.0] * n, "average")
    assert_all_are([each for each in found if not isinstance(each, Exception)], want)


def test_a_slow_link_is_none_that_fails() -> None:
    """What ends a round is silence, not the time that it takes."""
    values, base = random_values(2, LENGTH)
    values = as_float32(values)
    slow = Cable(pieces=4 * LENGTH // 8, rest=0.1)
    with Members(2, {0: slow}) as members:
        began = time.monotonic()
        found = members.exchange(values, base, timeout=0.5)
        assert time.monotonic() - began > 0.5
    assert_all_are(found, expected(values, base, [1.0] * 2, "average"))


def test_a_neighbour_that_has_hung_up() -> None:
    values, base = random_values(3, 5000)
    values = as_float32(values)
    with Members(3) as members:
        members.hang_up(1)

        def one(ring: Ring) -> None:
            ring.exchange(values[ring.rank], base, np.empty_like(base), timeout=20)

        right, left = members.all(one, range(0, 3, 2))
        assert isinstance(left, ConnectionError) and "left neighbour (rank 1) has closed" in str(left)
        assert isinstance(right, ConnectionError) and "(rank 1)" in str(right)


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ({"round": 8}, "round 8 in place of 7"),
        ({"generation": 2}, "generation 2 in place of 1"),
        ({"rule": "adaptive"}, "rule"),
    ],
    ids=str,
)
def test_a_neighbour_in_another_round(theirs: dict[str, Any], said: str) -> None:
    values, base = random_values(2, 600)
    values = as_float32(values)
    with Members(2) as members:
        own = {"round": 7, "generation": 1, "timeout": 5.0}

        def one(ring: Ring) -> None:
            ring.exchange(values[ring.rank], base, np.empty_like(base), **own | (theirs if ring.rank else {}))

        found = members.all(one)
    assert all(isinstance(each, ConnectionError) for each in found)
    assert said in str(found[0]) and "left neighbour (rank 1)" in str(found[0])


@given(st.binary(min_size=32, max_size=80))
@few
def test_a_neighbour_that_speaks_another_language(data: bytes) -> None:
    with socket.socketpair()[0] as right:
        mine, other = socket.socketpair()
        with mine, other:
            other.sendall(data)
            values = np.ones(100, np.float32)
            ring = Ring(0, 2, mine.fileno(), mine.fileno())
            with pytest.raises(ConnectionError, match=r"another language|another round"):
                ring.exchange(values, None, np.empty_like(values), timeout=5)
        right.close()


def test_networks_of_another_length() -> None:
    with Members(2) as members:
        found = members.exchange([np.ones(600, np.float32), np.ones(601, np.float32)], timeout=5)
    assert all(isinstance(each, ConnectionError) for each in found) and "length 601 in place of 600" in str(
        found[0]
    )


def test_a_round_is_cancelled_from_another_thread() -> None:
    with Members(2) as members:
        ring = members.rings[0]
        threading.Timer(0.1, ring.cancel).start()
        values = np.ones(100, np.float32)
        with pytest.raises(InterruptedError, match="cancelled"):
            ring.exchange(values, None, np.empty_like(values), timeout=30)
        assert ring.broken


def test_other_threads_run_meanwhile() -> None:
    """The GIL is free: whoever waits for a neighbour does not stop it."""
    with Members(2) as members:
        counted: list[int] = []

        def late(ring: Ring) -> None:
            if ring.rank == 1:
                counted.extend(range(1000))
            ring.exchange(np.ones(10, np.float32), None, np.empty(10, np.float32), timeout=20)

        assert members.all(late) == [None, None]
    assert len(counted) == 1000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"rule": "sum"}, "average, adaptive"),
        ({"rule": "adaptive", "base": None}, "base=None"),
        ({"base": np.zeros(3, np.float32)}, "base has 3 values"),
        ({"result": np.zeros(3, np.float32)}, "result has 3 values"),
        ({"weight": -1.0}, "weight=-1"),
        ({"weight": np.inf}, "weight=inf"),
        ({"weight": np.nan}, "weight=nan"),
        ({"timeout": 0.0}, "timeout=0"),
        ({"round": -1}, "round=-1"),
        ({"generation": -1}, "generation=-1"),
        ({"values": np.zeros(4)}, "float"),
        ({"values": np.zeros(8, np.float32)[::2]}, "contiguous"),
        ({"timeout": np.nan}, "timeout=nan"),
    ],
    ids=str,
)
def test_arguments_that_are_refused_leave_the_ring_whole(arguments: dict[str, Any], said: str) -> None:
    a, b, c = (np.zeros(4, np.float32) for _ in range(3))
    ring = Ring(0, 1, -1, -1)
    given = {"values": a, "base": b, "result": c} | arguments
    with pytest.raises(ValueError, match=said):
        ring.exchange(**given)
    with pytest.raises(ValueError, match="shares memory"):
        ring.exchange(a, None, a)
    assert not ring.broken
    ring.exchange(a, b, c)


@pytest.mark.parametrize(("rank", "ranks"), [(0, 0), (2, 2), (-1, 2), (0, 1 << 16)])
def test_places_that_are_refused(rank: int, ranks: int) -> None:
    with pytest.raises(ValueError, match=r"ranks?="):
        Ring(rank, ranks, -1, -1)


def test_a_socket_that_is_none() -> None:
    ring = Ring(0, 2, 10_000, 10_000)
    values = np.ones(4, np.float32)
    with pytest.raises(ConnectionError, match=os.strerror(9)):
        ring.exchange(values, None, np.empty_like(values), timeout=5)


MEMBER = """
import sys
import numpy as np
from heavywater.engine._ring import Ring
left, right, rounds = map(int, sys.argv[1:])
ring, values, result = Ring(1, 2, left, right), np.full(500_000, 3, np.float32), np.empty(500_000, np.float32)
for number in range(rounds):
    ring.exchange(values, None, result, round=number, timeout=30)
    print(result.min(), result.max(), flush=True)
"""


def member(members: Members, rounds: int) -> subprocess.Popen[str]:
    """Another process, as rank 1 of 2; its sockets are its alone."""
    ends = members.ends[0][1], members.ends[1][0]
    numbers = [each.fileno() for each in ends]
    process = subprocess.Popen(
        [sys.executable, "-c", MEMBER, *map(str, numbers), str(rounds)],
        pass_fds=numbers,
        text=True,
        stdout=subprocess.PIPE,
    )
    for each in ends:
        each.close()
    return process


@pytest.mark.parametrize("how", [None, signal.SIGKILL, signal.SIGSTOP])
def test_processes(how: signal.Signals | None) -> None:
    """One that is killed, or stopped, after the first of its rounds."""
    with Members(2, make=tcp_pair) as members, member(members, 4 if how else 2) as other:
        values, result = np.ones(500_000, np.float32), np.empty(500_000, np.float32)
        try:
            members.rings[0].exchange(values, None, result, timeout=30)
            assert (result == 2).all() and other.stdout.readline() == "2.0 2.0\n"
            if how is None:
                members.rings[0].exchange(values, None, result, round=1, timeout=30)
                assert other.wait() == 0
                return
            os.kill(other.pid, how)
            wanted, said = (
                (TimeoutError, "nothing more") if how is signal.SIGSTOP else (ConnectionError, "rank 1")
            )
            with pytest.raises(wanted, match=said):
                members.rings[0].exchange(
                    values, None, result, round=1, timeout=0.5 if how is signal.SIGSTOP else 20
                )
        finally:
            other.kill()


def test_the_stub_says_what_is_compiled() -> None:
    stub = ast.parse(Path(_ring.__file__).with_name("_ring.pyi").read_text(encoding="utf-8"))
    (ring,) = (node for node in stub.body if isinstance(node, ast.ClassDef))
    methods = {node.name: node for node in ring.body if isinstance(node, ast.FunctionDef)}
    attributes = {ast.unparse(node.target) for node in ring.body if isinstance(node, ast.AnnAssign)}
    assert {n for n in vars(Ring) if not n.startswith("_")} == {*methods, *attributes} - {"__init__"}
    found = inspect.signature(Ring.exchange).parameters
    told = methods["exchange"].args
    assert list(found) == [a.arg for a in told.args + told.kwonlyargs]
    defaults = [ast.literal_eval(d) for d in told.kw_defaults]
    assert [p.default for p in found.values() if p.kind is p.KEYWORD_ONLY] == defaults
