flowers <- as.h2o(iris, destination_frame = "flowers")
prostate <- h2o.importFile(data_file("prostate.csv"), destination_frame = "prostate.hex")
prostate$CAPSULE <- as.factor(prostate$CAPSULE)
predictors <- c("AGE", "RACE", "DPROS", "DCAPS", "PSA", "VOL", "GLEASON")
parts <- h2o.splitFrame(prostate, 0.7, seed = 1)
binomial <- h2o.deeplearning(x = predictors, y = "CAPSULE", training_frame = parts[[1]], validation_frame = parts[[2]], model_id = "binomial", hidden = c(10, 10),
  epochs = 20, seed = 1)
v <- flowers[1:5, 1] / 10

scenario("mathematics under H2O's names", {
  for (name in c("abs", "acos", "ceiling", "cos", "cosh", "floor", "log10", "log1p", "log2", "sin", "sqrt", "tan", "tanh", "trunc")) fact(name, get(paste0("h2o.", name))(v))
  fact("round", h2o.round(v, 1)); fact("signif", h2o.signif(v, 1)); fact("prod", h2o.prod(v)); fact("min", h2o.min(v)); fact("max", h2o.max(v))
})

scenario("shapes under H2O's names", {
  fact("names", h2o.names(flowers)); fact("ncol", h2o.ncol(flowers)); fact("length", h2o.length(flowers)); fact("dimnames", h2o.dimnames(flowers)[[2]])
  fact("head", h2o.head(flowers, 2)); fact("tail", h2o.tail(flowers, 2)); fact("text", h2o.ischaracter(flowers$Species)); fact("factor", h2o.isfactor(h2o.asfactor(prostate$AGE)))
  fact("key", h2o.keyof(flowers)); expect(length(capture.output(h2o.print(flowers))) > 5); colnames(parts[[1]])
})

scenario("renamed columns", {
  frame <- h2o.assign(flowers[, ], "renamed"); colnames(frame) <- c("a", "b", "c", "d", "e"); fact("names", colnames(frame)); names(frame)[5] <- "class"; fact("one", names(frame))
  expect("renamed" %in% as.character(h2o.ls()$key))
})

scenario("anonymous functions", {
  numbers <- flowers[, 1:4]
  fact("arithmetic", apply(numbers, 2, function(x) { max(x) - min(x) * 2 }))
  fact("max", apply(numbers, 2, max)); fact("min", apply(numbers, 2, min))
  scaled <- function(x) { x / 2 + 1 }; fact("named function", head(apply(numbers, 2, scaled), 2))
  fact("constants", apply(numbers, 2, function(x) { sum(x) * 2 - 1 })); fact("comparison", head(apply(numbers, 2, function(x) { x > 3 }), 2))
  fact("rows", head(apply(numbers, 1, mean), 2)); fact("ddply", h2o.ddply(flowers, "Species", function(group) { sum(group[, 2]) / 2 }))
})

scenario("logic and conversions", {
  b <- flowers[, 1] > 5; fact("and", sum(b & TRUE)); fact("not", head(!b, 2)); fact("matrix", as.matrix(flowers[1:2, 1:2]))
  fact("vector", as.vector(flowers[1:3, 5])); fact("is.na", any(is.na(flowers))); fact("xor", sum(b | FALSE)); fact("all equal", all(flowers$Species == flowers$Species))
  fact("numeric cells", flowers[3, 1] + 1); fact("as.character", as.character(flowers[1, 5])); expect(is.h2o(flowers), is.numeric(flowers[, 1]))
})

scenario("new columns of texts, factors and times", {
  frame <- h2o.assign(flowers[1:4, ], "columns"); frame$text <- as.character(frame$Species); frame$long <- h2o.nchar(frame$text); frame$upper <- h2o.toupper(frame$text)
  frame$same <- frame$Species == "setosa"; frame$code <- as.numeric(frame$Species); frame$ratio <- frame[, 1] / frame[, 2]; frame$when <- h2o.as_date(h2o.ifelse(frame[, 1] > 5, "2020-01-02", "2021-03-04"), "%Y-%m-%d")
  fact("names", names(frame)); fact("upper", frame$upper); fact("code", frame$code); fact("year", h2o.year(frame$when)); frame$text <- NULL; fact("removed", names(frame)); fact("types", unlist(h2o.getTypes(frame)))
})

scenario("valid substrings", {
  writeLines(c("seto", "set", "osa"), work_file("words.txt")); fact("count", h2o.num_valid_substrings(as.character(flowers[1:2, 5]), work_file("words.txt")))
})

scenario("columns by type and indices", {
  for (kind in c("numeric", "categorical", "string", "time", "bad")) fact(kind, h2o.columns_by_type(flowers, coltype = kind)); fact("positions", generate_col_ind(flowers, c("Sepal.Width", "Species")))
})

