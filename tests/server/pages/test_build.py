"""The form that trains: from its fields to a job, what is said beside them, and what it does without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from heavywater.deeplearning.parameters.presets import FILLED, PRESETS
from heavywater.deeplearning.parameters.presets import filled as filled_of
from heavywater.deeplearning.parameters.table import check_value, table
from heavywater.exchange import table_of
from heavywater.frame.sharded_frame import ShardedFrame, statistics_of
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.server.pages.building.asked_form import asked_form
from heavywater.server.pages.building.filled_form import DATA, filled_form, searchable, unknown_fields
from heavywater.server.pages.building.form_columns import listed_columns
from heavywater.server.pages.building.form_fields import Choices, fields_of, left_open, levels_of
from heavywater.server.pages.building.form_texts import text_of, text_of_list
from heavywater.server.pages.building.judging import Judgement, judged
from heavywater.server.pages.building.model_code import python_code
from heavywater.session import LocalSession
from hypothesis import given, settings
from starlette.datastructures import ImmutableMultiDict

from .conftest import watched
from .filling import fill
from .hands import expect
from .test_form_texts import VALUES, taken

HOSTILE = [
    "<img src=x onerror=alert(1)>", '"quoted"', " a, b ", "two\nlines", "\u202egnp", "null", "[x]", "x" * 10_000, "a'b\\c",
]  # fmt: skip


def form(*pairs: tuple[str, str], **texts: str) -> Any:
    return filled_form(ImmutableMultiDict([*pairs, *texts.items()]))


# ---- from texts to a request


@settings(max_examples=150)
@given(VALUES)
def test_what_stands_in_a_field_is_what_is_asked_for(case):
    entry, value = case
    checked = taken(entry, value)
    name = "columns" if entry.name == "ignored_columns" else entry.name
    asked = asked_form(form((name, text_of(checked))))
    if set(asked.errors) == {name}:  # a limit that counts only where the parameter has an effect
        assert entry.limits_may_wait
        return
    found = {
        **asked.model.parameters,
        **{key: held for key, held in asked.model.given.items() if held is not None},
    }
    assert found == (
        {}
        if entry.is_default(checked) or (checked == [] == value and name == "columns")
        else {entry.name: checked}
    )


def test_what_is_as_by_default_is_not_given():
    texts = {name: text_of(entry.default) for name, entry in table().items()}
    asked = asked_form(form(*texts.items()))
    assert (asked.model.parameters, asked.errors, asked.hyper) == ({}, {}, {})


def test_an_address_of_a_form_gives_it_back():
    filled = form(
        ("frame", "heart"), ("response", "state"), ("x", text_of_list(HOSTILE)), ("epochs", "3"), ("l1", "0.5"),
        ("search", "l1"), ("try_l1", "0, 1e-3"), ("search", "activation"), ("try_activation", "Tanh"),
        ("try_activation", "Maxout"), ("grid_strategy", "RandomDiscrete"), ("grid_max_models", "2"),
    )  # fmt: skip
    assert filled.link is None  # a name of 10 000 characters
    filled = filled.with_texts(columns=text_of_list([each for each in HOSTILE if len(each) < 100]))
    path, _, query = filled.link.partition("?")
    again = filled_form(ImmutableMultiDict(parse_qsl(query)))
    assert path == "build"
    assert asked_form(again) == asked_form(filled)
    assert again.link == filled.link


def test_what_no_field_is_called_is_said():
    values = {
        "frame": "f",
        "x": "a",
        "search": "l1",
        "try_l1": "1",
        "epoch": "5",
        "try_nfolds": "2",
        "note": "n",
    }
    said = unknown_fields(ImmutableMultiDict(values))
    assert said[0] == "epoch is not a parameter of Deep Learning. Did you mean epochs?"
    assert len(said) == 2


def test_columns_are_left_out_or_named():
    assert asked_form(form(columns="a, b")).model.parameters == {"ignored_columns": ["a", "b"]}
    asked = asked_form(form(columns="a, b", columns_are="used"))
    assert (asked.model.x, asked.model.parameters) == (["a", "b"], {})
    ticked = form(
        ("columns", 'a, "b,c"'),
        ("was_marked", "a"),
        ("was_marked", '"b,c"'),
        ("marked", '"b,c"'),
        ("marked", "d"),
    )
    assert ticked.columns == ["b,c", "d"]


def test_a_grid_is_asked_for_by_boxes():
    asked = asked_form(
        form(
            ("epochs", "2"), ("search", "hidden"), ("try_hidden", "[5], [10, 10]"), ("search", "adaptive_rate"),
            ("try_adaptive_rate", "true"), ("try_adaptive_rate", "false"), ("hidden", "7"), ("rate", "0.1"),
            ("grid_max_models", "3"), ("grid_seed", "5"), ("grid_parallelism", "2"), ("grid_id", "g"),
        )
    )  # fmt: skip
    assert asked.errors == {}
    assert asked.model.parameters == {"epochs": 2.0, "rate": 0.1}
    assert asked.hyper == {"hidden": [[5], [10, 10]], "adaptive_rate": [True, False]}
    assert asked.criteria == {"strategy": "Cartesian", "max_models": 3, "seed": 5}
    assert (asked.models, asked.grid_id, asked.parallelism) == (3, "g", 2)
    assert not {"rate", "rho", "hidden"} & set(asked.idle())


@pytest.mark.parametrize(
    ("texts", "field", "words"),
    [
        ({"epochs": "0,5"}, "epochs", "decimals have a point"),
        ({"rho": "2"}, "rho", "must be a number in (0, 1]"),
        ({"activation": "softplus"}, "activation", "must be one of"),
        ({"distribution": "ordinal"}, "distribution", "use multinomial"),
        ({"hidden": "0"}, "hidden", "an integer >= 1"),
        ({"columns": "a, null"}, "columns", "null is no name"),
        ({"search": "epochs"}, "epochs", "name the values"),
        ({"search": "epochs", "try_epochs": "1, x"}, "epochs", "is no number"),
        ({"search": "l1", "try_l1": "1", "grid_max_models": "-1"}, "grid_max_models", "at least 0"),
        ({"search": "l1", "try_l1": "1", "grid_parallelism": "1.5"}, "grid_parallelism", "whole number"),
        ({"search": "l1", "try_l1": "1", "grid_strategy": "best"}, "grid_strategy", "must be one of"),
        ({"search": "l1", "try_l1": "1", "grid_stopping_metric": "beauty"}, "grid_stopping_metric", "must be one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_its_field(texts, field, words):
    assert words in asked_form(form(**texts)).errors[field]
    assert list(asked_form(form(**texts)).errors) == [field]


def test_limits_count_where_the_parameter_does():
    assert asked_form(form(rho="2", adaptive_rate="false")).errors == {}
    assert list(asked_form(form(rate="-1", adaptive_rate="false")).errors) == ["rate"]


def test_every_parameter_has_its_field():
    fields = fields_of(form(), Judgement(), Choices([], [], []))
    shown = [each.name for _, groups, _ in levels_of(fields) for _, inside in groups for each in inside]
    assert sorted([*shown, *DATA]) == sorted(table())
    for name, entry in table().items():
        assert fields[name].help == entry.help
        assert fields[name].searchable == searchable(entry)
        if entry.type in ("enum", "boolean"):
            texts = [text for text, _ in fields[name].choices if text]
            assert all(
                check_value(name, text if entry.type == "enum" else text == "true") is not None
                for text in texts
            )
            first = (
                entry.default is not None and name not in FILLED
            )  # the default is the first choice, and has no text
            assert len(texts) + first == len(fields[name].boxes)


@pytest.fixture(scope="module")
def filled() -> Any:
    """The session of a node as its pages see it."""
    session = LocalSession("filled", nthreads=2)
    fill(session)
    return OpenNode(session).session


def test_a_preset_is_shown_where_nothing_stands_and_leaves_what_does(filled: Any):
    texts = {
        "frame": "iris",
        "response": "kind",
        "preset": "tabular",
        "hidden": "200, 200",
        "activation": "Rectifier",
        "rate": "0.005",
    }
    filled_in = form(**texts)
    asked = asked_form(filled_in)
    assert asked.model.parameters == {
        "preset": "Tabular",
        "hidden": [200, 200],
        "activation": "Rectifier",
        "rate": 0.005,
    }
    said = judged(filled, asked)
    fields = fields_of(filled_in, said, Choices([], [], []))
    assert (fields["activation"].text, fields["activation"].choices[0][1]) == (
        "Rectifier",
        "Rectifier (default)",
    )
    found = filled_of(asked.model.parameters, filled.frames.facts("iris")["nrow"])
    size = found["mini_batch_size"]
    assert fields["mini_batch_size"].default == str(size) != str(PRESETS["Tabular"]["mini_batch_size"])
    assert fields["optimizer"].choices[0] == ("", "Adam (preset)")
    assert fields["epochs_candidates"].default == text_of(found["epochs_candidates"])
    assert (
        not {"numeric_bins", "weight_decay", "epochs", "epochs_folds"} & said.idle.keys()
    )  # given, epochs would count
    assert left_open(said)["mini_batch_size"] == {"text": str(size), "label": f"{size} (preset)"}
    code = python_code(asked, "http://a", False)
    assert 'preset="Tabular"' in code and "hidden=[200, 200]" in code
    assert filled_form(ImmutableMultiDict(parse_qsl(str(filled_in.link).partition("?")[2]))) == filled_in


@pytest.mark.parametrize("preset", ["", "H2O"])
def test_without_a_preset_defaults_are_not_given(preset):
    asked = asked_form(form(preset=preset, hidden="200, 200", activation="Rectifier"))
    assert asked.model.parameters == {}


@pytest.mark.parametrize(
    ("texts", "errors", "status"),
    [
        ({"frame": "heart", "response": "state", "balance_classes": "true", "class_sampling_factors": "1, 2"}, {}, "Ready: a Binomial"),
        ({"frame": "heart", "response": "state", "balance_classes": "1", "class_sampling_factors": "1"}, {"class_sampling_factors": "2"},
         "Not"),
        ({"frame": "iris", "response": "kind", "nfolds": "3", "fold_assignment": "Stratified"}, {}, "Ready"),
        ({"frame": "iris", "response": "kind", "nfolds": "1"}, {"nfolds": "at least 2"}, "Not yet: nfolds needs"),
        ({"frame": "iris", "response": "x1", "pretrained_autoencoder": "rare", "hidden": "4"}, {"hidden": "rare"}, "Not"),
        ({"frame": "iris", "response": "x1", "pretrained_autoencoder": "nobody"}, {"pretrained_autoencoder": "no model"}, "Not"),
        ({"frame": "iris", "autoencoder": "true", "validation": "iris"}, {}, "Ready: an AutoEncoder model"),
        ({"frame": "iris", "response": "x1", "distribution": "quantile", "quantile_alpha": "0.1, 0.5, 0.9"}, {}, "Ready: a Regression"),
        ({"frame": "iris", "response": "x1", "distribution": "quantile", "quantile_alpha": "[0.1, 0.1]"},
         {"quantile_alpha": "two of them are the same"}, "Not"),
        ({"frame": "iris", "response": "x1", "distribution": "quantile", "search": "quantile_alpha",
          "try_quantile_alpha": "[0.1, 0.9], [0.5]"}, {}, "Ready: 2 combinations"),
        ({"frame": "iris", "response": "nothing"}, {"response_column": "no such column"}, "Not"),
        ({"frame": "iris", "response": "kind", "columns": "kind"}, {"response_column": "also in ignored_columns"}, "Not"),
        ({"frame": "iris", "response": "kind", "columns": "x9"}, {"columns": "no such column"}, "Not"),
        ({"frame": "nothing", "response": "kind"}, {"training_frame": "there is no frame"}, "Not"),
        ({"frame": "iris", "response": "kind", "validation": "nothing"}, {"validation_frame": "there is no frame"}, "Not"),
        ({"frame": "iris", "response": "kind", "checkpoint": "flowers"}, {"hidden": "must stay"}, "Not"),
        ({"frame": "iris", "response": "kind", "search": "l1", "try_l1": "0, 1", "model_id": "m"}, {"model_id": "name the grid"}, "Not"),
        ({"frame": "iris", "response": "kind", "search": "distribution", "try_distribution": "poisson"}, {"distribution": "factor"}, "Not"),
        ({"frame": "iris", "response": "kind", "search": "l1", "try_l1": "0, 1", "grid_id": "search"}, {}, "Ready: 2 combinations"),
        ({}, {}, "Not yet: choose the frame to train on"),
    ],
)  # fmt: skip
def test_what_the_session_says_stands_beside_the_field(filled, texts, errors, status):
    said = judged(filled, asked_form(form(**texts)))
    assert list(said.errors) == list(errors), said.errors
    for name, words in errors.items():
        assert words in said.errors[name]
    assert said.status.startswith(status)
    assert said.can_start == status.startswith("Ready")


def test_combinations_that_will_fail_are_told(filled):
    said = judged(filled, asked_form(form(
        ("frame", "iris"), ("response", "kind"), ("search", "hidden_dropout_ratios"), ("try_hidden_dropout_ratios", "[0.5], [0.5, 0.5]"),
        ("activation", "TanhWithDropout"),
    )))  # fmt: skip
    assert said.can_start
    assert "some combinations will fail: hidden_dropout_ratios=[0.5]" in said.remarks[0]


def test_columns_of_rows_that_lie_elsewhere_are_listed(filled):
    frame = filled.store.frame("iris")
    statistics = {name: statistics_of(frame, name) for name in frame.names}
    filled.store.put(ShardedFrame(statistics, [], frame, "far"), "far")
    rows = listed_columns(filled, "far", "x", marked=["x1"]).rows
    assert [(each["name"], each["type"], each["missing"], each["marked"]) for each in rows[:2]] == [
        ("x0", "real", 0, False),
        ("x1", "real", 0, True),
    ]
    filled.objects.remove("far")


# ---- in a browser


@pytest.fixture(scope="module")
def hostile() -> Iterator[RunningNode]:
    """A node whose frames have names of columns that mean harm, and too many of them."""
    session = LocalSession("hostile", nthreads=2)
    rows = [float(i % 7) for i in range(20)]
    session.frames.upload(
        table_of({name: [value + i for value in rows] for i, name in enumerate(HOSTILE)}), "odd"
    )
    session.frames.upload(table_of({f"column{i}": [0.0, 1.0, 2.0] for i in range(10_000)}), "wide")
    with RunningNode(OpenNode(session)) as running:
        yield running


def labelled(page: Any, name: str) -> Any:
    return page.get_by_label(name, exact=True)


def model_of(node: RunningNode, key: str) -> Any:
    """What a session tells of a model, once it is trained."""
    session = node.node.session
    for each in session.jobs.known():
        session.jobs.wait(each["job"], 30)
    return session.models.describe(key)


def test_a_model_is_built_by_clicks(page: Any, node: RunningNode):
    page.goto("build")
    expect(page.locator("#status")).to_have_text("Not yet: choose the frame to train on")
    labelled(page, "Training frame").select_option("iris")
    labelled(page, "Response").select_option("kind")
    labelled(page, "Validation frame").select_option("iris")
    labelled(page, "model_id").fill("clicked")
    labelled(page, "hidden").fill("4, 3")
    labelled(page, "epochs").fill("0.5")
    expect(page.locator("#status")).to_have_text("Ready: a Multinomial model")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/jobs/"))
    described = model_of(node, "clicked")
    assert described["parameters"]["hidden"]["input"] == [4, 3]
    assert described["validation_frame"] == "iris"


def test_what_is_wrong_appears_beside_the_field_as_one_types(page: Any):
    page.goto("build?frame=iris&response=kind")
    epochs = labelled(page, "epochs")
    epochs.fill("0,5")
    expect(page.locator("#e-epochs")).to_have_text("epochs='0,5': decimals have a point and no comma, 0.5")
    expect(epochs).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#status")).to_have_text("Not yet: epochs needs another value")
    labelled(page, "nfolds").fill("1")
    epochs.fill("0.5")
    expect(page.locator("#e-epochs")).to_be_empty()
    expect(page.locator("#e-nfolds")).to_contain_text("nfolds")
    labelled(page, "nfolds").fill("")
    labelled(page, "model_id").fill("flowers")
    expect(page.locator("#w-model_id")).to_contain_text("it will be replaced")
    labelled(page, "Response").select_option("x1")
    expect(page.locator("#status")).to_have_text("Ready: a Regression model")
    expect(page.locator("#link")).to_have_attribute("href", re.compile("response_column=x1.*epochs=0.5"))


def test_fields_appear_and_vanish_with_others(page: Any):
    page.goto("build?frame=iris&response=kind")
    page.get_by_text("Advanced").click()
    page.get_by_text("Expert").click()
    pairs = [
        ("adaptive_rate", "false", "rate", "rho"),
        ("autoencoder", "true", "average_activation", "balance_classes"),
        ("distribution", "tweedie", "tweedie_power", "huber_alpha"),
    ]
    for name, value, comes, goes in pairs:
        expect(labelled(page, comes)).to_be_hidden()
        before = labelled(page, goes).is_visible()
        labelled(page, name).select_option(value)
        expect(labelled(page, comes)).to_be_visible()
        expect(labelled(page, goes)).to_be_hidden()
        labelled(page, name).select_option("")
        expect(labelled(page, comes)).to_be_hidden()
        assert labelled(page, goes).is_visible() == before
    expect(labelled(page, "quiet_mode")).to_be_hidden()
    labelled(page, "rho").fill("0.9")
    labelled(page, "adaptive_rate").select_option("false")
    expect(page.locator("#w-rho")).to_contain_text("has no effect")  # what stands there does not vanish
    expect(labelled(page, "rho")).to_be_visible()


def test_a_preset_shows_what_it_fills(page: Any):
    page.goto("build?frame=iris&response=kind")
    expect(labelled(page, "hidden")).to_have_attribute("placeholder", "200, 200")
    labelled(page, "preset").select_option("Tabular")
    expect(labelled(page, "hidden")).to_have_attribute("placeholder", "256, 256")
    expect(labelled(page, "activation").locator("option").first).to_have_text("RectifierWithDropout (preset)")
    labelled(page, "activation").select_option("Tanh")
    page.get_by_text("Advanced").click()
    expect(labelled(page, "numeric_encoding").locator("option").first).to_have_text("Standardized (default)")
    labelled(page, "preset").select_option("")
    expect(labelled(page, "hidden")).to_have_attribute("placeholder", "200, 200")


def test_a_grid_is_built_by_boxes(page: Any, node: RunningNode):
    page.goto("build?frame=heart&response=state&epochs=0.2")
    expect(labelled(page, "max_models")).to_be_hidden()
    labelled(page, "search hidden").check()
    expect(labelled(page, "hidden")).to_be_hidden()
    labelled(page, "Values of hidden to try").fill("[3], [4, 4], [5]")
    labelled(page, "search activation").check()
    boxes = page.get_by_role("group", name="Values of activation to try")
    boxes.get_by_label("Tanh", exact=True).check()
    boxes.get_by_label("Maxout", exact=True).check()
    expect(page.locator("#status")).to_have_text("Ready: 6 combinations")
    labelled(page, "strategy").select_option("RandomDiscrete")
    labelled(page, "max_models").fill("2")
    labelled(page, "grid_id").fill("boxes")
    expect(page.locator("#status")).to_have_text("Ready: at most 2 of 6 combinations")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/jobs/"))
    session = node.node.session
    for each in session.jobs.known():
        session.jobs.wait(each["job"], 30)
    assert len(session.grids.describe("boxes")["model_ids"]) == 2


def test_a_checkpoint_fills_the_form(page: Any, node: RunningNode):
    page.goto("build?checkpoint=flowers")
    for name, value in (
        ("Training frame", "iris"),
        ("Validation frame", "iris"),
        ("Response", "kind"),
        ("hidden", "8, 8"),
        ("epochs", "10"),
    ):
        expect(labelled(page, name)).to_have_value(value)
    expect(page.locator("#status")).to_have_text("Ready: a Multinomial model")
    labelled(page, "model_id").fill("continued")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/jobs/"))
    assert model_of(node, "continued")["epochs"] == 10


def test_a_checkpoint_of_some_predictors_names_them(page: Any, node: RunningNode):
    session = node.node.session
    job = session.training.train(
        "deeplearning",
        {"model_id": "few", "hidden": [2], "epochs": 1},
        x=["x1", "x2"],
        y="kind",
        training_frame_key="iris",
    )
    session.jobs.wait(job["job"], 30)
    page.goto("build?checkpoint=few")
    expect(labelled(page, "Only")).to_be_checked()
    expect(labelled(page, "Predictors")).to_have_value("x1, x2")
    expect(page.locator("#status")).to_have_text("Ready: a Multinomial model")


def test_an_autoencoder_needs_no_response(page: Any):
    page.goto("build?frame=iris&autoencoder=true&columns=kind")
    expect(page.locator("#status")).to_have_text("Ready: an AutoEncoder model")
    expect(labelled(page, "Response")).to_be_hidden()
    page.goto("build?frame=iris")
    expect(page.locator("#status")).to_have_text("Not yet: choose the column to predict, or autoencoder")


def test_without_scripts_nothing_is_lost(browser: Any, node: RunningNode):
    with watched(browser, node, java_script_enabled=False) as page:
        page.watched.allowed.append("422")
        page.goto("build")
        labelled(page, "Training frame").select_option("heart")
        labelled(page, "epochs").fill("0,5")
        page.get_by_role("button", name="Use this frame").click()
        expect(page.locator("#e-epochs")).to_contain_text("decimals")
        labelled(page, "Response").select_option("state")
        page.get_by_text("Mark columns").click()
        labelled(page, "Find columns").fill("X")
        page.get_by_role("button", name="Find", exact=True).click()
        expect(page.locator(".mark")).to_have_count(4)
        labelled(page, "Mark x2").check()
        page.get_by_text("Expert").click()
        expect(labelled(page, "rate")).to_be_visible()
        expect(page.locator("#h-rate")).to_contain_text("Applies with adaptive_rate=False or optimizer=Adam.")
        page.get_by_text("Advanced").click()
        labelled(page, "search l1").check()
        labelled(page, "Values of l1 to try").fill("0, 1e-3")
        page.get_by_role("button", name="Start").click()
        expect(page.locator("#e-epochs")).to_contain_text("decimals")
        expect(labelled(page, "epochs")).to_have_value("0,5")
        expect(labelled(page, "Predictors")).to_have_value("x2")
        expect(labelled(page, "Values of l1 to try")).to_have_value("0, 1e-3")
        labelled(page, "epochs").fill("0.5")
        page.get_by_role("button", name="Copy as R").click()
        expect(page.locator("#code-r")).to_contain_text("h2o.grid(")
        labelled(page, "grid_id").fill("plain")
        page.get_by_role("button", name="Start").click()
        page.wait_for_url(re.compile("/jobs/"))
        assert "plain" in node.node.session.objects.keys("grid")


def test_what_has_to_be_mended_is_shown(page: Any):
    page.goto("build?frame=iris&response=kind")
    expect(page.get_by_text("filled in").first).to_be_hidden()
    labelled(page, "hidden").fill("[]")
    page.get_by_text("Advanced").click()
    labelled(page, "loss").select_option("Absolute")
    expect(page.get_by_text("1 filled in")).to_be_visible()
    expect(page.locator("#e-loss")).to_contain_text("the loss must be")
    page.get_by_text("Advanced").click()
    labelled(page, "epochs").fill("1")
    expect(page.locator("#e-loss")).to_be_visible()


def test_programs_are_copied(browser: Any, node: RunningNode):
    with watched(browser, node, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("build?frame=iris&response=kind")
        labelled(page, "epochs").fill("0.5")
        page.get_by_role("button", name="Copy as Python").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "epochs=0.5" in copied
        assert f'h2o.connect(url="{node.url}")' in copied


def test_enter_in_a_field_starts_nothing(page: Any, node: RunningNode):
    before = len(node.node.session.jobs.known())
    page.goto("build?frame=iris&response=kind")
    labelled(page, "epochs").fill("x")
    labelled(page, "epochs").press("Enter")
    expect(page.locator("#e-epochs")).to_contain_text("is no number")
    expect(page).to_have_url(re.compile(re.escape("build?frame=iris&response=kind") + "$"))
    assert len(node.node.session.jobs.known()) == before


def test_hostile_names_of_columns_are_chosen_and_marked(browser: Any, hostile: RunningNode):
    with watched(browser, hostile) as page:
        page.goto("build?frame=odd")
        page.get_by_text("Mark columns").click()
        for i in range(1, len(HOSTILE) - 1):
            page.locator(f"#m-{i}").check()
            expect(page.locator(f"#m-{i}")).to_be_checked()
        labelled(page, "Response").select_option(index=1)
        labelled(page, "model_id").fill("odd")
        expect(page.locator("#e-model_id")).to_contain_text("names a frame")
        labelled(page, "model_id").fill("strange")
        labelled(page, "epochs").fill("0.1")
        page.get_by_role("button", name="Start").click()
        page.wait_for_url(re.compile("/jobs/"))
        described = model_of(hostile, "strange")
    assert described["response_column"] == HOSTILE[0]
    assert described["parameters"]["ignored_columns"]["input"] == HOSTILE[1:-1]


def test_thousands_of_columns_are_looked_up(browser: Any, hostile: RunningNode):
    with watched(browser, hostile) as page:
        page.goto("build?frame=wide")
        assert page.locator("#build option").count() < 500
        labelled(page, "Response").fill("column77")
        expect(page.locator("#found-columns option")).to_have_count(50)
        page.get_by_text("Mark columns").click()
        labelled(page, "Find columns").fill("column777")
        page.get_by_role("button", name="Find", exact=True).click()
        expect(page.locator(".mark")).to_have_count(11)
        page.get_by_role("button", name="Mark all found").click()
        expect(page.locator(".mark:checked")).to_have_count(11)
        labelled(page, "Only").check()
        expect(page.locator("#status")).to_have_text("Ready: a Regression model")
        expect(page.locator("#code-python")).to_contain_text('"column777"')


def test_long_lists_are_paged(browser: Any, hostile: RunningNode):
    with watched(browser, hostile, java_script_enabled=False) as page:
        page.goto("build?frame=wide&find=column")
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_text(re.compile("51 . 100 of"))).to_be_visible()
        page.get_by_role("button", name="Previous").click()
        expect(page.get_by_text(re.compile("^1 . 50 of"))).to_be_visible()


def test_folders_go_through_the_guard(browser: Any, tmp_path: Any):
    session = LocalSession("rooted", nthreads=1)
    session.frames.upload(table_of({"x": [1.0, 2.0, 3.0], "y": [1.0, 0.0, 2.0]}), "small")
    with (
        RunningNode(OpenNode(session, NodeOptions(roots=(str(tmp_path),)))) as node,
        watched(browser, node) as page,
    ):
        page.goto("build?frame=small&response=y&export_checkpoints_dir=/etc")
        expect(page.locator("#e-export_checkpoints_dir")).to_contain_text("export_checkpoints_dir")
        assert session.jobs.known() == []


def test_an_empty_session_says_what_to_do(browser: Any, empty_node: RunningNode):
    with watched(browser, empty_node) as page:
        page.goto("build")
        expect(page.get_by_text("No frame to train on yet")).to_be_visible()
