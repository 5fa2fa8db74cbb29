# Help pages as HTML: Rscript manual/rd.R FOLDER_OF_RD FOLDER_OF_HTML
arguments <- commandArgs(trailingOnly = TRUE)
files <- list.files(arguments[[1]], pattern = "[.]Rd$", full.names = TRUE)
pages <- sub("[.]Rd$", ".html", basename(files))
links <- unlist(Map(function(file, page) {
  text <- readLines(file, encoding = "UTF-8")
  names <- gsub("\\%", "%", sub("^\\\\alias\\{(.*)\\}$", "\\1", text[startsWith(text, "\\alias{")]), fixed = TRUE)
  stats::setNames(rep(page, length(names)), names)
}, files, pages, USE.NAMES = FALSE))
for (i in seq_along(files)) {
  # the package need not be installed, of which R would say something
  suppressWarnings(tools::Rd2HTML(files[[i]], out = file.path(arguments[[2]], pages[[i]]), dynamic = FALSE, Links = links, Links2 = character()))
}
