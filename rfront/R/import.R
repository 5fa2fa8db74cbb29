#' Import files
#'
#' Reads files into a frame; types of columns, separator and header are found out where they are not given.
#' Where the session is at a node, `h2o.importFile()` reads files of the node, and `h2o.uploadFile()` sends it files of this machine;
#' else both do the same. `h2o.importFolder()` is for folders.
#'
#' @param path Files, folders, patterns or http(s) addresses, a character vector. Several files give one frame and must have
#'   the same columns.
#' @param destination_frame Name of the frame; by default made from the first file's name.
#' @param parse `FALSE`: only look for the files, for [h2o.parseSetup()].
#' @param header Whether the first line holds names; found out by default.
#' @param sep Separator; found out by default.
#' @param col.names Names of the columns, or an `H2OFrame` with them.
#' @param col.types Types of the columns ("numeric", "enum", "string", "time", ...): a vector, or a list with the elements `by.col.idx` or
#'   `by.col.name`, and `types`.
#' @param na.strings Texts that mean missing: for all columns, or a list with those of each column.
#' @param pattern Regular expression for the names of files in folders.
#' @param skipped_columns Positions of columns that are not read.
#' @param quotechar,escapechar The character around texts, and the one that takes the next one literally.
#' @param force_col_types Whether numbers keep the type of the file or of `col.types`; else the narrowest type is taken.
#' @param custom_non_data_line_markers A line that begins with one of these characters holds no data; "#" by default.
#' @param partition_by Columns that are taken from folders with names like `column=value`.
#' @param fill Whether a line of text may have too few fields: those at its end are missing. Else such a line is an error.
#' @param skip_footer Number of lines at the end of each file of text that hold no data.
#' @param encoding Encoding of texts, such as "latin-1", "cp1252" or "utf-16"; by default UTF-8. Bytes that mean nothing are written
#'   as `<0xE4>`, with a warning.
#' @param sharded Whether each node of the session (`h2o.init(nodes = ...)`) reads some of the files and keeps their rows: such a frame can
#'   be trained on, and no process has all of it. All nodes must find the files under the same names.
#' @param decrypt_tool Is refused: decrypt the file before it is imported.
#' @param progressBar,parse_type Not used.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.importFile(system.file("extdata", "prostate.csv", package = "h2o"))
h2o.importFile <- function(path, destination_frame = "", parse = TRUE, header = NA, sep = "", col.names = NULL,
                           col.types = NULL, na.strings = NULL, decrypt_tool = NULL, skipped_columns = NULL,
                           force_col_types = FALSE, custom_non_data_line_markers = NULL, partition_by = NULL,
                           quotechar = NULL, escapechar = "", pattern = "", fill = FALSE, skip_footer = 0,
                           encoding = NULL, sharded = FALSE) {
  refuse_given("decrypt the file before it is imported", decrypt_tool = decrypt_tool)
  options <- parse_options(header, sep, col.names, col.types, na.strings, skipped_columns, quotechar, escapechar,
    custom_non_data_line_markers, fill, skip_footer, encoding)
  options$force_types <- force_col_types
  if (!is.null(partition_by)) options$partition_by <- as_list(partition_by)
  if (!parse) return(request("files.parse_setup", as_list(path), text_or_null(pattern), options))
  import(path, destination_frame, pattern, options, sharded)
}

#' @rdname h2o.importFile
#' @export
h2o.importFolder <- function(path, pattern = "", destination_frame = "", parse = TRUE, header = NA, sep = "",
                             col.names = NULL, col.types = NULL, na.strings = NULL, decrypt_tool = NULL,
                             skipped_columns = NULL, force_col_types = FALSE, custom_non_data_line_markers = NULL,
                             partition_by = NULL, quotechar = NULL, escapechar = "", fill = FALSE, skip_footer = 0,
                             encoding = NULL, sharded = FALSE) {
  h2o.importFile(
    path, destination_frame, parse, header, sep, col.names, col.types, na.strings, decrypt_tool, skipped_columns,
    force_col_types, custom_non_data_line_markers, partition_by, quotechar, escapechar, pattern, fill, skip_footer, encoding,
    sharded
  )
}

#' @rdname h2o.importFile
#' @export
h2o.uploadFile <- function(path, destination_frame = "", parse = TRUE, header = NA, sep = "", col.names = NULL,
                           col.types = NULL, na.strings = NULL, progressBar = FALSE, parse_type = NULL,
                           decrypt_tool = NULL, skipped_columns = NULL, force_col_types = FALSE, quotechar = NULL,
                           escapechar = "", custom_non_data_line_markers = NULL, fill = FALSE, skip_footer = 0,
                           encoding = NULL) {
  refuse_given("decrypt the file before it is imported", decrypt_tool = decrypt_tool)
  options <- parse_options(header, sep, col.names, col.types, na.strings, skipped_columns, quotechar, escapechar,
    custom_non_data_line_markers, fill, skip_footer, encoding)
  options$force_types <- force_col_types
  check_sources(path)
  there <- request("bridge.send", as_list(path.expand(path)))
  if (!parse) return(request("files.parse_setup", as_list(there), NULL, options)) # what was sent stays for h2o.parseRaw()
  on.exit(request("bridge.forget", as_list(there)))
  import(there, destination_frame, NULL, options)
}

