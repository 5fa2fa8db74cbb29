"""Input units of a MOJO: columns, levels and scaling, read and written."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.encoder import Encoder, Scaling
from .mojo_ini import INI, OWN, Mojo, listed, worded
from .plain import PlainNetwork

# Our own keys: what stands for missing numbers, and whether numbers were standardised in training.
FILL, STANDARDIZED = OWN + "norm_fill", OWN + "standardize"


def encoder(mojo: Mojo) -> Encoder:
    """How the columns become input units.

    Raises
    ------
    ParseError
    """
    cats, nums = mojo.integer("cats"), mojo.integer("nums")
    if mojo.integer("n_features") != cats + nums or len(mojo.columns) < cats + nums:
        raise mojo.error(
            f"{INI} has {cats} categorical and {nums} numeric predictors, n_features = {mojo.info['n_features']} "
            f"and {len(mojo.columns)} columns: that does not fit together"
        )
    categories, numbers = list(mojo.columns[:cats]), list(mojo.columns[cats : cats + nums])
    all_levels = mojo.flag("use_all_factor_levels")
    levels = {name: levels_of(mojo, position) for position, name in enumerate(categories)}
    widths = [len(levels[name]) + (1 if all_levels else 0) for name in categories]
    offsets = mojo.integers("cat_offsets", cats + 1)
    if offsets != [0, *np.cumsum(widths).tolist()]:
        raise mojo.error(
            "the input units of the categorical columns (cat_offsets) are not those of their levels; models with "
            "hashed levels (max_categorical_features) cannot be imported"
        )
    autoencoder = mojo.info["category"] == "AutoEncoder"
    return Encoder(
        categories, numbers, levels, offsets, _scaling(mojo, numbers), all_levels, autoencoder=autoencoder
    )


def levels_of(mojo: Mojo, position: int) -> tuple[str, ...]:
    """Levels of a column that must have some."""
    if not mojo.levels.get(position):
        raise mojo.error(f"{INI} has no levels for column {mojo.columns[position]!r}, which is categorical")
    return mojo.levels[position]


def _scaling(mojo: Mojo, numbers: list[str]) -> dict[str, Scaling]:
    """H2O's rule for missing numbers: 0 behind the scaling, which is the mean only where numbers are standardised."""
    n = len(numbers)
    mul = mojo.numbers("norm_mul", n) if mojo.has("norm_mul") else np.ones(n)
    sub = mojo.numbers(mojo.own("norm_sub"), n) if mojo.has("norm_mul") else np.zeros(n)
    fill = mojo.numbers(FILL, n) if mojo.has(FILL) else sub
    if not mul.all():
        raise mojo.error(f"{INI} has a 0 in norm_mul")
    columns = zip(numbers, sub.tolist(), mul.tolist(), fill.tolist(), strict=True)
    return {name: Scaling(*scaling) for name, *scaling in columns}


def inputs_info(plain: PlainNetwork, standardized: bool, centred: bool) -> dict[str, str]:
    """The keys from which `encoder` makes the inputs of a network.

    Parameters
    ----------
    standardized : bool
        Whether the training standardised its data.
    centred : bool
        Whether missing numbers are to be 0 behind the scaling, for which `centred_bias` has the other half.
    """
    scaling = list(plain.numbers.values())
    sub, mul, fill = (np.array([getattr(s, name) for s in scaling], float) for name in ("sub", "mul", "fill"))
    info = {
        "nums": str(len(scaling)),
        "cats": str(len(plain.levels)),
        "cat_offsets": listed(plain.offsets),
        "norm_mul": listed(mul) if standardized or centred else "null",
        "norm_sub": listed(fill if centred else sub) if standardized or centred else "null",
        "use_all_factor_levels": worded(plain.all_levels),
    }
    if plain.levels:
        info["cat_modes"] = listed(np.diff(plain.offsets) - 1)
    if centred:
        info |= {OWN + "norm_sub": listed(sub), STANDARDIZED: worded(standardized)}
    return info if (fill == sub).all() else info | {FILL: listed(fill)}


def centred_bias(plain: PlainNetwork) -> Array:
    """Biases of the first layer for numbers of which `fill`, not `sub`, is subtracted: (channels, units).

    (x - sub) mul w + b = (x - fill) mul w + b + (fill - sub) mul w
    """
    shift = np.array([(s.fill - s.sub) * s.mul for s in plain.numbers.values()])
    bias: Array = (
        plain.layers.biases[0] + plain.layers.weights[0][:, :, plain.offsets[-1] :].astype(float) @ shift
    )
    return bias
