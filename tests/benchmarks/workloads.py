"""What is measured, and what is to be reached.

Every workload is trained by ours and its peer on the same rows for the same number of epochs, so that the
test errors can be compared beside the speeds. The rows are few where the peer is slow: a run of the peer is
to take about half a minute on the reference machine.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

ALL_ROWS = 60_000
QUICK_ROWS = 500
QUICK_MEGABYTES = 10


@dataclass(frozen=True)
class Workload:
    """One measurement, made with ours and (where there is one) with the peer.

    Attributes
    ----------
    name, title : str
        Short name (for ``--only``) and what the table calls it.
    quantity : str
        The figure of a worker's result that counts. More is better for rows_per_second, less for the others.
    task : str
        What the worker does.
    peer : str or None
        Name of the peer's environment.
    rows : int
        How many of the first training rows are used, or how many a made-up table has.
    epochs : float
        Passes over them.
    parameters : dict
        Of `H2ODeepLearningEstimator`, for ours and for real H2O.
    recipe : dict
        The net and Adam's settings, for PyTorch.
    ours_epochs : float, optional
        Passes of ours where they are not those of the peer: only in the race to a given error.
    ours_scale : float, optional
        Divisor of the pixels for ours, where they are given as the peer gets them: only in the race.
    megabytes : int, optional
        Size of a file of mixed types that is read in place of MNIST.
    late : bool
        Whether a text in the last line of that file makes a column of numbers one of texts, which is read again.
    """

    name: str
    title: str
    quantity: Literal["rows_per_second", "seconds", "peak_rss_mb", "excess_mb"] = "rows_per_second"
    task: Literal["train", "predict", "metrics", "import", "group", "merge", "sort"] = "train"
    peer: Literal["h2o", "torch", "polars", "pandas"] | None = "h2o"
    rows: int = ALL_ROWS
    epochs: float = 1
    parameters: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    ours_epochs: float | None = None
    ours_scale: float | None = None
    megabytes: int | None = None
    late: bool = False

    def quick(self) -> Workload:
        """The same with few rows, to see that all of it runs."""
        megabytes = self.megabytes and QUICK_MEGABYTES
        return dataclasses.replace(self, rows=QUICK_ROWS, epochs=1, ours_epochs=None, megabytes=megabytes)

    def job(self, engine: str, threads: int) -> dict[str, Any]:
        """What a worker is told, without the paths of the files."""
        epochs = self.epochs if engine != "heavywater" or self.ours_epochs is None else self.ours_epochs
        job: dict[str, Any] = {"task": self.task, "rows": self.rows, "threads": threads}
        if engine == "heavywater" and self.ours_scale is not None:
            job["scale"] = self.ours_scale
        if engine == "torch":
            return job | {"recipe": self.recipe, "epochs": epochs}
        return job | {"parameters": self.parameters | {"epochs": epochs}}


@dataclass(frozen=True)
class Target:
    """A figure to reach with `threads` threads.

    ``ratio``: how many times better than the peer in the workload's quantity. ``speed``: the quantity of ours, at
    least; ``limit``: at most. ``scaling``: rows per second with these threads over those with 1.
    """

    workload: str
    kind: Literal["ratio", "speed", "limit", "scaling"]
    value: float
    threads: int = 2


DROPOUT = {"activation": "RectifierWithDropout", "input_dropout_ratio": 0.2, "l1": 1e-5}
DEFAULT_NET = {"hidden": [200, 200]}
ERROR_TO_REACH = 0.02
ADAM_RATE = 1e-3


def _adam(hidden: list[int], batch: int, **settings: Any) -> dict[str, Any]:
    return {
        "hidden": hidden,
        "batch": batch,
        "rate": ADAM_RATE,
        "dropout": 0.0,
        "fused": False,
        "cosine": False,
    } | settings


def _against_torch(batch: int, rows: int, epochs: int) -> Workload:
    return Workload(
        f"batch{batch}",
        f"default net, batch {batch}{': ADADELTA' if batch == 1 else ''} (PyTorch: Adam)",
        peer="torch",
        rows=rows,
        epochs=epochs,
        parameters=DEFAULT_NET
        | {"mini_batch_size": batch}
        | ({} if batch == 1 else {"optimizer": "Adam", "rate": ADAM_RATE}),
        recipe=_adam([200, 200], batch),
    )


def _beside_pandas(task: Literal["group", "merge", "sort"], title: str) -> Workload:
    return Workload(task, title, "seconds", task, "pandas", rows=10_000_000)


WORKLOADS = (
    Workload("default", "default (200,200), dense", rows=20_000, parameters=DEFAULT_NET),
    Workload("sparse", "default (200,200), sparse", rows=40_000, parameters=DEFAULT_NET | {"sparse": True}),
    Workload(
        "trial",
        "trial run (32,32,32), dropout, sparse",
        epochs=10,
        parameters=DROPOUT | {"hidden": [32, 32, 32], "sparse": True},
    ),
    Workload(
        "regularized",
        "(128,64), dropout, sparse, l1, l2",
        epochs=2,
        parameters=DROPOUT | {"hidden": [128, 64], "sparse": True, "l2": 1e-5},
    ),
    Workload(
        "record",
        "record net (1024,1024,2048), dropout, max_w2",
        rows=2_000,
        parameters=DROPOUT | {"hidden": [1024, 1024, 2048], "max_w2": 10.0},
    ),
    _against_torch(1, 10_000, 1),
    _against_torch(32, ALL_ROWS, 1),
    _against_torch(128, ALL_ROWS, 3),
    Workload(
        "recordbatch",
        "record net, dropout, batch 128 (PyTorch: Adam)",
        peer="torch",
        rows=10_000,
        parameters=DROPOUT
        | {
            "hidden": [1024, 1024, 2048],
            "max_w2": 10.0,
            "mini_batch_size": 128,
            "optimizer": "Adam",
            "rate": ADAM_RATE,
        },
        recipe=_adam([1024, 1024, 2048], 128, dropout=0.5),
    ),
    Workload("predict", "scoring 60 000 rows", "seconds", "predict", rows=1_000, parameters=DEFAULT_NET),
    Workload(
        "metrics", "metrics of 10 million rows, two classes", "seconds", "metrics", None, rows=10_000_000
    ),
    Workload("import", "importing train.csv.gz", "seconds", "import"),
    Workload("csv", "importing 1 GB of mixed CSV", "seconds", "import", megabytes=1000),
    Workload("csvpolars", "the same beside polars", "seconds", "import", "polars", megabytes=1000),
    Workload(
        "csvlate",
        "the same, a text last in a column of numbers",
        "seconds",
        "import",
        None,
        megabytes=1000,
        late=True,
    ),
    Workload(
        "csvmemory", "2 GB of mixed CSV: peak - 1.5 x columns", "excess_mb", "import", None, megabytes=2000
    ),
    _beside_pandas("group", "group_by of 10 million rows: sum, sd, median"),
    _beside_pandas("merge", "merge of 10 million rows with a million"),
    _beside_pandas("sort", "sort of 10 million rows by two columns"),
    Workload("memory", "peak memory, default training", "peak_rss_mb", peer=None, parameters=DEFAULT_NET),
    Workload(
        "race",
        "training time to 2.0 % test error (a net each)",
        "seconds",
        peer="torch",
        epochs=5,
        parameters={
            "hidden": [300],
            "activation": "RectifierWithDropout",
            "hidden_dropout_ratios": [0.1],
            "standardize": False,
            "optimizer": "Adam",
            "mini_batch_size": 128,
            "rate": 6e-3,
            "rate_schedule": "Cosine",
        },
        # both were tuned on 10 000 training rows held out: rate, batch, dropout, as few epochs as do; both anneal
        recipe=_adam([300], 128, rate=4e-3, dropout=0.1, fused=True, cosine=True),
        ours_epochs=4,
        ours_scale=255,
    ),
)

TARGETS = (
    Target("default", "ratio", 36),
    Target("sparse", "ratio", 32),
    Target("trial", "ratio", 20),
    Target("regularized", "ratio", 23),
    Target("record", "ratio", 24),
    Target("batch1", "ratio", 15),
    Target("batch32", "ratio", 6),
    Target("batch128", "ratio", 3),
    Target("recordbatch", "speed", 8000),
    Target("predict", "ratio", 15),
    Target("metrics", "limit", 2),
    Target("import", "ratio", 4),
    Target("csv", "ratio", 3),
    Target("csvpolars", "ratio", 1 / 1.3),
    Target("csvmemory", "limit", 300),
    Target("group", "ratio", 1),
    Target("merge", "ratio", 1),
    Target("sort", "ratio", 1 / 2),
    Target("memory", "limit", 500),
    Target("race", "ratio", 2),
    Target("default", "scaling", 1.6),
    Target("record", "scaling", 1.6),
)
