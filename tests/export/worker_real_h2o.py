"""Score MOJO files with the real H2O: runs in its own environment, one server for all of them.

``python -m tests.export.worker_real_h2o folder``: the folder has ``job.json`` (names of the MOJO files; columns and levels of ``rows.csv``,
in which factors stand as codes). For each file there is ``<name>.csv`` with the predictions afterwards, and
``answers.json`` has what H2O tells about the models.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h2o
import h2o.job

from . import h2o_server


class Impatient:
    """In place of the client's progress bar, which asks every 0.2 seconds: most of the time of these short jobs."""

    def __init__(self, **options: Any) -> None:
        pass

    def execute(self, progress: Any, **options: Any) -> None:
        """Wait until a job has ended."""
        while True:
            found = progress()
            if (found[0] if isinstance(found, tuple) else found) >= 1:
                return
            time.sleep(0.01)


def upload(folder: Path, columns: list[str], levels: dict[str, list[str]]) -> h2o.H2OFrame:
    """The rows to score. Levels are set afterwards: a CSV file cannot carry each of them."""
    rows = h2o.import_file(str(folder / "rows.csv"), header=1, col_types=["numeric"] * len(columns))
    rows.names = columns
    for name, domain in levels.items():
        rows[name] = rows[name].asfactor().set_levels(domain)
    return rows


def answers(model: Any) -> dict[str, Any]:
    """What H2O tells about an imported model."""
    output = model._model_json["output"]
    tables = ("model_summary", "scoring_history", "variable_importances", "cross_validation_metrics_summary")
    metrics = ("training_metrics", "validation_metrics", "cross_validation_metrics")
    return {
        "category": output["model_category"],
        "tables": {name: output[name] and output[name].cell_values for name in tables},
        **{name: _numbers(output[name]) for name in metrics},
    }


def _numbers(metrics: Any) -> dict[str, float]:
    told = {} if metrics is None else metrics._metric_json
    return {name: told[name] for name in ("MSE", "AUC", "logloss") if name in told}


@contextlib.contextmanager
def server(folder: Path) -> Iterator[None]:
    """A server of our own, which ends with us: one that happens to run here must not be disturbed."""
    jar = Path(h2o.__file__).parent / "backend" / "bin" / "h2o.jar"

    def command(port: int) -> list[str | Path]:
        return ["java", "-Xmx1g", "-XX:TieredStopAtLevel=1", "-jar", jar, "-ip", "127.0.0.1", "-port", str(port),
                "-name", name_of(port), "-ice_root", folder / "ice", "-nthreads", "1"]  # fmt: skip

    with h2o_server.started(command, connects, folder):
        yield


def name_of(port: int) -> str:
    """The name of our server, by which it is told from others at the same port."""
    return f"heavywater-{os.getpid()}-{port}"


def connects(port: int) -> bool:
    """Connect to our server if it answers."""
    with contextlib.suppress(h2o.exceptions.H2OConnectionError):
        h2o.connect(ip="127.0.0.1", port=port, verbose=False)
        return h2o.cluster().cloud_name == name_of(port)
    return False


def main() -> None:
    """Score all models of the job."""
    folder = Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that the server is stopped, too
    told = {}
    with server(folder):
        h2o.no_progress()
        vars(h2o.job)["ProgressBar"] = Impatient
        rows = upload(folder, job["columns"], job["levels"])
        for name in job["models"]:
            model = h2o.import_mojo(str(folder / f"{name}.zip"))
            h2o.download_csv(model.predict(rows), str(folder / f"{name}.csv"))
            told[name] = answers(model)
    (folder / "answers.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
