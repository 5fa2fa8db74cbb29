"""Models as Java classes: they compile with nothing but the JDK and predict the same."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.errors import InvalidArgument
from heavywater.export import java_text
from heavywater.export.java_text import Pieces, class_name, literal
from heavywater.export.mojo_reader import read_mojo
from heavywater.export.pojo_writer import pojo, write_pojo
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given
from hypothesis import strategies as st

from ..cases import scoring
from .export_cases import (
    ALL,
    Case,
    assert_same_predictions,
    predicted,
    read_predictions,
    scoring_frame,
    trained,
    write_csv,
)
from .piecewise_cases import FEW, Drawn, made
from .programs import need_java, run

JAVA = Path(__file__).parent / "java"
OF_H2O = scoring.Case("s14_gaussian_offset_mixed").path
OTHERS: dict[str, dict[str, Any]] = {
    "hashed": {"max_categorical_features": 4},
    "Binary": {"categorical_encoding": "Binary"},
}
UNITS_OF_OTHERS = [
    Case(f"autoencoder_{name}", None, given={"autoencoder": True, "activation": "Tanh", **given})
    for name, given in OTHERS.items()
]
CASES: list[Case | Drawn] = [*ALL, *UNITS_OF_OTHERS, *FEW]


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """Folder with the compiled classes of all cases and the predictions of their main methods; one compiler, one JVM."""
    need_java()
    folder = tmp_path_factory.mktemp("pojo")
    for case in CASES:
        assert write_pojo(made(case), folder) == str(folder / f"{case.name}.java")
    with pytest.MonkeyPatch.context() as small:
        for name, size in {"PIECE_BYTES": 24, "PIECE_LETTERS": 7, "PIECES": 3}.items():
            small.setattr(java_text, name, size)
        in_pieces = replace(made(CASES[0]), key="class")  # a name that Java does not allow
        assert write_pojo(in_pieces, folder) == str(folder / "Model_class.java")
    write_pojo(read_mojo(OF_H2O, "h2os_offset"), folder)
    write_csv(scoring_frame(), folder / "rows.csv")
    sources = sorted(folder.glob("*.java"))
    run(["javac", "-Xlint:all", "-Werror", "-d", folder, *sources, *JAVA.glob("*.java")], folder)
    run(
        [
            "java",
            "-cp",
            folder,
            "RunAll",
            "rows.csv",
            *(path.stem for path in sources if path.stem != "h2os_offset"),
        ],
        folder,
    )
    return folder


@pytest.fixture(scope="module")
def members(classes):
    """What Java programs read of some models."""
    names = [
        "Tanh",
        "hashed",
        "offset_gaussian",
        "offset_poisson",
        "h2os_offset",
        "autoencoder_mixed",
        "EnumLimited",
    ]
    lines = run(["java", "-Dfile.encoding=UTF-8", "-cp", classes, "Members", *names], classes).splitlines()
    return dict(line.split(" = ", 1) for line in lines if " = " in line)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.filterwarnings("ignore:Column")
def test_predictions(case, classes):
    assert_same_predictions(
        read_predictions(classes / f"{case.name}.csv"), predicted(made(case), scoring_frame())
    )
    header = (classes / f"{case.name}.csv").read_text(encoding="utf-8").splitlines()[0]
    if case.y != "awkward":
        assert header.split(",") == made(case).prediction_names


def test_tables_in_many_pieces(classes):
    """Java's limits are met by far smaller pieces as well, each class of which has one method."""
    expected = (classes / "Tanh.csv").read_text()
    assert (classes / "Model_class.csv").read_text() == expected
    assert len(list(classes.glob("Model_class$Piece*.class"))) > 15


def test_texts_beyond_the_first_plane_fit_into_constants():
    """A class file holds each half of such a letter in three bytes."""
    pieces = Pieces()
    pieces.texts(["\U0001f98a" * 40_000])
    texts = re.findall(r'accept\("(.*)"\)', pieces.source)
    assert len(texts) > 4
    assert max(text.count("\\u") for text in texts) * 3 < 65_535


def test_limits_of_java(classes):
    """The largest models here need more than one constant text and more than one table of constants."""
    for name, pieces in (("wide", 90), ("levels", 40)):
        texts = re.findall(r'accept\("(.*)"\)', (classes / f"{name}.java").read_text())
        assert len(texts) > pieces
        assert max(map(len, texts)) <= 65_535


