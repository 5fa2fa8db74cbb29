start()

test_that("predict() of a data frame has the names of tidymodels", {
  model <- small_model(epochs = 1)
  raw <- as.data.frame(h2o.predict(model, iris), drop.unused.levels = FALSE)
  shares <- paste0(".pred_", levels(iris$Species))
  expect_equal(predict(model, iris), setNames(raw, c(".pred_class", shares)))
  expect_equal(predict(model, iris, type = "prob"), setNames(raw[-1], shares))
  expect_equal(predict(model, iris, type = "class"), data.frame(.pred_class = raw$predict))
  expect_equal(predict(model, iris, type = "raw"), raw)
  expect_identical(levels(predict(model, iris[1:3, ])$.pred_class), levels(iris$Species))
  expect_error(predict(model, iris, type = "numeric"), "\"class\"", class = "h2o_error")
  expect_error(predict(model, iris, kind = "class"), "`kind`", class = "h2o_error")
})

test_that("frames are answered by frames, with the names of H2O unless a type is asked for", {
  model <- small_model(epochs = 1)
  expect_identical(names(predict(model, flowers())), c("predict", levels(iris$Species)))
  found <- predict(model, flowers(), type = "prob")
  expect_true(is.h2o(found))
  expect_equal(as.data.frame(found), predict(model, iris, type = "prob"))
})

test_that("the kind of the rows is that of the answer", {
  model <- small_model(frame = mtcars, y = "mpg", epochs = 1)
  expected <- predict(model, mtcars, type = "numeric")
  expect_named(expected, ".pred")
  if (requireNamespace("tibble", quietly = TRUE)) expect_identical(predict(model, tibble::as_tibble(mtcars)), tibble::as_tibble(expected))
  if (requireNamespace("data.table", quietly = TRUE)) {
    expect_equal(predict(model, data.table::as.data.table(mtcars)), data.table::as.data.table(expected))
  }
  expect_equal(predict(model, as.matrix(mtcars)), expected)
  skip_if_not_installed("arrow")
  table <- arrow::arrow_table(mtcars)
  expect_s3_class(predict(model, table), "ArrowTabular")
  expect_equal(as.data.frame(predict(model, table)), expected)
})

test_that("intervals have the names of tidymodels", {
  model <- small_model(frame = mtcars, y = "mpg", epochs = 5, nfolds = 2)
  found <- predict(model, mtcars, type = "pred_int", level = 0.8)
  expect_named(found, c(".pred_lower", ".pred_upper"))
  expect_equal(predict(model, mtcars, interval = 0.8)[-1], found)
  expect_error(predict(model, mtcars, level = 0.8), "`level`", class = "h2o_error")
  expect_error(predict(small_model(epochs = 1), iris, type = "pred_int"), "\"class\"", class = "h2o_error")
  for (wrong in list(NULL, NA, 0, 1, "a", c(0.5, 0.9))) {
    expect_error(predict(model, mtcars, type = "pred_int", level = wrong), "level|interval", class = "h2o_error")
  }
  expect_error(h2o.predict(model, mtcars, interval = NA), "NA", class = "h2o_error")
})

test_that("coef, fitted, residuals and nobs are those of the model", {
  model <- h2o.deeplearning(mpg ~ wt + hp, data = mtcars, hidden = c(3, 2), epochs = 2, seed = 1, activation = "Tanh")
  layers <- coef(model)
  expect_named(layers, c("hidden_1", "hidden_2", "output"))
  # The network by hand.
  values <- scale(as.matrix(mtcars[rownames(layers$hidden_1)[-1]]))
  for (layer in layers[1:2]) values <- tanh(cbind(1, values) %*% layer)
  by_hand <- cbind(1, values) %*% layers$output * sd(mtcars$mpg) + mean(mtcars$mpg)
  expect_equal(as.vector(by_hand), fitted(model), tolerance = 1e-5)
  expect_equal(residuals(model), mtcars$mpg - fitted(model))
  expect_equal(residuals(model, mtcars[3:4, ]), residuals(model)[3:4])
  expect_identical(nobs(model), 32L)
  path <- tempfile()
  saveRDS(model, path)
  rm(model)
  h2o.removeAll()
  expect_error(fitted(readRDS(path)), "no longer", class = "h2o_error")
  expect_length(residuals(readRDS(path), mtcars), 32)
})

test_that("of classes fitted() are probabilities, and residuals() what is missing to the class", {
  model <- small_model(epochs = 1)
  expect_equal(rowSums(residuals(model)), rep(0, 150), tolerance = 1e-5)
  alone <- unlist(setNames(predict(model, iris[7, ], "prob"), levels(iris$Species)))
  expect_equal(fitted(model)[7, ], alone, tolerance = 1e-6) # many rows are added up in another order than one
  cars <- transform(mtcars, am = factor(am))
  two <- small_model(frame = cars, y = "am", epochs = 1)
  expect_equal(residuals(two), mtcars$am - predict(two, cars)$.pred_1)
  coder <- h2o.deeplearning(~ ., data = mtcars, hidden = 2, epochs = 1, seed = 1)
  expect_equal(mean(residuals(coder)), h2o.mse(coder))
})
