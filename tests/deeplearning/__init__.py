"""Training without a front end: parameters, encoding, iterations, folds."""
