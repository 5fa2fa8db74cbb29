"""From columns to input units and targets."""
