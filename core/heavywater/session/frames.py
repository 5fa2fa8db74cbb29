"""Frames of a session, and the expressions on them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..errors import InvalidArgument, NotFound, warn
from ..export.frame_export import Layout, write_text
from ..export.frame_file import frame_bytes, frame_of_bytes
from ..files import check_key
from ..frame.columns.column_statistics import ColumnStatistics
from ..frame.columns.parallel import threads_of_session
from ..frame.descriptions import DETAILS, describe
from ..frame.exchange.arrow_frames import frame_of_table, table_of_frame
from ..frame.exchange.outgoing import plain_cells, with_times
from ..frame.frame import Frame, column_position
from ..frame.language.expressions import FrameStore, FunctionText, Ref, Span, evaluate
from ..frame.language.rapids import parse
from ..frame.primitives import is_operation
from ..frame.primitives.applying import ExpressionFunction
from ..frame.profiles import distribution, level_counts, profile
from ..frame.sharded_frame import AnyFrame, ShardedFrame, statistics_of
from ..frame.summary import facts_of_columns, summarize, summary_of, summary_table
from ..jobs import Job
from .job_registry import JobService
from .model_protocol import Models
from .protocol import Frames
from .settings import Memory, Settings
from .store import Store
from .values import Description, Facts, Started, Table, known_fields

_MOST_CLASSES = 1000
_NAMED_RESULT = ("tmp=", "assign", ",")  # expressions that store their result themselves


def facts_of(frame: AnyFrame) -> Facts:
    """What a stored frame is."""
    return Facts(frame=frame.key, nrow=frame.nrow, names=frame.names, types=frame.kinds)


def outline_of(frame: AnyFrame) -> Description:
    """See `Frames.outline`."""
    here = frame.head if isinstance(frame, ShardedFrame) else frame
    return {
        "frame": frame.key,
        "rows": frame.nrow,
        "columns": frame.ncol,
        "byte_size": here.nbytes,
        "rows_here": here.nrow,
        "parts": [part.rows for part in frame.parts] if isinstance(frame, ShardedFrame) else [],
    }


def _check_rows(first: int, count: int | None) -> None:
    for name, value in (("first", first), ("count", 0 if count is None else count)):
        if value < 0:
            raise InvalidArgument(f"{name}={value!r}: a number of rows is needed, 0 or more")


class FrameService(Frames):
    """Answers from a store.

    Parameters
    ----------
    store : Store
    settings : Settings
    jobs : JobService
    models : callable
        Gives the service that knows the models, of which an expression may set a threshold.
    """

    def __init__(
        self, store: Store, settings: Settings, jobs: JobService, models: Callable[[], Models]
    ) -> None:
        self._store, self._settings, self._jobs, self._models = store, settings, jobs, models

    # ---- facts

    def facts(self, key: str) -> Facts:
        return facts_of(self._store.any_frame(key))

    def described(self) -> list[Description]:
        return [
            {"frame_id": {"name": f.key}, "rows": f.nrow, "columns": f.ncol, "byte_size": f.nbytes}
            for f in self._store.frames()
        ]

    def describe(
        self, key: str, columns: Sequence[int] | None = None, detail: str = "quantiles"
    ) -> Description:
        if detail not in DETAILS:
            raise InvalidArgument(f"detail={detail!r} must be one of {', '.join(DETAILS)}")
        frame = self._store.frame(key)
        positions = None if columns is None else [frame.index(i) for i in columns]
        return {"frame_id": {"name": key}, **describe(frame, positions, detail)}

    def outline(self, key: str) -> Description:
        return outline_of(self._store.any_frame(key))

    def profile(
        self, key: str, columns: Sequence[int] | None = None, most_cells: int | None = None
    ) -> list[Description | None]:
        frame = self._store.any_frame(key)
        wanted = range(frame.ncol) if columns is None else columns
        with threads_of_session(self._settings.nthreads):
            return profile(frame, [column_position(frame.names, i, frame.key) for i in wanted], most_cells)

    def distribution(self, key: str, column: int, classes: int = 24, quantiles: bool = True) -> Description:
        if not 1 <= classes <= _MOST_CLASSES:
            raise InvalidArgument(f"classes={classes!r} must be in 1 .. {_MOST_CLASSES}")
        frame = self._store.any_frame(key)
        return distribution(frame, column_position(frame.names, column, key), classes, quantiles)

    def level_counts(
        self,
        key: str,
        column: int,
        first: int = 0,
        count: int | None = None,
        by_count: bool = False,
        contains: str = "",
    ) -> Description:
        _check_rows(first, count)
        frame = self._store.any_frame(key)
        found = statistics_of(frame, frame.names[column_position(frame.names, column, key)])
        return level_counts(found, first, found.rows if count is None else count, by_count, contains)

    def columns(self, key: str) -> list[Description]:
        return facts_of_columns(self._store.frame(key))

    def moments(self, key: str) -> list[Description]:
        frame = self._store.any_frame(key)
        if isinstance(frame, ShardedFrame):
            return [{"label": n, **summary_of(each)} for n, each in frame.statistics.items()]
        return [{"label": n, **summarize(c)} for n, c in zip(frame.names, frame.columns, strict=True)]

    def summary(self, key: str, columns: int | None = None) -> Description:
        return summary_table(self._store.frame(key), columns)

    def storage(self, key: str) -> list[list[Any]]:
        frame = self._store.frame(key)
        return [[n, c.kind, repr(c), c.nbytes] for n, c in zip(frame.names, frame.columns, strict=True)]

    def statistics(self, key: str) -> Description:
        frame = self._store.frame(key)
        pairs = zip(frame.names, frame.columns, strict=True)
        return {
            "rows": frame.nrow,
            "columns": {name: ColumnStatistics.of(each).plain() for name, each in pairs},
        }

    def levels(self, key: str) -> list[list[str] | None]:
        frame = self._store.any_frame(key)
        if isinstance(frame, ShardedFrame):
            found = frame.statistics.values()
            return [list(each.level_names()) if each.kind == "enum" else None for each in found]
        columns = frame.columns
        return [None if column.levels is None else list(column.levels) for column in columns]

    # ---- in and out

    def upload(self, table: Table, key: str | None = None) -> Facts:
        key = None if key is None else check_key(key)
        frame = frame_of_table(table)
        return self.facts(Memory(self._store, self._settings).admit(frame, key))

    def fetch(
        self, key: str, columns: Sequence[int] | None = None, first: int = 0, count: int | None = None
    ) -> Table:
        frame, rows = self._part(key, columns, first, count)
        if rows is not None:
            parts = [column.take(rows) for column in frame.columns]
            frame = Frame(frame.names, parts, nrow=max(0, rows.stop - rows.start))
        return table_of_frame(frame)

    def cells(
        self,
        key: str,
        columns: Sequence[int] | None = None,
        first: int = 0,
        count: int | None = None,
        level_names: bool = False,
    ) -> list[list[Any]]:
        frame, rows = self._part(key, columns, first, count)
        return [plain_cells(column, rows, level_names) for column in frame.columns]

    def _part(
        self, key: str, columns: Sequence[int] | None, first: int, count: int | None
    ) -> tuple[Frame, slice | None]:
        """Some columns of a frame, and which of its rows are wanted; None for all."""
        _check_rows(first, count)
        frame = self._store.any_frame(key)
        if isinstance(frame, ShardedFrame):
            known = count is not None and first + count <= frame.head.nrow
            frame = frame.head if known or frame.head.nrow == frame.nrow else self._store.frame(key)
        if columns is not None:
            frame = frame.select(frame.index(i) for i in columns)
        if not first and count is None:
            return frame, None
        return frame, slice(first, frame.nrow if count is None else min(frame.nrow, first + count))

    def assign(self, key: str, name: str) -> Facts:
        return self.facts(self._store.put_frame(self._store.frame(key), check_key(name)))

    def text(
        self,
        key: str,
        header: bool = True,
        times: str = "datetime",
        first: int = 0,
        count: int | None = None,
        layout: Mapping[str, Any] | None = None,
    ) -> str:
        form = Layout(**{**known_fields("layout", Layout, layout or {}), "header": header})
        form.check()
        frame, rows = self._part(key, None, first, count)
        frame, out = with_times(frame, times), io.BytesIO()
        start, stop = (0, frame.nrow) if rows is None else (min(rows.start, frame.nrow), rows.stop)
        write_text(frame, start, stop, out, form, lambda fraction: None)
        return out.getvalue().decode()

    def to_bytes(self, key: str) -> bytes:
        return frame_bytes(self._store.frame(key))

    def from_bytes(self, content: bytes) -> str:
        return Memory(self._store, self._settings).admit(frame_of_bytes(content))

    # ---- expressions

    def evaluate(self, expression: Any) -> Any:
        with self._store.lock:
            self._settings.requests += 1
        with threads_of_session(self._settings.nthreads):
            value = evaluate(expression, self._place_of(expression))
        if isinstance(expression, tuple) and expression and expression[0] in _NAMED_RESULT:
            return Ref(value.key) if isinstance(value, Frame) and value.key else self._answer(value)
        return self._answer(value)

    def begin(self, text: str, key: str, description: str) -> Started:
        self._store.check_kind(key, Frame)
        expression = parse(text)

        def work(job: Job) -> str:
            job.stop_if_cancelled()
            found: Ref = self.evaluate(("assign", key, expression))
            return found.key

        return self._jobs.start(description, work, key)

    def _place_of(self, expression: Any) -> FrameStore:
        """Where an expression finds its frames; one that asks for the first rows of a frame in parts finds those that are here."""
        place = _Place(self._store, self._settings, self._models)
        match expression:
            case (
                "rows",
                Ref(key=key),
                Span(base=first, length=count, stride=1) | [Span(base=first, length=count, stride=1)],
            ):
                with suppress(NotFound):
                    frame = self._store.any_frame(key)
                    if isinstance(frame, ShardedFrame) and 0 <= first <= first + count <= frame.head.nrow:
                        place.frame = lambda key: frame.head
        return place

    def place(self) -> FrameStore:
        """Where an expression finds and leaves its frames."""
        return _Place(self._store, self._settings, self._models)

    def _answer(self, value: Any) -> Any:
        # Even an operation that gives its argument back gets a key of its own: whoever asked may remove it.
        if isinstance(value, Frame):
            return Ref(self._store.put_frame(value))
        if isinstance(value, ExpressionFunction):
            return FunctionText(repr(value))
        if isinstance(value, dict):
            return {name: self._answer(each) for name, each in value.items()}
        if isinstance(value, (tuple, list)) and not isinstance(value, Span):
            return [self._answer(item) for item in value]
        return int(value) if isinstance(value, bool) else value

    def rapids(self, text: str) -> Any:
        return self.evaluate(parse(text))

    def is_operation(self, name: str) -> bool:
        return is_operation(name)


class _Place:
    """Where an expression finds and leaves its frames; see `heavywater.frame.language.expressions.FrameStore`."""

    def __init__(self, store: Store, settings: Settings, models: Callable[[], Models]) -> None:
        self._store, self._settings, self._models = store, settings, models
        self.frame, self.put_frame = store.frame, store.put_frame
        self.remove, self.keys = store.remove, store.keys

    @property
    def time_zone(self) -> str:
        return self._settings.time_zone

    @time_zone.setter
    def time_zone(self, zone: str) -> None:
        self._settings.time_zone = zone

    def reset_threshold(self, model_key: str, threshold: float) -> float:
        return self._models().reset_threshold(model_key, threshold)

    def ask_models(self, operation: str, arguments: list[Any]) -> Any:
        from .model_operations import model_operation  # start-up: of what trains nothing is loaded for frames

        return model_operation(operation)(self._store, *arguments)

    def set_property(self, name: str, value: str) -> str | None:
        """Keep a property; those of H2O steer its server, here none has an effect, and a warning says so."""
        warn(f"setproperty: no property has an effect here; {name!r} is only kept")
        before = self._settings.properties.get(name)
        self._settings.properties[name] = value
        return before
