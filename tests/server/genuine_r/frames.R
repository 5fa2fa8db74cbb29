prostate <- h2o.importFile(data_file("prostate.csv"), destination_frame = "prostate.hex")
iris_path <- data_file("iris_wheader.csv")
flowers <- as.h2o(iris, destination_frame = "flowers")
numbers <- flowers[, 1:4]
missing <- as.h2o(data.frame(a = c(1, NA, 3, NA, 5), b = c("x", NA, "y", "x", "y"), c = c(NA, 2, 2, 4, 8), stringsAsFactors = TRUE))

scenario("importFile", {
  fact("dim", dim(prostate))
  fact("names", names(prostate))
  fact("types", unlist(h2o.getTypes(prostate)))
  fact("key", h2o.getId(prostate))
})

scenario("importFile with types, separator and names", {
  frame <- h2o.importFile(iris_path, destination_frame = "typed", header = TRUE, sep = ",",
    col.names = c("a", "b", "c", "d", "e"), col.types = c("numeric", "numeric", "numeric", "numeric", "string"))
  fact("types", unlist(h2o.getTypes(frame)))
  fact("names", names(frame))
  by_name <- h2o.importFile(iris_path, destination_frame = "typed2", col.types = list(by.col.name = "class", types = "string"))
  fact("types2", unlist(h2o.getTypes(by_name)))
})

scenario("importFile of several files and of a folder", {
  dir.create(work_file("parts"), showWarnings = FALSE)
  for (i in 1:3) write.csv(data.frame(part = i, x = 1:4), work_file(sprintf("parts/part%d.csv", i)), row.names = FALSE)
  both <- h2o.importFile(work_file(c("parts/part1.csv", "parts/part2.csv")))
  fact("both", dim(both))
  folder <- h2o.importFolder(work_file("parts"), pattern = ".*part[23].*")
  fact("folder", sort(unique(as.vector(folder[["part"]]))))
})

scenario("importFile, a file that there is not", {
  error <- tryCatch(h2o.importFile(work_file("nothing.csv")), error = conditionMessage)
  expect(is.character(error), any(grepl("nothing.csv", error)))
})

scenario("importFile without parsing, parseSetup, parseRaw", {
  raw <- h2o.importFile(iris_path, parse = FALSE)
  setup <- h2o.parseSetup(raw)
  fact("names", unlist(setup$column_names))
  frame <- h2o.parseRaw(raw, destination_frame = "raw_parsed", header = TRUE)
  fact("dim", dim(frame))
})

scenario("uploadFile", {
  frame <- h2o.uploadFile(iris_path, destination_frame = "uploaded")
  fact("dim", dim(frame))
  fact("levels", h2o.levels(frame$class))
  unnamed <- h2o.uploadFile(iris_path)
  fact("unnamed", dim(unnamed))
})

scenario("uploadFile of an archive", {
  packed <- work_file("iris.csv.gz")
  out <- gzfile(packed, "w"); writeLines(readLines(iris_path), out); close(out)
  fact("dim", dim(h2o.uploadFile(packed)))
})

scenario("as.h2o of a data frame", {
  fact("types", unlist(h2o.getTypes(flowers)))
  fact("levels", h2o.levels(flowers$Species))
  back <- as.data.frame(flowers)
  expect(isTRUE(all.equal(back, iris, check.attributes = FALSE)))
})

scenario("as.h2o of texts, logicals, dates, quotes", {
  here <- data.frame(
    text = c('with "quotes"', "a, comma", "unicode \u00e4\u20ac", ""), yes = c(TRUE, FALSE, NA, TRUE),
    day = as.Date(c("2020-01-01", "1970-01-02", NA, "1999-12-31")), number = c(1.5, NA, -3, 1e300), stringsAsFactors = FALSE
  )
  frame <- as.h2o(here)
  fact("types", unlist(h2o.getTypes(frame)))
  back <- as.data.frame(frame)
  fact("numbers", back$number)
  expect(identical(as.character(back$text)[1:3], here$text[1:3]))
})

