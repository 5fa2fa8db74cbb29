"""The node itself: ``Cloud``, what it can do, ``About``, its end."""

from __future__ import annotations

import math
import os
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ... import __version__
from ...room import memory
from ...session.values import Description
from .calls import Call, takes
from .replies import PROTOCOL_VERSION, Json, meta

_INSTALLED = Path(__file__).stat().st_mtime
_NOT_MEASURED = "NaN"
_LONGEST_AGE = 10.0  # seconds


class LastStatus:
    """What the session has last said of itself: R asks before nearly everything else, and of many frames it takes a while."""

    def __init__(self) -> None:
        self._status: Description = {}
        self._at = -math.inf

    def of(self, call: Call, age: float) -> Description:
        """Facts that are not older than so many seconds."""
        now = time.monotonic()
        if now - self._at > age:
            self._status, self._at = call.session.cluster.status(), now
        return self._status


@takes("skip_ticks")
def cloud(call: Call) -> Json:
    """State of the node; where the client asks for no news of its load, what was last known."""
    status = call.node.kept(LastStatus).of(call, _LONGEST_AGE if call.flag("skip_ticks") else 0.0)
    own = _node(call, status)
    nodes = [_other(own, each) for each in status["nodes"]] or [own]
    return {
        "__meta": meta("CloudV3"),
        "_exclude_fields": "",
        "skip_ticks": call.flag("skip_ticks"),
        **_build(),
        "node_idx": 0,
        "cloud_name": status["cloud_name"],
        "cloud_size": len(nodes),
        "cloud_uptime_millis": int(1000 * (time.time() - call.node.start_time)),
        "cloud_internal_timezone": status["time_zone"],
        "datafile_parser_timezone": status["time_zone"],
        "cloud_healthy": status["cloud_healthy"],
        "bad_nodes": sum(not each["healthy"] for each in nodes),
        "consensus": True,
        "locked": True,
        "is_client": False,
        "hadoop_version": None,
        "telemetry_enabled": False,
        "nodes": nodes,
        "internal_security_enabled": False,
        "leader_idx": 0,
        "web_ip": _address(call).rpartition(":")[0],
    }


def _build() -> Json:
    """Version and age; clients compare the version with their own, and R warns of an old one."""
    days = max(0, int((time.time() - _INSTALLED) / 86400))
    return {
        "version": PROTOCOL_VERSION,
        "branch_name": "rel-3.46.0",
        "last_commit_hash": __version__,
        "describe": f"heavywater {__version__}",
        "compiled_by": "heavywater",
        "compiled_on": f"{datetime.fromtimestamp(_INSTALLED, UTC):%Y-%m-%d %H:%M:%S}",
        "build_number": PROTOCOL_VERSION.rpartition(".")[2],
        "build_age": f"{days} day{'s' * (days != 1)}",
        "build_too_old": False,
    }


def _address(call: Call) -> str:
    """Host and port under which the client has asked."""
    return (call.headers or {}).get("host") or "127.0.0.1:54321"


def _node(call: Call, status: Description) -> Json:
    most = status["max_mem_size"] or memory() or 0
    disk = shutil.disk_usage(call.node.uploads)
    address, cores = _address(call), status["allowed_cores"]
    return {
        "__meta": meta("NodeV3"),
        "h2o": f"/{address}",
        "ip_port": address,
        "healthy": True,
        "last_ping": int(1000 * time.time()),
        "pid": status["pid"],
        "num_cpus": status["total_cores"],
        "cpus_allowed": cores,
        "nthreads": cores,
        "sys_load": os.getloadavg()[0],
        "my_cpu_pct": -1,
        "sys_cpu_pct": -1,
        "mem_value_size": status["memory_used"],
        "pojo_mem": 0,
        "free_mem": max(0, most - status["memory_used"]),
        "max_mem": most,
        "swap_mem": 0,
        "num_keys": status["objects"],
        "free_disk": disk.free,
        "max_disk": disk.total,
        "rpcs_active": 0,
        "fjthrds": [-1, cores],
        "fjqueue": [-1, 0],
        "tcps_active": 0,
        "open_fds": _open_files(),
        "gflops": _NOT_MEASURED,
        "mem_bw": _NOT_MEASURED,
    }


def _other(own: Json, facts: Description) -> Json:
    """A node that trains for the session, as far as it is known."""
    most, used = facts["max_mem"] or own["max_mem"], facts["mem_value_size"] or 0
    names = ("healthy", "num_cpus", "cpus_allowed", "nthreads", "pid")
    return {
        **own,
        **{name: facts[name] for name in names},
        "h2o": f"/{facts['h2o']}",
        "ip_port": facts["h2o"],
        "mem_value_size": used,
        "free_mem": max(0, most - used),
        "max_mem": most,
        "num_keys": 0,
        "fjthrds": [-1, facts["nthreads"]],
        "open_fds": -1,
    }


def _open_files() -> int:
    with suppress(OSError):
        return len(os.listdir("/proc/self/fd"))
    return -1


@takes("")
def about(call: Call) -> Json:
    """What the node is, as pairs of names and values."""
    build = _build()
    entries = {
        "Build git branch": build["branch_name"],
        "Build git hash": build["last_commit_hash"],
        "Build git describe": build["describe"],
        "Build project version": PROTOCOL_VERSION,
        "Build age": build["build_age"],
        "Built by": build["compiled_by"],
        "Built on": build["compiled_on"],
        "Internal Security": "Disabled",
        "Version of heavywater": __version__,
    }
    named = [{"__meta": meta("AboutEntryV3"), "name": n, "value": v} for n, v in entries.items()]
    return {"__meta": meta("AboutV3"), "_exclude_fields": "", "entries": named}


@takes("")
def capabilities(call: Call) -> Json:
    """Extensions of the server: there are none."""
    return {"__meta": meta("CapabilitiesV3"), "_exclude_fields": "", "capabilities": []}


@takes("")
def shutdown(call: Call) -> Json:
    """The node ends, when this has been answered."""
    call.node.stop()
    return {"__meta": meta("ShutdownV3", "Shutdown"), "_exclude_fields": ""}


ROUTES = {
    "GET /3/Cloud": cloud,
    "GET /3/About": about,
    "GET /3/Capabilities": capabilities,
    "GET /3/Capabilities/Core": capabilities,
    "GET /3/Capabilities/API": capabilities,
    "POST /3/Shutdown": shutdown,
}
