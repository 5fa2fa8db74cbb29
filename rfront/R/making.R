#' A frame of random data
#'
#' @param rows,cols Size.
#' @param randomize Whether the cells are random; else all are `value`.
#' @param value The value of all cells without `randomize`.
#' @param real_range,integer_range Numbers lie between minus this and this.
#' @param categorical_fraction,integer_fraction,binary_fraction,time_fraction,string_fraction Shares of the columns of each type;
#'   the others are real numbers.
#' @param factors Number of levels of factors.
#' @param binary_ones_fraction Share of ones in binary columns.
#' @param missing_fraction Share of missing cells.
#' @param response_factors Number of levels of the response; 1 makes it a number.
#' @param has_response Whether there is a column "response".
#' @param seed,seed_for_column_types Seeds; -1 draws one.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.createFrame(rows = 5, cols = 4, seed = 1)
h2o.createFrame <- function(rows = 10000, cols = 10, randomize = TRUE, value = 0, real_range = 100,
                            categorical_fraction = 0.2, factors = 100, integer_fraction = 0.2, integer_range = 100,
                            binary_fraction = 0.1, binary_ones_fraction = 0.02, time_fraction = 0, string_fraction = 0,
                            missing_fraction = 0.01, response_factors = 2, has_response = FALSE, seed, seed_for_column_types) {
  seed <- seed_of(if (!missing(seed)) seed)
  evaluate(
    "h2o.createFrame", rows, cols, randomize, categorical_fraction, integer_fraction, binary_fraction, time_fraction,
    string_fraction, value, real_range, max(factors, categorical_fraction == 0), integer_range, binary_ones_fraction,
    missing_fraction, has_response,
    response_factors, FALSE, seed, if (missing(seed_for_column_types)) seed else seed_of(seed_for_column_types)
  )
}

#' Combinations of factors
#'
#' @param data An `H2OFrame`.
#' @param destination_frame Name of the result.
#' @param factors Names or positions of factors.
#' @param pairwise Whether to combine them two by two; else all of them.
#' @param max_factors How many levels to keep; the others become one.
#' @param min_occurrence How often a level must occur to be kept.
#' @return An `H2OFrame` of factors.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(data.frame(a = c("u", "v", "u"), b = c("x", "x", "y"), stringsAsFactors = TRUE))
#' h2o.interaction(fr, factors = c("a", "b"), pairwise = FALSE, max_factors = 10, min_occurrence = 1)
h2o.interaction <- function(data, destination_frame, factors, pairwise, max_factors, min_occurrence) {
  found <- evaluate("interaction", operand(data), column_indices(data, factors, "factors"), pairwise, max_factors, min_occurrence)
  if (missing(destination_frame)) found else h2o.assign(found, destination_frame)
}

#' Term frequency and inverse document frequency
#'
#' @param frame An `H2OFrame`.
#' @param document_id_col,text_col Names or positions of the columns with the document and its text.
#' @param preprocess Whether the texts are taken apart into words; else each row is one word.
#' @param case_sensitive Whether upper and lower case differ.
#' @return An `H2OFrame` with a row for each word of each document.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(data.frame(id = c(0, 1), text = c("a b a", "b c")))
#' h2o.tf_idf(fr, "id", "text")
h2o.tf_idf <- function(frame, document_id_col, text_col, preprocess = TRUE, case_sensitive = TRUE) {
  evaluate(
    "tf-idf", operand(frame), column_index(frame, document_id_col, "document_id_col"), column_index(frame, text_col, "text_col"),
    preprocess, case_sensitive
  )
}

#' Distance of texts
#'
#' @param x,y Frames of texts.
#' @param method "lv" (Levenshtein), "lcs", "qgram", "jaccard", "jw" (Jaro-Winkler) or "soundex".
#' @param compare_empty Whether empty texts are compared; else the result is missing.
#' @return An `H2OFrame` of numbers.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.stringdist(as.h2o(c("kitten", "flaw")), as.h2o(c("sitting", "lawn")), "lv")
h2o.stringdist <- function(x, y, method = c("lv", "lcs", "qgram", "jaccard", "jw", "soundex"), compare_empty = TRUE) {
  evaluate("strDistance", operand(x), operand(y), method[1], compare_empty)
}

#' Points in time from their parts
#'
#' @param year,month,day,hour,minute,second,msec Numbers or frames; months and days count from 0.
#' @return An `H2OFrame` of times.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.mktime(year = 2020, month = 1, day = 28)
h2o.mktime <- function(year = 1970, month = 0, day = 0, hour = 0, minute = 0, second = 0, msec = 0) {
  evaluate("mktime", operand(year), operand(month), operand(day), operand(hour), operand(minute), operand(second), operand(msec))
}
