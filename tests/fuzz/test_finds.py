"""What fuzzing has found, and the inputs that it starts from."""

from __future__ import annotations

import base64
import io

import numpy as np
import pyarrow as pa
import pytest

from .importing import OPTIONS, import_bytes
from .seeds import seeds

ORC_WITH_A_NAME_THAT_IS_NO_TEXT = base64.b64decode(
    "T1JDSgYSBAhQAAoMCAESBggCEAIYAlABCg4IAiIICgF4EgF5GARQAAoMCAJKBhgAIAIwAVAACAMQ0AEaCggDEEwYFyBtKAIiFggMEgMBAgMaAW4a"
    "AXMaAfQgACgAMAAiCAgEIAAoADAAIggIByAAKAAwACIICAkgACgAMAA6BAgCUAA6DAgBEgYIAhACGAJQAToOCAIiCAoBeBIBeRgEUAA6DAgCSgYY"
    "ACACMAFQAECQTkgBYgUyLjIuMgiHARAAGICABCoCAAwoNDAGgvQDA09SQxg="
)


def arrow_with_offsets_beyond_the_texts() -> bytes:
    out = io.BytesIO()
    table = pa.table({"s": ["x", "yy"]})
    with pa.ipc.new_file(out, table.schema) as file:
        file.write_table(table)
    offsets = np.array([0, 1, 3], np.int32).tobytes()
    assert out.getvalue().count(offsets) == 1
    return out.getvalue().replace(offsets, np.array([0, 1, 2**30], np.int32).tobytes())


FINDS = {
    "carriage return in a file with line feeds": b"\x15\x15\rb\n1\n\n3\nNA\n5\n",
    "field of more than 128 kB": b'"' + b"x" * 200_000 + b'",1\n"y",2\n',
    "Arrow file whose offsets lead out of it": arrow_with_offsets_beyond_the_texts(),
    "ORC file with a name that is no text": ORC_WITH_A_NAME_THAT_IS_NO_TEXT,
}


@pytest.mark.parametrize("find", FINDS)
def test_finds_stay_repaired(find):
    for option in range(len(OPTIONS)):
        import_bytes(FINDS[find], option, 64)


@pytest.mark.parametrize("name", seeds())
def test_first_inputs_are_imported_or_refused(name):
    content = seeds()[name]
    results = [import_bytes(content, option, 4000) for option in range(len(OPTIONS))]
    results.append(import_bytes(content, 0, 200))
    assert name.startswith("p23") or any(result is not None for result in results)


def test_size_of_blocks_changes_nothing():
    content = seeds()["p04_quotes_commas.csv"]
    small, large = import_bytes(content, 0, 10), import_bytes(content, 0, 10_000)
    assert small is not None and large is not None
    assert small.types == large.types
    for ours, wanted in zip(small.columns, large.columns, strict=True):
        assert ours.texts().tolist() == wanted.texts().tolist()
