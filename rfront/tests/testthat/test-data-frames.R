start()

# Tables of another package: an environment whose class has a method for as.data.frame().
foreign_table <- function(data) structure(list2env(list(data = data)), class = c("ForeignTable", "R6"))
registerS3method("as.data.frame", "ForeignTable", function(x, ...) get("data", x), asNamespace("base"))

kinds <- function(data) {
  found <- list(data.frame = data, frame = as.h2o(data, NULL), foreign = foreign_table(data))
  if (requireNamespace("tibble", quietly = TRUE)) found$tibble <- tibble::as_tibble(data)
  if (requireNamespace("data.table", quietly = TRUE)) found$data.table <- data.table::as.data.table(data)
  found
}

test_that("every kind of data frame trains the same model, and is scored", {
  models <- lapply(kinds(iris), function(data) small_model(frame = data, epochs = 1, validation_frame = data))
  for (kind in names(models)) {
    expect_identical(h2o.logloss(models[[kind]]), h2o.logloss(models[[1]]), info = kind)
    expect_identical(h2o.logloss(models[[kind]], valid = TRUE), h2o.logloss(models[[1]]), info = kind)
  }
  model <- models[[1]]
  scored <- as.data.frame(h2o.predict(model, iris))
  for (data in kinds(iris)) {
    expect_equal(as.data.frame(h2o.predict(model, data)), scored)
    expect_equal(h2o.logloss(h2o.performance(model, data)), h2o.logloss(model))
    expect_identical(dim(h2o.deepfeatures(model, data, 1)), c(150L, 8L))
  }
  expect_error(h2o.predict(model, 1:3), "newdata", class = "h2o_error")
  expect_error(small_model(frame = "nothing"), class = "h2o_error")
})

test_that("grids, segments and metrics take data frames", {
  grid <- h2o.grid("deeplearning", y = "mpg", training_frame = mtcars, hyper_params = list(hidden = list(2, 3)), epochs = 1, seed = 1)
  expect_length(grid@model_ids, 2)
  cars <- transform(mtcars, am = factor(am))
  parts <- h2o.train_segments("deeplearning", "am", y = "mpg", training_frame = cars, hidden = 2, epochs = 1)
  expect_identical(nrow(as.data.frame(parts)), 2L)
  found <- h2o.make_metrics(c(1, 2, 4), data.frame(x = c(1, 2, 3)), weights = c(1, 1, 2))
  expect_equal(h2o.mse(found), 0.5)
})

test_that("functions of frames take data frames", {
  for (data in kinds(iris)) {
    expect_identical(nrow(h2o.describe(data)), 5L)
    expect_identical(sum(sapply(h2o.splitFrame(data, 0.5, seed = 1), nrow)), 150L)
    expect_identical(h2o.head(data, 2)$Species, iris$Species[1:2])
    path <- tempfile(fileext = ".csv")
    h2o.exportFile(data, path)
    expect_identical(nrow(utils::read.csv(path)), 150L)
  }
  expect_identical(unlist(h2o.getTypes(data.frame(text = c("a", "b")))), "string")
  expect_identical(dim(h2o.assign(iris, "named_flowers")), c(150L, 5L))
})

test_that("texts are levels where a network is to take them", {
  data <- data.frame(text = rep(c("v", "u", NA), 20), y = 1:60, stringsAsFactors = FALSE)
  model <- small_model(frame = data, y = "y", epochs = 1)
  expect_identical(model@parameters$x, "text")
  as_factors <- transform(data, text = factor(text))
  expect_equal(predict(model, data), predict(model, as_factors))
  expect_identical(length(unique(predict(model, data)$.pred)), 3L)
})

test_that("factors keep the order of their levels, with levels that do not occur", {
  level <- factor(c("u", "v", NA, "u"), levels = c("w", "v", "u"))
  frame <- as.h2o(data.frame(level), NULL)
  expect_identical(h2o.levels(frame), c("w", "v", "u"))
  expect_identical(as.data.frame(frame, drop.unused.levels = FALSE)$level, level)
  expect_identical(as.data.frame(as.h2o(data.frame(x = addNA(level)), NULL))$x, factor(level))
  data <- data.frame(x = 1:40, y = factor(rep(c("no", "yes"), 20), levels = c("yes", "no")))
  model <- small_model(frame = data, y = "y", epochs = 1)
  expect_named(predict(model, data), c(".pred_class", ".pred_yes", ".pred_no"))
  expect_identical(levels(predict(model, data[1, , drop = FALSE])$.pred_class), c("yes", "no"))
})

test_that("columns of 64 bits, of durations and with classes of their own are numbers", {
  # What integer64 keeps where a double has its bits: 3, -2, 2^32, NA.
  bits <- readBin(as.raw(c(3, rep(0, 7), 0xfe, rep(0xff, 7), 0, 0, 0, 0, 1, 0, 0, 0, rep(0, 7), 0x80)), "double", 4, endian = "little")
  data <- data.frame(x = 1:4)
  data$long <- structure(bits, class = "integer64")
  data$hours <- as.difftime(c(1, 2, NA, 0.5), units = "hours")
  data$minutes <- as.difftime(c(60, 120, NA, 30), units = "mins")
  data$own <- structure(c(1.5, 2, NA, 4), class = c("hardhat_importance_weights", "vctrs_vctr"))
  back <- as.data.frame(as.h2o(data, NULL))
  expect_equal(back$long, c(3, -2, 2^32, NA))
  expect_equal(back$hours, 1000 * c(3600, 7200, NA, 1800))
  expect_equal(back$minutes, back$hours)
  expect_equal(back$own, c(1.5, 2, NA, 4))
  # 2^53 + 1
  data$long <- structure(readBin(as.raw(rep(c(1, 0, 0, 0, 0, 0, 0x20, 0), 4)), "double", 4, endian = "little"), class = "integer64")
  expect_warning(as.h2o(data, NULL), "`long`: 4 numbers")
})

test_that("what no column can hold is refused by its name", {
  for (column in list(I(list(1, 2)), I(matrix(1:4, 2)), data.frame(a = 1:2, b = 1:2), complex(2), raw(2))) {
    data <- data.frame(x = 1:2)
    data$odd <- column
    expect_error(small_model(frame = data, y = "x"), "column `odd`", class = "h2o_error")
  }
})

test_that("predictions of no rows and of one are data frames", {
  model <- small_model(epochs = 1)
  for (rows in list(integer(), 7)) {
    for (data in kinds(iris[rows, ])) expect_identical(dim(predict(model, data, type = "prob")), c(length(rows), 3L))
  }
})
