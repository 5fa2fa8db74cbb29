"""How sure a prediction is: what is learned from rows that were held out of the training, as plain numbers.

- ``calibration``: probabilities that come true as often as they say.
- ``fold_intervals``: the same of several models at once.
- ``temperature``: a number that the outputs of a classifier are divided by.
- ``intervals``: how far a prediction may be off, for intervals of numbers and sets of classes; ``held_out_scores``: the sorted
  figures behind them.
"""
