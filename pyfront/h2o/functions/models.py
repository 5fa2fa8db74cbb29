"""Functions about models: import of files, and metrics of predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heavywater.session import sent

from ..backend.connection import session
from ..estimators.generic import H2OGenericEstimator
from ..exceptions import H2OTypeError, H2OValueError
from ..frame.accepting import frame_of
from ..frame.h2oframe import H2OFrame
from ..model.metrics import MetricsBase, metrics_of

__all__ = ["import_mojo", "make_metrics", "models", "predict", "upload_custom_metric", "upload_mojo"]


def models() -> list[str]:
    """The names of all models of the session, in the order in which they came.

    Returns
    -------
    list of str

    Examples
    --------
    >>> model.model_id in h2o.models()
    True
    """
    return session().objects.keys("model")


def import_mojo(mojo_path: Any, model_id: str | None = None) -> H2OGenericEstimator:
    """Import a Deep Learning model that H2O has written as MOJO.

    Parameters
    ----------
    mojo_path : str
        The zip file.
    model_id : str, optional
        Name for the model; a new one is made up when absent.

    Returns
    -------
    H2OGenericEstimator

    Raises
    ------
    ParseError
        No such file, no MOJO, damaged, or of a kind that cannot be imported.

    Examples
    --------
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1)
    >>> iris = h2o.import_file("iris.csv")
    >>> _ = model.train(y="class", training_frame=iris)
    >>> h2o.import_mojo(model.download_mojo("model.zip")).predict(iris).dim
    [150, 4]
    """
    if mojo_path is None:
        raise H2OTypeError("mojo_path is missing: give the zip file of the model")
    return H2OGenericEstimator.from_file(mojo_path, model_id)


def upload_mojo(mojo_path: Any, model_id: str | None = None) -> H2OGenericEstimator:
    """Import a MOJO of this machine, which is sent to the session where that is at a node; see `import_mojo`.

    Parameters
    ----------
    mojo_path : str
        The zip file.
    model_id : str, optional
        Name for the model.

    Returns
    -------
    H2OGenericEstimator

    Examples
    --------
    >>> h2o.upload_mojo(model.download_mojo("sent.zip")).type
    'classifier'
    """
    if mojo_path is None:
        raise H2OTypeError("mojo_path is missing: give the zip file of the model")
    with sent(session(), mojo_path, whole=True) as found:
        return import_mojo(found, model_id)


def predict(model: Any, newdata: Any) -> H2OFrame:
    """Predict with a model; the same as ``model.predict(newdata)`` (booklet, "Common Python Commands").

    Parameters
    ----------
    model : ModelBase
        A trained or imported model.
    newdata : H2OFrame, or data as for `H2OFrame`
        The rows.

    Returns
    -------
    H2OFrame

    See Also
    --------
    h2o.model.ModelBase.predict

    Examples
    --------
    >>> h2o.predict(model, iris).ncol
    4
    """
    predictions: H2OFrame = model.predict(newdata)
    return predictions


def make_metrics(
    predicted: Any,
    actual: Any,
    domain: Sequence[str] | None = None,
    distribution: str | None = None,
    weights: Any = None,
    treatment: Any = None,
    auc_type: str = "NONE",
    auuc_type: str = "AUTO",
    auuc_nbins: int = -1,
    custom_auuc_thresholds: Sequence[float] | None = None,
) -> MetricsBase:
    """Compute metrics of predictions, wherever they come from.

    Parameters
    ----------
    predicted : H2OFrame, or data as for `H2OFrame`
        Regression: one column of numbers. Two classes: one column, the probability of the second class. More
        classes: the probability of each class, in the order of `domain`.
    actual : H2OFrame, or data as for `H2OFrame`
        One column with the actual values.
    domain : list of str, optional
        Classes; by default the levels of `actual` where it is a factor.
    distribution : str, optional
        Regression: "gaussian" (the default), "poisson", "gamma" or "laplace".
    weights : H2OFrame, or data as for `H2OFrame`, optional
        One column of observation weights.
    treatment : H2OFrame, optional
        Belongs to uplift models, which do not exist here.
    auc_type : str
        AUC of more than two classes: "NONE", "AUTO", "MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO", "WEIGHTED_OVO".
    auuc_type : str
        Belongs to uplift models.
    auuc_nbins : int
        Belongs to uplift models.
    custom_auuc_thresholds : list of float, optional
        Belongs to uplift models.

    Returns
    -------
    MetricsBase
        The metrics object of the kind that fits: binomial, multinomial or regression.

    Examples
    --------
    >>> probabilities = h2o.H2OFrame({"p": [0.1, 0.8, 0.7, 0.3]})
    >>> actual = h2o.H2OFrame({"y": ["no", "yes", "yes", "no"]}, column_types={"y": "enum"})
    >>> h2o.make_metrics(probabilities, actual, domain=["no", "yes"]).auc()
    1.0
    """
    uplift = {
        "treatment": treatment is not None,
        "auuc_type": auuc_type != "AUTO",
        "auuc_nbins": auuc_nbins != -1,
        "custom_auuc_thresholds": custom_auuc_thresholds is not None,
    }
    for name, given in uplift.items():
        if given:
            raise NotImplementedError(
                f"make_metrics: {name} belongs to uplift models, which do not exist here"
            )
    columns = {"predicted": predicted, "actual": actual} | ({} if weights is None else {"weights": weights})
    frames = {name: frame_of(name, data) for name, data in columns.items()}
    found = session().models.make_metrics(
        frames["predicted"].frame_id,
        frames["actual"].frame_id,
        domain=domain,
        distribution=distribution,
        weights_key=frames["weights"].frame_id if "weights" in frames else None,
        auc_type=auc_type,
    )
    return metrics_of(found["model_category"], found, "test")


def upload_custom_metric(
    func: Any,
    func_file: str = "metrics.py",
    func_name: str | None = None,
    class_name: str | None = None,
    source_provider: Any = None,
) -> str:
    """Make a metric of your own known under a name, to be given as `custom_metric_func`.

    Parameters
    ----------
    func : class or callable
        A class with the methods ``map(predicted, actual, weight, offset, model)`` for one row, ``reduce(left, right)``
        and ``metric(result)``; or, quicker, a function ``f(actual, predicted)`` of NumPy arrays that returns a number
        (a parameter named ``weights`` or ``offset`` gets these, too).
    func_file : str
        Belongs to a server, to which the source would be sent; must end with ".py".
    func_name : str, optional
        Name of the metric; by default made from that of the class or function.
    class_name : str, optional
        Belongs to metrics given as text, which is never evaluated here.
    source_provider : callable, optional
        Belongs to a server.

    Returns
    -------
    str
        A reference to the metric, in the form ``python:name=function``.

    Examples
    --------
    >>> name = h2o.upload_custom_metric(lambda actual, predicted: float(abs(actual - predicted).max()), func_name="worst")
    >>> trained = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1, custom_metric_func=name)
    """
    if isinstance(func, str) or class_name is not None:
        raise H2OTypeError(
            "upload_custom_metric: text is not evaluated as code. Give the class or function itself"
        )
    if not isinstance(func_file, str) or not func_file.endswith(".py"):
        raise H2OValueError(f"upload_custom_metric: func_file={func_file!r} must end with '.py'")
    if source_provider is not None:
        raise NotImplementedError(
            "upload_custom_metric: source_provider has no use, the class itself is called"
        )
    return session().training.put_metric(func, func_name)
