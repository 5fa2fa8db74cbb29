flowers <- as.h2o(iris, destination_frame = "flowers")
prostate <- h2o.importFile(data_file("prostate.csv"), destination_frame = "prostate.hex")
prostate$CAPSULE <- as.factor(prostate$CAPSULE)
parts <- h2o.splitFrame(prostate, 0.7, seed = 1)
predictors <- c("AGE", "RACE", "DPROS", "DCAPS", "PSA", "VOL", "GLEASON")

multinomial <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, model_id = "multinomial", hidden = c(10, 10), epochs = 20, seed = 1,
  variable_importances = TRUE, export_weights_and_biases = TRUE)
binomial <- h2o.deeplearning(x = predictors, y = "CAPSULE", training_frame = parts[[1]], validation_frame = parts[[2]], model_id = "binomial", hidden = c(10, 10),
  epochs = 20, seed = 1)
regression <- h2o.deeplearning(x = predictors[-1], y = "AGE", training_frame = parts[[1]], hidden = 5, epochs = 5, seed = 1)

columns <- function(table) colnames(table)

scenario("a model of three classes", {
  fact("class", class(multinomial)[1]); fact("id", multinomial@model_id); fact("algorithm", multinomial@algorithm)
  fact("parameters", multinomial@parameters[c("hidden", "epochs", "seed", "x", "y", "training_frame")])
  fact("all", sort(names(multinomial@allparameters)))
  fact("summary", columns(multinomial@model$model_summary)); fact("types", as.character(multinomial@model$model_summary$type)); fact("units", multinomial@model$model_summary$units)
  fact("output", sort(setdiff(names(multinomial@model), c("cv_scoring_history", "reproducibility_information_table"))))
})

scenario("print, show and summary of models", {
  for (model in list(multinomial, binomial, regression)) {
    printed <- capture.output(print(model)); expect(any(grepl("Status of Neuron Layers", printed)), any(grepl("training", printed)))
    expect(length(capture.output(summary(model))) > 20)
  }
  fact("headings", grep("^(H2O|\\*\\*|MSE|RMSE|LogLoss|Mean)", capture.output(print(binomial@model$validation_metrics)), value = TRUE) |> sub(pattern = ":.*", replacement = ""))
})

scenario("metrics of three classes", {
  m <- h2o.performance(multinomial); fact("class", class(m)[1]); fact("names", sort(names(m@metrics)))
  expect(h2o.logloss(m) < 0.6, h2o.mse(m) < 0.3, abs(h2o.rmse(m)^2 - h2o.mse(m)) < 1e-9, h2o.mean_per_class_error(m) < 0.3)
  cm <- h2o.confusionMatrix(multinomial); fact("columns", columns(cm)); fact("rows", nrow(cm)); expect(sum(cm[1:3, 1:3]) == 150)
  hits <- h2o.hit_ratio_table(multinomial); fact("hits", columns(hits)); fact("k", hits$k)
  capture.output(print(m))
})

scenario("metrics of two classes", {
  m <- h2o.performance(binomial, valid = TRUE); fact("class", class(m)[1]); fact("names", sort(names(m@metrics)))
  expect(h2o.auc(m) > 0.5, h2o.aucpr(m) > 0.3, h2o.giniCoef(m) > 0, h2o.logloss(m) > 0, h2o.auc(binomial) > h2o.auc(binomial, valid = TRUE) - 1)
  fact("auc", names(h2o.auc(binomial, train = TRUE, valid = TRUE)))
  cm <- h2o.confusionMatrix(binomial, valid = TRUE); fact("cm", columns(cm)); fact("cm rows", rownames(cm)); expect(sum(cm[1:2, 1:2]) == nrow(parts[[2]]))
  at <- h2o.confusionMatrix(binomial, thresholds = 0.4); expect(sum(at[1:2, 1:2]) == nrow(parts[[1]]))
  by <- h2o.confusionMatrix(m, metrics = "accuracy"); expect(!is.null(by))
  fact("scores", columns(m@metrics$thresholds_and_metric_scores)); fact("criteria", m@metrics$max_criteria_and_metric_scores$metric)
  for (f in list(h2o.F1, h2o.F2, h2o.F0point5, h2o.accuracy, h2o.precision, h2o.recall, h2o.specificity, h2o.mcc, h2o.tpr, h2o.fpr, h2o.error, h2o.mean_per_class_accuracy, h2o.maxPerClassError)) {
    expect(all(is.finite(unlist(f(m, 0.5)))))
  }
  threshold <- h2o.find_threshold_by_max_metric(m, "f1"); expect(threshold > 0, threshold < 1)
  expect(!is.null(h2o.find_row_by_threshold(m, 0.5)), nrow(h2o.metric(m)) > 5)
  fact("gains", columns(h2o.gainsLift(m))); fact("roc", class(m)[1]); capture.output(print(m))
})

