"""Damaged files of every format end in an error of ours: never the process, nor in anything else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .mutations import mutation
from .reading import READERS, TESTS, read, seeds

COUNT = 80
TOGETHER = (
    ("arrow", "stream", "feather", "orc", "parquet", "frame"),
    ("model", "mojo", "grid", "xlsx", "arff", "svmlight", "zip"),
)


def test_every_reader_has_seeds_that_it_reads():
    assert set(seeds()) == set(READERS) == {name for names in TOGETHER for name in names}
    for name, files in seeds().items():
        for number, content in enumerate(files):
            old_feather = content.startswith(b"FEA1")
            assert read(name, content) != old_feather, (name, number)


def test_mutations_change_what_is_read():
    assert len({mutation("arff", number) for number in range(50)}) > 40
    assert mutation("zip", 7) == mutation("zip", 7)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
@pytest.mark.long
def test_damage_never_ends_the_process(tmp_path, names):
    note = tmp_path / "number"
    command = [sys.executable, "-m", "tests.fuzz.mutations", ",".join(names), "0", str(COUNT), str(note)]
    done = subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"{note.read_text()}: {done.returncode} {done.stderr[-2000:]}"
    assert note.read_text() == f"{names[-1]} {COUNT - 1}"
