"""What a model has learnt, and why it says of a row what it says.

``varimp``              importances of variables from the weights     ``permutation``  importances by shuffled columns
``partial_dependence``  the mean prediction if a column had one value
``encoded_columns``     rows encoded once, columns of which are shuffled or get other values
``contributions``       of columns to predictions: ``explained`` (what of a model), ``row_pairs`` (rows beside a background),
                        ``rescale`` (DeepSHAP on arrays), ``integrated_gradients``, ``exact_contributions`` (all subsets of
                        columns), ``contribution_options``, ``contribution_frames`` (names, columns)
``chosen_rows``         some rows of a frame, where all would take too long
``fairness``            metrics of groups of rows
``unit_activity``       how often hidden units are active
"""
