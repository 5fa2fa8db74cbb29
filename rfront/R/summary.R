#' Summary of a frame
#'
#' Quartiles, mean and missing values of numbers, the most frequent levels of factors.
#'
#' @param object An `H2OFrame`.
#' @param factors How many levels of a factor to show.
#' @param exact_quantiles Not used: the quartiles are always exact.
#' @param ... Not used.
#' @return An object of the class `table`, like that of a `data.frame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' summary(as.h2o(iris))
h2o.summary <- function(object, factors = 6L, exact_quantiles = FALSE, ...) {
  object <- as_frame(object, "object")
  facts <- h2o.describe(object)
  numeric <- facts$Type %in% c("int", "real") & facts$Missing < nrow(object)
  quartiles <- matrix(NA_real_, 3, ncol(object))
  if (any(numeric)) quartiles[, numeric] <- as.matrix(h2o.quantile(choose_columns(object, which(numeric)), c(0.25, 0.5, 0.75)))
  cells <- lapply(seq_len(ncol(object)), function(i) {
    if (facts$Type[i] == "enum") return(level_lines(choose_columns(object, i), facts[i, ], factors))
    if (numeric[i]) return(number_lines(facts[i, ], quartiles[, i]))
    c(sprintf("Length:%d  ", nrow(object)), paste0("Class :", facts$Type[i], "  "), missing_line(facts[i, ]))
  })
  height <- max(lengths(cells), 1)
  table <- vapply(cells, function(lines) c(lines, rep(NA_character_, height - length(lines))), rep("", height))
  dim(table) <- c(height, length(cells))
  dimnames(table) <- list(rep("", height), paste0(names(object), "  "))
  structure(table, class = "table")
}

#' @rdname h2o.summary
#' @export
summary.H2OFrame <- function(object, factors = 6L, exact_quantiles = FALSE, ...) {
  h2o.summary(object, factors, exact_quantiles)
}

number_lines <- function(facts, quartiles) {
  values <- c(facts$Min, quartiles[1], quartiles[2], facts$Mean, quartiles[3], facts$Max)
  labels <- c("Min.   ", "1st Qu.", "Median ", "Mean   ", "3rd Qu.", "Max.   ")
  c(paste0(labels, ":", format(signif(values, 5)), "  "), missing_line(facts))
}

level_lines <- function(column, facts, factors) {
  counts <- as.data.frame(h2o.table(column))
  counts <- counts[!is.na(counts[[1]]), ] # these have a line of their own
  counts <- counts[order(-counts[[2]]), ]
  shown <- utils::head(counts, factors)
  c(paste0(format(as.character(shown[[1]])), ":", format(shown[[2]]), "  "), missing_line(facts))
}

missing_line <- function(facts) if (facts$Missing > 0) sprintf("NA's   :%d  ", as.integer(facts$Missing))

#' Structure of a frame
#'
#' @param object An `H2OFrame`.
#' @param ... Not used.
#' @param cols How many columns to show.
#' @return Nothing; it is printed.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' str(as.h2o(iris))
h2o.str <- function(object, ..., cols = FALSE) {
  utils::str(object, ...)
}

#' @rdname h2o.str
#' @export
str.H2OFrame <- function(object, ..., cols = FALSE) {
  cat(sprintf("Class 'H2OFrame' \"%s\": %d obs. of %d variables\n", key_of(object), nrow(object), ncol(object)))
  utils::str(h2o.head(object, 10, ncol(object)), give.length = FALSE, no.list = TRUE, vec.len = 3)
  invisible()
}
