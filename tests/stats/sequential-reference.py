"""Prints the reference values of looks: SciPy's multivariate normal (Genz) over all looks at once. Run by hand:

    pip install scipy && python3 tests/stats/sequential-reference.py > tests/stats/sequential-reference.json
"""

import json

import numpy
import scipy
from scipy import optimize, stats

DESIGNS = [(1, 2), (1, 5), (2, 6), (3, 10), (2, 10), (4, 5)]


def beyond(bound, first, last):
    runs = numpy.arange(first, last + 1)
    # Means of the first j and of the first k > j runs: sqrt(j / k).
    correlation = numpy.sqrt(numpy.minimum.outer(runs, runs) / numpy.maximum.outer(runs, runs))
    limit = numpy.full(len(runs), bound)
    value = stats.multivariate_normal.cdf(
        limit, cov=correlation, lower_limit=-limit, maxpts=1_000_000, abseps=1e-6, releps=1e-6
    )
    return 1 - float(value)


def level(first, last):
    bound = optimize.brentq(lambda one: beyond(one, first, last) - 0.05, 1.9, 3.2, xtol=1e-6)
    return float(2 * stats.norm.sf(bound))


print(
    json.dumps(
        {
            "scipy": scipy.__version__,
            "designs": [
                {
                    "first": first,
                    "last": last,
                    "level": level(first, last),
                    "over": {str(p): beyond(stats.norm.isf(p / 2), first, last) for p in (0.2, 0.03, 0.001)},
                }
                for first, last in DESIGNS
            ],
        },
        indent=2,
    )
)
