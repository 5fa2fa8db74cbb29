"""Import: sources, formats, guesses, and input of all manners."""
