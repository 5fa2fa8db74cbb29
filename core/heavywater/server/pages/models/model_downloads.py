"""A model as files: Java, MOJO, ONNX, C, our own format, and all that is told about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from starlette.responses import Response

from ....files import file_name
from ..basics.asking import PageCall
from ..basics.attachments import file_answer
from .java_colours import coloured


def _sent(call: PageCall, make: Callable[[str, str], str], ending: str) -> Response:
    """A file that is made of a model: ``make(key, path)`` gives where it is. It is called as the model, Java as its class."""
    key, files = call.key("model"), call.session.files
    place = files.fresh(f"model{ending}")
    try:
        path = make(key, place)
    except BaseException:
        files.discard(place)
        raise
    name = PurePath(path).name if ending == ".java" else file_name(key, ending)
    return file_answer(call.session, path, name, "application/octet-stream")


def model_file(call: PageCall) -> Response:
    """The file from which a session loads the model again."""
    return _sent(call, call.session.model_files.save, "")


def mojo(call: PageCall) -> Response:
    """The model as MOJO."""
    return _sent(call, call.session.model_files.save_mojo, ".zip")


def onnx(call: PageCall) -> Response:
    """The model as ONNX graph."""
    return _sent(call, call.session.model_files.save_onnx, ".onnx")


def c_source(call: PageCall) -> Response:
    """The model as C source."""
    return _sent(call, call.session.model_files.save_c, ".c")


def c_header(call: PageCall) -> Response:
    """The header to it."""
    return _sent(call, call.session.model_files.save_c, ".h")


def pojo(call: PageCall) -> Response:
    """The model as Java class; the file has its name."""
    return _sent(call, call.session.model_files.save_pojo, ".java")


def details(call: PageCall) -> Response:
    """All that is told about the model, as JSON."""
    return _sent(call, call.session.model_files.save_details, ".json")


def preview(call: PageCall) -> Response:
    """The Java class, to be read."""
    key = call.key("model")
    code, cut = coloured(call.session.model_files.pojo(key))
    return call.page("models/pojo.html", key=key, code=code, cut=cut)


ROUTES = {
    "GET /models/{key}/pojo": preview,
    "GET /models/{key}/files/java": pojo,
    "GET /models/{key}/files/mojo": mojo,
    "GET /models/{key}/files/onnx": onnx,
    "GET /models/{key}/files/c": c_source,
    "GET /models/{key}/files/header": c_header,
    "GET /models/{key}/files/model": model_file,
    "GET /models/{key}/files/details": details,
}
