start()

data <- data.frame(
  id = c(1, 1, 2, 2, 3), a = c(3.5, 1, 2, 2, NA), b = c(5, 4, 3, 2, 1),
  f = factor(c("u", "v", "u", "v", "u")), g = factor(c("p", "p", "q", "q", "q")),
  t = c("one two", "two", "three", "two one", "four"), stringsAsFactors = FALSE
)
small <- function(name = NULL) as.h2o(data, name)

# Every argument that takes a column: the function of it, by name and by the position from 1.
by_column <- list(
  h2o.arrange = list("..." = function(fr, at) do.call(h2o.arrange, list(fr, if (is.character(at)) as.name(at) else at))),
  h2o.drop_duplicates = list(columns = function(fr, at) h2o.drop_duplicates(fr, at)),
  h2o.tf_idf = list(
    document_id_col = function(fr, at) h2o.tf_idf(fr, at, "t"),
    text_col = function(fr, at) h2o.tf_idf(fr, "id", if (identical(at, "id")) "t" else if (identical(at, 1)) 6 else at)
  ),
  h2o.group_by = list(
    by = function(fr, at) h2o.group_by(fr, at, mean("a")),
    "..." = function(fr, at) h2o.group_by(fr, "f", sum(at))
  ),
  h2o.ddply = list(.variables = function(fr, at) h2o.ddply(fr, at, function(x) sum(x[, 3]))),
  h2o.interaction = list(factors = function(fr, at) {
    factors <- if (identical(at, "id")) c("g", "f") else if (identical(at, 1)) 5:4 else at
    h2o.interaction(fr, factors = factors, pairwise = TRUE, max_factors = 5, min_occurrence = 1)
  }),
  h2o.merge = list(
    by = function(fr, at) h2o.merge(fr[c("id", "a")], as.h2o(data.frame(id = 1:3, z = 4:6), NULL), by = at),
    by.x = function(fr, at) h2o.merge(fr, as.h2o(data.frame(k = 1:3, z = 4:6), NULL), by.x = at, by.y = "k"),
    by.y = function(fr, at) h2o.merge(as.h2o(data.frame(k = 1:3, z = 4:6), NULL), fr, by.x = "k", by.y = at)
  ),
  h2o.topBottomN = list(column = function(fr, at) h2o.topBottomN(fr, at, 40, 1)),
  h2o.topN = list(column = function(fr, at) h2o.topN(fr, at, 40)),
  h2o.bottomN = list(column = function(fr, at) h2o.bottomN(fr, at, 40)),
  h2o.rank_within_group_by = list(
    group_by_cols = function(fr, at) h2o.rank_within_group_by(fr, at, "b"),
    sort_cols = function(fr, at) h2o.rank_within_group_by(fr, "f", at)
  ),
  h2o.impute = list(
    column = function(fr, at) h2o.impute(fr, if (identical(at, 0)) -5 else at), # 0: all columns
    by = function(fr, at) h2o.impute(fr, "a", by = at)
  ),
  h2o.removeVecs = list(cols = function(fr, at) h2o.removeVecs(fr, at)),
  h2o.levels = list(i = function(fr, at) h2o.levels(fr, at)),
  h2o.pivot = list(
    index = function(fr, at) h2o.pivot(fr, at, "f", "b"),
    column = function(fr, at) h2o.pivot(fr, "id", if (identical(at, "id")) "f" else if (identical(at, 1)) 4 else at, "b"),
    value = function(fr, at) h2o.pivot(fr, "b", "f", at)
  ),
  h2o.melt = list(
    id_vars = function(fr, at) h2o.melt(fr[1:3], at, "b"),
    value_vars = function(fr, at) h2o.melt(fr[1:3], "b", at)
  ),
  h2o.quantile = list(weights_column = function(fr, at) h2o.quantile(fr[1:3], 0.5, weights_column = at)),
  h2o.relevel_by_frequency = list(weights_column = function(fr, at) h2o.relevel_by_frequency(fr, weights_column = at)),
  as.h2o.data.frame = list(skipped_columns = function(fr, at) as.h2o(data, NULL, skipped_columns = at)),
  as.h2o.matrix = list(skipped_columns = function(fr, at) as.h2o(as.matrix(data[1:3]), NULL, skipped_columns = at)),
  as.h2o.default = list(skipped_columns = function(fr, at) as.h2o(as.list(data), NULL, skipped_columns = at)),
  as.h2o.H2OFrame = list(skipped_columns = function(fr, at) as.h2o(fr, NULL, skipped_columns = at)),
  h2o.deeplearning = list(
    x = function(fr, at) {
      h2o.deeplearning(x = at, y = "b", training_frame = fr, hidden = 2, epochs = 1, seed = 1, reproducible = TRUE)@parameters$x
    },
    y = function(fr, at) {
      h2o.deeplearning(x = "f", y = at, training_frame = fr, hidden = 2, epochs = 1, seed = 1, reproducible = TRUE)@parameters$y
    }
  )
)

