"""Models on disk: of the node, and of the client."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from ..library import h2o
from .world import DATA, World, refusal, train


def _mojo(world: World, case: str) -> str:
    """The file of a model that H2O has exported."""
    with zipfile.ZipFile(DATA / "scoring" / f"{case}.zip") as archive:
        path = world.folder / f"{case}.zip"
        path.write_bytes(archive.read("model.zip"))
    return str(path)


def saved_at_the_node(world: World) -> Any:
    path = h2o.save_model(world.multinomial, str(world.folder), force=True)
    before = world.multinomial.predict(world.iris)[1].sum()
    h2o.remove("multinomial")
    again = h2o.load_model(path)
    return [Path(path).name, again.model_id, abs(again.predict(world.iris)[1].sum() - before) < 1e-6]


def saved_twice(world: World) -> Any:
    h2o.save_model(world.regression, str(world.folder), force=True)
    return refusal(lambda: h2o.save_model(world.regression, str(world.folder), force=False))[0]


def downloaded_and_uploaded(world: World) -> Any:
    model = train(world.iris, "class", model_id="travelling")
    path = h2o.download_model(model, str(world.folder))
    before = model.predict(world.iris)[1].sum()
    h2o.remove(model)
    again = h2o.upload_model(path)
    return [again.model_id, abs(again.predict(world.iris)[1].sum() - before) < 1e-6]


def details(world: World) -> Any:
    path = world.regression.save_model_details(str(world.folder), force=True)
    return sorted(json.loads(Path(path).read_text()))[:3]


def a_mojo_that_is_imported(world: World) -> Any:
    model = h2o.import_mojo(_mojo(world, "s02_multinomial_tanh"), model_id="from_mojo")
    return [
        model.algo,
        model.model_id,
        model._model_json["output"]["model_category"],
        model.predict(world.iris).ncol,
    ]


def a_mojo_that_is_uploaded(world: World) -> Any:
    model = h2o.upload_mojo(_mojo(world, "s03_gaussian_maxout"), model_id="uploaded_mojo")
    return [model.algo, model._model_json["output"]["model_category"]]


def a_mojo_is_not_written(world: World) -> Any:
    return [
        refusal(lambda: world.regression.download_mojo(str(world.folder)))[0],
        refusal(lambda: world.regression.save_mojo(str(world.folder)))[0],
        refusal(lambda: h2o.download_pojo(world.regression))[0],
    ]


def checkpoints_on_disk(world: World) -> Any:
    folder = world.folder / "checkpoints"
    model = train(world.iris, "class", model_id="kept_on_disk", export_checkpoints_dir=str(folder))
    return [model.model_id, (folder / "kept_on_disk").exists()]


def what_there_is_not(world: World) -> Any:
    return refusal(lambda: h2o.load_model("/no/such/model"))[:1]
