"""Parameters: what may be given, what is used.

``parameters.toml``  the one table; signatures and documentation of the front ends are made from it
``table``            looks things up in it, checks one value by name
``constraints``      kinds of values and their limits
``typed``            every parameter as a typed attribute, generated
``presets``          what a preset fills in the place of H2O's defaults
``context``          what is known of the data
``validation``       a whole set of parameters against the data
``several_quantiles``  which quantiles a model predicts    ``relevance``  which parameters change nothing beside the others
``resolution``, ``combinations``, ``sizes``, ``fold_rules``, ``balance_rules``  its rules: what is left open, what
                     excludes what, what fits the machine, what cross-validation and balanced classes need; so do
                     ``calibration_rules``, ``hold_out_rules``, ``output_rules`` and ``shard_rules``, for frames whose rows lie on nodes
"""
