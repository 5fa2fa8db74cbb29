"""Model, grid and MOJO files whose content was changed behind right checksums and archives, as an enemy would.

``python -m tests.fuzz.structures KIND NUMBER`` does what the test does with one of them.
"""

from __future__ import annotations

import copy
import json
import random
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import ParseError
from heavywater.export.grid_file import grid_of_text, grid_text
from heavywater.export.model_file import DOCUMENT, checksum, model_bytes, model_of_bytes
from heavywater.export.model_file_values import trial_rows
from heavywater.export.mojo_reader import read_mojo

from ..cases import scoring
from ..export import model_cases
from .reading import TESTS, grid, members, mojos_of_layers, zipped

Content = Callable[[], tuple[dict[str, str], dict[str, Any]]]
HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 7, 10**6, 2**31, 2**63, -(2**63), 10**30, 0.5, -0.0, 1e308, -1e308, float("nan"), float("inf"), "",
    "x", "0", "a\x00b", "../../x", "\ud800", "AUTO", "nan", [], [None], [0], [[1, 2]], ["a", "a"], {}, {"a": 1}, {"tuple": []},
    {"dict": []}, {"array": "a0"}, {"array": "nowhere"}, {"number": "inf"}, {"dtype": "float64"}, {"class": "Encoder", "fields": {}},
)  # fmt: skip
TEXTS = (
    "", "null", "NaN", "Infinity", "-1", "0", "1", "2", "1e308", "1e400", "99999999999999999999", "true", "false", "[]", "[1]", "[0, 0]",
    "[NaN, 1]", "[1e308, -1e308]", "[1, 2, 3, 4, 5, 6, 7, 8]", "x", "../../x", "Tanh", "Maxout", "Binomial", "Regression", "AutoEncoder",
    "0.5", "[0.5]", "deeplearning", "\x00",
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a JSON value with a key of it."""
    if isinstance(value, dict | list):
        for key, each in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
            yield value, key
            yield from places(each)


def changed(tree: Any, rng: random.Random) -> Any:
    """A copy of a JSON value with one to three changes."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        found = list(places(tree))
        if not found:
            break
        holder, key = rng.choice(found)
        other_holder, other_key = rng.choice(found)
        match rng.randrange(6):
            case 0:
                del holder[key]
            case 1:
                holder[key] = (
                    copy.deepcopy(other_holder[other_key]) if other_key in _keys(other_holder) else None
                )
            case 2 if isinstance(holder, dict):
                holder["new"] = rng.choice(HOSTILE)
            case 3 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case _:
                holder[key] = copy.deepcopy(rng.choice(HOSTILE))
    return tree


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


@cache
def _piecewise() -> bytes:
    return model_bytes(model_cases.train(model_cases.new_session(), "piecewise-linear"))


def piecewise_content() -> tuple[dict[str, str], dict[str, Any]]:
    """The same of a model whose numbers have edges."""
    from safetensors import safe_open

    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(_piecewise())
        with safe_open(file.name, framework="numpy") as found:
            return dict(found.metadata()), {name: found.get_tensor(name) for name in found.keys()}  # noqa: SIM118


def model_content() -> tuple[dict[str, str], dict[str, Any]]:
    """Header and arrays of the model to begin with."""
    from safetensors import safe_open

    with safe_open(TESTS / "data" / "saved" / "model_v1", framework="numpy") as file:
        return dict(file.metadata()), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def changed_model(rng: random.Random, content: Content = model_content) -> bytes:
    """A model file with a right checksum."""
    from safetensors.numpy import save

    header, arrays = content()
    tree = json.loads(arrays.pop(DOCUMENT).tobytes())
    if rng.random() < 0.2:
        name = rng.choice(sorted(arrays))
        values = arrays[name]
        arrays[name] = np.ascontiguousarray(
            rng.choice(
                (
                    values[:0],
                    values.ravel(),
                    values.astype(np.float64),
                    values.astype(np.int8),
                    np.full_like(values, 127),
                    values[..., :1],
                )
            )
            if values.ndim
            else values[None]
        )
    else:
        tree = changed(tree, rng)
    arrays[DOCUMENT] = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    header["sha256"] = checksum(header, arrays)
    return save(arrays, header)


def changed_grid(rng: random.Random) -> str:
    """The text of the file of a grid."""
    return json.dumps(changed(json.loads(grid_text(grid())), rng))


def changed_mojo(rng: random.Random) -> bytes:
    """A MOJO whose texts were changed."""
    others = mojos_of_layers()
    inside = members(
        rng.choice(others)
        if rng.random() < 0.3
        else scoring.Case(rng.choice(scoring.NAMES)).path.read_bytes()
    )
    name = rng.choice(["model.ini"] * 6 + sorted(inside))
    lines = inside[name].decode().split("\n")
    for _ in range(rng.choice((1, 1, 2, 3))):
        i = rng.randrange(len(lines))
        key, equals, _ = lines[i].partition(" = ")
        match rng.randrange(5):
            case 0:
                del lines[i : i + 1]
                lines = lines or [""]
            case 1:
                lines.insert(i, rng.choice(lines))
            case _:
                lines[i] = f"{key} = {rng.choice(TEXTS)}" if equals else rng.choice(TEXTS)
    inside[name] = "\n".join(lines).encode()
    return zipped(inside)


def use(model: DeepLearningModel) -> None:
    """Describe a model, score rows, save it."""
    json.dumps(model.description(), default=str)
    frame, _ = model.predict(trial_rows(model))
    assert frame.nrow == 4 and not any(
        np.isinf(column.numbers()).any() for column in frame.columns if column.kind == "real"
    )
    again = model_of_bytes(model_bytes(model))
    assert again.key == model.key


def attempt(kind: str, number: int) -> bool:
    """Read the file of a number and use what it holds; whether it could be read. All but `ParseError` is a find."""
    rng = random.Random(f"{kind} {number}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if kind == "model":
                use(model_of_bytes(changed_model(rng)))
            elif kind == "piecewise":
                use(model_of_bytes(changed_model(rng, piecewise_content)))
            elif kind == "mojo":
                with tempfile.NamedTemporaryFile(suffix=".zip") as file:
                    Path(file.name).write_bytes(changed_mojo(rng))
                    use(read_mojo(file.name, "key"))
            else:
                found = grid_of_text(changed_grid(rng), "a grid")
                found.described({}), grid_of_text(grid_text(found), "again")
        except ParseError:
            return False
    return True


if __name__ == "__main__":
    print(attempt(sys.argv[1], int(sys.argv[2])))
