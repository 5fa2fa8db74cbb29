"""Weights of the first layer as pictures, where the inputs are the pixels of one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....arrays import Array
from ...node.guarded_session import GuardedSession
from ..basics.asking import PageCall
from ..basics.paging import ListPart, part_of
from ..basics.wording import members_of
from ..charts.picture import diverging

_SMALLEST = 5  # pixels of a side, below which nothing can be seen
_LARGEST = 512
_UNITS = 64  # of a sheet
_ACROSS = 8
_TILE = 56  # pixels that a unit should have at least
_ROLES = ("response_column", "weights_column", "fold_column", "offset_column")


@dataclass(frozen=True)
class WeightPictures:
    """Pictures of some units.

    Parameters
    ----------
    side : int
        Pixels in both directions.
    pixels : sequence of int
        Where each input lies, row by row.
    tiles : int
        Of a unit: a Maxout unit has two.
    kind : str
        Its activation.
    part : ListPart
        Those of the sheet among all.
    """

    side: int
    pixels: Sequence[int]
    tiles: int
    kind: str
    part: ListPart

    @property
    def zoom(self) -> int:
        """Pixels of a weight."""
        return max(1, _TILE // self.side)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet in pixels."""
        tile = (self.side + 1) * self.zoom
        count = self.part.count * self.tiles
        return min(_ACROSS, count) * tile, math.ceil(count / _ACROSS) * tile


def weight_pictures(call: PageCall, told: Mapping[str, Any]) -> WeightPictures | None:
    """The sheet that is asked for; None where the inputs form no picture."""
    if told["original_names"] is not None or any(levels is not None for levels in told["domains"]):
        return None
    pixels = _pixels(call.session, told)
    layers = told["model_summary"]["rows"]
    if pixels is None or len(layers) < 2 or int(layers[0][1]) != len(told["names"]):
        return None
    side, places = pixels
    kind, units = str(layers[1][2]), int(layers[1][1]) * members_of(told)
    tiles = 2 if kind.startswith("Maxout") else 1
    return WeightPictures(side, places, tiles, kind, part_of(call, units, _UNITS // tiles, "weights"))


def _pixels(session: GuardedSession, told: Mapping[str, Any]) -> tuple[int, list[int]] | None:
    """Side of the picture, and where the inputs lie: pixels that never change were left out in training, the frame has them."""
    inputs = told["names"]
    for names in (*_candidates(session, told), inputs):
        side, places = _side(len(names)), {name: place for place, name in enumerate(names)}
        if side and all(name in places for name in inputs):
            return side, [places[name] for name in inputs]
    return None


def _candidates(session: GuardedSession, told: Mapping[str, Any]) -> list[list[str]]:
    """What may have been the predictors before some were left out: all there are, and those that are called alike."""
    key = told.get("training_frame")  # imported models have none
    if key not in session.objects.keys("frame"):
        return []
    facts, used = session.frames.facts(key), {told["parameters"][role]["actual"] for role in _ROLES}
    used |= set(told["parameters"]["ignored_columns"]["input"] or ())
    names = [name for name in facts["names"] if name not in used]
    stems = {name.rstrip("0123456789") for name in told["names"]}
    return [names, [name for name in names if name.rstrip("0123456789") in stems]]


def _side(count: int) -> int:
    side = math.isqrt(count)
    return side if side * side == count and _SMALLEST <= side <= _LARGEST else 0


def weight_sheet(session: GuardedSession, model: str, asked: WeightPictures) -> bytes:
    """A PNG with a picture of each unit: blue where a bright pixel holds it back, red where it drives it."""
    key = session.models.weights(model, 0)
    try:
        table = session.frames.fetch(
            key, None, asked.part.first * asked.tiles, asked.part.count * asked.tiles
        )
    finally:
        session.objects.release([key])
    weights = np.stack([column.to_numpy() for column in table.columns], axis=1).astype(float)
    if asked.tiles == 2:  # H2O's order: unit, input, channel
        weights = weights.reshape(asked.part.count, -1, 2).transpose(0, 2, 1).reshape(weights.shape)
    reach = float(np.quantile(np.abs(weights), 0.995))
    return diverging(_sheet(weights, asked), reach, asked.zoom)


def _sheet(weights: Array, asked: WeightPictures) -> Array:
    side, count = asked.side, len(weights)
    across = min(_ACROSS, count)
    sheet = np.zeros((math.ceil(count / _ACROSS) * (side + 1), across * (side + 1)))
    for number, row in enumerate(weights):
        tile = np.zeros(side * side)
        tile[asked.pixels] = row
        top, left = (place * (side + 1) for place in divmod(number, _ACROSS))
        sheet[top : top + side, left : left + side] = tile.reshape(side, side)
    return sheet
