"""Nothing piles up in the session: frames go at once, models with the estimators that hold them."""

import copy
import gc
import pickle
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import joblib
import numpy as np
import pytest
from h2o.sklearn import H2OAutoEncoder, H2ODeepLearningClassifier, H2ODeepLearningRegressor
from sklearn.base import clone

pytestmark = pytest.mark.usefixtures("few_objects")


def keys(kind: str | None = None) -> set[str]:
    gc.collect()
    return set(h2o.connection().session.objects.keys(kind))


@pytest.fixture
def fitted(numbers) -> Callable[[], Any]:
    """Gives a fitted estimator that nothing else holds."""
    return lambda: H2ODeepLearningClassifier(hidden=(4,), epochs=1, random_state=1).fit(*numbers)


def test_frames_go_at_once(numbers, mixed):
    before = keys("frame")
    net = H2ODeepLearningRegressor(hidden=(4,), epochs=1, early_stopping=True).fit(mixed, numbers[0][:120, 0])
    net.predict(mixed)
    coder = H2OAutoEncoder(hidden=(4,), epochs=1).fit(mixed)
    coder.transform(mixed), coder.score_samples(mixed)
    assert keys("frame") == before


def test_models_go_with_their_estimators(numbers, fitted):
    net = fitted()
    first = net.model_.key
    others = keys("model") - {first}
    net.fit(*numbers)
    assert keys("model") == others | {net.model_.key} and first != net.model_.key
    for _ in range(3):
        net.partial_fit(*numbers)
    assert len(keys("model")) == len(others) + 1
    kept = net.model_  # which holds itself
    again = copy.copy(net)
    del net
    assert kept.key in keys("model")
    del again
    assert kept.key in keys("model") and kept.logloss() > 0
    del kept
    assert keys("model") == others


def test_a_pickle_carries_the_model(numbers, fitted):
    net = fitted()
    X, _ = numbers
    expected, key = net.predict_proba(X), net.model_.key
    content = pickle.dumps(net)
    copies = [pickle.loads(content), copy.deepcopy(net)]
    del net
    assert key in keys("model")
    assert all((each.predict_proba(X) == expected).all() for each in copies)
    copies.clear()
    assert key not in keys("model")
    later = pickle.loads(content)
    assert (later.predict_proba(X) == expected).all() and later.model_.key == key


def test_what_somebody_has_loaded_stays(fitted, tmp_path: Path):
    net = fitted()
    content, file = pickle.dumps(net), h2o.download_model(net.model_, str(tmp_path))
    key = net.model_.key
    del net
    assert key not in keys("model")
    mine = h2o.upload_model(file)
    assert mine.key == key
    other = pickle.loads(content)
    del other
    assert key in keys("model")
    h2o.remove(key)


def test_joblib_stores_it(fitted, numbers, tmp_path: Path):
    net = fitted()
    joblib.dump(net, tmp_path / "net.joblib")
    assert (
        joblib.load(tmp_path / "net.joblib").predict_proba(numbers[0]) == net.predict_proba(numbers[0])
    ).all()


def test_an_unfitted_one_is_pickled_too(fitted):
    net = fitted()
    fresh = clone(net)
    assert pickle.loads(pickle.dumps(fresh)).get_params() == net.get_params()
    assert not hasattr(fresh, "classes_")


def test_after_a_shutdown_a_fit_begins_anew(fitted, numbers):
    net = fitted()
    if h2o.connection().at_node:
        pytest.skip("the node goes on")
    gone = weakref.ref(h2o.connection().session)
    h2o.shutdown()
    assert len(net.fit(*numbers).predict(numbers[0])) == 200
    assert h2o.connection().session is not gone()


def test_estimators_of_several_threads(numbers):
    X, y = numbers
    before = keys()
    found: dict[int, list[Any]] = {}

    def work(seed: int) -> None:
        for _ in range(5):
            net = H2ODeepLearningClassifier(hidden=(4,), epochs=2, random_state=seed).fit(X, y)
            found.setdefault(seed, []).append(net.predict_proba(X))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for answers in found.values():
        assert len(answers) == 5 and all(np.array_equal(answers[0], again) for again in answers)
    assert keys() == before
