"""Files and objects in, frames, files and objects out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..library import H2OFrame, h2o
from .world import DATA, World, printed, refusal


def import_of_a_file(world: World) -> Any:
    return h2o.import_file(str(DATA / "prostate.csv"))


def import_of_a_compressed_file(world: World) -> Any:
    return [h2o.import_file(str(DATA / "parse" / name)) for name in ("p16_gzip.csv.gz", "p17_zip.csv.zip")]


def import_of_other_formats(world: World) -> Any:
    return [
        h2o.import_file(str(DATA / "parse" / name)).shape for name in ("p25_svmlight.svm", "p26_arff.arff")
    ]


def import_of_many_small_files(world: World) -> Any:
    names = (
        "p01_header_numbers.csv",
        "p04_quotes_commas.csv",
        "p06_semicolon.csv",
        "p07_tab.tsv",
        "p18_crlf.csv",
    )
    return [h2o.import_file(str(DATA / "parse" / name)) for name in names]


def import_of_several_files_together(world: World) -> Any:
    paths = [world.folder / f"together_{number}.csv" for number in range(2)]
    for path in paths:
        path.write_text("x,y\n1,u\n2,v\n")
    return h2o.import_file([str(path) for path in paths]).shape


def import_of_a_folder(world: World) -> Any:
    folder = world.folder / "parts"
    folder.mkdir(exist_ok=True)
    for part in ("a", "b"):
        (folder / f"{part}.csv").write_text("x,y\n1,u\n2,v\n")
    (folder / "other.txt").write_text("no data\n")
    return h2o.import_file(str(folder), pattern=r".*\.csv").shape


def import_with_types(world: World) -> Any:
    return h2o.import_file(
        str(DATA / "prostate.csv"), col_types={"RACE": "enum", "AGE": "string"}, skipped_columns=[0],
        na_strings=["2"], destination_frame="typed",
    )  # fmt: skip


def import_with_names_and_no_header(world: World) -> Any:
    path = str(DATA / "parse" / "p02_no_header_numbers.csv")
    return h2o.import_file(
        path, header=-1, col_names=["first", "second", "third"][: h2o.import_file(path).ncol]
    )


def import_in_steps(world: World) -> Any:
    raw = h2o.import_file(str(DATA / "prostate.csv"), parse=False)
    setup = h2o.parse_setup(raw, destination_frame="stepwise", column_types={"CAPSULE": "enum"})
    frame = h2o.parse_raw(setup)
    known = ("parse_type", "separator", "number_columns", "check_header", "destination_frame", "column_names")
    return [{name: setup[name] for name in known}, frame]


def import_of_what_there_is_not(world: World) -> Any:
    return refusal(lambda: h2o.import_file("/no/such/file.csv"))


def upload_of_a_file(world: World) -> Any:
    return h2o.upload_file(str(DATA / "iris_wheader.csv"), destination_frame="uploaded")


def objects_of_python(world: World) -> Any:
    return [
        H2OFrame({"a": [1, 2, None], "b": ["x", "y", "z"]}),
        H2OFrame([[1, 2.5], [3, 4.5]]),
        H2OFrame([1, 2, 3], column_names=["n"]),
        H2OFrame([("a b", 1), ('c"d', 2)], column_names=["text", "n"], column_types=["string", "numeric"]),
    ]


def frames_of_pandas_and_numpy(world: World) -> Any:
    import numpy as np
    import pandas as pd

    cells = pd.DataFrame({"n": [1.5, None, 3.0], "t": ["é", "b,c", 'd"e'], "b": [True, False, True]})
    return [H2OFrame(cells), H2OFrame(np.arange(6.0).reshape(3, 2))]


def names_of_all_kinds(world: World) -> Any:
    path = world.folder / "names.csv"
    path.write_text('grüße,a b,"c,d",e.f\n1,3,x,"é"\n2,4,y,z\n', encoding="utf-8")
    frame = h2o.import_file(str(path))
    return [frame, frame["a b"].sum(), frame["grüße"].max(), frame[frame["a b"] > 3, :]]


def times_uuids_and_texts(world: World) -> Any:
    return [
        h2o.import_file(str(DATA / "parse" / name))
        for name in ("p12_dates.csv", "p13_uuid.csv", "p39_long_text.csv")
    ]


def description_of_a_frame(world: World) -> Any:
    text = printed(world.prostate.describe)
    return [word in text for word in ("CAPSULE", "mins", "mean", "maxs", "sigma", "zeros", "missing", "enum")]


def summary_of_a_frame(world: World) -> Any:
    return {name: sorted(each) for name, each in world.iris.summary(return_data=True).items()}


def facts_of_columns(world: World) -> Any:
    frame = world.iris
    return [
        frame.types,
        frame.min(),
        frame.nacnt(),
        frame["class"].levels(),
        frame["class"].nlevels(),
        frame.isfactor(),
    ]


def first_and_last_rows(world: World) -> Any:
    return [world.iris.head(3), world.iris.tail(2), "sepal_len" in printed(lambda: print(world.iris))]


def as_pandas(world: World) -> Any:
    found = world.iris.as_data_frame()
    return [
        list(found.columns),
        list(found.shape),
        [str(kind) for kind in found.dtypes][:4],
        found.iloc[0].tolist(),
    ]


def as_lists(world: World) -> Any:
    return h2o.as_list(world.iris[0:2, :], use_pandas=False)


def csv_download(world: World) -> Any:
    path = Path(h2o.download_csv(world.iris, str(world.folder / "iris.csv")))
    lines = path.read_text().splitlines()
    return [len(lines), lines[0], lines[1]]


def export_of_a_file(world: World) -> Any:
    path = world.folder / "exported.csv"
    h2o.export_file(world.iris, str(path), force=True)
    again = refusal(lambda: h2o.export_file(world.iris, str(path), force=False))
    return [h2o.import_file(str(path)), again[0]]


def saved_frames(world: World) -> Any:
    frame = h2o.deep_copy(world.iris, "to_save")
    frame.save(str(world.folder))
    h2o.remove("to_save")
    return h2o.load_frame("to_save", str(world.folder))


def lists_of_frames(world: World) -> Any:
    h2o.assign(world.iris[0:3, :], "listed")
    names = {each["frame_id"]["name"] for each in h2o.frames()["frames"]}
    return ["listed" in names, "listed" in h2o.ls()["key"].tolist()]


def frames_by_name(world: World) -> Any:
    h2o.assign(world.iris[0:3, :], "by_name")
    return [h2o.get_frame("by_name"), refusal(lambda: h2o.get_frame("no_such_frame"))[:1]]


def removal(world: World) -> Any:
    h2o.assign(world.iris[0:3, :], "removed")
    h2o.remove("removed")
    names = {each["frame_id"]["name"] for each in h2o.frames()["frames"]}
    return "removed" in names


def made_up_frames(world: World) -> Any:
    frame = h2o.create_frame(
        frame_id="made_up", rows=50, cols=6, seed=1, categorical_fraction=0.5, integer_fraction=0.25, missing_fraction=0.0,
        binary_fraction=0.0, factors=3, has_response=True, response_factors=2,
    )  # fmt: skip
    return [frame.shape, frame.names, sum(frame.isfactor()), sum(frame.nacnt())]


def inserted_missing_values(world: World) -> Any:
    frame = h2o.deep_copy(world.iris, "with_holes")
    frame.insert_missing_values(fraction=0.3, seed=1)
    return [frame.shape, sum(frame.nacnt()) > 0]


def interactions(world: World) -> Any:
    frame = h2o.interaction(
        world.prostate, factors=["CAPSULE", "RACE"], pairwise=True, max_factors=100, min_occurrence=1,
        destination_frame="interacting",
    )  # fmt: skip
    return [frame.shape, frame.names, frame.types]
