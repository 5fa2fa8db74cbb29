"""Models on disk, with all that it takes to score and to go on with the training, and without training rows.

The file is in the safetensors format: a header in JSON, then the numbers of the arrays. One of the arrays holds a JSON
document with everything else (see `model_file_values`). Nothing in it is ever run as code.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..arrays import Array
from ..deeplearning.model.model import DeepLearningModel
from ..errors import InvalidArgument, ParseError, shortened
from ..files import existing_file, new_file
from ..frame.frame import Frame
from .model_file_values import Packer, checked, tried, unpacked

VERSION = 1  # of the layout; one more whenever an older program could not read the file
FORMAT = "heavywater model"
DOCUMENT = "document"  # the array with the JSON text, UTF-8
# First bytes of files that people take for one of ours, and what to do with those.
FOREIGN = {
    b"PK\x03\x04": "a zip file. If it is a MOJO, load it with h2o.import_mojo",
    b"\x1c\xed": "a binary model of H2O-3, which only the same version of H2O-3 reads. Export it there as MOJO and load "
    "that with h2o.import_mojo",
}


def write_model(
    model: DeepLearningModel,
    path: str | os.PathLike[str],
    force: bool = False,
    frames: Mapping[str, Frame] | None = None,
) -> str:
    """Save a model.

    Parameters
    ----------
    model : DeepLearningModel
    path : str or path
        The file; its folder is made where it does not exist.
    force : bool
        Replace a file that is there. Whatever happens meanwhile, the old or the new one stands there.
    frames : mapping of str to Frame, optional
        Predictions to save with it, by key.

    Returns
    -------
    str
        The absolute path.

    Raises
    ------
    InvalidArgument
        The file exists, or cannot be written.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    with new_file(path, force) as (whole, beside):
        arrays = _packed({"model": model, "frames": dict(frames or {})})
        header = {"format": FORMAT, "version": str(VERSION), "heavywater": __version__, "model_id": model.key}
        header["sha256"] = checksum(header, arrays)
        try:
            save_file(arrays, beside, header)
        except SafetensorError as error:
            raise InvalidArgument(f"{whole}: the model cannot be written there ({error})") from error
    return whole


def model_bytes(model: DeepLearningModel) -> bytes:
    """The content of the file that `write_model` would write."""
    with tempfile.TemporaryDirectory(prefix="heavywater-") as folder:
        return Path(write_model(model, Path(folder) / "model")).read_bytes()


def fingerprint(model: DeepLearningModel) -> str:
    """The same for models of the same name and content; the order within a file is another thing each time."""
    return checksum({}, _packed({"model": model}))


def model_of_bytes(content: bytes, threads: int = 1) -> DeepLearningModel:
    """The model in the content of a file; raises what `read_model` raises."""
    with tempfile.TemporaryDirectory(prefix="heavywater-") as folder:
        path = Path(folder) / "model"
        path.write_bytes(content)
        return read_model(path, threads)[0]


def _packed(content: dict[str, Any]) -> dict[str, Array]:
    packer = Packer()
    text = json.dumps(packer.pack(content), allow_nan=False, separators=(",", ":"))
    return {DOCUMENT: np.frombuffer(text.encode(), np.uint8), **packer.arrays}


def checksum(header: Mapping[str, str], arrays: Mapping[str, Array]) -> str:
    """SHA-256 of all that a file holds but this sum: what changes on a disk is not to be taken for a model."""
    digest = hashlib.sha256()
    for name, text in sorted(header.items()):
        if name != "sha256":
            digest.update(f"{name}={text}\n".encode())
    for name, values in sorted(arrays.items()):
        digest.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
        digest.update(values.data)
    return digest.hexdigest()


def read_model(path: str | os.PathLike[str], threads: int = 1) -> tuple[DeepLearningModel, dict[str, Frame]]:
    """The model in a file.

    Parameters
    ----------
    path : str or path
    threads : int
        Threads to score with.

    Returns
    -------
    DeepLearningModel
        Without its custom metric: files hold no functions.
    dict of str to Frame
        What was saved with it.

    Raises
    ------
    ParseError
        No such file, no model, damaged, or written by a newer version.
    """
    path = existing_file(path)
    arrays = _arrays(path)
    extra = {name: {"threads": threads} for name in ("DeepLearningModel", "FoldEnsemble")}
    try:
        content = unpacked(json.loads(arrays.pop(DOCUMENT).tobytes()), arrays, extra)
        frames = dict(content["frames"])
        if not all(isinstance(key, str) and isinstance(each, Frame) for key, each in frames.items()):
            raise ValueError("what was saved with the model is no frame")
        return tried(checked(content["model"])), frames
    except Exception as error:  # whoever computes the checksum anew can put anything anywhere in the document
        raise ParseError(
            f"{path}: the model file is damaged ({type(error).__name__}: {shortened(error)}); save the model again"
        ) from error


def _arrays(path: str) -> dict[str, Array]:
    """The arrays of a file, after all that can be checked without looking into them."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
            _check_header(path, header)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError, ValueError) as error:
        raise ParseError(
            f"{path}: {_foreign(path) or f'this is no model file, or it is damaged ({error})'}"
        ) from error
    if DOCUMENT not in arrays or header.get("sha256") != checksum(header, arrays):
        raise ParseError(
            f"{path}: the model file is damaged (its checksum is wrong); copy or save the model again"
        )
    return arrays


def _foreign(path: str) -> str | None:
    """What a file is that is not ours, where its first bytes tell."""
    try:
        with open(path, "rb") as file:
            start = file.read(4)
    except OSError as error:
        return f"the file cannot be read ({error.strerror})"
    return next((f"this is {what}" for magic, what in FOREIGN.items() if start.startswith(magic)), None)


def _check_header(path: str, header: Mapping[str, str]) -> None:
    if header.get("format") != FORMAT:
        raise ParseError(f"{path}: this safetensors file holds no model of heavywater")
    version = header.get("version", "")
    if not version.isdecimal() or int(version) < 1:
        raise ParseError(
            f"{path}: the model file is damaged (its version is {version!r}); save the model again"
        )
    if int(version) > VERSION:
        raise ParseError(
            f"{path}: the model file has layout {version}, written by heavywater {header.get('heavywater')}; this is "
            f"{__version__}, which reads layouts up to {VERSION}. Update heavywater"
        )
