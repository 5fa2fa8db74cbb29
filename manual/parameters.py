"""The pages of parameters, from the table that validation and signatures are made from, too."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from heavywater.deeplearning.parameters.constraints import Choice, ListOf, Number, OneOrSeveral
from heavywater.deeplearning.parameters.table import Parameter, conditions, either, table

from generators.python_signature import default_text, documented_type
from tests.benchmarks import effects

from .contents import toctree

GROUPS = {
    "data": ("Data and columns", "Which rows and columns are learned from, and how cells become inputs of the network."),
    "network": ("The network", "Layers and units, how numbers enter, how many networks are one model."),
    "iterations": ("Epochs and iterations", "How long is trained, and what happens between two looks at the model."),
    "optimiser": ("Optimiser", "How a gradient becomes a step of the weights."),
    "regularisation": ("Regularisation", "What keeps a network from learning its rows by heart."),
    "loss": ("Distribution and loss", "What is predicted, and which errors count how much."),
    "stopping": ("Early stopping", "When training ends, and which of the models on the way is kept."),
    "scoring": ("Scoring during training", "How often, on which rows and with which metrics the model is looked at."),
    "class balance": ("Class balance", "Rows of rare classes more often, of common ones more rarely."),
    "cross-validation": ("Cross-validation", "Models on parts of the rows that are scored on the others."),
    "uncertainty": ("Calibration", "Probabilities that are as often right as they say."),
    "autoencoder": ("Autoencoder", "Networks that learn to reproduce their inputs."),
    "start": ("Start and seed", "Where the weights begin, and what makes a run the same as another."),
    "cluster": ("Nodes", "Networks that several processes train together."),
    "output": ("Output", "What is kept and shown besides the model."),
}  # fmt: skip
HEAD = """\
# Parameters

What `H2ODeepLearningEstimator(...)` takes in Python, `h2o.deeplearning(...)` in R, `--set name=value` in the shell and the form of the
page Build in a browser: the same names, defaults and limits everywhere. A value is checked when it is given; combinations, and what depends
on the data, when training begins, and nothing is accepted and ignored: what has no effect beside the others is warned about.

{presets}

