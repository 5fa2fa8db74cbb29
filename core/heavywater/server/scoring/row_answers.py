"""Predictions as they go out: JSON, CSV, or an Arrow stream."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from starlette.responses import Response

from ...deeplearning.model.row_scoring import ScoredRows
from .row_bodies import ARROW, CSV, JSON

WARNINGS = "Heavywater-Warnings"  # the header in which answers that are not JSON have them
_LONGEST = 4000  # characters of the header


def answer_with(kind: str, model: str, scored: ScoredRows, warnings: Sequence[str]) -> Response:
    """The answer to a request.

    Parameters
    ----------
    kind : str
        What is answered: one of `heavywater.server.scoring.row_bodies.KINDS`.
    model : str
        Its name.
    scored : ScoredRows
    warnings : sequence of str
    """
    if kind == JSON:
        content = {"model": model, "predictions": scored.rows(), "warnings": list(warnings)}
        return Response(json.dumps(content, allow_nan=False), media_type=JSON)
    headers = {WARNINGS: _header(warnings)} if warnings else {}
    return Response(_WRITERS[kind](scored), media_type=kind, headers=headers)


def _header(warnings: Sequence[str]) -> str:
    """A JSON list in ASCII, of as many warnings as a header may hold."""
    kept = list(warnings)
    while len(kept) > 1 and len(json.dumps(kept)) > _LONGEST:
        kept.pop()
    return json.dumps(kept)


def _csv(scored: ScoredRows) -> bytes:
    text, columns = io.StringIO(newline=""), scored.columns()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8", "replace")


def _arrow(scored: ScoredRows) -> bytes:
    import pyarrow as pa

    arrays = [pa.array(column, pa.float64(), from_pandas=True) for column in scored.numbers.T.copy()]
    if scored.labels is not None:
        arrays.insert(0, pa.array(scored.labels, pa.string()).dictionary_encode())
    table = pa.table(arrays, names=scored.names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


_WRITERS: Mapping[str, Callable[[ScoredRows], bytes]] = {CSV: _csv, ARROW: _arrow}
