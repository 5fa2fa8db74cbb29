"""``--url``: the same commands on a node; data and models go there, results come here."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import h2o
import pandas as pd
import pytest
from h2o.backend import running
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from .helpers import IRIS, PROSTATE, SMALL

TOKEN = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node that lets nobody read this disk, and asks for a token."""
    options = NodeOptions(token=TOKEN, roots=(str(tmp_path_factory.mktemp("empty")),))
    with RunningNode(OpenNode(LocalSession("far", nthreads=1), options)) as open_node:
        yield open_node


@pytest.fixture
def url(node, tmp_path) -> list[object]:
    """The options that lead there."""
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o600)
    return ["--url", node.url, "--token-file", tmp_path / "token"]


def on_node(node: RunningNode) -> list[str]:
    return node.node.behind.objects.keys()


def test_train_predict_evaluate_describe_export(shell, node, url, tmp_path):
    model = tmp_path / "model"
    before = running.connection
    found = shell.answer(
        "train", IRIS, "--response", "class", *SMALL, "--validation", IRIS, "--model", model, *url
    )
    assert found["model"] == str(model) and found["validation_metrics"]["logloss"] > 0
    assert running.connection is before
    assert shell.run("predict", model, "-", *url, stdin=Path(IRIS).read_bytes()) == 0
    far = pd.read_csv(io.StringIO(shell.out))
    assert shell.run("predict", model, IRIS) == 0
    near = pd.read_csv(io.StringIO(shell.out))
    pd.testing.assert_frame_equal(far, near)
    assert shell.answer("evaluate", model, IRIS, *url) == shell.answer("evaluate", model, IRIS)
    assert shell.answer("describe", model, *url) == shell.answer("describe", model)
    assert shell.answer("describe", IRIS, *url) == shell.answer("describe", IRIS)
    for name in ("m.zip", "Iris.java", "m.json"):
        shell.answer(
            "export",
            model,
            "--output",
            tmp_path / f"far_{name}" if name != "Iris.java" else tmp_path / name,
            *url,
        )
    assert shell.answer("evaluate", tmp_path / "far_m.zip", IRIS, *url)["rows"] == 150
    assert on_node(node) == []  # nothing is left there


def test_results_in_files(shell, node, url, tmp_path):
    found = shell.answer("import", IRIS, "--output", tmp_path / "iris.csv", *url)
    assert found["rows"] == 150 and len(pd.read_csv(tmp_path / "iris.csv")) == 150
    shell.answer("import", IRIS, "--output", tmp_path / "iris.parquet", *url)
    assert len(pd.read_parquet(tmp_path / "iris.parquet")) == 150
    assert shell.run("import", IRIS, "--output", "-", *url) == 0
    assert len(shell.out.splitlines()) == 151


def test_several_files(shell, node, url, tmp_path):
    for number in range(3):
        (tmp_path / f"part{number}.csv").write_text(f"a,b\n{number},x\n")
    assert shell.answer("import", tmp_path / "part*.csv", *url)["rows"] == 3


def test_a_model_is_kept_on_request(shell, node, url, tmp_path):
    named = ("--set", "model_id=flowers", *SMALL, "--response", "class")
    shell.answer("train", IRIS, *named, "--keep", "--model", tmp_path / "m", *url)
    assert on_node(node) == ["flowers"]
    assert shell.answer("describe", "flowers", *url)["model_id"] == "flowers"
    assert shell.run("predict", "flowers", IRIS, *url) == 0
    shell.answer("export", "flowers", "--format", "model", "--output", tmp_path / "copy", *url)
    assert h2o.load_model(str(tmp_path / "copy")).model_id == "flowers"
    assert "has something of the name 'flowers'" in shell.refused(
        "train", IRIS, *named, "--model", tmp_path / "n", *url
    )
    assert (
        shell.run("predict", tmp_path / "m", IRIS, *url) == 0
    )  # it is that model: nothing new comes, nothing goes
    assert on_node(node) == ["flowers"]
    shell.answer("train", IRIS, *named, "--set", "hidden=3", "--model", tmp_path / "other")
    assert shell.answer("describe", tmp_path / "other", *url)["parameters"]["hidden"] == [3]
    assert node.node.behind.models.describe("flowers")["parameters"]["hidden"]["actual"] == [4]
    shell.answer("train", IRIS, *named, "--force", "--model", tmp_path / "n", *url)
    assert on_node(node) == []


