#' Parts of a frame
#'
#' Rows and columns are chosen as in a `data.frame`: by numbers (negative ones leave out), names, or a frame of one
#' 0/1 column; `x$name` and `x[["name"]]` give a frame of one column. Numbers alone choose rows of a frame that has one
#' column, as in a vector: `x$name[2]`. Assignment gives a new frame: other objects
#' that refer to the old one do not change.
#'
#' @param x An `H2OFrame`.
#' @param row,col Which rows and columns: numbers, names, logical values or, for rows, an `H2OFrame` of one 0/1
#'   column.
#' @param drop Whether a single cell is given as a number or text.
#' @param i,name A column: its number or name; with `j` a row.
#' @param j A column, of which `x[[i, j]]` is a single cell.
#' @param exact Names are always matched exactly.
#' @param value What is assigned: a number, text, `NA`, vector or `H2OFrame`; `NULL` removes a column.
#' @return An `H2OFrame`.
#' @name H2OFrame-extract
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris)
#' fr[fr$Sepal.Length > 7, c("Sepal.Length", "Species")]
#' fr$ratio <- fr$Sepal.Length / fr$Sepal.Width
#' fr[1, "ratio"]
NULL

#' @rdname H2OFrame-extract
#' @export
`[.H2OFrame` <- function(x, row, col, drop = TRUE) {
  places <- nargs() - !missing(drop)
  if (places < 3) { # x[i]: columns, as in a data.frame; a frame of one 0/1 column chooses rows
    if (missing(row)) return(x)
    if (!is.h2o(row) && (ncol(x) != 1 || base::is.character(row))) return(choose_columns(x, row))
  }
  if (!missing(col)) x <- choose_columns(x, col)
  if (!missing(row)) x <- choose_rows(x, row)
  if (drop && !missing(row) && identical(dim(x), c(1L, 1L))) return(evaluate("flatten", operand(x)))
  x
}

#' @rdname H2OFrame-extract
#' @export
`[[.H2OFrame` <- function(x, i, j, exact = TRUE) {
  if (!missing(j)) return(x[i, single_column(x, j, "j")])
  if (length(i) != 1) stop_h2o("`[[` needs the name or number of one column")
  if (base::is.character(i) && !i %in% names(x)) return(NULL)
  choose_columns(x, i)
}

#' @rdname H2OFrame-extract
#' @export
`$.H2OFrame` <- function(x, name) x[[name]]

#' @rdname H2OFrame-extract
#' @export
`[<-.H2OFrame` <- function(x, row, col, value) {
  if (nargs() < 4) {
    if (missing(row)) return(assign_cells(x, NULL, NULL, value))
    if (is.h2o(row)) return(assign_where(x, row, value))
    if (ncol(x) == 1 && !base::is.character(row)) return(assign_cells(x, row, NULL, value)) # as in `x$name[2] <- `
    return(assign_cells(x, NULL, row, value))
  }
  assign_cells(x, if (!missing(row)) (if (is.null(row)) integer() else row), if (!missing(col)) col, value)
}

#' @rdname H2OFrame-extract
#' @export
`[[<-.H2OFrame` <- function(x, i, j, value) {
  if (missing(j)) assign_cells(x, NULL, i, value) else assign_cells(x, i, j, value)
}

#' @rdname H2OFrame-extract
#' @export
`$<-.H2OFrame` <- function(x, name, value) assign_cells(x, NULL, name, value)

choose_columns <- function(x, col) {
  evaluate("cols", operand(x), column_selector(x, col))
}

choose_rows <- function(x, row) {
  evaluate("rows", operand(x), row_selector(x, upto_end(row, nrow(x))))
}

# A range that begins in the frame and goes beyond it ends with the last row, as H2O's slices do.
upto_end <- function(row, n) {
  is_range <- is.numeric(row) && length(row) > 1 && !anyNA(row) && all(diff(row) == 1) && row[1] >= 1 && row[1] <= n
  if (is_range) row[row <= n] else row
}

