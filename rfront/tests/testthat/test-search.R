start()

test_that("cross-validation gives metrics, models and predictions", {
  fr <- flowers()
  model <- small_model(frame = fr, nfolds = 3, keep_cross_validation_predictions = TRUE, keep_cross_validation_fold_assignment = TRUE)
  expect_s4_class(h2o.performance(model, xval = TRUE), "H2OMultinomialMetrics")
  expect_length(h2o.cross_validation_models(model), 3)
  expect_identical(nrow(h2o.cross_validation_holdout_predictions(model)), 150L)
  expect_length(h2o.cross_validation_predictions(model), 3)
  expect_identical(nrow(h2o.cross_validation_fold_assignment(model)), 150L)
  expect_gt(h2o.logloss(model, xval = TRUE), 0)
  expect_null(h2o.cross_validation_models(small_model(frame = fr)))
})

test_that("a checkpoint goes on", {
  fr <- flowers()
  first <- small_model(frame = fr, epochs = 2, stopping_rounds = 0)
  more <- small_model(frame = fr, epochs = 4, stopping_rounds = 0, checkpoint = first)
  expect_equal(more@model$epochs, 4, tolerance = 0.01)
  by_name <- small_model(frame = fr, epochs = 4, stopping_rounds = 0, checkpoint = first@model_id)
  expect_equal(h2o.logloss(by_name), h2o.logloss(more))
})

test_that("a grid has a model for each combination, sorted", {
  fr <- flowers()
  grid <- h2o.grid("deeplearning",
    grid_id = "small_grid", y = "Species", training_frame = fr, epochs = 2, seed = 1, reproducible = TRUE,
    hyper_params = list(hidden = list(c(4, 4), 6), l1 = c(0, 1e-3))
  )
  expect_s4_class(grid, "H2OGrid")
  expect_length(grid@model_ids, 4)
  losses <- sapply(grid@model_ids, function(id) h2o.logloss(h2o.getModel(id)))
  expect_false(is.unsorted(losses))
  expect_identical(nrow(grid@summary_table), 4L)
  expect_setequal(unlist(grid@hyper_names), c("hidden", "l1"))
  expect_output(print(grid), "Number of models: 4")
  backwards <- h2o.getGrid("small_grid", sort_by = "logloss", decreasing = TRUE)
  expect_identical(backwards@model_ids, rev(grid@model_ids))
  expect_identical(h2o.keyof(grid), "small_grid")
})

test_that("a random search stops after some models, and failures are listed", {
  grid <- h2o.grid("deeplearning",
    y = "Species", training_frame = flowers(), epochs = 1, seed = 1, hyper_params = list(l1 = c(0, 1e-4, 1e-3, 1e-2)),
    search_criteria = list(strategy = "RandomDiscrete", max_models = 2, seed = 5)
  )
  expect_length(grid@model_ids, 2)
  expect_error(
    h2o.grid("deeplearning", y = "Species", training_frame = flowers(), hyper_params = list(1)), "hyper_params", class = "h2o_error"
  )
  expect_error(h2o.grid("deeplearning", y = "Species", training_frame = flowers(), hyper_params = list(nothing = 1)), class = "h2o_error")
})

test_that("values are tried once, and those not allowed are failures or an error", {
  try_values <- function(...) {
    h2o.grid("deeplearning", y = "Species", training_frame = flowers(), epochs = 1, seed = 1, hidden = 3,
      hyper_params = list(activation = c("Tanh", "Foo", "Tanh")), ...)
  }
  grid <- suppressWarnings(try_values())
  expect_length(grid@model_ids, 1)
  expect_length(grid@failed_params, 1)
  expect_error(try_values(do_hyper_params_check = TRUE), "Foo", class = "h2o_error")
})

test_that("a grid is saved and loaded", {
  folder <- tempfile()
  grid <- h2o.grid("deeplearning", grid_id = "on_disk", y = "Species", training_frame = flowers(), epochs = 1, seed = 1,
    hyper_params = list(l1 = c(0, 1e-3)))
  path <- h2o.saveGrid(folder, "on_disk")
  h2o.rm(grid)
  expect_length(h2o.loadGrid(path)@model_ids, 2)
})
