"""What a model has learnt, in figures: importances, dependence, contributions, groups of rows."""