scenario("metrics of a regression", {
  m <- h2o.performance(regression); fact("class", class(m)[1]); fact("names", sort(names(m@metrics)))
  expect(h2o.mae(m) > 0, h2o.rmsle(m) > 0, h2o.mean_residual_deviance(m) > 0, h2o.r2(m) < 1, is.finite(h2o.mse(regression, train = TRUE)))
})

scenario("performance on another frame", {
  m <- h2o.performance(binomial, newdata = parts[[2]]); expect(abs(h2o.auc(m) - h2o.auc(binomial, valid = TRUE)) < 1e-6)
  expect(abs(h2o.mse(h2o.performance(regression, parts[[1]])) - h2o.mse(regression)) < 1e-6)
  expect(abs(h2o.logloss(h2o.performance(multinomial, flowers)) - h2o.logloss(multinomial)) < 1e-6)
})

scenario("predict", {
  p <- h2o.predict(multinomial, flowers); fact("columns", names(p)); fact("dim", dim(p)); fact("levels", h2o.levels(p$predict)); fact("types", unlist(h2o.getTypes(p)))
  fact("binomial", names(h2o.predict(binomial, parts[[2]]))); fact("regression", names(predict(regression, parts[[2]])))
  rows <- as.data.frame(p); expect(all(abs(rowSums(rows[, -1]) - 1) < 1e-5))
  bound <- h2o.cbind(flowers, p); fact("bound", ncol(bound)); expect(mean(as.vector(p$predict == flowers$Species)) > 0.8)
})

scenario("predict of a frame with other columns", {
  less <- flowers[, c("Sepal.Length", "Petal.Length")]
  seen <- character(); p <- withCallingHandlers(h2o.predict(multinomial, less), warning = function(w) { seen <<- c(seen, conditionMessage(w)); invokeRestart("muffleWarning") })
  expect(nrow(p) == 150, any(grepl("missing", seen)))
})

scenario("score history and plots", {
  history <- h2o.scoreHistory(binomial); fact("columns", columns(history)); expect(nrow(history) >= 2)
  pdf(work_file("plots.pdf")); plot(binomial, metric = "logloss"); plot(h2o.performance(binomial), type = "roc"); h2o.varimp_plot(multinomial); h2o.learning_curve_plot; dev.off()
})

scenario("variable importances", {
  v <- h2o.varimp(multinomial); fact("columns", columns(v)); fact("variables", sort(v$variable)); expect(max(v$scaled_importance) == 1, abs(sum(v$percentage) - 1) < 1e-6)
})

scenario("permutation importance", {
  v <- h2o.permutation_importance(binomial, parts[[2]], seed = 1); fact("columns", columns(v)); fact("variables", sort(v$Variable))
  repeated <- h2o.permutation_importance(binomial, parts[[2]], metric = "logloss", n_repeats = 2, features = c("PSA", "GLEASON"), seed = 1); fact("repeated", columns(repeated))
})

scenario("weights and biases", {
  fact("weights", dim(h2o.weights(multinomial, 1))); fact("second", dim(h2o.weights(multinomial, 2))); fact("biases", dim(h2o.biases(multinomial, 3)))
})

scenario("cross-validation", {
  cv <- h2o.deeplearning(x = predictors, y = "CAPSULE", training_frame = prostate, hidden = 5, epochs = 5, nfolds = 3, fold_assignment = "Modulo", seed = 1,
    keep_cross_validation_predictions = TRUE, keep_cross_validation_fold_assignment = TRUE, model_id = "cv_model")
  m <- h2o.performance(cv, xval = TRUE); expect(h2o.auc(m) > 0.4, abs(h2o.auc(cv, xval = TRUE) - h2o.auc(m)) < 1e-9)
  fact("summary", columns(cv@model$cross_validation_metrics_summary)); fact("models", vapply(h2o.cross_validation_models(cv), function(each) each@model_id, ""))
  fact("holdout", dim(h2o.cross_validation_holdout_predictions(cv))); fact("folds", dim(h2o.cross_validation_fold_assignment(cv))); fact("predictions", length(h2o.cross_validation_predictions(cv)))
  fact("fold values", sort(unique(as.vector(h2o.cross_validation_fold_assignment(cv))))); expect(length(capture.output(print(cv))) > 10)
})

