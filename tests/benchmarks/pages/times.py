"""How long the node takes for a page, until a browser has loaded it, and how many bytes its scripts and styles are."""

from __future__ import annotations

import gzip
import shutil
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from heavywater.server.pages.basics.assets import assets
from heavywater.session import JobHandle, connect

from vignettes.mnist import fetch

from ..node.processes import Disturbance, Served, served

MODELS, TURNS, LOADS = 50, 9, 7
# Name -> address; the frame has 785 columns and 60 000 rows.
PAGES = {
    "Home": "",
    "Import": "import",
    "Frames": "frames",
    "Frame": "frames/digits",
    "Frame, rows": "frames/digits/rows",
    "Frame, sorted by missing": "frames/digits?sort=missing",
    "Build": "build?frame=digits&response=C785",
    "Models": "models",
    "Model": "models/net_0",
    "Compare": "compare?model=net_0&model=net_1&model=net_2",
    "Grids": "grids",
    "Grid": "grids/search",
    "Predict": "predict?model=net_0&frame=digits",
    "What if": "predict/row?model=net_0",
    "Jobs": "jobs",
    "Cluster": "cluster",
    "Logs": "logs",
}


@dataclass(frozen=True)
class PageTime:
    """Times of one page.

    Attributes
    ----------
    name : str
    first : float
        Seconds of the node for the first answer.
    warm : list of float
        Of the following ones.
    load : list of float
        Seconds until a browser that has been there has its event ``load``.
    size : int
        Bytes of the page, compressed.
    """

    name: str
    first: float
    warm: list[float]
    load: list[float]
    size: int


def sizes() -> tuple[int, int]:
    """Bytes of all static files, as they are and each compressed."""
    return sum(map(len, assets().values())), sum(len(gzip.compress(each)) for each in assets().values())


def fill(session: Any) -> None:
    """Digits as a frame, models of them, and a grid."""
    train = str(fetch()[0])
    JobHandle(session, session.files.import_files(train, "digits", None, {"types": {"C785": "enum"}})).wait()
    part = session.frames.rapids("(tmp= few (rows digits [0:2000]))").key
    net = {"hidden": [16], "epochs": 1, "seed": 1, "variable_importances": True}
    where = {"x": None, "y": "C785", "training_frame_key": part, "validation_frame_key": part}
    for k in range(MODELS):
        JobHandle(
            session, session.training.train("deeplearning", {**net, "model_id": f"net_{k}"}, **where)
        ).wait()
    del net["hidden"]
    space = {"hidden": [[4], [8]], "l1": [0.0, 1e-3]}
    JobHandle(session, session.grids.train("deeplearning", net, space, grid_id="search", **where)).wait()


def _asked(node: Served, path: str) -> tuple[float, bytes]:
    connection = HTTPConnection(node.host, node.port, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", f"/{path}", headers={"Accept": "text/html"})
    answer = connection.getresponse()
    content = answer.read()
    seconds = time.perf_counter() - begun
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return seconds, content


def _loads(browser: Any, url: str, path: str) -> list[float]:
    tab = browser.new_page()
    found = []
    for turn in range(LOADS + 1):
        tab.goto(f"{url}/{path}", wait_until="load")
        if turn:
            found.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000)
    tab.close()
    return found


def measure() -> tuple[list[PageTime], float]:
    """Times of all pages, and the cores that were busy with other work meanwhile."""
    from playwright.sync_api import sync_playwright

    found = []
    with served() as node, sync_playwright() as p:
        session = connect(node.url)
        fill(session)
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context()
        disturbance = Disturbance((node,))
        for name, path in PAGES.items():
            first, content = _asked(node, path)
            warm = [_asked(node, path)[0] for _ in range(TURNS)]
            found.append(
                PageTime(name, first, warm, _loads(context, node.url, path), len(gzip.compress(content)))
            )
        others = disturbance.cores()
        browser.close()
    return found, others


def of_pages(found: Sequence[PageTime], others: float) -> str:
    """The part about pages, as text."""
    whole, packed = sizes()
    lines = [
        "## Pages",
        "",
        f"A node with MNIST (60 000 rows, 785 columns), {MODELS} models and a grid. *Node*: seconds until all of the page has come, "
        f"the first time and the median of {TURNS} further ones; *load*: until a browser that was there before has loaded everything, "
        f"median of {LOADS}. Busy meanwhile beside the node: {others:.2f} cores, the browser above all.",
        "",
        "| page | node, first | node, again | load | size, gzipped |",
        "|---|---:|---:|---:|---:|",
    ]
    for each in found:
        again, load = statistics.median(each.warm), statistics.median(each.load)
        lines.append(
            f"| {each.name} | {1000 * each.first:.0f} ms | {1000 * again:.0f} ms | {1000 * load:.0f} ms | {each.size / 1000:.1f} kB |"
        )
    return "\n".join(
        [
            *lines,
            "",
            f"All scripts, styles and pictures: {whole / 1000:.0f} kB, {packed / 1000:.0f} kB gzipped.",
            "",
        ]
    )
