"""A model as files: Java, MOJO, our own format, and all that is told about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, Response

from ...files import file_name
from .asking import PageCall
from .java_colours import coloured


class _PassingFile(FileResponse):
    """A file on its way, which goes when it was sent, or could not be."""

    def __init__(self, path: str, gone: Callable[[], Any], **options: Any) -> None:
        super().__init__(path, **options)
        self._gone = gone

    async def __call__(self, *asked: Any) -> None:
        try:
            await super().__call__(*asked)
        finally:
            self._gone()


def _sent(call: PageCall, make: Callable[[str, str], str], ending: str) -> Response:
    """A file that is made of a model: ``make(key, path)`` gives where it is. It is called as the model, Java as its class."""
    key, files = call.key("model"), call.session.files
    place = files.fresh(f"model{ending}")
    try:
        path = make(key, place)
    except BaseException:
        files.discard(place)
        raise
    name = Path(path).name if ending == ".java" else file_name(key, ending)
    return _PassingFile(
        path, lambda: files.discard(place), filename=name, media_type="application/octet-stream"
    )


def model_file(call: PageCall) -> Response:
    """The file from which a session loads the model again."""
    return _sent(call, call.session.model_files.save, "")


def mojo(call: PageCall) -> Response:
    """The model as MOJO."""
    return _sent(call, call.session.model_files.save_mojo, ".zip")


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
    return call.page("pojo.html", key=key, code=code, cut=cut)


ROUTES = {
    "GET /models/{key}/pojo": preview,
    "GET /models/{key}/files/java": pojo,
    "GET /models/{key}/files/mojo": mojo,
    "GET /models/{key}/files/model": model_file,
    "GET /models/{key}/files/details": details,
}
