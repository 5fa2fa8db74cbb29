#' @importFrom methods setClass setMethod setClassUnion setOldClass new is show
#' @importFrom stats coef fitted formula median na.omit nobs predict quantile residuals
#' @importFrom utils head tail str
#' @importFrom graphics plot
"_PACKAGE"

.onLoad <- function(libname, pkgname) {
  if (getRversion() < "4.3.0") share_comparisons()
  if (isNamespaceLoaded("parsnip")) register_engine()
  setHook(packageEvent("parsnip", "onLoad"), function(...) register_engine())
}