column_selector <- function(x, col) {
  if (is.null(col)) col <- integer()
  if (is.logical(col) && !anyNA(col)) col <- which(rep_len(col, ncol(x)))
  if (base::is.factor(col)) col <- as.character(col)
  if (base::is.character(col)) {
    unknown <- setdiff(col, names(x))
    if (length(unknown)) {
      stop_h2o(sprintf("no column `%s` in the frame; its columns are %s", unknown[1], listed(names(x))), type = "NotFound")
    }
    return(as_list(col))
  }
  if (!is.numeric(col) && !is.logical(col)) {
    stop_h2o(sprintf("columns are chosen by number, name or logical values, not by %s", class(col)[1]))
  }
  positions(checked_positions(col, ncol(x), "column"))
}

row_selector <- function(x, row) {
  if (is.h2o(row)) return(operand(if (is_logical(row)) row == "TRUE" else row))
  if (is.null(row)) row <- integer()
  if (is.logical(row)) row <- which(rep_len(row, nrow(x)))
  if (!is.numeric(row)) stop_h2o(sprintf("rows are chosen by number, logical values or a frame, not by %s", class(row)[1]))
  positions(checked_positions(row, nrow(x), "row"))
}

# Numbers as `[` takes them, without the zeros among them. Those beyond the frame are refused here, as R counts them.
checked_positions <- function(numbers, n, what) {
  if (anyNA(numbers)) stop_h2o(sprintf("%s NA: a missing value chooses nothing; leave it out, or choose with which()", what))
  numbers <- trunc(numbers)
  wrong <- abs(numbers) > n
  if (any(wrong)) {
    stop_h2o(sprintf("%s %s: the frame has %d %ss, counted from 1", what, format(numbers[wrong][1]), n, what), type = "NotFound")
  }
  if (any(numbers < 0) && any(numbers > 0)) {
    stop_h2o(sprintf("%ss: numbers that choose and negative ones that leave out cannot be mixed", what))
  }
  numbers[numbers != 0]
}

# What as.h2o() makes of logical values is a factor.
is_logical <- function(x) identical(attr(x, "types"), "enum") && all(h2o.levels(x) %in% c("FALSE", "TRUE"))

assign_cells <- function(x, row, col, value) {
  if (is.null(value)) return(choose_columns(x, setdiff(seq_len(ncol(x)), match_columns(x, col))))
  value <- cells_for(value)
  new <- if (base::is.character(col)) setdiff(col, names(x)) else character()
  if (length(new)) {
    if (!is.null(row)) stop_h2o(sprintf("no column `%s` in the frame; a new column needs values for all rows", new[1]))
    for (name in new) x <- evaluate("append", operand(x), value, name)
    if (length(new) == length(col)) return(x)
  }
  if (is.numeric(col) && length(col) == 1 && col == ncol(x) + 1) {
    return(evaluate("append", operand(x), value, paste0("C", col)))
  }
  columns <- if (is.null(col)) positions(seq_len(ncol(x))) else column_selector(x, col)
  rows <- if (is.null(row)) as_list(integer()) else row_selector(x, row) # an empty list means all rows
  if (!length(columns) || (!is.null(row) && !length(rows))) return(x)
  evaluate(":=", operand(x), value, columns, rows)
}

# x[frame] <- value: cell by cell where the 0/1 frame of the same size holds 1.
assign_where <- function(x, where, value) {
  if (ncol(where) == 1) return(assign_cells(x, where, NULL, value))
  for (i in seq_len(ncol(where))) x <- assign_cells(x, choose_columns(where, i), i, value)
  x
}

match_columns <- function(x, col) if (base::is.character(col)) match(col, names(x)) else col

# NA travels as NULL, a vector of several values as a frame.
cells_for <- function(value) {
  if (is.atomic(value) && !base::is.factor(value) && length(value) == 1 && is.na(value)) return(NULL)
  if (is.logical(value) && length(value) == 1) return(as.numeric(value))
  if (is.data.frame(value)) value <- as.h2o(value, NULL)
  operand(value)
}

listed <- function(names) {
  shown <- utils::head(names, 8)
  paste0(paste(shown, collapse = ", "), if (length(names) > 8) sprintf(", ... (%d in all)", length(names)))
}
