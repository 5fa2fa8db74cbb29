"""Programs that do what a form does: they run as they stand, in Python and in R, and give the same models."""

from __future__ import annotations

import ast
import json
import math
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from heavywater.deeplearning.parameters.table import lookup, table
from heavywater.exchange import table_of
from heavywater.grids.grid import Grid
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.building.asked_form import AskedForm, asked_form
from heavywater.server.pages.building.filled_form import filled_form
from heavywater.server.pages.building.form_texts import text_of, text_of_list
from heavywater.server.pages.building.model_code import Python, R, python_code, r_code
from heavywater.session import JobHandle, LocalSession
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict

from ...deeplearning.random_parameters import Problem, problems, small_frame
from .test_build import HOSTILE
from .test_form_texts import TEXTS

TOKEN = "0123456789abcdef" * 2
Pairs = list[tuple[str, str]]
IN_PYTHON = """
import runpy, sys
for program in sys.argv[1:]:
    runpy.run_path(program, run_name="__main__")
"""
IN_R = """
for (program in commandArgs(TRUE)) source(program, encoding = "UTF-8")
"""


def drawn(count: int) -> list[Problem]:
    """Some sets of parameters that are valid, always the same."""
    found: list[Problem] = []

    @settings(max_examples=40 * count, derandomize=True, database=None, phases=[Phase.generate])
    @given(problems())
    def draw(problem: Problem) -> None:
        if len(found) < count and len(problem.parameters) > 12 and not problem.may_explode:
            found.append(problem)

    draw()
    return found


def pairs_of(problem: Problem) -> Pairs:
    """A form that asks for this."""
    few = {} if problem.parameters.get("epochs_candidates") else {"epochs": 0.3}
    given = {**problem.parameters, **few}
    ignored = given.pop("ignored_columns", None)
    texts = {name: text_of(value) for name, value in given.items()}
    texts |= {"training_frame": "mixed", "validation_frame": "mixed" if problem.with_validation else ""}
    texts |= {
        "response_column": text_of(problem.y),
        "columns": text_of_list([*(ignored or []), "text", "empty"]),
    }
    return list(texts.items())


FORMS: dict[str, Pairs] = {
    **{f"drawn{i}": pairs_of(problem) for i, problem in enumerate(drawn(4))},
    "odd": [
        ("frame", "odd"), ("response", text_of(HOSTILE[0])), ("x", text_of_list(HOSTILE[1:])), ("hidden", "3"), ("epochs", "0.5"),
    ],
    "layers": [
        ("frame", "mixed"), ("response", "y"), ("x", "x"), ("hidden", "2"), ("initial_weights", "w1, null"),
        ("initial_biases", "b1, null"), ("max_w2", "inf"), ("epochs", "0.5"),
    ],
    "none": [("frame", "mixed"), ("response", "y"), ("x", "x, few"), ("hidden", "[]"), ("shuffle_training_data", "false"), ("epochs", "1")],
    "more": [("frame", "mixed"), ("response", "three"), ("checkpoint", "first"), ("x", "x, flag"), ("hidden", "4"), ("epochs", "2")],
}  # fmt: skip
GRID: Pairs = [
    ("frame", "mixed"), ("response", "two"), ("x", "x, few"), ("epochs", "0.3"), ("search", "hidden"), ("try_hidden", "[3], [2, 2]"),
    ("search", "activation"), ("try_activation", "Tanh"), ("search", "l1"), ("try_l1", "0.25, 1e-4"), ("search", "standardize"),
    ("try_standardize", "false"),
    ("grid_strategy", "RandomDiscrete"), ("grid_max_models", "3"), ("grid_seed", "5"), ("grid_parallelism", "2"),
]  # fmt: skip


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    session = LocalSession("programs", nthreads=2)
    session.store.put_frame(small_frame(3), "mixed")
    rows = [float(i % 7) for i in range(20)]
    session.frames.upload(
        table_of({name: [value + i for value in rows] for i, name in enumerate(HOSTILE)}), "odd"
    )
    session.frames.upload(table_of({"C1": [0.5, -0.5]}), "w1")
    session.frames.upload(table_of({"C1": [0.25, 0.0]}), "b1")
    first = session.training.train(
        "deeplearning", {"model_id": "first", "hidden": [4], "epochs": 1}, x=["x", "flag"], y="three", training_frame_key="mixed"
    )  # fmt: skip
    JobHandle(session, first).wait()
    with RunningNode(OpenNode(session, NodeOptions(token=TOKEN))) as running:
        yield running


def asked(pairs: Pairs) -> AskedForm:
    return asked_form(filled_form(ImmutableMultiDict(pairs)))


def programs(node: RunningNode, language: str, folder: Path, forms: dict[str, Pairs]) -> list[Path]:
    """The programs that the page shows for forms, as files."""
    files = []
    for name, pairs in forms.items():
        body = urlencode(
            [*pairs, ("grid_id" if name == "grid" else "model_id", f"{name}.{language}")]
        ).encode()
        request = urllib.request.Request(
            f"{node.url}/build/check", body, {"Authorization": f"Bearer {TOKEN}"}
        )
        said = json.load(urllib.request.urlopen(request))
        assert (said["errors"], said["missing"]) == ({}, {})
        files.append(folder / f"{name}.{language}")
        files[-1].write_text(said["code"][language], encoding="utf-8")
        assert "HEAVYWATER_TOKEN" in said["code"][language]
        assert TOKEN not in said["code"][language]
    return files