#' Look at files, then import them
#'
#' `h2o.parseSetup()` finds out how files would be read: separator, header, names and types. The result can be changed and
#' given to `h2o.parseRaw()`, by its elements.
#'
#' @param data What [h2o.importFile()] gives with `parse = FALSE`, or paths.
#' @param pattern,destination_frame,header,sep,col.names,col.types,na.strings,skipped_columns,quotechar,escapechar As in [h2o.importFile()].
#' @param custom_non_data_line_markers,fill,skip_footer,encoding As in [h2o.importFile()].
#' @param blocking Not used.
#' @param ... Not used.
#' @return `h2o.parseSetup()` a list, `h2o.parseRaw()` an `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' file <- tempfile(fileext = ".csv")
#' write.csv(iris, file, row.names = FALSE)
#' raw <- h2o.importFile(file, parse = FALSE)
#' h2o.parseSetup(raw)$column_types
h2o.parseSetup <- function(data, pattern = "", destination_frame = "", header = NA, sep = "", col.names = NULL,
                           col.types = NULL, na.strings = NULL, skipped_columns = NULL, quotechar = NULL,
                           escapechar = "", custom_non_data_line_markers = NULL, fill = FALSE, skip_footer = 0,
                           encoding = NULL, ...) {
  options <- parse_options(header, sep, col.names, col.types, na.strings, skipped_columns, quotechar, escapechar,
    custom_non_data_line_markers, fill, skip_footer, encoding)
  request("files.parse_setup", as_list(sources_of(data)), text_or_null(pattern), options)
}

#' @rdname h2o.parseSetup
#' @export
h2o.parseRaw <- function(data, pattern = "", destination_frame = "", header = NA, sep = "", col.names = NULL,
                         col.types = NULL, na.strings = NULL, blocking = FALSE, skipped_columns = NULL,
                         quotechar = NULL, escapechar = "", custom_non_data_line_markers = NULL, fill = FALSE,
                         skip_footer = 0, encoding = NULL, ...) {
  if (is.list(data)) {  # what was said to h2o.importFile(parse = FALSE) or h2o.parseSetup()
    if (missing(fill) && !is.null(data$fill)) fill <- data$fill
    if (missing(skip_footer) && !is.null(data$skip_footer)) skip_footer <- data$skip_footer
    if (missing(encoding)) encoding <- data$encoding
    if (missing(custom_non_data_line_markers)) custom_non_data_line_markers <- data$custom_non_data_line_markers
  }
  h2o.importFile(
    sources_of(data), destination_frame, TRUE, header, sep, col.names, col.types, na.strings,
    skipped_columns = skipped_columns, quotechar = quotechar, escapechar = escapechar, pattern = pattern,
    custom_non_data_line_markers = custom_non_data_line_markers, fill = fill, skip_footer = skip_footer,
    encoding = encoding
  )
}

sources_of <- function(data) if (is.list(data)) data$source_frames else data

import <- function(path, destination_frame, pattern, options, sharded = FALSE) {
  check_sources(path)
  operation <- if (sharded) "files.import_shards" else "files.import_files"
  job <- request(operation, as_list(path), text_or_null(destination_frame), text_or_null(pattern), options)
  frame_named(await(job))
}

check_sources <- function(path) {
  if (!base::is.character(path) || !length(path) || anyNA(path)) stop_h2o("`path` must be a file, a folder, a pattern or an address")
}

text_or_null <- function(x) if (!is.null(x) && nzchar(x)) x

refuse_given <- function(instead, ...) {
  for (argument in names(Filter(Negate(is.null), list(...)))) {
    stop_h2o(sprintf("%s is not here: %s", argument, instead), type = "NotImplementedError")
  }
}

parse_options <- function(header, sep, col.names, col.types, na.strings, skipped_columns, quotechar, escapechar, markers,
                          fill, skip_footer, encoding) {
  if (is.h2o(col.names)) col.names <- names(col.names)
  list(
    separator = text_or_null(sep), header = if (is.na(header)) 0L else if (header) 1L else -1L,
    names = if (!is.null(col.names)) as_list(col.names), types = column_types(col.types),
    na_strings = if (is.list(na.strings)) as_list(lapply(na.strings, as_list)) else if (!is.null(na.strings)) as_list(na.strings),
    skipped = if (!is.null(skipped_columns)) file_positions(skipped_columns, "skipped_columns"),
    quote = quotechar, escape = text_or_null(escapechar),
    markers = markers, fill = fill, skip_footer = if (is_whole(skip_footer)) as.integer(skip_footer) else skip_footer,
    encoding = encoding
  )
}

is_whole <- function(x) is.numeric(x) && length(x) == 1 && is.finite(x) && x == round(x) && abs(x) < 2^31

# Types for all columns, or for some by name or position.
column_types <- function(types) {
  if (is.null(types)) return(NULL)
  if (!is.list(types)) return(as_list(unname(types)))
  if (!is.null(types$by.col.name)) return(structure(as.list(types$types), names = types$by.col.name))
  if (!is.null(types$by.col.idx)) {
    positions <- as.character(unlist(file_positions(types$by.col.idx, "by.col.idx")))
    return(structure(as.list(types$types), names = positions, class = "h2o_numbered"))
  }
  as_list(unlist(types))
}
