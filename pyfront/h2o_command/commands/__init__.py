"""All commands, one module for each."""

from ..options import Command
from .demo import DEMO
from .describe import DESCRIBE
from .evaluate import EVALUATE
from .export import EXPORT
from .grid import GRID
from .importing import IMPORT
from .node import NODE
from .parameters import PARAMETERS
from .predict import PREDICT
from .serve import SERVE
from .train import TRAIN

COMMANDS: dict[str, Command] = {
    each.name: each
    for each in (IMPORT, DESCRIBE, TRAIN, GRID, PREDICT, EVALUATE, EXPORT, PARAMETERS, SERVE, NODE, DEMO)
}
