"""Pictures of all pages: ``python -m tests.server.pages.look [FOLDER [PART OF A NAME]]``; in three widths, and both colours.

They are for people to look at. The folder is ``build/pages`` by default.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import JobHandle, LocalSession

from .filling import fill

DATA = Path(__file__).parents[2] / "data"
WIDTHS = (1440, 1024, 390)
COLOURS: tuple[Any, ...] = ("light", "dark")
# Name of the picture -> what stands behind the address of the node.
PAGES = {
    "home": "",
    "import": "import",
    "frames": "frames",
    "frame": "frames/digits",
    "frame-mixed": "frames/heart",
    "rows": "frames/heart/rows",
    "column": "frames/heart/columns/4",
    "build": "build?frame=heart&response=state",
    "models": "models",
    "model-two-classes": "models/disease",
    "model-classes": "models/flowers",
    "model-number": "models/prices",
    "model-autoencoder": "models/rare",
    "model-digits": "models/digits_net",
    "pojo": "models/flowers/pojo",
    "grids": "grids",
    "grid": "grids/search",
    "compare": "compare?model=disease&model=flowers",
    "predict": "predict?model=disease&frame=heart",
    "predict-anomaly": "predict?model=rare&frame=iris",
    "what-if": "predict/row?model=disease",
    "jobs": "jobs",
    "job": "jobs/job_1",
    "job-running": "jobs/{running}",
    "cluster": "cluster",
    "logs": "logs",
    "wrong": "frames/nothing",
}


@contextmanager
def filled_node() -> Iterator[tuple[RunningNode, str]]:
    """A node with data, models and a training that goes on until the end of the block, and the key of its job."""
    session = LocalSession("laboratory", nthreads=2)
    fill(session)
    names = {"names": [*(f"pixel{i}" for i in range(784)), "digit"], "types": {"digit": "enum"}}
    JobHandle(
        session, session.files.import_files(str(DATA / "mnist" / "digits.csv.gz"), "digits", None, names)
    ).wait()
    net = {
        "hidden": [64, 64],
        "epochs": 10,
        "model_id": "digits_net",
        "seed": 1,
        "variable_importances": True,
    }
    where = {"x": None, "y": "digit", "training_frame_key": "digits"}
    JobHandle(session, session.training.train("deeplearning", net, **where)).wait()
    long = {**net, "epochs": 1e6, "model_id": "long_net", "score_interval": 0.5, "max_runtime_secs": 3600}
    started = session.training.train("deeplearning", long, validation_frame_key="digits", **where)
    with RunningNode(OpenNode(session)) as node:
        yield node, started["job"]
        session.jobs.cancel(started["job"])


def look(folder: Path, part: str = "") -> None:
    """Take the pictures whose name has this part."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with filled_node() as (node, running), sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width in WIDTHS:
            for colour in COLOURS:
                context = browser.new_context(
                    base_url=node.url + "/", viewport={"width": width, "height": 900}, color_scheme=colour
                )
                for name, path in PAGES.items():
                    if part in name:
                        _take(context, path.format(running=running), folder / f"{name}-{width}-{colour}.png")
                context.close()
        browser.close()


def _take(context: Any, path: str, file: Path) -> None:
    tab = context.new_page()
    tab.on("console", lambda said: print(f"{file.stem}: {said.type}: {said.text}"))
    answer = tab.goto(path or "./")
    tab.wait_for_timeout(700)
    if answer.status != 200:
        print(f"{file.stem}: {answer.status}")
    tab.screenshot(path=file, full_page=True)
    tab.close()


if __name__ == "__main__":
    look(Path(sys.argv[1] if len(sys.argv) > 1 else "build/pages"), *sys.argv[2:3])
