"""What is left after training, and how good it is.

``model``          predictions, metrics, features, and the description
``network``        layers, starting weights, copies of weights
``scorer``         scores of a network on samples of rows, which ``sample`` holds
``row_scoring``    rows of plain values, scored without a frame
``model_inputs``   what a model is given, with what training has seen of it
``fold_ensemble``  the models of the folds as one
``custom_metric``  metrics of the user's own
``epochs_choice``  how the number of epochs was chosen
``state``          where a training run stands, and what is kept of it so that another one can go on
``history``        the table of scorings
``evaluation``     metrics of predictions that stand in frames
"""
