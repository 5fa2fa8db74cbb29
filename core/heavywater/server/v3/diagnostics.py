"""What the process of the node is doing: threads, how often they are where, how long messages take."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter
from types import FrameType

from .calls import Call, takes
from .replies import Json, meta, table

_SAMPLES, _PAUSE = 100, 0.005  # of a profile; seconds between them
_SIZES = (1, 1024, 1024**2)  # bytes of a message


@takes("")
def timeline(call: Call) -> Json:
    """Messages between nodes: this interface has none to tell."""
    return {
        "__meta": meta("TimelineV3", "Timeline"),
        "_exclude_fields": "",
        "now": 0,
        "self": None,
        "events": [],
    }


@takes("")
def threads(call: Call) -> Json:
    """Where each thread of the process is."""
    names = {each.ident: each.name for each in threading.enumerate()}
    found = [
        f'"{names.get(ident, ident)}"\n{_trace(frame)}' for ident, frame in sys._current_frames().items()
    ]
    trace = {
        "__meta": meta("DStackTraceV3", "DStackTrace"),
        "node": _host(call),
        "time": int(1000 * time.time()),
        "thread_traces": [f"{len(found)} threads\n", *found],
    }
    return {"__meta": meta("JStackV3", "JStack"), "_exclude_fields": "", "traces": [trace]}


@takes("depth")
def profile(call: Call) -> Json:
    """Where threads of the process are how often, looked at a hundred times."""
    depth, seen = call.whole("depth", 10), Counter[str]()
    for _ in range(_SAMPLES):
        own = threading.get_ident()
        frames = sys._current_frames()
        seen.update(_trace(frame, depth) for ident, frame in frames.items() if ident != own)
        time.sleep(_PAUSE)
    entries = [
        {"__meta": meta("ProfilerNodeEntryV3"), "stacktrace": text, "count": count}
        for text, count in seen.most_common()
    ]
    node = {
        "__meta": meta("ProfilerNodeV3"),
        "node_name": _host(call),
        "timestamp": int(1000 * time.time()),
        "entries": entries,
    }
    return {"__meta": meta("ProfilerV3"), "_exclude_fields": "", "depth": depth, "nodes": [node]}


def _trace(frame: FrameType, depth: int | None = None) -> str:
    """Where a thread is, from the innermost call on."""
    calls = traceback.extract_stack(frame)[::-1][:depth]
    return "".join(f"\tat {each.name} ({each.filename.rpartition('/')[2]}:{each.lineno})\n" for each in calls)


def _host(call: Call) -> str:
    return (call.headers or {}).get("host", "")


@takes("")
def network_test(call: Call) -> Json:
    """How long messages of three sizes take to the session and back."""
    node, seconds = f"/{_host(call)}", [_seconds(call, size) for size in _SIZES]
    rates = [2 * size / each for size, each in zip(_SIZES, seconds, strict=True)]
    micros = [1e6 * each for each in seconds]
    texts = [f"{m:.0f} usec, {r / 1024:.1f} KB/S" for m, r in zip(micros, rates, strict=True)]
    columns = [("destination", "string", "%s", "Destination")]
    columns += [(f"{size}_bytes", "string", "%s", f"{size} bytes") for size in _SIZES]
    rows = ["all - collective bcast/reduce", f"self {node}"]
    return {
        "__meta": meta("NetworkTestV3", "NetworkTest"),
        "_exclude_fields": "",
        "microseconds_collective": micros,
        "bandwidths_collective": rates,
        "microseconds": [[each] for each in micros],
        "bandwidths": [[each] for each in rates],
        "nodes": [node],
        "table": table("Network Test", columns, [rows, *([t, t] for t in texts)], f"Launched from {node}"),
    }


def _seconds(call: Call, size: int) -> float:
    content, begin = bytes(size), time.perf_counter()
    call.session.cluster.echo(content)
    return max(1e-9, time.perf_counter() - begin)


ROUTES = {
    "GET /3/Timeline": timeline,
    "GET /3/JStack": threads,
    "GET /3/Profiler": profile,
    "GET /3/NetworkTest": network_test,
}
