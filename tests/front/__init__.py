"""The Python front end, and training as its users see it."""
