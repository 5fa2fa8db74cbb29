"""Models for other programs: MOJO files, which H2O and its scorers read, ONNX graphs, Java classes (POJO) and C."""

from __future__ import annotations

from typing import Any

from heavywater.errors import warn

from ..exceptions import H2OTypeError
from ..model.files import check
from ..model.model_base import ModelBase

__all__ = ["download_mojo", "download_pojo", "save_c", "save_mojo", "save_onnx"]


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

    Examples
    --------
    >>> path = h2o.save_mojo(model, "exported", filename="flowers.zip", force=True)
    >>> h2o.import_mojo(path).type
    'classifier'
    """
    return a_model(model).save_mojo(path, force, filename)


def save_onnx(model: ModelBase, path: str = "", force: bool = False, filename: str | None = None) -> str:
    """Write a model as ONNX graph, which onnxruntime and others run without this package.

    The graph has one input for each column, named as the column, of the shape (rows, 1): texts for categorical columns, and
    numbers in 64 bits (milliseconds since 1970 for times). NaN and an empty text are missing. All that is done with cells is within it:
    standardisation, levels, missing and unseen ones, hashing, encodings, offsets, links, the threshold.

    Parameters
    ----------
    model : ModelBase
        A trained or imported model.
    path : str
        Folder, made where it does not exist; by default the working folder.
    force : bool
        Replace a file that is there. Whatever happens meanwhile, the old or the new one stands there.
    filename : str, optional
        Name of the file; by default that of the model, with .onnx.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    H2OValueError
        The format has no place for the model (``docs/exporting.md`` says for which), the package onnx is not installed, the file exists,
        or cannot be written.

    Notes
    -----
    Outputs are ``predict`` and, for classes, ``probabilities``; of an autoencoder ``reconstruction`` and ``mse``. The metadata name
    the model, its response, classes, threshold and the columns of the outputs. The graph is of opset 17, with opset 3 of ai.onnx.ml,
    and computes in 64 bits; `predict` does so in 32, from which it differs by rounding only.

    Examples
    --------
    >>> import h2o
    >>> h2o.init(verbose=False)
    >>> from h2o.estimators import H2ODeepLearningEstimator
    >>> rows = h2o.H2OFrame({"size": [1.5, 2, 3.5, 4], "colour": ["red", "blue", "red", "blue"], "price": [2, 3, 4, 5]})
    >>> rows["colour"] = rows["colour"].asfactor()
    >>> model = H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
    >>> _ = model.train(x=["size", "colour"], y="price", training_frame=rows)
    >>> file = model.to_onnx("price.onnx")
    >>> import onnxruntime
    >>> import numpy as np
    >>> graph = onnxruntime.InferenceSession(file)
    >>> found, = graph.run(["predict"], {"size": np.array([[2.5]]), "colour": np.array([["red"]], object)})
    >>> found.shape
    (1, 1)
    """
    return a_model(model).save_onnx(path, force, filename)


def save_c(
    model: ModelBase,
    path: str = "",
    force: bool = False,
    filename: str | None = None,
    name: str | None = None,
) -> str:
    """Write a model as C source, which needs nothing but the C library, and a header for who calls it.

    All that is done with cells is within it: standardisation, levels (as texts), missing and unseen ones, hashing, encodings, offsets,
    links, the threshold. The function ``<name>_score`` scores a row; the header says how.

    Parameters
    ----------
    model : ModelBase
        A trained or imported model.
    path : str
        Folder, made where it does not exist; by default the working folder.
    force : bool
        Replace files that are there. Whatever happens meanwhile, the old or the new ones stand there.
    filename : str, optional
        Name of one file, with the ending .c or .h; by default both are written, named like the model.
    name : str, optional
        What names of the source begin with; by default that of the model, as far as C allows it.

    Returns
    -------
    str
        The path of the file; where both are written that of the source, which does not need the header.

    Raises
    ------
    H2OValueError
        C has no place for the model (``docs/exporting.md`` says for which), a file exists, or cannot be written.

    Notes
    -----
    To compile it: ``cc -std=c99 -O2 -c NAME.c``; to link a program with it, add ``-lm``. It computes in 64 bits; `predict` does so in
    32, from which it differs by rounding only.

    Examples
    --------
    >>> path = h2o.save_c(model, "exported", force=True)
    >>> path[-2:]
    '.c'
    """
    return a_model(model).save_c(path, force, filename, name)


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

    Examples
    --------
    >>> h2o.download_mojo(model, "flowers.zip")[-11:]
    'flowers.zip'
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

    Examples
    --------
    >>> path = h2o.download_pojo(model, "exported/")
    >>> path[-5:]
    '.java'
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
