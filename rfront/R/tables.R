#' Put frames side by side or one below the other
#'
#' @param ... Frames; `h2o.cbind()` also takes vectors, `data.frame`s and lists of frames. In `h2o.cbind()` the names of arguments
#'   become the names of frames of one column.
#' @param deparse.level Not used.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris)
#' h2o.cbind(fr[1:2], double = fr$Petal.Width * 2)
#' dim(h2o.rbind(fr, fr))
h2o.cbind <- function(...) {
  parts <- lapply(parts_of(...), function(x) if (is.h2o(x)) x else as.h2o(x, NULL))
  for (i in which(nzchar(base::names(parts)))) {
    if (ncol(parts[[i]]) == 1) names(parts[[i]]) <- base::names(parts)[i]
  }
  do.call(evaluate, c("cbind", lapply(unname(parts), operand)))
}

#' @rdname h2o.cbind
#' @export
h2o.rbind <- function(...) {
  do.call(evaluate, c("rbind", lapply(unname(parts_of(...)), function(x) operand(if (is.h2o(x)) x else as.h2o(x, NULL)))))
}

#' @rdname h2o.cbind
#' @export
cbind.H2OFrame <- function(..., deparse.level = 1) h2o.cbind(...)

#' @rdname h2o.cbind
#' @export
rbind.H2OFrame <- function(..., deparse.level = 1) h2o.rbind(...)

parts_of <- function(...) {
  parts <- list(...)
  if (length(parts) == 1 && is.list(parts[[1]]) && !is.data.frame(parts[[1]]) && !is.h2o(parts[[1]])) parts[[1]] else parts
}

#' Split a frame at random
#'
#' @param data An `H2OFrame`.
#' @param ratios Shares of the rows for the parts but the last, which gets the rest.
#' @param destination_frames Names of the parts.
#' @param seed Seed; -1 draws one from R's generator.
#' @return A list of frames.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' parts <- h2o.splitFrame(as.h2o(iris), ratios = 0.8, seed = 1)
#' sapply(parts, nrow)
h2o.splitFrame <- function(data, ratios = 0.75, destination_frames, seed = -1) {
  data <- as_frame(data, "data")
  if (!is.numeric(ratios) || any(ratios <= 0) || sum(ratios) >= 1) {
    stop_h2o("`ratios` must be numbers above 0 whose sum is below 1; the last part gets the rest of the rows")
  }
  if (!missing(destination_frames) && length(destination_frames) != length(ratios) + 1) {
    stop_h2o(sprintf("`destination_frames` has %d names for %d parts", length(destination_frames), length(ratios) + 1))
  }
  draw <- h2o.runif(data, seed)
  ends <- c(cumsum(ratios), 1)
  parts <- lapply(seq_along(ends), function(i) {
    chosen <- if (i == length(ends)) draw > ends[i - 1] else if (i == 1) draw <= ends[1] else draw > ends[i - 1] & draw <= ends[i]
    data[chosen, ]
  })
  if (missing(destination_frames)) parts else Map(h2o.assign, parts, destination_frames, USE.NAMES = FALSE)
}

#' Join two frames
#'
#' @param x,y Frames.
#' @param by Columns of both to join by; by default those of the same name.
#' @param by.x,by.y Columns of each to join by.
#' @param all,all.x,all.y Whether rows without a partner stay.
#' @param method "auto", "radix" or "hash"; the result is the same.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' left <- as.h2o(data.frame(id = 1:3, x = c(5, 6, 7)))
#' right <- as.h2o(data.frame(id = c(3, 1), y = c("c", "a")))
#' h2o.merge(left, right, all.x = TRUE)
h2o.merge <- function(x, y, by = intersect(names(x), names(y)), by.x = by, by.y = by, all = FALSE, all.x = all,
                      all.y = all, method = "auto") {
  evaluate(
    "merge", operand(x), operand(y), all.x, all.y, column_indices(x, by.x, "by.x"), column_indices(y, by.y, "by.y"), method
  )
}

#' @rdname h2o.merge
#' @param ... Arguments of `h2o.merge()`.
#' @export
merge.H2OFrame <- function(x, y, ...) h2o.merge(x, y, ...)

