"""Models as C source: compiled without any library, they predict the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from heavywater.errors import InvalidArgument
from heavywater.export.c_source import c_text
from heavywater.export.c_source.c_text import identifier, identifiers, literal
from heavywater.export.c_source.c_writer import c_source, write_c
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given, settings
from hypothesis import strategies as st

from ..cases import scoring
from .any_rows import ROWS, frame_of
from .c_running import C99, STRICT, Compiled
from .export_cases import (
    ALL,
    CALIBRATED,
    PIECEWISE,
    QUANTILES,
    Case,
    assert_same_predictions,
    calibrated,
    predicted,
    scoring_frame,
    trained,
)
from .piecewise_cases import FEW, Drawn, is_exact, made
from .programs import skip_loudly
from .test_onnx import AUTOENCODERS, EXACT, ROUNDED, renamed

# Each activation, distribution, encoding and form of output once: compilers are slow.
NAMES = (
    "Tanh", "MaxoutDropout", "ExpRectifierDropout", "gaussian", "gamma", "multinomial", "raw", "without_first_level", "hashed",
    "numbers_only", "categories_only", "awkward", "balanced", "Binary", "SortByResponse", "EnumLimited", "levels", "offset_gaussian",
    "offset_poisson", "autoencoder_Rectifier", "autoencoder_mixed",
)  # fmt: skip
CASES: list[Case | Drawn] = [*(case for case in ALL if case.name in NAMES), *QUANTILES, *AUTOENCODERS, *FEW]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Makes the library of a model, once."""
    if shutil.which("gcc") is None:
        skip_loudly("there is no gcc on the PATH")
    folder = tmp_path_factory.mktemp("c")
    return cache(lambda case: Compiled(made(case), folder, case.name))


def of(name: str) -> Case:
    return next(case for case in ALL if case.name == name)


def test_all_cases_are_here():
    assert {case.name for case in CASES} >= set(NAMES)


@pytest.mark.filterwarnings("ignore:Column")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_predictions(case, compiled):
    library, model, rows = compiled(case), made(case), scoring_frame()
    found = library.predicted(rows)
    assert_same_predictions(found, predicted(model, rows))
    exact, tolerance = replace(model, dtype=np.float64), EXACT if is_exact(model) else ROUNDED
    assert_same_predictions((None, found[1]), (None, predicted(exact, rows)[1]), tolerance)
    if case.y is None:
        errors = exact.anomaly(rows)[0].columns[0].numbers()
        np.testing.assert_allclose(library.score(rows)[1][:, -1], errors, rtol=1e-5, atol=1e-12)


@pytest.mark.filterwarnings("ignore:Column")
@pytest.mark.parametrize(("name", "method"), CALIBRATED)
def test_calibrated_probabilities(name, method, tmp_path):
    model, rows = calibrated(of(name), method), scoring_frame()
    running = Compiled(model, tmp_path)
    assert running.remarks == []
    found = running.predicted(rows)
    classes = len(model.spec.response.domain)
    expected = predicted(model, rows)
    assert found[1].shape == expected[1].shape == (rows.nrow, 2 * classes)
    assert_same_predictions((found[0], found[1][:, :classes]), (expected[0], expected[1][:, :classes]))
    exact = replace(model, dtype=np.float64)
    assert_same_predictions((None, found[1]), (None, predicted(exact, rows)[1]), 1e-9)


@pytest.mark.parametrize("name", scoring.NAMES)
def test_models_of_h2o(name, tmp_path):
    case = scoring.Case(name)
    model, rows = case.model(), case.input()
    library = Compiled(model, tmp_path)
    found, expected = library.predicted(rows), predicted(model, rows)
    assert found[0] == expected[0]
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-11, atol=1e-15)
    if model.spec.response is None:
        errors = model.anomaly(rows)[0].columns[0].numbers()
        np.testing.assert_allclose(library.score(rows)[1][:, -1], errors, rtol=1e-12)


@pytest.mark.filterwarnings("ignore:Column")
@pytest.mark.parametrize("case", [*map(of, ("multinomial", "EnumLimited", "hashed")), PIECEWISE], ids=str)
@settings(max_examples=40)
@given(rows=ROWS)
def test_any_rows(case, rows, compiled):
    """Missing cells, levels that training did not know, numbers that are infinite or far away; no row, one, several."""
    library = compiled(case)
    frame = frame_of(rows)
    if not rows:
        assert library.predicted(frame)[1].shape[0] == 0
        return
    with np.errstate(all="ignore"):
        assert_same_predictions(library.predicted(frame), predicted(library.model, frame), 2e-6)


