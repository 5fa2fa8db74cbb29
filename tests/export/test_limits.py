"""What formats cannot carry: said before they are written, and by the documentation."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from heavywater.deeplearning.encoding.encoder import Scaling
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.network import Topology
from heavywater.deeplearning.uncertainty.calibration import PLATT
from heavywater.errors import InvalidArgument
from heavywater.export import limits
from heavywater.export.c_source.c_writer import c_source, write_c
from heavywater.export.file_sizes import FORMS, mojo_text_size, size_of
from heavywater.export.limits import LIMITS, Limit, limits_of, remarks_on
from heavywater.export.mojo_ini import INI
from heavywater.export.mojo_writer import mojo_of, write_mojo
from heavywater.export.onnx.onnx_writer import onnx_bytes, write_onnx
from heavywater.export.pipeline import Pipeline
from heavywater.export.plain import PlainNetwork
from heavywater.export.pojo_writer import pojo, write_pojo

from ..house.tree import ROOT
from .c_running import C99
from .export_cases import ALL, QUANTILES, Case, calibrated, trained
from .piecewise_cases import Drawn, drawn, network_of
from .test_onnx import AUTOENCODERS, renamed

PAGE = (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")
WRITERS: dict[str, Callable[..., tuple[str, list[str]]]] = {
    "MOJO": write_mojo,
    "ONNX": write_onnx,
    "C": write_c,
}


def of(name: str) -> Case:
    return next(case for case in [*ALL, *AUTOENCODERS] if case.name == name)


def with_empty_level() -> DeepLearningModel:
    model = trained(of("gaussian"))
    encoder = model.spec.encoder
    levels = encoder.levels | {"form": ("", *encoder.levels["form"][1:])}
    return replace(model, spec=replace(model.spec, encoder=replace(encoder, levels=levels)))


def kept_within_range(model: DeepLearningModel) -> DeepLearningModel:
    response = model.spec.response
    assert response is not None
    return replace(model, spec=replace(model.spec, response=replace(response, range=(0.0, 1.0))))


# a model that each limit concerns
CONCERNED: dict[str, Callable[[], DeepLearningModel]] = {
    "several quantiles": lambda: trained(QUANTILES[0]),
    "predictions kept within the range of training, with Tanh and ExpRectifier": lambda: kept_within_range(
        trained(of("TanhDropout"))
    ),
    "calibrated probabilities": lambda: calibrated(of("Tanh"), PLATT),
    "more than 2,000 units of levels beside piecewise-linear numbers": lambda: drawn(Drawn(of("levels"))),
    "more than 4 members": lambda: drawn(Drawn(of("Tanh"), 5, 0)),
    "autoencoders whose levels share units": lambda: trained(of("autoencoder_hashed")),
    "offsets": lambda: trained(of("offset_gaussian")),
    "unseen levels among the others of EnumLimited": lambda: trained(of("EnumLimited")),
    "missing numbers of an autoencoder with standardize=False": lambda: trained(of("autoencoder_raw")),
    "a missing cell where a level is the empty text": with_empty_level,
    "lone surrogates in names, levels and classes": lambda: renamed(trained(of("Tanh")), "x", "a\udc80"),
    "zero bytes in names, levels and classes": lambda: renamed(trained(of("Tanh")), "x", "a\0"),
    "a column without a name": lambda: renamed(trained(of("Tanh")), "x", ""),
    "weights of more than 2 GB": lambda: trained(of("Tanh")),
}


def _pojo(model: DeepLearningModel, path: Path) -> tuple[str, list[str]]:
    return write_pojo(model, path), []


def test_the_page_has_the_limits():
    table = re.search(r"^\| \| MOJO \| POJO \| ONNX \| C \|\n\|[-|]*\n((?:\|.*\n)*)", PAGE, re.MULTILINE)
    assert table
    said = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]
    expected = [
        [
            limit.title,
            *(("refused" if limit.refuses else "told") if form in limit.forms else "" for form in FORMS),
        ]
        for limit in LIMITS
    ]
    assert said == expected


def test_there_is_a_model_for_each():
    assert set(CONCERNED) == {limit.title for limit in LIMITS}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.title)
def test_it_is_said_before_anything_is_written(limit: Limit, tmp_path, monkeypatch):
    if "2 GB" in limit.title:
        monkeypatch.setattr(limits, "LARGEST_MESSAGE", 100)
    model = CONCERNED[limit.title]()
    text = limit.said(Pipeline.of(model))
    assert text
    for form in FORMS:
        if form not in limit.forms:
            assert text not in _remarks(form, model)
        elif not limit.refuses:
            assert text in remarks_on(form, Pipeline.of(model))
        if limit.refuses and form in limit.forms:
            with pytest.raises(InvalidArgument, match=re.escape(f"cannot be written as {form}: {text}")):
                WRITERS.get(form, _pojo)(model, tmp_path / "x.c")
            assert list(tmp_path.iterdir()) == []
        elif form in WRITERS and form in limit.forms:
            assert text in WRITERS[form](model, tmp_path / f"{form}.c")[1]


def _remarks(form: str, model: DeepLearningModel) -> list[str]:
    try:
        return remarks_on(form, Pipeline.of(model))
    except InvalidArgument as error:
        return [str(error)]


def test_most_models_need_no_word():
    for name in ("Tanh", "gaussian", "multinomial", "autoencoder_mixed", "hashed", "Binary"):
        for form in FORMS:
            assert remarks_on(form, Pipeline.of(trained(of(name)))) == []


def test_four_members_and_two_thousand_levels_need_no_word(monkeypatch):
    model = drawn(Drawn(of("Rectifier"), 4))
    assert remarks_on("MOJO", Pipeline.of(model)) == []
    units = Pipeline.of(model).plain.offsets[-1]
    monkeypatch.setattr(limits, "MOST_UNITS_OF_LEVELS", units)
    assert remarks_on("MOJO", Pipeline.of(model)) == []
    monkeypatch.setattr(limits, "MOST_UNITS_OF_LEVELS", units - 1)
    with pytest.raises(
        InvalidArgument, match=f"{units} units of levels.*{units**2} weights.* MB of text.*save_onnx"
    ):
        mojo_of(model)


@pytest.mark.parametrize("bins", [0, 20])
@pytest.mark.parametrize("members", [1, 6])
@pytest.mark.parametrize("name", ["Rectifier", "Maxout"])
def test_sizes_are_known_before(name, members, bins, tmp_path):
    model = drawn(Drawn(replace(of(name), given={**of(name).given, "hidden": [60, 50]}), members, bins))
    said = limits_of(model)
    path, _ = write_mojo(model, tmp_path / "model.zip")
    with zipfile.ZipFile(path) as archive:
        assert mojo_text_size(Pipeline.of(model).plain) == pytest.approx(
            archive.getinfo(INI).file_size, rel=0.1
        )
    sizes = {
        "MOJO": Path(path).stat().st_size,
        "POJO": len(pojo(model)[1]),
        "ONNX": len(onnx_bytes(model)[0]),
        "C": len(c_source(model).source),
    }
    for form, size in sizes.items():
        assert said[form]["size"] == pytest.approx(size, rel=0.3 if form == "MOJO" else 0.1), form


def test_examples_of_the_page_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec("\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)), {})
    made = {each.name for each in (tmp_path / "exported").iterdir()}
    assert made == {"price", "price.zip", "price.java", "price.onnx", "price.c", "price.h"}
    example = re.search(r"```c\n(.*?)```", PAGE, re.DOTALL)
    assert example
    include, body = example[1].split("\n", 1)
    (tmp_path / "exported" / "use.c").write_text(
        f"{include}\nint main(void) {{\n{body}return outputs[0] != outputs[0];\n}}\n"
    )
    command = [*C99, "-o", "use", "use.c", "price.c", "-lm"]
    subprocess.run(command, cwd=tmp_path / "exported", check=True)
    subprocess.run([tmp_path / "exported" / "use"], check=True)


def test_sizes_of_the_page():
    """8 numbers in 32 ramps each, two layers of 256 units."""
    topology = Topology(256, (256, 256, 1), ("Rectifier", "Rectifier", "Linear"))
    member = network_of(topology, [0.85, 0.85, 1.0], np.random.default_rng(0))
    edges = {f"x{k}": np.arange(33.0) for k in range(8)}
    said = {}
    for members in (1, 4, 8):
        plain = PlainNetwork({}, dict.fromkeys(edges, Scaling()), True, (member,) * members, edges=edges)
        steps = Pipeline(drawn(Drawn(of("RectifierDropout"))), plain)
        mojo, *others = (size_of(form, steps) for form in FORMS)
        said[members] = [mojo, mojo_text_size(plain), *others]
    lines = re.findall(r"^\| (\d) members? \|(.*)\|$", PAGE, re.MULTILINE)
    assert lines == [
        (str(members), "|".join(f" {size / 1e6:.1f} MB " for size in sizes))
        for members, sizes in said.items()
    ]


def test_figures_of_the_page():
    from heavywater.export.onnx.onnx_writer import IR_VERSION, OPSET, TEXT_OPSET

    assert (
        f"opset {OPSET}, and LabelEncoder of opset {TEXT_OPSET} of ai.onnx.ml, in IR version {IR_VERSION}"
        in " ".join(PAGE.split())
    )