#' Sort rows
#'
#' @param x An `H2OFrame`.
#' @param ... Columns to sort by: names without quotes, or positions; `desc(column)` for falling order.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.arrange(as.h2o(mtcars), cyl, desc(mpg))
h2o.arrange <- function(x, ...) {
  columns <- lapply(as.list(substitute(list(...)))[-1], function(each) {
    falling <- is.call(each) && identical(each[[1]], quote(desc))
    name <- if (falling) each[[2]] else each
    told <- if (base::is.name(name)) as.character(name) else if (is.call(name)) deparse(name) else name
    list(name = told, direction = if (falling) -1 else 1)
  })
  if (!length(columns)) stop_h2o("h2o.arrange: name a column to sort by")
  numbers <- vapply(columns, function(each) single_column(x, each$name, "..."), 0L)
  evaluate("sort", operand(x), as_list(numbers - 1L), as_list(vapply(columns, `[[`, 0, "direction")))
}

#' Aggregate by groups
#'
#' @param data An `H2OFrame`.
#' @param by Names or positions of the columns that make the groups.
#' @param ... Aggregates as calls with names or positions of columns: `nrow("a")`, `mean("a")`, and likewise `sum`, `min`, `max`,
#'   `sd`, `var`, `ss` (sum of squares), `median` and `mode`. Without a column they are about all columns of numbers (`mode`: all
#'   factors) that are not in `by`.
#' @param gb.control A list: `na.methods`, for each aggregate what to do with missing values ("all": the result is missing, "rm": leave them
#'   out, "ignore": leave them out of sums but count the rows), and `col.names`, names of the results.
#' @return An `H2OFrame` with one row for each group.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.group_by(as.h2o(mtcars), by = "cyl", nrow("cyl"), mean("mpg"), max("hp"))
h2o.group_by <- function(data, by, ..., gb.control = list(na.methods = NULL, col.names = NULL)) {
  calls <- as.list(substitute(list(...)))[-1]
  if (!length(calls)) stop_h2o("h2o.group_by: give an aggregate, such as mean(\"column\")")
  given <- gb.control$na.methods
  policies <- if (is.null(given)) rep("all", length(calls)) else rep_len(c(given, rep("ignore", length(calls))), length(calls))
  frame <- parent.frame()
  by <- column_numbers(data, by, "by")
  aggregates <- Map(function(call, policy) aggregates_of(call, policy, data, by, frame), calls, policies)
  result <- do.call(evaluate, c("GB", list(operand(data), as_list(by - 1L)), do.call(c, unname(aggregates))))
  labels <- gb.control$col.names
  if (is.null(labels)) return(result)
  names(result)[length(by) + seq_along(labels)] <- labels
  result
}

# The aggregate of each column as operation, column and what to do with missing values.
aggregates_of <- function(call, policy, data, by, frame) {
  known <- c(nrow = "nrow", mean = "mean", sum = "sum", min = "min", max = "max", sd = "sdev", var = "var", ss = "sumSquares",
    median = "median", mode = "mode", sumSquares = "sumSquares", count = "nrow")
  name <- if (is.call(call)) deparse(call[[1]]) else deparse(call)
  if (!name %in% base::names(known)) {
    stop_h2o(sprintf("h2o.group_by: %s is no aggregate; there are %s", name, paste(base::names(known), collapse = ", ")))
  }
  arguments <- if (is.call(call)) lapply(as.list(call)[-1], eval, frame) else list()
  if (!is.null(arguments$na)) policy <- arguments$na
  given <- arguments[setdiff(seq_along(arguments), match("na", base::names(arguments)))]
  columns <- if (length(given)) column_numbers(data, given[[1]], deparse(call)) else columns_to_aggregate(data, by, known[[name]])
  do.call(c, lapply(columns, function(column) list(known[[name]], column - 1L, policy)))
}

# What an aggregate without a column is about: rows, levels, or all columns of numbers.
columns_to_aggregate <- function(data, by, operation) {
  if (operation == "nrow") return(by[1])
  wanted <- if (operation == "mode") "enum" else c("int", "real", "time")
  columns <- setdiff(which(attr(data, "types") %in% wanted), by)
  if (!length(columns)) stop_h2o(sprintf("h2o.group_by: there is no column beside those of `by` that %s is about; name one", operation))
  columns
}

