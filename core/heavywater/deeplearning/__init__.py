"""Deep Learning: the training protocol around the engine. Nothing here knows a front end.

``parameters``  the table of parameters, checks of single values and of whole sets, and what is settled where they leave it
                open
``encoding``    from columns to input units and targets, and back; frames to be scored are adapted
``model``       the network, its scores, and what a trained model predicts and tells
``explaining``  importances, dependence on columns, contributions to predictions, groups of rows
``uncertainty`` how sure a prediction is: calibration, intervals
``training``    the loop of iterations: rows, rates, when to end, checkpoints, cross-validation
``metrics``     how good predictions are; arrays in, numbers and tables out
"""