scenario("as.h2o of numbers, a matrix, texts, a list, a factor", {
  fact("vector", as.vector(as.h2o(c(1, 2, 3.5))))
  fact("matrix", as.h2o(matrix(1:6, 2)))
  fact("text", as.h2o(c("u", "v", "u")))
  fact("list", dim(as.h2o(list(a = 1:2, b = c("x", "y")))))
  fact("factor", h2o.levels(as.h2o(factor(c("p", "q", "p")))))
})

scenario("hex floats", {
  here <- data.frame(x = c(pi, 1 / 3, 1e-300, -0.1, 123456789.123456789, 2^-1074, NA))
  back <- as.data.frame(as.h2o(here))
  expect(isTRUE(all.equal(back$x[1:5], here$x[1:5], tolerance = 1e-14)), is.na(back$x[7]))
  thirds <- as.h2o(data.frame(x = 1:6)) / 3
  expect(identical(as.data.frame(thirds)$x, 1:6 / 3))
})

scenario("head, tail, print, str", {
  fact("head", head(prostate, 3))
  fact("tail", tail(prostate, 2))
  fact("negative", dim(head(prostate, -370)))
  printed <- capture.output(print(prostate))
  expect(any(grepl("380 rows", printed)), any(grepl("CAPSULE", printed)))
  shown <- capture.output(str(prostate))
  fact("str", sub(" .*attr.*", "", shown[grepl("CAPSULE|GLEASON", shown)]))
  shown <- capture.output(str(flowers))
  fact("str of factors", shown[grepl("Species", shown)])
})

scenario("summary", {
  fact("summary", as.character(summary(prostate)))
  fact("exact", as.character(summary(flowers, exact_quantiles = TRUE)))
  fact("with missing", as.character(summary(missing)))
  fact("factors", as.character(summary(flowers, factors = 2)))
})

scenario("describe", {
  fact("describe", h2o.describe(prostate))
  fact("flowers", h2o.describe(flowers))
})

scenario("columns and rows", {
  fact("by name", prostate[1:3, "AGE"])
  fact("by dollar", head(prostate$AGE, 2))
  fact("double", head(prostate[["PSA"]], 2))
  fact("positions", names(prostate[, c(1, 3)]))
  fact("negative", names(prostate[, -1]))
  fact("names", names(prostate[c("AGE", "RACE")]))
  fact("rows", prostate[c(1, 5, 9), 1:2])
  fact("minus rows", dim(prostate[-(1:10), ]))
  fact("condition", dim(prostate[prostate$AGE > 70, ]))
  fact("both", dim(prostate[prostate$AGE > 70 & prostate$CAPSULE == 1, c("ID", "PSA")]))
  fact("cell", prostate[4, 3])
  fact("factor", dim(flowers[flowers$Species == "setosa", ]))
  fact("in", dim(flowers[flowers$Species %in% c("setosa", "virginica"), ]))
})

scenario("assignment", {
  frame <- as.h2o(iris[1:20, ])
  frame$z <- 1
  frame$w <- frame[, 1] * 2
  frame[, 1] <- frame[, 2]
  frame[1, 2] <- 7
  frame[frame[, 1] > 3.4, 3] <- NA
  frame[2:4, c(1, 2)] <- 0
  frame["new"] <- frame["w"] + 1
  frame[["double"]] <- frame[["w"]]
  frame[frame[, 4] > 0.3, "Species"] <- "setosa"
  fact("frame", frame)
  names(frame)[1] <- "first"
  colnames(frame)[2] <- "second"
  fact("names", names(frame))
})

scenario("arithmetic", {
  v <- numbers[, 1]; w <- numbers[, 2]
  for (op in list("+", "-", "*", "/", "^", "%%", "%/%", "==", "!=", "<", "<=", ">", ">=")) {
    f <- get(op)
    fact(paste(op, "number"), head(f(v, 2), 3))
    fact(paste(op, "column"), head(f(v, w), 3))
    fact(paste("number", op), head(f(2, v), 3))
  }
  fact("and", sum((v > 5) & (w > 3)))
  fact("or", sum((v > 5) | (w > 3)))
  fact("not", sum(!(v > 5)))
  fact("minus", head(-v, 2))
})