#' Rows with the largest or smallest values
#'
#' @param x An `H2OFrame`.
#' @param column Name or position of a column of numbers.
#' @param nPercent Share of the rows, in percent.
#' @param grabTopN 1: the largest; -1: the smallest.
#' @return An `H2OFrame` with the numbers of the rows and the values.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.topN(as.h2o(mtcars), "mpg", 10)
h2o.topBottomN <- function(x, column, nPercent, grabTopN) {
  found <- evaluate("topn", operand(x), column_index(x, column, "column"), nPercent, grabTopN)
  found[[1]] <- counted_from_one(found[[1]])
  found
}

#' @rdname h2o.topBottomN
#' @export
h2o.topN <- function(x, column, nPercent) h2o.topBottomN(x, column, nPercent, 1)

#' @rdname h2o.topBottomN
#' @export
h2o.bottomN <- function(x, column, nPercent) h2o.topBottomN(x, column, nPercent, -1)

#' Rank within groups
#'
#' @param x An `H2OFrame`.
#' @param group_by_cols,sort_cols Names or positions of columns.
#' @param ascending For each column to sort by whether it rises; all do by default.
#' @param new_col_name Name of the new column.
#' @param sort_cols_sorted Whether the result is sorted by the groups.
#' @return An `H2OFrame` with one more column.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(mtcars)
#' h2o.rank_within_group_by(fr, "cyl", "mpg", new_col_name = "rank")
h2o.rank_within_group_by <- function(x, group_by_cols, sort_cols, ascending = NULL, new_col_name = "New_Rank_column",
                                     sort_cols_sorted = FALSE) {
  rising <- if (is.null(ascending)) rep(TRUE, length(sort_cols)) else ascending
  evaluate(
    "rank_within_groupby", operand(x), column_indices(x, group_by_cols, "group_by_cols"), column_indices(x, sort_cols, "sort_cols"),
    as_list(base::ifelse(rising, 1L, -1L)), new_col_name, as.integer(sort_cols_sorted)
  )
}

#' Fill in missing values
#'
#' @param data An `H2OFrame`; it is changed itself.
#' @param column Name or position of the column; 0 means all.
#' @param method "mean", "median" or "mode".
#' @param combine_method How the median of an even number of values is chosen: "interpolate", "average", "lo" or "hi".
#' @param by Columns that make groups: missing values are filled in by the group.
#' @param groupByFrame A frame with the value for each group.
#' @param values The values to fill in, one for each column (`NA`: leave the column).
#' @return The values that were filled in; with `by` an `H2OFrame` of them.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(data.frame(x = c(1, NA, 3)))
#' h2o.impute(fr, "x", method = "mean")
#' fr
h2o.impute <- function(data, column = 0, method = c("mean", "median", "mode"),
                       combine_method = c("interpolate", "average", "lo", "hi"), by = NULL, groupByFrame = NULL,
                       values = NULL) {
  position <- if (is.numeric(column) && identical(as.numeric(column), 0)) 0L else single_column(data, column, "column") # 0: all
  combine <- switch(combine_method[1], lo = "low", hi = "high", combine_method[1])
  found <- evaluate(
    "h2o.impute", operand(data), position - 1L, method[1], combine,
    if (is.null(by)) as_list(integer()) else column_indices(data, by, "by"),
    if (is.null(groupByFrame)) "_" else operand(groupByFrame), if (is.null(values)) "_" else fillings(data, values)
  )
  if (is.h2o(found)) found else unlist_numbers(found)
}

# A vector of numbers and texts holds texts only: each becomes what its column holds.
fillings <- function(data, values) {
  numbers <- attr(data, "types") %in% c("real", "int")
  as_list(unname(Map(function(value, number) if (number) as.numeric(value) else value, as.list(values), rep_len(numbers, length(values)))))
}

#' Make cells missing at random
#'
#' @param data An `H2OFrame`; it is changed itself.
#' @param fraction Share of the cells.
#' @param seed Seed; -1 draws one from R's generator.
#' @return The frame.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(mtcars)
#' h2o.insertMissingValues(fr, 0.2, seed = 1)
#' sum(h2o.nacnt(fr))
h2o.insertMissingValues <- function(data, fraction = 0.1, seed = -1) {
  data <- as_frame(data, "data")
  replace_frame(data, evaluate("h2o.insertMissing", operand(data), fraction, seed_of(seed)))
  data
}

# Give the frame of an R object another content: all that refer to its key see it.
replace_frame <- function(frame, by) {
  request("frames.assign", key_of(by), key_of(frame))
  attr(frame, "types") <- attr(by, "types")
}
