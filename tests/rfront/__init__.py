"""The R package."""
