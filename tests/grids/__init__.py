"""Grid search: the space of hyper-parameters."""
