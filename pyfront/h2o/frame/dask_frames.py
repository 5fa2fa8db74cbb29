"""Data frames of Dask as frames whose rows lie on the nodes of the session."""

from __future__ import annotations

from typing import Any

from heavywater.exchange import is_dask, remove_partitions, write_partitions
from heavywater.session import JobHandle, Session

__all__ = ["is_dask", "key_of_dask"]


def key_of_dask(session: Session, data: Any, key: str | None, options: dict[str, Any]) -> str | None:
    """Key of a frame whose rows lie on the nodes that run where the partitions of a data frame of Dask are.

    Parameters
    ----------
    session : Session
    data : dask.dataframe.DataFrame
    key : str, optional
        Without one it is a temporary frame.
    options : dict
        As for `heavywater.session.protocol.Files.import_files`.

    Returns
    -------
    str or None
        None where the session has no nodes.
    """
    if not session.cluster.status()["nodes"]:
        return None
    files = write_partitions(data)
    try:
        paths, hosts = [each.path for each in files], [each.host for each in files]
        started = session.files.import_shards(paths, key, None, options, hosts)
        return str(JobHandle(session, started).wait())
    finally:
        remove_partitions(files)
