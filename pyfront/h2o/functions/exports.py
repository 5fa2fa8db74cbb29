"""Models for other programs: MOJO files, which H2O and its scorers read, and Java classes (POJO)."""

from __future__ import annotations

from typing import Any

from heavywater.errors import warn

from ..exceptions import H2OTypeError
from ..model.files import check
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
    return a_model(model).save_mojo(path, force, filename)


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
        H2O's scorer in Java, which is not part of this package: they have no effect, and a warning says so.

    Returns
    -------
    str
        The path of the file.
    """
    return a_model(model).download_mojo(path, get_genmodel_jar, genmodel_name)


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
        Name for that jar; it has no effect, and a warning says so.

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
    a_model(model)
    check(path=(path, str), get_jar=(get_jar, bool), jar_name=(jar_name, str))
    if jar_name:
        warn("jar_name has no effect: the Java class needs no jar")
    return model._pojo(path)


def a_model(model: Any) -> ModelBase:
    """The model that a function is given."""
    if not isinstance(model, ModelBase):
        raise H2OTypeError(
            f"model must be a model, it is of type {type(model).__name__}. By its name: h2o.get_model"
        )
    return model
