start()

test_that("a model is saved and loaded", {
  fr <- flowers()
  model <- small_model(frame = fr, model_id = "to_disk")
  before <- as.data.frame(h2o.predict(model, fr))
  folder <- tempfile()
  path <- h2o.saveModel(model, folder)
  expect_match(path, "to_disk")
  expect_error(h2o.saveModel(model, folder), class = "h2o_error")
  h2o.rm(model)
  expect_error(h2o.predict(model, fr), class = "h2o_not_found")
  again <- h2o.loadModel(path)
  expect_identical(again@model_id, "to_disk")
  expect_identical(as.data.frame(h2o.predict(again, fr)), before)
  expect_error(h2o.loadModel("no_such_model"), "no_such_model", class = "h2o_error")
})

test_that("saveRDS() keeps a model for another session", {
  fr <- flowers()
  model <- small_model(frame = fr)
  saved <- tempfile(fileext = ".rds")
  saveRDS(model, saved)
  expected <- as.data.frame(h2o.predict(model, fr))$setosa
  out <- in_new_session(
    "library(h2o)", "h2o.no_progress()", "invisible(suppressMessages(capture.output(h2o.init(nthreads = 2))))",
    sprintf("model <- readRDS(%s)", deparse(saved)),
    "p <- as.data.frame(h2o.predict(model, as.h2o(iris)))$setosa", "cat('SUM', format(sum(p), digits = 15))",
    "q <- h2o.performance(model, as.h2o(iris))", "cat(' CLASS', class(q))"
  )
  expect_match(paste(out, collapse = " "), paste("SUM", format(sum(expected), digits = 15)), fixed = TRUE)
  expect_match(paste(out, collapse = " "), "CLASS H2OMultinomialMetrics")
})

test_that("a model from before a restart of the session still predicts", {
  fr <- flowers()
  model <- small_model(frame = fr, model_id = "survivor")
  before <- as.data.frame(h2o.predict(model, fr))
  h2o.shutdown(prompt = FALSE)
  fr <- flowers()
  expect_identical(as.data.frame(h2o.predict(model, fr)), before)
})

test_that("a MOJO is written and read", {
  fr <- flowers()
  model <- small_model(frame = fr)
  folder <- tempfile()
  dir.create(folder)
  name <- h2o.download_mojo(model, path = folder)
  imported <- h2o.import_mojo(file.path(folder, name))
  expect_equal(as.data.frame(h2o.predict(imported, fr)), as.data.frame(h2o.predict(model, fr)), tolerance = 1e-5)
})

test_that("a POJO is a Java class", {
  model <- small_model(model_id = "java_model")
  expect_output(h2o.download_pojo(model), "class java_model")
  folder <- tempfile()
  dir.create(folder)
  expect_true(file.exists(file.path(folder, h2o.download_pojo(model, folder))))
})

test_that("the details of a model are written", {
  model <- small_model(model_id = "told")
  path <- h2o.saveModelDetails(model, tempfile())
  expect_match(readChar(path, 1e6), "\"told\"")
})

test_that("a frame is saved and loaded", {
  fr <- as.h2o(iris, "kept")
  folder <- tempfile()
  h2o.save_frame(fr, folder)
  h2o.rm(fr)
  expect_equal(as.data.frame(h2o.load_frame("kept", folder)), iris)
})
