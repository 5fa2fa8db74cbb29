"""Recorded cases: one file each, whose bytes depend on nothing but what is in it."""

from __future__ import annotations

import runpy
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..cases import archive

KINDS = ["answers", "metrics", "scoring", "trajectories", "varimp"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_is_one_file(kind: str) -> None:
    paths = sorted((archive.DATA / kind).iterdir())
    assert [path.name for path in paths] == [f"{name}.zip" for name in archive.names(kind)]
    assert paths


@pytest.mark.parametrize("kind", KINDS)
def test_files_tell_nothing_of_when_and_where_they_were_made(kind: str) -> None:
    for name in archive.names(kind):
        with zipfile.ZipFile(archive.DATA / kind / f"{name}.zip") as file:
            entries = file.infolist()
        assert [entry.filename for entry in entries] == sorted(archive.archive(kind, name).members)
        assert {(entry.date_time, entry.create_system, entry.extra) for entry in entries} == {
            (archive.DATE, 3, b"")
        }


def test_a_folder_becomes_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kind" / "case.1"
    folder.mkdir(parents=True)
    numbers: dict[str, Any] = {
        "W0": np.array([[0.1, -0.0], [np.nan, 5e-324]]),
        "n": np.arange(3, dtype=np.int16),
    }
    np.savez(folder / "final.npz", **numbers)
    (folder / "case.json").write_text('{"name": "größe"}', encoding="utf-8")
    (folder / "rows.csv").write_bytes(b'a,b\r\n1,"x\r\ny"\r\n')
    monkeypatch.setattr(sys, "argv", ["archive", f"{folder}/"])
    runpy.run_path(archive.__file__, run_name="__main__")
    path = folder.with_name("case.1.zip")
    before = path.read_bytes()
    assert archive.packed(archive.contents(folder)) == before

    found = archive.Archive(path)
    assert (found.name, sorted(found.members)) == (
        "case.1",
        ["case.json", "final/W0.npy", "final/n.npy", "rows.csv"],
    )
    assert found.json("case.json") == {"name": "größe"}
    assert found.table("rows.csv") == (["a", "b"], [["1", "x\r\ny"]])
    assert "final/n.npy" in found and "n" not in found
    for name, array in found.arrays("final").items():
        assert array.dtype == numbers[name].dtype and array.tobytes() == numbers[name].tobytes()
    assert found.arrays("fin") == {}
    assert found.unpacked("rows.csv").read_bytes() == (folder / "rows.csv").read_bytes()
    assert np.load(path)["final/n"].tolist() == [0, 1, 2]  # as the description says
