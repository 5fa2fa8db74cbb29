"""A model as a file: of our own format, MOJO, ONNX, Java, C, JSON."""

from __future__ import annotations

import os
from typing import Any

from heavywater.errors import warn
from heavywater.files import absolute, file_for
from heavywater.session import fetched, fetched_into

from ..backend.connection import session
from ..exceptions import H2OTypeError


class ModelFiles:
    """Mixin of the methods that write files."""

    _model_key: Any

    def download_model(self, path: str = "", filename: str | None = None) -> str:
        """Save the model on the disk of this machine, see `h2o.download_model`; a file that is there is replaced.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        filename : str, optional
            Name of the file; by default that of the model.

        Returns
        -------
        str
            The path of the file.

        Examples
        --------
        >>> h2o.upload_model(model.download_model(filename="mine.model")).type
        'classifier'
        """
        return self._download(path, False, filename)

    def _download(self, path: str, predictions: bool, filename: str | None) -> str:
        """Save the model on the disk of this machine, with the holdout predictions of the cross-validation or without."""
        check(path=(path, str), filename=(filename, str | None))
        key, to = self._model_key(), session()
        file = os.path.join(absolute(path), filename or file_for(key))
        return fetched(to, file, lambda there: to.model_files.save(key, there, True, predictions=predictions))

    def _save(self, path: str, force: bool, predictions: bool, filename: str | None) -> str:
        """Save the model on the disk of the session, with the holdout predictions of the cross-validation or without."""
        check(path=(path, str), filename=(filename, str | None), force=(force, bool))
        file = self._file_in(path, filename)
        return session().model_files.save(self._model_key(), file, force, predictions=predictions)

    def save_model_details(self, path: str = "", force: bool = False, filename: str | None = None) -> str:
        """Write parameters, metrics and tables of the model as JSON, in H2O's layout.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        force : bool
            Replace a file that is there.
        filename : str, optional
            Name of the file; by default that of the model, with .json.

        Returns
        -------
        str
            The path of the file.

        Examples
        --------
        >>> model.save_model_details(force=True)[-5:]
        '.json'
        """
        check(path=(path, str), filename=(filename, str | None), force=(force, bool))
        file = self._file_in(path, filename, ".json")
        return session().model_files.save_details(self._model_key(), file, force)

    def download_mojo(self, path: str = ".", get_genmodel_jar: bool = False, genmodel_name: str = "") -> str:
        """Write the model as MOJO, see `h2o.download_mojo`; a file that is there is replaced.

        Parameters
        ----------
        path : str
            Folder that exists or ends with a slash, or the name of the file.
        get_genmodel_jar, genmodel_name : bool, str
            H2O's scorer in Java, which is not part of this package: they have no effect, and a warning says so.

        Returns
        -------
        str
            The path of the file.

        Examples
        --------
        >>> model.download_mojo("mine.zip")[-8:]
        'mine.zip'
        """
        jar = {"get_genmodel_jar": (get_genmodel_jar, bool), "genmodel_name": (genmodel_name, str)}
        check(path=(path, str), **jar)
        if get_genmodel_jar or genmodel_name:
            warn(
                "get_genmodel_jar and genmodel_name have no effect: H2O's scorer h2o-genmodel.jar is not part of this "
                "package, it can be found at Maven Central as ai.h2o:h2o-genmodel"
            )
        key, to = self._model_key(), session()
        file = self._file_here(path, ".zip")
        return fetched(to, file, lambda there: to.model_files.save_mojo(key, there, force=True))

    def save_mojo(self, path: str = "", force: bool = False, filename: str | None = None) -> str:
        """Write the model as MOJO, see `h2o.save_mojo`.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        force : bool
            Replace a file that is there.
        filename : str, optional
            Name of the file; by default that of the model, with .zip.

        Returns
        -------
        str
            The path of the file.

        Examples
        --------
        >>> model.save_mojo("exported", filename="mine.zip", force=True)[-8:]
        'mine.zip'
        """
        check(path=(path, str), force=(force, bool), filename=(filename, str | None))
        file = self._file_in(path, filename, ".zip")
        return session().model_files.save_mojo(self._model_key(), file, force)

    def to_onnx(self, path: str = ".") -> str:
        """Write the model as ONNX graph, see `h2o.save_onnx`, on this machine; a file that is there is replaced.

        Parameters
        ----------
        path : str
            Folder that exists or ends with a slash, or the name of the file.

        Returns
        -------
        str
            The path of the file.

        Examples
        --------
        >>> model.to_onnx("mine.onnx")[-9:]
        'mine.onnx'
        """
        check(path=(path, str))
        key, to = self._model_key(), session()
        file = self._file_here(path, ".onnx")
        return fetched(to, file, lambda there: to.model_files.save_onnx(key, there, force=True))

    def save_onnx(self, path: str = "", force: bool = False, filename: str | None = None) -> str:
        """Write the model as ONNX graph, see `h2o.save_onnx`.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        force : bool
            Replace a file that is there.
        filename : str, optional
            Name of the file; by default that of the model, with .onnx.

        Returns
        -------
        str
            The path of the file.

        Examples
        --------
        >>> model.save_onnx("exported", filename="mine.onnx", force=True)[-9:]
        'mine.onnx'
        """
        check(path=(path, str), force=(force, bool), filename=(filename, str | None))
        file = self._file_in(path, filename, ".onnx")
        return session().model_files.save_onnx(self._model_key(), file, force)

    def to_c(self, path: str = ".", name: str | None = None) -> str:
        """Write the model as C source, see `h2o.save_c`, on this machine; files that are there are replaced.

        Parameters
        ----------
        path : str
            Folder that exists or ends with a slash, for the source and the header; or the name of one of these, with the ending .c
            or .h.
        name : str, optional
            What names of the source begin with; by default that of the model, as far as C allows it.

        Returns
        -------
        str
            The path of the file; for a folder that of the source, the header stands beside it.

        Examples
        --------
        >>> model.to_c("mine.c")[-6:]
        'mine.c'
        """
        check(path=(path, str), name=(name, str | None))
        key, to = self._model_key(), session()
        files = [self._file_here(path, ending) for ending in (".c", ".h")]
        for file in dict.fromkeys(files):
            fetched(to, file, lambda there: to.model_files.save_c(key, there, force=True, name=name))
        return files[0]

    def save_c(
        self, path: str = "", force: bool = False, filename: str | None = None, name: str | None = None
    ) -> str:
        """Write the model as C source, see `h2o.save_c`.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        force : bool
            Replace files that are there.
        filename : str, optional
            Name of one file, with the ending .c or .h; by default both are written, named like the model.
        name : str, optional
            What names of the source begin with; by default that of the model, as far as C allows it.

        Returns
        -------
        str
            The path of the file; where both are written that of the source.

        Examples
        --------
        >>> model.save_c("exported", force=True)[-2:]
        '.c'
        """
        check(path=(path, str), force=(force, bool), filename=(filename, str | None), name=(name, str | None))
        key, files = self._model_key(), session().model_files
        if filename is None:
            files.save_c(key, self._file_in(path, None, ".h"), force, name)
        return files.save_c(key, self._file_in(path, filename, ".c"), force, name)

    def download_pojo(
        self, path: str = "", get_genmodel_jar: bool = False, genmodel_name: str = ""
    ) -> str | None:
        """Write the model as Java class, see `h2o.download_pojo`.

        Parameters
        ----------
        path : str
            Folder for the file; "" prints the class.
        get_genmodel_jar, genmodel_name : bool, str
            The class needs no jar: they have no effect, and a warning says so.

        Returns
        -------
        str or None
            The path of the file; None when printed.

        Examples
        --------
        >>> model.download_pojo("exported/")[-5:]
        '.java'
        """
        jar = {"get_genmodel_jar": (get_genmodel_jar, bool), "genmodel_name": (genmodel_name, str)}
        check(path=(path, str), **jar)
        if get_genmodel_jar or genmodel_name:
            warn("get_genmodel_jar and genmodel_name have no effect: the Java class needs no jar")
        return self._pojo(path)

    def _pojo(self, path: str) -> str | None:
        """Write the model as Java class into a folder, or print it."""
        to = session()
        if path == "":
            print(to.model_files.pojo(self._model_key()))
            return None
        key = self._model_key()
        return fetched_into(to, path, lambda folder: to.model_files.save_pojo(key, folder))

    def _file_here(self, path: str, ending: str) -> str:
        """A file of this machine: in a folder that exists or ends with a slash, named like the model; else of this name."""
        folder = os.path.isdir(os.path.expanduser(path)) or path.endswith(("/", os.sep))
        return absolute(os.path.join(path, file_for(self._model_key(), ending)) if folder else path)

    def _file_in(self, path: str, filename: str | None, ending: str = "") -> str:
        """The file for the session to write: in a folder (by default its working folder), named like the model if need be."""
        folder = absolute(path) if session().shares_disk else path
        return os.path.join(folder, filename or file_for(self._model_key(), ending))


def check(**arguments: tuple[Any, Any]) -> None:
    """Check the arguments of what writes a model: each with its type, `path` among them."""
    for name, (value, kind) in arguments.items():
        if not isinstance(value, kind):
            raise H2OTypeError(f"{name}={value!r} has the wrong type, {type(value).__name__}")
    if "://" in (path := arguments["path"][0]):
        raise NotImplementedError(f"path={path!r}: models are exported to folders of this machine only")
