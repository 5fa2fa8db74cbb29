"""Models for other programs: MOJO files, which H2O and its scorers read, and Java classes (POJO)."""

from __future__ import annotations

import os
from typing import Any

from heavywater.errors import warn
from heavywater.files import absolute, path_for

from ..backend.connection import session
from ..exceptions import H2OTypeError
from ..model.model_base import ModelBase

__all__ = ["download_mojo", "download_pojo", "save_mojo"]


def save_mojo(model: ModelBase, path: str = "", force: bool = False, filename: str | None = None) -> str:
    """Write a model as MOJO, which H2O, its scorers and `h2o.import_mojo` read.

    Parameters
    ----------
    model : ModelBase
        A trained or imported model.
    path : str
        Folder, made where it does not exist; by default the working folder.
    force : bool
        Replace a file that is there. Whatever happens meanwhile, the old or the new one stands there.
    filename : str, optional
        Name of the file; by default that of the model, with .zip.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    H2OValueError
        The format has no place for the model, the file exists, or cannot be written.
    """
    check_call(model, path=(path, str), force=(force, bool), filename=(filename, str | None))
    file = file_in(path, filename, model, ".zip")
    return session().model_files.save_mojo(model._model_key(), file, force)


def download_mojo(
    model: ModelBase, path: str = ".", get_genmodel_jar: bool = False, genmodel_name: str = ""
) -> str:
    """Write a model as MOJO, see `save_mojo`; a file that is there is replaced.

    Parameters
    ----------
    model : ModelBase
        A trained or imported model.
    path : str
        Folder that exists or ends with a slash, for a file with the name of the model; else the name of the file.
    get_genmodel_jar, genmodel_name : bool, str
        H2O's scorer in Java, which is not part of this package: they have no effect.

    Returns
    -------
    str
        The path of the file.
    """
    check_call(
        model, path=(path, str), get_genmodel_jar=(get_genmodel_jar, bool), genmodel_name=(genmodel_name, str)
    )
    if get_genmodel_jar or genmodel_name:
        warn(
            "get_genmodel_jar and genmodel_name have no effect: H2O's scorer h2o-genmodel.jar is not part of this "
            "package, it can be found at Maven Central as ai.h2o:h2o-genmodel"
        )
    folder = os.path.isdir(path) or path.endswith(("/", os.sep))
    file = file_in(path, None, model, ".zip") if folder else path
    return session().model_files.save_mojo(model._model_key(), file, force=True)


def download_pojo(model: ModelBase, path: str = "", get_jar: bool = True, jar_name: str = "") -> str | None:
    """Write a model as Java class, which needs nothing else: no library, no jar.

    Parameters
    ----------
    model : ModelBase
        A trained or imported model.
    path : str
        Folder for the file, whose name is that of the class; "" prints the class.
    get_jar : bool
        Whether to get the jar that H2O's classes need. There is none, so it makes no difference.
    jar_name : str
        Name for that jar; no effect.

    Returns
    -------
    str or None
        The path of the file; None when printed.

    Raises
    ------
    H2OValueError
        The file cannot be written.

    Notes
    -----
    To compile and run it: ``javac Name.java`` and ``java Name < rows.csv > predictions.csv``.
    """
    check_call(model, path=(path, str), get_jar=(get_jar, bool), jar_name=(jar_name, str))
    if jar_name:
        warn("jar_name has no effect: the Java class needs no jar")
    if path == "":
        print(session().model_files.pojo(model._model_key()))
        return None
    return session().model_files.save_pojo(model._model_key(), path)


def file_in(path: str, filename: str | None, model: ModelBase, ending: str = "") -> str:
    """The file to write: `filename` in the folder `path` (by default the working folder), or one named like the model."""
    folder = absolute(path)
    return os.path.join(folder, filename) if filename else path_for(folder, model._model_key(), ending)


def check_call(model: Any, **arguments: tuple[Any, Any]) -> None:
    """Check the arguments of a function that writes a model: each with its type, `path` among them."""
    if not isinstance(model, ModelBase):
        raise H2OTypeError(
            f"model must be a model, it is of type {type(model).__name__}. By its name: h2o.get_model"
        )
    for name, (value, kind) in arguments.items():
        if not isinstance(value, kind):
            raise H2OTypeError(f"{name}={value!r} has the wrong type, {type(value).__name__}")
    if "://" in (path := arguments["path"][0]):
        raise NotImplementedError(f"path={path!r}: models are exported to folders of this machine only")
