"""The node itself: ``Cloud``, capabilities, schemas, shutdown."""

from __future__ import annotations

import time

from .calls import Call
from .replies import PROTOCOL_VERSION, Json, meta


def cloud(call: Call) -> Json:
    """State of the node."""
    status = call.session.cluster.status()
    return {
        "__meta": meta("CloudV3", "Iced"),
        "version": PROTOCOL_VERSION,
        "cloud_name": status["cloud_name"],
        "cloud_healthy": status["cloud_healthy"],
        "cloud_uptime_millis": int(1000 * (time.time() - call.node.start_time)),
    }


ROUTES = {"GET /3/Cloud": cloud}
