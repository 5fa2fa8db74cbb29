# Deep Learning from R: a classifier with its metrics, and an autoencoder that finds anomalies.

library(h2o)
h2o.init(nthreads = 2)

# Does a prostate tumour grow through its capsule?
prostate <- h2o.importFile(system.file("extdata", "prostate.csv", package = "h2o"))
prostate$CAPSULE <- as.factor(prostate$CAPSULE)
summary(prostate)
parts <- h2o.splitFrame(prostate, ratios = 0.8, seed = 1)

model <- h2o.deeplearning(
  x = 3:9, y = "CAPSULE", training_frame = parts[[1]], validation_frame = parts[[2]],
  activation = "Tanh", hidden = c(10, 10), epochs = 100, seed = 1, reproducible = TRUE
)
model
h2o.auc(model, valid = TRUE)
h2o.confusionMatrix(model, valid = TRUE)
plot(model)
plot(h2o.performance(model, valid = TRUE))
h2o.varimp_plot(model)
head(h2o.predict(model, parts[[2]]))

# Which heartbeats are odd? The last three of the test data are.
train_ecg <- h2o.importFile(system.file("extdata", "ecg_discord_train.csv", package = "h2o"), header = FALSE)
test_ecg <- h2o.importFile(system.file("extdata", "ecg_discord_test.csv", package = "h2o"), header = FALSE)
anomaly_model <- h2o.deeplearning(
  x = names(train_ecg), training_frame = train_ecg, activation = "Tanh", autoencoder = TRUE,
  hidden = c(50, 20, 50), sparse = TRUE, l1 = 1e-4, epochs = 100, seed = 1, reproducible = TRUE
)
error <- as.data.frame(h2o.anomaly(anomaly_model, test_ecg))
plot.ts(error)
order(-error$Reconstruction.MSE)[1:3]
