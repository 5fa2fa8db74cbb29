"""The compiled engine: recorded runs, a twin in NumPy, gradients, threads."""
