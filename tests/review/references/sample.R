# Prints the reference values of tests/e2e/review-sample.test.ts that R has: irr's kappa2 and kripp.alpha on what its two readers
# say of the 44 cards of the sample. Run by hand, irr installed (or its functions loaded and IRR_VERSION said):
#
#     Rscript tests/review/references/sample.R > tests/review/references/sample-r.json
#
# The readers are those of the test: poor 1, acceptable 2, good 3, by the number of the card.
card <- 1:44
ana <- list(tool_selection = ((7 * card) %% 11) %% 3 + 1, naturalness = ((5 * card) %% 13) %% 3 + 1)
ben <- list(
  tool_selection = ifelse(card %% 5 == 0, ana$tool_selection %% 3 + 1, ana$tool_selection),
  naturalness = ifelse(card %% 7 == 0, pmax(1, ana$naturalness - 1), ana$naturalness)
)
if (requireNamespace("irr", quietly = TRUE)) { library(irr); made <- as.character(packageVersion("irr")) } else made <- Sys.getenv("IRR_VERSION")
number <- function(x) format(x, digits = 15)
of <- function(name) {
  both <- cbind(ana[[name]], ben[[name]])
  sprintf(
    '"%s":{"percent":%s,"quadratic":%s,"ordinal":%s}', name, number(mean(both[, 1] == both[, 2])),
    number(kappa2(both, "squared")$value), number(kripp.alpha(t(both), "ordinal")$value)
  )
}
cat(sprintf('{"versions":{"R":"%s","irr":"%s"},\n%s,\n%s}\n', getRversion(), made, of("tool_selection"), of("naturalness")))
