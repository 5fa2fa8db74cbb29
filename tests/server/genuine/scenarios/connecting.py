"""Connecting, the cluster, direct requests, the end."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from ..library import h2o
from .world import World, printed, refusal


def version(world: World) -> Any:
    cluster = h2o.cluster()
    return [
        cluster.version,
        cluster.cloud_healthy,
        cluster.cloud_size,
        len(cluster.nodes),
        cluster.is_running(),
    ]


def status(world: World) -> Any:
    lines = printed(h2o.cluster().show_status).splitlines()
    return [line.split(":")[0].split("  ")[0] for line in lines if line.startswith("H2O_")]


def status_in_detail(world: World) -> Any:
    text = printed(lambda: h2o.cluster().show_status(True))
    return [word in text for word in ("Node 1", "healthy", "free_mem", "num_cpus", "pid", "sys_load")]


def init_of_a_running_node(world: World) -> Any:
    text = printed(lambda: h2o.init(url=world.url, strict_version_check=True))
    return [h2o.connection().connected, "H2O_cluster_uptime" in text]


def attributes_of_the_connection(world: World) -> Any:
    connection = h2o.connection()
    return [connection.base_url == world.url, connection.connected, connection.session_id.startswith("_sid_")]


def capabilities(world: World) -> Any:
    return [
        isinstance(h2o.cluster().list_core_extensions(), list),
        isinstance(h2o.cluster().list_api_extensions(), list),
    ]


def capabilities_of_all_kinds(world: World) -> Any:
    return isinstance(h2o.cluster().list_all_extensions(), list)


def jobs(world: World) -> Any:
    frame = world.iris
    rows = h2o.cluster().list_jobs()
    return [frame.nrow, len(rows) > 0, any("DONE" in row for row in rows)]


def time_zones(world: World) -> Any:
    cluster = h2o.cluster()
    before = cluster.timezone
    cluster.timezone = "America/Denver"
    now, cluster.timezone = cluster.timezone, before
    return [before, now, cluster.list_timezones().ncol]


def remarks_in_the_log(world: World) -> Any:
    return h2o.log_and_echo("a remark of the client")


def logs(world: World) -> Any:
    path = Path(h2o.download_all_logs(str(world.folder), "logs.zip"))
    return [path.name, zipfile.is_zipfile(path), len(zipfile.ZipFile(path).namelist()) > 0]


def a_request_by_name(world: World) -> Any:
    answer = h2o.api("GET /3/Cloud")
    return [type(answer).__name__, answer.version]


def a_request_with_values(world: World) -> Any:
    return h2o.api("POST /99/Rapids", data={"ast": "(+ 1 2)", "session_id": h2o.connection().session_id})[
        "scalar"
    ]


def a_request_with_json(world: World) -> Any:
    return h2o.api("POST /99/Rapids", json={"ast": "(* 3 4)"})["scalar"]


def a_session_by_hand(world: World) -> Any:
    first, second = (h2o.api("POST /4/sessions")["session_key"] for _ in range(2))
    h2o.api("POST /99/Rapids", data={"ast": "(tmp= by_hand (seq_len 4))", "session_id": first})
    h2o.api(f"DELETE /4/sessions/{first}")
    gone = refusal(lambda: h2o.api("POST /99/Rapids", data={"ast": "(nrow by_hand)", "session_id": second}))
    h2o.api(f"DELETE /4/sessions/{second}")
    return [first != second, gone]


def a_request_that_there_is_not(world: World) -> Any:
    return refusal(lambda: h2o.api("GET /3/NoSuchThing"))


def an_expression_that_cannot_be_evaluated(world: World) -> Any:
    return [refusal(lambda: h2o.rapids("(+ nope 1)")), refusal(lambda: h2o.rapids("(+ 1"))]


def about(world: World) -> Any:
    names = {entry["name"] for entry in h2o.api("GET /3/About")["entries"]}
    return "Build project version" in names


def schema_of_an_answer(world: World) -> Any:
    return sorted(field.name for field in h2o.api("GET /3/Metadata/schemas/CloudV3").fields)


def shutdown(world: World) -> Any:
    h2o.cluster().shutdown()
    return h2o.connection().connected
