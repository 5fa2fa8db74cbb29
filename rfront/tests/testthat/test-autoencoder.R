start()

test_that("an autoencoder finds the odd heartbeats", {
  train <- h2o.importFile(data_file("ecg_discord_train.csv"), header = FALSE, sep = ",")
  test <- h2o.importFile(data_file("ecg_discord_test.csv"), header = FALSE, sep = ",")
  model <- h2o.deeplearning(
    x = names(train), training_frame = train, activation = "Tanh", autoencoder = TRUE, hidden = c(20, 10, 20), sparse = TRUE,
    l1 = 1e-4, epochs = 30, seed = 1, reproducible = TRUE
  )
  expect_s4_class(model, "H2OAutoEncoderModel")
  error <- as.data.frame(h2o.anomaly(model, test))
  expect_identical(names(error), "Reconstruction.MSE")
  expect_setequal(order(-error[[1]])[1:3], 21:23)
  each <- h2o.anomaly(model, test, per_feature = TRUE)
  expect_equal(rowMeans(as.data.frame(each)), error[[1]], tolerance = 1e-4, ignore_attr = TRUE)
  expect_identical(dim(h2o.predict(model, test)), c(23L, 210L))
  expect_equal(h2o.mse(model), mean(as.data.frame(h2o.anomaly(model, train))[[1]]), tolerance = 1e-4)
  expect_output(print(model), "H2OAutoEncoderMetrics")
})

test_that("only an autoencoder has reconstruction errors", {
  expect_error(h2o.anomaly(small_model(), flowers()), "autoencoder", class = "h2o_error")
})
