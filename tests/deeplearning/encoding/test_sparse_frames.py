"""A sparse matrix stays sparse into training, and gives the model of the dense one."""

import numpy as np
import pytest
from heavywater.deeplearning.encoding.encoder import Encoder
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import factor, numeric
from heavywater.frame.columns.storage import SparseCells
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.frame import Frame
from scipy import sparse


def data(n=400, k=30, whole=False, holes=True):
    rng = np.random.default_rng(5)
    dense = np.where(rng.random((n, k)) < 0.1, rng.normal(size=(n, k)), 0)
    if whole:
        dense = np.round(np.abs(dense) * 40)
    elif holes:
        dense[rng.random((n, k)) < 0.01] = np.nan
    return dense


def frames(dense):
    full = Frame([f"C{i + 1}" for i in range(dense.shape[1])], [numeric(column) for column in dense.T])
    thin = frame_from(sparse.csr_matrix(dense))
    assert all(c.sparse is not None for c in thin.columns)
    return thin, full


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "options",
    [{"sparse": True}, {"standardize": False}, {"sparse": True, "autoencoder": True}, {"sparse": False}],
    ids=str,
)
def test_encoded_as_dense_columns_are(whole, weighted, options):
    thin, full = frames(data(whole=whole))
    weights = np.random.default_rng(2).integers(0, 3, full.nrow).astype(float) if weighted else None
    ours = Encoder.fit(thin, thin.names, weights=weights, **options)
    wanted = Encoder.fit(full, full.names, weights=weights, **options)
    for name in full.names:
        a, b = ours.scaling[name], wanted.scaling[name]
        assert a == b
    found, full_rows = ours.encode(thin), wanted.encode(full)
    assert (found.start is None) == (full_rows.start is None)
    assert np.array_equal(found.numbers_block(0, found.n), full_rows.numbers_block(0, full_rows.n))
    if found.start is not None:
        assert found.value.dtype == full_rows.value.dtype
        assert np.array_equal(found.start, full_rows.start)
        assert np.array_equal(found.index, full_rows.index)
        assert found.index.dtype == full_rows.index.dtype


def test_no_dense_array_is_made(monkeypatch):
    """A million rows and 2000 columns would take 2 GB as bytes."""
    rng = np.random.default_rng(3)
    rows, columns = rng.permutation(1_000_000)[:2000], rng.integers(0, 2000, 2000)
    matrix = sparse.coo_array((rng.normal(size=2000), (rows, columns)), shape=(1_000_000, 2000))
    frame = frame_from(matrix)
    monkeypatch.setattr(SparseCells, "dense", lambda self: pytest.fail("a sparse column was made dense"))
    encoder = Encoder.fit(frame, frame.names, sparse=True)
    encoded = encoder.encode(frame)
    assert len(encoded.index) == matrix.nnz
    assert encoded.nbytes < 30_000_000


def test_model_is_that_of_the_dense_data(monkeypatch):
    import h2o
    from h2o.estimators.deeplearning import H2ODeepLearningEstimator

    dense = data(holes=False)
    h2o.init(verbose=False)
    h2o.no_progress()
    answer = np.where(dense[:, :3].sum(axis=1) > 0, "yes", "no")
    predictions = []
    for python_obj in (sparse.csr_matrix(dense), dense):
        frame = h2o.H2OFrame(python_obj)
        frame["y"] = h2o.H2OFrame({"y": answer.tolist()}).asfactor()
        model = H2ODeepLearningEstimator(hidden=[10], epochs=5, seed=1, sparse=True, reproducible=True)
        with monkeypatch.context() as patched:
            patched.setattr(SparseCells, "dense", lambda self: pytest.fail("a sparse column was made dense"))
            model.train(y="y", training_frame=frame)
            predicted = model.predict(frame)
        predictions.append(predicted.as_data_frame()["yes"].to_numpy())
    assert np.allclose(predictions[0], predictions[1], atol=1e-6)
    assert predictions[0].std() > 0.01


def test_sparse_beside_other_columns():
    thin, full = frames(data(holes=False))
    extra = [factor(numeric(np.arange(full.nrow) % 3)), numeric(np.arange(full.nrow) % 2)]
    thin = Frame([*thin.names, "f", "d"], [*thin.columns, *extra])
    full = Frame([*full.names, "f", "d"], [*full.columns, *extra])
    a, b = (Encoder.fit(f, f.names, sparse=True).encode(f) for f in (thin, full))
    assert np.array_equal(a.category, b.category)
    assert np.allclose(a.numbers_block(0, a.n), b.numbers_block(0, b.n), atol=1e-6)
    assert isinstance(thin.columns[0], Column)
