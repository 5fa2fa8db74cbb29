# Frames that are given as what R has: data frames of all kinds become temporary frames of the session, and answers come in the kind
# that was given.

# An argument that is to be a frame. For models texts become factors: a network takes levels, and what predicts has to see what was
# trained.
frame_of <- function(data, argument, texts_stay = FALSE) {
  if (is.h2o(data)) return(data)
  if (base::is.character(data) && length(data) == 1) return(h2o.getFrame(data))
  if (!is_tabular(data)) {
    stop_h2o(
      sprintf(
        "`%s` must be an H2OFrame or a data frame (data.frame, tibble, data.table, an Arrow table, a matrix), it is of the class %s",
        argument, class(data)[1]
      ),
      type = "InvalidType"
    )
  }
  rows <- plain_data_frame(data, argument)
  send_columns(if (texts_stay) rows else texts_as_factors(rows))
}

# For functions of frames, which see data as as.h2o() sends them.
as_frame <- function(data, argument = "x") frame_of(data, argument, texts_stay = TRUE)

# The key of a frame that is given, as request() takes it; it keeps alive what was made for it. NULL stays NULL.
frame_key <- function(data, argument) {
  if (is.null(data)) return(NULL)
  frame <- frame_of(data, argument)
  structure(attr(frame, "id"), frame = frame)
}

is_tabular <- function(data) {
  is.data.frame(data) || (is.matrix(data) && is.atomic(data)) || inherits(data, "Matrix") || is_foreign_table(data)
}

# What other packages have for tables, such as those of arrow and nanoarrow: objects that as.data.frame() has a method for.
is_foreign_table <- function(data) {
  if (is.atomic(data) || is.function(data) || is.language(data) || is.h2o(data)) return(FALSE)
  if (is.list(data) && !is.object(data)) return(FALSE)
  methods <- lapply(class(data), function(name) utils::getS3method("as.data.frame", name, optional = TRUE))
  !all(vapply(methods[class(data) != "list"], is.null, NA))
}

# A data.frame without a class of its own; columns are not copied.
plain_data_frame <- function(data, argument) {
  if (inherits(data, "Matrix")) data <- as.matrix(data)
  if (is.matrix(data) && is.null(colnames(data))) colnames(data) <- paste0("V", seq_len(ncol(data)))
  if (!is.data.frame(data)) {
    data <- as.data.frame(data, stringsAsFactors = FALSE)
    if (!is.data.frame(data)) stop_h2o(sprintf("`%s`: as.data.frame() gives no data.frame", argument), type = "InvalidType")
  }
  structure(as.list(data), names = names(data), row.names = .set_row_names(nrow(data)), class = "data.frame")
}

texts_as_factors <- function(data) {
  texts <- vapply(data, function(column) base::is.character(column) && is.null(dim(column)), NA)
  data[texts] <- lapply(data[texts], function(column) factor(column, levels = sort(unique(column), method = "radix")))
  data
}

# A data.frame as what was given: tibble, data.table or Arrow table; whatever else was given gets a data.frame.
in_kind_of <- function(data, given) {
  if (inherits(given, "data.table")) return(asNamespace("data.table")$as.data.table(data))
  if (inherits(given, "tbl_df")) return(asNamespace("tibble")$as_tibble(data))
  if (inherits(given, c("ArrowTabular", "RecordBatchReader"))) return(asNamespace("arrow")$arrow_table(data))
  data
}
