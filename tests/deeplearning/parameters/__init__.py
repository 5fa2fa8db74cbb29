"""The table of parameters, their checks, and what is made of them."""
