#' Write an explanation as a page
#'
#' One HTML file with the texts, tables and drawings of [h2o.explain()] or [h2o.explain_row()]. It fetches nothing from elsewhere.
#'
#' @param object What `h2o.explain()` or `h2o.explain_row()` has given.
#' @param path The file.
#' @param force Whether to replace a file that is there.
#' @param title Title of the page.
#' @param width,height Size of a drawing in inches.
#' @return The path, invisibly.
#' @export
#' @examplesIf h2o:::python_found() && requireNamespace("ggplot2", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 50, seed = 1)
#' explained <- h2o.explain(model, mtcars, columns = "wt", include_explanations = c("varimp", "pdp"))
#' h2o.save_html(explained, tempfile(fileext = ".html"))
h2o.save_html <- function(object, path, force = FALSE, title = "Explanation", width = 8, height = 5) {
  if (!inherits(object, "H2OExplanation")) {
    stop_h2o(sprintf("`object` must come from h2o.explain() or h2o.explain_row(), it is of the class %s", class(object)[1]), "InvalidType")
  }
  path <- one_path(path)
  if (file.exists(path) && !isTRUE(force)) stop_h2o(sprintf("`path` = \"%s\" exists already; give another name, or force = TRUE", path))
  sections <- vapply(names(object), function(name) section_of_page(object[[name]], name, c(width, height)), "")
  page <- c(
    "<!doctype html>", "<html lang=\"en\"><head><meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    sprintf("<title>%s</title><style>%s</style></head><body><main><h1>%s</h1>", escaped(title), page_style, escaped(title)), sections,
    "</main></body></html>"
  )
  beside <- tempfile(tmpdir = dirname(path))
  on.exit(unlink(beside))
  if (!tryCatch(file.create(beside), warning = function(w) FALSE)) {
    stop_h2o(sprintf("`path` = \"%s\": the folder cannot be written to", path))
  }
  file <- file(beside, "wb")
  writeLines(enc2utf8(page), file, useBytes = TRUE)
  close(file)
  file.rename(beside, path)
  invisible(path)
}

page_style <- paste(
  "body{font:15px/1.5 system-ui,sans-serif;color:#16202a;background:#fbfcfd;margin:0;padding:24px}main{max-width:960px;margin:auto}",
  "img{max-width:100%;background:#fff}table{border-collapse:collapse;font-size:13px}th,td{padding:3px 14px 3px 0;text-align:left;",
  "border-bottom:1px solid #d5dbe0}.scroll{overflow:auto;max-height:420px}h3{overflow-wrap:anywhere}", sep = ""
)

section_of_page <- function(section, name, size) {
  note <- if (!is.null(section$note)) sprintf("<p>%s</p>", escaped(section$note))
  parts <- if (is.null(section$note)) parts_of_page(section$plots, section$header, character(), size)
  paste(c(
    sprintf("<section id=\"%s\"><h2>%s</h2><p>%s</p>", name, escaped(section$header), escaped(section$description)),
    note, parts, "</section>"
  ), collapse = "\n")
}

# Drawings and tables, and lists of these by the names of models and columns, which become headings.
parts_of_page <- function(parts, header, path, size) {
  label <- paste(c(header, path), collapse = ", ")
  heading <- if (length(path)) sprintf("<h3>%s</h3>", escaped(paste(path, collapse = ", ")))
  if (inherits(parts, "ggplot")) {
    return(c(heading, sprintf("<img alt=\"%s\" src=\"%s\">", escaped(label), picture_of(parts, size))))
  }
  if (is.h2o(parts)) parts <- as.data.frame(parts)
  if (is.data.frame(parts)) return(c(heading, table_of_page(as.data.frame(parts), label)))
  unlist(lapply(names(parts), function(each) parts_of_page(parts[[each]], header, c(path, each), size)))
}

# As an address that holds the picture itself.
picture_of <- function(drawing, size) {
  file <- tempfile(fileext = ".svg")
  on.exit(unlink(file))
  grDevices::svg(file, size[1], size[2])
  tryCatch(print(drawing), finally = grDevices::dev.off())
  text <- paste(readLines(file, warn = FALSE), collapse = "\n")
  for (each in c("%", " ", "#", "\"", "<", ">", "\n", "&", "'")) {
    text <- gsub(each, sprintf("%%%02X", as.integer(charToRaw(each))), text, fixed = TRUE)
  }
  paste0("data:image/svg+xml,", text)
}

table_of_page <- function(table, label) {
  cells <- lapply(table, function(column) {
    shown <- if (is.numeric(column)) format(signif(column, 4), trim = TRUE, digits = 4) else as.character(column)
    base::ifelse(is.na(column), "", shown)
  })
  row <- function(...) paste0("<tr>", ..., "</tr>")
  cells_of <- function(tag, texts) paste0("<", tag, ">", escaped(texts), "</", sub(" .*", "", tag), ">", collapse = "")
  named <- is.character(attr(table, "row.names")) # as in a confusion matrix: numbers that count rows say nothing
  name_of <- function(i) if (named) cells_of("th scope=\"row\"", row.names(table)[i])
  rows <- vapply(seq_len(nrow(table)), function(i) row(name_of(i), cells_of("td", vapply(cells, `[`, "", i))), "")
  c(
    sprintf("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table>", escaped(label)),
    row(if (named) "<td></td>", cells_of("th", names(table))), rows, "</table></div>"
  )
}

escaped <- function(text) {
  for (each in list(c("&", "&amp;"), c("<", "&lt;"), c(">", "&gt;"), c("\"", "&quot;"))) text <- gsub(each[1], each[2], text, fixed = TRUE)
  text
}
