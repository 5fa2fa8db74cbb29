"""Steps of preparation with ``fit`` and ``transform``, as scikit-learn's pipelines take them."""