scenario("cross-validation with a column", {
  frame <- prostate[, ]; frame$fold <- h2o.kfold_column(frame, 4, seed = 2)
  cv <- h2o.deeplearning(x = predictors, y = "AGE", training_frame = frame, hidden = 3, epochs = 2, fold_column = "fold", seed = 1); fact("folds", length(h2o.cross_validation_models(cv)) )
  expect(h2o.rmse(cv, xval = TRUE) > 0)
})

scenario("weights, offset, missing values, early stopping", {
  frame <- prostate[, ]; frame$w <- frame$AGE / 60; frame$o <- frame$PSA / 100
  m <- h2o.deeplearning(x = c("RACE", "VOL", "GLEASON"), y = "AGE", training_frame = frame, weights_column = "w", offset_column = "o", hidden = 3, epochs = 3, seed = 1, missing_values_handling = "Skip")
  expect(is.finite(h2o.mse(m)))
  e <- h2o.deeplearning(x = predictors, y = "CAPSULE", training_frame = parts[[1]], validation_frame = parts[[2]], hidden = 5, epochs = 1000, stopping_rounds = 2, stopping_metric = "AUC",
    stopping_tolerance = 0.01, score_interval = 0, score_duty_cycle = 1, train_samples_per_iteration = 500, seed = 1, overwrite_with_best_model = TRUE)
  expect(nrow(h2o.scoreHistory(e)) > 2)
})

scenario("many parameters", {
  m <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, activation = "RectifierWithDropout", hidden = c(20, 10), hidden_dropout_ratios = c(0.1, 0.2), input_dropout_ratio = 0.1, l1 = 1e-5, l2 = 1e-5,
    epochs = 3, rate = 0.01, adaptive_rate = FALSE, momentum_start = 0.5, momentum_stable = 0.9, momentum_ramp = 1000, nesterov_accelerated_gradient = FALSE, loss = "CrossEntropy", distribution = "multinomial",
    max_w2 = 10, initial_weight_distribution = "Normal", initial_weight_scale = 0.1, balance_classes = TRUE, shuffle_training_data = TRUE, standardize = TRUE, reproducible = TRUE, seed = 42, score_each_iteration = TRUE)
  given <- m@parameters; fact("given", sort(names(given))); fact("hidden", given$hidden); fact("activation", given$activation); fact("momentum", given$momentum_stable)
})

scenario("wrong parameters", {
  wrong <- function(...) tryCatch({ h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, epochs = 1, ...); "" }, error = function(e) paste(conditionMessage(e), collapse = " "))
  expect(grepl("hidden", wrong(hidden = -1)), grepl("input_dropout_ratio", wrong(input_dropout_ratio = 2)), nzchar(wrong(activation = "Nonsense")), nzchar(wrong(rho = 3)))
  expect(nzchar(tryCatch({ h2o.deeplearning(x = 1:3, y = "NOSUCH", training_frame = flowers); "" }, error = conditionMessage)))
  expect(nzchar(tryCatch({ h2o.getModel("nosuch"); "" }, error = conditionMessage)))
})

scenario("an algorithm that is not here", {
  error <- tryCatch({ h2o.gbm(x = 1:4, y = "Species", training_frame = flowers, ntrees = 1); "" }, error = function(e) paste(conditionMessage(e), collapse = " "))
  cat(error)
})

scenario("autoencoder, anomaly, deep features", {
  ae <- h2o.deeplearning(x = 1:4, training_frame = flowers, autoencoder = TRUE, hidden = c(6, 3), epochs = 10, seed = 1, activation = "Tanh", model_id = "ae"); fact("class", class(ae)[1])
  fact("anomaly", dim(h2o.anomaly(ae, flowers))); fact("names", names(h2o.anomaly(ae, flowers))); fact("per feature", names(h2o.anomaly(ae, flowers, per_feature = TRUE)))
  fact("features", names(h2o.deepfeatures(ae, flowers, layer = 2))); fact("first", dim(h2o.deepfeatures(multinomial, flowers, layer = 1))); fact("reconstruction", names(h2o.predict(ae, flowers)))
  m <- h2o.performance(ae); fact("metrics", class(m)[1]); expect(h2o.mse(ae) > 0, length(capture.output(print(ae))) > 10)
  start <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, hidden = c(6, 3), epochs = 2, pretrained_autoencoder = "ae", activation = "Tanh", seed = 1); expect(is.finite(h2o.logloss(start)))
})

