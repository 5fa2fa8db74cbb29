"""The scoring service as a process: the command, its guard, its end, and what it does not load."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.export.model_file import write_model
from heavywater.server.running.serve_options import ServeOptions
from heavywater.server.scoring.scoring_command import serve_models

from ..export import model_cases

ROW = {"a": 0.5, "b": 1, "c": "alpha", "d": "x"}
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "two.model"
    write_model(model_cases.train(model_cases.new_session(), "two classes", model_id="another_name"), path)
    return path


def ask(url: str, rows: Any = None, **headers: str) -> tuple[int, Any]:
    body = None if rows is None else json.dumps(rows).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@contextlib.contextmanager
def service(model: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "h2o", "serve", "--model", str(model), "--port", "0", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


def test_the_command_scores_lets_in_who_has_the_token_and_ends(model: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text(TOKEN)
    with service(model, "--token-file", str(token), "--max-rows", "2", "--max-upload", "4k") as (
        process,
        url,
    ):
        entered = {"Authorization": f"Bearer {TOKEN}"}
        status, answer = ask(f"{url}/score/two", [ROW], **entered)
        assert (status, answer["predictions"][0]["predict"] in ("no", "yes")) == (200, True)
        assert ask(f"{url}/score/two", [ROW] * 3, **entered)[0] == 422
        status, text = ask(f"{url}/score/two", [ROW])
        assert (status, list(json.loads(text))) == (401, ["error"])
        status, text = ask(f"{url}/score/two", [ROW] * 200, **entered)
        assert (status, "more than 4096 bytes" in json.loads(text)["error"]) == (413, True)
        assert ask(f"{url}/score/two", [ROW], Host="elsewhere.example", **entered)[0] == 403
        assert ask(f"{url}/score/two", [ROW], Origin="http://elsewhere.example", **entered)[0] == 403
        assert ask(f"{url}/3/Cloud", **entered)[0] == 404  # it has no session
        assert ask(f"{url}/health") == (200, {"status": "ready"})  # for who watches over it
        assert ask(f"{url}/health", Host="elsewhere.example")[0] != 200
        assert [ask(f"{url}/{path}")[0] for path in ("metrics", "models", "docs", "health/other")] == [
            401
        ] * 4
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr is not None
        told = process.stderr.read().splitlines()
        assert told[0] == "scoring: model 'two'"
        assert told[-1] == "scoring: ending"
        assert TOKEN not in "".join(told)


def test_a_file_without_a_model_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "none").write_text("nothing")
    command = [sys.executable, "-m", "h2o", "serve", "--port", "0", "--model", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no model file" in done.stderr


@pytest.mark.parametrize(
    "option", [{"nodes": 2}, {"roots": ("/tmp",)}, {"save_on_exit": "x"}, {"max_mem_size": 1}]
)
def test_options_of_nodes_are_refused(model: Path, option: dict[str, Any]) -> None:
    name = next(iter(option)).replace("_size", "").replace("_", "-")
    with pytest.raises(InvalidArgument, match=f"--{name} is for nodes"):
        serve_models([str(model)], ServeOptions(**option))
    with pytest.raises(InvalidArgument, match="--max-rows 0"):
        serve_models([str(model)], ServeOptions(), most_rows=0)


LEAN = """
import http.client, json, sys, threading
from heavywater.server.gate.guard import Guard
from heavywater.server.running.running_server import RunningServer
from heavywater.server.scoring.scoring_app import ScoringApp
from heavywater.server.scoring.scoring_command import serve_models
from heavywater.server.scoring.served_models import load_models
from heavywater.server.running.serve_options import ServeOptions
import h2o_command.main

app = ScoringApp(load_models([sys.argv[1]])).starlette()
with RunningServer(Guard(app, ServeOptions().node_options()), threading.Event()) as running:
    client = http.client.HTTPConnection(running.host, running.port)
    bodies = [(json.loads(sys.argv[2]), "application/json"), ("a,b,c,d\\n1,2,beta,\\nNA,1,new,x\\n", "text/csv")]
    for content, kind in bodies:
        body = content if isinstance(content, str) else json.dumps(content)
        client.request("POST", "/score/two", body, {"Content-Type": kind})
        answer = client.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
    for path in ("/metrics", "/docs", "/openapi.json", "/models", "/health"):
        client.request("GET", path)
        assert client.getresponse().read()
with open("/proc/self/status") as file:
    resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
print(json.dumps({"modules": sorted(sys.modules), "resident": resident}))
"""


def test_json_and_csv_need_neither_pandas_nor_pyarrow(model: Path) -> None:
    rows = [ROW, {**ROW, "c": "new", "a": None, "b": "2.5", "more": 1}]
    done = subprocess.run(
        [sys.executable, "-c", LEAN, str(model), json.dumps(rows)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    loaded = {name.partition(".")[0] for name in found["modules"]}
    assert not loaded & {"pandas", "pyarrow", "scipy", "matplotlib", "urllib3", "h2o"}
    assert not {"heavywater.server.v3", "heavywater.server.rpc.door"} & set(found["modules"])
    assert found["resident"] < 75_000  # kB; 60 000 here, and room for other versions of what is loaded
