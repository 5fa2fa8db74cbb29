"""Predictions of a MOJO file for a pandas data frame or a CSV file, without Java."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from heavywater.errors import warn
from heavywater.files import absolute

from ..backend.connection import session
from ..exceptions import H2OTypeError
from ..frame.accepting import rows_for
from ..frame.h2oframe import H2OFrame
from .frames import download_csv
from .importing import upload_file
from .models import upload_mojo

if TYPE_CHECKING:
    import pandas

    from ..estimators.generic import H2OGenericEstimator

__all__ = ["mojo_predict_csv", "mojo_predict_pandas"]


def mojo_predict_pandas(
    dataframe: pandas.DataFrame,
    mojo_zip_path: str,
    genmodel_jar_path: str | None = None,
    classpath: str | None = None,
    java_options: str | None = None,
    verbose: bool = False,
    setInvNumNA: bool = False,
    predict_contributions: bool = False,
    predict_calibrated: bool = False,
) -> pandas.DataFrame:
    """Predict with a MOJO file.

    Parameters
    ----------
    dataframe : pandas.DataFrame
        The rows; polars and pyarrow tables are taken, too.
    mojo_zip_path : str
        The file, of H2O or of `h2o.download_mojo`.
    genmodel_jar_path, classpath, java_options : str, optional
        Belong to H2O's scorer in Java: they have no effect.
    verbose : bool
        Print how many rows are scored by which model.
    setInvNumNA : bool
        Take texts in a column of numbers as missing.
    predict_contributions, predict_calibrated : bool
        Belong to trees and to calibrated models: True is refused.

    Returns
    -------
    pandas.DataFrame
        Column ``predict``; for classes also the probability of each.

    Raises
    ------
    ParseError
        No such file, no MOJO, or of a kind that cannot be imported.

    Examples
    --------
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1)
    >>> _ = model.train(y="class", training_frame=h2o.import_file("iris.csv"))
    >>> rows = pd.read_csv("iris.csv")
    >>> len(h2o.mojo_predict_pandas(rows, model.download_mojo("model.zip")))
    150
    """
    if not hasattr(dataframe, "columns"):
        raise H2OTypeError(f"dataframe must be a pandas.DataFrame, it is of type {type(dataframe).__name__}")
    _check_options(genmodel_jar_path, classpath, java_options, predict_contributions, predict_calibrated)
    with _imported(mojo_zip_path) as model:
        return _predicted(
            model, rows_for(model._trained, "dataframe", dataframe), setInvNumNA, verbose
        ).as_data_frame()


def mojo_predict_csv(
    input_csv_path: str,
    mojo_zip_path: str,
    output_csv_path: str | None = None,
    genmodel_jar_path: str | None = None,
    classpath: str | None = None,
    java_options: str | None = None,
    verbose: bool = False,
    setInvNumNA: bool = False,
    predict_contributions: bool = False,
    predict_calibrated: bool = False,
    extra_cmd_args: list[str] | None = None,
) -> list[dict[str, str]]:
    """Predict with a MOJO file for the rows of a CSV file.

    Parameters
    ----------
    input_csv_path : str
        The rows, with a header.
    mojo_zip_path : str
        The file of the model.
    output_csv_path : str, optional
        The file to write; by default ``prediction.csv`` beside the model. What is there is replaced.
    genmodel_jar_path, classpath, java_options, extra_cmd_args : optional
        Belong to H2O's scorer in Java: they have no effect.
    verbose, setInvNumNA, predict_contributions, predict_calibrated
        As in `mojo_predict_pandas`.

    Returns
    -------
    list of dict
        The rows that were written, as texts by column.

    Examples
    --------
    >>> path = model.download_mojo("flowers.zip")
    >>> len(h2o.mojo_predict_csv("iris.csv", path))
    150
    """
    _check_options(
        genmodel_jar_path, classpath, java_options, predict_contributions, predict_calibrated, extra_cmd_args
    )
    if output_csv_path is None:
        folder = os.path.dirname(absolute(mojo_zip_path))
        output_csv_path = os.path.join(folder, "prediction.csv")
    with _imported(mojo_zip_path) as model:
        key = session().objects.fresh_key("mojo_rows")
        rows = upload_file(input_csv_path, destination_frame=key, header=1)
        try:
            written = download_csv(_predicted(model, rows, setInvNumNA, verbose), output_csv_path)
        finally:
            session().objects.remove(key)
    with open(written, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _check_options(
    jar: Any, classpath: Any, java_options: Any, contributions: bool, calibrated: bool, extra: Any = None
) -> None:
    for name, wanted in (("predict_contributions", contributions), ("predict_calibrated", calibrated)):
        if wanted:
            raise NotImplementedError(f"{name}=True: networks have no such predictions; leave it out")
    given = {
        "genmodel_jar_path": jar,
        "classpath": classpath,
        "java_options": java_options,
        "extra_cmd_args": extra,
    }
    names = [name for name, value in given.items() if value]
    if names:
        warn(f"no effect of {', '.join(names)}: models are scored without Java")


@contextmanager
def _imported(path: str) -> Iterator[H2OGenericEstimator]:
    model = upload_mojo(path)
    try:
        yield model
    finally:
        session().objects.remove(model._model_key())


def _predicted(model: H2OGenericEstimator, rows: H2OFrame, texts_missing: bool, verbose: bool) -> H2OFrame:
    if texts_missing:
        output = model._output
        numeric = [n for n, t in zip(output["names"], output["column_types"], strict=True) if t == "Numeric"]
        rows = rows[:]
        for name in numeric:
            if name in rows.names and rows.type(name) in ("enum", "string"):
                rows[name] = rows[name].ascharacter().asnumeric()
    if verbose:
        print(f"{rows.nrow} rows are scored by {model.model_id}")
    return model.predict(rows)