scenario("rates of two classes", {
  m <- h2o.performance(binomial, valid = TRUE)
  for (f in list(h2o.fnr, h2o.fallout, h2o.missrate, h2o.sensitivity, h2o.tnr)) expect(!anyNA(unlist(f(m, 0.5))))
  fact("gains", colnames(h2o.gains_lift(m))); expect(nrow(h2o.thresholds_and_metric_scores(m)) > 5, h2o.pr_auc(m) > 0, h2o.get_seed(binomial) == 1)
  expect(nrow(h2o.scoreHistory(binomial)) > 1, is.list(getParms(binomial)))
  fact("aic", h2o.aic(m)); fact("likelihood", h2o.loglikelihood(m))
})

scenario("areas of several classes", {
  m <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, hidden = 5, epochs = 5, seed = 1, auc_type = "WEIGHTED_OVO")
  fact("auc", colnames(h2o.multinomial_auc_table(m))); fact("pr", colnames(h2o.multinomial_aucpr_table(m))); expect(h2o.auc(m) > 0.5, h2o.aucpr(m) > 0.3); fact("rows", nrow(h2o.multinomial_auc_table(m)))
  p <- h2o.performance(m, flowers, auc_type = "MACRO_OVR"); expect(h2o.auc(p) > 0.5)
})

scenario("leaderboard", {
  other <- h2o.deeplearning(x = predictors, y = "CAPSULE", training_frame = parts[[1]], hidden = 3, epochs = 2, seed = 2, model_id = "other")
  board <- h2o.make_leaderboard(list(binomial, other), parts[[2]]); fact("columns", names(board)); fact("models", sort(as.vector(board$model_id)))
})

scenario("predicted and actual by variable", {
  p <- h2o.predict(binomial, parts[[2]]); t <- h2o.predicted_vs_actual_by_variable(binomial, h2o.cbind(parts[[2]][, -4], as.factor(parts[[2]]$RACE)), p, "RACE"); fact("columns", names(t))
})

scenario("grid that goes on", {
  folder <- work_file("recovery")
  grid <- h2o.grid("deeplearning", grid_id = "grid_going_on", x = 1:4, y = "Species", training_frame = flowers, epochs = 1, hyper_params = list(hidden = list(3, 4)), recovery_dir = folder, parallelism = 2)
  fact("count", length(grid@model_ids)); more <- h2o.resumeGrid("grid_going_on", recovery_dir = folder); fact("same", length(more@model_ids))
})

scenario("grid of many kinds of parameters", {
  grid <- h2o.grid("deeplearning", grid_id = "grid_kinds", x = 1:4, y = "Species", training_frame = flowers, epochs = 1, hyper_params = list(
    activation = c("Tanh", "RectifierWithDropout"), hidden = list(c(3, 3), c(4, 4)), input_dropout_ratio = c(0, 0.1), adaptive_rate = c(TRUE)), search_criteria = list(strategy = "RandomDiscrete", max_models = 4, seed = 1, stopping_rounds = 0))
  fact("count", length(grid@model_ids)); fact("columns", sort(colnames(grid@summary_table)))
  for (id in grid@model_ids) expect(is.finite(h2o.logloss(h2o.getModel(id))))
})

scenario("progress", {
  h2o.show_progress(); printed <- capture.output(m <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = flowers, hidden = 3, epochs = 1, seed = 1)); h2o.no_progress(); expect(any(grepl("100%", printed)))
})

scenario("unknown columns and wrong frames", {
  error <- function(code) tryCatch({ code; "" }, error = function(e) paste(conditionMessage(e), collapse = " "))
  expect(nzchar(error(h2o.predict(binomial, 3))), nzchar(error(h2o.getFrame("nothing"))), nzchar(error(h2o.getGrid("nothing"))), nzchar(error(h2o.loadModel(work_file("nothing")))))
  expect(nzchar(error(h2o.rm(3))), nzchar(error(h2o.upload_model(work_file("nothing")))))
})

scenario("names that need care", {
  here <- data.frame(`a b` = 1:2, "\u00e4\u00f6" = 5:6, check.names = FALSE); frame <- as.h2o(here, destination_frame = "careful"); fact("names", names(frame))
  fact("cells", frame[, "a b"]); fact("umlauts", sum(frame[, 2])); frame$new <- 1; fact("new", names(frame))
})

scenario("levels that need care", {
  here <- data.frame(f = factor(c("a b", "x\"y", "it's", "\u00e4", "a,b", "NA"))); frame <- as.h2o(here); fact("levels", sort(h2o.levels(frame$f), method = "radix")); fact("one", sum(frame$f == "it's")); fact("two", sum(frame$f == "a b"))
})

scenario("rows of all kinds", {
  frame <- as.h2o(data.frame(x = numeric(0))); fact("none", dim(frame)) 
})

scenario("many frames", {
  before <- nrow(h2o.ls()); for (i in 1:60) { x <- flowers[, 1] + i; y <- mean(x) }
  x <- NULL; gc(); expect(nrow(h2o.ls()) < before + 40)
})

scenario("several sessions", {
  expect(h2o.clusterIsUp()); before <- as.character(h2o.ls()$key); again <- h2o.init(ip = "127.0.0.1", port = as.integer(arguments[1]), startH2O = FALSE); expect(all(c("flowers", "binomial") %in% as.character(h2o.ls()$key)))
})
