"""``h2o parameters``, ``h2o demo``, ``h2o node`` and ``h2o serve``: what their options lead to."""

from __future__ import annotations

from typing import Any

import h2o
import pytest
from h2o_command.main import understood
from heavywater.server import node_command


def test_parameters(shell):
    assert shell.run("parameters") == 0
    names = {line.split()[0] for line in shell.out.splitlines()[2:]}
    assert names == set(h2o.H2ODeepLearningEstimator.parameter_defaults())
    found = shell.answer("parameters", "hidden", "epochs")
    assert found["hidden"]["default"] == [200, 200]
    assert "an integer >= 1" in found["hidden"]["allowed"] and found["hidden"]["help"]
    assert {each["name"] for each in shell.answer("parameters")["parameters"]} == names
    assert "Did you mean hidden?" in shell.refused("parameters", "hiden")
    assert "--url" in shell.refused("parameters", "--url", "http://localhost:1")


def test_demo_in_a_session(capsys):
    h2o.demo("deeplearning", interactive=False)
    assert "Confusion Matrix" in capsys.readouterr().out
    h2o.demo("deeplearning", test=True)
    with pytest.raises(ValueError, match="funcname='glm'"):
        h2o.demo("glm")


def test_all_options_of_a_node_reach_it(shell, monkeypatch, tmp_path):
    asked: dict[str, Any] = {}

    def serve(options, tell, as_json):
        asked.update(options=options, as_json=as_json)
        tell("ready")

    monkeypatch.setattr(node_command, "serve", serve)
    assert shell.run("serve") == 0
    assert asked["options"] == node_command.ServeOptions(nthreads=asked["options"].nthreads)
    assert (shell.out, shell.err) == ("", "node: ready\n")
    given = {
        "port": 0, "address": "127.0.0.2", "name": "n", "token_file": "t", "tls_cert": "c", "tls_key": "k", "expiry": 5.0,
        "root_path": "/h2o", "nodes": 2, "secret_file": "s", "save_on_exit": "o", "port_file": "p",
    }  # fmt: skip
    words = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    flags = ["--insecure-http", "--allow-addresses", "--access-log", "--json"]
    lists = ["--roots", "a", "b", "--allow-host", "h"]
    assert (
        shell.run("serve", *words, *flags, *lists, "--max-upload", "1m", "--max-mem", "2g", "--nthreads", "1")
        == 0
    )
    found = vars(asked["options"])
    assert found == {**given, "insecure_http": True, "allow_addresses": True, "access_log": True, "roots": ("a", "b"),
                     "allow_hosts": ("h",), "max_upload": 2**20, "max_mem_size": 2**31, "nthreads": 1}  # fmt: skip
    assert asked["as_json"] is True
    assert understood(["serve", "--nodes", "listen:0.0.0.0:1"]).nodes == "listen:0.0.0.0:1"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--port", "70000"], "'70000' must be a port"),
        (["--port", "http"], "'http' must be a port"),
        (["--address", "0.0.0.0"], "--token-file"),
        (["--address", "no.such.host.example.invalid"], "no.such.host"),
        (["--tls-key", "k"], "--tls-key"),
        (["--token-file", "/nowhere/token"], "/nowhere/token"),
        (["--max-upload", "0"], "'0' must be a number of GB"),
        (["--expiry", "0"], "'0' must be a number of seconds"),
        (["--roots"], "--roots"),
        (["--nodes", "0"], "0"),
        (["--nodes", "many"], "many"),
        (["--url", "http://localhost:1"], "--url"),
        (["more"], "more"),
    ],
)
def test_mistakes_about_nodes(shell, arguments, text):
    assert text in shell.refused("serve", *arguments)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "--join, --secret-file"),
        (["--join", "x", "--secret-file", "nowhere"], "x"),
        (["--join", "localhost:1", "--secret-file", "nowhere"], "nowhere"),
        (
            ["--join", "localhost:1", "--secret-file", "nowhere", "--wait", "-1"],
            "'-1' must be a number of seconds",
        ),
        (["--join", "localhost:1", "--secret-file", "nowhere", "--nthreads", "0"], "'0' must be"),
        (
            ["--join", "localhost:1", "--secret-file", "nowhere", "--max-mem", "x"],
            "'x' must be a number of GB",
        ),
    ],
)
def test_mistakes_of_a_node_that_joins(shell, arguments, text):
    assert text in shell.refused("node", *arguments)