def test_members(members):
    assert members["Tanh.NAMES"] == "[colour, form, size, x, y]"
    assert members["Tanh.DOMAINS"] == (
        "[[blue, green, red, white, yellow], [cube, rod, ball], null, null, null, [no, yes]]"
    )
    assert members["Tanh.NEURONS"] == "[13, 6, 5, 2]"
    assert members["Tanh.CATOFFSETS"] == "[0, 6, 10]"
    assert [members[f"Tanh.{m}"] for m in ("getModelCategory", "nfeatures", "nclasses")] == [
        "Binomial",
        "5",
        "2",
    ]
    weights = trained(CASES[0]).network.weights[0]
    assert members["Tanh.WEIGHT"].split() == ["null", str(weights.size), str(weights[0, 0, 1])]
    assert members["autoencoder_mixed.DOMAINS"].endswith("null, null, null]")
    assert members["autoencoder_mixed.getModelCategory"] == "AutoEncoder"
    assert members["hashed.NEURONS"].startswith(
        "[23,"
    )  # a unit per level, although the network has 6 for all of them


def test_offsets(members):
    """Ours are added whatever their sign; models of H2O take them only where they are positive, and none as none."""
    found = {key: numbers(value)[0] for key, value in members.items() if ".score0" in key}
    assert found["offset_gaussian.score0"] == pytest.approx(
        found["offset_gaussian.score0 without offset"] + 2
    )
    ratio = found["offset_poisson.score0"] / found["offset_poisson.score0 without offset"]
    assert ratio == pytest.approx(np.exp(2))
    model = read_mojo(OF_H2O, "model")
    mean = model.spec.response.sub
    assert found["h2os_offset.score0"] == pytest.approx(found["h2os_offset.score0 without offset"] + 2 - mean)


def numbers(text: str) -> list[float]:
    return [float(each) for each in text.strip("[]").split(",")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "its first line must name the columns"),
        ("colour,x\nblue,much\n", "column x has the cell much, which is no number"),
    ],
)
def test_wrong_input_is_named(text, expected, classes):
    done = subprocess.run(
        ["java", "-cp", classes, "Tanh"], input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert expected in done.stderr


def test_input_in_other_forms(classes):
    """Columns in any order, absent ones, quotes, line ends of Windows, a byte-order mark, words for missing."""
    text = '\ufeff"form",other,x,size\r\ncube,,1.5,"7"\r\n"rod",a,NA,\r\n\r\nsphere,"b\n""c""",nan,null\r\n'
    done = subprocess.run(
        ["java", "-cp", classes, "gaussian"], input=text.encode(), capture_output=True, check=True
    )
    found = [float(each) for each in done.stdout.decode().split()[1:]]
    model = trained(next(case for case in CASES if case.name == "gaussian"))
    nan = np.nan
    rows = Frame(
        ["form", "x", "size"],
        [enum(np.array([0, 1, -1]), ["cube", "rod"]), numeric([1.5, nan, nan]), numeric([7, nan, nan])],
    )
    np.testing.assert_allclose(found, predicted(model, rows)[1][:, 0], rtol=1e-6)


def test_the_file_replaces_an_older_one(tmp_path):
    path = Path(write_pojo(trained(CASES[0]), tmp_path / "new"))
    first = path.read_text()
    assert write_pojo(replace(trained(CASES[1]), key="Tanh"), tmp_path / "new") == str(path)
    assert path.read_text() != first
    assert [each.name for each in path.parent.iterdir()] == ["Tanh.java"]
    with pytest.raises(InvalidArgument, match="cannot be written"):
        write_pojo(trained(CASES[0]), path)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("DeepLearning_model_python_1_1", "DeepLearning_model_python_1_1"),
        ("my-model.v2", "my_model_v2"),
        ("1st", "Model_1st"),
        ("naïve", "na_ve"),
        ("void", "Model_void"),
        ("String", "Model_String"),
        ("Piece0", "Model_Piece0"),
        ("_", "Model__"),
    ],
)
def test_names_of_classes(key, expected):
    assert class_name(key, ["String", "Piece0"]) == expected


def test_names_with_a_meaning_in_the_class_are_not_taken():
    for key in ("String", "Piece0", "IOException", "HashMap"):
        name, source = pojo(replace(trained(CASES[0]), key=key))
        assert name == f"Model_{key}"
        assert f"public class {name} {{" in source


@given(st.text())
def test_texts_are_ascii_and_end_where_they_end(text):
    found = literal(text)
    assert found.isascii() and found.isprintable()
    inner = re.sub(r"\\(?:[nrt\"\\]|[0-3][0-7]{2}|u[0-9a-f]{4})", "", found[1:-1])
    assert '"' not in inner and "\\" not in inner


def test_nothing_of_a_model_stands_outside_of_texts():
    """What a name or level says is never code: not in comments either, where Java replaces escapes, too."""
    case = Case("attack", "awkward", ("awkward, \\u0022 column", "x"))
    _, source = pojo(trained(case))
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', '""', source)
    for word in ("u0041", "u0022", "comma, and", "na\\u00efve"):
        assert word in source and word not in outside
