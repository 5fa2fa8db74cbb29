"""Where the booklet's data are: MNIST in its cache (see `vignettes.mnist`), the rest among the data of the tests."""

from __future__ import annotations

from pathlib import Path

from vignettes import mnist

SMALL_DATA = Path(__file__).resolve().parents[1] / "tests" / "data"


def data_file(name: str) -> str:
    """Path of one of the booklet's data files, by the name that it has there; MNIST is fetched if need be.

    Raises
    ------
    MnistUnavailable
        See `vignettes.mnist.fetch`.
    FileNotFoundError
        There is no such file.
    """
    names = [split.csv for split in mnist.SPLITS]
    path = mnist.fetch()[names.index(name)] if name in names else SMALL_DATA / name
    if not path.exists():
        raise FileNotFoundError(f"{path}: the booklet's file {name!r} is not there")
    return str(path)
