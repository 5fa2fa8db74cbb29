"""The names that examples of docstrings know; the reference shows what follows."""

import h2o

h2o.init()
frame = h2o.H2OFrame(
    {
        "x": [1.5, -2.0, 4.0, None],
        "n": [3, 1, 2, 2],
        "k": ["b", "a", "b", "c"],
        "text": [" Ann", "Bob ", "Ann B", None],
        "day": ["2024-02-29", "2024-03-01", "2025-12-31", "2026-01-01"],
    },
    column_types={"k": "enum", "text": "string", "day": "time"},
)
iris = h2o.load_dataset("iris")
prostate = h2o.load_dataset("prostate")
prostate["CAPSULE"] = prostate["CAPSULE"].asfactor()
