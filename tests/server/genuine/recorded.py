"""The calls that were recorded with the genuine client, made again."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .library import H2OFrame, h2o
from .outcome import plain
from .requests import logged

DATA = Path(__file__).parents[2] / "data"
_WORDS = str(DATA / "rapids" / "words.txt")


def recorded_calls() -> list[tuple[str, list[str], str]]:
    """Call, the expressions that it sent, and of what kind the answers were."""
    rows = json.loads((DATA / "rapids" / "calls.json").read_text(encoding="utf-8"))
    return [(call, sent, result) for _, call, sent, result in rows]


class Frames:
    """The frames that the calls name, under the names that their expressions have."""

    def __init__(self) -> None:
        fr = h2o.import_file(str(DATA / "iris_wheader.csv"), destination_frame="iris")
        fr["b"] = fr["sepal_len"] > 5
        self.names: dict[str, Any] = {"h2o": h2o, "H2OFrame": H2OFrame, "fr": h2o.assign(fr, "fr")}
        for name, columns in (("n", slice(0, 4)), ("v", 0), ("w", 1), ("e", 4), ("b", 5)):
            self.names[name] = h2o.assign(self.names["fr"][:, columns], name)
        self.names["s"] = h2o.assign(self.names["e"].ascharacter(), "s")
        self.names["d"] = H2OFrame(
            [["2020-02-29 12:30:45"], ["1999-12-31 00:00:01"]],
            destination_frame="d", column_names=["d"], column_types=["time"],
        )  # fmt: skip
        small = {
            "L": ({"k": ["a", "b", "c"], "v": [3, 1, 2]}, ["enum", "numeric"]),
            "R": ({"k": ["b", "a"], "z": [0.5, 1.5]}, ["enum", "numeric"]),
            "lng": ({"i": [1, 1, 2, 2], "k": ["p", "q", "p", "q"], "z": [1, 2, 3, 4]}, ["numeric", "enum", "numeric"]),
        }  # fmt: skip
        for name, (cells, types) in small.items():
            self.names[name] = H2OFrame(cells, destination_frame=name, column_types=types)

    def for_call(self, call: str, sent: list[str]) -> dict[str, Any]:
        """The names for one call, with a copy of its own of what it may change."""
        names = dict(self.names)
        if "ms" in call:
            path = str(DATA / "rapids" / "prostate_missing.csv")
            names["ms"] = h2o.import_file(path, destination_frame="ms")
        if call.startswith(("f[", "f.", "x=f")):
            copy = re.search(r"\bf\d+\b", " ".join(sent))
            names["f"] = h2o.assign(names["fr"][0:20, :], copy[0] if copy else "f_copy")
        return names


def made(frames: Frames, call: str, recorded: list[str]) -> dict[str, Any]:
    """What a call sends and gives."""
    text = call.replace("/etc/hostname", _WORDS).replace("new_id", "f17b")
    names = frames.for_call(call, recorded)
    begun = time.perf_counter()
    found: dict[str, Any] = {"name": call}
    try:
        with logged() as log:
            value = _value(text, names)
            for frame in (names.get("f"), value):  # what was changed, and what came of it
                if isinstance(frame, H2OFrame):
                    frame._ex._eager_frame()
            value = names.get("f") if value is None else value
        sent = [each.replace(_WORDS, "/etc/hostname") for each in log.sent]
        found |= {"sent": sent, "kinds": log.kinds, "value": plain(value)}
    except Exception as error:  # noqa: BLE001  # told to who asked
        found |= {"sent": log.sent, "kinds": log.kinds, "error": f"{type(error).__name__}: {error}"[:600]}
    return found | {"seconds": round(time.perf_counter() - begun, 3)}


def _value(text: str, names: dict[str, Any]) -> Any:
    try:
        code = compile(text, "call", "eval")
    except SyntaxError:
        exec(compile(text, "call", "exec"), names)
        return names["x" if text.startswith("x=") else "f"]
    return eval(code, names)


def all_made(wanted: list[str] | None) -> Iterator[dict[str, Any]]:
    """All calls, or those that are named."""
    frames = Frames()
    for call, sent, _ in recorded_calls():
        if wanted is None or call in wanted:
            yield made(frames, call, sent)
