# Which Python, and how it starts: at the first request, not when the package is loaded.

# The interpreter that installed the package: evaluated while R builds the namespace.
installed_with <- local({
  named <- Sys.getenv("HEAVYWATER_PYTHON")
  if (nzchar(named)) named else unname(Sys.which("python3"))
})

bridge <- new.env(parent = emptyenv())
bridge$request <- NULL # the function that Python gives
bridge$abandoned <- character() # keys of temporary frames that R has collected

# Called by Python when it is connected.
bridge_open <- function(request) {
  bridge$request <- request
  invisible()
}

bridge_ready <- function() {
  if (is.null(bridge$request)) start_python()
}

start_python <- function() {
  python <- choose_python()
  if (!reticulate::py_available()) {
    # Named like this, reticulate neither searches nor makes remarks about projects in the working directory.
    if (!is.null(python)) {
      before <- Sys.getenv("RETICULATE_PYTHON", NA)
      Sys.setenv(RETICULATE_PYTHON = python)
      on.exit(if (is.na(before)) Sys.unsetenv("RETICULATE_PYTHON") else Sys.setenv(RETICULATE_PYTHON = before))
    }
    started <- tryCatch(reticulate::py_available(initialize = TRUE), error = identity)
    if (!isTRUE(started)) stop_without_python(python, started)
  }
  failed <- tryCatch({
    reticulate::import("heavywater.rbridge", convert = FALSE)$attach()
    NULL
  }, error = identity)
  if (!is.null(failed)) stop_without_python(reticulate::py_config()$python, failed)
  bridge$fragile <- utils::packageVersion("reticulate") < "1.39"
  collect_python_garbage()
  invisible()
}

# Before version 1.39 reticulate releases Python objects that R has collected without holding Python's lock, which
# ends the process when R collects during a request. So there must be no garbage of reticulate at that time: it
# must not make any after each command (to flush Python's output), and what a script that uses reticulate itself
# has left is collected before each request.
collect_python_garbage <- function() {
  if (!isTRUE(bridge$fragile)) return()
  in_use <- "package:reticulate" %in% search()
  if (!in_use && !isFALSE(getOption("reticulate.autoflush"))) {
    options(reticulate.autoflush = FALSE)
    gc()
  }
  if (in_use) gc()
}

# HEAVYWATER_PYTHON, else what reticulate is told by its own settings (NULL: it knows), else the interpreter
# that installed the package.
choose_python <- function() {
  named <- Sys.getenv("HEAVYWATER_PYTHON")
  if (nzchar(named)) return(named)
  own <- c("RETICULATE_PYTHON", "RETICULATE_PYTHON_ENV", "PYTHON_SESSION_INITIALIZED")
  if (any(nzchar(Sys.getenv(own))) || reticulate::py_available()) return(NULL)
  if (nzchar(installed_with) && file.exists(installed_with)) installed_with else NULL
}

stop_without_python <- function(python, cause) {
  reason <- if (inherits(cause, "error")) sub("^(Error[^:]*: )?", "", conditionMessage(cause)) else "it does not start"
  stop_h2o(sprintf(
    paste0(
      "the package h2o needs Python (3.11 or newer) with heavywater and rpy2. Tried %s: %s.\n",
      "Install them there with: pip install 'heavywater[r]'. Or name another interpreter before the first use:\n",
      "  Sys.setenv(HEAVYWATER_PYTHON = \"/path/to/python\")"
    ),
    if (is.null(python)) "what reticulate found" else python,
    trimws(strsplit(paste0(reason, "\n"), "\n")[[1]][1])
  ), type = "NoPython")
}

# Called by Python: a character vector from zero-terminated UTF-8.
texts_from_block <- function(block, n, missing) {
  texts <- readBin(block, "character", n)
  Encoding(texts) <- "UTF-8"
  texts[missing] <- NA_character_
  texts
}

block_from_texts <- function(texts) {
  writeBin(enc2utf8(as.character(texts)), raw())
}
