"""The session as a cluster: of its nodes, or of one process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from heavywater import __version__
from heavywater.errors import InvalidArgument
from heavywater.session import Session

from ..display.rendering import print2
from ..display.tables import format_table, html_table
from ..elsewhere.stand_ins import AbsentMembers
from ..two_dim_table import H2OTwoDimTable
from . import handles, running

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame

__all__ = ["H2OCluster"]

_NODE_COLUMNS = ["node", "health", "threads of cores", "memory used", "state", "rows/s", "time in the ring"]


class H2OCluster(AbsentMembers):
    """The running session, as `h2o.cluster` gives it.

    Examples
    --------
    >>> session = h2o.cluster()
    >>> session.cloud_size, session.is_running()
    (1, True)
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._running = True

    @property
    def version(self) -> str:
        """Version of heavywater, where the session is.

        Examples
        --------
        >>> h2o.cluster().version == h2o.__version__
        True
        """
        return __version__ if self._session.url is None else str(self._session.cluster.status()["version"])

    @property
    def _place(self) -> str:
        return "this process" if self._session.url is None else f"the node at {self._session.url}"

    @property
    def cloud_name(self) -> str:
        """The name given to `h2o.init`.

        Examples
        --------
        >>> name = h2o.cluster().cloud_name
        """
        return str(self._session.cluster.status()["cloud_name"])

    @property
    def cloud_size(self) -> int:
        """Number of nodes, lost ones included; 1, this process, where there are no others.

        Examples
        --------
        >>> h2o.cluster().cloud_size
        1
        """
        return int(self._session.cluster.status()["cloud_size"])

    @property
    def cloud_healthy(self) -> bool:
        """Whether the session can be used and no node is lost.

        Examples
        --------
        >>> h2o.cluster().cloud_healthy
        True
        """
        return self._running and bool(self._session.cluster.status()["cloud_healthy"])

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """One entry for each node: address, health, cores, threads, memory, what it does; its part in the last common training.

        Examples
        --------
        >>> sorted(h2o.cluster().nodes[0])[:2]
        ['cpus_allowed', 'h2o']
        """
        status = self._session.cluster.status()
        return status["nodes"] or [
            {
                "h2o": f"process {status['pid']}",
                "healthy": self._running,
                "num_cpus": status["total_cores"],
                "cpus_allowed": status["allowed_cores"],
                "nthreads": status["allowed_cores"],
                "pid": status["pid"],
                "mem_value_size": status["memory_used"],
                "max_mem": status["max_mem_size"],
                "host": "localhost" if self._session.url is None else self._session.url,
                "state": self._place,
                "rows_per_second": None,
                "ring_share": None,
            }
        ]

    @property
    def timezone(self) -> str:
        """Time zone in which the time operations read the clock; setting it changes it.

        Examples
        --------
        >>> zone = h2o.cluster().timezone
        """
        zone: str = self._session.frames.evaluate(("getTimeZone",))
        return zone

    @timezone.setter
    def timezone(self, name: str) -> None:
        self._session.frames.evaluate(("setTimeZone", name))

    def list_timezones(self) -> H2OFrame:
        """Names of all known time zones, as a frame of one column.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> h2o.cluster().list_timezones().ncol
        1
        """
        zones: H2OFrame = handles.frame(self._session.frames.evaluate(("listTimeZones",)).key, self._session)
        return zones

    def is_running(self) -> bool:
        """Whether the session has not been shut down.

        Returns
        -------
        bool

        Examples
        --------
        >>> h2o.cluster().is_running()
        True
        """
        return self._running

    def status_rows(self) -> list[list[str]]:
        """Status as rows of name and value.

        Returns
        -------
        list[list of str]
            Pairs of texts.

        Examples
        --------
        >>> h2o.cluster().status_rows()[0][0]
        'H2O_cluster_uptime:'
        """
        status = self._session.cluster.status()
        limit = status["max_mem_size"]
        return [
            ["H2O_cluster_uptime:", _duration(status["uptime_ms"])],
            ["H2O_cluster_timezone:", self.timezone],
            ["H2O_cluster_version:", f"{self.version} (heavywater)"],
            ["H2O_cluster_name:", self.cloud_name],
            ["H2O_cluster_total_nodes:", self._counted(status["nodes"], status["join_at"])],
            ["H2O_cluster_memory_limit:", "none" if limit is None else f"{limit / 2**30:.4g} GB"],
            ["H2O_cluster_memory_used:", f"{round(status['memory_used'] / 2**20, 3):.4g} MB in frames"],
            ["H2O_cluster_total_cores:", str(status["total_cores"])],
            ["H2O_cluster_allowed_cores:", str(status["allowed_cores"])],
            ["H2O_cluster_status:", self._health(status["cloud_healthy"])],
            ["Python_version:", sys.version.split()[0]],
        ]

    def _counted(self, nodes: list[dict[str, Any]], join_at: str | None) -> str:
        lost = sum(not node["healthy"] for node in nodes)
        return (
            (f"{len(nodes)} beside {self._place}" if nodes else f"1 ({self._place})")
            + (f", {lost} of them lost" if lost else "")
            + (f"; others can join at {join_at}" if join_at else "")
        )

    def _health(self, complete: bool) -> str:
        return "shut down" if not self._running else "healthy" if complete else "nodes are lost"

    def get_status(self) -> H2OTwoDimTable:
        """The status as a table of one row.

        Returns
        -------
        H2OTwoDimTable

        Examples
        --------
        >>> len(h2o.cluster().get_status().cell_values)
        1
        """
        rows = self.status_rows()
        return H2OTwoDimTable(
            col_header=[name.rstrip(":") for name, _ in rows], cell_values=[[value for _, value in rows]]
        )

    def get_status_details(self) -> H2OTwoDimTable:
        """The status of each node as a table.

        Returns
        -------
        H2OTwoDimTable
            A row for each node.

        Examples
        --------
        >>> len(h2o.cluster().get_status_details().cell_values)
        1
        """
        nodes = self.nodes
        rows = [[f"Node {i + 1}", *node.values()] for i, node in enumerate(nodes)]
        return H2OTwoDimTable(col_header=["node", *nodes[0]], cell_values=rows)

    def node(self, node_id: int) -> dict[str, Any]:
        """Facts about a node, counted from 0.

        Parameters
        ----------
        node_id : int
            Its number.

        Returns
        -------
        dict
            The entry of `nodes`.

        Examples
        --------
        >>> h2o.cluster().node(0) == h2o.cluster().nodes[0]
        True
        """
        nodes = self.nodes
        if isinstance(node_id, bool) or not isinstance(node_id, int) or not 0 <= node_id < len(nodes):
            raise InvalidArgument(f"node: node_id={node_id!r} must be in 0 .. {len(nodes) - 1}")
        return nodes[node_id]

    def check_version(self, strict: bool = False) -> None:
        """Refuse, if it is strict, a node of another version; otherwise connecting has told of it.

        Parameters
        ----------
        strict : bool

        Examples
        --------
        >>> h2o.cluster().check_version(strict=True)
        """
        if strict and self.version != __version__:
            raise InvalidArgument(f"the node has version {self.version} of heavywater, here is {__version__}")

    def show_status(self, detailed: bool = False) -> None:
        """Print the status; detailed adds the objects held.

        Parameters
        ----------
        detailed : bool
            Whether the objects held are told, too.

        Examples
        --------
        >>> h2o.cluster().show_status()
        H2O_cluster_uptime: ...
        """
        print2(self)
        if detailed:
            keys = self._session.objects.keys()
            print2(format_table(["key"], [[key] for key in keys], title="Objects", widest=200))

    def shutdown(self, prompt: bool = False) -> None:
        """End the session, of one at a node the connection; see `h2o.shutdown`.

        Parameters
        ----------
        prompt : bool
            Whether to ask first.

        Examples
        --------
        >>> h2o.init(verbose=False)
        >>> cluster = h2o.cluster()
        >>> cluster.shutdown()
        >>> cluster.is_running()
        False
        """
        running.end(prompt)

    def list_all_extensions(self) -> list[str]:
        """Algorithms that can be trained.

        Returns
        -------
        list of str
            Their names.

        Examples
        --------
        >>> "deeplearning" in [name.lower() for name in h2o.cluster().list_all_extensions()]
        True
        """
        return ["DeepLearning"]

    def network_test(self) -> H2OTwoDimTable:
        """Measure the link between this process and each node, and print what comes out.

        Returns
        -------
        H2OTwoDimTable
            A row for each node and size of a message: ``bytes``, the median time there and back in ``microseconds``, and the rate
            of both ways in ``MB_per_s`` (10**6 bytes); missing where a node is lost. Without rows where there are no nodes.

        Examples
        --------
        >>> table = h2o.cluster().network_test()
        network_test: there are no nodes beside this process, and so no links to measure
        """
        found = self._session.cluster.link_times()
        table = H2OTwoDimTable(
            table_header="Network Test", col_header=found["columns"], cell_values=found["rows"]
        )
        if found["rows"]:
            table.show()
        else:
            print2("network_test: there are no nodes beside this process, and so no links to measure")
        return table

    def __str__(self) -> str:
        rows = self.status_rows()
        width = max(len(name) for name, _ in rows)
        text = "\n".join(f"{name:{width}}  {value}" for name, value in rows)
        nodes = self._node_rows()
        return text + ("\n" + format_table(_NODE_COLUMNS, nodes, title="Nodes") if nodes else "")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        nodes = self._node_rows()
        return html_table(["", ""], self.status_rows()) + (html_table(_NODE_COLUMNS, nodes) if nodes else "")

    def _node_rows(self) -> list[list[str]]:
        """What there is to see of each node; rows/s and the share of time in meetings are those of the last common training."""
        return [
            [
                node["h2o"],
                "healthy" if node["healthy"] else "lost",
                f"{node['nthreads']} of {node['num_cpus']}",
                "" if node["mem_value_size"] is None else f"{node['mem_value_size'] / 2**20:.4g} MB",
                node["state"],
                "" if node["rows_per_second"] is None else f"{node['rows_per_second']:,.0f}",
                "" if node["ring_share"] is None else f"{node['ring_share']:.1%}",
            ]
            for node in self._session.cluster.status()["nodes"]
        ]


def _duration(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    if seconds < 60:
        return f"{seconds} secs" if seconds >= 1 else f"{milliseconds} ms"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} hours {minutes} mins" if hours else f"{minutes} mins {seconds} secs"
