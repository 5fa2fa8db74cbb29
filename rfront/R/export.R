#' Write a frame to a file
#'
#' `h2o.exportFile()` writes on the disk of the session, `h2o.downloadCSV()` on that of this machine; where the session runs in this
#' process both are one.
#'
#' @param data An `H2OFrame`.
#' @param path,filename The file; a folder for several files and for Parquet.
#' @param force Whether to replace an existing file.
#' @param sep Separator.
#' @param compression For text "gzip", "bzip2" or "zstd"; for Parquet "snappy" (the default), "gzip", "brotli", "lz4", "zstd" or "none".
#' @param parts How many files to write; -1 lets the number of rows decide.
#' @param header Whether the first line has the names.
#' @param quote_header Whether the names are quoted.
#' @param format "csv" or "parquet".
#' @param write_checksum Whether a checksum is written beside Parquet files.
#' @return Nothing.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' file <- tempfile(fileext = ".csv")
#' h2o.exportFile(as.h2o(iris), file)
#' readLines(file, 2)
h2o.exportFile <- function(data, path, force = FALSE, sep = ",", compression = NULL, parts = 1, header = TRUE,
                           quote_header = TRUE, format = "csv", write_checksum = TRUE) {
  data <- as_frame(data, "data")
  await(request(
    "files.export_frame", key = key_of(data), path = node_path(path), force = force,
    layout = list(
      separator = sep, compression = compression, parts = as.integer(parts), header = header, quote_header = quote_header,
      format = format, checksum = write_checksum
    )
  ))
  invisible()
}

#' @rdname h2o.exportFile
#' @export
h2o.downloadCSV <- function(data, filename) {
  there <- request("bridge.place_for", one_path(filename, "filename"))
  on.exit(request("bridge.forget", as_list(there)))
  h2o.exportFile(data, there, force = TRUE)
  request("bridge.take", there, one_path(filename, "filename"))
  invisible()
}

#' Save and load frames
#'
#' In a format of their own, which keeps everything.
#'
#' @param x An `H2OFrame`.
#' @param dir The folder.
#' @param frame_id Name of the frame.
#' @param force Whether to replace what is there.
#' @return `h2o.save_frame()` the path, `h2o.load_frame()` an `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' folder <- tempfile()
#' h2o.save_frame(as.h2o(iris, "kept"), folder)
#' h2o.load_frame("kept", folder)
h2o.save_frame <- function(x, dir, force = TRUE) {
  x <- as_frame(x)
  await(request("files.save_frame", key = key_of(x), folder = node_path(dir, "dir"), force = force))
}

#' @rdname h2o.save_frame
#' @export
h2o.load_frame <- function(frame_id, dir, force = TRUE) {
  frame_named(await(request("files.load_frame", key = frame_id, folder = node_path(dir, "dir"), force = force)))
}
