# Every file of tests works in one quiet session with two threads.
start <- function() {
  skip_if_not(h2o:::python_found(), "Python with heavywater")
  h2o.no_progress()
  if (!h2o.clusterIsUp()) suppressMessages(capture.output(h2o.init(nthreads = 2)))
}

data_file <- function(name) system.file("extdata", name, package = "h2o", mustWork = TRUE)

flowers <- function() as.h2o(iris, NULL)

small_model <- function(..., frame = flowers(), y = "Species", hidden = c(8, 8), epochs = 5, seed = 1) {
  h2o.deeplearning(y = y, training_frame = frame, hidden = hidden, epochs = epochs, seed = seed, reproducible = TRUE, ...)
}

# A second R with the same libraries; what it prints.
in_new_session <- function(...) {
  script <- tempfile(fileext = ".R")
  writeLines(c(...), script)
  libraries <- paste(.libPaths(), collapse = .Platform$path.sep)
  system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", script), stdout = TRUE, stderr = TRUE, env = paste0("R_LIBS=", libraries))
}

# Whether all tests run at a node that was started before, see HEAVYWATER_SESSION.
at_node <- function() grepl("^https?://", Sys.getenv("HEAVYWATER_SESSION"))
