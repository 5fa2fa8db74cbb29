"""Every public name of H2O's Python client (3.46) is here, or says what to use instead."""

import importlib
import json
from pathlib import Path
from typing import Any

import h2o
import pytest
from h2o.elsewhere.names import MEMBERS
from h2o.elsewhere.stand_ins import _REASONS, MOVED, _Absent
from h2o.estimators import H2ODeepLearningEstimator

NAMES: dict[str, str] = json.loads((Path(__file__).parents[1] / "data" / "h2o_python_names.json").read_text())


MEMBER_NAMES: dict[str, str] = json.loads(
    (Path(__file__).parents[1] / "data" / "h2o_python_members.json").read_text()
)


def is_absent(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, _Absent)


@pytest.mark.parametrize("module", NAMES)
def test_names_of_a_module_can_be_imported(module: str) -> None:
    here = importlib.import_module(module)
    for name in NAMES[module].split():
        found = getattr(here, name)
        if is_absent(found):
            with pytest.raises(NotImplementedError, match=f"{name}: .{{10,}}"):
                found(1, key="value")


@pytest.mark.parametrize("module", [*MOVED, *_REASONS])
def test_names_that_are_not_those_of_h2o_are_attribute_errors(module: str) -> None:
    here = importlib.import_module(module)
    with pytest.raises(AttributeError):
        _ = here.no_such_name
    assert not hasattr(here, "no_such_name")


def test_a_name_is_the_same_wherever_it_is_imported_from() -> None:
    from h2o import estimators
    from h2o import h2o as functions  # type: ignore[attr-defined]
    from h2o.estimators import gbm  # type: ignore[attr-defined]

    assert estimators.H2OGradientBoostingEstimator is gbm.H2OGradientBoostingEstimator  # type: ignore[attr-defined]
    assert functions.import_sql_table is h2o.import_sql_table  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def model() -> Any:
    rows = h2o.H2OFrame({"a": list(range(20)), "y": ["u", "v"] * 10}, column_types={"y": "enum"})
    found = H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1)
    found.train(x=["a"], y="y", training_frame=rows)
    return found


def instances(model: Any) -> dict[str, Any]:
    return {
        "H2OFrame": h2o.H2OFrame([1, 2]),
        "ModelBase": model,
        "H2OGridSearch": h2o.H2OGridSearch(H2ODeepLearningEstimator, {"epochs": [1]}),
        "H2OCluster": h2o.cluster(),
        "H2OConnection": h2o.connection(),
        "MetricsBase": model.model_performance(),
        "H2OTwoDimTable": model.summary(),
        "ConfusionMatrix": model.confusion_matrix(),
    }


@pytest.mark.parametrize("of", MEMBERS)
def test_members_of_objects_say_what_to_use(of: str, model: Any) -> None:
    found = instances(model)[of]
    for _, names in MEMBERS[of]:
        for name in names.split():
            with pytest.raises(NotImplementedError, match=f"{name}: .{{10,}}"):
                getattr(found, name)()
    with pytest.raises(AttributeError):
        _ = found.no_such_member


@pytest.mark.parametrize("of", MEMBER_NAMES)
def test_members_of_h2os_objects_are_here_or_say_what_to_use(of: str, model: Any) -> None:
    found = instances(model)[of]
    assert [name for name in MEMBER_NAMES[of].split() if not is_there(found, name)] == []


def is_there(found: Any, name: str) -> bool:
    """Whether an object has a member; reading it may be an error in the state of the object."""
    try:
        getattr(found, name)
    except AttributeError:
        return False
    except Exception:  # noqa: BLE001 - reading some members is an error of any kind
        return True
    return True


def test_the_import_stays_light() -> None:
    import subprocess
    import sys

    loaded = "import sys, h2o; print([m for m in sys.modules if m.startswith(('h2o.estimators.gbm', 'h2o.sklearn', 'sklearn'))])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
