"""What exports of models cannot carry, said before anything is written: the one table of it.

Our own format carries all of a model. `docs/exporting.md` lists these limits by their titles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.parameters.several_quantiles import several_quantiles
from ..errors import InvalidArgument, shortened
from .extra_layers import KINDS, kind_of
from .file_sizes import FORMS, mojo_layers, mojo_text_size, size_of
from .pipeline import Pipeline

MOST_UNITS_OF_LEVELS = 2_000  # that a layer passes on; and members beyond which more is 0 than not
MOST_MEMBERS = 4
LARGEST_MESSAGE = 2**31 - 2**20  # bytes: what protobuf holds, with room for all but the weights


@dataclass(frozen=True)
class Limit:
    """Something that a format cannot carry.

    Attributes
    ----------
    title : str
        As the documentation has it.
    forms : tuple of str
        The formats.
    said : callable
        What is said of a model, None where it is not concerned.
    refuses : bool
        Whether the model is not written then.
    """

    title: str
    forms: tuple[str, ...]
    said: Callable[[Pipeline], str | None]
    refuses: bool = False


def remarks_on(form: str, steps: Pipeline) -> list[str]:
    """What has to be said of a model before it is written.

    Parameters
    ----------
    form : str
        One of `FORMS`.
    steps : Pipeline

    Raises
    ------
    InvalidArgument
        The format has no place for the model.
    """
    remarks = []
    for limit in LIMITS:
        if form not in limit.forms or (text := limit.said(steps)) is None:
            continue
        if limit.refuses:
            raise InvalidArgument(f"model {steps.model.key!r} cannot be written as {form}: {text}")
        remarks.append(text)
    return remarks


def limits_of(model: DeepLearningModel) -> dict[str, dict[str, Any]]:
    """For each format what has to be said of a model.

    Returns
    -------
    dict
        By format ``told``, a list of remarks, ``refused``, why it is not written, or None, and ``size``, bytes of the file, about,
        or None where it is not written.
    """
    try:
        steps = Pipeline.of(model)
    except InvalidArgument as error:
        return {form: _refused(error) for form in FORMS}
    found: dict[str, dict[str, Any]] = {}
    for form in FORMS:
        try:
            told = remarks_on(form, steps)
            found[form] = {"told": told, "refused": None, "size": size_of(form, steps)}
        except InvalidArgument as error:
            found[form] = _refused(error)
    return found


def _refused(error: InvalidArgument) -> dict[str, Any]:
    return {"told": [], "refused": str(error), "size": None}


def _shared_units(steps: Pipeline) -> str | None:
    if steps.category != "AutoEncoder" or steps.model.has_unit_per_level:
        return None
    return (
        "it is an autoencoder whose input units are not those of the levels. Use download_pojo, or train it without "
        "categorical_encoding and max_categorical_features"
    )


def _offsets(steps: Pipeline) -> str | None:
    name = steps.model.spec.offset_column
    if name is None:
        return None
    return f"offset_column={name!r}: H2O's scorers pass over offsets in a MOJO; they give the predictions for an offset of 0"


def _unseen_in_mojo(steps: Pipeline) -> str | None:
    if not steps.plain.unseen:
        return None
    return (
        f"Columns {', '.join(steps.plain.unseen)}: H2O's scorers take levels that training did not know as missing in a MOJO, "
        "here they are among the others (categorical_encoding='EnumLimited')"
    )


def _fills(steps: Pipeline) -> str | None:
    if steps.category != "AutoEncoder" or all(s.fill == s.sub for s in steps.plain.numbers.values()):
        return None
    return (
        "standardize=False in an autoencoder: H2O's scorers take a missing number as 0, here it is the mean"
    )


def _empty_level(steps: Pipeline) -> str | None:
    found = [each.name for each in steps.factors if "" in each.levels]
    if not found:
        return None
    return (
        f"Columns {', '.join(map(repr, found))} have a level without a letter: an empty text is that level, so that a cell of "
        "these columns cannot be missing"
    )


def _texts(steps: Pipeline) -> Iterator[tuple[str, str]]:
    for name in steps.columns:
        yield "column", name
    for factor in steps.factors:
        yield from (("level", level) for level in factor.levels)
    yield from (("class", each) for each in steps.classes)


def _no_unicode(steps: Pipeline) -> str | None:
    for what, text in _texts(steps):
        try:
            text.encode()
        except UnicodeEncodeError:
            return f"the {what} {text!r} has half a letter (a lone surrogate), which UTF-8 does not have. Rename it, and train again"
    return None


def _zeros(steps: Pipeline) -> str | None:
    found = next(((what, text) for what, text in _texts(steps) if "\0" in text), None)
    if found is None:
        return None
    what, text = found
    return f"the {what} {shortened(repr(text))} has a zero byte, which ends a text there. Rename it, and train again"


def _no_name(steps: Pipeline) -> str | None:
    if "" not in steps.columns:
        return None
    return "a column has an empty name, and inputs of a graph must have one. Rename it, and train again"


def _size(steps: Pipeline) -> str | None:
    size = steps.weight_bytes
    if size <= LARGEST_MESSAGE:
        return None
    return f"its weights take {size / 2**30:.1f} GB, an ONNX file holds 2. Use save_mojo, or download_model"


def _quantiles(steps: Pipeline) -> str | None:
    alphas = several_quantiles(steps.model.parameters)
    if not alphas:
        return None
    return f"quantile_alpha={alphas}: there is a place for one number. Train a model for each, or use save_onnx, save_c or save_model"


def _range(steps: Pipeline) -> str | None:
    activation = steps.model.parameters.activation
    if steps.range is None or kind_of(activation) in KINDS:
        return None
    return (
        f"clamp_predictions=True takes a layer of its own there, which activation={activation!r} cannot be: predictions are not kept "
        f"within {steps.range[0]:g} and {steps.range[1]:g}. They are with POJO, ONNX and C, or with Rectifier and Maxout"
    )


def _calibration(steps: Pipeline) -> str | None:
    if steps.model.calibration is None:
        return None
    return (
        "calibrate_model=True: calibrated probabilities are left out, only those of the network are written"
    )


def _levels_beside_ramps(steps: Pipeline) -> str | None:
    units = steps.plain.offsets[-1]
    if not steps.plain.edges or units <= MOST_UNITS_OF_LEVELS:
        return None
    return (
        f"numeric_encoding='PiecewiseLinear' takes a layer of its own there, which would pass {units:,} units of levels on: "
        f"{units**2:,} weights, nearly all of them 0, about {_megabytes(mojo_text_size(steps.plain))} of text. Use download_pojo, "
        f"save_onnx or save_c, which have no such layer, or train it with numeric_encoding='Standardized' or with factors of no more "
        f"than {MOST_UNITS_OF_LEVELS:,} levels together"
    )


def _members(steps: Pipeline) -> str | None:
    plain = steps.plain
    if len(plain.members) <= MOST_MEMBERS:
        return None
    layers = list(mojo_layers(plain))
    weights, zeros = sum(each.weights for each in layers), sum(each.zeros for each in layers)
    return (
        f"ensemble_size={len(plain.members)}: a MOJO holds the members as one network of {weights:,} weights, {zeros / weights:.0%} "
        f"of them 0: about {_megabytes(mojo_text_size(plain))} of text, all of which its scorers multiply. POJO, ONNX and C hold "
        f"them apart, which takes {weights / (weights - zeros):.1f} times less"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e8 else f"{size / 1e6:,.0f} MB"


LIMITS = (
    Limit(
        "more than 2,000 units of levels beside piecewise-linear numbers",
        ("MOJO",),
        _levels_beside_ramps,
        refuses=True,
    ),
    Limit("more than 4 members", ("MOJO",), _members),
    Limit("several quantiles", ("MOJO", "POJO"), _quantiles, refuses=True),
    Limit("predictions kept within the range of training, with Tanh and ExpRectifier", ("MOJO",), _range),
    Limit("calibrated probabilities", ("MOJO", "POJO"), _calibration),
    Limit("autoencoders whose levels share units", ("MOJO",), _shared_units, refuses=True),
    Limit("offsets", ("MOJO",), _offsets),
    Limit("unseen levels among the others of EnumLimited", ("MOJO",), _unseen_in_mojo),
    Limit("missing numbers of an autoencoder with standardize=False", ("MOJO",), _fills),
    Limit("a missing cell where a level is the empty text", ("ONNX",), _empty_level),
    Limit("lone surrogates in names, levels and classes", ("ONNX", "C"), _no_unicode, refuses=True),
    Limit("zero bytes in names, levels and classes", ("ONNX", "C"), _zeros, refuses=True),
    Limit("a column without a name", ("ONNX",), _no_name, refuses=True),
    Limit("weights of more than 2 GB", ("ONNX",), _size, refuses=True),
)
