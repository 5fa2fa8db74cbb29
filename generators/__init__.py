"""What writes source files from tables: ``make generate``, or ``python -m generators`` in the source tree.

``python_signature``  arguments and help of the estimators, from the table of parameters
``sklearn_signature``  those of the classes for scikit-learn
``core_parameters``   the same parameters as typed attributes, for the core
``r_signature``       the R function h2o.deeplearning and its help
``r_operations``      R functions that only name an operation, and those that say what to use instead (`rfront/tools`)
"""
