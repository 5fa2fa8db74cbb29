"""The training protocol.

``trainer``           the loop of iterations
``order``, ``balance``  which row is trained when, and how often
``schedule``          rates and momentum of an iteration
``stopping``          when to end, which of two scores is better
``team``              how many threads
``checkpoint``, ``pretraining``  where training starts from another model
``result``            the model that a run gives
``folds``, ``cross_validation``  the models of the folds, side by side, and the parameters of the main model
"""
