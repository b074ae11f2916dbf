"""Prints the reference values of tests/stats: SciPy and statsmodels on the same inputs. Run by hand:

    pip install scipy statsmodels && python3 tests/stats/reference.py
"""

import json

import numpy
import scipy
import statsmodels
from scipy import special, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

TABLES = [(8, 2, 1, 5), (12, 8, 5, 15), (30, 0, 27, 3), (120, 80, 95, 105), (1, 0, 0, 1), (0, 10, 0, 10)]
DIFFERENCES = [
    [0.5, -0.2, 0.3, 0.9, 0.0, 0.4, -0.1, 0.6],
    [1, 1, 1, -1, 1, 1, 0, 1, 1, 1],
    [0.33, 0.33, -0.33, 0.67, 0.0, 1.0, 0.33, -0.67, 0.33, 0.33, 0.0, 0.67],
]


def sign_flip(values):
    result = stats.permutation_test(
        (numpy.array(values),), numpy.mean, permutation_type="samples", n_resamples=numpy.inf, alternative="two-sided"
    )
    return float(result.pvalue)


def bca(values):
    result = stats.bootstrap(
        (numpy.array(values),), numpy.mean, n_resamples=200_000, method="BCa", random_state=numpy.random.default_rng(1)
    )
    return [float(result.confidence_interval.low), float(result.confidence_interval.high)]


print(
    json.dumps(
        {
            "versions": [scipy.__version__, statsmodels.__version__],
            "normalCdf": {x: float(stats.norm.cdf(x)) for x in (-6, -2.5, -1, -0.1, 0, 0.5, 1.96, 3.3, 7)},
            "normalQuantile": {p: float(stats.norm.ppf(p)) for p in (1e-12, 0.001, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9999)},
            "studentQuantile": {f"{p} {n}": float(stats.t.ppf(p, n)) for p in (0.9, 0.975, 0.995) for n in (1, 2, 5, 19, 59, 1000)},
            "studentCdf": {f"{t} {n}": float(stats.t.cdf(t, n)) for t in (-3, -0.5, 0.7, 2.1) for n in (1, 4, 19, 200)},
            "logFactorial": {n: float(special.gammaln(n + 1)) for n in (0, 5, 100, 255, 256, 1000, 100000)},
            "fisher": [float(stats.fisher_exact([[a, b], [c, d]])[1]) for a, b, c, d in TABLES],
            "mcnemar": [float(mcnemar([[0, b], [c, 0]], exact=True).pvalue) for b, c in ((1, 9), (5, 5), (0, 3), (12, 25))],
            "signFlip": [sign_flip(values) for values in DIFFERENCES],
            "wilson": [list(map(float, proportion_confint(k, n, method="wilson"))) for k, n in ((0, 10), (7, 20), (19, 20), (60, 120), (10, 10))],
            "holm": list(map(float, multipletests([0.01, 0.04, 0.03, 0.005, 0.5], method="holm")[1])),
            "bca": [bca(values) for values in DIFFERENCES],
        },
        indent=1,
    )
)
