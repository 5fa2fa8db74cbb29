"""Everything that writes, each as a function that writes one of two contents, and one that tells which stands there."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.frame.columns.makers import factor, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ..sessions import finished


def frame_of(seed: int, rows: int = 400) -> Frame:
    """Numbers and levels."""
    values = np.random.default_rng(seed).normal(size=(3, rows))
    texts = numeric(np.round(values[0]))
    return Frame(["x", "y", "z", "e"], [*(numeric(row) for row in values), factor(texts)])


@dataclass
class World:
    """A session with two of everything, the second different from the first."""

    session: LocalSession = field(default_factory=lambda: LocalSession(nthreads=1))

    def __post_init__(self) -> None:
        for number in (0, 1):
            self.session.store.put_frame(frame_of(number), f"frame_{number}")
            parameters = {"hidden": [30], "epochs": 1, "seed": number + 1, "model_id": f"model_{number}"}
            train, search = self.session.training.train, self.session.grids.train
            started = train("deeplearning", parameters, x=["x", "y"], y="z", training_frame_key="frame_0")
            finished(self.session, started)
            started = search(
                "deeplearning", {"hidden": [4], "epochs": 0.1}, {"l1": [0.0, 0.1][: number + 1]}, x=["x"], y="z",
                training_frame_key="frame_0", grid_id=f"grid_{number}",
            )  # fmt: skip
            finished(self.session, started)

    def export(self, key: str, path: str | Path, force: bool = False, **layout: Any) -> None:
        """Write a frame as text or Parquet."""
        finished(self.session, self.session.files.export_frame(key, path, force, layout=layout))


Write = Callable[[World, int, str], Any]


def _plot(world: World, number: int, path: str) -> None:
    from h2o.plot.canvas import finish, new_figure

    figure, axes = new_figure(server=True, size=(1, 1))
    axes.plot([0, number])
    finish(figure, path, show=False)


def _export(world: World, number: int, path: str, **layout: Any) -> None:
    world.export(f"frame_{number}", path, True, **layout)


def _frame(world: World, number: int, path: str) -> None:
    from heavywater.export.frame_file import save_frame

    save_frame(
        world.session.store.frame(f"frame_{number}"),
        os.path.dirname(path),
        os.path.basename(path)[: -len(".arrow")],
        True,
    )


def _grid(world: World, number: int, path: str) -> None:
    from dataclasses import replace

    from heavywater.export.grid_file import write_grid
    from heavywater.grids.grid import Grid

    write_grid(
        replace(world.session.store.get(f"grid_{number}", Grid), key=os.path.basename(path)),
        os.path.dirname(path),
    )


def _pojo(world: World, number: int, path: str) -> None:
    from dataclasses import replace

    from heavywater.export.pojo_writer import write_pojo

    write_pojo(
        replace(world.session.store.get(f"model_{number}", DeepLearningModel), key="Target"),
        os.path.dirname(path),
    )


# name of the file or folder, and how it is written
WRITERS: dict[str, tuple[str, Write]] = {
    "model": (
        "target",
        lambda world, number, path: world.session.model_files.save(f"model_{number}", path, True),
    ),
    "mojo": (
        "target.zip",
        lambda world, number, path: world.session.model_files.save_mojo(f"model_{number}", path, True),
    ),
    "pojo": ("Target.java", _pojo),
    "onnx": (
        "target.onnx",
        lambda world, number, path: world.session.model_files.save_onnx(f"model_{number}", path, True),
    ),
    "c": (
        "target.c",
        lambda world, number, path: world.session.model_files.save_c(f"model_{number}", path, True),
    ),
    "details": (
        "target.json",
        lambda world, number, path: world.session.model_files.save_details(f"model_{number}", path, True),
    ),
    "grid": ("target", _grid),
    "frame": ("target.arrow", _frame),
    "csv": ("target.csv", _export),
    "gzipped csv": ("target.csv.gz", lambda *them: _export(*them, compression="gzip")),
    "csv in parts": ("target", lambda *them: _export(*them, parts=3)),
    "parquet": ("target.parquet", lambda *them: _export(*them, format="parquet")),
    "parquet in one file": ("target.parquet", lambda *them: _export(*them, format="parquet", one_file=True)),
    "plot": ("target.png", _plot),
}


def content(path: str) -> str | None:
    """What stands at a path, as a text that differs for different content."""
    place = Path(path)
    if place.is_dir():
        return repr(sorted((each.name, content(str(each))) for each in place.iterdir()))
    if not place.exists():
        return None
    if place.suffix == ".zip":  # the dates in it differ
        import zipfile

        with zipfile.ZipFile(place) as archive:
            assert archive.testzip() is None
            return repr(
                [(name, hashlib.sha256(archive.read(name)).hexdigest()) for name in archive.namelist()]
            )
    if place.read_bytes()[8:9] == b"{" and not place.suffix:  # of a model: the order of its header differs
        from heavywater.export.model_file import read_model

        return hashlib.sha256(b"".join(w.tobytes() for w in read_model(place)[0].network.weights)).hexdigest()
    return hashlib.sha256(place.read_bytes()).hexdigest()


def quietly(write: Write, world: World, number: int, path: str) -> None:
    """Write without warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write(world, number, path)
