"""Which objects stand in model files, and under which names: the format, whatever classes and attributes are called.

The names are never to change. Where an attribute gets another name, `Form.renamed` has its old one; a class may be called
and lie as it likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..deeplearning.encoding.data import DataSpec
from ..deeplearning.encoding.encoder import Encoder, Scaling
from ..deeplearning.encoding.histograms import InputHistogram
from ..deeplearning.encoding.response import Response
from ..deeplearning.encoding.schemes import NumbersOfLevels, OtherLevels, Recoding
from ..deeplearning.model.epochs_choice import EpochsChoice
from ..deeplearning.model.fold_ensemble import FoldEnsemble
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.model.network import Topology
from ..deeplearning.model.state import Checkpoint, Iteration, ScoringEvent, TrainingState
from ..deeplearning.parameters.validation import DeepLearningParameters
from ..deeplearning.uncertainty.calibration import Calibration
from ..deeplearning.uncertainty.held_out_scores import HeldOutScores
from ..deeplearning.uncertainty.intervals import Intervals
from ..deeplearning.uncertainty.temperature import FittedTemperature
from ..engine.scoring import JointSnapshot, Snapshot


@dataclass(frozen=True)
class Form:
    """The form of the objects of a class in a file.

    Attributes
    ----------
    cls : type
        Its constructor takes the fields by the names of the attributes.
    fields : tuple of str
        In the order in which they are written.
    left_out : tuple of str
        Attributes that no file holds.
    renamed : mapping of str to str
        Attribute of a field, where they are not called the same.
    """

    cls: type[Any]
    fields: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    def attribute(self, name: str) -> str:
        """Attribute that a field stands for.

        Raises
        ------
        ValueError
            The form has no such field.
        """
        if name not in self.fields:
            raise ValueError(f"{name!r} is not expected")
        return self.renamed.get(name, name)

    def values(self, value: Any) -> dict[str, Any]:
        """The fields of an object by their names in the file."""
        return {name: getattr(value, self.attribute(name)) for name in self.fields}


def _form(cls: type[Any], fields: str, left_out: str = "") -> Form:
    return Form(cls, tuple(fields.split()), tuple(left_out.split()))


FORMS: dict[str, Form] = {
    "Calibration": _form(Calibration, "method source rows logloss_before logloss_after slope intercept x y"),
    "Checkpoint": _form(Checkpoint, "network optimiser centre state rows frame_rows epochs"),
    "DataSpec": _form(
        DataSpec, "encoder response kinds weights_column offset_column recoding histograms ranges"
    ),
    "DeepLearningModel": _form(
        DeepLearningModel,
        "key parameters spec topology network summary history training_metrics validation_metrics varimp facts warnings "
        "dtype label_threshold cross_validation checkpoint calibration intervals epochs_choice temperature",
        left_out="threads custom_metric row_scorer",  # a loaded model gets those of its new session
    ),
    "DeepLearningParameters": _form(
        DeepLearningParameters, "category response predictors given actual warnings"
    ),
    "Encoder": _form(
        Encoder,
        "categories numbers levels offsets scaling all_levels hashed autoencoder sparse unit_names edges",
    ),
    "EpochsChoice": _form(EpochsChoice, "epochs metric source rows tried settings setting"),
    "FittedTemperature": _form(FittedTemperature, "value source rows logloss_before logloss_after"),
    "FoldEnsemble": _form(
        FoldEnsemble,
        "key parameters base members cross_validation facts warnings label_threshold",
        left_out="threads",
    ),
    "HeldOutScores": _form(HeldOutScores, "values before upto total rows"),
    "InputHistogram": _form(InputHistogram, "cuts shares"),
    "Intervals": _form(Intervals, "source scores alphas power"),
    "Iteration": _form(Iteration, "visited samples huber_delta total"),
    "JointSnapshot": _form(JointSnapshot, "members"),
    "NumbersOfLevels": _form(NumbersOfLevels, "levels names table"),
    "OtherLevels": _form(OtherLevels, "levels names new_levels table"),
    "Recoding": _form(Recoding, "scheme factors"),
    "Response": _form(
        Response,
        "name distribution domain sub mul prior_distribution model_distribution positive_offsets_only range",
    ),
    "Scaling": _form(Scaling, "sub mul fill"),
    "ScoringEvent": _form(
        ScoringEvent, "time duration speed epochs iterations samples training validation cluster"
    ),
    "Snapshot": _form(Snapshot, "weights biases kinds keep"),
    "Topology": _form(Topology, "inputs units kinds"),
    "TrainingState": _form(
        TrainingState,
        "visited samples iterations seconds huber_delta iteration epochs_before samples_before seconds_before events best "
        "stopped_because interrupted",
    ),
}
NAMES: dict[type[Any], str] = {form.cls: name for name, form in FORMS.items()}
