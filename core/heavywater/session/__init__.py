"""What front ends and servers ask for, and who answers.

- ``protocol``, ``model_protocol``, ``member_protocol``: all that can be asked; ``values``: the plain values that are given and answered.
- ``starting``: where a front end gets its session; ``local``: one in this process; ``remote``: one behind a wire, and
  what answers there; ``session_in_parts``: the parts of one, made by one function; ``wire``: the bytes;
  ``http_session``, ``http_link``, ``node_address``: one at a node; ``retries``: what may be asked twice;
  ``known_facts``: what need not be asked; ``reaching``: which one is meant; ``transit``, ``transfer``: files on their
  way, there and here.
- ``store``, ``settings``, ``job_registry``, ``metrics``: what the services of a local session share.
- ``frames``, ``files``, ``training``, ``models``, ``model_files``, ``grids``: the services, one for each part of the
  protocol; ``runs``, ``segment_runs``: the jobs behind them; ``model_operations``: expressions that ask models;
  ``model_listing``: what a list shows of them.
- ``nodes``: other processes that train; ``node_training``: whole models, what is sent for them and what comes back;
  ``peers``: those that train one network together (``crew_ring``: how they come together), ``members``: one of them;
  ``arrays_message``: arrays in what they say. ``shard_import``, ``shard_training``: frames whose rows lie on nodes.
  ``starting_nodes``, ``launched_nodes``: where nodes come from; ``link_times``: how far they are.
  How they are connected is the matter of `heavywater.cluster`.
- ``handle``: a job as those who wait for it see it; ``parameters``: checks that need no session.
"""

from ..frame.columns.moment import Moment, with_moments
from ..frame.frame import column_position
from ..frame.language.expressions import FunctionText, Lambda, Ref, Span
from .handle import JobHandle
from .local import LocalSession
from .node_address import NodeAddress
from .protocol import Session
from .reaching import NodeArguments, session_at, session_meant
from .settings import memory_size, thread_count
from .starting import connect, serve_as_node, start, start_here, warn_of_late_nodes
from .transfer import fetched, fetched_into, forget, send, sent, with_names_here
from .values import Facts, State

__all__ = [
    "Facts",
    "FunctionText",
    "JobHandle",
    "Lambda",
    "LocalSession",
    "Moment",
    "NodeAddress",
    "NodeArguments",
    "Ref",
    "Session",
    "Span",
    "State",
    "column_position",
    "connect",
    "fetched",
    "fetched_into",
    "forget",
    "memory_size",
    "send",
    "sent",
    "serve_as_node",
    "session_at",
    "session_meant",
    "start",
    "start_here",
    "thread_count",
    "warn_of_late_nodes",
    "with_moments",
    "with_names_here",
]