def test_it_may_be_called_by_many_threads(compiled):
    library, rows = compiled(of("multinomial")), scoring_frame()
    expected, found = library.score(rows)[1], []
    threads = [threading.Thread(target=lambda: found.append(library.score(rows)[1])) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 4 and all((each == expected).all() for each in found)
    assert not re.search(r"^static (?!const|int|void|double|size_t)", library.source, re.MULTILINE)


def test_the_header(compiled, tmp_path):
    """A program that includes it is compiled and linked, also as C++; the source has the same declarations."""
    library = compiled(of("offset_gaussian"))
    assert library.source.startswith(library.header)
    (tmp_path / "model.h").write_text(library.header)
    (tmp_path / "model.c").write_text(library.source)
    (tmp_path / "use.c").write_text(
        """#include "model.h"
#include <stdio.h>
int main(void) {
  double numbers[offset_gaussian_NUMBERS] = {0}, out[offset_gaussian_OUTPUTS], work[offset_gaussian_WORKSPACE];
  const char *texts[offset_gaussian_TEXTS] = {0};
  numbers[offset_gaussian_number_size] = 7;
  numbers[offset_gaussian_number_exposure] = 2;
  texts[offset_gaussian_text_colour] = "green";
  return offset_gaussian_score(numbers, texts, out, work) || printf("%.17g %s", out[0], offset_gaussian_outputs[0]) < 0;
}
"""
    )
    row = Frame(
        ["colour", "form", "size", "x", "y", "exposure"],
        [
            enum(np.array([0]), ["green"]),
            enum(np.array([-1]), []),
            *(numeric(np.array([v])) for v in (7.0, 0.0, 0.0, 2.0)),
        ],
    )
    expected = predicted(library.model, row)[1][0, 0]
    for command in [C99, ["g++", "-x", "c++", *STRICT]]:
        if shutil.which(command[0]) is None:
            continue
        subprocess.run([*command, "-o", "use", "use.c", "model.c", "-lm"], cwd=tmp_path, check=True)
        out = subprocess.run([tmp_path / "use"], capture_output=True, text=True, check=True).stdout.split()
        assert float(out[0]) == pytest.approx(expected, rel=1e-6) and out[1] == "predict"


@pytest.mark.parametrize(
    "compiler",
    [["clang", "-std=c99", *STRICT], ["tcc", "-Wall", "-Werror"], ["gcc", "-std=c11", "-m32"]],
    ids=str,
)
def test_other_compilers(compiler, compiled, tmp_path):
    probe = tmp_path / "probe.c"
    probe.write_text("#include <stdint.h>\nint probe;\n")
    if (
        shutil.which(compiler[0]) is None
        or subprocess.run(
            [*compiler, "-c", probe, "-o", tmp_path / "p.o"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip(f"there is no {' '.join(compiler[:2])}")
    for name in ("awkward", "autoencoder_mixed", "EnumLimited"):
        path = tmp_path / f"{name}.c"
        path.write_text(compiled(of(name)).source)
        subprocess.run([*compiler, "-c", path, "-o", tmp_path / "x.o"], check=True)


def test_with_checks_of_memory_and_of_undefined_behaviour(tmp_path):
    """A workspace and outputs of just the sizes that the header names are enough."""
    model = trained(of("hashed"))
    found = c_source(model, "m")
    (tmp_path / "m.c").write_text(found.source)
    (tmp_path / "main.c").write_text(
        f"""{found.header}
#include <stdlib.h>
int main(void) {{
  double *numbers = calloc(m_NUMBERS, 8), *out = malloc(m_OUTPUTS * 8), *work = malloc(m_WORKSPACE * 8);
  const char **texts = calloc(m_TEXTS, sizeof *texts);
  int i, bad = 0;
  for (i = 0; i < 50; i++) {{
    numbers[i % m_NUMBERS] = i * 1e30;
    texts[i % m_TEXTS] = i % 3 ? "red" : i % 2 ? "none" : 0;
    bad += m_score(numbers, texts, out, work) < 0;
  }}
  free(numbers); free(out); free(work); free(texts);
  return bad;
}}
"""
    )
    command = [
        *C99,
        "-g",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
        "-o",
        "run",
        "m.c",
        "main.c",
        "-lm",
    ]
    if subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode:
        pytest.skip("gcc has no sanitizers here")
    subprocess.run([tmp_path / "run"], check=True)


def test_names_of_everything(compiled):
    library = compiled(of("awkward"))
    model = library.model
    assert library.names("texts") == list(model.spec.encoder.categories)
    assert library.names("classes") == list(model.spec.response.domain)
    assert library.names("outputs") == model.prediction_names[1:]
    assert library.source.isascii() and "??" not in library.source


def test_texts_and_weights_in_many_pieces(monkeypatch, tmp_path):
    for name, size in {"PIECE_FLOATS": 7, "LONGEST_TEXT": 5}.items():
        monkeypatch.setattr(c_text, name, size)
    monkeypatch.setattr("heavywater.export.c_source.c_writer.PIECE_FLOATS", 7)
    library, rows = Compiled(trained(of("awkward")), tmp_path), scoring_frame()
    assert "long_text_5" in library.source
    assert_same_predictions(library.predicted(rows), predicted(library.model, rows))


def test_limits_of_c99(compiled):
    """No text is longer than C99 promises: a compiler that is asked to be strict says so."""
    source = compiled(of("levels")).source
    assert len(source) > 1e6
    pieces = re.findall(r'(?:^  "(?:[^"\\]|\\[0-7]{3})*"\n?)+', source, re.MULTILINE)
    assert (
        max(len(re.findall(r'\\[0-7]{3}|[^"\n\\]', piece.replace('\n  "', ""))) for piece in pieces)
        <= 4 * 1023 + 4
    )


@given(st.binary(max_size=90))
def test_texts_are_ascii_and_end_where_they_end(content):
    found = literal(content)
    assert found.isascii() and "?" not in found
    inner = "".join(line.strip()[1:-1] for line in found.splitlines())
    read = re.sub(rb"\\([0-7]{3})", lambda each: bytes([int(each[1], 8)]), inner.encode())
    assert read == content and '"' not in inner


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iris", "iris"),
        ("my-model.v2", "my_model_v2"),
        ("1st", "model_1st"),
        ("_x_", "x"),
        ("日本", "model"),
        ("", "model"),
        ("a??/", "a"),
    ],
)
def test_names_in_c(text, expected):
    assert identifier(text, "model") == expected


@given(st.lists(st.text()))
def test_each_column_has_a_name_of_its_own(columns):
    names = identifiers(columns, "column")
    assert len(names) == len(set(names)) == len(set(range(len(columns))))
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) for name in names)


