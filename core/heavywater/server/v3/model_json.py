"""Models as H2O's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import __version__
from .metrics_json import metrics_object
from .parameters_json import described_parameters
from .replies import Json, key, meta, table
from .tables_json import table_object

Described = Mapping[str, Any]
_NO_FRAME = {"__meta": meta("FrameKeyV3", "Key<Frame>"), "name": None, "type": None, "URL": None}
FULL_NAMES = {"deeplearning": "Deep Learning", "generic": "Import MOJO Model"}

_ON = {
    "training_metrics": ("training_frame", "Metrics of the training rows that were scored"),
    "validation_metrics": ("validation_frame", "Metrics of the validation rows that were scored"),
    "cross_validation_metrics": ("training_frame", "Metrics of the holdout rows of all folds"),
}
_TABLES = (
    "model_summary",
    "scoring_history",
    "variable_importances",
    "cross_validation_metrics_summary",
)
_PLAIN = ("normmul", "normsub", "normrespmul", "normrespsub", "catoffsets")
_OF_FOLDS = {
    "cross_validation_models": "Model",
    "cross_validation_predictions": "Frame",
    "cross_validation_holdout_predictions_frame_id": "Frame",
    "cross_validation_fold_assignment_frame_id": "Frame",
}
# field of the output -> what it is; clients take headings from here
_HELP = {
    "names": "Names of the columns",
    "original_names": "Names of the columns before categories were encoded",
    "column_types": "Types of the columns",
    "domains": "Levels of the columns that are factors",
    "cross_validation_models": "Models of the folds",
    "cross_validation_predictions": "Holdout predictions of each fold",
    "cross_validation_holdout_predictions_frame_id": "Holdout predictions of all folds together",
    "cross_validation_fold_assignment_frame_id": "The fold of each row",
    "model_category": "Kind of model",
    "model_summary": "State of the layers",
    "scoring_history": "Scores during training",
    "cv_scoring_history": "Scores during the training of each fold",
    "reproducibility_information_table": "Where the model was trained",
    "training_metrics": "Metrics of the training rows",
    "validation_metrics": "Metrics of the validation rows",
    "cross_validation_metrics": "Metrics of the holdout rows of all folds",
    "cross_validation_metrics_summary": "Metrics of each fold, their mean and deviation",
    "status": "State of the job",
    "start_time": "Start of the training in milliseconds since 1970",
    "end_time": "End of the training in milliseconds since 1970",
    "run_time": "Duration of the training in milliseconds",
    "default_threshold": "Probability from which the second class is predicted",
    "help": "What the fields are",
    "weights": "Frames of the weights of each layer",
    "biases": "Frames of the biases of each layer",
    "normmul": "Factors that standardise the numeric predictors",
    "normsub": "What is subtracted from the numeric predictors before",
    "normrespmul": "Factor that standardises a numeric response",
    "normrespsub": "What is subtracted from a numeric response before",
    "catoffsets": "Where the units of each categorical predictor begin",
    "variable_importances": "Importances of the inputs",
}


def is_generic(described: Described) -> bool:
    """Whether a model was imported from a MOJO, which H2O calls another algorithm."""
    return described.get("origin") is not None


def synopsis(described: Described) -> Json:
    """A model as an entry of a list."""
    return {"__meta": meta("ModelSynopsisV3", "Model"), **_head(described)}


def model_object(described: Described, weights: Mapping[str, list[str]] | None = None) -> Json:
    """A model with everything that is told about it.

    Parameters
    ----------
    described : mapping
        What ``models.describe`` of a session gives.
    weights : mapping, optional
        Keys of the frames of ``weights`` and ``biases``.
    """
    kind = _kind(described)
    return {
        "__meta": meta(f"{kind}V3", kind),
        **_head(described),
        "parameters": described_parameters(described["parameters"]),
        "output": _output(described, weights or {}),
        "compatible_frames": None,
    }


def _kind(described: Described) -> str:
    return "GenericModel" if is_generic(described) else "DeepLearningModel"


def _head(described: Described) -> Json:
    algo = "generic" if is_generic(described) else described["algo"]
    return {
        "model_id": key(described["model_id"], "Model"),
        "algo": algo,
        "algo_full_name": FULL_NAMES[algo],
        "response_column_name": described.get("response_column"),
        "treatment_column_name": None,
        "data_frame": key(described.get("training_frame"), "Frame") or _NO_FRAME,
        "timestamp": described.get("end_time") or -1,
        "have_pojo": bool(described.get("have_pojo")),
        "have_mojo": bool(described.get("have_mojo")),
    }


def _output(described: Described, weights: Mapping[str, list[str]]) -> Json:
    threshold, kind = described.get("default_threshold"), _kind(described)
    found: Json = {
        "__meta": meta(f"{kind}OutputV3", f"{kind}Output"),
        "original_names": described.get("original_names"),
        **_columns(described),
        **{name: _keys(described.get(name), kind) for name, kind in _OF_FOLDS.items()},
        "model_category": described["model_category"],
        **{name: table_object(described.get(name)) for name in _TABLES},
        "cv_scoring_history": _tables(described.get("cv_scoring_history")),
        "reproducibility_information_table": _origin(described),
        **{name: metrics_of_model(described, name) for name in _ON},
        "status": None,
        **{name: described.get(name) or 0 for name in ("start_time", "end_time", "run_time")},
        "default_threshold": 0.5 if threshold is None else threshold,
        "help": {"__meta": "What kind of object this is", **_HELP},
        **{name: _keys(weights.get(name) or None, "Frame") for name in ("weights", "biases")},
        **{name: described.get(name) for name in _PLAIN},
    }
    if is_generic(described):
        found |= {"original_model_identifier": "deeplearning", "original_model_full_name": "Deep Learning"}
    return found


def _columns(described: Described) -> Json:
    """The columns of the model, the response last: names, levels and types."""
    names, domains = list(described.get("names") or ()), list(described.get("domains") or ())
    response = described.get("response_column")
    if response is not None and response not in names:
        names, domains = [*names, response], [*domains, described.get("response_domain")]
    types = ["Numeric" if levels is None else "Enum" for levels in domains]
    return {"names": names, "domains": domains, "column_types": types}


def _origin(described: Described) -> list[Json]:
    """By what the model was trained, and on what."""
    frames = [described.get(name) for name in ("training_frame", "validation_frame")]
    numbers = [("", "string", "%s", ""), ("node", "int", "%d", "node"), ("nthreads", "int", "%d", "nthreads")]
    names = [
        ("", "string", "%s", ""),
        ("input_frame", "string", "%s", "Input Frame"),
        ("key", "string", "%s", "Key"),
    ]
    version = [("", "string", "%s", ""), ("h2o_cluster_version", "string", "%s", "H2O cluster version")]
    return [
        table("Node Information", numbers, [[""], [0], [described.get("threads")]]),
        table("Cluster Configuration", version, [[""], [f"heavywater {__version__}"]]),
        table("Input Frames Information", names, [["", ""], ["training_frame", "validation_frame"], frames]),
    ]


def _keys(names: Any, kind: str) -> Any:
    if isinstance(names, list):
        return [key(name, kind) for name in names]
    return key(names, kind)


def _tables(found: Any) -> Any:
    return None if found is None else [table_object(each) for each in found]


def metrics_of_model(described: Described, name: str) -> Json | None:
    """Metrics that a model has had since its training: ``training_metrics`` and the like."""
    frame, description = _ON[name]
    return metrics_object(
        described.get(name),
        described["model_id"],
        described.get(frame),
        description,
        scored=described.get("end_time"),
    )


def all_metrics(described: Described) -> list[Json]:
    """All metrics that a model has had since its training."""
    return [found for name in _ON if (found := metrics_of_model(described, name)) is not None]
