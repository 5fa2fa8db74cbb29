"""heavywater: deep learning on frames, without a JVM.

The layers, from the bottom up (a layer imports only the ones below it):

``engine``
    The compiled part. It sees arrays, never frames, files or names.
``frame``
    Columns, import, and the registry of named operations on frames.
``deeplearning``
    Parameters, training protocol, metrics and models around the engine.
``grids``, ``export``
    Searches over parameters; models, grids and frames as files.
``cluster``
    Processes that take part, and the connections to them.
``session``
    What a front end may ask for: import, evaluate, train, predict, get, remove.
``server``
    A node: a session behind HTTP, for clients, scorers and browsers.
``exchange``, ``bridge``
    What front ends in Python and R put between their own objects and a session; ``rbridge`` and ``r_host`` are the names
    of the bridge that scripts know.

``errors``, ``files``, ``room``, ``jobs`` and ``arrays`` are the ground that the others stand on.

Front ends (the Python package ``h2o`` and the R package ``h2o``) hold no algorithm: they name an
operation of the registry or call the session.
"""

from importlib import metadata

try:
    __version__ = metadata.version("heavywater")
except metadata.PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0.2.0.dev0"

__all__ = ["__version__"]
