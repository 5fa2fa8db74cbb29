"""What is called while a model is trained, and may stop the training: ``train(..., callbacks=[...])``.

``callback``  Callback, the interface               ``run``       Run and Scores, what a callback is told
``watching``  asks a job how far it is, and calls   ``training_log``  the logger "h2o"
"""

from .callback import Callback
from .run import Run, Scores
from .training_log import TrainingLog
from .watching import register, unregister

__all__ = ["Callback", "Run", "Scores", "TrainingLog", "register", "unregister"]
