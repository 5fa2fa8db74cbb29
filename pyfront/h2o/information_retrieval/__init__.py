"""Weights of words in documents."""

from h2o.information_retrieval.tf_idf import tf_idf

__all__ = ["tf_idf"]