def test_a_grid(shell, node, url, tmp_path):
    given = ("--response", "class", *SMALL, "--hyper", "l1=0,1e-4", "--model", tmp_path / "best")
    assert len(shell.answer("grid", IRIS, *given, *url)["models"]) == 2
    assert (tmp_path / "best").exists()
    assert on_node(node) == []


def test_training_goes_on_there(shell, node, url, tmp_path, flowers):
    given = ("--response", "class", "--set", "hidden=4", "--set", "epochs=2", "--checkpoint", flowers)
    shell.answer("train", IRIS, *given, "--model", tmp_path / "more", *url)
    assert on_node(node) == []


def test_demo(shell, node, url):
    assert shell.run("demo", *url) == 0
    assert "Confusion Matrix" in shell.err


def test_the_file_of_options_may_name_the_node(shell, node, url, tmp_path):
    (tmp_path / "c.json").write_text(
        json.dumps({"all": {"url": node.url, "token-file": str(url[3]), "nthreads": 1}})
    )
    assert shell.answer("import", IRIS, "--config", tmp_path / "c.json")["rows"] == 150
    assert "h2o: nthreads" in shell.err  # the node has its own


@pytest.mark.parametrize("broken", ["a,b\n1,2\n3\n", "a,b\n1,\x002\n", ""])
def test_errors_name_the_files_of_this_machine(shell, node, url, tmp_path, broken):
    (tmp_path / "mine.csv").write_text(broken)
    line = shell.refused("import", tmp_path / "mine.csv", *url)
    assert str(tmp_path / "mine.csv") in line
    assert line.replace(node.url, "") == shell.refused("import", tmp_path / "mine.csv")
    assert "standard input" in shell.refused("import", "-", *url, stdin=broken.encode() or b"\x00")
    assert on_node(node) == []


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["predict", "nothing", IRIS], "nothing: there is no such file here, and no such model at http"),
        (["predict", IRIS, IRIS], IRIS),
        (["import", "nothing.csv"], "nothing.csv"),
        (["import", "http://127.0.0.1:1/a.csv"], "127.0.0.1"),
        (["import", IRIS, "--nthreads", "1"], "the node has its own"),
        (["import", IRIS, "--max-mem", "1g"], "the node has its own"),
        (["import", IRIS, "--tls-ca", "ca.pem"], "https"),
        (["import", IRIS, "--token-file", "nowhere"], "nowhere"),
        (["train", IRIS, "--response", "clas", "--model", "nowhere_m"], "clas"),
    ],
)
def test_mistakes(shell, node, url, arguments, text):
    assert text in shell.refused(arguments[0], *url, *arguments[1:])
    assert on_node(node) == []


def test_keep_belongs_to_a_node(shell, tmp_path):
    given = ("--response", "class", "--keep", "--model", tmp_path / "m")
    assert "--keep belongs to --url" in shell.refused("train", PROSTATE, *given)


def test_nobody_is_there(shell):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert shell.run("import", IRIS, "--url", f"http://127.0.0.1:{port}") == 75
    assert (shell.out, len(shell.err.splitlines())) == ("", 1)


def test_with_tls(shell, tmp_path, flowers):
    certificates = pytest.importorskip("tests.cluster.certificates", exc_type=ImportError)
    tls = certificates.write(tmp_path, "node")
    other = certificates.write(tmp_path, "other")
    with RunningNode(OpenNode(LocalSession("tls", nthreads=1)), tls=tls) as open_node:
        assert open_node.url.startswith("https://")
        assert shell.run("predict", flowers, IRIS, "--url", open_node.url, "--tls-ca", tls.cert) == 0
        for further in ([], ["--tls-ca", other.cert]):
            assert shell.run("predict", flowers, IRIS, "--url", open_node.url, *further) in (1, 75)
            assert "certificate" in shell.err
        plain = open_node.url.replace("https", "http")
        assert shell.run("predict", flowers, IRIS, "--url", plain) in (1, 75)
        assert "https" in shell.err


def test_a_node_that_does_not_let_in(shell, node, tmp_path):
    assert "--token-file" in shell.refused("import", IRIS, "--url", node.url)
    (tmp_path / "token").write_text("f" * 32)
    (tmp_path / "token").chmod(0o600)
    line = shell.refused("import", IRIS, "--url", node.url, "--token-file", tmp_path / "token")
    assert "--token-file" in line and "f" * 32 not in line


@pytest.mark.parametrize(
    "url", ["ftp://x", "localhost:54321", "http://", "", "http://user:secret@localhost:1"]
)
def test_addresses_that_are_none(shell, url):
    line = shell.refused("import", IRIS, "--url", url)
    assert "--url" in line and "secret" not in line
