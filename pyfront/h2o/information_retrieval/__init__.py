"""Weights of words in documents."""

from .tf_idf import tf_idf

__all__ = ["tf_idf"]
