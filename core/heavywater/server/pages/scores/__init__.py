"""How good models are: names of metrics, curves, confusion matrices, thresholds."""
