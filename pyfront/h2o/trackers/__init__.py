"""Other programs that follow trainings: each module needs a package of its own, which is imported when it is used.

``tensorboard``  TensorBoard, a callback that writes event files             pip install 'heavywater[tensorboard]'
``mlflow``       autolog, a callback, and models of MLflow                   pip install 'heavywater[mlflow]'
``optuna``       OptunaPruning, a callback that ends trials without promise  pip install 'heavywater[optuna]'

``needed``       says which package is missing
"""

from .mlflow import MLflowLogger
from .optuna import OptunaPruning
from .tensorboard import TensorBoard

__all__ = ["MLflowLogger", "OptunaPruning", "TensorBoard"]
