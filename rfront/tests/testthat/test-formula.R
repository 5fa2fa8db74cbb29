start()

fit <- function(...) h2o.deeplearning(..., hidden = 3, epochs = 1, seed = 1, reproducible = TRUE)

test_that("a formula that names columns is x and y", {
  by_names <- fit(1:4, "Species", flowers())
  for (model in list(
    fit(Species ~ ., data = iris), fit(Species ~ ., iris), fit(formula = Species ~ ., data = iris), fit(Species ~ ., training_frame = iris),
    fit(Species ~ ., data = flowers()), fit(Species ~ Sepal.Length + Sepal.Width + Petal.Length + Petal.Width, iris)
  )) {
    expect_identical(model@parameters$x, names(iris)[1:4])
    expect_identical(h2o.logloss(model), h2o.logloss(by_names))
  }
  expect_identical(formula(model), Species ~ Sepal.Length + Sepal.Width + Petal.Length + Petal.Width)
  expect_identical(fit(mpg ~ . - hp - wt, mtcars)@parameters$x, setdiff(names(mtcars)[-1], c("hp", "wt")))
  weighted <- fit(mpg ~ ., mtcars, weights_column = "wt", offset_column = "qsec")
  expect_identical(weighted@parameters$x, setdiff(names(mtcars)[-1], c("wt", "qsec")))
  odd <- stats::setNames(mtcars[1:3], c("the y", "a b", "c-d"))
  expect_identical(fit(`the y` ~ `a b` + `c-d`, odd)@parameters$x, c("a b", "c-d"))
  expect_s4_class(fit(~ . - Species, iris), "H2OAutoEncoderModel")
})

test_that("what a formula computes is computed for all rows that are scored", {
  cars <- transform(mtcars, kind = factor(cyl), gearbox = ifelse(am == 1, "manual", "automatic"))
  model <- fit(log(mpg) ~ poly(hp, 2) + scale(wt) + kind * qsec + kind:gearbox + disp:drat + offset(gear / 10), data = cars)
  expect_setequal(model@parameters$x, c(
    "poly(hp, 2).1", "poly(hp, 2).2", "scale(wt).1", "kind", "qsec", "kind[4]:qsec", "kind[6]:qsec", "kind[8]:qsec", "kind:gearbox",
    "disp:drat"
  ))
  # The same columns by hand.
  by_hand <- with(cars, data.frame(check.names = FALSE,
    "log(mpg)" = log(mpg), "poly(hp, 2)" = unclass(poly(hp, 2)), "scale(wt).1" = as.vector(scale(wt)), kind, qsec,
    "kind[4]:qsec" = (kind == 4) * qsec, "kind[6]:qsec" = (kind == 6) * qsec, "kind[8]:qsec" = (kind == 8) * qsec,
    "kind:gearbox" = factor(paste(kind, gearbox, sep = ":")), "disp:drat" = disp * drat, "(offset)" = gear / 10
  ))
  expected <- fit(model@parameters$x, "log(mpg)", by_hand, offset_column = "(offset)")
  expect_equal(h2o.mse(model), h2o.mse(expected))
  all <- predict(model, cars)
  expect_equal(all, predict(expected, by_hand))
  # Of few rows, without the response, in every order: what training has learned of the columns is kept.
  expect_equal(predict(model, cars[7:5, -1])$.pred, all$.pred[7:5])
  expect_equal(as.data.frame(h2o.predict(model, as.h2o(cars[7, ], NULL)))$predict, all$.pred[7])
  expect_equal(h2o.mse(h2o.performance(model, cars)), mean((log(cars$mpg) - all$.pred)^2))
  expect_equal(predict(h2o.getModel(model@model_id), cars), all)
  expect_equal(residuals(model), log(cars$mpg) - all$.pred)
  missing <- cars[1:2, ]
  missing$hp[1] <- NA
  missing$kind <- factor(c("4", "12"))
  expect_false(anyNA(suppressWarnings(predict(model, missing))$.pred))
  expect_error(predict(model, cars[c("hp", "wt")]), "column `kind`|column `qsec`", class = "h2o_error")
})

test_that("rows for validation and calibration are computed, too", {
  cars <- transform(mtcars, am = factor(am))
  expect_no_warning(model <- fit(am ~ log(hp) + wt, cars, validation_frame = cars, calibrate_model = TRUE, calibration_frame = cars))
  expect_equal(h2o.logloss(model, valid = TRUE), h2o.logloss(model))
})

test_that("the formula stays with an object that is saved, and a file of the model says what it lacks", {
  model <- fit(mpg ~ log(hp), data = mtcars, validation_frame = mtcars[1:9, ])
  expected <- predict(model, mtcars)
  path <- tempfile()
  saveRDS(model, path)
  expect_lt(file.size(path), 50000)
  expect_equal(predict(readRDS(path), mtcars), expected)
  expect_warning(h2o.saveModel(model, tempdir()), "formula")
  grid <- h2o.grid("deeplearning", x = mpg ~ log(hp), data = mtcars, hyper_params = list(hidden = list(2, 3)), epochs = 1)
  expect_identical(nrow(predict(h2o.getModel(grid@model_ids[[2]]), mtcars)), 32L)
})

test_that("a formula that cannot be is refused", {
  refused <- function(what, code) expect_error(code, what, class = "h2o_error")
  refused("biases", fit(Species ~ . - 1, iris))
  refused("no column `nothing`", fit(Species ~ nothing, iris))
  refused("several columns", fit(cbind(mpg, hp) ~ wt, mtcars))
  refused("no predictor", fit(mpg ~ 1, mtcars))
  refused("`data` is missing", fit(Species ~ .))
  refused("not as both", fit(Species ~ ., data = iris, training_frame = iris))
  refused("`log\\(hp\\)`.*data frame", fit(mpg ~ log(hp), as.h2o(mtcars, NULL)))
  for (call in expression(cut(hp, 3), rank(hp), I(hp - mean(hp)), cumsum(hp))) {
    refused("depends on the other rows", fit(stats::reformulate(deparse(call), "mpg"), mtcars))
  }
  expect_s4_class(fit(rank(mpg) ~ cut(hp, c(0, 100, 400)) + splines::ns(wt, 2) + scale(qsec) + factor(cyl), mtcars), "H2ORegressionModel")
  refused("either `x`", fit(1:4, formula = Species ~ ., data = iris))
  refused("`y` =", fit(Species ~ ., y = "Species", data = iris))
  refused("goes with a formula", fit(1:4, "Species", data = iris))
  refused("offset_column", fit(mpg ~ hp + offset(wt), mtcars, offset_column = "wt"))
})

test_that("predictors and an outcome as they are make a model", {
  expected <- fit(1:4, "Species", iris)
  for (model in list(fit(iris[1:4], iris$Species), fit(iris, "Species"), fit(iris[1:4], iris["Species"]))) {
    expect_identical(h2o.logloss(model), h2o.logloss(expected))
  }
  expect_s4_class(fit(as.matrix(mtcars[-1]), mtcars$mpg), "H2ORegressionModel")
  expect_error(fit(iris[1:4], iris$Species[1:3]), "150 rows", class = "h2o_error")
})
