"""What a node of these tests holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from heavywater.exchange import table_of
from heavywater.session import JobHandle, LocalSession

NET = {"hidden": [8, 8], "epochs": 5, "seed": 1, "reproducible": True}


def fill(session: LocalSession) -> None:
    """Frames and models.

    ``iris`` (three classes), ``heart`` (two), ``houses`` (a number); models ``flowers, disease, prices, rare``; grid ``search``.
    """
    random = np.random.default_rng(7)
    n = 300
    x = random.normal(size=(n, 4))
    kinds = np.array(["setosa", "versicolor", "virginica"])[
        np.argmax(x[:, :3] + 0.3 * random.normal(size=(n, 3)), axis=1)
    ]
    session.frames.upload(
        table_of({**{f"x{i}": list(x[:, i]) for i in range(4)}, "kind": list(kinds)}), "iris"
    )
    sick = np.where(x[:, 0] + x[:, 1] + 0.5 * random.normal(size=n) > 0, "sick", "well")
    color = np.array(["red", "green", "blue"])[random.integers(0, 3, n)]
    heart: dict[str, Any] = {f"x{i}": list(x[:, i]) for i in range(4)}
    heart["x1"][3] = None
    session.frames.upload(table_of({**heart, "color": list(color), "state": list(sick)}), "heart")
    price = 100 + 20 * x[:, 0] - 10 * x[:, 1] * x[:, 2] + random.normal(size=n)
    session.frames.upload(
        table_of({**{f"x{i}": list(x[:, i]) for i in range(4)}, "color": list(color), "price": list(price)}),
        "houses",
    )
    for frame, response, key, further in (
        ("iris", "kind", "flowers", {"variable_importances": True}),
        ("heart", "state", "disease", {"nfolds": 3, "fold_assignment": "Modulo"}),
        ("houses", "price", "prices", {}),
        ("iris", None, "rare", {"autoencoder": True, "hidden": [3]}),
    ):
        _trained(session, frame, response, {**NET, **further, "model_id": key})
    JobHandle(
        session,
        session.grids.train(
            "deeplearning", {"epochs": 5, "seed": 1}, {"hidden": [[4], [8, 8]], "l1": [0.0, 1e-3]}, x=None, y="state",
            training_frame_key="heart", validation_frame_key=None, grid_id="search",
        ),
    ).wait()  # fmt: skip


def _trained(session: LocalSession, frame: str, response: str | None, parameters: dict[str, Any]) -> None:
    started = session.training.train(
        "deeplearning", parameters, x=None, y=response, training_frame_key=frame,
        validation_frame_key=None if parameters.get("autoencoder") else frame,
    )  # fmt: skip
    JobHandle(session, started).wait()
