library(testthat)
library(h2o)

test_check("h2o")
