"""Answers of a model: for a frame, a file, or one row whose inputs one moves.

``predictions``  model and rows, and what came of it    ``prediction_runs``  the jobs that make them
``cut_off``      anomaly scores cut off, ``score_cut`` where
``what_if``      one row: ``row_fields`` of its form, ``answer_view`` what the model answers,
                 ``row_contributions`` what each input adds to that
"""
