"""What scenarios share: data files, frames and models that are made when first needed."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from ..library import Autoencoder, DeepLearning, h2o

DATA = Path(__file__).parents[3] / "data"
SMALL = {"hidden": [5], "epochs": 2, "seed": 1, "reproducible": True}
PREDICTORS = ["AGE", "RACE", "DPROS", "DCAPS", "PSA", "VOL", "GLEASON"]


class World:
    """The node and what scenarios have made there.

    Parameters
    ----------
    url : str
        Of the node.
    folder : Path
        Where files may be written.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    @cached_property
    def prostate(self) -> Any:
        """Prostate cancers: two classes, numbers."""
        frame = h2o.import_file(str(DATA / "prostate.csv"), destination_frame="prostate")
        for name in ("CAPSULE", "RACE"):
            frame[name] = frame[name].asfactor()
        return h2o.assign(frame, "prostate_typed")

    @cached_property
    def iris(self) -> Any:
        """Irises: three classes, four numbers."""
        return h2o.import_file(str(DATA / "iris_wheader.csv"), destination_frame="iris_all")

    @cached_property
    def binomial(self) -> Any:
        """A small model of two classes."""
        return train(
            self.prostate, "CAPSULE", x=PREDICTORS, model_id="binomial", validation_frame=self.prostate
        )

    @cached_property
    def multinomial(self) -> Any:
        """A small model of three classes."""
        return train(self.iris, "class", model_id="multinomial")

    @cached_property
    def regression(self) -> Any:
        """A small model of a number."""
        return train(self.iris, "petal_len", model_id="regression")

    @cached_property
    def autoencoder(self) -> Any:
        """A small autoencoder."""
        model = Autoencoder(model_id="autoencoder", **SMALL)
        model.train(x=self.iris.names[:4], training_frame=self.iris)
        return model


def train(
    frame: Any, y: str, x: list[str] | None = None, validation_frame: Any = None, **parameters: Any
) -> Any:
    """A small model."""
    model = DeepLearning(**{**SMALL, **parameters})
    model.train(x=x, y=y, training_frame=frame, validation_frame=validation_frame)
    return model


def printed(show: Callable[[], Any]) -> str:
    """What is printed by a call."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        show()
    return out.getvalue()


def refusal(call: Callable[[], Any]) -> list[Any]:
    """With which error of the client a call is refused, and what its answer says of the kind."""
    try:
        call()
    except Exception as error:  # noqa: BLE001  # told to who asked
        told = error.args[0] if error.args else None
        return [
            type(error).__name__,
            getattr(told, "http_status", None),
            getattr(told, "exception_type", None),
        ]
    return ["not refused"]


def table(found: Any) -> list[Any]:
    """Name and columns of a table."""
    return [found._table_header, list(found.col_header)]


def members(metrics: Any) -> list[str]:
    """What the metrics of a model have in the answer of the node, and what kind they are of."""
    told = metrics._metric_json
    return [told["__meta"]["schema_name"], *sorted(told)]
