"""Short examples with pictures, each a script and a notebook: `make gallery` runs them and writes ``docs/gallery``.

``classification``, ``regression``
    Tables.
``anomalies``, ``imbalanced``
    What an autoencoder has not seen; a class that is rare.
``text``, ``times``
    Inputs that are no numbers yet.
``pipeline``, ``deployment``
    Beside scikit-learn, and in other programs.

Several nodes on one machine are in `vignettes.cluster`.
"""
