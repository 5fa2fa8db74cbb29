start()
suppressWarnings(skip_if_not_installed("recipes")) # lubridate looks for the time zone, and may not find it

fit <- function(...) h2o.deeplearning(..., hidden = 3, epochs = 1, seed = 1, reproducible = TRUE)

test_that("a recipe is prepared on the data, and baked for all that is scored", {
  steps <- recipes::step_pca(
    recipes::step_normalize(recipes::recipe(Species ~ ., data = iris), recipes::all_numeric_predictors()),
    recipes::all_numeric_predictors(), num_comp = 2
  )
  model <- fit(steps, data = iris, validation_frame = iris[1:99, ])
  expect_identical(model@parameters$x, c("PC1", "PC2"))
  baked <- recipes::bake(recipes::prep(steps), NULL)
  expected <- fit(Species ~ ., as.data.frame(baked)[c("PC1", "PC2", "Species")])
  expect_equal(h2o.logloss(model), h2o.logloss(expected))
  all <- predict(model, iris)
  expect_equal(all, predict(expected, as.data.frame(baked)))
  expect_equal(predict(model, iris[5, -5])$.pred_class, all$.pred_class[5])
  expect_equal(h2o.logloss(h2o.performance(model, as.h2o(iris, NULL))), h2o.logloss(model))
  expect_equal(predict(fit(recipes::prep(steps), iris), iris), all)
  expect_equal(predict(fit(steps), iris), all) # the recipe has its data
  path <- tempfile()
  saveRDS(model, path)
  expect_equal(predict(readRDS(path), iris), all)
})

test_that("roles say what a column is", {
  cars <- transform(mtcars, id = seq_len(32), weight = wt)
  cars$weight <- structure(cars$weight, class = c("hardhat_importance_weights", "hardhat_case_weights", "vctrs_vctr"))
  steps <- recipes::update_role(recipes::recipe(mpg ~ ., data = cars), id, new_role = "id")
  model <- fit(steps, cars)
  expect_setequal(model@parameters$x, setdiff(names(mtcars), "mpg"))
  expect_identical(model@allparameters$weights_column, "weight")
  expect_error(fit(steps, cars, weights_column = "wt"), "case weights", class = "h2o_error")
  expect_error(fit(recipes::recipe(mpg + hp ~ ., data = mtcars), mtcars), "2 outcomes", class = "h2o_error")
  expect_s4_class(fit(recipes::recipe(~ ., data = mtcars), mtcars), "H2OAutoEncoderModel")
})
