# Prints reference values of tests/stats by R and its package boot. Run by hand:
#
#     Rscript tests/stats/reference.R > tests/stats/reference-r.json
library(boot)

show <- function(values) paste0("[", paste(sprintf("%.12g", values), collapse = ", "), "]")
differences <- list(
  c(0.5, -0.2, 0.3, 0.9, 0.0, 0.4, -0.1, 0.6),
  c(0.33, 0.33, -0.33, 0.67, 0.0, 1.0, 0.33, -0.67, 0.33, 0.33, 0.0, 0.67)
)
bca <- function(values) {
  set.seed(1)
  drawn <- boot(values, function(x, i) mean(x[i]), R = 50000)
  # The influence of a mean is known; boot.ci would estimate it by regression.
  boot.ci(drawn, type = "bca", L = values - mean(values))$bca[4:5]
}
fisher <- function(t) fisher.test(matrix(t, 2, byrow = TRUE))$p.value
student <- function(values) as.numeric(t.test(values)$conf.int)
power <- function(n, delta) power.t.test(n = n, delta = delta, sd = 1, type = "paired", strict = TRUE)$power
detectable <- function(n) power.t.test(n = n, power = 0.8, sd = 1, type = "paired", strict = TRUE, tol = 1e-12)$delta
wilson <- function(k, n) as.numeric(prop.test(k, n, correct = FALSE)$conf.int)
lines <- c(
  sprintf('"version": "%s, boot %s"', R.version.string, packageVersion("boot")),
  sprintf('"bca": [%s]', paste(sapply(differences, function(d) show(bca(d))), collapse = ", ")),
  sprintf('"student": [%s]', paste(sapply(differences, function(d) show(student(d))), collapse = ", ")),
  sprintf('"fisher": %s', show(c(fisher(c(3, 1, 1, 3)), fisher(c(8, 2, 1, 5)), fisher(c(120, 80, 95, 105))))),
  sprintf('"mcnemar": %s', show(c(binom.test(1, 10)$p.value, binom.test(12, 37)$p.value, binom.test(86, 236)$p.value))),
  sprintf('"holm": %s', show(p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5, 0.005), "holm"))),
  sprintf('"wilson": [%s, %s]', show(wilson(7, 20)), show(wilson(60, 120))),
  sprintf('"power": %s', show(c(power(5, 1), power(20, 0.5), power(32, 0.5), power(200, 0.1), power(3, 2)))),
  sprintf('"detectable": %s', show(sapply(c(3, 8, 10, 20, 100), detectable)))
)
cat("{\n  ", paste(lines, collapse = ",\n  "), "\n}\n", sep = "")
