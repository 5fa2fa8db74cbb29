"""The training protocol.

``prepared``    what training needs beside the parameters: encoded rows, their order, samples to score, a start
``trainer``     the loop of iterations
``worker``      the network in training, a slice of rows at a time; ``runner`` its rows and threads, ``team`` how many
``ensemble_worker``  the networks of an ensemble, side by side; ``spread_members`` in several processes
``shared_worker``  the same by several processes: who leads them; ``ring_member`` one of them, ``ring_peers`` all of them,
                ``shares`` the part of one in the rows, ``rounds`` how often they meet, ``averaging_rule`` what they make
                of their weights then
``iterations``  how many rows an iteration has; ``order``, ``balance`` which they are
``schedule``    rates and momentum of an iteration
``averaging``   what is done with the weights between two iterations
``scorings``    when to score, the best network so far; ``stopping`` when to end; ``stopwatch`` how long it takes
``checkpoint``, ``pretraining``  where training starts from another model
``hold_out``    rows of the training frame that take the place of a validation frame
``choosing_epochs``  networks that are trained for different times, and which was best on rows held out
``held_out``    what a model learns from rows that were held out: calibration, intervals
``shard``       a training frame in parts that lie in other processes
``result``      the model that a run gives; ``collapse`` whether its units stand still
``folds``, ``cross_validation``  the models of the folds, side by side, and the parameters of the main model
"""
