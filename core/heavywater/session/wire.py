"""Requests and answers as bytes: what a session says to another process.

A message is JSON, in which Arrow tables (as IPC streams) and bytes are attached. What is no plain value is refused by
name: above all functions, which exist in their own process only.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import HeavywaterError, InvalidArgument, ParseError
from ..frame.columns.moment import Moment
from ..frame.language.expressions import FunctionText, Lambda, Ref, Span
from ..frame.language.rapids import parse, write

_MAGIC = b"HWM1"
_ALIGNED = 16  # bytes
_JSONS = frozenset({type(None), bool, int, float, str})
_TAG = "$"  # a mapping with this entry stands for what JSON does not have


def encode(value: Any, about: str = "the value") -> bytes:
    """A plain value as bytes, see `heavywater.session.protocol`.

    Parameters
    ----------
    value : object
    about : str
        What it is, for the error.

    Raises
    ------
    InvalidArgument
        It, or a part of it, is no plain value.
    """
    return b"".join(encode_parts(value, about))


def encode_parts(value: Any, about: str = "the value") -> list[Any]:
    """The bytes of `encode` in parts, of which the long ones are views of what is sent."""
    attached: list[Any] = []
    text = json.dumps(_plain(value, attached, about)).encode()
    text += b" " * (
        -(len(text) + 8 * len(attached)) % _ALIGNED
    )  # so that numbers of tables can be used where they are
    parts = [memoryview(part).cast("B") for part in (text, *attached)]
    sizes = struct.pack(f"<I{len(parts)}Q", len(parts), *(part.nbytes for part in parts))
    return [_MAGIC + sizes, *parts]


def decode(message: Any) -> Any:
    """The value of which `encode` made bytes.

    Parameters
    ----------
    message : bytes-like
        Tables and bytes in the value may be views of it.

    Raises
    ------
    ParseError
        The bytes are no message, or damaged.
    """
    try:
        with memoryview(message) as view:
            if view[:4] != _MAGIC:
                raise ValueError("it does not begin like one")
            (count,) = struct.unpack_from("<I", view, 4)
            sizes = struct.unpack_from(f"<{count}Q", view, 8)
            start, parts = 8 + 8 * count, []
            for size in sizes:
                parts.append(memoryview(message)[start : start + size])
                start += size
            if start != view.nbytes or not parts:
                raise ValueError("it is cut off")
        return json.loads(bytes(parts[0]), object_hook=lambda found: _value(found, parts[1:]))
    except (ValueError, KeyError, IndexError, TypeError, struct.error, RecursionError) as error:
        if isinstance(error, HeavywaterError):
            raise
        raise ParseError(f"these bytes are no message of a session ({error})") from error


def _plain(value: Any, attached: list[Any], about: str) -> Any:
    """What JSON has for a value; long parts are put into `attached`."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if type(value) in (list, tuple) and _JSONS.issuperset(map(type, value)):  # long ones are, mostly
        return value
    tagged = _of_expressions(value)
    if tagged is not None:
        return tagged
    if isinstance(value, Mapping):
        return _mapping(value, attached, about)
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, (list, tuple, set, frozenset, range)):
        return [_plain(item, attached, about) for item in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return _attached(value, attached, about)


def _of_expressions(value: Any) -> dict[str, Any] | None:
    """What belongs to expressions."""
    if isinstance(value, Ref):
        return {_TAG: "ref", "key": value.key}
    if isinstance(value, FunctionText):
        return {_TAG: "function", "text": value.text}
    if isinstance(value, (Span, Lambda, Moment)):
        return {_TAG: "expression", "text": write(value)}
    return None


def _attached(value: Any, attached: list[Any], about: str) -> dict[str, Any]:
    """A part beside the JSON, and what stands for it there."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        attached.append(value)
        return {_TAG: "bytes", "at": len(attached) - 1}
    if type(value).__module__.startswith("pyarrow"):
        attached.append(_stream(value))
        return {_TAG: "table", "at": len(attached) - 1}
    raise InvalidArgument(
        f"{about}: {_named(value)} cannot be sent to a session in another process; numbers, texts, lists, dictionaries and "
        "tables can"
    )


def _mapping(value: Mapping[Any, Any], attached: list[Any], about: str) -> Any:
    if all(isinstance(key, str) for key in value) and _TAG not in value:
        return {key: _plain(item, attached, key) for key, item in value.items()}
    items = [[_plain(key, attached, about), _plain(item, attached, str(key))] for key, item in value.items()]
    return {_TAG: "mapping", "items": items}


def _named(value: Any) -> str:
    name = getattr(value, "__name__", None)
    return (
        f"the function {name}" if callable(value) and name else f"a value of the type {type(value).__name__}"
    )


def _value(found: dict[str, Any], attached: list[Any]) -> Any:
    """What an object of JSON stands for; those within it are values already."""
    kind = found.get(_TAG)
    if kind is None:
        return found
    if kind == "ref":
        return Ref(found["key"])
    if kind == "function":
        return FunctionText(found["text"])
    if kind == "expression":
        read = parse(found["text"])
        return next(iter(read), Span(0, 0)) if isinstance(read, list) else read
    if kind == "mapping":
        return dict(found["items"])
    if kind == "bytes":
        return bytes(attached[found["at"]])
    if kind == "table":
        return _table(attached[found["at"]])
    raise ValueError(f"the unknown kind {kind!r}")


def _stream(table: Any) -> Any:
    """An Arrow table as bytes, with its levels also where it has no rows."""
    import pyarrow as pa  # start-up: when the first table travels

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        if table.num_rows or not table.num_columns:
            writer.write_table(table.combine_chunks())
        else:
            columns = [_one_array(column) for column in table.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=table.schema))
    return sink.getvalue()


def _one_array(column: Any) -> Any:
    return column.chunk(0) if column.num_chunks else column.combine_chunks()


def _table(part: memoryview) -> Any:
    import pyarrow as pa  # start-up: when the first table travels

    try:
        content = pa.py_buffer(part)
        if content.address % 8:
            content = pa.py_buffer(bytes(part))
        with pa.ipc.open_stream(content) as reader:
            table = reader.read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise ParseError(f"a table in the message of a session is damaged ({error})") from error
    return table
