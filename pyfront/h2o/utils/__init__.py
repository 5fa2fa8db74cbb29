"""Helpers that scripts written for H2O import."""