explained <- h2o.deeplearning(c("id", "a"), "b", data, hidden = 2, epochs = 1, seed = 1)
by_column <- c(by_column, if (requireNamespace("ggplot2", quietly = TRUE)) list(
  h2o.pd_plot = list(column = function(fr, at) h2o.pd_plot(explained, fr, at)$data),
  h2o.pd_multi_plot = list(column = function(fr, at) h2o.pd_multi_plot(explained, fr, at)$data),
  h2o.ice_plot = list(column = function(fr, at) h2o.ice_plot(explained, fr, at)$data),
  h2o.partialPlot = list(cols = function(fr, at) h2o.partialPlot(explained, fr, at, plot = FALSE)),
  h2o.permutation_importance = list(features = function(fr, at) h2o.permutation_importance(explained, fr, features = at, seed = 1)),
  h2o.permutation_importance_plot = list(
    features = function(fr, at) h2o.permutation_importance_plot(explained, fr, features = at, seed = 1)$data
  ),
  h2o.shap_summary_plot = list(columns = function(fr, at) h2o.shap_summary_plot(explained, fr, at)$data),
  h2o.shap_explain_row_plot = list(columns = function(fr, at) h2o.shap_explain_row_plot(explained, fr, 1, at)$data),
  h2o.explain = list(columns = function(fr, at) {
    names(h2o.explain(explained, fr, columns = at, include_explanations = "pdp")$pdp$plots)
  }),
  h2o.explain_row = list(columns = function(fr, at) {
    names(h2o.explain_row(explained, fr, 1, columns = at, include_explanations = "ice")$ice$plots)
  })
))

# Arguments of these names take columns ...
of_columns <- c(
  "column", "columns", "by", "by.x", "by.y", "group_by_cols", "sort_cols", "factors", "document_id_col", "text_col", ".variables",
  "index", "value", "id_vars", "value_vars", "skipped_columns", "i", "x", "y", "weights_column", "cols", "features"
)
# ... but for functions of these, where they mean something else or are tested below.
elsewhere <- list(
  x = setdiff(ls(asNamespace("h2o")), "h2o.deeplearning"), y = setdiff(ls(asNamespace("h2o")), "h2o.deeplearning"),
  factors = c("h2o.createFrame", "h2o.summary", "summary.H2OFrame"), value = "h2o.createFrame",
  cols = c("h2o.createFrame", "h2o.str", "str.H2OFrame"),
  skipped_columns = c("h2o.importFile", "h2o.importFolder", "h2o.uploadFile", "h2o.parseSetup", "h2o.parseRaw", "as.h2o.Matrix"),
  weights_column = c("h2o.deeplearning", "quantile.H2OFrame")
)

test_that("every exported argument for columns is in the table", {
  for (name in grep("^h2o\\.|^as\\.h2o\\.", ls(asNamespace("h2o")), value = TRUE)) {
    arguments <- intersect(names(formals(get(name, asNamespace("h2o")))), of_columns)
    wanted <- Filter(function(argument) !name %in% elsewhere[[argument]], arguments)
    expect_identical(setdiff(as.character(wanted), names(by_column[[name]])), character(), info = name)
  }
})

plain <- function(value) {
  if (is.list(value) && !is.data.frame(value)) lapply(value, plain) else if (is.h2o(value)) as.data.frame(value) else value
}

cases <- do.call(c, lapply(names(by_column), function(name) lapply(names(by_column[[name]]), function(argument) list(name, argument))))

for (case in cases) {
  test_that(paste(case[[1]], case[[2]], "counts from 1"), {
    f <- by_column[[case[[1]]]][[case[[2]]]]
    expect_identical(plain(f(small(), 1)), plain(f(small(), "id")))
    for (wrong in list(0, -1, 7, 1.5, "none")) {
      expect_error(f(small(), wrong), class = "h2o_error")
    }
  })
}

