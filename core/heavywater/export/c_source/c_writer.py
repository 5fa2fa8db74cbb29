"""Models as C source that needs nothing else: templates, filled in with the steps of a pipeline."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import NamedTuple

import numpy as np

from ... import __version__
from ...deeplearning.model.model import DeepLearningModel
from ...deeplearning.uncertainty.calibration import LEAST, PLATT
from ...errors import InvalidArgument
from ...files import new_file
from ..limits import remarks_on
from ..pipeline import Layer, Pipeline
from .c_text import PIECE_FLOATS, Texts, doubles, identifier, identifiers, weights, whole

_KINDS = {
    "Tanh": "TANH",
    "Rectifier": "RECTIFIER",
    "ExpRectifier": "EXP_RECTIFIER",
    "Maxout": "MAXOUT",
    "Softmax": "SOFTMAX",
    "Linear": "LINEAR",
}
MOST_PLACES = 1_000  # columns with a name of their own in the header: C99 promises room for 1 023
_MEANINGS = {
    "classes": (
        "the probability of each class",
        "the number of the class, from 0, or -1 where nothing can be said of the row: then all outputs are NaN.",
    ),
    "regression": (
        "the prediction",
        "0, or -1 where nothing can be said of the row: then the output is NaN.",
    ),
    "quantiles": (
        "the prediction, and behind it the quantiles in order",
        "0, or -1 where nothing can be said of the row: then all outputs are NaN.",
    ),
    "autoencoder": (
        "the reconstruction of each input unit and, last, the mean squared error of the row in the scaled space",
        "0.",
    ),
}


class CSource(NamedTuple):
    """A model in C.

    Attributes
    ----------
    source : str
        A file of its own; it does not include the header.
    header : str
        For who calls it.
    remarks : list of str
        What the program does otherwise than this package.
    """

    source: str
    header: str
    remarks: list[str]


def write_c(
    model: DeepLearningModel,
    path: str | os.PathLike[str],
    force: bool = False,
    name: str | None = None,
) -> tuple[str, list[str]]:
    """Write a model as C source, or the header to it.

    Parameters
    ----------
    model : DeepLearningModel
    path : str or path
        The file, with the ending .c for the source or .h for the header; its folder is made where it does not exist.
    force : bool
        Replace a file that is there. Whatever happens meanwhile, the old or the new one stands there.
    name : str, optional
        What names of the source begin with, see `c_source`.

    Returns
    -------
    str
        The absolute path.
    list of str
        Remarks: what the program does otherwise than this package.

    Raises
    ------
    InvalidArgument
        C has no place for the model, or a name of a column or a level; the file exists, has another ending, or cannot be
        written.
    """
    ending = Path(path).suffix
    if ending not in (".c", ".h"):
        raise InvalidArgument(f"path={os.fspath(path)!r}: C source has the ending .c, the header to it .h")
    found = c_source(model, name)
    with new_file(path, force) as (place, beside):
        Path(beside).write_text(
            found.header if ending == ".h" else found.source, encoding="ascii", newline="\n"
        )
    return place, found.remarks


def c_source(model: DeepLearningModel, name: str | None = None) -> CSource:
    """A model in C.

    Parameters
    ----------
    model : DeepLearningModel
    name : str, optional
        What names of the source begin with; by default the key of the model, as far as C allows it.

    Raises
    ------
    InvalidArgument
        C has no place for the model, or a name of a column or a level; no name can begin so.
    """
    if name is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise InvalidArgument(
            f"name={name!r}: names in C begin with a letter, and have letters of ASCII, digits and underscores; "
            f"{identifier(name, 'model')} could be one"
        )
    steps = Pipeline.of(model)
    remarks = remarks_on("C", steps)
    return _Source(steps, name or identifier(model.key, "model")).source(remarks)


def _filled(template: str, **parts: str) -> str:
    text = files(__package__).joinpath(f"{template}.c.in").read_text(encoding="ascii")
    return Template(text).substitute(parts)


def _room(layers: Sequence[Layer]) -> int:
    """Sums of a layer, whose parts are computed in order: of each only the units stay, and behind the last lie its other sums."""
    return sum(layer.units for layer in layers[:-1]) + max(len(layer.bias) for layer in layers)


class _Source:
    """Fills the templates in."""

    def __init__(self, steps: Pipeline, name: str) -> None:
        self.steps, self.name = steps, name
        offset = steps.offset_column
        self.numbers = list(steps.numbers)
        if offset is not None and offset not in self.numbers:
            self.numbers.append(offset)
        self.sums = len(steps.first.bias)
        self.parts = [layer for layers in steps.layers for layer in layers]
        self.widest = max(map(_room, steps.layers))
        self.autoencoder = steps.category == "AutoEncoder"
        self.kind = "autoencoder" if self.autoencoder else "classes" if steps.classes else "regression"
        if steps.quantiles:
            self.kind = "quantiles"

    def source(self, remarks: list[str]) -> CSource:
        steps = self.steps
        header, texts = self._header(), Texts()
        matrices = [layer.matrix for layer in self.parts]
        first = ([steps.table] if steps.factors else []) + matrices
        lists = {
            "number_names": texts.listed(self.numbers),
            "text_names": texts.listed(steps.plain.levels),
            "output_names": texts.listed(self._outputs()),
            "class_names": texts.listed(steps.classes),
        }
        code = {
            "number_code": self._number_code(),
            "text_code": self._text_code(texts),
            "output_code": self._output_code(),
        }
        found = _filled(
            "model",
            name=self.name,
            header=header,
            long_texts="\n".join(texts.arrays),
            piece=str(PIECE_FLOATS),
            weights=weights(first),
            layers=self._layers(),
            widest=str(self.widest),
            biases=doubles(np.concatenate([layer.bias for layer in self.parts])),
            prepare=self._prepare(),
            first=self._first(),
            finish={
                "classes": "finish(sums, outputs)",
                "regression": "finish(numbers, sums[0], outputs)",
                "quantiles": "finish(numbers, sums, outputs)",
                "autoencoder": "finish(given, sums, outputs)",
            }[self.kind],
            **lists,
            **code,
        )
        return CSource(found, header, remarks)

    # ---- header

    def _outputs(self) -> list[str]:
        names = self.steps.predictions
        if self.autoencoder:
            return [*names, "Reconstruction.MSE"]
        return [*names[1:], *self.steps.calibrated] if self.steps.classes else names

    def _header(self) -> str:
        steps, name = self.steps, self.name
        meaning, result = _MEANINGS[self.kind]
        if steps.calibration is not None:
            meaning += " and, behind these, the calibrated one of each class"
        return _filled(
            "header",
            name=name,
            version=__version__,
            category=steps.category,
            numbers=str(len(self.numbers)),
            texts=str(len(steps.factors)),
            outputs=str(len(self._outputs())),
            classes=str(len(steps.classes)),
            workspace=str(2 * self.widest + (len(steps.output_mul) if self.autoencoder else 0)),
            places=self._places(self.numbers, "number") + self._places(list(steps.plain.levels), "text"),
            meaning=meaning,
            result=result,
        )

    def _places(self, columns: list[str], kind: str) -> str:
        """Names for the places of columns, made of theirs."""
        if not 0 < len(columns) <= MOST_PLACES:
            return ""
        names = identifiers(columns, "column")
        places = [f"  {self.name}_{kind}_{each} = {place}" for place, each in enumerate(names)]
        return f"\n/* Where columns stand among the {kind}s. */\nenum {{\n" + ",\n".join(places) + "\n};\n"

    # ---- inputs

    def _number_code(self) -> str:
        steps = self.steps
        if not steps.numbers:
            return ""
        parts = {name: doubles(getattr(steps, name)) for name in ("sub", "mul", "fill")}
        found = _filled(
            "numbers", largest="INFINITY" if math.isinf(steps.largest) else repr(steps.largest), **parts
        )
        ramps = steps.ramps
        if ramps is None:
            return found
        lists = {"start": doubles(ramps.start), "width": doubles(ramps.width), "first": whole(ramps.ends)}
        return found + _filled("ramps", **lists)

    def _text_code(self, texts: Texts) -> str:
        if not self.steps.factors:
            return ""
        levels: list[str] = []
        rows: list[int] = []
        factors = []
        for factor in self.steps.factors:
            known = sorted(zip(factor.levels, factor.rows, strict=True), key=lambda each: each[0].encode())
            factors.append(f"  {{{len(levels)}, {len(known)}, {factor.missing}, {factor.unseen}}}")
            levels += [level for level, _ in known]
            rows += [row for _, row in known]
        return _filled("texts", levels=texts.listed(levels), rows=whole(rows), factors=",\n".join(factors))

    # ---- layers

    def _layers(self) -> str:
        at = self.steps.table.size if self.steps.factors else 0
        bias, lines = 0, []
        for layers in self.steps.layers:
            start, to = 0, 0
            for layer in layers:
                lines.append(f"  {{{self._layer(layer, start, to, at, bias)}}}")
                at, bias = at + layer.matrix.size, bias + len(layer.bias)
                start, to = start + len(layer.matrix), to + layer.units
        return ",\n".join(lines)

    @staticmethod
    def _layer(layer: Layer, start: int, to: int, weight: int, bias: int) -> str:
        sizes = (start, to, len(layer.matrix), layer.units, len(layer.bias), weight, bias)
        return f"{', '.join(map(str, sizes))}, {_KINDS[layer.kind]}, {layer.keep!r}"

    def _prepare(self) -> str:
        lines = [] if self.steps.ramps is None else ["  size_t unit;"]
        if self.autoencoder:
            lines += [
                "  double *given = workspace + 2 * WIDEST;",
                "  memset(given, 0, UNITS * sizeof given[0]);",
            ]
        if not self.numbers:
            lines.append("  (void)numbers;")
        if not self.steps.factors:
            lines.append("  (void)texts;")
        return "\n".join(lines)

    def _first(self) -> str:
        """The sums of the first layer."""
        lines = []
        if self.steps.numbers:
            lines += [
                f"  for (i = 0; i < {len(self.steps.numbers)}; i++) {{",
                "    double x = scaled(i, numbers[i]);",
            ]
            lines += ["    given[unit_of_number[i]] = x;"] if self.autoencoder else []
            lines += [
                *self._of_number(),
                "  }",
            ]
        if self.steps.factors:
            lines += [
                f"  for (i = 0; i < {self.name}_TEXTS; i++) {{",
                "    size_t row = row_of(&factors[i], texts[i]);",
            ]
            lines += ["    set(&given_rows[i], row, given);"] if self.autoencoder else []
            lines += [f"    add(row * {self.sums}, {self.sums}, 1, sums);", "  }"]
        return "\n".join(lines)

    def _of_number(self) -> list[str]:
        """What a number, scaled, adds to the sums of the first layer."""
        if self.steps.ramps is None:
            return [f"    if (x != 0) add(layers[0].weight + i * {self.sums}, {self.sums}, x, sums);"]
        return [
            "    for (unit = first_ramp[i]; unit < first_ramp[i + 1] && x > ramp_start[unit]; unit++) {",
            "      double ramp = (x - ramp_start[unit]) / ramp_width[unit];",
            f"      add(layers[0].weight + unit * {self.sums}, {self.sums}, ramp < 1 ? ramp : 1, sums);",
            "    }",
        ]

    # ---- outputs

    def _output_code(self) -> str:
        if self.autoencoder:
            return self._autoencoder()
        return self._classes() if self.steps.classes else self._regression()

    def _regression(self) -> str:
        steps = self.steps
        sub, mul = steps.response_sub, steps.response_mul
        offset = "  (void)numbers;"
        if steps.offset_column is not None:
            cell = f"numbers[{self.numbers.index(steps.offset_column)}]"
            condition = f"if ({cell} > 0) " if steps.positive_offsets_only else ""
            offset = f"  {condition}f += ({cell} - {sub!r}) * {mul!r};"
        link = f"f / {mul!r} + {sub!r}"
        if steps.log_link:
            link = f"exp(f) > {steps.most!r} ? {steps.most!r} : exp(f)"
        if steps.range is not None:
            low, high = steps.range
            link += f";\n  f = f < {low!r} ? {low!r} : f > {high!r} ? {high!r} : f"
        if not steps.quantiles:
            return _filled("regression", offset=offset, link=link)
        nearest, units = str(steps.nearest_quantile), str(len(steps.quantiles))
        return _filled("quantiles", offset=offset, link=link, nearest=nearest, units=units)

    def _classes(self) -> str:
        steps = self.steps
        k = f"{self.name}_CLASSES"
        each, correct = "units[k]", ""
        if steps.correction is not None:
            each = "units[k] * correction[k]"
            correct = (
                f"  static const double correction[] = {{\n{doubles(steps.correction)}\n  }};\n  double total = 0;\n"
                f"  for (k = 0; k < {k}; k++) total += outputs[k] = {each};\n"
                f"  for (k = 0; k < {k}; k++) outputs[k] /= total;"
            )
        else:
            correct = f"  for (k = 0; k < {k}; k++) outputs[k] = {each};"
        choose = f"  for (k = 1; k < {k}; k++)\n    if (outputs[k] > outputs[best]) best = (int)k;"
        if steps.by_threshold:
            choose = f"  best = outputs[1] >= {steps.threshold!r};"
        if steps.calibration is not None:
            correct += f"\n  calibrate(outputs, outputs + {k});"
        return self._calibration() + _filled("classes", correct=correct, choose=choose)

    def _calibration(self) -> str:
        found, segments = self.steps.calibration, self.steps.segments
        if found is None:
            return ""
        if segments is not None:
            parts = ("cuts", "start", "base", "slope")
            return _filled("isotonic", **{part: doubles(getattr(segments, part)) for part in parts})
        numbers = {name: repr(float(getattr(found, name))) for name in ("slope", "intercept")}
        template = "platt" if found.method == PLATT else "temperature"
        return _filled(template, name=self.name, least=repr(LEAST), **numbers)

    def _autoencoder(self) -> str:
        steps = self.steps
        return _filled(
            "autoencoder",
            output_sub=doubles(steps.output_sub),
            output_mul=doubles(steps.output_mul),
            units=str(len(steps.output_mul)),
            given=self._given(),
        )

    def _given(self) -> str:
        steps = self.steps
        rows = ""
        if steps.factors:
            found, start, factors = steps.units_of_rows, 0, []
            for factor, each in zip(steps.factors, found, strict=True):
                width = each.units.shape[1]
                factors.append(f"  {{{factor.first}, {len(factor.levels)}, {start}, {width}}}")
                start += each.units.size
            rows = _filled(
                "given_rows",
                units=whole(np.concatenate([each.units.ravel() for each in found])),
                values=doubles(np.concatenate([each.values.ravel() for each in found])),
                factors=",\n".join(factors),
            )
        if not steps.numbers:
            return rows
        return _filled("given", number_units=whole(steps.units_of_numbers), rows=rows)
