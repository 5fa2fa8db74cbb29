"""Files that R names: of its machine, or of the disk of the session."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import HeavywaterError
from ..files import absolute, file_for, path_for
from ..session import Session, fetched, fetched_into, forget, send, sent, with_names_here


class CarriedFiles:
    """Brings files of the machine of R to a session, and fetches others from it.

    Parameters
    ----------
    session : callable
        Gives the session that is asked.
    """

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session
        self._names: dict[str, str] = {}  # of what was sent: its name there, and here

    def requests(self) -> dict[str, Callable[..., Any]]:
        """What R may ask for."""
        return {
            "bridge.path_for": self.path_for,
            "bridge.send": self.send,
            "bridge.forget": self.forget,
            "bridge.place_for": self.place_for,
            "bridge.take": self.take,
            "bridge.upload_model": self.upload_model,
            "bridge.upload_mojo": self.upload_mojo,
            "bridge.download_model": self.download_model,
            "bridge.download_mojo": self.download_mojo,
            "bridge.download_pojo": self.download_pojo,
            "bridge.download_onnx": self.download_onnx,
            "bridge.download_c": self.download_c,
        }

    def renamed(self, text: Any) -> Any:
        """A text that calls files that were sent by what they are called here."""
        return with_names_here(text, {there: here for there, here in self._names.items() if there != here})

    def rename_in(self, error: HeavywaterError) -> None:
        """The same in an error."""
        error.args = tuple(self.renamed(each) for each in error.args)

    def path_for(self, folder: str, key: str, ending: str = "") -> str:
        """The file for the session to write."""
        if self._session().shares_disk:
            return path_for(folder, key, ending)
        return os.path.join(folder, file_for(key, ending))

    # ---- there

    def send(self, paths: Sequence[str]) -> list[str]:
        """Names under which the session finds files of this machine."""
        session = self._session()
        if session.shares_disk:
            return list(paths)
        names = send(session, paths)
        self._names = {**self._names, **names}
        return list(names)

    def forget(self, names: Sequence[str]) -> None:
        """Forget what was sent; errors that come later still know its name here."""
        forget(self._session(), {name: self._names.get(name, name) for name in names})

    def upload_model(self, path: str) -> str:
        """Key of a model in a file of this machine."""
        with sent(self._session(), path, whole=True) as there:
            return self._session().model_files.load(there)

    def upload_mojo(self, path: str, model_id: str | None = None) -> str:
        """Key of a MOJO in a file of this machine."""
        with sent(self._session(), path, whole=True) as there:
            return self._session().model_files.import_mojo(there, model_id)

    # ---- and back

    def place_for(self, path: str) -> str:
        """Where the session is to write what becomes a file of this machine."""
        session = self._session()
        return path if session.shares_disk else session.files.fresh(os.path.basename(path))

    def take(self, there: str, path: str) -> None:
        """Fetch what the session has written to such a place."""
        session = self._session()
        if session.shares_disk:
            return
        try:
            fetched(session, path, lambda _: there)
        finally:
            session.files.discard(there)

    def download_model(self, key: str, folder: str, name: str, predictions: bool) -> str:
        """Save a model on this machine; the path."""
        files = self._session().model_files
        return self._fetched(
            key, folder, name, "", lambda there: files.save(key, there, True, predictions=predictions)
        )

    def download_mojo(self, key: str, folder: str, name: str) -> str:
        """The same as MOJO."""
        files = self._session().model_files
        return self._fetched(key, folder, name, ".zip", lambda there: files.save_mojo(key, there, True))

    def download_pojo(self, key: str, folder: str) -> str:
        """The same as Java class."""
        session = self._session()
        return fetched_into(session, folder, lambda there: session.model_files.save_pojo(key, there))

    def download_onnx(self, key: str, folder: str, name: str) -> str:
        """The same as ONNX graph."""
        files = self._session().model_files
        return self._fetched(key, folder, name, ".onnx", lambda there: files.save_onnx(key, there, True))

    def download_c(self, key: str, folder: str, name: str, prefix: str | None = None) -> str:
        """The same as C source and its header, or one of them where a file is named; the path of the source."""
        files = self._session().model_files
        found = [
            self._fetched(key, folder, name, ending, lambda there: files.save_c(key, there, True, prefix))
            for ending in ((".h", ".c") if not name else ("",))
        ]
        return found[-1]

    def _fetched(self, key: str, folder: str, name: str, ending: str, write: Callable[[str], str]) -> str:
        file = os.path.join(absolute(folder), name or file_for(key, ending))
        return fetched(self._session(), file, write)
