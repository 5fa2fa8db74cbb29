"""The fields of the Build page as its template shows them: one for each parameter, in groups, in three levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....deeplearning.parameters.constraints import OneOrSeveral
from ....deeplearning.parameters.presets import FILLED
from ....deeplearning.parameters.relevance import applies
from ....deeplearning.parameters.table import Parameter, check_value, table
from ....errors import HeavywaterError
from ....grids.space import STRATEGIES, Criteria
from ...node.guarded_session import GuardedSession
from .filled_form import DATA, FilledForm, searchable
from .form_columns import MOST_CHOICES
from .form_texts import text_of, text_of_name, value_of
from .judging import Judgement

LEVELS = {"critical": "Basic", "secondary": "Advanced", "expert": "Expert"}
LABELS = {
    "training_frame": "Training frame", "validation_frame": "Validation frame", "response_column": "Response",
    "weights_column": "Weights", "offset_column": "Offset", "fold_column": "Folds",
}  # fmt: skip
_COLUMN = "VecSpecifier"
_NUMERIC = ("int", "long", "float", "double")
_GRID_HELP = {
    "grid_id": "Name of the grid; a new one is made up when absent.",
    "grid_strategy": "Cartesian: all combinations. RandomDiscrete: in random order. Sequential: the n-th values together.",
    "grid_max_models": "Models to train at most; 0: no limit.",
    "grid_max_runtime_secs": "Seconds for the whole search; 0: no limit.",
    "grid_seed": "Of the random order, and of the models where no seed is given; -1: a new one each time.",
    "grid_stopping_rounds": "The search ends when the best model has not become better over so many; 0: never.",
    "grid_stopping_metric": "By which the best model is found.",
    "grid_stopping_tolerance": "Relative improvement that is needed to go on.",
    "grid_parallelism": "Models to train at the same time; 0: as many as cores.",
}


@dataclass
class Field:
    """A field.

    Parameters
    ----------
    name : str
        In the form.
    label : str
        Before it, where that is not its name.
    control : str
        ``choice``, ``names`` (a text with choices that are looked up) or ``text``.
    text : str
        What stands in it.
    default : str
        What counts where nothing does: the default, or what the preset says.
    choices : list of (str, str)
        Texts and how they are shown.
    help, allowed, applies : str
        What it means, what may stand in it, and when it matters.
    error : str
    warnings : list of str
    idle : bool
        Whether it does not matter at the moment.
    searchable, searched : bool
        Whether several values may be tried, and whether they are.
    boxes : list of (str, str, bool)
        For these: texts, how they are shown, and whether they are ticked.
    tries, example : str
        Or what stands in the field for them, and what could.
    numeric : bool
    lookup : str
        Of ``names``: what is looked up, ``columns`` or a list of the page.
    """

    name: str
    control: str = "text"
    text: str = ""
    default: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    help: str = ""
    allowed: str = ""
    applies: str = ""
    error: str = ""
    warnings: list[str] = field(default_factory=list)
    idle: bool = False
    searchable: bool = False
    searched: bool = False
    boxes: list[tuple[str, str, bool]] = field(default_factory=list)
    tries: str = ""
    example: str = ""
    numeric: bool = False
    lookup: str = ""
    label: str = ""


@dataclass
class Choices:
    """What can be chosen from in this session.

    Parameters
    ----------
    frames, models : list of str
    columns : list of str
        Of the training frame.
    """

    frames: list[str]
    models: list[str]
    columns: Sequence[str]

    @classmethod
    def of(cls, session: GuardedSession, frame: str) -> Choices:
        """Those of a session, and of a frame of it if there is one of this key."""
        frames = session.objects.keys("frame")
        columns = session.frames.facts(frame)["names"] if frame in frames else []
        return cls(frames, session.objects.keys("model"), columns)

    def of_type(self, kind: str) -> tuple[str, Sequence[str]] | None:
        """What fits a type of parameters, and its name; None where that is no choice."""
        return {
            "Key<Frame>": ("frames", self.frames),
            "Key<Model>": ("models", self.models),
            _COLUMN: ("columns", self.columns),
        }.get(kind)


def fields_of(form: FilledForm, judged: Judgement, choices: Choices) -> dict[str, Field]:
    """All fields by name: one for each parameter, and those of a grid."""
    found = {name: _field(entry, form, judged, choices) for name, entry in table().items()}
    for name, label in LABELS.items():
        found[name].label = label
    found["columns"] = Field("columns", text=form.text("columns"), error=judged.errors.get("columns", ""))
    found["columns"].warnings = judged.warnings.get("columns", [])
    return found | {name: _grid_field(name, form, judged) for name in _GRID_HELP}


def left_open(judged: Judgement) -> dict[str, dict[str, str]]:
    """What counts where nothing stands, of each field that a preset may fill: as text, and as the first choice of a list."""
    entries = [table()[name] for name in sorted(FILLED)]
    return {
        each.name: {"text": left_text(each, judged), "label": left_label(each, judged)} for each in entries
    }


def levels_of(fields: Mapping[str, Field]) -> list[tuple[str, list[tuple[str, list[Field]]], int]]:
    """The levels: title, groups with their fields, and in how many something stands; without what is about the data."""
    levels: dict[str, dict[str, list[Field]]] = {title: {} for title in LEVELS.values()}
    for name, entry in table().items():
        if name not in DATA:
            inside = levels[LEVELS[entry.level]].setdefault(entry.group, [])
            inside.insert(0 if name == "preset" else len(inside), fields[name])  # others depend on it
    return [
        (title, [(group.capitalize(), found) for group, found in groups.items()], _filled(groups))
        for title, groups in levels.items()
    ]


def _filled(groups: Mapping[str, list[Field]]) -> int:
    return sum(bool(each.text or each.searched or each.error) for found in groups.values() for each in found)


def _field(entry: Parameter, form: FilledForm, judged: Judgement, choices: Choices) -> Field:
    name = entry.name
    found = Field(
        name,
        text=_canonical(entry, form.text(name), keep=bool(judged.left)),
        default=left_text(entry, judged),
        help=entry.help,
        allowed=_allowed(entry),
        applies=_applies(entry),
        error=judged.errors.get(name, ""),
        warnings=judged.warnings.get(name, []),
        idle=name in judged.idle,
        searchable=searchable(entry),
        searched=name in form.searched,
        tries=", ".join(form.tried.get(name, [])),
        example=_example(entry),
        numeric=entry.type in _NUMERIC,
    )
    if entry.type in ("enum", "boolean"):
        _choose_value(found, entry, form, judged)
    elif entry.name != "model_id":
        _choose_name(found, choices.of_type(entry.type))
    return found


def _example(entry: Parameter) -> str:
    if isinstance(entry.constraint, OneOrSeveral):
        return "0.1, 0.5 or [0.1, 0.9], [0.5]"
    return "[50], [100, 100]" if entry.type == "int[]" else "between commas"


def left_text(entry: Parameter, judged: Judgement) -> str:
    """What counts where nothing stands, as text."""
    return text_of(judged.left.get(entry.name, entry.default))


def left_label(entry: Parameter, judged: Judgement) -> str:
    """The same as the first choice of a list."""
    whence = "preset" if entry.name in judged.left else "default"
    value = judged.left.get(entry.name, entry.default)
    return f"not said ({whence})" if value is None else f"{value} ({whence})"


def _canonical(entry: Parameter, text: str, keep: bool) -> str:
    """A text of a list to choose from, as the list has it; nothing where that is the default, unless a preset is."""
    if not text or entry.type not in ("enum", "boolean"):
        return text
    try:
        value = check_value(entry.name, value_of(entry, text))
    except HeavywaterError:
        return text
    return "" if entry.is_default(value) and not (keep and entry.name in FILLED) else text_of(value)


def _choose_value(found: Field, entry: Parameter, form: FilledForm, judged: Judgement) -> None:
    values = entry.values if entry.type == "enum" else (True, False)
    shown = {text_of(value): str(value) for value in values}
    found.control = "choice"
    found.choices = [("", left_label(entry, judged))]
    # the default is a choice where a preset may say something else
    found.choices += [
        (text, label) for text, label in shown.items() if text != found.default or entry.name in FILLED
    ]
    _keep_unknown(found)
    tried = form.tried.get(entry.name, [] if entry.type == "enum" else list(shown))
    found.boxes = [(text, label, text in tried) for text, label in shown.items()]


def _choose_name(found: Field, choices: tuple[str, Sequence[str]] | None) -> None:
    if choices is None:
        return
    found.lookup, names = choices
    if len(names) > MOST_CHOICES:
        found.control = "names"
        return
    found.control = "choice"
    found.choices = [("", "choose" if found.name == "training_frame" else "none")]
    found.choices += [(text_of_name(name), name) for name in names]
    _keep_unknown(found)


def _keep_unknown(found: Field) -> None:
    """What stands there stays, also where it is none of the choices."""
    if found.text not in dict(found.choices):
        found.choices.append((found.text, found.text))


def _allowed(entry: Parameter) -> str:
    if entry.type.removesuffix("[]") not in _NUMERIC:
        return ""
    return entry.constraint.describe().capitalize()


def _applies(entry: Parameter) -> str:
    if entry.no_effect:
        return f"No effect: {entry.no_effect}."
    found = applies(entry.name)
    return f"Applies {', and '.join(found)}." if found else ""


def _grid_field(name: str, form: FilledForm, judged: Judgement) -> Field:
    short = name.removeprefix("grid_") if name != "grid_id" else name
    default: Any = 1 if short == "parallelism" else getattr(Criteria(), short, None)
    found = Field(
        name,
        label=f"{short} of the search" if short in table() else short,
        text=form.text(name),
        default=text_of(default),
        help=_GRID_HELP[name],
        error=judged.errors.get(name, ""),
        warnings=judged.warnings.get(name, []),
        numeric=isinstance(default, int | float),
    )
    values = {"strategy": STRATEGIES, "stopping_metric": table()["stopping_metric"].values}.get(short)
    if values is not None:
        found.control = "choice"
        found.choices = [("", f"{found.default} (default)")]
        found.choices += [(each, each) for each in values if each != found.default]
        found.text = "" if found.text == found.default else found.text
        _keep_unknown(found)
    return found
