"""Data frames of Dask: each partition as a Parquet file on the machine that has it, for the node that runs there.

So no rows pass through this process, and what a node reads is a file of a known format, nothing pickled.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidArgument
from .arrow_tables import to_arrow
from .incoming import frame_from

_MODULES = ("dask", "dask_expr")


def is_dask(data: Any) -> bool:
    """Whether an object is a data frame of Dask."""
    kind = type(data)
    return kind.__module__.partition(".")[0] in _MODULES and all(
        hasattr(data, each) for each in ("to_delayed", "dtypes", "columns")
    )


@dataclass(frozen=True)
class PartitionFile:
    """A partition on the disk.

    Attributes
    ----------
    host : str
        Name of the machine.
    path : str
        In a folder of its own.
    worker : str or None
        Address of the worker of Dask that has written it; None where there are no workers.
    """

    host: str
    path: str
    worker: str | None


def write_partitions(data: Any) -> list[PartitionFile]:
    """Let the workers of Dask write their partitions, in whatever order; without workers this process writes all.

    Parameters
    ----------
    data : dask.dataframe.DataFrame
    """
    import dask

    if len(set(map(str, data.columns))) < len(data.columns):
        raise InvalidArgument("the data frame of Dask has several columns of the same name: rename them")
    write = dask.delayed(_write, pure=False)
    found: tuple[PartitionFile, ...] = dask.compute(*(write(part) for part in data.to_delayed()))
    return list(found)


def remove_partitions(files: Sequence[PartitionFile]) -> None:
    """Remove the files where they lie."""
    here = [each.path for each in files if each.worker is None]
    _remove(here)
    there = sorted({each.worker for each in files if each.worker is not None})
    if not there:
        return
    from distributed import default_client

    client = default_client()
    known = client.scheduler_info(n_workers=-1)["workers"]  # a worker that has ended has removed its files
    done = [
        client.submit(
            _remove, [each.path for each in files if each.worker == worker], workers=[worker], pure=False
        )
        for worker in there
        if worker in known
    ]
    client.gather(done, errors="skip")


def _remove(paths: Sequence[str]) -> None:
    for path in paths:
        shutil.rmtree(os.path.dirname(path), ignore_errors=True)


def _write(part: Any) -> PartitionFile:
    """Work of a worker."""
    from pyarrow import parquet

    worker = _worker()
    table = _table(part.rename(columns=str))
    folder = tempfile.mkdtemp(
        prefix="heavywater-partition-", dir=None if worker is None else worker.local_directory
    )
    path = os.path.join(os.path.abspath(folder), "part.parquet")
    parquet.write_table(table, path)
    return PartitionFile(socket.gethostname(), path, None if worker is None else str(worker.address))


def _table(part: Any) -> Any:
    """A partition as an Arrow table, such that a file of it is read as a frame is made of an object of pandas."""
    import pyarrow as pa

    table = pa.Table.from_pandas(part, preserve_index=False)
    for i, field in enumerate(table.schema):
        kind = field.type
        if pa.types.is_boolean(kind) or pa.types.is_dictionary(kind):  # a factor, whatever the values are
            texts = to_arrow(frame_from(part.iloc[:, [i]])).column(0)
            table = table.set_column(i, field.name, texts)
        elif pa.types.is_null(kind) and part.dtypes.iloc[i].kind == "O":  # texts, of which there is none
            table = table.set_column(i, field.name, table.column(i).cast(pa.string()))
    return table


def _worker() -> Any:
    """The worker of Dask that does this task; None where a thread of this process does it."""
    try:
        from distributed import get_worker

        return get_worker()
    except (ImportError, ValueError):
        return None
