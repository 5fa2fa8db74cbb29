"""Deep Learning: the training protocol around the engine.

`parameters.toml` is the one table of parameters; `parameters` looks things up in it, `constraints` checks
single values, `validation` checks a whole set against what is known of the data and resolves what was left
open. Nothing here knows a front end.
"""
