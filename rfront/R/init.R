#' Start the session
#'
#' Frames and models live in a session, which runs in the R process itself: no Java is needed and no server is
#' started. The first call starts Python (see Details); a call while a session runs keeps it and changes its
#' settings.
#'
#' Python is looked for in this order: the interpreter that the environment variable `HEAVYWATER_PYTHON` names, what
#' reticulate's own settings say (such as `RETICULATE_PYTHON`), the interpreter that installed the package. It needs
#' the package heavywater.
#'
#' @param ip,port Accepted for old scripts. An `ip` of another machine is refused: connecting to a session on
#'   another machine comes later.
#' @param name Name of the session in status tables.
#' @param startH2O With `FALSE` an already running session is needed.
#' @param nthreads Threads for import and training; -1 means all cores that the process may use.
#' @param max_mem_size Limit for frames and models: a number of GB, or a text with a unit as in `"512m"`.
#' @param nodes Further processes that train the models of grids and the folds of cross-validations, each one at a time and
#'   with the same result as here: so many on this machine (each with `nthreads` threads, or its share of the cores); or
#'   one on each host of a Dask cluster (`"dask:ADDRESS"` of its scheduler) or a Ray cluster (`"ray"`); or
#'   `"listen:HOST:PORT"`, where `h2o node --join HOST:PORT --secret-file FILE` lets any machine join. They end with the
#'   session.
#' @param secret_file For `"listen:..."`: a file that only you can read, with 32 bytes or 64 hexadecimal digits. Nodes that
#'   do not know the secret are not let in.
#' @param tls_cert,tls_key For `"listen:..."`: PEM files of a certificate and its key (none where it is in the same file). Nodes
#'   then join with TLS: `h2o node --tls-ca FILE`, where the certificate names the HOST at which they join.
#' @param https,cacert,insecure,username,password,use_spnego,cookies,context_path,proxy Belong to sessions on other
#'   machines, which come later, and are refused.
#' @param forceDL,enable_assertions,license,min_mem_size,ice_root,extra_classpath,jvm_custom_args,bind_to_localhost
#'   Have no effect: there is neither a Java virtual machine nor a server.
#' @param log_dir,log_level,max_log_file_size,strict_version_check,ignore_config Have no effect, either.
#' @return An `H2OConnection`, invisibly.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
h2o.init <- function(ip = "localhost", port = 54321, name = NA_character_, startH2O = TRUE, forceDL = FALSE,
                     enable_assertions = TRUE, license = NULL, nthreads = -1, max_mem_size = NULL,
                     min_mem_size = NULL, ice_root = tempdir(), log_dir = NA_character_, log_level = NA_character_,
                     strict_version_check = TRUE, proxy = NA_character_, https = FALSE, cacert = NA_character_,
                     insecure = FALSE, username = NA_character_, password = NA_character_, use_spnego = FALSE,
                     cookies = NA_character_, context_path = NA_character_, ignore_config = FALSE,
                     extra_classpath = NULL, jvm_custom_args = NULL, bind_to_localhost = TRUE,
                     max_log_file_size = NULL, nodes = NULL, secret_file = NULL, tls_cert = NULL, tls_key = NULL) {
  refuse_remote(
    ip = ip, https = https, cacert = cacert, insecure = insecure, username = username, password = password, proxy = proxy,
    use_spnego = use_spnego, cookies = cookies, context_path = context_path
  )
  if (!startH2O && !h2o.clusterIsUp()) {
    stop_h2o("startH2O = FALSE, but no session runs in this process; call h2o.init()")
  }
  warn_without_effect(setdiff(names(match.call())[-1], with_effect))
  name <- if (!is.na(name)) name
  ran <- request("bridge.init",
    name = name, nthreads = nthreads, max_mem_size = max_mem_size, nodes = nodes,
    secret_file = secret_file, tls_cert = tls_cert, tls_key = tls_key
  )
  message(if (ran) "The session in this process was running already." else "The session runs in this process.")
  h2o.clusterInfo()
  invisible(connection())
}

# Arguments of h2o.init() that do something, or whose value everybody gives.
with_effect <- c(
  "ip", "port", "name", "startH2O", "nthreads", "max_mem_size", "strict_version_check", "ignore_config", "insecure", "nodes",
  "secret_file", "tls_cert", "tls_key"
)

refuse_remote <- function(ip, ...) {
  if (!ip %in% c("localhost", "127.0.0.1", "::1", "0.0.0.0")) {
    stop_h2o(sprintf("ip = \"%s\": connecting to a session on another machine comes later; leave ip out to work in this process", ip),
      type = "NotImplementedError"
    )
  }
  for (argument in given_in(...)) {
    stop_h2o(sprintf("%s belongs to a session on another machine, which comes later; leave it out to work in this process", argument),
      type = "NotImplementedError"
    )
  }
}

given_in <- function(...) {
  given <- vapply(list(...), function(value) !is.null(value) && !is.na(value) && !isFALSE(value), NA)
  names(given)[given]
}

warn_without_effect <- function(arguments) {
  if (length(arguments)) {
    warning(sprintf(
      "no effect of %s: the session runs in this process, without Java and without a server",
      paste(arguments, collapse = ", ")
    ), call. = FALSE)
  }
}

