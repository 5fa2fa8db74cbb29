"""Demonstrations: steps that are shown before they are run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..backend.connection import connection
from ..elsewhere.stand_ins import names_of
from ..estimators.deeplearning import H2ODeepLearningEstimator
from ..exceptions import H2OValueError
from ..functions.connection import init
from ..functions.importing import upload_file
from ..functions.keys import remove

Step = tuple[str, Callable[[dict[str, Any]], Any]]


def demo(
    funcname: str = "deeplearning", interactive: bool = True, echo: bool = True, test: bool = False
) -> None:
    """Run a demonstration.

    Parameters
    ----------
    funcname : str
        ``"deeplearning"``: a network that tells three species of iris apart.
    interactive : bool
        Wait for the Enter key before each step; only where there is a terminal.
    echo : bool
        Show the code of each step.
    test : bool
        Neither wait nor show anything.

    Raises
    ------
    H2OValueError
        There is no such demonstration.

    Examples
    --------
    >>> h2o.demo(test=True)
    The session in this process was running already.
    ...
    """
    if funcname != "deeplearning":
        raise H2OValueError(f"funcname={funcname!r}: there is one demonstration, 'deeplearning'")
    names: dict[str, Any] = {}
    for code, step in _deeplearning():
        if echo and not test:
            print("\n".join(f">>> {line}" for line in code.splitlines()))
        if interactive and not test and sys.stdin is not None and sys.stdin.isatty():
            input("Press Enter to go on ")
        result = step(names)
        if result is not None and not test:
            print(result)
    if connection().at_node:  # others see what is there
        remove([names["model"], names["iris"]])


def deeplearning(interactive: bool = True, echo: bool = True, testing: bool = False) -> None:
    """Run the demonstration of networks; the same as ``h2o.demo("deeplearning")``."""
    demo("deeplearning", interactive, echo, testing)


def _deeplearning() -> Iterator[Step]:
    path = str(files("h2o.demos").joinpath("iris.csv"))

    def load(names: dict[str, Any]) -> Any:
        init()
        names["iris"] = upload_file(path)
        return names["iris"]

    def split(names: dict[str, Any]) -> None:
        names["train"], names["test"] = names["iris"].split_frame(ratios=[0.7], seed=2)

    def train(names: dict[str, Any]) -> Any:
        model = H2ODeepLearningEstimator(hidden=[20, 20], epochs=100, seed=1, reproducible=True)
        model.train(y="class", training_frame=names["train"], validation_frame=names["test"])
        names["model"] = model
        return model

    def predict(names: dict[str, Any]) -> Any:
        return names["model"].predict(names["test"])

    def judge(names: dict[str, Any]) -> Any:
        return names["model"].model_performance(names["test"]).confusion_matrix()

    yield "import h2o\nh2o.init()\niris = h2o.upload_file('iris.csv')\niris", load
    yield "train, test = iris.split_frame(ratios=[0.7], seed=2)", split
    yield (
        "model = h2o.H2ODeepLearningEstimator(hidden=[20, 20], epochs=100, seed=1, reproducible=True)\n"
        "model.train(y='class', training_frame=train, validation_frame=test)\nmodel",
        train,
    )
    yield "model.predict(test)", predict
    yield "model.model_performance(test).confusion_matrix()", judge


if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
