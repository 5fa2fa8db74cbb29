# R counts from 1, Python from 0: where positions cross the border, and what is refused here, before they do.

# A run of positions travels as its first and last. Of `[`: negative numbers leave out, and there is no 0 among them.
positions <- function(i) {
  i <- as.integer(i)
  n <- length(i)
  if (n > 2 && !anyNA(i) && i[1] > 0 && i[n] - i[1] == n - 1L && all(diff(i) == 1L)) {
    return(structure(c(i[1] - 1L, n, 1L), class = "h2o_span"))
  }
  as_list(base::ifelse(i > 0, i - 1L, i))
}

# Columns of an argument by name or position, as positions from 1. Other than in `[` each has to be a column.
column_numbers <- function(x, columns, argument) {
  if (is.null(columns)) return(integer())
  if (is.h2o(columns)) columns <- names(columns)
  if (is.list(columns)) columns <- unlist(columns)
  if (base::is.factor(columns)) columns <- as.character(columns)
  if (base::is.character(columns)) {
    found <- match(columns, names(x))
    if (anyNA(found)) refuse_column(argument, paste0("`", columns[is.na(found)][1], "`"), x)
    return(found)
  }
  if (!is.numeric(columns)) {
    stop_h2o(sprintf("`%s` must be names or positions of columns, not of the class %s", argument, class(columns)[1]), type = "InvalidType")
  }
  wrong <- is.na(columns) | columns < 1 | columns > ncol(x) | columns != floor(columns)
  if (any(wrong)) refuse_column(argument, format(columns[wrong][1]), x)
  as.integer(columns)
}

refuse_column <- function(argument, column, x) {
  what <- "`%s`: no column %s in the frame; its columns, counted from 1, are %s"
  stop_h2o(sprintf(what, argument, column, listed(names(x))), type = "NotFound")
}

# The same as Python takes them: several ...
column_indices <- function(x, columns, argument) as_list(column_numbers(x, columns, argument) - 1L)

# ... or exactly one, ...
column_index <- function(x, column, argument) single_column(x, column, argument) - 1L

# ... or names.
column_names <- function(x, columns, argument) names(x)[column_numbers(x, columns, argument)]

single_column <- function(x, column, argument) {
  found <- column_numbers(x, column, argument)
  if (length(found) != 1) stop_h2o(sprintf("`%s` must be one column, not %d", argument, length(found)))
  found
}

# One of a number of things that are counted from 1.
number_among <- function(number, n, argument) {
  if (!is.numeric(number) || length(number) != 1 || !number %in% seq_len(n)) {
    stop_h2o(sprintf("`%s` = %s must be in 1 .. %d", argument, deparse(number), n))
  }
  as.integer(number)
}

# Columns of a file, whose names and number are not known yet.
file_positions <- function(columns, argument) {
  if (!is.numeric(columns)) return(as_list(columns))
  if (any(is.na(columns) | columns < 1 | columns != floor(columns))) {
    stop_h2o(sprintf("`%s` = %s: columns are counted from 1", argument, deparse(columns)), type = "NotFound")
  }
  as_list(as.integer(columns) - 1L)
}

# What Python counts from 0, as R counts it.
from_one <- function(positions) as.integer(unlist(positions)) + 1L

counted_from_one <- function(frame) frame + 1

# Numbers of rows, or 0/1 for each row.
rows_from_one <- function(logical) if (logical) identity else counted_from_one
