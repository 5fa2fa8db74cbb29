"""Metrics against H2O's own, their properties and their edges."""
