"""What can be asked of a session: of one in this process, over a wire, on another machine.

Everything that is given and answered is a plain value: None, numbers, texts, bytes, lists, mappings, Arrow tables; of
expressions also `Ref`, `Span`, `Lambda` and `Moment`. Frames, models and jobs are named by their keys. A session belongs
to one client, whose temporary frames end with it. Every part may be asked from several threads.

Whatever cannot be met raises an error of `heavywater.errors`; warnings are given where the request is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .member_protocol import Members
from .model_protocol import Grids, ModelFiles, Models, Training
from .values import Description, Facts, Path, Started, State, Table


class Objects(Protocol):
    """The names of what is kept."""

    def keys(self, kind: str | None = None) -> list[str]:
        """Keys in the order of storing, of one kind: ``frame``, ``model``, ``grid``, ``segmentmodels``, ``metric``."""

    def fresh_key(self, stem: str) -> str:
        """A key that nothing has: the stem itself, or with a number."""

    def remove(self, key: str, cascade: bool = True) -> int:
        """Remove an object; how many were removed (0 or 1).

        Parameters
        ----------
        key : str
        cascade : bool
            Also remove what belongs to it: the models and frames of a model's cross-validation.
        """

    def remove_all(self, retained: Sequence[str] = ()) -> None:
        """Remove every object but those of the retained keys."""

    def own(self, key: str) -> None:
        """Make an object a temporary of this client: it goes with `release`, or with the client; `NotFound` where there is none."""

    def release(self, keys: Sequence[str]) -> None:
        """Remove temporaries of this client that nothing refers to any more; other keys are left alone."""


class Frames(Protocol):
    """Frames, and the expressions on them."""

    def facts(self, key: str) -> Facts:
        """Size, names and types of a frame, which cost nothing to ask for."""

    def described(self) -> list[Description]:
        """Key and size of every frame, as H2O's server tells them."""

    def describe(
        self, key: str, columns: Sequence[int] | None = None, detail: str = "quantiles"
    ) -> Description:
        """Size and columns of a frame, as H2O's server describes it.

        Parameters
        ----------
        key : str
        columns : sequence of int, optional
            Positions of those whose facts are told; all by default.
        detail : str
            ``extremes``, ``quantiles`` or ``histograms``, see `heavywater.frame.descriptions.describe`.
        """

    def outline(self, key: str) -> Description:
        """Size of a frame, and where its rows are, wherever that is.

        Returns
        -------
        dict
            ``frame, rows, columns, byte_size`` (of what is here); ``rows_here``, how many of its rows can be looked at, from the
            first one on; ``parts``, of a frame whose rows lie on nodes how many each has, in their order, else empty.
        """

    def profile(
        self, key: str, columns: Sequence[int] | None = None, most_cells: int | None = None
    ) -> list[Description | None]:
        """What a table of columns shows of each, see `heavywater.frame.profiles.profile`.

        Parameters
        ----------
        key : str
        columns : sequence of int, optional
            Their positions; all by default.
        most_cells : int, optional
            Cells that are looked at for it; of columns beyond that only what is known already is told, else None.
        """

    def distribution(self, key: str, column: int, classes: int = 24, quantiles: bool = True) -> Description:
        """All that is known of a column, see `heavywater.frame.profiles.distribution`.

        Parameters
        ----------
        key : str
        column : int
            Its position.
        classes : int
            Of the histogram, at most; of the most frequent levels.
        quantiles : bool
            Whether the numbers are put in order for their quantiles, where that was not done before.
        """

    def level_counts(
        self,
        key: str,
        column: int,
        first: int = 0,
        count: int | None = None,
        by_count: bool = False,
        contains: str = "",
    ) -> Description:
        """Some levels of a column, and how many rows have each, see `heavywater.frame.profiles.level_counts`."""

    def columns(self, key: str) -> list[Description]:
        """Facts about each column, see `heavywater.frame.summary.facts_of_columns`."""

    def moments(self, key: str) -> list[Description]:
        """Counts, range, mean and deviation of each column, see `heavywater.frame.summary.summarize`; rows may lie anywhere."""

    def summary(self, key: str, columns: int | None = None) -> Description:
        """A table of facts about the first columns (None: all), see `heavywater.frame.summary.summary_table`."""

    def storage(self, key: str) -> list[list[Any]]:
        """Name, kind, layout and bytes of each column."""

    def statistics(self, key: str) -> Description:
        """Number of ``rows``, and of each of the ``columns`` what merges with that of other parts, see `ColumnStatistics`."""

    def levels(self, key: str) -> list[list[str] | None]:
        """The levels of each column, None where it is no enum."""

    def upload(self, table: Table, key: str | None = None) -> Facts:
        """Store an Arrow table as a frame: under a key, or a temporary one of this client.

        What `heavywater.exchange.table_of` makes says the kinds of its columns; else their types do.
        """

    def fetch(
        self, key: str, columns: Sequence[int] | None = None, first: int = 0, count: int | None = None
    ) -> Table:
        """Some columns and rows of a frame as an Arrow table, of which `heavywater.exchange` makes other things.

        Parameters
        ----------
        key : str
        columns : sequence of int, optional
            Their positions; all by default.
        first, count : int
            The rows from `first` on, `count` of them (None: all that follow).
        """

    def cells(
        self,
        key: str,
        columns: Sequence[int] | None = None,
        first: int = 0,
        count: int | None = None,
        level_names: bool = False,
    ) -> list[list[Any]]:
        """Some columns and rows of a frame as lists, one of each column.

        Numbers, of factors the numbers of their levels, of times milliseconds since 1970 UTC; texts; None for what is missing.

        Parameters
        ----------
        key, columns, first, count
            As for `fetch`.
        level_names : bool
            Whether of factors the levels themselves are given.
        """

    def assign(self, key: str, name: str) -> Facts:
        """Store the columns of a frame under a further key; what it names is replaced if it is a frame."""

    def text(
        self,
        key: str,
        header: bool = True,
        times: str = "datetime",
        first: int = 0,
        count: int | None = None,
        layout: Mapping[str, Any] | None = None,
    ) -> str:
        """A frame as comma-separated text.

        Parameters
        ----------
        key : str
        header : bool
            Whether the names of the columns stand before the rows.
        times : str
            See `heavywater.frame.exchange.outgoing.with_times`.
        first, count : int
            The rows from `first` on, `count` of them (None: all that follow).
        layout : mapping, optional
            Further fields of `heavywater.export.frame_export.Layout`.
        """

    def to_bytes(self, key: str) -> bytes:
        """A frame as bytes that `from_bytes` makes a frame of, in this session or another one."""

    def from_bytes(self, content: bytes) -> str:
        """Key of a temporary frame, made of what `to_bytes` gave; `ParseError` where that is damaged."""

    def evaluate(self, expression: Any) -> Any:
        """Value of an expression; a frame is stored and its `Ref` returned.

        Parameters
        ----------
        expression : tuple
            See `heavywater.frame.language.expressions`.

        Returns
        -------
        Ref, float, str, `FunctionText`, or list of these
        """

    def begin(self, text: str, key: str, description: str) -> Started:
        """Start to evaluate an expression in the background; the frame that is its value is stored under a key.

        Parameters
        ----------
        text : str
            The expression, as for `rapids`.
        key : str
        description : str
            Of the job, whose result is the key.
        """

    def rapids(self, text: str) -> Any:
        """Value of an expression given as text, see `evaluate`; `InvalidExpression` where it is malformed."""

    def is_operation(self, name: str) -> bool:
        """Whether expressions know an operation of this name."""