test_that("skipped columns and types of files count from 1", {
  file <- tempfile(fileext = ".csv")
  write.csv(data, file, row.names = FALSE)
  for (read in list(h2o.importFile, h2o.uploadFile, h2o.parseRaw, h2o.importFolder)) {
    expect_identical(names(read(file, skipped_columns = c(1, 3))), c("a", "f", "g", "t"))
    expect_error(read(file, skipped_columns = 0), "counted from 1", class = "h2o_error")
  }
  expect_error(h2o.parseSetup(file, skipped_columns = -1), "counted from 1", class = "h2o_error")
  fr <- h2o.importFile(file, col.types = list(by.col.idx = c(1, 6), types = c("enum", "string")))
  expect_identical(unlist(h2o.getTypes(fr))[c(1, 6)], c("enum", "string"))
  expect_error(h2o.importFile(file, col.types = list(by.col.idx = 0, types = "enum")), "counted from 1", class = "h2o_error")
})

test_that("what is found counts from 1", {
  fr <- small()
  expect_identical(as.vector(h2o.grep("two", fr$t)), grep("two", data$t))
  expect_identical(as.vector(h2o.grep("two", fr$t, invert = TRUE)), grep("two", data$t, invert = TRUE))
  expect_identical(as.vector(h2o.grep("two", fr$t, output.logical = TRUE)), as.integer(grepl("two", data$t)))
  expect_identical(nrow(h2o.grep("nothing", fr$t)), 0L)
  expect_identical(as.vector(h2o.which(fr$b > 2)), which(data$b > 2))
  expect_identical(as.vector(h2o.match(fr$f, c("v", "u"))), match(data$f, c("v", "u")))
  expect_identical(unname(unlist(as.data.frame(h2o.which_max(fr[2:3])))), c(1L, 1L))
  expect_identical(unname(unlist(as.data.frame(h2o.which_min(fr[2:3])))), c(2L, 5L))
  expect_identical(h2o.columns_by_type(fr, "categorical"), 4:5)
  expect_identical(h2o.filterNACols(fr, 0.1), c(1L, 3:6))
  expect_identical(as.vector(h2o.topN(fr, "b", 20)[[1]]), 1L)
  expect_identical(as.vector(h2o.bottomN(fr, "b", 20)[[1]]), 5L)
  expect_identical(as.data.frame(h2o.seq_len(3))[[1]], 1:3)
})

test_that("characters count from 1", {
  fr <- small()$t
  for (first in -1:5) {
    for (last in 0:6) {
      expect_identical(as.vector(h2o.substring(fr, first, last)), substring(data$t, first, last))
      expect_identical(as.vector(h2o.substr(fr, first, last)), substr(data$t, first, last))
    }
  }
})

test_that("layers, weights and biases count from 1", {
  model <- small_model(hidden = c(3, 2), epochs = 1, export_weights_and_biases = TRUE)
  expect_identical(names(h2o.deepfeatures(model, flowers(), 1)), paste0("DF.L1.C", 1:3))
  expect_identical(dim(h2o.weights(model, 1)), c(3L, 4L))
  expect_identical(nrow(h2o.biases(model, 3)), 3L)
  asks <- list(
    function(i) h2o.deepfeatures(model, flowers(), i), function(i) h2o.weights(model, i), function(i) h2o.biases(model, i)
  )
  for (ask in asks) {
    for (wrong in list(0, -1, 4, 1.5, 1:2)) expect_error(ask(wrong), "must be in 1 ..", class = "h2o_error")
  }
})

test_that("aggregates without a column are about all columns that fit", {
  fr <- small()
  expect_identical(names(h2o.group_by(fr, "f", mean())), c("f", "mean_id", "mean_a", "mean_b"))
  expect_identical(names(h2o.group_by(fr, "f", sd(na = "rm"))), c("f", "sdev_id", "sdev_a", "sdev_b"))
  expect_identical(names(h2o.group_by(fr, c(1, 4), mode())), c("id", "f", "mode_g"))
  expect_identical(ncol(h2o.group_by(fr, "f", nrow(), max())), 5L)
  expect_identical(dim(h2o.group_by(flowers(), by = "Species", mean())), c(3L, 5L))
})

test_that("rows and columns of [ are those of a data.frame", {
  fr <- as.h2o(data[1:3], NULL)
  for (i in list(1, 3, -1, c(-1, -3), c(0, 2), 0, c(3, 1), 2:3, c(TRUE, FALSE, TRUE))) {
    expect_identical(names(fr[i]), names(data[1:3])[i])
    expect_equal(as.data.frame(fr[i, ])$b, data[i, 3])
  }
  expect_error(fr[4], class = "h2o_error")
  expect_error(fr[-4], class = "h2o_error")
})