scenario("mathematics", {
  v <- numbers[1:5, 1] / 10
  for (name in c("abs", "acos", "asin", "atan", "ceiling", "cos", "cosh", "digamma", "exp", "expm1", "floor", "gamma", "lgamma", "log", "log10",
    "log1p", "log2", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trigamma", "trunc")) {
    fact(name, get(name)(v))
  }
  fact("round", round(v, 1)); fact("cumsum", h2o.cumsum(v)); fact("cumprod", h2o.cumprod(v)); fact("cummin", h2o.cummin(v)); fact("cummax", h2o.cummax(v))
  fact("signif", signif(v, 1))
  fact("h2o", head(h2o.log(h2o.exp(v))))
})

scenario("reducers", {
  v <- numbers[, 1]
  fact("sum", sum(v)); fact("max", max(v)); fact("min", min(v)); fact("prod", prod(v[1:5, ])); fact("range", range(v))
  fact("mean", mean(v)); fact("median", median(v)); fact("sd", sd(v)); fact("var", var(v))
  fact("h2o.sum", h2o.sum(v)); fact("h2o.mean", h2o.mean(numbers)); fact("h2o.median", h2o.median(v)); fact("h2o.sd", h2o.sd(v))
  fact("frame mean", h2o.mean(numbers, return_frame = TRUE))
  fact("row mean", head(h2o.mean(numbers, axis = 1, return_frame = TRUE), 3))
  fact("row sum", head(h2o.sum(numbers, axis = 1, return_frame = TRUE), 3))
  fact("with missing", c(mean(missing$a, na.rm = TRUE), h2o.sum(missing$a, na.rm = TRUE), h2o.sd(missing$c, na.rm = TRUE)))
  fact("all, any", c(h2o.all(v > 0), h2o.any(v > 7), all(v > 5), any(v > 9)))
  fact("skew", c(h2o.skewness(v), h2o.kurtosis(v)))
  fact("cor", h2o.cor(numbers)); fact("spearman", h2o.cor(numbers, method = "Spearman")); fact("one", h2o.cor(v, numbers[, 2]))
  fact("var frame", h2o.var(numbers)); fact("var two", h2o.var(v, numbers[, 2]))
  fact("which", as.vector(h2o.which(v > 7.5))); fact("which max", h2o.which_max(numbers)); fact("which min", h2o.which_min(numbers))
  fact("range", h2o.range(v))
})

scenario("quantile", {
  fact("column", quantile(prostate$PSA))
  fact("frame", h2o.quantile(prostate[, 3:4], probs = c(0.1, 0.5, 0.9)))
  fact("low", h2o.quantile(prostate$PSA, probs = 0.33, combine_method = "low"))
})

scenario("missing values", {
  fact("is.na", is.na(missing)); fact("count", h2o.nacnt(missing)); fact("omit", h2o.na_omit(missing)); fact("na.omit", dim(na.omit(missing)))
  fact("any", any(is.na(missing$a)))
  fact("fillna", h2o.fillna(missing[, c(1, 3)], method = "forward", axis = 1, maxlen = 1L))
  fact("filter", h2o.filterNACols(missing, 0.3))
  copy <- h2o.assign(missing[, ], "imputed")
  fact("impute", h2o.impute(copy, "a", method = "mean"))
  fact("imputed", copy)
  second <- h2o.assign(missing[, ], "imputed2")
  fact("median", h2o.impute(second, "c", method = "median", combine_method = "low"))
  third <- h2o.assign(missing[, ], "imputed3")
  fact("by", as.data.frame(h2o.impute(third, "a", method = "mean", by = "b")))
  fourth <- h2o.assign(missing[, ], "imputed4")
  fact("mode", h2o.impute(fourth, "b", method = "mode"))
})

scenario("ifelse", {
  v <- numbers[1:6, 1]
  fact("numbers", h2o.ifelse(v > 5, 1, 0)); fact("columns", ifelse(v > 5, v, -v)); fact("texts", h2o.ifelse(v > 5, "long", "short"))
})

scenario("factors", {
  frame <- prostate[, ]
  frame$CAPSULE <- as.factor(frame$CAPSULE)
  fact("levels", h2o.levels(frame$CAPSULE)); fact("is", is.factor(frame$CAPSULE)); fact("n", h2o.nlevels(frame$CAPSULE))
  fact("any", h2o.anyFactor(frame)); fact("isfactor", h2o.isfactor(frame)); fact("isnumeric", h2o.isnumeric(frame))
  fact("numeric", head(as.numeric(flowers$Species), 2)); fact("as.character", head(as.character(flowers$Species), 2))
  fact("relevel", h2o.levels(h2o.relevel(flowers$Species, "virginica")))
  fact("frequency", h2o.levels(h2o.relevel_by_frequency(frame$CAPSULE)))
  fact("set", h2o.levels(h2o.setLevels(flowers$Species, c("a", "b", "c"))))
  fact("back", head(h2o.asnumeric(h2o.ascharacter(frame$CAPSULE)), 3))
  fact("all levels", h2o.levels(flowers))
  fact("columns", h2o.columns_by_type(flowers, "categorical"))
  fact("interaction", h2o.levels(h2o.interaction(flowers[, c("Species", "Sepal.Length")], "crossed", list("Species"), FALSE, 10, 1)))
})

scenario("table and unique", {
  fact("table", h2o.table(prostate$RACE)); fact("two", h2o.table(prostate[, c("CAPSULE", "RACE")])); fact("wide", h2o.table(prostate$CAPSULE, prostate$RACE, dense = FALSE))
  fact("unique", sort(as.vector(h2o.unique(prostate$RACE)))); fact("levels", as.vector(h2o.unique(flowers$Species)))
  fact("match", head(h2o.match(flowers$Species, c("virginica", "setosa")), 2)); fact("in", sum(flowers$Species %in% c("setosa")))
})

scenario("group_by", {
  fact("counts", h2o.group_by(prostate, by = "RACE", nrow("AGE"), mean("PSA")))
  fact("all", h2o.group_by(prostate, by = c("RACE", "CAPSULE"), nrow("AGE"), sum("PSA"), min("PSA"), max("PSA"), sd("PSA"), var("PSA"),
    gb.control = list(na.methods = "rm")))
  fact("median", h2o.group_by(prostate, by = "RACE", median("AGE"), max("GLEASON")))
  fact("missing", h2o.group_by(missing, by = "b", mean("a"), gb.control = list(na.methods = "rm")))
  fact("named", names(h2o.group_by(prostate, by = "RACE", mean("AGE"), gb.control = list(col.names = "average"))))
})

scenario("ddply and apply", {
  fact("columns", apply(numbers, 2, mean)); fact("sums", apply(numbers, 2, sum)); fact("rows", head(apply(numbers, 1, sum), 3))
  fact("function", apply(numbers, 2, function(x) { max(x) - min(x) }))
  fact("row function", head(apply(numbers, 1, function(r) { sum(r) * 2 }), 2))
  fact("ddply", h2o.ddply(flowers, "Species", function(group) { mean(group[, 1]) }))
})

scenario("merge", {
  left <- as.h2o(data.frame(k = c("a", "b", "c"), v = 1:3, stringsAsFactors = TRUE)); right <- as.h2o(data.frame(k = c("b", "c", "d"), w = c(20, 30, 40), stringsAsFactors = TRUE))
  fact("inner", h2o.merge(left, right)); fact("left", h2o.merge(left, right, all.x = TRUE)); fact("right", h2o.merge(left, right, all.y = TRUE))
  fact("by", dim(h2o.merge(left, right, by.x = "k", by.y = "k", method = "hash")))
})

scenario("sort and rank", {
  fact("arrange", head(h2o.arrange(prostate, AGE, desc(PSA)), 3)); fact("rank", head(h2o.rank_within_group_by(flowers, "Species", "Sepal.Length", c(TRUE), "rk"), 3))
  fact("top", h2o.topN(prostate, "PSA", 1)); fact("bottom", dim(h2o.bottomN(prostate, "PSA", 1)))
})

scenario("bind", {
  fact("cbind", names(h2o.cbind(numbers[, 1], numbers[, 2]))); fact("rbind", dim(h2o.rbind(flowers, flowers[1:3, ])))
})

scenario("pivot, melt, transpose, product", {
  long <- as.h2o(data.frame(i = c(1, 1, 2, 2), k = c("a", "b", "a", "b"), z = c(1, 2, 3, 4), stringsAsFactors = TRUE))
  fact("pivot", h2o.pivot(long, "i", "k", "z")); fact("melt", h2o.melt(as.h2o(data.frame(k = c("p", "q"), x = 1:2, y = 3:4)), id_vars = "k"))
  fact("t", dim(t(numbers[1:10, ]))); fact("product", as.h2o(matrix(1:4, 2)) %*% as.h2o(matrix(1:4, 2)))
  fact("distance", h2o.distance(numbers[1:3, ], numbers[4:5, ], "l2"))
})

scenario("cut, scale, hist", {
  fact("cut", head(h2o.cut(numbers[, 1], c(4, 5, 6, 8)), 3)); fact("labels", head(h2o.cut(numbers[, 1], c(4, 5, 6, 8), labels = c("lo", "mid", "hi"), include.lowest = TRUE), 3))
  fact("scale", head(scale(numbers), 3)); fact("centre only", head(h2o.scale(numbers, center = TRUE, scale = FALSE), 2))
  found <- h2o.hist(prostate$AGE, plot = FALSE); fact("breaks", found$breaks); fact("counts", found$counts)
  fact("five", h2o.hist(prostate$AGE, breaks = 5, plot = FALSE)$breaks)
})

scenario("texts", {
  s <- as.h2o(data.frame(s = c("Iris-setosa", " two words ", "aXbXc")), col.types = "string")
  s <- as.character(s$s)
  fact("upper", h2o.toupper(s)); fact("lower", h2o.tolower(s)); fact("trim", h2o.trim(s)); fact("nchar", h2o.nchar(s)); fact("substring", h2o.substring(s, 2, 4))
  fact("sub", h2o.sub("i", "J", s)); fact("gsub", h2o.gsub("i", "J", s)); fact("lstrip", h2o.lstrip(s, " a")); fact("rstrip", h2o.rstrip(s, "c "))
  fact("split", h2o.strsplit(s, "X")); fact("count", dim(h2o.tokenize(s, " "))); fact("grep", h2o.grep("s", s, output.logical = TRUE)); fact("entropy", h2o.entropy(s))
  fact("distance", h2o.stringdist(s, s, "lv")); fact("matches", h2o.grep("two", s))
})

scenario("times", {
  d <- as.h2o(data.frame(d = c("2020-02-29", "1999-12-31")), col.types = "string")
  time <- h2o.as_date(as.character(d$d), "%Y-%m-%d")
  fact("year", h2o.year(time)); fact("month", h2o.month(time)); fact("day", h2o.day(time)); fact("dow", h2o.dayOfWeek(time)); fact("week", h2o.week(time)); fact("hour", h2o.hour(time))
  fact("made", h2o.mktime(as.h2o(2020), as.h2o(1), as.h2o(2))); fact("ms", as.numeric(time))
})

scenario("split, random numbers, folds", {
  parts <- h2o.splitFrame(prostate, ratios = c(0.6, 0.2), destination_frames = c("p1", "p2", "p3"), seed = 1234)
  expect(sum(vapply(parts, nrow, 0)) == 380, length(parts) == 3, nrow(parts[[1]]) > 180)
  expect(identical(as.vector(h2o.runif(prostate, 7)), as.vector(h2o.runif(prostate, 7))))
  half <- h2o.splitFrame(prostate, 0.5, seed = 1); expect(length(half) == 2)
  fold <- h2o.kfold_column(prostate, 3, seed = 1); expect(all(as.vector(fold) %in% 0:2))
  sample <- prostate[h2o.runif(prostate, 3) < 0.5, ]; expect(nrow(sample) < 300)
})

scenario("createFrame and missing values", {
  made <- h2o.createFrame(rows = 50, cols = 4, categorical_fraction = 0.25, integer_fraction = 0.25, missing_fraction = 0, factors = 3, seed = 1, randomize = TRUE)
  fact("dim", dim(made))
  holes <- h2o.insertMissingValues(h2o.assign(numbers[, ], "holes"), fraction = 0.2, seed = 3); expect(sum(h2o.nacnt(holes)) > 50)
})

scenario("names in the store", {
  first <- h2o.assign(prostate[, 1:2], "named_frame"); keys <- as.character(h2o.ls()$key)
  expect("named_frame" %in% keys, "prostate.hex" %in% keys)
  got <- h2o.getFrame("named_frame"); fact("dim", dim(got))
  h2o.rm("named_frame"); expect(!"named_frame" %in% as.character(h2o.ls()$key))
  error <- tryCatch(h2o.getFrame("named_frame"), error = conditionMessage); expect(is.character(error))
  rapids <- h2o.rapids("(+ 1 2)"); fact("rapids", rapids$scalar)
})

scenario("exportFile and downloadCSV", {
  h2o.exportFile(prostate, work_file("exported.csv"), force = TRUE); fact("lines", length(readLines(work_file("exported.csv"))))
  error <- tryCatch({ h2o.exportFile(prostate, work_file("exported.csv")); "" }, error = conditionMessage); expect(nzchar(error))
  h2o.downloadCSV(flowers, work_file("downloaded.csv")); fact("text", readLines(work_file("downloaded.csv"))[1:3])
  h2o.exportFile(prostate, work_file("semicolons.csv"), force = TRUE, sep = ";"); fact("header", gsub("\"", "", readLines(work_file("semicolons.csv"))[1]))
})

scenario("save_frame and load_frame", {
  named <- h2o.assign(prostate[, ], "saved_frame"); h2o.save_frame(named, work_file("frames")); h2o.rm("saved_frame")
  loaded <- h2o.load_frame("saved_frame", work_file("frames")); fact("dim", dim(loaded))
  expect(identical(as.data.frame(loaded), as.data.frame(prostate)))
})

scenario("a large frame", {
  here <- data.frame(x = 1:2e5 / 7, y = rep(letters, length.out = 2e5), stringsAsFactors = TRUE)
  frame <- as.h2o(here); fact("dim", dim(frame)); back <- as.data.frame(frame); expect(isTRUE(all.equal(back$x, here$x, tolerance = 1e-14)), identical(as.character(back$y), as.character(here$y)))
})

scenario("a wide frame", {
  frame <- as.h2o(as.data.frame(matrix(1:6000, 3))); fact("dim", dim(frame)); fact("sum", sum(frame)); fact("last", frame[1, 2000])
})

scenario("an error in an expression", {
  error <- tryCatch(h2o.rapids("(nosuch 1)"), error = conditionMessage); expect(any(grepl("nosuch", error)))
  error <- tryCatch(as.data.frame(prostate[, "NOSUCH"]), error = conditionMessage); expect(is.character(error))
})

scenario("duplicates, signif, dim", {
  fact("dropped", dim(h2o.drop_duplicates(flowers, "Species", keep = "first"))); fact("dim", h2o.dim(prostate)); fact("nrow", h2o.nrow(prostate)); fact("ncol", ncol(prostate))
  fact("dimnames", dimnames(flowers)[[2]]); fact("length", length(flowers)); fact("names", h2o.colnames(flowers)); fact("rep", dim(h2o.rep_len(1, 5)))
  fact("difflag", head(h2o.difflag1(numbers[, 1]), 3)); fact("removed", names(h2o.removeVecs(flowers, "Species")))
})