class Files(Protocol):
    """Files of frames, on the disk of the session and where it can read."""

    def find(self, paths: Path | Sequence[Path], pattern: str | None = None) -> list[str]:
        """The files that paths, folders, patterns and addresses stand for; `ParseError` where there is none."""

    def complete(self, path: Path, limit: int = 100) -> list[str]:
        """The first files and folders whose path begins so, for who is typing one; none where nothing does."""

    def parse_setup(
        self,
        paths: Path | Sequence[Path],
        pattern: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Description:
        """What `import_files` would do with the files: separator, header, names and types."""

    def import_files(
        self,
        paths: Path | Sequence[Path],
        key: str | None = None,
        pattern: str | None = None,
        options: Mapping[str, Any] | None = None,
        like: Path | None = None,
    ) -> Started:
        """Start importing files of the same columns into one frame; when it fails nothing is stored.

        Parameters
        ----------
        paths : str, path or list of these
            Files, folders, glob patterns or addresses.
        key : str, optional
            Key of the frame; else made from the first file's name.
        pattern : str, optional
            Regular expression for the names of files in folders.
        options : mapping, optional
            Separator, header, names, types ...: fields of `heavywater.frame.importing.options.Options`.
        like : str or path, optional
            The file by whose first lines separator, header, names and types are guessed; by default the first one.

        Returns
        -------
        Started
            The result of the job is the key.
        """

    def import_shards(
        self,
        paths: Path | Sequence[Path],
        key: str | None = None,
        pattern: str | None = None,
        options: Mapping[str, Any] | None = None,
        hosts: Sequence[str] | None = None,
    ) -> Started:
        """Start importing files into one frame whose rows stay on the nodes, each of which reads some of the files.

        Parameters
        ----------
        paths, key, pattern, options
            As for `import_files`.
        hosts : sequence of str, optional
            Where each of the files lies, which only nodes there can read: names of machines, as nodes tell theirs. The frame is a
            temporary one of this client then, if there is no key. By default all nodes find all files.
        """

    def export_frame(
        self,
        key: str,
        path: Path,
        force: bool = False,
        times: str = "datetime",
        layout: Mapping[str, Any] | None = None,
        adjust_from_zone: bool = False,
    ) -> Started:
        """Write a frame as delimited text or Parquet.

        Parameters
        ----------
        key : str
        path : str or path
            A file; a folder for several files and for Parquet.
        force : bool
            Replace a file that is there, or a folder that holds nothing but an earlier export.
        times : str
            ``datetime`` or ``milliseconds``; see `heavywater.frame.exchange.outgoing.with_times`.
        layout : mapping, optional
            Fields of `heavywater.export.frame_export.Layout`.
        adjust_from_zone : bool
            Whether the times are what a clock in the session's time zone shows; they are written in UTC.
        """

    def save_frame(self, key: str, folder: Path, force: bool = True) -> Started:
        """Save a frame into a folder, to be loaded again by `load_frame`; the result of the job is the file."""

    def load_frame(self, key: str, folder: Path, force: bool = True) -> Started:
        """Load a frame that was saved under a key; the result of the job is that key.

        Parameters
        ----------
        key : str
        folder : str or path
        force : bool
            Replace a frame of this key; anything else of this key is never replaced.
        """

    def fresh(self, name: str) -> str:
        """Path of a file on its way, which `put` writes or any other request, and `get` reads: see `heavywater.session.transit`.

        It can be used like every path: to import, to load, to export to. It goes with `discard`, or with the client.

        Parameters
        ----------
        name : str
            What the file is called; the path ends with it.
        """

    def put(self, file: Path, content: bytes, start: int = 0) -> int:
        """Write a piece of a file on its way.

        Parameters
        ----------
        file : str or path
            Which `fresh` gave.
        content : bytes
        start : int
            Position of its first byte, not behind the end of what is there.

        Returns
        -------
        int
            Size of the file then.
        """

    def get(self, file: Path, start: int = 0, count: int = 2**24) -> bytes:
        """So many bytes of a file on its way from a position on; fewer at its end.

        Raises
        ------
        NotFound
            It is none: other files of the session's disk are never given.
        """

    def discard(self, file: Path) -> None:
        """Forget a file on its way; nothing happens where there is none."""

    def set_s3_credentials(
        self, key_id: str | None, secret: str | None = None, token: str | None = None
    ) -> None:
        """Sign requests to S3 with these keys from now on; None: with those of the environment."""


class Jobs(Protocol):
    """Work in the background."""

    def known(self) -> list[State]:
        """All jobs that are remembered, the oldest first."""

    def state(self, job: str) -> State:
        """How far a job is; `NotFound` where there is none of this key."""

    def wait(self, job: str, seconds: float) -> State:
        """Wait for the end, so long at most; how far the job is then."""

    def parts(self, job: str, first: int = 0) -> list[State]:
        """How far the jobs within a job are, from a number on: each trains one model of a grid, or of segments.

        They have keys as other jobs, for `state`, `curves`, `history`, `result`, and for `cancel`, which ends one alone.
        """

    def history(self, job: str) -> Description | None:
        """The scoring history of the model in training so far, as a table; None where there is none."""

    def curves(self, job: str, first: int = 0) -> Description | None:
        """The numbers of the scoring history, as columns: cheap to ask for again and again.

        Parameters
        ----------
        job : str
        first : int
            The line from which on they are wanted: how many are known.

        Returns
        -------
        dict or None
            ``names`` and ``columns`` of the same length, see `heavywater.deeplearning.model.history.score_curves`, and ``metric``,
            by which training may stop early; ``before``, how many of all lines are of the runs that this one
            goes on from. None where there is no history.
        """

    def cancel(self, job: str, reason: str | None = None) -> None:
        """Ask the worker to stop at the next opportunity.

        Parameters
        ----------
        job : str
        reason : str, optional
            Why; the model tells it as the reason why training stopped.
        """

    def result(self, job: str) -> Any:
        """What a job that has ended gave: the key of what it made.

        Raises
        ------
        HeavywaterError
            What the job has ended with; `InvalidArgument` while it runs.
        """


class Cluster(Protocol):
    """The process or the machines behind the session."""

    def status(self) -> Description:
        """Facts for status tables: name, version, cores, memory, time zone, uptime, number of requests ..."""

    def configure(
        self, name: str | None = None, nthreads: int | None = None, max_mem_size: int | None = None
    ) -> None:
        """Change settings; None leaves one as it is.

        Parameters
        ----------
        name : str, optional
            Of the "cluster" in status tables.
        nthreads : int, optional
            Threads for import and training; -1 means all cores.
        max_mem_size : int, optional
            Bytes that frames and models may take together.
        """

    def echo(self, content: bytes) -> bytes:
        """The same bytes: for who measures how long they take to a node and back."""

    def link_times(self) -> Description:
        """A table of the times to each node and back, see `heavywater.session.link_times`; without rows where there is none."""

    def time_zone(self) -> str:
        """In whose clock dates and times of texts are meant, and their parts are told."""

    def close(self, stop_jobs: bool = True) -> None:
        """End what belongs to this client: its jobs are asked to stop, unless they are to go on; its temporary frames go."""


class Session(Protocol):
    """All that can be asked, in parts."""

    @property
    def client(self) -> str:
        """Who asks; temporaries belong to it."""

    @property
    def url(self) -> str | None:
        """Address of the node where the session is; None in this process."""

    def let_go(self, keys: Sequence[str]) -> None:
        """Release temporaries as `Objects.release` does, at a node with what is asked next: for finalizers, which come anywhere."""

    def end(self) -> None:
        """End it: in this process with all that it holds; at a node what is temporary goes, while jobs and all that has a name stay."""

    @property
    def shares_disk(self) -> bool:
        """Whether the session finds files under the names that they have for who asks; else see `heavywater.session.transfer`."""

    @property
    def objects(self) -> Objects:
        """The names of what is kept."""

    @property
    def frames(self) -> Frames:
        """Frames, and the expressions on them."""

    @property
    def files(self) -> Files:
        """Files of frames."""

    @property
    def training(self) -> Training:
        """What makes models."""

    @property
    def models(self) -> Models:
        """Questions to trained models."""

    @property
    def model_files(self) -> ModelFiles:
        """Models as files and as bytes."""

    @property
    def grids(self) -> Grids:
        """Grid search."""

    @property
    def jobs(self) -> Jobs:
        """Work in the background."""

    @property
    def cluster(self) -> Cluster:
        """The process or the machines behind the session."""

    @property
    def members(self) -> Members:
        """What nodes do together."""


PARTS: dict[str, type[Any]] = {
    "objects": Objects,
    "frames": Frames,
    "files": Files,
    "training": Training,
    "models": Models,
    "model_files": ModelFiles,
    "grids": Grids,
    "jobs": Jobs,
    "cluster": Cluster,
    "members": Members,
}
