"""Tries out an installed heavywater, away from its source tree, in an empty folder.

``python smoke.py`` imports, trains and predicts, saves and loads, exports a MOJO and reads it, runs the command and a scoring
service, where there may be neither a compiler nor an OpenMP library of the system. ``python smoke.py --serve FILE`` runs only the
service, with the model of a run before, for an installation with no more than scoring takes.
"""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

POINTS = [(x / 10, y / 10) for x in range(-15, 16) for y in range(-15, 16)]
MODEL = "inside.model"


def label(x: float, y: float) -> str:
    """Whether a point is inside of the circle."""
    return "yes" if math.hypot(x, y) < 0.8 else "no"


def main() -> None:
    """Try everything, or the service alone."""
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2])
    else:
        train()
        command()
        serve(MODEL)
    if sys.platform == "linux":
        print("OpenMP:", *sorted(openmp_libraries()))


def train() -> None:
    """Train a small network on points inside and outside of a circle, and have it predict as a file of each kind."""
    import h2o
    from h2o.estimators.deeplearning import H2ODeepLearningEstimator

    Path("points.csv").write_text(
        "x,y,inside\n" + "".join(f"{x},{y},{label(x, y)}\n" for x, y in POINTS), encoding="utf-8"
    )
    h2o.init(verbose=False)
    h2o.no_progress()
    points = h2o.import_file("points.csv")
    model = H2ODeepLearningEstimator(hidden=[20, 20], epochs=30, seed=1, reproducible=True)
    model.train(y="inside", training_frame=points)
    auc = model.auc()
    right = (model.predict(points)["predict"] == points["inside"]).mean()[0]
    print(f"Python {sys.version.split()[0]}, {h2o.__version__}: AUC {auc:.4f}, {right:.1%} right")
    if not (auc > 0.99 and right > 0.9):
        sys.exit("the network has learned nothing")
    expected = model.predict(points).as_data_frame()["yes"]
    saved = h2o.load_model(h2o.save_model(model, path=".", filename=MODEL, force=True))
    imported = h2o.import_mojo(model.download_mojo(path="inside.zip"))
    for name, other in {"a saved model": saved, "its MOJO": imported}.items():
        apart = (other.predict(points).as_data_frame()["yes"] - expected).abs().max()
        print(f"{name} predicts the same but for {apart:.1e}")
        if not apart <= 1e-5:
            sys.exit(f"{name} predicts something else")


def command() -> None:
    """Run the command as a shell finds it."""
    path = program()
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=120)
    print(f"h2o --version: {done.stdout.strip()}")


def program() -> str:
    """The command that lies beside the interpreter."""
    path = shutil.which("h2o", path=str(Path(sys.executable).parent)) or shutil.which("h2o")
    return path or sys.exit("there is no command h2o")


def serve(model: str) -> None:
    """Score all points by HTTP, as JSON and as CSV."""
    with service(model) as url:
        rows = [{"x": x, "y": y} for x, y in POINTS]
        answer = json.loads(ask(f"{url}/score/{Path(model).stem}", json.dumps(rows), "application/json"))
        said = [row["predict"] for row in answer["predictions"]]
        text = "x,y\n" + "".join(f"{x},{y}\n" for x, y in POINTS)
        answer = json.loads(ask(f"{url}/score/{Path(model).stem}", text, "text/csv"))
        right = sum(a == label(*point) for a, point in zip(said, POINTS, strict=True)) / len(POINTS)
        print(f"the service: {right:.1%} right")
        if not right > 0.9 or said != [row["predict"] for row in answer["predictions"]]:
            sys.exit("the service predicts something else")


@contextlib.contextmanager
def service(model: str) -> Iterator[str]:
    """The address of a service, until the end of the block."""
    words = [program(), "serve", "--model", model, "--port", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
            print(f"the service: {memory(process.pid)}")
        finally:
            process.terminate()


def memory(process: int) -> str:
    """What a process has in memory, where the system tells."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
        return next(f"{int(line.split()[1]) / 1024:.0f} MB of memory" for line in lines if "VmRSS" in line)
    except (OSError, StopIteration):
        return "runs"


def ask(url: str, body: str, kind: str) -> bytes:
    """What is answered to rows."""
    request = urllib.request.Request(url, body.encode(), {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: bytes = answer.read()
    return found


def openmp_libraries() -> set[str]:
    """Files of the OpenMP run-time libraries in this process."""
    import heavywater.engine._net32  # noqa: F401 - which loads one

    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return {line.split()[-1] for line in lines if "gomp" in line or "libomp" in line}


if __name__ == "__main__":
    main()
