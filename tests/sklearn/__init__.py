"""h2o.sklearn."""
