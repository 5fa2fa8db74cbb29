"""Trainings followed by other programs: ``python -m tests.trackers`` (``make test-trackers``) runs all in an environment with MLflow.

What needs a small package only runs with all other tests.
"""
