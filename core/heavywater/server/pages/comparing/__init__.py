"""Several models: side by side, and as grids."""
