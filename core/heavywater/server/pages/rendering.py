"""Templates, and what all of them may use."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from ... import __version__
from . import wording
from .addresses import address

STATIC = "static"
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
        "size": wording.size,
        "duration": wording.duration,
        "moment": wording.moment,
        "name": wording.name,
        "address": address,
    }
    made.globals |= {"menu": MENU, "version": __version__, "static_folder": static_folder()}
    return made


def static_files() -> Traversable:
    """The folder of what browsers load beside the pages."""
    return files("heavywater.server.pages").joinpath(STATIC)


@cache
def static_folder() -> str:
    """Its address, which changes with its contents: so browsers may keep what they have."""
    digest = hashlib.sha256()
    for each in sorted(_all_files(static_files()), key=lambda file: file.name):
        digest.update(each.name.encode() + each.read_bytes())
    return f"{STATIC}/{digest.hexdigest()[:12]}"


def _all_files(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for each in folder.iterdir():
        found += _all_files(each) if each.is_dir() else [each]
    return found


def rendered(template: str, **values: Any) -> str:
    """The text of a page, see `environment`."""
    return environment().get_template(template).render(**values)