Which ones to turn first: [`hidden`](#parameter-hidden) and [`epochs`](#parameter-epochs), [`activation`](#parameter-activation) and dropout
([`hidden_dropout_ratios`](#parameter-hidden_dropout_ratios), [`input_dropout_ratio`](#parameter-input_dropout_ratio)),
[`l1`](#parameter-l1) and [`l2`](#parameter-l2); early stopping ([`stopping_rounds`](#parameter-stopping_rounds)) in place of a good
guess at `epochs`. For tables begin with [`preset`](#parameter-preset).

"""
MEASURED = (
    "**Measured** on one data set: types of forest, about {rows:,} rows, 54 columns, 7 classes; {others}, the rest by default; "
    "three seeds; time of the processor beside the base's ([all of them](../measurements/effects.md), `make bench-effects`)."
)
PRESETS = "[Networks for tables](../tabular.md) has what the presets fill."


def pages() -> dict[str, str]:
    """The pages by their places: the table of all parameters, and a page for each group.

    Raises
    ------
    ValueError
        There is a group in the table without a heading here, or the other way round.
    """
    groups = dict.fromkeys(entry.group for entry in table().values())
    if groups.keys() != GROUPS.keys():
        raise ValueError(f"groups of the table and headings differ: {groups.keys() ^ GROUPS.keys()}")
    made = {"parameters/index.md": _index()}
    for group in GROUPS:
        made[f"parameters/{page(group)}.md"] = _group(group)
    return made


def page(group: str) -> str:
    """Name of the page of a group."""
    return group.replace(" ", "-")


def _index() -> str:
    rows = [
        f"| [`{entry.name}`](#parameter-{entry.name}) | `{shown_default(entry)}` | {_cell(_first_sentence(entry.help))} |"
        for entry in sorted(table().values(), key=lambda entry: entry.name)
    ]
    head = HEAD.format(presets=PRESETS)
    listing = "\n".join(["## By name", "", "| | default | |", "|---|---|---|", *rows])
    return f"{head}{toctree(map(page, GROUPS))}\n\n{listing}\n"


def _group(group: str) -> str:
    title, text = GROUPS[group]
    entries = [entry for entry in table().values() if entry.group == group]
    return "\n\n".join([f"# {title}", text, *map(_entry, entries)]) + "\n"


def _entry(entry: Parameter) -> str:
    """What is said of one parameter."""
    facts = [
        ("type", re.split(", (?:default|optional)", documented_type(entry))[0]),
        ("default", f"`{shown_default(entry)}`"),
        *_allowed(entry),
    ]
    facts += [("has an effect with", f"`{either(ways)}`") for ways in conditions(entry)]
    facts += [("in grids", "yes" if entry.gridable else "no")]
    if entry.fixed_by_checkpoint:
        facts.append(("from a checkpoint", "has to stay as it was"))
    if entry.aliases:
        facts.append(("errors point here from", ", ".join(f"`{alias}`" for alias in entry.aliases)))
    lines = [f"(parameter-{entry.name})=", f"## {entry.name}", "", _linked(entry.help, entry.name)]
    if entry.no_effect:
        lines += ["", f"Has no effect: {entry.no_effect}."]
    if entry.when:
        lines += ["", f"**When it matters.** {_linked(entry.when, entry.name)}"]
    lines += ["", *(f":{name}: {text}" for name, text in facts)]
    if entry.name in _measured()["parameters"]:
        lines += [
            "",
            MEASURED.format(rows=_measured()["rows"], others=_others()),
            "",
            *effects.rows(_measured(), entry.name),
        ]
    if others := related(entry.name):
        lines += ["", f"See also {', '.join(f'[`{other}`](#parameter-{other})' for other in others)}."]
    return "\n".join(lines)


@functools.cache
def _measured() -> dict[str, Any]:
    """What settings of some parameters did on one data set, as `tests.benchmarks.effects` has written it."""
    kept: dict[str, Any] = json.loads((effects.RESULTS / "effects.json").read_text(encoding="utf-8"))
    return kept


def _others() -> str:
    return ", ".join(f"`{name}={effects.shown(value)}`" for name, value in _measured()["base"].items())


def related(name: str) -> list[str]:
    """Parameters that one depends on, that depend on it, that its texts or theirs name, or whose name begins as its own.

    Examples
    --------
    >>> related("momentum_ramp")
    ['adaptive_rate', 'momentum_stable', 'momentum_start', 'optimizer']
    """
    entries = table()
    own = entries[name]
    found = {other for ways in conditions(own) for other, _ in ways} | _named(own)
    found |= {other for other, entry in entries.items() if name in entry.only_with or name in _named(entry)}
    family = f"{name.partition('_')[0]}_"
    found |= {other for other in entries if other.startswith(family)}
    return sorted(found - {name})


def _named(entry: Parameter) -> set[str]:
    return set(re.findall(r"\w+", f"{entry.help} {entry.when}")) & {each for each in table() if "_" in each}


def _linked(text: str, own: str) -> str:
    """A text of the table, in which the names of other parameters are links."""
    text = text.replace("*", r"\*").replace("<", r"\<")

    def link(match: re.Match[str]) -> str:
        name = match[0]
        return f"[`{name}`](#parameter-{name})" if name in table() and "_" in name and name != own else name

    return re.sub(r"\w+", link, text)


def _allowed(entry: Parameter) -> list[tuple[str, str]]:
    constraint = entry.constraint
    item = constraint.item if isinstance(constraint, ListOf | OneOrSeveral) else constraint
    if isinstance(item, Choice):
        return [("values", ", ".join(f"`{value}`" for value in entry.values))]
    if isinstance(item, Number) and (limits := item.limits()):
        return [("range", f"`{limits.strip()}`")]  # ">= 0" alone would be a quotation
    return []


def shown_default(entry: Parameter) -> str:
    """The default as Python writes it; None stands for "not given"."""
    return default_text(entry)


def _first_sentence(text: str) -> str:
    """The first sentence of a text.

    Examples
    --------
    >>> _first_sentence("Rows, e.g. 5. More of it.")
    'Rows, e.g. 5.'
    """
    return re.split(r"(?<=[a-z0-9)]\.)(?<!e\.g\.)\s", text, maxsplit=1)[0]


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("*", r"\*").replace("<", r"\<")
