"""Record what the real H2O gives: ``python -m tests.server.genuine.record http://127.0.0.1:54321``.

The server is started by hand (``java -jar h2o.jar``, or ``h2o.init`` of the genuine client); the last scenario stops it.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from pathlib import Path

from .session import PARTS, RECORDED, answers


def main(url: str) -> None:
    """Do all parts and write the file."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            found[part] = answers(url, part, Path(folder))
            for each in found[part].values():
                each.pop("seconds"), each.pop("name")
    RECORDED.parent.mkdir(exist_ok=True)
    with RECORDED.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True).encode())


if __name__ == "__main__":
    main(sys.argv[1])
