start()

test_that("errors of Python are conditions of the class h2o_error, without a traceback", {
  error <- expect_error(h2o.getFrame("nothing"), class = "h2o_error")
  expect_s3_class(error, "h2o_not_found")
  expect_match(conditionMessage(error), "no frame 'nothing'", fixed = TRUE)
  expect_no_match(conditionMessage(error), "Traceback")
  expect_match(error$traceback, "Traceback")
})

test_that("the traceback is shown when it is asked for", {
  old <- options(h2o.traceback = TRUE)
  on.exit(options(old))
  expect_error(h2o.getFrame("nothing"), "Traceback", class = "h2o_error")
})

test_that("an unknown request is an error", {
  expect_error(h2o:::request("frames.no_such_request"), "no_such_request", class = "h2o_not_found")
  expect_error(h2o:::request("objects._store"), class = "h2o_not_found")
})

test_that("warnings of Python are warnings", {
  model <- small_model()
  part <- flowers()[1:3]
  expect_warning(h2o.predict(model, part), "Petal.Width")
})

test_that("values cross the border and come back", {
  back <- function(x) h2o:::request("frames.evaluate", x)
  expect_identical(back(3), 3)
  expect_identical(back(3L), 3L)
  expect_identical(back("ä"), "ä")
  expect_true(back(TRUE) == TRUE)
  expect_null(back(NULL))
  expect_null(back(NA))
  expect_identical(back(c(1.5, NA)), c(1.5, NA))
  expect_identical(back(c("a", NA)), c("a", NA))
  expect_identical(back(2^40), 2^40)
})

test_that("temporary frames vanish with their R objects, named ones stay", {
  keep <- as.h2o(iris, "kept_frame")
  temporary <- flowers()
  key <- h2o.getId(temporary)
  expect_true(key %in% h2o.ls()$key)
  rm(temporary)
  gc()
  expect_false(key %in% h2o.ls()$key)
  expect_true("kept_frame" %in% h2o.ls()$key)
  h2o.rm(keep)
  expect_false("kept_frame" %in% h2o.ls()$key)
})

# The most frames there are while `work` is done `times` times.
most_while <- function(times, work) {
  most <- 0
  for (i in seq_len(times)) {
    work()
    if (i %% 10 == 0) most <- max(most, nrow(h2o.ls()))
  }
  most
}

test_that("frames of a loop do not pile up until R collects by itself", {
  gc()
  f <- flowers()
  m <- small_model(epochs = 0.1)
  before <- nrow(h2o.ls())
  for (work in list(
    function() h2o.predict(m, f), function() f[1:3, ] + 1, function() as.h2o(iris[1:2, ], NULL),
    function() h2o.splitFrame(f, 0.5), function() apply(f[1:4], 1, sum)
  )) {
    expect_lt(most_while(250, work), before + 3 * h2o:::most_frames)
  }
})

test_that("frames of many cells are collected sooner", {
  f <- as.h2o(data.frame(a = seq_len(1e6)), NULL)
  before <- nrow(h2o.ls())
  expect_lt(most_while(60, function() f + 1), before + 2 * h2o:::most_cells / 1e6)
})

test_that("frames in use stay, however many there are", {
  f <- flowers()
  frames <- lapply(seq_len(450), function(i) f[1:2, 1] + i)
  expect_equal(sapply(frames[c(1, 200, 450)], function(each) each[1, 1]), 5.1 + c(1, 200, 450))
  keys <- vapply(frames, h2o.getId, "")
  again <- lapply(keys[1:3], h2o.getFrame) # other objects of the same frames
  rm(frames)
  gc()
  if (at_node()) for (i in 1:50) h2o.clusterIsUp() # each request takes some with it
  expect_identical(keys %in% h2o.ls()$key, rep(c(TRUE, FALSE), c(3, 447)))
  expect_equal(again[[3]][1, 1], 8.1)
  rm(again)
  gc()
  expect_false(any(keys %in% h2o.ls()$key))
})

test_that("objects of a session that has ended take nothing from the next one", {
  skip_if(at_node(), "what has a name stays at the node")
  old <- flowers()
  h2o.shutdown(prompt = FALSE)
  suppressMessages(capture.output(h2o.init(nthreads = 2)))
  new <- flowers()
  rm(old)
  gc()
  expect_identical(nrow(h2o.ls()), 1L)
  expect_identical(dim(new), c(150L, 5L))
})

test_that("a session can be ended and started again", {
  skip_if(at_node(), "what has a name stays at the node")
  as.h2o(iris, "lost")
  # more bytes than a number of R counts to the last one
  expect_output(suppressMessages(h2o.init(nthreads = 2, max_mem_size = "1000000000g")), "memory limit: +1e\\+09 GB")
  expect_equal(h2o.clusterStatus()$max_mem, 1e9 * 2^30)
  h2o.shutdown(prompt = FALSE)
  expect_false(h2o.clusterIsUp())
  expect_error(h2o.shutdown(prompt = FALSE), class = "h2o_error")
  expect_output(suppressMessages(h2o.init(nthreads = 2)), "allowed cores: +2")
  expect_false("lost" %in% h2o.ls()$key)
  expect_identical(h2o.clusterStatus()$nthreads, 2L)
})

test_that("arguments of h2o.init() that mean nothing are named", {
  skip_if(at_node(), "others mean nothing there, too: test-remote.R")
  expect_error(suppressMessages(h2o.init(nthreads = 0)), "nthreads", class = "h2o_invalid_argument")
  expect_warning(capture.output(suppressMessages(h2o.init(nthreads = 2, ice_root = tempdir()))), "ice_root")
})

test_that("Ctrl-C ends a training and keeps the model", {
  skip_on_os("windows")
  out <- in_new_session(
    "library(h2o)", "h2o.no_progress()", "invisible(suppressMessages(capture.output(h2o.init(nthreads = 2))))",
    "fr <- as.h2o(iris)", "pid <- Sys.getpid()",
    "system(sprintf('(sleep 3; kill -INT %d) &', pid))",
    "m <- h2o.deeplearning(y = 'Species', training_frame = fr, hidden = c(50, 50), epochs = 1e7, seed = 1,",
    "                       stopping_rounds = 0, classification_stop = -1)",
    "cat('INTERRUPTED', m@model$interrupted, nrow(h2o.predict(m, fr)))"
  )
  expect_match(paste(out, collapse = "\n"), "INTERRUPTED TRUE 150")
})

test_that("a Python that is not there is reported with a remedy", {
  out <- in_new_session(
    "Sys.setenv(HEAVYWATER_PYTHON = file.path(tempdir(), 'no-python'))", "library(h2o)",
    "tryCatch(h2o.init(), h2o_error = function(e) cat(class(e)[1], conditionMessage(e)))"
  )
  text <- paste(out, collapse = "\n")
  expect_match(text, "h2o_no_python")
  expect_match(text, "HEAVYWATER_PYTHON")
})

test_that("a Python that reticulate does not know is told from one that does not run", {
  skip_on_os("windows")
  python <- tempfile("python")
  writeLines(c("#!/bin/sh", "[ \"$1\" = -c ] && echo 3.99.1"), python)
  expect_identical(h2o:::not_started(python), "it does not start")
  Sys.chmod(python, "700")
  expect_match(h2o:::not_started(python), "it is Python 3.99.1, which reticulate [0-9.]+ does not start; install a newer")
  expect_identical(h2o:::not_started(NULL), "it does not start")
})
