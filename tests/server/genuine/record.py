"""Record what the real H2O gives: ``python -m tests.server.genuine.record http://127.0.0.1:54321``.

The server is started by hand (``java -jar h2o.jar``, or ``h2o.init`` of the genuine client); the last scenario stops it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from ...cases.archive import DATA, packed
from .session import PARTS, answers


def main(url: str) -> None:
    """Do all parts and write the file."""
    with tempfile.TemporaryDirectory() as folder:
        given = answers(url, Path(folder), dict.fromkeys(PARTS))
    for each in (each for part in given.values() for each in part.values()):
        del each["seconds"], each["name"]
    found = {
        f"{part}.json": json.dumps(each, ensure_ascii=False, indent=0).encode()
        for part, each in given.items()
    }
    (DATA / "rest" / "genuine.zip").write_bytes(packed(found))


if __name__ == "__main__":
    main(sys.argv[1])