scenario("checkpoint", {
  more <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, hidden = c(10, 10), checkpoint = "multinomial", epochs = 30, seed = 1, model_id = "more"); fact("id", more@model_id)
  expect(sum(more@model$scoring_history$samples) >= sum(multinomial@model$scoring_history$samples))
  error <- tryCatch({ h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, hidden = c(9, 9), checkpoint = "multinomial", epochs = 30); "" }, error = function(e) paste(conditionMessage(e), collapse = " ")); expect(grepl("[Hh]idden", error))
})

scenario("grid", {
  grid <- h2o.grid("deeplearning", grid_id = "grid_one", x = predictors, y = "CAPSULE", training_frame = parts[[1]], validation_frame = parts[[2]], epochs = 2, seed = 1,
    hyper_params = list(hidden = list(c(4), c(5, 5)), l1 = c(0, 1e-4)))
  fact("class", class(grid)[1]); fact("id", grid@grid_id); fact("count", length(grid@model_ids)); fact("columns", columns(grid@summary_table)); fact("hyper", sort(unlist(grid@hyper_names)))
  sorted <- h2o.getGrid("grid_one", sort_by = "auc", decreasing = TRUE); best <- h2o.getModel(sorted@model_ids[[1]]); aucs <- vapply(sorted@model_ids, function(id) h2o.auc(h2o.getModel(id), valid = TRUE), 0); expect(!is.unsorted(rev(aucs)))
  expect(length(capture.output(print(grid))) > 5, length(capture.output(summary(grid))) > 5); fact("hidden", sort(vapply(sorted@summary_table$hidden, paste, "", collapse = " ")))
})

scenario("grid, random with criteria", {
  grid <- h2o.grid("deeplearning", grid_id = "grid_two", x = 1:4, y = "Species", training_frame = flowers, epochs = 1, hyper_params = list(hidden = list(3, 4, 5), activation = c("Rectifier", "Tanh"), rho = c(0.9, 0.99)),
    search_criteria = list(strategy = "RandomDiscrete", max_models = 3, seed = 7)); fact("count", length(grid@model_ids))
  more <- h2o.grid("deeplearning", grid_id = "grid_two", x = 1:4, y = "Species", training_frame = flowers, epochs = 1, hyper_params = list(hidden = list(6)), search_criteria = list(strategy = "Cartesian"), parallelism = 1)
  expect(length(more@model_ids) >= 3)
})

scenario("grid with failures", {
  grid <- suppressWarnings(h2o.grid("deeplearning", grid_id = "grid_bad", x = 1:4, y = "Species", training_frame = flowers, epochs = 1, hyper_params = list(hidden = list(3, -1))))
  fact("models", length(grid@model_ids)); fact("failures", length(grid@failure_details)); capture.output(print(grid))
})

scenario("save and load a grid", {
  file <- h2o.saveGrid(work_file("grids"), "grid_one"); h2o.rm("grid_one"); loaded <- h2o.loadGrid(file); fact("count", length(loaded@model_ids)); fact("id", loaded@grid_id)
})

scenario("partial dependence", {
  t <- h2o.partialPlot(binomial, parts[[2]], cols = c("AGE", "RACE"), plot = FALSE); fact("tables", length(t)); fact("columns", columns(t[[1]])); fact("rows", vapply(t, nrow, 0L))
  m <- h2o.partialPlot(multinomial, flowers, cols = "Petal.Length", targets = c("setosa", "virginica"), plot = FALSE, nbins = 5); fact("multinomial", columns(if (is.data.frame(m)) m else m[[1]]))
  r <- h2o.partialPlot(regression, parts[[2]], cols = "PSA", nbins = 4, plot = FALSE); fact("regression", nrow(if (is.data.frame(r)) r else r[[1]]))
  row <- h2o.partialPlot(binomial, parts[[2]], cols = "AGE", row_index = 1, plot = FALSE, nbins = 3); expect(!is.null(row)); two <- h2o.partialPlot(binomial, parts[[2]], cols = NULL, col_pairs_2dpdp = list(c("AGE", "PSA")), nbins = 3, plot = FALSE); fact("pairs", nrow(if (is.data.frame(two)) two else two[[1]]))
})