#' Connect to the session of this process
#'
#' @param ip,port,... As in [h2o.init()].
#' @return An `H2OConnection`, invisibly.
#' @export
h2o.connect <- function(ip = "localhost", port = 54321, ...) {
  h2o.init(ip = ip, port = port)
}

#' State of the session
#'
#' @return `h2o.clusterInfo()` prints a table; `h2o.clusterStatus()` gives a `data.frame` with one row for each node, or for
#'   this process where there are none; `h2o.clusterIsUp()` tells whether the session runs;
#'   `h2o.getVersion()` gives the version of heavywater.
#' @param conn A connection; there is only one.
#' @export
h2o.clusterInfo <- function() {
  status <- request("cluster.status")
  limit <- if (is.null(status$max_mem_size)) "none" else sprintf("%.4g GB", status$max_mem_size / 2^30)
  rows <- c(
    "H2O cluster uptime" = duration_text(status$uptime_ms),
    "H2O cluster timezone" = status$time_zone,
    "H2O cluster version" = paste(status$version, "(heavywater)"),
    "H2O cluster name" = status$cloud_name,
    "H2O cluster total nodes" = counted_nodes(status),
    "H2O cluster memory limit" = limit,
    "H2O cluster memory used" = sprintf("%.4g MB in frames", status$memory_used / 2^20),
    "H2O cluster total cores" = status$total_cores,
    "H2O cluster allowed cores" = status$allowed_cores,
    "H2O cluster healthy" = as.character(status$cloud_healthy),
    "R Version" = R.version.string
  )
  cat("R is connected to the H2O cluster:\n")
  cat(sprintf("    %-28s %s\n", paste0(names(rows), ":"), rows), sep = "")
  if (length(status$nodes)) print(shown_nodes(h2o.clusterStatus()), row.names = FALSE)
  invisible(rows)
}

#' @rdname h2o.clusterInfo
#' @export
h2o.clusterStatus <- function() {
  status <- request("cluster.status")
  here <- list(
    h2o = paste("process", status$pid), healthy = TRUE, num_cpus = status$total_cores,
    cpus_allowed = status$allowed_cores, nthreads = status$allowed_cores, pid = status$pid,
    mem_value_size = status$memory_used, max_mem = status$max_mem_size, host = "localhost", state = "this process",
    rows_per_second = NULL, ring_share = NULL
  )
  nodes <- if (length(status$nodes)) status$nodes else list(here)
  do.call(rbind, lapply(nodes, function(node) {
    as.data.frame(lapply(node, function(fact) if (is.null(fact)) NA else fact))
  }))
}

# What there is to see of each node; speed and time in the ring are those of the last common training.
shown_nodes <- function(nodes) {
  data.frame(
    node = nodes$h2o, health = ifelse(nodes$healthy, "healthy", "lost"),
    threads = paste(nodes$nthreads, "of", nodes$num_cpus, "cores"),
    "memory used" = ifelse(is.na(nodes$mem_value_size), "", sprintf("%.4g MB", nodes$mem_value_size / 2^20)),
    state = nodes$state,
    "rows/s" = ifelse(is.na(nodes$rows_per_second), "", sprintf("%.0f", nodes$rows_per_second)),
    "time in the ring" = ifelse(is.na(nodes$ring_share), "", sprintf("%.1f%%", 100 * nodes$ring_share)),
    check.names = FALSE
  )
}

counted_nodes <- function(status) {
  lost <- sum(!vapply(status$nodes, `[[`, NA, "healthy"))
  paste0(
    if (length(status$nodes)) paste(length(status$nodes), "beside this process") else "1 (this process)",
    if (lost) sprintf(", %d of them lost", lost),
    if (!is.null(status$join_at)) paste("; others can join at", status$join_at)
  )
}

#' @rdname h2o.clusterInfo
#' @export
h2o.clusterIsUp <- function(conn = NULL) {
  !is.null(bridge$request) && request("bridge.running")
}

#' @rdname h2o.clusterInfo
#' @export
h2o.getVersion <- function() request("cluster.status")$version

duration_text <- function(milliseconds) {
  seconds <- milliseconds %/% 1000
  if (seconds < 60) return(if (seconds) sprintf("%d seconds", seconds) else sprintf("%d milliseconds", milliseconds))
  if (seconds < 3600) return(sprintf("%d minutes %d seconds", seconds %/% 60, seconds %% 60))
  sprintf("%d hours %d minutes", seconds %/% 3600, seconds %% 3600 %/% 60)
}

#' End the session
#'
#' All frames and models are gone afterwards. Python itself stays until R ends.
#'
#' @param prompt Whether to ask first, in an interactive session.
#' @return Nothing.
#' @export
h2o.shutdown <- function(prompt = TRUE) {
  if (!h2o.clusterIsUp()) stop_h2o("there is no session to end; h2o.init() starts one")
  if (prompt && interactive()) {
    answer <- readline("End the session? All frames and models will be lost. (Y/N) ")
    if (!tolower(substr(answer, 1, 1)) == "y") return(invisible())
  }
  forget_temporaries()
  request("bridge.shutdown")
  invisible()
}

#' The web interface
#'
#' There is none: no server is started.
#'
#' @return Nothing; it is an error to ask.
#' @export
h2o.flow <- function() {
  stop_h2o("h2o.flow: the session runs in this process, without a server and without a web interface", type = "NotImplementedError")
}
