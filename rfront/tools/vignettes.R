# Runs the sources of the vignettes (*.Rmd.orig) and puts code, results and pictures into *.Rmd, which are rendered when the package is
# built, without running anything. For `make rvignettes`, and with another folder as argument for the test that they run.
arguments <- commandArgs(TRUE)
setwd(arguments[1])
knitr::opts_knit$set(progress = FALSE)
for (source in sort(list.files(pattern = "[.]Rmd[.]orig$"))) {
  environment <- new.env(parent = globalenv())
  knitr::knit(source, sub("[.]orig$", "", source), quiet = TRUE, envir = environment)
  if (requireNamespace("h2o", quietly = TRUE) && h2o::h2o.clusterIsUp()) h2o::h2o.removeAll()
}
