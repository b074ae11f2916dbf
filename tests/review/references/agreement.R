# Prints the reference values of tests/review/agreement.test.ts: kappa and alpha by R's irr on the verdicts of two readers and of
# four. Run by hand, irr installed:
#
#     Rscript tests/review/references/agreement.R > tests/review/references/agreement-r.json
#
# `two`: two readers of 20 cards, three labels (poor 1, acceptable 2, good 3). `example`: K. Krippendorff, "Computing Krippendorff's
# Alpha-Reliability" (2011), part C: four observers, twelve units, missing ratings. `scripted`: what tests/review/status.test.ts has two
# readers say of 60 cards.
two <- rbind(
  matrix(c(1, 1), 8, 2, byrow = TRUE), matrix(c(2, 2), 5, 2, byrow = TRUE), matrix(c(3, 3), 3, 2, byrow = TRUE),
  matrix(c(1, 2), 3, 2, byrow = TRUE), matrix(c(2, 1), 1, 2, byrow = TRUE)
)
example <- rbind(
  c(1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA), c(1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3),
  c(NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA), c(1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA)
)
card <- 1:60
first <- ((7 * card) %% 11) %% 3 + 1
second <- ifelse(card %% 5 == 0, first %% 3 + 1, ifelse(card %% 9 == 0, (first + 1) %% 3 + 1, first))
scripted <- cbind(first, second)
number <- function(x) format(x, digits = 15)
if (requireNamespace("irr", quietly = TRUE)) { library(irr); made <- as.character(packageVersion("irr")) } else made <- Sys.getenv("IRR_VERSION")
cat(sprintf(
  '{"versions":{"R":"%s","irr":"%s"},\n"two":[%s],\n"example":[%s],\n"kappa":{"nominal":%s,"quadratic":%s},\n"scripted":{"first":[%s],"second":[%s],"kappa":%s,"quadratic":%s,"ordinal":%s},\n"alpha":{"two":{"nominal":%s,"ordinal":%s},"example":{"nominal":%s,"ordinal":%s}}}\n',
  getRversion(), made,
  paste(apply(two, 1, function(r) sprintf("[%s]", paste(r, collapse = ","))), collapse = ","),
  paste(apply(example, 1, function(r) sprintf("[%s]", paste(ifelse(is.na(r), "null", r), collapse = ","))), collapse = ","),
  number(kappa2(two)$value), number(kappa2(two, "squared")$value),
  paste(first, collapse = ","), paste(second, collapse = ","),
  number(kappa2(scripted)$value), number(kappa2(scripted, "squared")$value), number(kripp.alpha(t(scripted), "ordinal")$value),
  number(kripp.alpha(t(two), "nominal")$value), number(kripp.alpha(t(two), "ordinal")$value),
  number(kripp.alpha(example, "nominal")$value), number(kripp.alpha(example, "ordinal")$value)
))
