# Data from R to the session and back: vectors cross as they lie in memory, without text in between.

#' Make a frame of R data
#'
#' Numbers and logical values stay what they are (logical values become a factor with the levels FALSE and TRUE),
#' factors keep their levels and the order of these, texts become texts, `Date` and `POSIXct` become times. A `difftime` becomes its
#' milliseconds, whatever its unit, an `integer64` a number. Columns that are lists, data frames, matrices, complex or raw are refused by
#' name.
#'
#' @param x A `data.frame` (tibble, data.table), a table of the package arrow, a matrix, vector, list or sparse matrix of the package
#'   Matrix; whatever else has a method for [as.data.frame()].
#' @param destination_frame Name of the frame; by default made from the expression given as `x`. With `NULL` the frame has none
#'   and vanishes when R no longer uses it.
#' @param skipped_columns Names or positions of columns that are left out.
#' @param ... Not used.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' as.h2o(iris)
as.h2o <- function(x, destination_frame = "", ...) {
  UseMethod("as.h2o")
}

#' @rdname as.h2o
#' @export
as.h2o.default <- function(x, destination_frame = "", skipped_columns = NULL, ...) {
  if (is.null(x)) stop_h2o("as.h2o: there is nothing in NULL to make a frame of", type = "InvalidType")
  if (is_foreign_table(x)) {
    return(as.h2o.data.frame(plain_data_frame(x, "x"), destination(destination_frame, substitute(x)), skipped_columns))
  }
  if (!is.atomic(x) && !is.list(x)) {
    stop_h2o(sprintf("as.h2o: an object of the class %s cannot become a frame; give a data.frame", class(x)[1]), type = "InvalidType")
  }
  data <- if (is.list(x)) as.data.frame(x, stringsAsFactors = FALSE) else data.frame(x = x, stringsAsFactors = FALSE)
  send_columns(without_columns(data, skipped_columns), destination(destination_frame, substitute(x)))
}

#' @rdname as.h2o
#' @export
as.h2o.H2OFrame <- function(x, destination_frame = "", skipped_columns = NULL, ...) {
  name <- destination(destination_frame, substitute(x))
  if (length(skipped_columns)) x <- choose_columns(x, -column_numbers(x, skipped_columns, "skipped_columns"))
  if (is.null(name)) x else h2o.assign(x, name)
}

#' @rdname as.h2o
#' @export
as.h2o.data.frame <- function(x, destination_frame = "", skipped_columns = NULL, ...) {
  send_columns(without_columns(x, skipped_columns), destination(destination_frame, substitute(x)))
}

#' @rdname as.h2o
#' @export
as.h2o.matrix <- function(x, destination_frame = "", skipped_columns = NULL, ...) {
  name <- destination(destination_frame, substitute(x))
  if (is.null(colnames(x))) colnames(x) <- paste0("V", seq_len(ncol(x)))
  send_columns(without_columns(as.data.frame(x, stringsAsFactors = FALSE), skipped_columns), name)
}

#' @rdname as.h2o
#' @export
as.h2o.Matrix <- function(x, destination_frame = "", skipped_columns = NULL, ...) {
  as.h2o.matrix(as.matrix(x), destination(destination_frame, substitute(x)), skipped_columns)
}

# The columns by their places: names may come twice, and be changed by `[`.
without_columns <- function(data, skipped) {
  if (!length(skipped)) return(data)
  as.data.frame(as.list(data)[-column_numbers(data, skipped, "skipped_columns")], optional = TRUE, stringsAsFactors = FALSE)
}

# Name of a frame: the given one, else a new one with the first word of the expression that gave the data. NULL for
# data without a word: the frame then is a temporary one.
destination <- function(given, expression) {
  if (is.null(given) || nzchar(given)) return(given)
  if (!is.language(expression)) return(NULL)
  stem <- sub("[^A-Za-z0-9_.].*", "", substr(deparse(expression, nlines = 1)[1], 1, 40))
  if (grepl("^[A-Za-z]", stem)) request("objects.fresh_key", paste0(stem, "_sid"))
}

send_columns <- function(data, key = NULL) {
  columns <- Map(column_parts, as.list(data), names(data))
  table <- structure(list(names = names(data), columns = unname(columns), nrow = nrow(data)), class = "h2o_table")
  info <- request("frames.upload", table = table, key = key)
  new_frame(info, temporary = is.null(key))
}

