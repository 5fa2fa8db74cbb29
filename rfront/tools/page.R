# Runs a page of code and texts (*.Rmd) and writes it with results and pictures beside them, for `make gallery`: FILE FOLDER
arguments <- commandArgs(TRUE)
source <- normalizePath(arguments[1])
setwd(arguments[2])
loaded <- sub("^library[(](.*)[)]$", "\\1", grep("^library[(]", readLines(source), value = TRUE))
missing <- loaded[!vapply(loaded, requireNamespace, NA, quietly = TRUE)]
written <- sub("[.]Rmd$", ".md", basename(source))
if (length(missing)) {
  missing <- paste(missing, collapse = ", ")
  message(written, " stays as it is: R has no ", missing, " (.ci/tidymodels makes them, R_LIBS names their library)")
  quit(status = 0)
}
knitr::opts_knit$set(progress = FALSE)
knitr::opts_chunk$set(error = FALSE, dev = "png")
knitr::render_markdown() # knit() does so only where no hook is set
picture <- function(x, options) sprintf("![%s](%s)\n", if (is.null(options$fig.alt)) options$label else options$fig.alt, x)
knitr::knit_hooks$set(plot = picture)
knitr::knit(source, written, quiet = TRUE)
