"""Options from a file."""

from __future__ import annotations

import json

import h2o
import pytest
from h2o_command.main import understood

from .helpers import IRIS, SMALL

TOML = """
[all]
threads = 1
json = true

[train]
data = "{iris}"
response = "class"
model = "{model}"
parameters = "{parameters}"
predictors = ["sepal_len", "petal_len"]

[train.set]
epochs = 2
hidden = [3]

[predict]
output = "elsewhere.csv"
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "p.json").write_text('{"seed": 5, "hidden": [9], "l1": 0.5}')
    text = TOML.format(iris=IRIS, model=tmp_path / "m", parameters=tmp_path / "p.json")
    (tmp_path / "h2o.toml").write_text(text)
    return tmp_path


def test_a_command_can_be_all_in_a_file(shell, files):
    found = shell.answer("train", "--config", files / "h2o.toml")
    assert found["model"] == str(files / "m")
    model = h2o.load_model(str(files / "m"))
    assert model.actual_params["hidden"] == [3] and model.actual_params["epochs"] == 2
    assert model.actual_params["seed"] == 5 and model.actual_params["l1"] == 0.5
    assert model._model_json["output"]["names"][:-1] == ["sepal_len", "petal_len"]


def test_the_command_line_counts_more(shell, files):
    shell.run("train", "--config", files / "h2o.toml", "--no-json", "--set", "hidden=4", "--model", files / "n", "--predictors",
              "sepal_wid", "--threads=2")  # fmt: skip
    assert shell.out.startswith("model: ")
    model = h2o.load_model(str(files / "n"))
    assert model.actual_params["hidden"] == [4] and model.actual_params["epochs"] == 2
    assert model._model_json["output"]["names"][:-1] == ["sepal_wid"]


def test_parameters_of_the_command_line_count_more_than_all_of_the_file(files):
    from h2o_command.values import parameters

    (files / "q.toml").write_text("epochs = 7\n")
    given = understood(["train", "--config", f"{files}/h2o.toml", "--parameters", f"{files}/q.toml"])
    assert parameters(given) == {"hidden": [3], "epochs": 7}
    given = understood(
        ["train", "--config", f"{files}/h2o.toml", "--parameters", f"{files}/q.toml", "--set", "epochs=1e1"]
    )
    assert parameters(given) == {"hidden": [3], "epochs": 10}


def test_json_and_toml_say_the_same(tmp_path):
    (tmp_path / "a.toml").write_text('[import]\ndata = "x"\nfill = true\nskip-footer = 2\nfactors = "a"\n')
    (tmp_path / "a.json").write_text(
        json.dumps({"import": {"data": "x", "fill": True, "skip_footer": 2, "factors": ["a"]}})
    )
    (tmp_path / "a.conf").write_text((tmp_path / "a.json").read_text())
    first, *others = [
        vars(understood(["import", "--config", str(tmp_path / f"a.{ending}")]))
        for ending in ("toml", "json", "conf")
    ]
    for other in others:
        assert {**first, "later": 0, "config": 0, "given": 0} == {
            **other,
            "later": 0,
            "config": 0,
            "given": 0,
        }
    assert (first["fill"], first["skip_footer"], first["factors"]) == (True, 2, ["a"])


def test_an_argument_by_place_may_be_there_and_be_overruled(tmp_path):
    (tmp_path / "a.toml").write_text('[predict]\nmodel = "m"\n')
    found = understood(["predict", "data", "--config", str(tmp_path / "a.toml")])
    assert (found.model, found.data) == ("m", "data")
    found = understood(["predict", "n", "data", "--config", str(tmp_path / "a.toml")])
    assert (found.model, found.data) == ("n", "data")


def test_all_is_for_the_commands_that_have_the_option(shell, tmp_path):
    (tmp_path / "a.toml").write_text('[all]\nencoding = "latin-1"\nnthreads = 1\n')
    for command in (
        ["node", "--join", "h:1", "--secret-file", "x"],
        ["import", "x"],
        ["export", "m", "--output", "o"],
    ):
        assert understood([*command, "--config", str(tmp_path / "a.toml")]).nthreads == 1
    assert shell.run("parameters", "hidden", "--config", tmp_path / "a.toml") == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[trian]\n", "trian is no section. Did you mean train?"),
        ("data = 1\n", "data is no section"),
        ("train = 1\n", "[train] must be a table"),
        ("[train]\nrespones = 'x'\n", "respones is no option. Did you mean response?"),
        ("[predict]\nrespones = 'x'\n", "[predict] respones is no option"),
        ("[train]\nconfig = 'x'\n", "config is no option"),
        ("[all]\nmodel = 'x'\n", "[all] model is no option"),
        ("[train]\nresponse = 1\n", "response=1 must be a text"),
        ("[train]\nresponse = ''\n", "response='' must be a text that is not empty"),
        ("[train]\nresponse = ['a', 'b']\n", "response=['a', 'b'] must be a text"),
        ("[train]\nforce = 'yes'\n", "force='yes' must be true or false"),
        ("[train]\nforce = 1\n", "force=1 must be true or false"),
        ("[train]\nnthreads = 0\n", "nthreads=0 must be a whole number"),
        ("[train]\nnthreads = true\n", "nthreads=True must be a whole number"),
        ("[train]\nnthreads = 1\nthreads = 1\n", "threads is there twice"),
        ("[train]\nskip-footer = 1.5\n", "skip-footer=1.5 must be a whole number"),
        ("[train]\nheader = 'maybe'\n", "header='maybe' must be one of"),
        ("[train]\npredictors = [1]\n", "predictors=1 must be a text"),
        ("[train]\npredictors = []\n", "predictors=[] must be"),
        ("[train]\nset = 'epochs=1'\n", "set must be a table"),
        ("[train]\nset = {hiden = 1}\n", "Did you mean hidden?"),
        ("[train]\nset = {l1 = -1}\n", "l1=-1 is not allowed"),
        ("[serve]\nport = 70000\n", "port=70000 must be a port"),
        ("[train\n", "no valid TOML"),
    ],
)
def test_mistakes(shell, tmp_path, text, said):
    """In the sections of other commands, too."""
    (tmp_path / "h2o.toml").write_text(text)
    given = (
        "train",
        IRIS,
        "--response",
        "class",
        *SMALL,
        "--model",
        tmp_path / "m",
        "--config",
        tmp_path / "h2o.toml",
    )
    assert said in shell.refused(*given)
    assert not (tmp_path / "m").exists()


def test_files_that_cannot_be_read(shell, tmp_path):
    (tmp_path / "a.json").write_text("[1]")
    (tmp_path / "b.toml").write_bytes(b"\xff")
    for name, said in (
        ("a.json", "must be an object"),
        ("b.toml", "no text in UTF-8"),
        ("c", "No such file"),
        ("", ""),
    ):
        assert said in shell.refused("import", IRIS, "--config", tmp_path / name)