def compare(node: RunningNode, language: str, forms: dict[str, Pairs], apart: tuple[str, ...] = ()) -> None:
    """The models that a program has made were given what their forms give."""
    session = node.node.session
    for name, pairs in forms.items():
        wanted, key = asked(pairs).model, f"{name}.{language}"
        described = session.models.describe(key)
        for each, entry in table().items():
            if each in apart or (each == "seed" and each not in wanted.parameters):
                continue
            value = {**wanted.given, "model_id": key}.get(each, entry.default)
            assert described["parameters"][each]["input"] == value, (key, each)
        if wanted.x is not None:
            assert sorted(described["original_names"] or described["names"]) == sorted(wanted.x)


def compare_grid(node: RunningNode, language: str) -> None:
    session = node.node.session
    described = session.grids.describe(f"grid.{language}")
    assert (len(described["model_ids"]), described["failure_details"]) == (3, [])
    request = session.store.get(f"grid.{language}", Grid).request
    assert {name: sorted(map(str, values)) for name, values in request["hyper_params"].items()} == {
        name: sorted(map(str, values)) for name, values in asked(GRID).hyper.items()
    }
    assert asked(GRID).criteria.items() <= request["search_criteria"].items()
    assert request["parameters"]["epochs"] == 0.3


def test_programs_in_python_run_and_give_the_same_models(node: RunningNode, tmp_path: Path):
    files = programs(node, "python", tmp_path, {**FORMS, "grid": GRID})
    environment = {**os.environ, "HEAVYWATER_TOKEN": TOKEN}
    done = subprocess.run(
        [sys.executable, "-c", IN_PYTHON, *map(str, files)], env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    compare(node, "python", FORMS)
    compare_grid(node, "python")


def test_programs_in_r_run_and_give_the_same_models(node: RunningNode, tmp_path: Path, run_r: Any):
    forms = {
        name: [(key, "7" if key == "seed" else text) for key, text in pairs] for name, pairs in FORMS.items()
    }  # R has no whole numbers beyond 2^53
    files = programs(node, "r", tmp_path, {**forms, "grid": GRID})
    run_r(IN_R, *files, HEAVYWATER_TOKEN=TOKEN)
    compare(node, "r", forms, apart=("ignored_columns",))  # which R says by x
    compare_grid(node, "r")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda each: st.lists(each, max_size=3),
)  # fmt: skip


@given(VALUES)
def test_values_in_python_are_literals(value):
    text = Python().value(value)
    assert ast.literal_eval(text) == value
    assert text.isprintable()  # nothing in it moves what stands beside it


def test_texts_in_r_are_what_they_were(rscript: str, tmp_path: Path):
    texts = [*HOSTILE, "ä\U0001f600", "\x01\x7f\u2028", "\\u0041", "'", "%s"]
    program = tmp_path / "texts.R"
    program.write_text(
        "".join(f"cat(utf8ToInt({R().value(each)}), sep = ' ')\ncat('\\n')\n" for each in texts), "ascii"
    )
    done = subprocess.run(
        [rscript, "--vanilla", str(program)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert done.stdout.splitlines() == [" ".join(str(ord(c)) for c in each) for each in texts]


def test_what_cannot_be_written_as_a_number_has_its_name():
    assert Python().value(math.inf) == 'float("inf")'
    assert R().value([1, -math.inf]) == "c(1, -Inf)"
    assert R().value(["a"], "Key<Frame>[]") == 'list(h2o.getFrame("a"))'


def test_a_seed_that_r_cannot_hold_is_not_lost_silently():
    form = asked([("frame", "f"), ("response", "y"), ("seed", str(2**60 + 1))])
    assert "# R cannot hold" in r_code(form, "http://localhost:1", False)
    assert "# R cannot hold" not in r_code(
        asked([("frame", "f"), ("seed", "5")]), "http://localhost:1", False
    )
    assert str(2**60 + 1) in python_code(form, "http://localhost:1", False)
    assert lookup("seed").default == -1


@pytest.mark.parametrize(("address", "token", "words"), [
    ("http://localhost:54321", False, []),
    ("https://data.example/h2o", True, ["HEAVYWATER_TOKEN", "cacert"]),
])  # fmt: skip
def test_programs_say_what_they_need_beside_them(address, token, words):
    for code in (python_code, r_code):
        text = code(asked([("frame", "f"), ("response", "y")]), address, token)
        assert f'"{address}"' in text
        assert [word for word in ("HEAVYWATER_TOKEN", "cacert") if word in text] == words


@pytest.mark.parametrize(("referer", "address"), [
    ("https://data.example/apps/h2o/build?frame=odd", "https://data.example/apps/h2o"),
    ("https://user:word@data.example/build", ""),
    ("https://data.example/other", ""),
])  # fmt: skip
def test_programs_connect_to_where_the_browser_sees_the_node(node: RunningNode, referer: str, address: str):
    body = urlencode([("frame", "odd"), ("response", "null"), ("response_column", text_of("null"))]).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Referer": referer}
    said = json.load(urllib.request.urlopen(urllib.request.Request(f"{node.url}/build/check", body, headers)))
    assert f'h2o.connect(url="{address or node.url}")' in said["code"]["python"]
