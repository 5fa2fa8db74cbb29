"""Grid search."""

from __future__ import annotations

from typing import Any

from ..library import DeepLearning, GridSearch, h2o
from .world import World, printed, refusal

_SMALL = {"epochs": 1, "seed": 1, "reproducible": True}


def _grid(world: World, hyper: dict[str, Any], name: str, **more: Any) -> Any:
    found = GridSearch(DeepLearning(**_SMALL), hyper, grid_id=name, **more)
    found.train(x=world.iris.names[:4], y="class", training_frame=world.iris)
    return found


def all_combinations(world: World) -> Any:
    found = _grid(world, {"hidden": [[4], [5, 5]], "l1": [0, 1e-4]}, "all_of_them")
    return [found.grid_id, len(found.models), sorted(found.model_ids), len(found.hyper_names)]


def some_at_random(world: World) -> Any:
    criteria = {"strategy": "RandomDiscrete", "max_models": 2, "seed": 3}
    return len(_grid(world, {"hidden": [[4], [5], [6], [7]]}, "some", search_criteria=criteria).models)


def in_an_order(world: World) -> Any:
    found = _grid(world, {"hidden": [[4], [8]]}, "ordered").get_grid(sort_by="logloss", decreasing=True)
    values = [model.logloss() for model in found.models]
    return [
        values == sorted(values, reverse=True),
        list(found.summary_table().col_header) if callable(getattr(found, "summary_table", None)) else None,
    ]


def printed_grid(world: World) -> Any:
    found = _grid(world, {"hidden": [[4], [8]]}, "printed")
    text = printed(found.show)
    return ["hidden" in text, "logloss" in text, "printed_model_1" in text]


def combinations_that_fail(world: World) -> Any:
    found = _grid(world, {"hidden": [[4], [-1]]}, "half")
    return [len(found.models), len(found.failed_raw_params) if found.failed_raw_params else 0]


def grids_by_name(world: World) -> Any:
    _grid(world, {"hidden": [[4]]}, "by_name_grid")
    again = h2o.get_grid("by_name_grid")
    return [again.grid_id, len(again.model_ids), refusal(lambda: h2o.get_grid("no_such_grid"))[:1]]


def validated(world: World) -> Any:
    found = GridSearch(DeepLearning(nfolds=2, **_SMALL), {"hidden": [[4]]}, grid_id="validated")
    found.train(x=world.iris.names[:4], y="class", training_frame=world.iris, validation_frame=world.iris)
    return [
        isinstance(found.models[0].logloss(xval=True), float),
        isinstance(found.models[0].logloss(valid=True), float),
    ]


def saved_and_loaded(world: World) -> Any:
    found = _grid(world, {"hidden": [[4], [5]]}, "stored")
    path = h2o.save_grid(str(world.folder / "grids"), "stored")
    for name in ("stored", *found.model_ids):
        h2o.remove(name)
    again = h2o.load_grid(path)
    return [again.grid_id, len(again.model_ids)]


def predictions_of_the_best(world: World) -> Any:
    found = _grid(world, {"hidden": [[4], [6]]}, "predicting")
    return {name: frame.shape for name, frame in found.predict(world.iris).items()}
