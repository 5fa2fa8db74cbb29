# The R code of the booklet; digits are drawn here, since those of MNIST are not on every machine.
digits <- function(rows, file) {
  set.seed(7)
  ink <- matrix(rbinom(10 * 784, 1, 0.15), 10)
  set.seed(rows)
  label <- rep(0:9, length.out = rows)
  pixels <- ink[label + 1, ] * sample(100:255, rows * 784, TRUE)
  pixels[, c(1, 784)] <- 0
  out <- gzfile(work_file(file), "w")
  write.table(cbind(pixels, label), out, sep = ",", row.names = FALSE, col.names = FALSE)
  close(out)
  work_file(file)
}

scenario("a percentile of the petal length", {
  train.hex <- h2o.importFile(data_file("iris_wheader.csv"))
  splits <- h2o.splitFrame(train.hex, 0.75, seed = 1234)
  dl <- h2o.deeplearning(x = 1:3, y = "petal_len", training_frame = splits[[1]], distribution = "quantile", quantile_alpha = 0.8)
  fact("prediction", names(h2o.predict(dl, splits[[2]])))
  fact("response", dl@parameters$y)
})

scenario("import and summary", {
  train <- h2o.importFile(digits(400, "train.csv.gz"))
  test <- h2o.importFile(digits(200, "test.csv.gz"))
  fact("dim", c(dim(train), dim(test)))
  fact("summary", dim(summary(train)))
  summary(test)
})

y <- "C785"
x <- setdiff(names(train), y)

scenario("trial run", {
  train[, y] <- as.factor(train[, y])
  test[, y] <- as.factor(test[, y])
  model <- h2o.deeplearning(
    x = x, y = y, training_frame = train, validation_frame = test, distribution = "multinomial", activation = "RectifierWithDropout",
    hidden = c(32, 32, 32), input_dropout_ratio = 0.2, sparse = TRUE, l1 = 1e-5, epochs = 10
  )
  fact("class", class(model)[1])
})

scenario("cross-validation", {
  model_cv <- h2o.deeplearning(
    x = x, y = y, training_frame = train, distribution = "multinomial", activation = "RectifierWithDropout", hidden = c(32, 32, 32),
    input_dropout_ratio = 0.2, sparse = TRUE, l1 = 1e-5, epochs = 10, nfolds = 5
  )
  fact("models", length(h2o.cross_validation_models(model_cv)))
})

scenario("results", {
  fact("parameters", model@parameters[c("activation", "distribution", "hidden", "epochs", "input_dropout_ratio", "l1", "sparse", "y")])
  capture.output(print(model))
  h2o.performance(model)
  h2o.performance(model, valid = TRUE)
  expect(h2o.mse(model, valid = TRUE) > 0, h2o.mse(model_cv, xval = TRUE) > 0)
})

scenario("predictions", {
  pred <- h2o.predict(model, newdata = test)
  fact("head", dim(head(pred)))
  fact("names", names(pred))
})

scenario("importances", {
  model_vi <- h2o.deeplearning(
    x = x, y = y, training_frame = train, distribution = "multinomial", activation = "RectifierWithDropout", hidden = c(32, 32, 32),
    input_dropout_ratio = 0.2, sparse = TRUE, l1 = 1e-5, validation_frame = test, epochs = 10, variable_importances = TRUE
  )
  fact("columns", colnames(h2o.varimp(model_vi)))
})

hidden_opt <- list(c(8, 8), c(8, 4, 4), c(20))
l1_opt <- c(1e-4, 1e-3)
hyper_params <- list(hidden = hidden_opt, l1 = l1_opt)

scenario("grid", {
  model_grid <- h2o.grid("deeplearning",
    grid_id = "mygrid", hyper_params = hyper_params, x = x, y = y, distribution = "multinomial", training_frame = train, validation_frame = test,
    score_interval = 2, epochs = 5, stopping_rounds = 3, stopping_tolerance = 0.05, stopping_metric = "misclassification"
  )
  capture.output(print(model_grid))
  fact("models", length(model_grid@model_ids))
  for (model_id in model_grid@model_ids) {
    mse <- h2o.mse(h2o.getModel(model_id), valid = TRUE)
    sprintf("Test set MSE: %f", mse)
  }
})

scenario("random grid", {
  search_criteria <- list(strategy = "RandomDiscrete", max_models = 3, max_runtime_secs = 100, seed = 123456)
  model_grid <- h2o.grid("deeplearning",
    grid_id = "mygrid_random", hyper_params = hyper_params, search_criteria = search_criteria, x = x, y = y, distribution = "multinomial",
    training_frame = train, validation_frame = test, score_interval = 2, epochs = 5, stopping_rounds = 3, stopping_tolerance = 0.05,
    stopping_metric = "misclassification"
  )
  fact("models", length(model_grid@model_ids))
})

scenario("checkpoint", {
  model_chkp <- h2o.deeplearning(
    x = x, y = y, training_frame = train, validation_frame = test, distribution = "multinomial", checkpoint = model@model_id,
    activation = "RectifierWithDropout", hidden = c(32, 32, 32), input_dropout_ratio = 0.2, sparse = TRUE, l1 = 1e-5, epochs = 20
  )
  expect(nrow(h2o.scoreHistory(model_chkp)) > nrow(h2o.scoreHistory(model)))
})

scenario("saving", {
  model_path <- h2o.saveModel(object = model, path = work_folder, force = TRUE)
  saved_model <- h2o.loadModel(model_path)
  expect(saved_model@model_id == model@model_id)
  expect(h2o.getModel(model_id = model_chkp@model_id)@model_id == model_chkp@model_id)
})

scenario("record run", {
  large <- h2o.deeplearning(
    x = x, y = y, training_frame = train, validation_frame = test, activation = "RectifierWithDropout", hidden = c(64, 64, 128), epochs = 1,
    input_dropout_ratio = 0.2, l1 = 1e-5, max_w2 = 10, train_samples_per_iteration = -1, classification_stop = -1, stopping_rounds = 0
  )
  fact("parameters", large@parameters[c("max_w2", "train_samples_per_iteration", "classification_stop", "stopping_rounds")])
})

scenario("anomalies", {
  train_ecg <- h2o.importFile(path = data_file("ecg_discord_train.csv"), header = FALSE, sep = ",")
  test_ecg <- h2o.importFile(path = data_file("ecg_discord_test.csv"), header = FALSE, sep = ",")
  anomaly_model <- h2o.deeplearning(
    x = names(train_ecg), training_frame = train_ecg, activation = "Tanh", autoencoder = TRUE, hidden = c(50, 20, 50), sparse = TRUE, l1 = 1e-4,
    epochs = 100
  )
  recon_error <- as.data.frame(h2o.anomaly(anomaly_model, test_ecg))
  fact("columns", names(recon_error))
  expect(all(order(recon_error$Reconstruction.MSE, decreasing = TRUE)[1:3] %in% 21:23))
  pdf(work_file("anomalies.pdf")); plot.ts(recon_error); dev.off()
  test_recon <- h2o.predict(anomaly_model, test_ecg)
  fact("reconstruction", dim(head(test_recon)))
})

scenario("demonstration", {
  model <- h2o.deeplearning(x = names(iris)[1:4], y = "Species", training_frame = as.h2o(iris), hidden = c(10, 10), epochs = 5)
  expect(is.finite(h2o.logloss(model)))
})
