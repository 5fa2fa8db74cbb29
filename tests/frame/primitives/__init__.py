"""The operations of the registry, against numpy, pandas and Python."""
