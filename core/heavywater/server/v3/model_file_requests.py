"""Models as files: saved and loaded on the node's disk, sent and fetched, MOJO, Java."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.responses import Response

from ...errors import InvalidArgument, ParseError
from ...files import file_name
from ..node.raw_files import RawFiles
from .calls import Call
from .model_requests import known_model, models, told
from .replies import Json, Refused, meta

_BYTES = "application/octet-stream"


def _exported(call: Call, path: str) -> Json:
    return {
        "__meta": meta("ModelExportV3"),
        "_exclude_fields": "",
        "dir": path,
        "force": call.flag("force"),
        "export_cross_validation_predictions": call.flag("export_cross_validation_predictions"),
    }


def _sent(content: bytes, name: str) -> Response:
    quoted = re.sub(r'[^ -~]|["\\]', "_", file_name(name))  # no folder, nothing that ends the header
    return Response(
        content, media_type=_BYTES, headers={"Content-Disposition": f'attachment; filename="{quoted}"'}
    )


@contextmanager
def _on_disk() -> Iterator[None]:
    """What cannot be read or written is H2O's error for it."""
    try:
        yield
    except (InvalidArgument, ParseError) as error:
        raise Refused(412, str(error)) from None


def save(call: Call) -> Json:
    """Save a model into a file of the node."""
    known_model(call, call.parts["id"])
    kept = call.flag("export_cross_validation_predictions")
    with _on_disk():
        path = call.session.model_files.save(
            call.parts["id"], call.needed("dir"), call.flag("force"), predictions=kept
        )
    return _exported(call, path)


def load(call: Call) -> Json:
    """Load a model from a file of the node."""
    return _loaded(call, call.needed("dir"))


def load_sent(call: Call) -> Json:
    """Load a model that a client has sent."""
    return _loaded(call, RawFiles(call.node, call.session.client).location(call.needed("dir")))


def _loaded(call: Call, path: str) -> Json:
    with _on_disk():
        name = call.session.model_files.load(path)
    return models([told(call, name)])


def fetch(call: Call) -> Response:
    """A model as the bytes of its file."""
    name = call.parts["id"]
    known_model(call, name)
    kept = call.flag("export_cross_validation_predictions")
    with _work_folder(call) as folder:
        path = call.session.model_files.save(name, f"{folder}/model", predictions=kept)
        return _sent(Path(path).read_bytes(), name)


def _work_folder(call: Call) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(dir=call.node.uploads, prefix="leaving_")


def fetch_mojo(call: Call) -> Response:
    """A model as MOJO."""
    name = call.parts["id"]
    known_model(call, name)
    with _work_folder(call) as folder:
        path = call.session.model_files.save_mojo(name, f"{folder}/model.zip")
        return _sent(Path(path).read_bytes(), f"{name}.zip")


def save_mojo(call: Call) -> Json:
    """Write a model as MOJO into a file of the node."""
    known_model(call, call.parts["id"])
    with _on_disk():
        path = call.session.model_files.save_mojo(call.parts["id"], call.needed("dir"), call.flag("force"))
    return _exported(call, path)


def save_details(call: Call) -> Json:
    """Write what is told about a model into a file of the node."""
    known_model(call, call.parts["id"])
    with _on_disk():
        path = call.session.model_files.save_details(call.parts["id"], call.needed("dir"), call.flag("force"))
    return _exported(call, path)


def fetch_java(call: Call) -> Response:
    """A model as Java class."""
    name = call.parts["id"]
    known_model(call, name)
    return _sent(call.session.model_files.pojo(name).encode(), f"{name}.java")


def preview_java(call: Call) -> Response:
    """The beginning of a model as Java class."""
    known_model(call, call.parts["id"])
    lines = call.session.model_files.pojo(call.parts["id"]).splitlines(keepends=True)
    return Response("".join(lines[:1000]), media_type="text/plain")


def scorer(call: Call) -> Any:
    """H2O's scorer in Java is not here."""
    raise Refused(
        404,
        "h2o-genmodel.jar is not part of this package; it can be found at Maven Central as ai.h2o:h2o-genmodel",
        "water.exceptions.H2ONotFoundArgumentException",
    )


ROUTES = {
    "GET /99/Models.bin/{id}": save,
    "POST /99/Models.bin": load,
    "POST /99/Models.bin/{id}": load,
    "POST /99/Models.upload.bin": load_sent,
    "POST /99/Models.upload.bin/{id}": load_sent,
    "GET /3/Models.fetch.bin/{id}": fetch,
    "GET /3/Models/{id}/mojo": fetch_mojo,
    "GET /3/Models.mojo/{id}": fetch_mojo,
    "GET /99/Models.mojo/{id}": save_mojo,
    "GET /99/Models/{id}/json": save_details,
    "GET /3/Models.java/{id}": fetch_java,
    "GET /3/Models.java/{id}/preview": preview_java,
    "GET /3/h2o-genmodel.jar": scorer,
}