# A column as the bridge takes it; see heavywater.bridge.r_columns.
column_parts <- function(x, name) {
  if (base::is.factor(x)) return(factor_parts(x))
  if (inherits(x, "POSIXt")) return(column("time", values = as.numeric(as.POSIXct(x)), scale = 1000))
  if (inherits(x, "Date")) return(column("time", values = as.numeric(x), scale = 86400000))
  if (inherits(x, "integer64")) x <- numbers_of_64_bits(x, name)
  if (inherits(x, "difftime")) x <- as.numeric(x, units = "secs") * 1000
  if (!is_plain_vector(x)) {
    stop_h2o(
      sprintf("column `%s` is of the class %s; columns must be plain vectors: numbers, factors, texts, dates", name, class(x)[1]),
      type = "InvalidType"
    )
  }
  if (is.logical(x)) return(logical_parts(x))
  if (base::is.character(x)) return(column("string", values = block_from_texts(x), missing = which(is.na(x))))
  column("numeric", values = unclass_codes(x))
}

is_plain_vector <- function(x) is.atomic(x) && !is.null(x) && is.null(dim(x)) && !is.complex(x) && !is.raw(x)

factor_parts <- function(x) {
  column("enum", values = level_codes(x), base = 1L, levels = block_from_texts(levels(x)[!is.na(levels(x))]))
}

# The numbers of an integer64 without the package bit64: it keeps 64 bits where a double has its own.
numbers_of_64_bits <- function(x, name) {
  halves <- matrix(readBin(writeBin(unclass_codes(x), raw(), endian = "little"), "integer", 2 * length(x), endian = "little"), 2)
  low <- halves[1, ]
  low <- base::ifelse(is.na(low), 2^31, low + (low < 0) * 2^32) # NA has the bits of the smallest integer
  values <- halves[2, ] * 2^32 + low
  rounded <- sum(abs(values) >= 2^53, na.rm = TRUE)
  if (rounded) {
    warning(sprintf("column `%s`: %d numbers beyond 2^53 are rounded; make texts or a factor of ids", name, rounded), call. = FALSE)
  }
  values
}

# A column without any value is one of missing numbers.
logical_parts <- function(x) {
  if (all(is.na(x))) return(column("numeric", values = rep(NA_real_, length(x))))
  column("logical", values = as.integer(x), base = 0L, levels = block_from_texts(c("FALSE", "TRUE")))
}

column <- function(kind, ...) structure(list(kind = kind, ...), class = "h2o_column")

unclass_codes <- function(x) {
  attributes(x) <- NULL
  x
}

# Codes of a factor, from 1; a level that is NA is a missing cell.
level_codes <- function(x) {
  missing <- is.na(levels(x))
  codes <- unclass_codes(x)
  if (any(missing)) (cumsum(!missing) + base::ifelse(missing, NA, 0L))[codes] else codes
}

#' Take a frame to R
#'
#' Whole numbers become `integer` (`numeric` beyond 31 bits), real ones `numeric`, factors `factor`, texts
#' `character`, times `POSIXct`. A factor has the levels that occur, in their order in the frame; `h2o.levels()` tells all.
#'
#' @param x An `H2OFrame`.
#' @param row.names Names of the rows, by default their numbers.
#' @param optional Not used: names stay as they are.
#' @param ... Not used.
#' @param drop.unused.levels `FALSE` keeps the levels that do not occur.
#' @return A `data.frame`, matrix or vector.
#' @name as.data.frame.H2OFrame
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris)
#' str(as.data.frame(fr))
as.data.frame.H2OFrame <- function(x, row.names = NULL, optional = FALSE, ..., drop.unused.levels = TRUE) {
  columns <- request("frames.fetch", key_of(x))
  if (drop.unused.levels) columns <- lapply(columns, used_levels)
  data <- structure(columns, names = names(x), row.names = .set_row_names(nrow(x)), class = "data.frame")
  if (!is.null(row.names)) attr(data, "row.names") <- checked_row_names(row.names, nrow(x))
  data
}

# As droplevels(), but without work where all levels occur.
used_levels <- function(column) {
  if (!base::is.factor(column)) return(column)
  if (all(tabulate(column, base::nlevels(column)) > 0)) column else base::factor(column)
}

checked_row_names <- function(names, n) {
  if (length(names) != n || anyDuplicated(names)) stop_h2o(sprintf("`row.names` must be %d different names", n))
  if (base::is.character(names)) names else as.integer(names)
}

#' @rdname as.data.frame.H2OFrame
#' @export
as.matrix.H2OFrame <- function(x, ...) {
  as.matrix(as.data.frame(x))
}

#' @rdname as.data.frame.H2OFrame
#' @param mode Type of the vector, see [base::as.vector()].
#' @export
as.vector.H2OFrame <- function(x, mode = "any") {
  columns <- lapply(request("frames.fetch", key_of(x)), function(each) if (base::is.factor(each)) as.character(each) else each)
  values <- do.call(c, columns)
  if (mode == "any" && is.atomic(values)) values else as.vector(values, mode)
}

#' @rdname as.data.frame.H2OFrame
#' @export
as.list.H2OFrame <- function(x, ...) {
  as.list(as.data.frame(x))
}
