start()

test_that("a classifier is an object with the slots of H2O", {
  fr <- flowers()
  model <- small_model(model_id = "flower_model", frame = fr)
  expect_s4_class(model, "H2OMultinomialModel")
  expect_true(is(model, "H2OModel"))
  expect_identical(model@model_id, "flower_model")
  expect_identical(model@algorithm, "deeplearning")
  expect_identical(model@parameters$y, "Species")
  expect_identical(model@parameters$x, names(iris)[1:4])
  expect_identical(model@parameters$hidden, c(8L, 8L))
  expect_identical(model@parameters$model_id, "flower_model")
  expect_false("rho" %in% names(model@parameters))
  expect_identical(model@allparameters$rho, 0.99)
  expect_identical(model@params$default$hidden, c(200L, 200L))
  expect_identical(getParms(model), model@parameters)
  expect_s3_class(model@model$model_summary, "data.frame")
  expect_s4_class(model@model$training_metrics, "H2OMultinomialMetrics")
  expect_null(model@model$validation_metrics)
  again <- h2o.getModel("flower_model")
  again@stored <- model@stored
  expect_identical(again, model)
  expect_true("flower_model" %in% h2o.list_models())
})

test_that("a preset fills what is not given, and leaves what is, though it is the default", {
  model <- small_model(preset = "tabular", hidden = c(200, 200), epochs = 1, ensemble_size = 2)
  used <- model@allparameters
  expect_identical(used[c("preset", "optimizer", "numeric_encoding")],
    list(preset = "Tabular", optimizer = "Adam", numeric_encoding = "PiecewiseLinear"))
  expect_equal(used$hidden, c(200, 200))
  expect_equal(c(used$epochs, used$ensemble_size), c(1, 2))
  chosen <- h2o.deeplearning(
    y = "Species", training_frame = iris, preset = "Tabular", hidden = 4, ensemble_size = 1, epochs_candidates = c(1, 3), seed = 1
  )
  expect_true(chosen@allparameters$epochs %in% c(1, 3))
  expect_equal(chosen@allparameters$epochs_candidates, c(1, 3))
  expect_output(print(chosen), "epochs")
  expect_error(small_model(preset = "tablar"), "preset", class = "h2o_error")
})

test_that("predictions are a factor and probabilities that add up to one", {
  fr <- flowers()
  model <- small_model(frame = fr, epochs = 20)
  found <- as.data.frame(h2o.predict(model, fr))
  expect_identical(names(found), c("predict", levels(iris$Species)))
  expect_equal(rowSums(found[-1]), rep(1, 150), ignore_attr = TRUE, tolerance = 1e-6)
  expect_gt(mean(found$predict == iris$Species), 0.9)
  expect_equal(as.data.frame(predict(model, fr)), found)
})

test_that("predictors are given by name or position, the response too", {
  fr <- flowers()
  by_name <- small_model(frame = fr, x = c("Sepal.Length", "Petal.Width"))
  by_position <- h2o.deeplearning(x = c(1, 4), y = 5, training_frame = fr, hidden = c(8, 8), epochs = 5, seed = 1, reproducible = TRUE)
  expect_identical(by_name@parameters$x, by_position@parameters$x)
  expect_identical(h2o.logloss(by_name), h2o.logloss(by_position))
  expect_error(small_model(frame = fr, x = 9), "`x`", class = "h2o_error")
  expect_error(small_model(frame = fr, x = "nothing"), "nothing", class = "h2o_error")
})

test_that("set.seed() decides the seed when none is given", {
  fr <- flowers()
  seed <- function() h2o.deeplearning(y = "Species", training_frame = fr, hidden = 2, epochs = 0.1)@parameters$seed
  set.seed(3)
  a <- seed()
  b <- seed()
  set.seed(3)
  expect_identical(seed(), a)
  expect_false(identical(a, b))
})

test_that("wrong parameters are refused by name", {
  expect_error(small_model(rate = -1, adaptive_rate = FALSE), "rate", class = "h2o_error")
  expect_error(small_model(activation = "Sigmoid"), "activation", class = "h2o_error")
  expect_error(h2o.deeplearning(y = "Species"), "training_frame", class = "h2o_error")
  expect_error(h2o.deeplearning(y = "Species", training_frame = list(iris)), "training_frame", class = "h2o_error")
  expect_error(h2o.deeplearning(y = "Species", training_frame = flowers(), hiden = 3), "unused argument")
  expect_error(small_model(initial_weights = list(function(x) x)), class = "h2o_error")
})

test_that("a single number does for a list, and choices may be passed on untouched", {
  model <- small_model(hidden = 4)
  expect_identical(model@parameters$hidden, 4L)
  pass_on <- function(activation = c("Rectifier", "Tanh", "TanhWithDropout", "RectifierWithDropout", "Maxout", "MaxoutWithDropout",
                        "ExpRectifier", "ExpRectifierWithDropout")) {
    small_model(activation = eval(formals(h2o.deeplearning)$activation))
  }
  expect_identical(pass_on()@allparameters$activation, "Rectifier")
})

