"""What is left after training, and how good it is.

``model``          predictions, metrics, features, and the description
``network``        layers, starting weights, copies of weights
``scorer``         scores of a network on samples of rows
``custom_metric``  metrics of the user's own
``history``, ``varimp``  tables: layers and scorings, importances of variables
``evaluation``     metrics of predictions that stand in frames
"""