scenario("make_metrics", {
  p <- h2o.predict(binomial, parts[[2]]); m <- h2o.make_metrics(p$p1, parts[[2]]$CAPSULE); fact("class", class(m)[1]); expect(abs(h2o.auc(m) - h2o.auc(binomial, valid = TRUE)) < 1e-3)
  r <- h2o.make_metrics(h2o.predict(regression, parts[[2]]), parts[[2]]$AGE); fact("regression", class(r)[1]); expect(abs(h2o.mse(r) - h2o.mse(h2o.performance(regression, parts[[2]]))) < 1e-6)
  q <- h2o.predict(multinomial, flowers); k <- h2o.make_metrics(q[, 2:4], flowers$Species, domain = c("setosa", "versicolor", "virginica")); fact("multinomial", class(k)[1]); expect(abs(h2o.logloss(k) - h2o.logloss(multinomial)) < 1e-5)
})

scenario("reset threshold", {
  old <- h2o.reset_threshold(binomial, 0.9); expect(is.numeric(old)); p <- h2o.predict(binomial, parts[[2]]); high <- sum(as.vector(p$p1) >= 0.9); expect(sum(as.vector(p$predict) == "1") == high); h2o.reset_threshold(binomial, old)
})

scenario("save, load, download and upload a model", {
  before <- as.data.frame(h2o.predict(multinomial, flowers))
  path <- h2o.saveModel(multinomial, work_file("models"), force = TRUE); expect(file.exists(path), basename(path) == "multinomial")
  error <- tryCatch({ h2o.saveModel(multinomial, work_file("models")); "" }, error = function(e) paste(conditionMessage(e), collapse = " ")); expect(nzchar(error))
  loaded <- h2o.loadModel(path); fact("loaded", loaded@model_id); expect(isTRUE(all.equal(as.data.frame(h2o.predict(loaded, flowers)), before)))
  got <- h2o.download_model(multinomial, work_folder); expect(file.exists(got)); h2o.rm("multinomial"); back <- h2o.upload_model(got); fact("uploaded", back@model_id)
  expect(isTRUE(all.equal(as.data.frame(h2o.predict(back, flowers)), before)))
})

scenario("list of models", { found <- h2o.list_models(); expect("binomial" %in% unlist(found)) })

scenario("model details", { file <- h2o.saveModelDetails(binomial, work_file("details"), force = TRUE); expect(file.exists(file)) })

scenario("MOJO", {
  error <- tryCatch({ h2o.download_mojo(binomial, work_folder); "" }, error = function(e) paste(conditionMessage(e), collapse = " ")); fact("refused by the client", nzchar(error))
})

scenario("POJO", {
  error <- tryCatch({ capture.output(h2o.download_pojo(binomial)); "" }, error = function(e) paste(conditionMessage(e), collapse = " ")); fact("refused by the client", nzchar(error))
})

scenario("correlation of models", {
  other <- h2o.deeplearning(x = predictors, y = "CAPSULE", training_frame = parts[[1]], hidden = 4, epochs = 2, seed = 1, model_id = "other")
  expect(!is.null(h2o.model_correlation(list(binomial, other), parts[[2]])))
})

scenario("tabulate", { t <- h2o.tabulate(prostate, "AGE", "PSA"); expect(!is.null(t)) })

scenario("segment models", {
  s <- tryCatch(h2o.train_segments("deeplearning", segment_columns = "RACE", x = c("PSA", "VOL"), y = "AGE", training_frame = prostate, hidden = 3, epochs = 1, seed = 1), error = identity)
  expect(!inherits(s, "error")); fact("columns", names(as.data.frame(s)))
})

scenario("a model in the background", {
  m <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, hidden = 3, epochs = 1, max_runtime_secs = 5, export_checkpoints_dir = work_file("checkpoints"), seed = 1, model_id = "exported"); expect(length(list.files(work_file("checkpoints"))) > 0)
})

scenario("removal", {
  h2o.rm(c("more", "ae")); expect(!any(c("more", "ae") %in% as.character(h2o.ls()$key)))
  h2o.removeAll(retained_elements = c(h2o.getId(flowers))); expect("flowers" %in% as.character(h2o.ls()$key)); h2o.removeAll(); expect(!"flowers" %in% as.character(h2o.ls()$key))
})