def test_two_models_in_one_program(tmp_path):
    for name in ("one", "two"):
        write_c(trained(of("Tanh")), tmp_path / f"{name}.c", name=name)
    subprocess.run(
        [*C99, "-shared", "-fPIC", "-o", "both.so", "one.c", "two.c", "-lm"], cwd=tmp_path, check=True
    )


def test_headers_of_names_that_differ_in_case_alone(tmp_path):
    model = trained(of("Tanh"))
    for name in ("one", "ONE"):
        write_c(model, tmp_path / f"{name}_.h", name=name)
    use = '#include "one_.h"\n#include "ONE_.h"\nint sizes[one_NUMBERS + ONE_NUMBERS];\n'
    (tmp_path / "use.c").write_text(use)
    subprocess.run([*C99, "-c", "use.c"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("name", ["1", "a b", "", "_a", "ä", "a;"])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(InvalidArgument, match="begin with a letter"):
        c_source(trained(of("Tanh")), name)


@pytest.mark.parametrize(("name", "text"), [("a\0b", "zero byte"), ("\ud800", "half a letter")])
def test_columns_that_c_cannot_name_are_refused(name, text, tmp_path):
    with pytest.raises(InvalidArgument, match=f"'Tanh' cannot be written as C: .*{text}"):
        write_c(renamed(trained(of("Tanh")), "x", name), tmp_path / "x.c")
    assert list(tmp_path.iterdir()) == []


def test_files(tmp_path):
    model = trained(of("Tanh"))
    path, remarks = write_c(model, tmp_path / "new" / "x.c")
    assert remarks == [] and "weights[]" in (tmp_path / "new" / "x.c").read_text()
    header, _ = write_c(model, tmp_path / "new" / "x.h")
    assert "weights[]" not in (tmp_path / "new" / "x.h").read_text()
    for each in (path, header):
        with pytest.raises(InvalidArgument, match="exists already"):
            write_c(model, each)
        write_c(model, each, force=True)
    with pytest.raises(InvalidArgument, match=r"has the ending \.c"):
        write_c(model, tmp_path / "x.cpp")
