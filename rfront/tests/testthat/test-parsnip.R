start()

test_that("data and an outcome make a model, with parsnip's names of activations", {
  model <- h2o_mlp(iris[1:4], iris$Species, activation = "tanh", dropout = 0.2, hidden = c(5, 5), epochs = 2, seed = 1)
  expect_s4_class(model, "H2OMultinomialModel")
  expect_identical(model@allparameters$activation, "TanhWithDropout")
  expect_equal(model@allparameters$hidden_dropout_ratios, c(0.2, 0.2))
  object <- list(fit = model, lvl = levels(iris$Species))
  expect_identical(levels(h2o:::predicted_values(predict(model, iris, type = "class"), object)), levels(iris$Species))
  expect_named(h2o:::predicted_shares(predict(model, iris, type = "prob"), object), levels(iris$Species))
  numbers <- h2o_mlp(mtcars[-1], mtcars$mpg, weights = mtcars$wt, rate = 0.01, hidden = 5, epochs = 2, seed = 1)
  expect_length(h2o:::predicted_values(predict(numbers, mtcars, type = "numeric"), NULL), 32)
  expect_identical(numbers@allparameters[c("weights_column", "adaptive_rate")], list(weights_column = ".weights", adaptive_rate = FALSE))
  tables <- h2o_mlp(iris[1:4], iris$Species, preset = "tabular", rate = 0.01, hidden = 5, epochs = 2, ensemble_size = 2, seed = 1)
  used <- tables@allparameters[c("activation", "optimizer", "rate", "ensemble_size", "hidden_dropout_ratios")]
  expect_identical(used$activation, "RectifierWithDropout")
  expect_identical(used[c("optimizer", "rate")], list(optimizer = "Adam", rate = 0.01))
  expect_equal(used[c("ensemble_size", "hidden_dropout_ratios")], list(ensemble_size = 2, hidden_dropout_ratios = 0.15))
  expect_error(h2o_mlp(data.frame(.outcome = 1:3), 1:3), "taken", class = "h2o_error")
})

test_that("every argument that is registered is one of the fit", {
  called <- list()
  note <- function(name) function(...) called[[name]] <<- c(called[[name]], list(list(...)))
  names <- c("set_model_engine", "set_dependency", "set_model_arg", "set_fit", "set_encoding", "set_pred")
  h2o:::register_engine(sapply(names, note, simplify = FALSE))
  expect_setequal(names(called), names)
  ours <- vapply(called$set_model_arg, `[[`, "", "original")
  expect_true(all(ours %in% c(names(formals(h2o_mlp)), names(formals(h2o.deeplearning)))))
  expect_length(called$set_pred, 2 * 5)
  # In the order of parsnip's arguments: model, mode, engine.
  for (name in c("set_model_engine", "set_fit", "set_encoding", "set_pred")) {
    expect_setequal(vapply(called[[name]], function(call) call[[2]], ""), c("classification", "regression"))
    expect_setequal(vapply(called[[name]], function(call) call[[3]], ""), c("h2o", "heavywater"))
  }
})

# parsnip, workflows and tune are not among Debian's packages: `.ci/tidymodels LIBRARY` makes them of their sources, R_LIBS names LIBRARY.
with_parsnip <- function(package = "parsnip") {
  for (each in c("parsnip", package)) suppressWarnings(skip_if_not_installed(each)) # lubridate looks for the time zone
}
engine <- function(mode, ..., name = "h2o") parsnip::set_engine(parsnip::mlp(mode = mode, ...), name, seed = 1, reproducible = TRUE)

test_that("parsnip fits and predicts classes with the engine", {
  with_parsnip()
  fit <- parsnip::fit(engine("classification", hidden_units = 5, epochs = 5, learn_rate = 0.01), Species ~ ., data = iris)
  expect_identical(fit$fit@allparameters$rate, 0.01)
  expect_named(predict(fit, iris), ".pred_class")
  expect_identical(levels(predict(fit, iris)$.pred_class), levels(iris$Species))
  shares <- predict(fit, iris, type = "prob")
  expect_named(shares, paste0(".pred_", levels(iris$Species)))
  expect_equal(as.data.frame(shares), predict(fit$fit, iris, type = "prob"))
  expect_true(all(c(".pred_class", ".pred_setosa", "Species") %in% names(generics::augment(fit, iris))))
  expect_equal(nrow(generics::glance(fit)), 1)
})

test_that("parsnip fits and predicts numbers with the engine, with weights and factors", {
  with_parsnip()
  cars <- transform(mtcars, cyl = factor(cyl))
  spec <- engine("regression", hidden_units = 4, epochs = 5, penalty = 0.001, activation = "tanh")
  fit <- parsnip::fit_xy(spec, cars[-1], cars$mpg, case_weights = hardhat::importance_weights(cars$wt))
  expect_identical(fit$fit@allparameters$weights_column, ".weights")
  expect_identical(fit$fit@allparameters$l2, 0.001)
  expect_true("cyl" %in% fit$fit@parameters$x)
  expect_identical(dim(predict(fit, cars)), c(32L, 1L))
})

test_that("a workflow of a recipe is tuned over all arguments", {
  with_parsnip("tune")
  spec <- engine("classification", hidden_units = tune::tune(), penalty = tune::tune(), epochs = tune::tune(),
    learn_rate = tune::tune(), name = "heavywater")
  steps <- recipes::step_normalize(recipes::recipe(Species ~ ., data = iris), recipes::all_numeric_predictors())
  work <- workflows::workflow(steps, spec)
  found <- hardhat::extract_parameter_set_dials(work)
  expect_setequal(found$id, c("hidden_units", "penalty", "epochs", "learn_rate"))
  set.seed(1)
  tried <- data.frame(hidden_units = c(3, 5), penalty = c(0, 1e-3), epochs = 3, learn_rate = 0.01)
  results <- tune::tune_grid(work, rsample::vfold_cv(iris, 2), grid = tried)
  scores <- tune::collect_metrics(results)
  expect_setequal(scores$.metric, c("accuracy", "roc_auc"))
  expect_identical(nrow(scores), 4L)
  final <- parsnip::fit(tune::finalize_workflow(work, tune::select_best(results, "accuracy")), iris)
  expect_identical(nrow(predict(final, iris)), 150L)
})
