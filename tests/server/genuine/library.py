"""The modules of the genuine client, which have the names of ours."""

from __future__ import annotations

from importlib import import_module
from typing import Any

h2o: Any = import_module("h2o")
H2OFrame: Any = h2o.H2OFrame
expressions: Any = import_module("h2o.expr")
DeepLearning: Any = import_module("h2o.estimators").H2ODeepLearningEstimator
Autoencoder: Any = import_module("h2o.estimators").H2OAutoEncoderEstimator
GridSearch: Any = import_module("h2o.grid.grid_search").H2OGridSearch
