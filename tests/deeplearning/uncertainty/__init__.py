"""How sure predictions are: calibrated probabilities, intervals, sets of classes."""
