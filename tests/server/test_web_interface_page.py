"""What docs/web-interface.md tells is so: its scripts run, its addresses are pages, what it names stands there."""

from __future__ import annotations

import base64
import html
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from h2o_command.main import understood
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from ..house.tree import ROOT
from .pages.filling import fill
from .processes import node_process

PAGE = (ROOT / "docs" / "web-interface.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:54321"
TOKEN = "0123456789abcdef" * 2
# What comes after the script that opens a session: its link is opened elsewhere.
TELL = "print(opened.link(), flush=True); input()"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    session = LocalSession("told", nthreads=1)
    fill(session)
    with RunningNode(OpenNode(session)) as running:
        yield running


def seen(address: str) -> str:
    """What a browser that was never there is shown."""
    browser = build_opener(HTTPCookieProcessor())
    browser.addheaders = [("Accept", "text/html")]
    with browser.open(address) as answer:
        return str(answer.read().decode())


def test_a_session_is_opened(tmp_path: Path):
    screens = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    with subprocess.Popen(
        [sys.executable, "-c", blocks("python")[0] + TELL],
        cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={name: value for name, value in os.environ.items() if name not in screens},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        links: list[str] = []
        while len(links) < 3 and (
            line := process.stdout.readline()
        ):  # that of flow, the printed one, and this test's own
            links += re.findall(r"http://\S+/login/\S+", line)
        shown = [seen(each) for each in links]
        process.communicate("\n", timeout=60)
    assert len(set(links)) == 3 and all("<h2>Newest models</h2>" in each for each in shown)


def test_a_node_is_started_and_says_where(tmp_path: Path):
    commands = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    serve, login = (next(each for each in commands if each[0] == name) for name in ("h2o", "curl"))
    assert understood(serve[1:])
    with (
        open(tmp_path / "said", "w+", encoding="utf-8") as said,
        node_process("--port", "0", errors=said) as node,
    ):
        told = re.findall(r"^    (node: .*)$", PAGE, re.MULTILINE)
        node.end()
        said.seek(0)
        lines = said.read().splitlines()
        assert told and {each.replace(ADDRESS, node.url) for each in told} <= set(lines)
    assert login == ["curl", "-X", "POST", "-u", "any", f"{ADDRESS}/login"]


def test_a_link_is_made_by_who_knows_the_token():
    with RunningNode(OpenNode(LocalSession("closed", nthreads=1), NodeOptions(token=TOKEN))) as running:
        token = base64.b64encode(f"any:{TOKEN}".encode()).decode()
        asked = Request(f"{running.url}/login", method="POST", headers={"Authorization": f"Basic {token}"})
        path = urlopen(asked).read().decode().strip()
        assert "Newest models" in seen(f"{running.url}/{path}")


def things(node: RunningNode) -> list[object]:
    session = node.node.behind
    return [
        *(sorted(session.objects.keys(kind)) for kind in ("frame", "model", "grid")),
        [each["job"] for each in session.jobs.known()],
    ]


def test_addresses_are_those_of_pages(node: RunningNode):
    table = PAGE.partition("| page | address |")[2].partition("\n\n")[0]
    found = [
        each for line in table.splitlines()[2:] for each in re.findall(r"`(/.*?)`", line.split(" | ")[1])
    ]
    before = things(node)
    assert all("<h1>" in seen(node.url + path) for path in found)
    assert things(node) == before  # looking changes nothing
    menu = re.findall(r'<a href="([a-z]+)" title', seen(node.url))
    assert menu and {f"/{each}" for each in menu} <= {each.partition("?")[0] for each in found}


def test_the_program_is_what_is_copied(node: RunningNode, tmp_path: Path):
    form = {
        "do": "python", "training_frame": "iris", "response_column": "kind", "hidden": "20, 20", "epochs": "5",
        "search": "l1", "try_l1": "0, 0.001",
    }  # fmt: skip
    page = urlopen(f"{node.url}/build", urlencode(form).encode()).read().decode()
    copied = html.unescape(re.findall(r'id="code-python">(.*?)</code>', page, re.DOTALL)[0])
    told = blocks("python")[1].replace(ADDRESS, node.url)
    assert copied.strip() == told.strip()
    ran = subprocess.run(
        [sys.executable, "-c", told], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert len(re.findall(r"Grid_\S+_model_\d", ran.stdout)) == 2
