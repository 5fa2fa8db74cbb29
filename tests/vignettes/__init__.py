"""The booklet's chapters, run in small, and the data that they fetch."""
