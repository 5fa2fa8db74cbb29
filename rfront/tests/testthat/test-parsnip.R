start()

test_that("data and an outcome make a model, with parsnip's names of activations", {
  model <- h2o_mlp(iris[1:4], iris$Species, activation = "tanh", dropout = 0.2, hidden = c(5, 5), epochs = 2, seed = 1)
  expect_s4_class(model, "H2OMultinomialModel")
  expect_identical(model@allparameters$activation, "TanhWithDropout")
  expect_equal(model@allparameters$hidden_dropout_ratios, c(0.2, 0.2))
  object <- list(fit = model, lvl = levels(iris$Species))
  found <- predict(object$fit, iris)
  expect_identical(levels(h2o:::predicted_classes(found, object)), levels(iris$Species))
  expect_named(h2o:::predicted_shares(found, object), levels(iris$Species))
  numbers <- h2o_mlp(mtcars[-1], mtcars$mpg, hidden = 5, epochs = 2, seed = 1)
  expect_length(h2o:::predicted_numbers(predict(numbers, mtcars), NULL), 32)
})

test_that("every argument that is registered is one of the fit", {
  called <- list()
  note <- function(name) function(...) called[[name]] <<- c(called[[name]], list(list(...)))
  names <- c("set_model_engine", "set_dependency", "set_model_arg", "set_fit", "set_encoding", "set_pred")
  h2o:::register_engine(sapply(names, note, simplify = FALSE))
  expect_setequal(names(called), names)
  ours <- vapply(called$set_model_arg, `[[`, "", "original")
  expect_true(all(ours %in% c(names(formals(h2o_mlp)), names(formals(h2o.deeplearning)))))
  expect_length(called$set_pred, 3)
})

test_that("parsnip fits and predicts with the engine", {
  skip_if_not_installed("parsnip")
  spec <- parsnip::set_engine(parsnip::mlp(mode = "classification", hidden_units = 5, epochs = 5), "h2o", seed = 1)
  fit <- parsnip::fit(spec, Species ~ ., data = iris)
  expect_identical(nrow(predict(fit, iris)), 150L)
  expect_identical(ncol(predict(fit, iris, type = "prob")), 3L)
})