test_that("a regression has its metrics", {
  model <- h2o.deeplearning(y = "mpg", training_frame = as.h2o(mtcars), hidden = 5, epochs = 20, seed = 1, reproducible = TRUE)
  expect_s4_class(model, "H2ORegressionModel")
  error <- mtcars$mpg - as.data.frame(h2o.predict(model, as.h2o(mtcars)))$predict
  expect_equal(h2o.mse(model), mean(error^2), tolerance = 1e-5)
  expect_equal(h2o.rmse(model), sqrt(mean(error^2)), tolerance = 1e-5)
  expect_equal(h2o.mae(model), mean(abs(error)), tolerance = 1e-5)
  expect_equal(h2o.r2(model), 1 - mean(error^2) / mean((mtcars$mpg - mean(mtcars$mpg))^2), tolerance = 1e-5)
  expect_equal(h2o.mean_residual_deviance(model), h2o.mse(model))
  expect_warning(expect_null(h2o.confusionMatrix(model)))
})

test_that("weights, biases and hidden values have the shape of the network", {
  fr <- flowers()
  model <- small_model(frame = fr, export_weights_and_biases = TRUE, hidden = c(6, 3))
  expect_identical(dim(h2o.weights(model, 1)), c(6L, 4L))
  expect_identical(dim(h2o.weights(model, 3)), c(3L, 3L))
  expect_identical(dim(h2o.biases(model, 2)), c(3L, 1L))
  expect_identical(dim(h2o.deepfeatures(model, fr, 1)), c(150L, 6L))
  expect_identical(dim(h2o.deepfeatures(model, fr, 2)), c(150L, 3L))
  expect_error(h2o.weights(model, 4), "1 .. 3", class = "h2o_error")
  expect_error(h2o.weights(small_model(frame = fr)), "export_weights_and_biases", class = "h2o_error")
})

test_that("the given weights are the start", {
  fr <- flowers()
  first <- small_model(frame = fr, export_weights_and_biases = TRUE, hidden = 4, epochs = 0.01)
  weights <- list(h2o.weights(first, 1), h2o.weights(first, 2))
  biases <- list(h2o.biases(first, 1), h2o.biases(first, 2))
  again <- small_model(
    frame = fr, export_weights_and_biases = TRUE, hidden = 4, epochs = 0, initial_weights = weights, initial_biases = biases
  )
  expect_equal(as.data.frame(h2o.weights(again, 1)), as.data.frame(weights[[1]]))
})

test_that("some layers may be left to chance", {
  fr <- flowers()
  model <- small_model(frame = fr, export_weights_and_biases = TRUE, hidden = c(4, 4))
  weights <- c(h2o.weights(model, 1), h2o.weights(model, 2), h2o.weights(model, 3))
  biases <- c(h2o.biases(model, 1), h2o.biases(model, 2), h2o.biases(model, 3))
  again <- small_model(frame = fr, hidden = c(4, 4), epochs = 0, initial_weights = weights, initial_biases = biases)
  expect_equal(h2o.logloss(again), h2o.logloss(model), tolerance = 1e-5)
  difference <- h2o.predict(again, fr)[, 2:4] - h2o.predict(model, fr)[, 2:4]
  expect_lt(max(abs(difference)), 1e-5)
  part <- small_model(frame = fr, hidden = c(4, 4), initial_weights = list(weights[[1]] * 1.1, NULL, sqrt(weights[[3]]^2)),
    initial_biases = list(biases[[1]], biases[[2]], NULL))
  expect_true(is.finite(h2o.logloss(part)))
  expect_identical(h2o.get_seed(part), 1L)
})

test_that("importances and history are tables", {
  model <- small_model(epochs = 10)
  importance <- h2o.varimp(model)
  expect_setequal(importance$variable, names(iris)[1:4])
  expect_equal(sum(importance$percentage), 1, tolerance = 1e-5)
  history <- h2o.scoreHistory(model)
  expect_true(all(c("epochs", "training_logloss") %in% names(history)))
  expect_warning(expect_null(h2o.varimp(small_model(variable_importances = FALSE))), "variable_importances")
})

test_that("a validation frame is scored", {
  parts <- h2o.splitFrame(flowers(), 0.7, seed = 3)
  model <- small_model(frame = parts[[1]], validation_frame = parts[[2]])
  expect_s4_class(h2o.performance(model, valid = TRUE), "H2OMultinomialMetrics")
  expect_equal(h2o.logloss(model, valid = TRUE), h2o.logloss(h2o.performance(model, parts[[2]])), tolerance = 1e-6)
  expect_named(h2o.logloss(model, train = TRUE, valid = TRUE), c("train", "valid"))
  expect_warning(expect_null(h2o.logloss(model, xval = TRUE)), "cross-validation")
})

test_that("models, metrics and their summary are printed", {
  model <- small_model(model_id = "printed")
  printed <- function(expression) {
    out <- capture.output(expression)
    out <- gsub("\\b[0-9]+(\\.[0-9]+)?(e-?[0-9]+)?\\b", "<number>", out[!grepl("^ *[0-9]", out)])
    gsub(" +", " ", out)
  }
  expect_snapshot(cat(printed(print(model)), sep = "\n"))
  expect_output(summary(model), "Scoring History")
  expect_output(summary(model), "Variable Importances")
})

test_that("an exploding network is an error that keeps the model", {
  fr <- as.h2o(data.frame(x = c(1e10, -1e10, 5e9), y = c(1e12, -1e12, 3)))
  error <- tryCatch(
    h2o.deeplearning(
      y = "y", training_frame = fr, model_id = "unstable", hidden = 20, epochs = 1e4, rate = 100, adaptive_rate = FALSE,
      standardize = FALSE, seed = 1
    ),
    h2o_error = identity
  )
  skip_if_not(inherits(error, "h2o_error"), "the training was stable")
  expect_s3_class(error, "h2o_unstable_model")
  expect_s4_class(h2o.getModel("unstable"), "H2ORegressionModel")
})
