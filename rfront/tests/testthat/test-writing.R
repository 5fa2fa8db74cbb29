start()

test_that("no name leads out of the folder", {
  fr <- flowers()
  for (key in c("a/b", "../up", "/absolute", "~root", strrep("x", 300))) {
    top <- tempfile()
    folder <- file.path(top, "folder")
    model <- small_model(frame = fr, epochs = 0.1, model_id = key)
    suppressWarnings({
      path <- h2o.saveModel(model, folder)
      h2o.saveModelDetails(model, folder)
      h2o.save_mojo(model, folder)
      h2o.download_pojo(model, folder)
      h2o.save_onnx(model, folder)
      h2o.save_c(model, folder)
    })
    expect_length(list.files(top, recursive = TRUE, all.files = TRUE), 7)
    expect_length(list.files(folder, all.files = TRUE, no.. = TRUE), 7)
    expect_identical(h2o.loadModel(path)@model_id, key)
    h2o.rm(key)
    named <- h2o.assign(fr[1:3, ], key)
    suppressWarnings(h2o.save_frame(named, folder))
    expect_length(list.files(folder, all.files = TRUE, no.. = TRUE), 8)
    expect_equal(nrow(h2o.load_frame(key, folder)), 3)
    h2o.rm(key)
  }
})

test_that("C source is written with names of one's own, and not over other files", {
  model <- small_model(epochs = 0.1, model_id = "flowers")
  folder <- tempfile()
  expect_identical(basename(h2o.save_c(model, folder, name = "iris")), "flowers.c")
  for (file in c("flowers.c", "flowers.h")) expect_match(readLines(file.path(folder, file)), "int iris_score", all = FALSE)
  expect_error(h2o.save_c(model, folder), "exists already", class = "h2o_error")
  expect_error(h2o.save_onnx(model, folder, filename = "flowers.c"), "exists already", class = "h2o_error")
  expect_identical(basename(h2o.save_onnx(model, folder, TRUE, "x.onnx")), "x.onnx")
  here <- tempfile()
  expect_identical(h2o.download_c(model, here), normalizePath(file.path(here, "flowers.c")))
  expect_identical(basename(h2o.download_onnx(model, here)), "flowers.onnx")
  expect_setequal(list.files(here), c("flowers.c", "flowers.h", "flowers.onnx"))
  expect_identical(basename(h2o.download_c(model, here, "mine.h", "mine")), "mine.h")
  expect_match(readLines(file.path(here, "mine.h")), "int mine_score", all = FALSE)
  expect_error(h2o.save_c(model, folder, name = "no name"), "begin with a letter", class = "h2o_error")
})

test_that("a name that is changed for a file is told", {
  model <- small_model(epochs = 0.1, model_id = "a/b")
  expect_warning(h2o.saveModel(model, tempfile()), "'a/b' is called 'a_b'", fixed = TRUE)
})

test_that("a model does not replace a frame", {
  model <- small_model(epochs = 0.1, model_id = "taken")
  path <- h2o.saveModel(model, tempfile())
  mojo <- file.path(tempdir(), "taken.zip")
  h2o.save_mojo(model, tempdir(), force = TRUE)
  h2o.rm("taken")
  h2o.assign(flowers(), "taken")
  expect_warning(again <- h2o.loadModel(path), "'taken' names a frame here")
  expect_identical(again@model_id, "taken_1")
  expect_error(h2o.import_mojo(mojo, "taken"), "names a frame", class = "h2o_error")
  expect_error(small_model(model_id = "taken"), "names a frame", class = "h2o_error")
  expect_equal(nrow(h2o.getFrame("taken")), 150)
  h2o.rm(c("taken", "taken_1"))
})

test_that("a folder that cannot be written throws no training away", {
  folder <- tempfile()
  writeLines("mine", folder)
  told <- character()
  expect_error(
    withCallingHandlers(
      small_model(model_id = "kept", export_checkpoints_dir = folder, nfolds = 2),
      warning = function(w) {
        told <<- c(told, conditionMessage(w))
        invokeRestart("muffleWarning")
      }
    ),
    "is trained and stored", class = "h2o_error"
  )
  expect_length(grep("nothing can be saved there now", told), 1)
  expect_length(as.data.frame(h2o.predict(h2o.getModel("kept"), flowers())), 4)
  expect_identical(readLines(folder), "mine")
})

test_that("nor a search", {
  folder <- tempfile()
  writeLines("mine", folder)
  fr <- flowers()
  expect_warning(
    expect_error(
      h2o.grid("deeplearning",
        grid_id = "kept_grid", y = "Species", training_frame = fr, hidden = 3, epochs = 0.5, seed = 1,
        hyper_params = list(l1 = c(0, 1e-3)), recovery_dir = folder
      ),
      "is complete and stored", class = "h2o_error"
    ),
    "recovery_dir"
  )
  expect_length(h2o.getGrid("kept_grid")@model_ids, 2)
})

test_that("a path is one text", {
  m <- small_model(epochs = 0.1)
  f <- flowers()
  for (path in list(NULL, NA, NA_character_, 3, TRUE, c("a", "b"), character(), list("a"))) {
    for (call in list(
      function(p) h2o.saveModel(m, p), function(p) h2o.loadModel(p), function(p) h2o.save_mojo(m, p), function(p) h2o.import_mojo(p),
      function(p) h2o.exportFile(f, p), function(p) h2o.save_frame(f, p), function(p) h2o.load_frame("x", p),
      function(p) h2o.loadGrid(p), function(p) h2o.saveModel(m, tempdir(), filename = p)
    )) {
      expect_error(call(path), "must be one text", class = "h2o_error")
    }
  }
})

test_that("a working folder that is gone is named", {
  skip_if(at_node(), "a node has a working folder of its own")
  m <- small_model(epochs = 0.1)
  f <- flowers()
  folder <- tempfile()
  dir.create(folder)
  before <- setwd(folder)
  on.exit(setwd(before))
  unlink(folder, recursive = TRUE)
  for (call in list(
    function() h2o.saveModel(m), function() h2o.saveModel(m, "x"), function() h2o.saveModel(m, filename = "y"),
    function() h2o.download_model(m), function() h2o.exportFile(f, "x.csv"), function() h2o.save_frame(f, ""),
    function() h2o.loadModel("x")
  )) {
    expect_error(call(), "working folder", class = "h2o_error")
  }
})
