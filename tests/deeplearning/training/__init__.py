"""The loop of iterations: order, balance, folds, averaging, stopping."""
