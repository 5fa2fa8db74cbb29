"""What is left after training: importances, and numbers that have no room."""
