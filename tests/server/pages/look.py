"""Pictures of all pages: ``python -m tests.server.pages.look [FOLDER [PART OF A NAME]]``; in three widths, and both colours.

They are for people to look at. The folder is ``build/pages`` by default. With ``--manual FOLDER`` those of the manual, ``docs/pages``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import JobHandle, LocalSession, Ref

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
# Of the patients; the others are the answer, and a number of each.
INPUTS = ["AGE", "RACE", "DPROS", "DCAPS", "PSA", "VOL", "GLEASON"]


class Shot(NamedTuple):
    """A picture of the manual: of a page, in a colour, so wide and high, and what is done before."""

    path: str
    colour: Any = "light"
    size: tuple[int, int] = (1440, 900)
    before: Callable[[Any], object] | None = None


def _begin_import(tab: Any) -> None:
    tab.get_by_label("Files to upload").set_input_files(DATA / "prostate.csv")
    tab.get_by_role("button", name="Upload", exact=True).click()


def _move_a_slider(tab: Any) -> None:
    slider = tab.get_by_role("slider", name="PSA")
    slider.focus()
    for _ in range(3):
        slider.press("PageUp")


MANUAL = {
    "home": Shot(""),
    "import": Shot("import", before=_begin_import),
    "frame": Shot("frames/prostate_train", size=(1440, 760)),
    "build": Shot("build?frame=prostate_train&validation_frame=prostate_test&response=CAPSULE"),
    "job": Shot("jobs/{running}", "dark"),
    "model": Shot("models/capsule", size=(1440, 1000)),
    "digits": Shot("models/digits_net#weights-heading", size=(1440, 760)),
    "grid": Shot("grids/capsules?best=5", "dark", (1440, 1000)),
    "compare": Shot("compare?model=capsule&model=capsule_tanh"),
    "what-if": Shot("predict/row?model=capsule", size=(1440, 640), before=_move_a_slider),
    "phone-model": Shot("models/capsule", "dark", (390, 844)),
    "phone-build": Shot("build?frame=prostate_train&response=CAPSULE", size=(390, 844)),
}


@contextmanager
def filled_node() -> Iterator[tuple[RunningNode, str]]:
    """A node with data, models and a training that goes on until the end of the block, and the key of its job."""
    session = LocalSession("laboratory", nthreads=2)
    fill(session)
    names = {"names": [*(f"pixel{i}" for i in range(784)), "digit"], "types": {"digit": "enum"}}
    _imported(session, "mnist/digits.csv.gz", "digits", names)
    net = {"hidden": [64, 64], "epochs": 10, "seed": 1, "variable_importances": True}
    _trained(session, "digits", "digit", {**net, "l1": 1e-4, "l2": 1e-4, "model_id": "digits_net"})
    _imported(session, "prostate.csv", "prostate", {"types": {"CAPSULE": "enum", "RACE": "enum"}})
    small = {
        "hidden": [16, 16],
        "epochs": 60,
        "seed": 3,
        "reproducible": True,
        "l2": 1e-3,
        "score_interval": 0,
    }
    often = {"train_samples_per_iteration": 600, "score_duty_cycle": 1, "stopping_rounds": 0}
    capsule = {**small, **often, "nfolds": 3, "variable_importances": True}
    _trained(session, "prostate", "CAPSULE", {**capsule, "model_id": "capsule"})
    _trained(session, "prostate", "CAPSULE", {**capsule, "model_id": "capsule_tanh", "activation": "Tanh"})
    tried = {
        "activation": ["Rectifier", "Tanh"],
        "hidden": [[4], [16, 16], [64]],
        "l1": [0.0, 1e-4, 1e-3, 1e-2],
    }
    JobHandle(session, session.grids.train(
        "deeplearning", {"epochs": 10, "seed": 1, "nfolds": 0}, tried, x=INPUTS, y="CAPSULE",
        training_frame_key="prostate_train", validation_frame_key="prostate_test", grid_id="capsules",
    )).wait()  # fmt: skip
    endless = {"epochs": 2000, "stopping_rounds": 0, "classification_stop": -1, "max_runtime_secs": 3600}
    slow = {"adaptive_rate": False, "rate": 2e-4, "train_samples_per_iteration": 1200, "score_duty_cycle": 1}
    long = {**net, **endless, **slow, "model_id": "long_net", "score_interval": 0}
    started = _started(session, "digits", "digit", long)
    with RunningNode(OpenNode(session)) as node:
        yield node, started["job"]
        session.jobs.cancel(started["job"])


def _imported(session: LocalSession, file: str, key: str, setup: dict[str, Any]) -> None:
    """Import a file, and split its rows: four fifths are to train on, one is to test."""
    JobHandle(session, session.files.import_files(str(DATA / file), key, None, setup)).wait()
    frames = session.frames
    made = [dice := frames.evaluate(("h2o.runif", Ref(key), 7)).key]
    for test, part in (("<=", "train"), (">", "test")):
        made.append(frames.evaluate(("rows", Ref(key), (test, Ref(dice), 0.8))).key)
        frames.assign(made[-1], f"{key}_{part}")
    session.objects.release(made)


def _started(session: LocalSession, frame: str, response: str, parameters: dict[str, Any]) -> Any:
    where: Any = {"training_frame_key": f"{frame}_train", "validation_frame_key": f"{frame}_test"}
    x = INPUTS if frame == "prostate" else None
    return session.training.train("deeplearning", parameters, x=x, y=response, **where)


def _trained(session: LocalSession, frame: str, response: str, parameters: dict[str, Any]) -> None:
    JobHandle(session, _started(session, frame, response, parameters)).wait()


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


def look_for_the_manual(folder: Path) -> None:
    """Take the pictures of the manual, as files of few colours, which are small."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with filled_node() as (node, running), sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, shot in MANUAL.items():
            width, height = shot.size
            with browser.new_context(
                base_url=node.url + "/",
                viewport={"width": width, "height": height},
                color_scheme=shot.colour,
                is_mobile=width < 720,
            ) as context:
                tab = context.new_page()
                tab.goto(shot.path.format(running=running) or "./")
                if shot.before is not None:
                    shot.before(tab)
                tab.wait_for_timeout(2000)
                _few_colours(tab.screenshot(), folder / f"{name}.png")
        browser.close()


def _few_colours(taken: bytes, file: Path) -> None:
    from PIL import Image

    picture = Image.open(BytesIO(taken)).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--manual"]:
        look_for_the_manual(Path(*sys.argv[2:3] or ["docs/pages"]))
    else:
        look(Path(sys.argv[1] if len(sys.argv) > 1 else "build/pages"), *sys.argv[2:3])
