"""What is left after training: inputs, single rows, and numbers that have no room."""
