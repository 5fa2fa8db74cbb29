"""Templates, and what all of them may use."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from .... import __version__
from . import wording
from .addresses import address
from .assets import static_folder

# Headings of the menu, with the booklet's words, and below each: address, what is written there, and what is said on hover.
MENU = (
    ("", (("", "Home", "What this session holds and does"),)),
    ("Data", (("import", "Import", "Read files into a frame"), ("frames", "Frames", "List all frames"))),
    (
        "Model",
        (
            ("build", "Build", "Train a model, or search for the best one"),
            ("models", "Models", "List all models"),
            ("grids", "Grids", "List all grid searches"),
            ("compare", "Compare", "Models side by side"),
        ),
    ),
    ("Score", (("predict", "Predict", "Answers of a model for rows"),)),
    (
        "Admin",
        (
            ("jobs", "Jobs", "What runs, and what has run"),
            ("cluster", "Cluster", "Nodes, cores, memory, links"),
            ("logs", "Logs", "What the node has said"),
        ),
    ),
)


@cache
def environment() -> Environment:
    """The templates of this package; every value is escaped unless it is markup, and a name that is not given is an error."""
    made = Environment(
        loader=PackageLoader("heavywater.server.pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": wording.number,
        "whole": wording.whole,
        "clock": wording.clock,
        "size": wording.size,
        "duration": wording.duration,
        "moment": wording.moment,
        "name": wording.name,
        "short_name": wording.short_name,
        "address": address,
    }
    made.globals |= {"menu": MENU, "version": __version__, "static_folder": static_folder()}
    return made


def rendered(template: str, **values: Any) -> str:
    """The text of a page, see `environment`."""
    return environment().get_template(template).render(**values)
