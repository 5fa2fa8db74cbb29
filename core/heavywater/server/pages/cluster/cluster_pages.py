"""The node and those that train for it: cores, memory, links; and its end."""

from __future__ import annotations

import os
import platform
import shutil
import time
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import Response

from ....errors import InvalidArgument
from ....room import memory
from ....session.values import Description
from ...node.open_node import OpenNode
from ..basics.asking import PageCall


def load_of(status: Description) -> dict[str, Any]:
    """What the frames take of the memory, and how busy the cores are: for meters.

    Parameters
    ----------
    status : dict
        Of the session, see `heavywater.session.protocol.Cluster.status`.
    """
    most = status["max_mem_size"] or memory() or 0
    cores = os.cpu_count() or 1
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "used": status["memory_used"],
        "most": most,
        "cores": cores,
        "allowed": status["allowed_cores"],
        "busy": busy,
    }


def cluster(call: PageCall) -> Response:
    """Facts about the node, and about each node that trains for its session."""
    session, node = call.session, call.node
    status = session.cluster.status()
    return call.page(
        "cluster/cluster.html",
        facts=status,
        load=load_of(status),
        uptime=time.time() - node.start_time,
        counts={
            kind: len(session.objects.keys(key))
            for kind, key in (("frames", "frame"), ("models", "model"), ("grids", "grid"))
        },
        clients=len(node.clients),
        python=platform.python_version(),
        machine=f"{platform.system()} {platform.machine()}",
        disk=shutil.disk_usage(node.uploads),
        options=node.options,
    )


def links(call: PageCall) -> Response:
    """How long messages take to each node and back: measured now."""
    return call.page("cluster/cluster_links.html", table=call.session.cluster.link_times())


def ending(call: PageCall) -> Response:
    """Ask whether the node is really to end."""
    _check(call.node)
    keys = call.session.objects.keys
    counts = {kind: len(keys(kind)) for kind in ("frame", "model")}
    return call.page("cluster/cluster_shutdown.html", counts=counts, ended=False)


def end(call: PageCall) -> Response:
    """End the node, once this is answered."""
    _check(call.node)
    response = call.page("cluster/cluster_shutdown.html", counts={}, ended=True)
    response.background = BackgroundTask(call.node.stop)
    return response


def _check(node: OpenNode) -> None:
    if not node.options.may_be_ended:
        raise InvalidArgument(
            "this node belongs to a session of Python or R, with which it ends: end it there (h2o.shutdown())"
        )


ROUTES = {
    "GET /cluster": cluster,
    "GET /cluster/links": links,
    "GET /cluster/shutdown": ending,
    "POST /cluster/shutdown": end,
}
