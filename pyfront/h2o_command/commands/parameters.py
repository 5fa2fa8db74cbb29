"""``h2o parameters``: what ``--set`` takes."""

from __future__ import annotations

from typing import Any

from ..options import GENERAL, Command, option
from ..output import Answer
from ..values import check


def _run(options: Any) -> Answer:
    from heavywater.session.parameters import told_parameters  # start-up: the help needs none of it

    told = {each["name"]: each for each in told_parameters()}
    for name in options.parameter or ():
        if name not in told:
            check(name, None)
    if options.parameter:
        return {
            name: {key: value for key, value in told[name].items() if key != "name"}
            for name in options.parameter
        }
    if options.json:
        return {"parameters": list(told.values())}
    return {
        "parameters": [
            {"name": each["name"], "default": each["default"], "allowed": each["allowed"]}
            for each in told.values()
        ]
    }


PARAMETERS = Command(
    "parameters",
    "list the parameters of Deep Learning: defaults, what is allowed, what they mean",
    _run,
    (option("parameter", "tell more about these", metavar="NAME", many=True), *GENERAL),
    "What --set, --hyper and parameter files of `h2o train` and `h2o grid` take.",
    (("All", "h2o parameters"), ("What some mean", "h2o parameters hidden rho epsilon")),
)
