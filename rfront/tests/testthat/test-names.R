start()

# The names that H2O's package exports (3.44, with what came later as far as it is known).
names_of_h2o <- readLines("h2o-names.txt")

test_that("every name of H2O's package is exported", {
  expect_gt(length(names_of_h2o), 400)
  expect_identical(setdiff(names_of_h2o, getNamespaceExports("h2o")), character())
})

test_that("what is not here says what to use instead, whatever it is given", {
  absent <- Filter(function(name) {
    code <- deparse(body(get(name, asNamespace("h2o"))), nlines = 1)
    startsWith(code, "not_here(")
  }, names_of_h2o)
  expect_gt(length(absent), 100)
  for (name in absent) {
    f <- get(name, asNamespace("h2o"))
    for (call in list(quote(f()), quote(f(x = 1:4, y = "Species", training_frame = flowers())))) {
      error <- expect_error(eval(call), class = "h2o_not_implemented_error")
      expect_match(conditionMessage(error), paste0("^", gsub(".", "[.]", name, fixed = TRUE), "\\(\\) is not in this package: .{20,}"))
    }
    # What is recommended exists.
    recommended <- regmatches(conditionMessage(error), gregexpr("h2o\\.[A-Za-z_.]+(?=\\(\\))", conditionMessage(error), perl = TRUE))[[1]]
    expect_identical(setdiff(recommended, getNamespaceExports("h2o")), character())
    expect_false(any(setdiff(recommended, name) %in% absent), info = name)
  }
})

test_that("MOJO files are models without Java", {
  model <- small_model(epochs = 1)
  file <- tempfile(fileext = ".zip")
  h2o.save_mojo(model, dirname(file), filename = basename(file))
  expected <- as.data.frame(h2o.predict(model, flowers()), drop.unused.levels = FALSE)
  models <- h2o.list_models()
  expect_equal(h2o.mojo_predict_df(iris, file), expected)
  expect_equal(h2o.mojo_predict_df(flowers(), file), expected)
  input <- tempfile(fileext = ".csv")
  write.csv(iris, input, row.names = FALSE)
  output <- tempfile(fileext = ".csv")
  expect_equal(h2o.mojo_predict_csv(input, file, output), expected)
  expect_equal(read.csv(output, stringsAsFactors = TRUE)$setosa, expected$setosa)
  h2o.mojo_predict_csv(input, file)
  expect_true(file.exists(file.path(dirname(input), "prediction.csv")))
  expect_warning(h2o.mojo_predict_df(iris, file, classpath = "x"), "classpath")
  expect_identical(h2o.list_models(), models)
  for (read in list(h2o.generic(path = file), h2o.genericModel(file), h2o.generic(model_key = model))) {
    expect_equal(as.data.frame(h2o.predict(read, flowers()), drop.unused.levels = FALSE), expected)
  }
  expect_error(h2o.generic(), "either", class = "h2o_error")
})

test_that("a threshold is set, and those that there are are told", {
  fr <- as.h2o(data.frame(x = 1:100, y = factor(rep(c("a", "b"), 50))), NULL)
  model <- small_model(frame = fr, y = "y")
  h2o.reset_threshold(model, 0)
  expect_true(all(as.data.frame(h2o.predict(model, fr))$predict == "b"))
  expect_identical(h2o.reset_threshold(model, 1), 0)
  expect_error(h2o.reset_threshold(model, 2), class = "h2o_error")
  expect_true(all(c("threshold", "f1") %in% names(h2o.thresholds_and_metric_scores(model))))
  expect_error(h2o.thresholds_and_metric_scores(small_model()), class = "h2o_error")
})

test_that("small functions of H2O's package work", {
  fr <- flowers()
  expect_identical(names(h2o.removeVecs(fr, c(1, 3))), names(iris)[c(2, 4, 5)])
  expect_identical(generate_col_ind(fr, c("Species", "Sepal.Width")), c(5L, 2L))
  expect_error(h2o.removeVecs(fr, 0), class = "h2o_error")
  file <- tempfile(fileext = ".csv")
  h2o.exportHDFS(fr, file)
  expect_identical(dim(h2o.importHDFS(file)), c(150L, 5L))
  expect_false(h2o.is_client() | h2o.xgboost.available())
  expect_output(h2o.print(fr, 2), "150 rows x 5 columns")
})

test_that("segments have a model each, that of their rows", {
  cars <- as.h2o(transform(mtcars, gear = factor(gear)), "cars_in_segments")
  for (parallelism in c(1, 2)) {
    models <- h2o.train_segments("deeplearning", c("am", "gear"),
      parallelism = parallelism, x = c("hp", "wt"), y = "mpg", training_frame = cars, hidden = 4, epochs = 2, seed = 1, reproducible = TRUE
    )
    table <- as.data.frame(models)
    expect_identical(with(unique(mtcars[c("am", "gear")]), am[order(am, gear)]), as.numeric(table$am))
    expect_identical(names(table), c("am", "gear", "model", "status", "errors", "warnings"))
    expect_identical(unique(as.character(table$status)), "SUCCEEDED")
    expect_identical(anyDuplicated(table$model), 0L)
    for (i in seq_len(nrow(table))) {
      part <- cars[cars$am == table$am[i] & cars$gear == as.character(table$gear[i]), ]
      alone <- h2o.deeplearning(x = c("hp", "wt"), y = "mpg", training_frame = part, hidden = 4, epochs = 2, seed = 1, reproducible = TRUE)
      expect_equal(h2o.mse(h2o.getModel(table$model[i])), h2o.mse(alone))
    }
  }
  expect_identical(as.data.frame(h2o.get_segment_models(models@segment_models_id)), table)
  expect_output(print(models), "SUCCEEDED")
})

test_that("a segment that cannot be trained is told, and the others are", {
  fr <- as.h2o(data.frame(s = c(rep("a", 20), rep("b", 20)), y = c(rep(1, 20), 1:20), x = 1:40, stringsAsFactors = TRUE), NULL)
  table <- as.data.frame(h2o.train_segments(
    "deeplearning", 1, y = "y", training_frame = fr, hidden = 2, epochs = 1, segment_models_id = "told"
  ))
  expect_identical(as.character(table$status), c("FAILED", "SUCCEEDED"))
  expect_match(table$errors[1], "only one value")
  expect_error(h2o.train_segments("gbm", 1, y = "y", training_frame = fr), "deeplearning", class = "h2o_error")
  expect_error(h2o.train_segments("deeplearning", 0, y = "y", training_frame = fr), class = "h2o_error")
  expect_error(h2o.get_segment_models("none"), class = "h2o_error")
})
