"""Small files that would become large: refused, within little memory, in a process that has no more."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.fuzz.reading import MOJOS, TESTS, _workbook, members

CONTENT = 1 << 30  # bytes, of 1 MB when packed
ROOM = 700 << 20  # bytes of address space beyond what the process has after its imports

PROGRAM = """
import resource, sys
from heavywater.errors import HeavywaterError
from heavywater.export.mojo_reader import read_mojo
from heavywater.frame.parse import Options, import_sources
from heavywater.frame.sources import expand
import pyarrow.parquet, pyarrow.orc, python_calamine, numpy
kind, path, room = sys.argv[1], sys.argv[2], int(sys.argv[3])
has = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (has + room, has + room))
try:
    read_mojo(path, "key") if kind == "mojo" else import_sources(expand(path), Options(), threads=1)
except HeavywaterError as error:
    print("refused:", error)
"""


def bomb(path: Path, others: dict[str, bytes], name: str, head: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for each, content in others.items():
            if each != name:
                archive.writestr(each, content)
        with archive.open(name, "w", force_zip64=True) as out:
            out.write(head)
            for _ in range(CONTENT >> 20):
                out.write(b"0" * (1 << 20))


BOMBS = {
    "parquet in zip": ("table", {}, "a.csv", b"PAR1"),
    "arrow in zip": ("table", {}, "a", b"ARROW1"),
    "workbook": ("table", members(_workbook()), "xl/worksheets/sheet1.xml", b"<worksheet>"),
    "line without end": ("table", {}, "a.csv", b"a,b\n1,"),
    "model.ini": ("mojo", {}, "model.ini", b"[info]\nalgo = deeplearning\nx = "),
    "model.ini of another kind": ("mojo", {}, "model.ini", b"[info]\nalgo = gbm\nx = "),
    "levels": (
        "mojo",
        members(next(iter(sorted(MOJOS.rglob("*.zip")))).read_bytes()),
        "domains/d000.txt",
        b"a\n",
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_within_little_memory(tmp_path, name):
    kind, others, entry, head = BOMBS[name]
    path = tmp_path / "bomb.zip"
    bomb(path, others, entry, head)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind, str(path), str(ROOM)],
        cwd=TESTS.parent, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("refused:") and "bomb.zip" in done.stdout
